"""What of a run is printed, in which format, and to which stream."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, TextIO

from tflint_slice.apply import Policy
from tflint_slice.outcome import Outcome
from tflint_slice.report import diff
from tflint_slice.report.formats import FORMATS, Format
from tflint_slice.report.report import FileReport, Report
from tflint_slice.report.style import style_for
from tflint_slice.report.summary import fixes_made, summary, what_became_of

Mode = Literal["check", "fix", "diff"]


@dataclass(frozen=True)
class Output:
    """Prints outcomes. ``stdout_is_source`` leaves standard output to the fixed source.

    ``file`` is where findings go in place of standard output.
    """

    mode: Mode
    policy: Policy
    format: str = "text"
    file: str | None = None
    proofs: bool = False
    declined: bool = False
    statistics: bool = False
    fixes: bool = False
    quiet: bool = False
    verbose: bool = False
    stdout_is_source: bool = False

    def show(self, outcomes: Sequence[Outcome]) -> None:
        """Print failures to standard error, then findings, then the diff if one was asked for.

        Raises:
            OSError: the file cannot be written.
        """
        for outcome in outcomes:
            for failure in outcome.failures:
                print(failure, file=sys.stderr)
            if self.verbose:
                print(what_became_of(outcome), file=sys.stderr)
        chosen = FORMATS[self.format]
        with self._stream() as stream:
            for line in self._lines(outcomes, chosen, stream):
                print(line, file=stream)
            stream.flush()
        if self.mode == "diff":
            # Beside a document a diff would be noise, so there it goes where messages go.
            alone = chosen.for_people or self.file is not None
            diff_stream = sys.stdout if alone else sys.stderr
            for outcome in outcomes:
                diff_stream.buffer.write(diff.render(outcome))
            diff_stream.flush()

    @contextmanager
    def _stream(self) -> Iterator[TextIO]:
        if self.file is None:
            yield sys.stderr if self.stdout_is_source else sys.stdout
        else:
            with open(self.file, "w", encoding="utf-8", errors="backslashreplace") as file:
                yield file

    def _lines(self, outcomes: Sequence[Outcome], chosen: Format, stream: TextIO) -> Iterator[str]:
        report = Report(
            tuple(map(self._shown, outcomes)),
            self.policy,
            style_for(stream, chosen.frames),
            proofs=self.proofs,
            declined=self.declined,
        )
        yield from (chosen.render_statistics if self.statistics else chosen.render)(report)
        if chosen.for_people and not self.quiet:
            if self.fixes:
                yield from fixes_made(outcomes)
            last = summary(outcomes, self.policy, mode=self.mode)
            if last:
                yield last

    def _shown(self, outcome: Outcome) -> FileReport:
        """The findings to show and the text they refer to: a diff explains what it will mend."""
        fixed = self.mode == "fix"
        shown = outcome.left if fixed else outcome.found
        findings = tuple(finding for finding in shown if self.declined or not finding.declined)
        text = outcome.after if fixed else outcome.before
        return FileReport(outcome.path, text, findings, outcome.failures, outcome.marker)

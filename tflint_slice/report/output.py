"""What of a run is printed, in which format, and to which stream."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TextIO

from tflint_slice.apply import Policy
from tflint_slice.model import Finding
from tflint_slice.outcome import Outcome
from tflint_slice.report import diff, text
from tflint_slice.report.text import Style

Mode = Literal["check", "fix", "diff"]


@dataclass(frozen=True)
class Output:
    """Prints outcomes. ``stdout_is_source`` leaves standard output to the fixed source."""

    mode: Mode
    policy: Policy
    json: bool = False
    proofs: bool = False
    declined: bool = False
    statistics: bool = False
    stdout_is_source: bool = False

    def show(self, outcomes: Sequence[Outcome]) -> None:
        """Print failures to standard error, then findings, then the diff if one was asked for."""
        for outcome in outcomes:
            for failure in outcome.failures:
                print(failure, file=sys.stderr)
        stream = sys.stderr if self.stdout_is_source else sys.stdout
        if self.json:
            print(self._as_json(outcomes), file=stream)
        else:
            for line in self._as_text(outcomes, _style(stream)):
                print(line, file=stream)
        stream.flush()
        if self.mode == "diff":
            # Beside JSON a diff would be noise, so there it goes where messages go.
            diff_stream = sys.stderr if self.json else sys.stdout
            for outcome in outcomes:
                if outcome.change is not None:
                    diff_stream.buffer.write(diff.render(outcome.path, outcome.change))
            diff_stream.flush()

    def _shown(self, outcome: Outcome) -> tuple[str, list[Finding]]:
        """The findings to show and the text they refer to: a diff explains what it will mend."""
        fixed = self.mode == "fix"
        shown = outcome.left if fixed else outcome.found
        findings = [finding for finding in shown if self.declined or not finding.declined]
        return (outcome.after if fixed else outcome.before), findings

    def _as_text(self, outcomes: Sequence[Outcome], style: Style) -> Iterator[str]:
        if self.statistics:
            findings = [finding for outcome in outcomes for finding in self._shown(outcome)[1]]
            yield from text.statistics_lines(findings, self.policy)
        else:
            for outcome in outcomes:
                source, findings = self._shown(outcome)
                for finding in findings:
                    yield from text.finding_lines(outcome.path, source, finding, self.policy, style)
        last = text.summary(outcomes, self.policy, mode=self.mode)
        if last:
            yield last

    def _as_json(self, outcomes: Sequence[Outcome]) -> str:
        from tflint_slice.report import ruff_json

        if self.statistics:
            findings = [finding for outcome in outcomes for finding in self._shown(outcome)[1]]
            return ruff_json.render_statistics(findings, self.policy)
        reports = [(outcome.path, *self._shown(outcome)) for outcome in outcomes]
        return ruff_json.render(reports, with_proofs=self.proofs, with_declined=self.declined)


def _style(stream: TextIO) -> Style:
    terminal = stream.isatty()
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return Style(frames=terminal, colours=terminal and not plain)

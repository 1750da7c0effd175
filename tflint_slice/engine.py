"""Runs the pipeline for one text, or the bytes of one file.

This module decides in which order things happen and what an error in a file means; it knows
nothing of other files, the disk, options, terminals or formats.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from tflint_slice.apply import Fixed, Look, Policy, apply_edits, fix_all
from tflint_slice.files.cells import SUFFIX, cell_and_row
from tflint_slice.files.reading import Decoded, UnreadableError, decode
from tflint_slice.infer.reliance import Reliance, noting, relied_on
from tflint_slice.model import Finding, Proof, Reason, Site, Verdict
from tflint_slice.outcome import Change, Failure, Outcome
from tflint_slice.settings import Settings
from tflint_slice.syntax.screen import may_be_out_of_date, worth_parsing
from tflint_slice.timing import Stage, stage, timed

if TYPE_CHECKING:
    import ast

    from tflint_slice.files.notebooks import Notebook
    from tflint_slice.syntax.source import SourceText
    from tflint_slice.syntax.suppressions import Suppressions

Prove = Callable[[Site], Proof]

OUR_FAULT: Final = "this is a bug in tflint-slice, please report it"
MOST_WORDS: Final = 3_000_000
"""Names, numbers and signs of one file; more of them would take gigabytes of memory."""


class NoProofsError(Exception):
    """TensorFlow is missing or does not start: nothing at all can be proved."""


@dataclass(frozen=True)
class Job:
    """One file to work on: its name, settings and bytes, and which fixes to make, if any.

    ``silence`` asks for a suppression comment for each finding in place of fixes. ``screened``:
    the first screen has let the file through, and rests on that; None if it has to be asked yet.
    """

    path: str
    settings: Settings
    data: bytes
    fixes: Policy | None = None
    silence: bool = False
    screened: Reliance | None = None


@dataclass(frozen=True)
class Examined:
    """One text with every finding in it, in order, and the comments that silence some of them."""

    source: SourceText
    suppressions: Suppressions
    findings: tuple[Finding, ...]

    def wanted(self, settings: Settings) -> Iterator[Finding]:
        """The findings that are selected and not silenced."""
        for finding in self.findings:
            selected = settings.selects(finding.rule.code, self.source.path)
            if selected and not self.suppressions.silence(finding):
                yield finding


def examine(text: str, path: str, settings: Settings, tree: ast.Module | None = None) -> Examined:
    """Find all that there is in one text.

    Raises:
        SyntaxError: the text does not parse.
    """
    with stage(Stage.LOAD):
        # Imported here: most runs see clean files only, and those never get so far.
        from tflint_slice.analysis import analyse
        from tflint_slice.noqa import RULE, unused
        from tflint_slice.syntax.source import SourceText
        from tflint_slice.syntax.suppressions import Suppressions, read_suppressions

    source = SourceText.parse(text, path, tree)
    findings = [
        finding
        if not finding.opt_in or settings.names(finding.rule.code)
        else replace(finding, declined=True, reason=Reason.NOT_SELECTED)
        for finding in analyse(source, settings)
    ]
    with stage(Stage.SUPPRESSIONS):
        told = findings or may_be_out_of_date(text.encode("utf-8", "surrogatepass"))
        suppressions = read_suppressions(text) if told else Suppressions()
    with stage(Stage.IDIOMS, RULE.code):
        findings.extend(unused(source, suppressions, findings))
    findings.sort(key=lambda finding: (finding.start, finding.rule.code))
    return Examined(source, suppressions, tuple(findings))


def check(job: Job, prove: Prove | None = None) -> Outcome:
    """Everything there is to say about one file. What is in the file makes it raise nothing.

    Raises:
        NoProofsError: a proof was wanted.
    """
    path = job.path
    with noting() as ground:
        try:
            if job.screened is not None:
                relied_on(job.screened)
            worth = job.screened is not None or worth_checking(job.data, path)
            outcome = _check(job, prove) if worth else Outcome(path)
            return replace(outcome, rests=ground.reliance)
        except UnreadableError as error:
            failure = Failure(path, error.message, error.row)
        except SyntaxError as error:
            failure = Failure(path, error.msg, error.lineno or 1, error.offset or None)
        except Exception as error:
            return Outcome(path, failures=(_unexpected(path, error),))
    return Outcome(path, failures=(failure,), rests=ground.reliance)


def _unexpected(path: str, error: Exception) -> Failure:
    """What is not to be relied on in another run: it may be for want of stack or memory."""
    if isinstance(error, NoProofsError):
        raise error
    if isinstance(error, RecursionError):
        return Failure(path, "too deeply nested to analyse")
    if isinstance(error, MemoryError):
        return Failure(path, "too large to analyse in the memory that there is")
    # Whatever is wrong with us must not keep the other files from us.
    return Failure(path, f"{type(error).__name__}: {error}; {OUR_FAULT}")


def _check(job: Job, prove: Prove | None) -> Outcome:
    path, settings = job.path, job.settings
    with stage(Stage.READ):
        decoded = read_text(job.data, path)
    if decoded is None or (
        decoded.marker and not worth_parsing(decoded.text.encode("utf-8", "surrogatepass"), path)
    ):
        return Outcome(path)
    if _has_too_many_words(decoded.text):
        raise UnreadableError(f"too large to analyse: more than {MOST_WORDS:,} names and signs")

    def look_at(text: str) -> Look:
        examined = examine(text, path, settings)
        wanted = examined.wanted(settings)
        if prove is not None:
            wanted = (_proved(finding, prove) for finding in wanted)
        return Look(examined.findings, tuple(wanted))

    try:
        look = look_at(decoded.text)
    except SyntaxError as error:
        if decoded.marker:
            cell, row = cell_and_row(decoded.text, decoded.marker, error.lineno or 1)
            place = (path, row, error.offset, None)
            raise SyntaxError(f"cell {cell}: {error.msg}", place) from error
        raise
    if not look.reported:
        return Outcome(path)
    outcome = Outcome(
        path,
        before=decoded.text,
        after=decoded.text,
        found=look.reported,
        left=look.reported,
        marker=decoded.marker,
    )
    if job.silence:
        return _with_fixes(outcome, _silenced(decoded.text, look, look_at), decoded, job.data)
    if job.fixes is None:
        return outcome
    fixed = fix_all(decoded.text, look, look_at, job.fixes)
    return _with_fixes(outcome, fixed, decoded, job.data)


def read_text(data: bytes, path: str) -> Decoded | Notebook | None:
    """The text of a file; None for a notebook without Python.

    Raises:
        UnreadableError: there is none.
    """
    if not path.endswith(SUFFIX):
        return decode(data)
    # Imported here: most runs see no notebook.
    from tflint_slice.files.notebooks import read_notebook

    return read_notebook(data)


def worth_checking(data: bytes, path: str) -> bool:
    """The first screen. What it looks for may be spelled otherwise in the JSON of a notebook."""
    return path.endswith(SUFFIX) or worth_parsing(data, path)


def _has_too_many_words(text: str) -> bool:
    if len(text) <= MOST_WORDS:
        return False
    return sum(1 for _ in re.finditer(r"\w+|[^\w\s]", text)) > MOST_WORDS


@timed(Stage.FIXES)
def _silenced(text: str, look: Look, look_at: Callable[[str], Look]) -> Fixed:
    """The text with a suppression comment for each finding that is reported."""
    from tflint_slice.noqa import RULE, added
    from tflint_slice.syntax.source import SourceText
    from tflint_slice.syntax.suppressions import read_suppressions

    loud = [
        finding
        for finding in look.reported
        if not finding.declined and finding.rule.code != RULE.code
    ]
    edits = added(SourceText.parse(text, ""), read_suppressions(text), loud)
    after = apply_edits(text, edits)
    quiet = look_at(after)
    if any(not finding.declined and finding.rule.code != RULE.code for finding in quiet.reported):
        return Fixed(text, look, (), "a suppression comment did not silence its finding")
    return Fixed(after, quiet, tuple(loud))


@timed(Stage.PROOFS)
def _proved(finding: Finding, prove: Prove) -> Finding:
    if finding.fix is None or finding.declined or not finding.fix.changes_code:
        return finding
    if finding.fix.site is None:
        return replace(finding, proof=Proof(Verdict.UNPROVED, "nothing of it can be run"))
    return replace(finding, proof=prove(finding.fix.site))


def _with_fixes(
    outcome: Outcome, fixed: Fixed, decoded: Decoded | Notebook, data: bytes
) -> Outcome:
    failures = outcome.failures
    if fixed.defect:
        failures += (Failure(outcome.path, f"{fixed.defect}, and was not made; {OUR_FAULT}"),)
    if fixed.text == decoded.text:
        return replace(outcome, failures=failures)
    try:
        after = decoded.encode(fixed.text)
        if decoded.encode(decoded.text) != data:
            raise UnicodeError
    except UnicodeError:
        message = f"not fixed: {decoded.obstacle}"
        return replace(outcome, failures=(*failures, Failure(outcome.path, message)))
    return replace(
        outcome,
        after=fixed.text,
        left=fixed.look.reported,
        made=fixed.made,
        change=Change(data, after),
        failures=failures,
    )

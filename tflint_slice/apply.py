"""Applies fixes to a text, round by round, until none is left; reads and writes no files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from tflint_slice.model import Applicability, Edit, Finding, Fix, Verdict
from tflint_slice.timing import Stage, timed

MAX_ROUNDS: Final = 100
"""Each round applies at least one fix, so only fixes that undo each other get this far."""


@dataclass(frozen=True)
class Policy:
    """Which fixes are wanted."""

    unsafe: bool = False
    proved_only: bool = False

    def applies(self, finding: Finding) -> bool:
        if finding.fix is None or finding.declined:
            return False
        unproved = finding.proof is None or finding.proof.verdict is not Verdict.PROVED
        if self.proved_only and finding.fix.changes_code and unproved:
            return False
        applicability = finding.fix.applicability
        return applicability is Applicability.SAFE or (
            applicability is Applicability.UNSAFE and self.unsafe
        )


@dataclass(frozen=True)
class Look:
    """One look at a text: all that analysis says, and the part of it that is to be reported."""

    everything: tuple[Finding, ...] = ()
    reported: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Fixed:
    """A text after fixing, the look at it, what was fixed, and what went wrong (or "")."""

    text: str
    look: Look
    made: tuple[Finding, ...] = ()
    defect: str = ""


@timed(Stage.FIXES)
def fix_all(text: str, look: Look, look_at: Callable[[str], Look], policy: Policy) -> Fixed:
    """Apply the fixes of ``look`` and those that further looks at the new text bring.

    A round is dropped, and is the last one, if the text no longer parses after it or if there is
    a finding that was not there before it.
    """
    made: tuple[Finding, ...] = ()
    for _ in range(MAX_ROUNDS):
        chosen = choose(finding for finding in look.reported if policy.applies(finding))
        if not chosen:
            return Fixed(text, look, made)
        edited = apply_edits(text, [edit for _, fix in chosen for edit in fix.edits])
        try:
            after = look_at(edited)
        except SyntaxError as error:
            return Fixed(
                text, look, made, f"{_named(chosen)} left code that does not parse: {error}"
            )
        # By number: findings move when text before them changes, and messages quote the code.
        standing = (
            finding
            for finding in after.everything
            if not finding.declined
            and not finding.rule.follows
            and (finding.fix is None or finding.fix.changes_code)
        )
        known = _codes(look.everything) - _codes(finding for finding, _ in chosen)
        fresh = _codes(standing) - known
        if fresh:
            codes = ", ".join(sorted(fresh))
            return Fixed(text, look, made, f"{_named(chosen)} gave rise to new findings: {codes}")
        text, look = edited, after
        made += tuple(finding for finding, _ in chosen)
    return Fixed(text, look, made, "one more round of fixes would not have been the last one")


def choose(findings: Iterable[Finding]) -> list[tuple[Finding, Fix]]:
    """The fixes that can be applied together, first come first served in the order of the text.

    Two fixes clash if the stretches from their first to their last edit meet: what lies between
    the edits of one may be a reason for it.
    """
    chosen: list[tuple[Finding, Fix]] = []
    end = -1
    candidates = [
        (finding, finding.fix) for finding in findings if finding.fix and finding.fix.edits
    ]
    for finding, fix in sorted(candidates, key=lambda pair: _stretch(pair[1].edits)):
        first, last = _stretch(fix.edits)
        if first > end:
            chosen.append((finding, fix))
            end = last
    return chosen


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Replace all spans at once; they must not overlap.

    >>> from tflint_slice.model import Span
    >>> apply_edits("abc", [Edit(Span(0, 1), "xy"), Edit(Span(3, 3), "!")])
    'xybc!'
    """
    for edit in sorted(edits, reverse=True):
        text = text[: edit.span.start] + edit.content + text[edit.span.end :]
    return text


def _stretch(edits: tuple[Edit, ...]) -> tuple[int, int]:
    return min(edit.span.start for edit in edits), max(edit.span.end for edit in edits)


def _codes(findings: Iterable[Finding]) -> Counter[str]:
    return Counter(finding.rule.code for finding in findings)


def _named(chosen: list[tuple[Finding, Fix]]) -> str:
    places = ", ".join(f"{finding.rule.code} in row {finding.start.row}" for finding, _ in chosen)
    return f"the fix of {places}" if len(chosen) == 1 else f"the fixes of {places}"

"""Findings as lines for people: one line each, with a code frame and colours on a terminal."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tflint_slice.apply import Policy
from tflint_slice.model import Applicability, Finding, Proof, Verdict
from tflint_slice.outcome import Outcome
from tflint_slice.syntax.source import split_lines

MAX_FRAME_ROWS: Final = 8

_CODES: Final = {"bold": "1", "red": "1;31", "green": "32", "yellow": "33", "blue": "1;34"}
_VERDICTS: Final = {
    Verdict.PROVED: "green",
    Verdict.REFUTED: "red",
    Verdict.UNPROVED: "yellow",
}


@dataclass(frozen=True)
class Style:
    """What the terminal, if it is one, can show."""

    frames: bool = False
    colours: bool = False

    def paint(self, text: str, colour: str) -> str:
        return f"\033[{_CODES[colour]}m{text}\033[0m" if self.colours else text


def finding_lines(
    path: str, text: str, finding: Finding, policy: Policy, style: Style
) -> Iterator[str]:
    """A finding with its place, its frame and its proof."""
    place = f"{style.paint(path, 'bold')}:{finding.start.row}:{finding.start.column}:"
    mark = " declined:" if finding.declined else " [*]" if policy.applies(finding) else ""
    code = style.paint(finding.rule.code, "red")
    yield f"{place} {code}{mark} {finding.message}{remark(finding)}"
    if style.frames:
        yield from _frame(text, finding, style)
    if finding.proof is not None:
        yield from _proof_lines(finding, finding.proof, style)


def remark(finding: Finding) -> str:
    """Why there is no safe fix, in brackets after the message."""
    reason = "" if finding.reason is None else finding.reason.value
    if finding.declined:
        return f" ({reason})" if reason else ""
    if finding.fix is None or finding.fix.applicability is Applicability.DISPLAY:
        return f" (no fix: {reason})" if reason else " (no fix)"
    if finding.fix.applicability is Applicability.UNSAFE:
        return f" (unsafe fix: {reason})" if reason else " (unsafe fix)"
    return ""


def _proof_lines(finding: Finding, proof: Proof, style: Style) -> Iterator[str]:
    verdict = style.paint(proof.verdict.value, _VERDICTS[proof.verdict])
    where = ", ".join(proof.modes)
    if proof.devices:
        where += f" on {', '.join(proof.devices)}"
    if proof.verdict is Verdict.PROVED:
        details = [where, f"{proof.samples} samples" if proof.samples != 1 else "1 sample"]
        if finding.fix and finding.fix.site and finding.fix.site.reference is not None:
            details.append("against what it means in NumPy's terms")
        if proof.exceptions:
            details.append(f"but for {' and '.join(proof.exceptions)}")
        details.append(proof.reason)
        if proof.inapplicable:
            details.append(f"nothing to compare in {', '.join(proof.inapplicable)}")
    elif proof.verdict is Verdict.REFUTED:
        details = [proof.reason, f"tried: {where}"]
    else:
        details = [proof.reason]
    yield f"  {verdict}: {', '.join(detail for detail in details if detail)}"
    for line in proof.counterexample.splitlines():
        yield f"    {line}".rstrip()


def _frame(text: str, finding: Finding, style: Style) -> Iterator[str]:
    first, last = finding.start, finding.end
    lines = split_lines(text)[first.row - 1 : last.row]
    cut = len(lines) > MAX_FRAME_ROWS
    width = len(str(last.row))
    bar = style.paint("|", "blue")
    yield f"{'':{width}} {bar}"
    for row, line in enumerate(lines[:MAX_FRAME_ROWS], first.row):
        line = line.rstrip("\r\n")
        start = first.column - 1 if row == first.row else len(line) - len(line.lstrip())
        stop = last.column - 1 if row == last.row else len(line)
        yield f"{style.paint(f'{row:{width}}', 'blue')} {bar} {_spread(line)}".rstrip()
        if stop > start:
            room = " " * len(_spread(line[:start]))
            # A wide character takes two columns of a terminal.
            room += " " * _wide(line[:start])
            carets = "^" * (len(_spread(line[:stop])) + _wide(line[:stop]) - len(room))
            yield f"{'':{width}} {bar} {room}{style.paint(carets, 'red')}"
    if cut:
        yield f"{'':{width}} {bar} ..."
    notes = {
        "fix": None if finding.fix is None else finding.fix.message,
        "reason": None if finding.reason is None else finding.reason.text,
    }
    for name, note in notes.items():
        if note is not None:
            yield f"{'':{width}} {style.paint('=', 'blue')} {style.paint(name, 'bold')}: {note}"


def _spread(line: str) -> str:
    return line.expandtabs(4).replace("\f", " ")


def _wide(text: str) -> int:
    return sum(unicodedata.east_asian_width(character) in "WF" for character in text)


# --- after the last finding -----------------------------------------------------------------------


def summary(outcomes: Sequence[Outcome], policy: Policy, *, mode: str) -> str:
    """One line on all findings; ``mode`` is "check", "fix" or "diff"; empty if there are none."""
    found = _count(outcome.found for outcome in outcomes)
    if not found:
        return ""
    fixed = sum(outcome.fixed for outcome in outcomes)
    left = _count(outcome.left for outcome in outcomes)
    if mode != "check":
        # A finding that was declined may be one to fix once its neighbours have been.
        found = max(found, fixed + left)
    noun = "finding" if found == 1 else "findings"
    standing = [finding for outcome in outcomes for finding in outcome.left if not finding.declined]
    able = sum(policy.applies(finding) for finding in standing)
    bolder = Policy(unsafe=True, proved_only=policy.proved_only)
    more = sum(bolder.applies(finding) for finding in standing) - able
    if mode == "fix":
        text = f"Found {found} {noun} ({fixed} fixed, {left} remaining)."
    elif mode == "diff":
        text = f"Found {found} {noun} ({fixed} would be fixed, {left} would remain)."
    else:
        text = f"Found {found} {noun}."
        if able:
            text += f" {able} fixable with {_options(policy)}"
            return text + (f" ({more} more with --unsafe-fixes)." if more else ".")
    if more:
        text += f" {more} fixable with --unsafe-fixes."
    return text


def _options(policy: Policy) -> str:
    options = ["--fix"]
    if policy.unsafe:
        options.append("--unsafe-fixes")
    if policy.proved_only:
        options.append("--prove")
    return " ".join(options)


def _count(findings: Iterable[Iterable[Finding]]) -> int:
    return sum(not finding.declined for group in findings for finding in group)


def statistics_lines(findings: Iterable[Finding], policy: Policy) -> Iterator[str]:
    """How often each rule was found, most often first."""
    for code, name, count, fixable in statistics(findings, policy):
        yield f"{count}\t{code} [{'*' if fixable else ' '}] {name}"


def statistics(findings: Iterable[Finding], policy: Policy) -> list[tuple[str, str, int, int]]:
    """Code, name, number of findings and how many of them a fix would be applied to, by rule."""
    counted = [finding for finding in findings if not finding.declined]
    numbers = Counter((finding.rule.code, finding.rule.name) for finding in counted)
    fixable = Counter(finding.rule.code for finding in counted if policy.applies(finding))
    rows = [(code, name, number, fixable[code]) for (code, name), number in numbers.items()]
    return sorted(rows, key=lambda row: (-row[2], row[0]))

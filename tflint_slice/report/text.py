"""Findings as lines for people: one line each, with a code frame and colours on a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Final

from tflint_slice.model import Applicability, Finding, Proof, Verdict
from tflint_slice.outcome import on_one_line
from tflint_slice.report.report import FileReport, Report
from tflint_slice.report.style import Style
from tflint_slice.report.summary import statistics
from tflint_slice.syntax.source import split_lines

MAX_FRAME_ROWS: Final = 8

_VERDICTS: Final = {
    Verdict.PROVED: "green",
    Verdict.REFUTED: "red",
    Verdict.UNPROVED: "yellow",
}


def render(report: Report) -> Iterator[str]:
    """Every finding under the path of its file."""
    for file in report.files:
        for finding in file.findings:
            path = report.style.paint(on_one_line(file.path), "bold")
            yield from finding_lines(f"{path}:", file, finding, report)


def render_statistics(report: Report) -> Iterator[str]:
    """How often each rule was found, most often first."""
    for code, name, count, fixable in statistics(report.findings, report.policy):
        yield f"{count}\t{code} [{'*' if fixable else ' '}] {name}"


def finding_lines(before: str, file: FileReport, finding: Finding, report: Report) -> Iterator[str]:
    """A finding with its place, its frame and its proof; ``before`` stands before the place."""
    style = report.style
    mark = " declined:" if finding.declined else " [*]" if report.policy.applies(finding) else ""
    code = style.paint(finding.rule.code, "red")
    place = file.place(finding.start)
    yield f"{before}{place}: {code}{mark} {finding.message}{remark(finding)}"
    if style.frames:
        yield from _frame(file.text, finding, style, finding.start.row - place.row)
    if finding.proof is not None:
        yield from _proof_lines(finding, finding.proof, style)


def cell_of(file: FileReport, finding: Finding) -> str:
    """What formats that know no cells put before the message."""
    cell = file.place(finding.start).cell
    return "" if cell is None else f"cell {cell}: "


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


def _frame(text: str, finding: Finding, style: Style, above: int) -> Iterator[str]:
    """The code with carets below; ``above`` rows are not counted."""
    first, last = finding.start, finding.end
    lines = split_lines(text)[first.row - 1 : last.row]
    cut = len(lines) > MAX_FRAME_ROWS
    width = len(str(last.row - above))
    bar = style.paint("|", "blue")
    yield f"{'':{width}} {bar}"
    for row, line in enumerate(lines[:MAX_FRAME_ROWS], first.row):
        line = line.rstrip("\r\n")
        start = first.column - 1 if row == first.row else len(line) - len(line.lstrip())
        stop = last.column - 1 if row == last.row else len(line)
        yield f"{style.paint(f'{row - above:{width}}', 'blue')} {bar} {_spread(line)}".rstrip()
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

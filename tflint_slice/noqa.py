"""Suppression comments that silence nothing (TFS001), and new ones for what is to be left alone."""

from __future__ import annotations

import re
import tokenize
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tflint_slice.model import Applicability, Edit, Finding, Fix, Rule, Span
from tflint_slice.syntax.row_ranges import RowRanges, by_name, prefixes, rows_of
from tflint_slice.syntax.source import SourceText, tokens
from tflint_slice.syntax.suppressions import Code, Suppression, Suppressions

RULE = Rule(
    "TFS001",
    "unused-suppression",
    "A suppression comment for a finding that there is not.",
)

# Other spellings are obeyed, too, but a file that has none of these is not looked into for this.
_OURS = re.compile(r"TFS[0-9]*|tfs[0-9]*")


def unused(
    source: SourceText, suppressions: Suppressions, findings: Iterable[Finding]
) -> Iterator[Finding]:
    """A finding for each comment that names our codes, or us, and speaks for none of ``findings``.

    Comments without codes that other linters obey, too, are theirs to judge.
    """
    if not suppressions.comments:
        return
    found = by_name(
        (name, rows)
        for finding in findings
        for rows in rows_of(finding)
        for name in prefixes(finding.rule.code)
    )
    for comment in suppressions.comments:
        spoken = [name for name in comment.names if _touch(found, name, comment)]
        idle = [
            code
            for code in comment.codes
            if _OURS.fullmatch(source.text[code.span.start : code.span.end])
            and code.name != RULE.code
            and code.name not in spoken
        ]
        spelled = source.text[comment.span.start : comment.span.end]
        ours = comment.own and not comment.codes and "tflint-slice:" in spelled
        if idle or (ours and not spoken):
            yield _finding(source, comment, idle)


def _touch(found: Mapping[str, RowRanges], name: str, comment: Suppression) -> bool:
    return name in found and found[name].touching(comment.reach) > 0


def _finding(source: SourceText, comment: Suppression, idle: Sequence[Code]) -> Finding:
    span = comment.span
    shown = source.text[span.start : span.end]
    names = ", ".join(f"`{code.name}`" for code in idle)
    kept = [code for code in comment.codes if code not in idle]
    about = f"{names} in `{shown}` silences" if kept else f"`{shown}` silences"
    edits = _without_codes(source, comment, kept) if kept else _without(source, comment)
    fix = Fix(f"remove {names if kept else 'it'}", Applicability.SAFE, edits, changes_code=False)
    start, end = source.location(span.start), source.location(span.end)
    return Finding(
        RULE, f"{about} nothing", span, start, end, fix=fix, lines=(comment.row, comment.row)
    )


def _without_codes(
    source: SourceText, comment: Suppression, kept: Sequence[Code]
) -> tuple[Edit, ...]:
    texts = [source.text[code.span.start : code.span.end] for code in kept]
    whole = Span(comment.codes[0].span.start, comment.codes[-1].span.end)
    return (Edit(whole, ", ".join(texts)),)


def _without(source: SourceText, comment: Suppression) -> tuple[Edit, ...]:
    spans = [comment.span] if comment.end is None else [comment.span, comment.end]
    return tuple(_removed(source, span) for span in spans)


def _removed(source: SourceText, span: Span) -> Edit:
    """Take a comment away, or the part of it that is none of our business stays."""
    row = source.location(span.start).row
    start, end = source.line_start(row), source.line_end(row)
    after = source.text[span.end : end]
    rest = after.lstrip(" \t,")
    if rest.startswith("#"):
        return Edit(Span(span.start, end - len(rest)), "")
    if rest:
        return Edit(Span(span.start, end - len(rest)), "# ")
    before = source.text[start : span.start]
    if before.strip():
        return Edit(Span(start + len(before.rstrip()), end), "")
    return Edit(Span(start, start + len(source.line(row))), "")


# --- new comments ---------------------------------------------------------------------------------


def added(
    source: SourceText, suppressions: Suppressions, findings: Iterable[Finding]
) -> list[Edit]:
    """What writes a ``noqa`` for each finding, on the line where flake8 looks for it."""
    by_row: dict[int, list[str]] = {}
    ends = list(_line_ends(source))
    for finding in findings:
        row = ends[bisect_left(ends, finding.start.row)]
        codes = by_row.setdefault(row, [])
        if finding.rule.code not in codes:
            codes.append(finding.rule.code)
    written: dict[int, Suppression] = {}
    for comment in suppressions.comments:
        if comment.codes and comment.rows and not comment.own:
            written.setdefault(comment.row, comment)
    return [_added(source, written.get(row), row, codes) for row, codes in sorted(by_row.items())]


def _added(source: SourceText, written: Suppression | None, row: int, codes: list[str]) -> Edit:
    if written is not None:
        place = written.span.end
        return Edit(Span(place, place), "".join(f", {code}" for code in codes))
    end = source.line_end(row)
    text = source.text[source.line_start(row) : end]
    return Edit(Span(end - len(text) + len(text.rstrip()), end), f"  # noqa: {', '.join(codes)}")


def _line_ends(source: SourceText) -> Iterator[int]:
    """Rows that may end in a comment: not within a string, and not before a backslash."""
    for token in tokens(source.text):
        if token.type in (tokenize.NEWLINE, tokenize.NL):
            yield token.start[0]

"""Suppression comments, with the meaning that flake8 gives them, and blocks of our own.

``# noqa`` silences its logical line, ``# noqa: TFS1`` the codes that start so; ``# flake8: noqa``
on a line of its own silences the file, and with codes those codes in the file. The same with
``tflint-slice`` in place of ``flake8`` is meant for us alone, and so are the lines
``# tflint-slice: off``, with or without codes, and ``# tflint-slice: on``.
"""

from __future__ import annotations

import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Final

from tflint_slice.model import Finding, Span
from tflint_slice.syntax.row_ranges import (
    ALL_ROWS,
    RowRange,
    RowRanges,
    by_name,
    prefixes,
    rows_of,
)
from tflint_slice.syntax.source import split_lines, tokens

# Where what follows the colon is no code, all of it is a remark, and the comment means every code.
_CODES: Final = r"(?::\s?(?P<codes>(?:[A-Z]+[0-9]+[,\s]*)+))?"
_LINE: Final = re.compile(rf"# noqa{_CODES}", re.IGNORECASE)
_FILE: Final = re.compile(rf"# (?P<tool>flake8|tflint-slice)[:=]\s*noqa{_CODES}", re.IGNORECASE)
_OFF: Final = re.compile(rf"# tflint-slice:\s*off\b{_CODES}", re.IGNORECASE)
_ON: Final = re.compile(r"# tflint-slice:\s*on\b", re.IGNORECASE)
_ANY: Final = re.compile(r"[nN][oO][qQ][aA]|[tT][fF][lL][iI][nN][tT]-")


@dataclass(frozen=True)
class Code:
    """A code, or the beginning of codes, in upper case, and its place in the text."""

    name: str
    span: Span


@dataclass(frozen=True)
class Suppression:
    """One comment. ``rows`` are the physical lines it speaks for; None is the whole file.

    ``span`` is what makes it a suppression, without remarks that follow; ``row`` its line.
    Without ``codes`` it means all of them. ``own``: it is meant for us and for nobody else.
    ``end`` is the comment that switches on again what this one has switched off.
    """

    span: Span
    row: int
    rows: range | None
    codes: tuple[Code, ...] = ()
    own: bool = False
    end: Span | None = None

    @property
    def names(self) -> list[str]:
        """What it may silence begins with one of these."""
        return [code.name for code in self.codes] or [""]

    @property
    def reach(self) -> RowRange:
        return ALL_ROWS if self.rows is None else (self.rows.start, self.rows.stop - 1)


@dataclass(frozen=True)
class Suppressions:
    """All suppression comments of a file, in order."""

    comments: tuple[Suppression, ...] = ()

    def silence(self, finding: Finding, *, own: bool = False) -> bool:
        """Whether some comment speaks for this finding; with ``own``, one that is ours alone.

        No comment silences what is found about itself, unless it names that.
        """
        code = finding.rule.code
        itself = self._by_span.get(finding.span)
        for ranges, meant in ((self._own, True), (self._shared, False)):
            if own and not meant:
                continue
            for name in prefixes(code):
                if name not in ranges:
                    continue
                speaking = sum(ranges[name].touching(rows) for rows in rows_of(finding))
                if itself is not None and itself.own is meant and name != code:
                    speaking -= name in itself.names
                if speaking:
                    return True
        return False

    @cached_property
    def _by_span(self) -> dict[Span, Suppression]:
        return {comment.span: comment for comment in self.comments}

    @cached_property
    def _own(self) -> dict[str, RowRanges]:
        return by_name(
            (name, comment.reach)
            for comment in self.comments
            if comment.own
            for name in comment.names
        )

    @cached_property
    def _shared(self) -> dict[str, RowRanges]:
        return by_name(
            (name, comment.reach)
            for comment in self.comments
            if not comment.own
            for name in comment.names
        )


@dataclass(frozen=True)
class _Comment:
    """A comment with the rows of its logical line. ``alone``: nothing stands before it."""

    text: str
    start: int
    row: int
    first: int
    last: int
    alone: bool


def read_suppressions(text: str) -> Suppressions:
    """Collect the suppression comments of a file that parses."""
    # Nothing but a comment counts, but only a text with such a word can have such a comment.
    if not _ANY.search(text):
        return Suppressions()
    found: list[Suppression] = []
    open_blocks: list[tuple[_Comment, re.Match[str]]] = []
    for comment in _comments(text):
        if comment.alone and (match := _FILE.match(comment.text)):
            own = match["tool"].lower() != "flake8"
            found.append(_suppression(comment, match, None, own=own))
        elif comment.alone and (match := _OFF.match(comment.text)):
            open_blocks.append((comment, match))
        elif comment.alone and (match := _ON.match(comment.text)):
            end = Span(comment.start, comment.start + match.end())
            for start, off in open_blocks:
                found.append(_block(start, off, comment.row, end))
            open_blocks = []
        elif match := _LINE.search(comment.text):
            rows = range(comment.first, comment.last + 1)
            found.append(_suppression(comment, match, rows))
    rows_in_all = len(split_lines(text)) + 1
    found.extend(_block(start, off, rows_in_all, None) for start, off in open_blocks)
    return Suppressions(tuple(sorted(found, key=lambda comment: comment.span)))


def _block(start: _Comment, match: re.Match[str], last: int, end: Span | None) -> Suppression:
    return _suppression(start, match, range(start.row, last), own=True, end=end)


def _suppression(
    comment: _Comment,
    match: re.Match[str],
    rows: range | None,
    *,
    own: bool = False,
    end: Span | None = None,
) -> Suppression:
    codes = tuple(
        Code(
            code[0].upper(),
            Span(
                comment.start + match.start("codes") + code.start(),
                comment.start + match.start("codes") + code.end(),
            ),
        )
        for code in re.finditer(r"[^,\s]+", match["codes"] or "")
    )
    stop = codes[-1].span.end if codes else comment.start + match.end()
    return Suppression(
        Span(comment.start + match.start(), stop), comment.row, rows, codes, own, end
    )


def _comments(text: str) -> Iterator[_Comment]:
    starts = [0, *accumulate(map(len, split_lines(text)))]
    pending: list[tokenize.TokenInfo] = []
    first: int | None = None
    for token in tokens(text):
        if token.type == tokenize.COMMENT:
            pending.append(token)
        elif token.type != tokenize.NL and first is None:
            first = token.start[0]
        if token.type == tokenize.NEWLINE or (token.type == tokenize.NL and first is None):
            for comment in pending:
                row, column = comment.start
                start = starts[row - 1] + column
                yield _Comment(
                    comment.string,
                    start,
                    row,
                    token.start[0] if first is None else first,
                    token.end[0],
                    alone=not text[starts[row - 1] : start].strip(),
                )
            pending, first = [], None

"""One file's text and its ``ast`` tree, and the way from a node to its place in the text."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import unicodedata
import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from tflint_slice.model import Location, Span
from tflint_slice.timing import Stage, timed

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")


def split_lines(text: str) -> list[str]:
    """Cut ``text`` where Python's parser cuts it: after \\n, \\r\\n and a lone \\r.

    ``str.splitlines`` would also cut at form feeds and Unicode separators.
    """
    return _LINE.findall(text) or [""]


@dataclass(frozen=True)
class SourceText:
    """A file that parses. ``text`` is decoded, its line ends are untouched, a BOM is not in it."""

    path: str
    text: str
    tree: ast.Module

    @classmethod
    def parse(cls, text: str, path: str, tree: ast.Module | None = None) -> SourceText:
        """Parse ``text`` unless its ``tree`` is at hand.

        Raises:
            SyntaxError: the running interpreter cannot parse it.
        """
        if tree is None:
            tree = parse_tree(text, path)
        return cls(path, text, tree)

    @cached_property
    def searchable(self) -> str:
        """The text with its names as Python reads them: full-width letters are plain ones."""
        return unicodedata.normalize("NFKC", self.text)

    @cached_property
    def _lines(self) -> list[str]:
        return split_lines(self.text)

    @cached_property
    def _line_starts(self) -> list[int]:
        starts, offset = [], 0
        for line in self._lines:
            starts.append(offset)
            offset += len(line)
        return starts

    def offset(self, row: int, utf8_column: int) -> int:
        """The character offset of ``ast``'s row (from 1) and column (from 0, in UTF-8 bytes)."""
        line = self._lines[row - 1]
        if not line.isascii():
            utf8_column = len(line.encode()[:utf8_column].decode())
        return self._line_starts[row - 1] + utf8_column

    def span(self, node: ast.expr | ast.stmt | ast.keyword | ast.ExceptHandler) -> Span:
        """The characters of a node, without parentheses around it and without decorators."""
        assert node.end_lineno is not None and node.end_col_offset is not None
        return Span(
            self.offset(node.lineno, node.col_offset),
            self.offset(node.end_lineno, node.end_col_offset),
        )

    def segment(self, node: ast.expr | ast.stmt | ast.keyword) -> str:
        span = self.span(node)
        return self.text[span.start : span.end]

    def location(self, offset: int) -> Location:
        row = bisect_right(self._line_starts, offset)
        return Location(row, offset - self._line_starts[row - 1] + 1)

    def line(self, row: int) -> str:
        """The physical line ``row`` (from 1) with its line end."""
        return self._lines[row - 1]

    def line_start(self, row: int) -> int:
        return self._line_starts[row - 1]

    def line_end(self, row: int) -> int:
        """Where the text of a line ends, before its line end."""
        return self._line_starts[row - 1] + len(self._lines[row - 1].rstrip("\r\n"))

    @property
    def rows(self) -> int:
        return len(self._lines)

    @cached_property
    def newline(self) -> str:
        """The line end that new lines get: that of the first line."""
        first = self._lines[0]
        for end in ("\r\n", "\n", "\r"):
            if first.endswith(end):
                return end
        return "\n"

    def comments_in(self, span: Span) -> Iterator[str]:
        """The comments that wholly lie in a part of the text."""
        first = bisect_left(self.comments, (Span(span.start, span.start), ""))
        for number in range(first, len(self.comments)):
            place, comment = self.comments[number]
            if place.end > span.end:
                return
            yield comment

    @cached_property
    def comments(self) -> list[tuple[Span, str]]:
        """All comments in order."""
        found = []
        for token in tokens(self.text):
            if token.type == tokenize.COMMENT:
                start = self._line_starts[token.start[0] - 1] + token.start[1]
                found.append((Span(start, start + len(token.string)), token.string))
        return found


def tokens(text: str) -> Iterator[tokenize.TokenInfo]:
    """The tokens of a text that parses, but for those of its indentation.

    Raises:
        SyntaxError: it does not parse, or brackets are nested as deeply as they may be.
    """
    # tokenize takes a lone \r for no end of a line, and blank lines behind a backslash for
    # indented ones; between parentheses it asks for no indentation. Rows and columns are kept.
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    depth, begun = 0, False
    try:
        for token in tokenize.generate_tokens(io.StringIO(f"(\n{text}\n)").readline):
            if token.type == tokenize.OP:
                depth += (token.string in "([{") - (token.string in ")]}")
            if depth == 0:
                return
            (row, column), (last, end) = token.start, token.end
            if row == 1:
                continue
            kind = token.type
            if kind == tokenize.NL and depth == 1 and begun:
                kind, begun = tokenize.NEWLINE, False
            elif kind not in (tokenize.NL, tokenize.COMMENT):
                begun = True
            yield token._replace(type=kind, start=(row - 1, column), end=(last - 1, end))
    except tokenize.TokenError as error:
        raise SyntaxError("too deeply nested to parse") from error


@timed(Stage.PARSE)
def parse_tree(text: str, path: str) -> ast.Module:
    """``ast.parse`` without the warnings that a file under scrutiny may raise.

    Raises:
        SyntaxError: also for null bytes, and for nesting that overflows the parser.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text, path)
        except ValueError as error:
            raise SyntaxError(str(error), (path, 1, 1, None)) from error
        except (RecursionError, MemoryError) as error:
            raise SyntaxError("too deeply nested to parse", (path, 1, 1, None)) from error

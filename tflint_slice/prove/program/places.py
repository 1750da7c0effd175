"""Which statements of a text another text changes, as the rows that they stand in."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator

from tflint_slice.syntax.source import split_lines

Rows = tuple[int, int]


def changed_statements(before: str, after: str) -> list[Rows]:
    """First and last row in ``before`` of each statement that reads otherwise in ``after``.

    Of a compound statement only the head counts. An insertion counts for what it stands before.

    >>> changed_statements("a = 1\\nb = (\\n  2)\\n", "a = 1\\nb = (\\n  3)\\n")
    [(2, 3)]
    """
    rows = _changed_rows(before, after)
    return sorted({span for span in _statements(before) if any(row in rows for row in _all(span))})


def _changed_rows(before: str, after: str) -> set[int]:
    texts = split_lines(before), split_lines(after)
    matcher = difflib.SequenceMatcher(None, *texts, autojunk=False)
    rows: set[int] = set()
    for tag, start, stop, _, _ in matcher.get_opcodes():
        if tag != "equal":
            rows |= set(range(start + 1, max(stop, start + 1) + 1))
    return rows


def _statements(text: str) -> Iterator[Rows]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            last = body[0].lineno - 1 if body else node.end_lineno or node.lineno
            yield node.lineno, max(node.lineno, last)


def _all(span: Rows) -> range:
    return range(span[0], span[1] + 1)

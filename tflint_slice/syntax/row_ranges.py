"""Ranges of rows, and how many of them touch another, without going through all of them."""

from __future__ import annotations

import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from tflint_slice.model import Finding

RowRange = tuple[int, int]
"""The first and the last row."""

ALL_ROWS: Final[RowRange] = (0, sys.maxsize)


@dataclass(frozen=True)
class RowRanges:
    """Where ranges begin and where they end, each in order; which ends where is no matter."""

    firsts: tuple[int, ...]
    lasts: tuple[int, ...]

    def touching(self, other: RowRange) -> int:
        first, last = other
        # All that begin early enough, without those that end too early.
        return bisect_right(self.firsts, last) - bisect_left(self.lasts, first)


def by_name(named: Iterable[tuple[str, RowRange]]) -> dict[str, RowRanges]:
    """The ranges that go by each name."""
    found: dict[str, list[RowRange]] = {}
    for name, rows in named:
        found.setdefault(name, []).append(rows)
    return {
        name: RowRanges(
            tuple(sorted(first for first, _ in ranges)), tuple(sorted(last for _, last in ranges))
        )
        for name, ranges in found.items()
    }


def rows_of(finding: Finding) -> Iterator[RowRange]:
    """The physical lines of the statement, and that of the finding if it is none of them."""
    first, last = finding.lines
    if first <= last:
        yield first, last
    if not first <= finding.start.row <= last:
        yield finding.start.row, finding.start.row


def prefixes(code: str) -> list[str]:
    """Whatever a comment may write for a code: from nothing at all to the whole of it."""
    return [code[:length] for length in range(len(code) + 1)]

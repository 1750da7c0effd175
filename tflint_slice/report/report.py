"""What a report is made of, whatever its format."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

from tflint_slice.apply import Policy
from tflint_slice.files.cells import cell_and_row
from tflint_slice.model import Finding, Location
from tflint_slice.outcome import Failure
from tflint_slice.report.style import Style
from tflint_slice.syntax.source import split_lines


@dataclass(frozen=True)
class Place:
    """A row and column, from 1, of a file or of a cell of a notebook."""

    cell: int | None
    row: int
    column: int

    def __str__(self) -> str:
        cell = "" if self.cell is None else f"cell {self.cell}:"
        return f"{cell}{self.row}:{self.column}"


@dataclass(frozen=True)
class FileReport:
    """The findings to show of one file, and the text that they refer to."""

    path: str
    text: str = field(repr=False)
    findings: tuple[Finding, ...] = ()
    failures: tuple[Failure, ...] = ()
    marker: str = ""

    def place(self, location: Location) -> Place:
        """A row and column of the text as people know it: in a notebook, that of a cell."""
        if not self.marker:
            return Place(None, location.row, location.column)
        cell, row = cell_and_row(self.text, self.marker, location.row)
        return Place(cell, row, location.column)

    def place_of(self, offset: int) -> Place:
        row = bisect_right(self._row_starts, offset)
        return self.place(Location(row, offset - self._row_starts[row - 1] + 1))

    @cached_property
    def _row_starts(self) -> list[int]:
        lines = split_lines(self.text)
        starts = [0, *accumulate(map(len, lines))]
        # The end of a text lies in a row of its own only if a line end precedes it.
        return starts if lines[-1].endswith(("\n", "\r")) else starts[:-1]


@dataclass(frozen=True)
class Report:
    """All files with something to say. ``proofs`` and ``declined`` say what was asked for."""

    files: tuple[FileReport, ...]
    policy: Policy
    style: Style = field(default_factory=Style)
    proofs: bool = False
    declined: bool = False

    @property
    def findings(self) -> Iterator[Finding]:
        for file in self.files:
            yield from file.findings


def as_url(path: str) -> str:
    """A path as the relative URL that services which annotate a repository expect."""
    relative = os.path.relpath(path) if os.path.isabs(path) else os.path.normpath(path)
    return relative.replace(os.sep, "/")

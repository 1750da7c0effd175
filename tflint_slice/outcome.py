"""What became of one file: the values that pass between the engine and the reports."""

from __future__ import annotations

from dataclasses import dataclass, field

from tflint_slice.infer.reliance import Reliance
from tflint_slice.model import Finding


def on_one_line(path: str) -> str:
    """A path as it is shown to people: a name may hold line ends and what moves a cursor.

    Bytes that are not UTF-8 stay, as surrogates: the streams know what to make of them.
    """
    if path.isprintable():
        return path
    return "".join(
        sign if sign.isprintable() or "\udc80" <= sign <= "\udcff" else repr(sign)[1:-1]
        for sign in path
    )


@dataclass(frozen=True)
class Failure:
    """Why a file, or a part of the work on it, was given up."""

    path: str
    message: str
    row: int = 1
    column: int | None = None

    def __str__(self) -> str:
        place = f"{on_one_line(self.path)}:{self.row}"
        if self.column is not None:
            place += f":{self.column}"
        return f"{place}: error: {self.message}"


@dataclass(frozen=True)
class Change:
    """New content for a file, and the content that it was made from."""

    before: bytes = field(repr=False)
    after: bytes = field(repr=False)


@dataclass(frozen=True)
class Outcome:
    """The findings in one file, before and after the fixes that were asked for.

    ``found`` refer to ``before``, the text as it was read. ``left`` refer to ``after``, the text
    with all fixes. Without fixes both are the same and there is no ``change``. ``made`` are the
    findings whose fixes lie between them. In a text of cells ``marker`` begins the line above each.
    ``rests``: what it would take for all of this to be otherwise; None if that is not known.
    """

    path: str
    before: str = field(default="", repr=False)
    after: str = field(default="", repr=False)
    found: tuple[Finding, ...] = ()
    left: tuple[Finding, ...] = ()
    made: tuple[Finding, ...] = ()
    change: Change | None = None
    failures: tuple[Failure, ...] = ()
    marker: str = ""
    rests: Reliance | None = field(default=None, compare=False, repr=False)

    @property
    def fixed(self) -> int:
        """How many fixes were made."""
        return len(self.made)

    @property
    def remains(self) -> bool:
        """Whether anything is left that a person should look at."""
        return any(not finding.declined for finding in self.left)

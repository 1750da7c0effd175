"""The lengths of one case: what each dimension, known, symbolic or unknown, is drawn as."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field

from tflint_slice.model import Dim

Length = int | str
"""A known dimension, or the name of one that is drawn."""

_OFFSET = re.compile(r"(?P<base>.+) (?P<sign>[+-]) (?P<amount>\d+)")

COUNT = "#count"
"""How many entries are updated, if nothing is known of it."""
OTHER = "#other"
"""A length that has nothing to do with the variable."""


@dataclass
class Lengths:
    """Lengths of the symbols of one case, drawn when first asked for and the same ever after.

    ``smaller`` holds known lengths too long to try, and what they are replaced by. ``known`` are
    lengths that an unknown one may have to be equal to. ``written`` is the largest number in the
    code: an axis may have to be longer than that.
    """

    rng: random.Random
    smaller: dict[int, int] = field(default_factory=dict)
    known: tuple[int, ...] = ()
    written: int = 0
    drawn: dict[str, int] = field(default_factory=dict)

    def __getitem__(self, length: Length) -> int:
        if isinstance(length, int):
            return self.smaller.get(length, length)
        match = _OFFSET.fullmatch(length)
        if match is not None:
            amount = int(match["amount"])
            base = self[match["base"]]
            return max(0, base + amount if match["sign"] == "+" else base - amount)
        if length not in self.drawn:
            self.drawn[length] = self._draw(length)
        return self.drawn[length]

    def _draw(self, length: str) -> int:
        if length == COUNT:
            return self.rng.choice((1, 2, 2, 3, 3))
        # One long axis at most: the product of several would be too much to try.
        longest = max(self.drawn.values(), default=0)
        if self.written > 2 and longest <= self.written and self.rng.random() < 0.5:
            return self.written + self.rng.choice((1, 2, 3))
        if self.known and self.rng.random() < 0.3:
            return self[self.rng.choice(self.known)]
        return self.rng.choice((1, 2, 3, 3, 4, 4, 5, 6))

    def shape(self, lengths: tuple[Length, ...]) -> tuple[int, ...]:
        return tuple(self[length] for length in lengths)

    def bound(self, dim: Dim) -> int | None:
        return None if dim is None else self[dim]


def symbol(length: Length) -> str | None:
    """The text of the code that a symbolic length is named after.

    >>> symbol("self.size@Memory - 1"), symbol(3)
    ('self.size', None)
    """
    if isinstance(length, int):
        return None
    match = _OFFSET.fullmatch(length)
    return (match["base"] if match else length).partition("@")[0]


def base(length: Length) -> str | None:
    """The symbol itself, without what is added to it."""
    if isinstance(length, int):
        return None
    match = _OFFSET.fullmatch(length)
    return match["base"] if match else length

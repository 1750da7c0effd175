"""The lengths of one case: what each dimension is drawn as, and which indices go with it."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field

from tflint_slice.model import Dim, Site
from tflint_slice.prove.draws import Draws

Length = int | str
"""A known dimension, or the name of one that is drawn."""

_OFFSET = re.compile(r"(?P<base>.+) (?P<sign>[+-]) (?P<amount>\d+)")

COUNT = "#count"
"""How many entries are updated, if nothing is known of it."""
LARGE = 20_000
"""Elements of a variable above which its known lengths are replaced by smaller ones."""
OTHER = "#other"
"""A length that has nothing to do with the variable."""


@dataclass
class Lengths:
    """Lengths of the symbols of one case, drawn when first asked for and the same ever after.

    ``smaller`` holds known lengths too long to try, and what they are replaced by. ``known`` are
    lengths that an unknown one may have to be equal to. ``written`` is the largest number in the
    code: an axis may have to be longer than that.
    """

    draws: Draws
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
            return self.draws.choice((1, 2, 2, 3, 3))
        # One long axis at most: the product of several would be too much to try.
        longest = max(self.drawn.values(), default=0)
        if self.written > 2 and longest <= self.written and self.draws.chance(50):
            return self.written + self.draws.choice((1, 2, 3))
        if self.known and self.draws.chance(30):
            return self[self.draws.choice(self.known)]
        return self.draws.choice((1, 2, 3, 3, 4, 4, 5, 6))

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


def clipped(start: int, stop: int, low: int | None, high: int | None) -> tuple[int, int]:
    """The range cut down to what the facts allow, and never empty."""
    new_start = start if low is None else max(start, low)
    new_stop = stop if high is None else min(stop, high)
    if new_start < new_stop:
        return new_start, new_stop
    if low is not None:
        return low, max(low + 1, min(low + 4, high if high is not None else low + 4))
    assert high is not None
    return min(high - 1, start), max(high, min(high - 1, start) + 1)


def widened(start: int, stop: int, size: int, low: int | None, high: int | None) -> tuple[int, int]:
    """A range of at least ``size`` entries, within what the facts allow if there is the room."""
    stop = max(stop, start + size if high is None else min(start + size, high))
    start = min(start, stop - size if low is None else max(stop - size, low))
    return start, max(stop, start + size)


def largest_written(site: Site) -> int:
    """The largest int in the code of both sides."""
    return max(
        (
            abs(node.value)
            for text in (site.before, site.after, site.reference or "")
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Constant) and type(node.value) is int
        ),
        default=0,
    )


def compared_numbers(site: Site) -> tuple[float, ...]:
    """The numbers that the code of both sides compares something with: where a mask may turn."""
    found = {
        part.value
        for text in (site.before, site.after, site.reference or "")
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Compare)
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, (int, float))
    }
    return tuple(sorted(found))


def smaller_lengths(site: Site, written: int) -> dict[int, int]:
    """Replacements for known lengths that would take long to try.

    Only where no number in the code comes near them, so that nothing can tell the difference.
    """
    known: set[int] = set()
    largest = 0
    for _, fact in site.facts:
        elements = 1
        for length in fact.shape or ():
            elements *= length if isinstance(length, int) else 4
        largest = max(largest, elements)
        known |= {length for length in fact.shape or () if isinstance(length, int)}
        known |= {bound for bound in (fact.high,) if isinstance(bound, int)}
    if largest <= LARGE:
        return {}
    floor = max(5, 2 * written + 2)
    lengths: list[Length] = []
    result: dict[int, int] = {}
    for length in sorted(known):
        if length > 4 * floor + 40:
            lengths.append(length)
            result[length] = floor + len(lengths)
    return result

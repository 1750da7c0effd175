"""How the times of both sides of a fix grow with the variable, and where their curves cross."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from math import prod
from statistics import median, quantiles

from tflint_slice.model import Finding, Fix

EVERYWHERE = "at every size timed"
NEVER = "not at the largest size timed"

_CLAIMS = ("copies all of", "goes through NumPy as a whole", "in place")
"""What in a message lets a reader expect that the fix is faster."""


class Pattern(str, Enum):
    """How the variable is used while it is timed."""

    ALONE = "updates alone"
    READ = "updates between dense reads"


@dataclass(frozen=True)
class Timing:
    """Microseconds for one update of a variable of this shape.

    There is one number for each side and each repetition.
    """

    shape: tuple[int, ...]
    before: tuple[float, ...]
    after: tuple[float, ...]

    @property
    def elements(self) -> int:
        return prod(self.shape)

    @property
    def ratios(self) -> tuple[float, ...]:
        """How many times as long the original takes, pair by pair: above 1 the fix is faster.

        What disturbs the machine disturbs both halves of a pair.
        """
        pairs = zip(self.before, self.after, strict=True)
        return tuple(before / after for before, after in pairs)

    @property
    def ratio(self) -> float:
        return median(self.ratios)

    @property
    def spread(self) -> tuple[float, float]:
        """What the middle half of the ratios lies between."""
        low, _, high = quantiles(self.ratios, n=4, method="inclusive")
        return low, high

    @property
    def is_faster(self) -> bool:
        """Whether the fix is faster by more than the noise."""
        return self.spread[0] > 1.0


@dataclass(frozen=True)
class Curve:
    """The timings of one pattern, from the smallest size to the largest."""

    pattern: Pattern
    timings: tuple[Timing, ...]

    @property
    def last(self) -> Timing:
        return self.timings[-1]

    @property
    def crossing(self) -> int | None:
        """The elements from which on the fix is faster and stays so; None if it does not."""
        found = None
        for timing in reversed(self.timings):
            if not timing.is_faster:
                break
            found = timing.elements
        return found

    @property
    def faster(self) -> str:
        """The crossing in words."""
        if self.crossing is None:
            return NEVER
        if self.crossing == self.timings[0].elements:
            return EVERYWHERE
        return f"from {self.crossing:,} elements on"


@dataclass(frozen=True)
class Result:
    """What came of timing one fix: a curve for each pattern, or the reasons why there is none.

    ``missing`` are the sizes that were not timed, each with the reason.
    """

    finding: Finding
    fix: Fix
    dtype: str = ""
    curves: tuple[Curve, ...] = ()
    missing: tuple[tuple[int, str], ...] = ()

    @property
    def reason(self) -> str | None:
        """Why there are no numbers at all."""
        return None if self.curves else self.missing[-1][1]

    def contradictions(self) -> Iterator[str]:
        """Where the numbers are against what the messages let a reader expect."""
        text = f"{self.finding.message}\n{self.fix.message}"
        claim = next((claim for claim in _CLAIMS if claim in text), None)
        for curve in self.curves if claim else ():
            last = curve.last
            if last.ratio < 1.0:
                low, high = last.spread
                noise = ", within the noise" if high > 1.0 else ""
                yield (
                    f'"{claim}" sounds like a gain, but {curve.pattern.value} are slower with the '
                    f"fix at {last.elements:,} elements "
                    f"(ratio {last.ratio:.2f}, {low:.2f} to {high:.2f}{noise})"
                )

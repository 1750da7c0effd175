"""Random choices, all made by whole numbers of which zero stands for the simplest thing.

A seeded generator makes them fast. Hypothesis makes them so that they shrink to zero.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")

SINGLY = 64
"""Numbers of one array that are drawn one by one at most; more would take long."""


@dataclass(frozen=True)
class Draws:
    """Choices made by ``below``, which answers with a number from zero to below the one given."""

    below: Callable[[int], int]

    def between(self, start: int, stop: int) -> int:
        """A number of this range; the one next to zero is the simplest, negative ones are last."""
        return _of_range(self.below(stop - start), start, stop)

    def choice(self, choices: Sequence[T]) -> T:
        """One of them; the first is the simplest."""
        return choices[self.below(len(choices))]

    def pick(self, weights: dict[T, int]) -> T:
        """One of them, as often as its weight says; the first is the simplest."""
        number = self.below(sum(weights.values()))
        for value, weight in weights.items():
            if number < weight:
                return value
            number -= weight
        raise AssertionError("a number below the sum of the weights")

    def chance(self, percent: int) -> bool:
        """True so many times out of a hundred; false is the simplest."""
        return self.below(100) >= 100 - percent

    def numbers(self, stop: int, size: int) -> NDArray[np.int64]:
        """So many numbers from zero to below ``stop``."""
        if size > SINGLY:
            return np.asarray(self._many().integers(0, stop, size), np.int64)
        return np.asarray([self.below(stop) for _ in range(size)], np.int64)

    def distinct(self, start: int, stop: int, size: int) -> NDArray[np.int64]:
        """So many numbers of this range, no two of them equal."""
        if size > SINGLY:
            return np.asarray(start + self._many().permutation(stop - start)[:size], np.int64)
        taken: list[int] = []
        for _ in range(size):
            number = self.below(stop - start - len(taken))
            for other in sorted(taken):
                number += other <= number
            taken.append(number)
        return np.asarray([_of_range(number, start, stop) for number in taken], np.int64)

    def _many(self) -> np.random.Generator:
        return np.random.default_rng(self.below(2**62))


def _of_range(number: int, start: int, stop: int) -> int:
    """The member of a range that is so many steps away from the simplest one."""
    if start >= 0:
        return start + number
    return number if number < stop else stop - 1 - number

"""Makes a counter-example small: Hypothesis draws and shrinks it, then its numbers are made plain.

What comes out is the smallest that was met, and is the same for the same input each time.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from tflint_slice.prove import contents
from tflint_slice.prove.cases import Case, Drawn, Oddity
from tflint_slice.prove.draws import Draws
from tflint_slice.prove.inputs import Role
from tflint_slice.prove.sample import Sampler
from tflint_slice.prove.templates import Form

DRAWN = 2 / 3
"""The part of the budget that Hypothesis has."""
EAGERLY, TRACED, COMPILED = 150, 20, 8
"""Budgets of cases to try: what a run costs depends on how it is run."""

_STORED = (Role.TARGET, Role.VALUE)

Size = tuple[float, ...]


def smallest(sampler: Sampler, case: Case, fails: Callable[[Case], bool], budget: int) -> Case:
    """The smallest case of the plan of ``case`` that fails as it does, itself if there is none.

    ``fails`` runs both sides, and is asked no more than ``budget`` times.
    """
    stored = [number for number, slot in enumerate(sampler.slots) if slot.role in _STORED]
    attempts = _Attempts(fails, stored, case, round(budget * DRAWN))
    _draw(sampler, case, attempts)
    attempts.left = budget - attempts.run
    with suppress(_Enough):
        _make_plain(sampler, attempts)
    return attempts.least


class _Enough(BaseException):
    """The budget is spent. Hypothesis takes any ``Exception`` for a failure to look into."""


@dataclass
class _Attempts:
    """The cases that were run, the least one of them that fails, and how many more may be tried."""

    fails: Callable[[Case], bool]
    stored: list[int]
    least: Case
    left: int
    run: int = 0
    known: dict[tuple[Any, ...], bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.known[_content(self.least)] = True

    def __call__(self, case: Case) -> bool:
        if not self.left:
            raise _Enough
        # A case that was run before costs as well: it had to be drawn.
        self.left -= 1
        content = _content(case)
        if content not in self.known:
            self.run += 1
            self.known[content] = self.fails(case)
            if self.known[content] and self.size(case) < self.size(self.least):
                self.least = case
        return self.known[content]

    def size(self, case: Case) -> Size:
        return size(case, self.stored)


def _content(case: Case) -> tuple[Any, ...]:
    """All that is run of a case, as something that can be compared."""
    content = [
        (drawn.value.shape, drawn.value.dtype.name, drawn.value.tobytes())
        if isinstance(drawn.value, np.ndarray) and drawn.value.dtype != object
        else repr(drawn.value)
        for drawn in _all_drawn(case)
    ]
    written = None if case.intrusion is None else case.intrusion.tobytes()
    return case.oddity in _DOINGS and case.oddity, written, *content


_DOINGS = (Oddity.INTRUSION, Oddity.VIEW)
"""Oddities that are not in the numbers, but in what happens besides."""


# --- drawing --------------------------------------------------------------------------------------


def _draw(sampler: Sampler, case: Case, attempts: _Attempts) -> None:
    """Let Hypothesis look for a case that fails, and shrink it."""
    # What it takes to import it is only spent where there is something to shrink.
    from hypothesis import HealthCheck, Phase, Verbosity, find, settings
    from hypothesis.errors import HypothesisException
    from hypothesis.strategies import randoms

    rules = settings(
        derandomize=True,
        database=None,
        deadline=None,
        max_examples=max(1, attempts.left),
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )
    cases = randoms(use_true_random=False).map(partial(_like, sampler, case))
    # It raises if it finds nothing, or if the sides do not come to the same each time.
    with suppress(_Enough, HypothesisException):
        find(cases, attempts, settings=rules)


def _like(sampler: Sampler, case: Case, source: random.Random) -> Case:
    """A case of the same plan, with lengths that are equal where they were, and no greater."""
    draws = Draws(partial(_below, source))
    oddity = draws.choice((Oddity.NONE, case.oddity))
    lengths: dict[int, int] = {}
    for _, length in case.lengths:
        if length not in lengths:
            shorter = range(1, length + 1) if length else (1, 2, 0)
            lengths[length] = draws.choice(shorter)
    like = tuple((name, lengths[length]) for name, length in case.lengths)
    return sampler.drawing_from(draws).case(case.plan, oddity, like)


def _below(source: random.Random, stop: int) -> int:
    """A number below ``stop``, drawn in pieces below one hundred.

    Where there are more to choose from, Hypothesis tries what it finds in the source of modules
    that happen to be loaded, and these are not the same in every worker.
    """
    if stop <= 100:
        return source.randrange(stop)
    high = _below(source, (stop - 1) // 100 + 1)
    return min(100 * high + source.randrange(100), stop - 1)


# --- plain numbers --------------------------------------------------------------------------------


def _make_plain(sampler: Sampler, attempts: _Attempts) -> None:
    """Replace numbers by 0, 1, 2 and so on: all at once, then input by input, then one by one."""
    slots = [
        number
        for number in attempts.stored
        if sampler.slots[number].fact.low is None
        and sampler.slots[number].fact.high is None
        and sampler.slots[number].text not in sampler.symbols
    ]
    attempts(_counted(attempts.least, slots))
    for slot in slots:
        attempts(_counted(attempts.least, [slot]))
    for slot in slots:
        for replaced in _one_by_one(attempts, slot):
            attempts(replaced)


def _counted(case: Case, slots: list[int]) -> Case:
    """The case with the numbers of some inputs counted through."""
    start = 0
    for slot in slots:
        values = []
        for drawn in _slot(case, slot):
            values.append(_filled(drawn, start))
            start += drawn.size
        case = _with_slot(case, slot, tuple(values))
    return case


def _filled(drawn: Drawn, start: int) -> Drawn:
    if isinstance(drawn.value, np.ndarray) and drawn.value.dtype.kind not in "bO":
        # Small enough to be exact in every dtype.
        count = (start + np.arange(drawn.value.size)) % 100
        filled = count.reshape(drawn.value.shape).astype(drawn.value.dtype)
        return replace(drawn, value=filled)
    if drawn.form is Form.PYTHON and type(drawn.value) in (int, float, complex):
        return replace(drawn, value=type(drawn.value)(start))
    return drawn


def _one_by_one(attempts: _Attempts, slot: int) -> Iterator[Case]:
    """Cases with one number of an array replaced, each in what the others have led to."""
    for place, drawn in enumerate(_slot(attempts.least, slot)):
        if not isinstance(drawn.value, np.ndarray) or drawn.value.dtype.kind in "bO":
            continue
        for number in range(drawn.value.size):
            values = list(_slot(attempts.least, slot))
            array = values[place].value.copy()
            array.reshape(-1)[number] = number
            values[place] = replace(drawn, value=array)
            yield _with_slot(attempts.least, slot, tuple(values))


def _slot(case: Case, slot: int) -> tuple[Drawn, ...]:
    """What was drawn for an input, or for a hole, which gives several values."""
    count = len(case.inputs)
    return (case.inputs[slot],) if slot < count else case.holes[slot - count]


def _with_slot(case: Case, slot: int, values: tuple[Drawn, ...]) -> Case:
    count = len(case.inputs)
    if slot < count:
        return replace(case, inputs=(*case.inputs[:slot], *values, *case.inputs[slot + 1 :]))
    hole = slot - count
    return replace(case, holes=(*case.holes[:hole], values, *case.holes[hole + 1 :]))


# --- what is small --------------------------------------------------------------------------------


def size(case: Case, stored: Sequence[int]) -> Size:
    """How much there is to read in a case, the least thing being the easiest.

    Least are cases in which nothing happens besides and no array is empty: that would show nothing.
    Then those of fewer elements, shorter axes, fewer numbers out of the ordinary, fewer decimals
    and signs, fewer numbers of inputs that are ``stored`` that are equal, and smaller ones.
    """
    every = _all_drawn(case)
    arrays = [drawn.value for drawn in every if isinstance(drawn.value, np.ndarray)]
    parts = [part for drawn in every for part in _numbers(drawn.value)]
    kept = [drawn for slot in stored for drawn in _slot(case, slot)]
    kept_parts = [part for drawn in kept for part in _numbers(drawn.value)]
    return (
        case.oddity in _DOINGS,
        sum(array.size == 0 for array in arrays),
        sum(drawn.size for drawn in every),
        sum(sum(array.shape) for array in arrays),
        sum(map(_is_odd, parts)),
        sum(not _is_odd(part) and part != round(part) for part in parts),
        sum(part < 0 for part in parts),
        len(kept_parts) - len(set(kept_parts)),
        sum(abs(part) for part in parts if not _is_odd(part)),
    )


def _all_drawn(case: Case) -> list[Drawn]:
    return [*case.inputs, *(drawn for values in case.holes for drawn in values)]


def _numbers(value: Any) -> list[float]:
    """The numbers that a reader sees, of a complex one both parts."""
    if isinstance(value, (np.ndarray, range)):
        return [
            part for number in np.asarray(value).reshape(-1).tolist() for part in _parts(number)
        ]
    return _parts(value)


def _parts(number: Any) -> list[float]:
    if isinstance(number, complex):
        return [number.real, number.imag]
    if isinstance(number, (int, float)) or contents.is_floating(type(number).__name__):
        return [float(number)]
    return [float(len(number))] if isinstance(number, bytes) else []


def _is_odd(number: float) -> bool:
    """Whether it is no number that one would write down by hand."""
    if number == 0:
        return math.copysign(1, number) < 0
    return not 1e-3 < abs(number) < 1e5

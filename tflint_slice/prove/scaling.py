"""Makes a drawn case larger: one axis of the target, and whatever is tied to its length."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import prod

import numpy as np

from tflint_slice.prove.cases import Case, Drawn, Plan
from tflint_slice.prove.contents import STRING, Array, is_integer
from tflint_slice.prove.inputs import Hole, Input, Role
from tflint_slice.prove.lengths import Length, base
from tflint_slice.prove.sample import Sampler
from tflint_slice.prove.templates import Form, Template

_INDICES = (Role.INDEX, Role.COORDINATE, Role.INDICES)
_LISTS = (Form.LIST, Form.TUPLE, Form.RANGE)


class Unscalable(Exception):
    """The case cannot be made as large as was asked, for this reason."""


@dataclass(frozen=True)
class Scaling:
    """An axis of the target that is to grow.

    Everything that has the same symbolic length grows with it. Of a known length it cannot be
    seen whether an equal one is the same or happens to be: ``alone`` says that it happens to be.
    """

    axis: int
    length: Length
    alone: bool

    @property
    def symbol(self) -> str | None:
        return base(self.length)


def scalings(plan: Plan) -> Iterator[Scaling]:
    """The axes that could grow, and how: the first axis comes first."""
    for axis, length in enumerate(plan.templates[0].shape):
        if isinstance(length, str):
            yield Scaling(axis, length, alone=False)
        elif length > 1:  # an axis of length 1 is there to be broadcast
            yield Scaling(axis, length, alone=True)
            yield Scaling(axis, length, alone=False)


def scaled(case: Case, scaling: Scaling, sampler: Sampler, elements: int) -> Case:
    """The case with about as many elements in the target; raises ``Unscalable``."""
    target = case.inputs[0]
    if target.dtype == STRING:
        raise Unscalable("strings are not timed")
    made = case.plan.templates[0]
    growing = [axis for axis in range(len(made.shape)) if _grows(made.shape[axis], axis, scaling)]
    rest = prod(size for axis, size in enumerate(target.value.shape) if axis not in growing)
    length = max(1, round((elements / max(rest, 1)) ** (1 / len(growing))))
    larger = _Larger(case, scaling, sampler, growing, length)
    if not elements / 2 <= prod(larger.sizes) <= elements * 2:
        raise Unscalable(f"the other axes of the variable hold {rest:,} elements")
    count = len(case.inputs)
    inputs = (
        replace(target, value=np.resize(target.value, larger.sizes)),
        *(larger.drawn(number, drawn) for number, drawn in enumerate(case.inputs[1:], 1)),
    )
    holes = tuple(
        tuple(larger.drawn(number, drawn) for drawn in values)
        for number, values in enumerate(case.holes, count)
    )
    return replace(case, inputs=inputs, holes=holes)


@dataclass(frozen=True)
class Model:
    """A small case on which both sides return, and how it grows."""

    case: Case
    scaling: Scaling
    sampler: Sampler

    def at(self, elements: int) -> Case:
        return scaled(self.case, self.scaling, self.sampler, elements)


def _grows(length: Length, axis: int, scaling: Scaling) -> bool:
    if scaling.alone:
        return axis == scaling.axis
    if scaling.symbol is None:
        return length == scaling.length
    return base(length) == scaling.symbol


class _Larger:
    """What each input of a case becomes when an axis of the target gets a new length."""

    def __init__(
        self, case: Case, scaling: Scaling, sampler: Sampler, growing: list[int], length: int
    ) -> None:
        self.templates = case.plan.templates
        self.scaling = scaling
        self.slots = sampler.slots
        self.symbols = sampler.symbols
        self.length = length
        self.sizes = tuple(
            self._length(self.templates[0].shape[axis]) if axis in growing else size
            for axis, size in enumerate(case.inputs[0].value.shape)
        )

    def _length(self, length: Length) -> int:
        """The new length of what grows; ``n - 1`` is one less than ``n``."""
        symbol = base(length)
        if isinstance(length, int) or symbol is None:
            return self.length
        offset = length.removeprefix(symbol).replace(" ", "")
        return max(0, self.length + int(offset or 0))

    def drawn(self, number: int, drawn: Drawn) -> Drawn:
        slot, made = self.slots[number], self.templates[number]
        value = drawn.value
        if self._is_length(slot, drawn):
            same = np.asarray(self.length, value.dtype) if isinstance(value, np.ndarray) else None
            return replace(drawn, value=self.length if same is None else same)
        if not isinstance(value, np.ndarray):
            return drawn
        if slot.role is Role.COUNT and made.axis == -1:
            return replace(drawn, value=np.asarray(self.sizes, value.dtype))
        shape = self._shape(slot, made, value.shape)
        if shape == value.shape:
            return drawn
        if drawn.form in _LISTS:
            raise Unscalable(f"`{slot.text}` is a list as long as the variable")
        return replace(drawn, value=_filled(slot, value, shape))

    def _is_length(self, slot: Input | Hole, drawn: Drawn) -> bool:
        """Whether the input is the number that the axis is long."""
        if not is_integer(drawn.dtype) or (
            isinstance(drawn.value, np.ndarray) and drawn.value.ndim
        ):
            return False
        if self.scaling.symbol is not None:
            return self.symbols.get(slot.text) == self.scaling.symbol
        known, fact = self.scaling.length, slot.fact
        return not self.scaling.alone and fact.low == known and fact.high == fact.low + 1

    def _shape(self, slot: Input | Hole, made: Template, old: tuple[int, ...]) -> tuple[int, ...]:
        if self.scaling.alone:
            return old
        shape = tuple(
            self._length(length) if _grows(length, axis, self.scaling) else size
            for axis, (length, size) in enumerate(zip(made.shape, old, strict=True))
        )
        # The last axis of scatter indices counts axes, whatever else is of that length.
        return (*shape[:-1], *old[-1:]) if slot.role is Role.INDICES else shape


def _filled(slot: Input | Hole, value: Array, shape: tuple[int, ...]) -> Array:
    """The array repeated; indices that are known to differ go on to do so."""
    if slot.role in _INDICES and slot.fact.distinct and is_integer(str(value.dtype)):
        return np.arange(prod(shape), dtype=value.dtype).reshape(shape)
    return np.resize(value, shape)

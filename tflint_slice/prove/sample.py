"""Draws the inputs of one site: plans, and cases of a plan with one thing in it made odd.

All of it follows from the text of the site and what is known of it, so that a proof comes out the
same each time.
"""

from __future__ import annotations

import copy
import hashlib
import random
from dataclasses import dataclass, field, replace

import numpy as np

from tflint_slice.model import Operand, Site
from tflint_slice.prove import contents
from tflint_slice.prove.cases import HOLE_VALUES, Case, Drawn, Oddity, Plan
from tflint_slice.prove.draws import Draws
from tflint_slice.prove.inputs import Hole, Input, Role
from tflint_slice.prove.lengths import (
    LARGE,
    Lengths,
    base,
    clipped,
    compared_numbers,
    largest_written,
    smaller_lengths,
    symbol,
    widened,
)
from tflint_slice.prove.lift import Lifted
from tflint_slice.prove.templates import Form, Template, is_open, target_template, template

FEASIBLE = 1_000_000

REDRAWN = 8
"""How often a case that contradicts the facts is drawn anew."""

SPECIAL_TURNS = 9
"""Special numbers of one floating dtype."""


@dataclass
class Sampler:
    """A source of plans and cases for one site."""

    site: Site
    lifted: Lifted
    small: bool = True
    draws: Draws = field(init=False)
    contradicts: bool = False

    def __post_init__(self) -> None:
        site = replace(
            self.site,
            facts=tuple(sorted(self.site.facts, key=repr)),
            modules=tuple(sorted(self.site.modules)),
        )
        digest = hashlib.sha256(repr((site, self.small)).encode()).digest()
        self.draws = Draws(random.Random(digest).randrange)
        self.slots: tuple[Input | Hole, ...] = (*self.lifted.inputs, *self.lifted.holes)
        self.turns = [3 * number for number in range(len(self.slots))]
        self.written = largest_written(self.site)
        self.compared = compared_numbers(self.site)
        self.smaller = smaller_lengths(self.site, self.written) if self.small else {}
        dims = {dim for _, fact in self.site.facts for dim in fact.shape or ()}
        self.known = tuple(sorted(dim for dim in dims if isinstance(dim, int) and dim > 0))
        symbols = {
            name
            for _, fact in self.site.facts
            for length in (*(fact.shape or ()), fact.high)
            if length is not None and (name := base(length)) is not None
        }
        self.symbols = {symbol(name) or "": name for name in sorted(symbols)}

    @property
    def is_open(self) -> bool:
        """Whether two plans can differ."""
        return any(is_open(slot.fact, slot.role) for slot in self.slots)

    def is_feasible(self) -> bool:
        """Whether the variable is of a size that can be tried many times."""
        shape = self.lifted.target.fact.shape or ()
        elements = 1
        for length in shape:
            elements *= self.smaller.get(length, length) if isinstance(length, int) else 4
        return elements <= FEASIBLE

    def drawing_from(self, draws: Draws) -> Sampler:
        """The same sampler with other draws: it has no memory of the special numbers it gave."""
        other = copy.copy(self)
        other.draws = draws
        other.turns = [draws.below(SPECIAL_TURNS) for _ in self.slots]
        return other

    # --- plans ------------------------------------------------------------------------------------

    def plan(self) -> Plan:
        target = target_template(self.draws, self.lifted.target.fact)
        return Plan((target, *(self._template(slot, target) for slot in self.slots[1:])))

    def varied(self, plan: Plan) -> Plan:
        """The plan with one input that the facts leave open drawn anew."""
        choices = [
            number for number, slot in enumerate(self.slots[1:], 1) if is_open(slot.fact, slot.role)
        ]
        if not choices:
            return plan
        number = self.draws.choice(choices)
        templates = list(plan.templates)
        new = self._template(self.slots[number], templates[0])
        # Nothing known of the shape: keep the one that fits half of the time, to vary the rest.
        if self.draws.chance(50) and new.shape != () and templates[number].shape != ():
            new = replace(new, shape=templates[number].shape, axis=templates[number].axis)
        templates[number] = new
        return Plan(tuple(templates))

    def _template(self, slot: Input | Hole, target: Template) -> Template:
        array = isinstance(slot, Input) and slot.array
        return template(self.draws, slot.fact, slot.role, target, array=array)

    # --- cases ------------------------------------------------------------------------------------

    def case(
        self, plan: Plan, oddity: Oddity = Oddity.NONE, like: tuple[tuple[str, int], ...] = ()
    ) -> Case:
        """A case of the plan, with the lengths of one that was ``like`` it where they are given.

        What would contradict the facts is not taken: an index below ``n`` says that ``n`` is not
        zero. So the lengths may have to be others, and the oddity may be none.
        """
        for odd, known in ((oddity, like), (oddity, ()), (Oddity.NONE, ())):
            for _ in range(REDRAWN):
                self.contradicts = False
                case = self._case(plan, odd, known)
                if not self.contradicts:
                    return case
        return case

    def _case(self, plan: Plan, oddity: Oddity, like: tuple[tuple[str, int], ...]) -> Case:
        written = min(self.written, LARGE)
        lengths = Lengths(self.draws, self.smaller, self.known, written, dict(like))
        if oddity in (Oddity.ONES, Oddity.EMPTY):
            open_lengths = sorted(
                {
                    name
                    for made in plan.templates
                    for length in made.shape
                    if (name := base(length)) is not None
                }
            )
            if open_lengths:
                chosen = self.draws.choice(open_lengths)
                for name in open_lengths:
                    if name == chosen or self.draws.chance(25):
                        lengths.drawn[name] = 1 if oddity is Oddity.ONES else 0
        sizes = lengths.shape(plan.templates[0].shape)
        drawn = [
            self._draw(slot, made, sizes, lengths, oddity)
            for slot, made in zip(self.slots, plan.templates, strict=True)
        ]
        count = len(self.lifted.inputs)
        holes = tuple(
            (
                first,
                *(self._draw(slot, made, sizes, lengths, oddity) for _ in range(HOLE_VALUES - 1)),
            )
            for slot, made, first in zip(
                self.slots[count:], plan.templates[count:], drawn[count:], strict=True
            )
        )
        intrusion = None
        if oddity is Oddity.INTRUSION:
            intrusion = contents.ordinary(self.draws, plan.templates[0].dtype, sizes)
        lengths_drawn = tuple(lengths.drawn.items())
        return Case(plan, oddity, tuple(drawn[:count]), holes, lengths_drawn, intrusion)

    def _draw(
        self,
        slot: Input | Hole,
        made: Template,
        sizes: tuple[int, ...],
        lengths: Lengths,
        oddity: Oddity,
    ) -> Drawn:
        form, dtype = made.form, made.dtype
        if form in (Form.NONE, Form.TARGET, Form.DTYPE):
            return Drawn(form, dtype)
        if form is Form.TEXT:
            return Drawn(form, dtype, "text")
        if form is Form.SLICE:
            ends = sorted(self.draws.below(5) for _ in range(2))
            return Drawn(form, dtype, slice(*ends))
        if oddity is Oddity.SPECIAL and self.draws.chance(30):
            oddity = Oddity.NONE  # special numbers meet ordinary ones as well
        shape = lengths.shape(made.shape)
        known = self.symbols.get(slot.text)
        if known is not None and shape == () and contents.is_integer(dtype):
            array = np.asarray(lengths[known], contents.numpy_dtype(dtype))
        elif contents.is_integer(dtype) and slot.role not in (Role.VALUE, Role.TARGET):
            array = self._integers(slot, made, shape, sizes, lengths, oddity)
        elif form is Form.PYTHON:
            turn = self._turn(slot) if oddity is Oddity.SPECIAL else None
            if not contents.is_integer(dtype):
                return Drawn(form, dtype, contents.python_number(self.draws, dtype, turn))
            array = self._bounded(slot.fact, lengths, turn)
        elif oddity is Oddity.SPECIAL:
            array = contents.special(self.draws, dtype, shape, self._turn(slot))
            array = contents.with_one_of(self.draws, array, self.compared)
        elif oddity is Oddity.PAYLOAD and slot.role is Role.TARGET:
            array = contents.with_payloads(self.draws, contents.ordinary(self.draws, dtype, shape))
        else:
            array = contents.ordinary(self.draws, dtype, shape)
        if form is Form.PYTHON:
            return Drawn(form, dtype, array.item())
        if form is Form.RANGE:
            start = int(array.reshape(-1)[0]) if array.size else 0
            return Drawn(form, dtype, range(start, start + array.size))
        return Drawn(form, dtype, array)

    def _turn(self, slot: Input | Hole) -> int:
        """Counts up, so that one input after the other gets each of the special numbers."""
        number = self.slots.index(slot)
        self.turns[number] += 1
        return self.turns[number]

    def _bounded(self, fact: Operand, lengths: Lengths, turn: int | None) -> contents.Array:
        """A Python int that is stored, within what is known of it."""
        low, high = lengths.bound(fact.low), lengths.bound(fact.high)
        if low is None and high is None:
            return np.asarray(contents.python_number(self.draws, "int64", turn), object)
        self.contradicts |= low is not None and high is not None and low >= high
        start = low if low is not None else (high or 0) - 10
        stop = high if high is not None else start + 10
        return np.asarray(self.draws.between(start, max(stop, start + 1)), object)

    def _integers(
        self,
        slot: Input | Hole,
        made: Template,
        shape: tuple[int, ...],
        sizes: tuple[int, ...],
        lengths: Lengths,
        oddity: Oddity,
    ) -> contents.Array:
        """Indices, bounds and lengths: mostly such as fit the target."""
        kind = contents.numpy_dtype(made.dtype)
        if slot.role is Role.COUNT and made.axis == -1:
            return np.asarray(sizes, kind)
        columns = slot.role is Role.INDICES and len(shape) >= 2 and 0 < shape[-1] <= len(sizes)
        if not columns:
            limit = sizes[made.axis] if made.axis < len(sizes) else 3
            array = self._entries(slot, shape, limit, lengths, oddity)
        else:
            parts = [
                self._entries(slot, shape[:-1], sizes[column], lengths, oddity)
                for column in range(shape[-1])
            ]
            array = np.stack(parts, axis=-1)
        if oddity is Oddity.REPEATED and not slot.fact.distinct and shape and shape[0] > 1:
            array[-1] = array[0]
        return array.astype(kind)

    def _entries(
        self,
        slot: Input | Hole,
        shape: tuple[int, ...],
        limit: int,
        lengths: Lengths,
        oddity: Oddity,
    ) -> contents.Array:
        size = int(np.prod(shape, dtype=np.int64))
        low, high = lengths.bound(slot.fact.low), lengths.bound(slot.fact.high)
        if size and low is not None and high is not None:
            self.contradicts |= high - low < (size if slot.fact.distinct else 1)
        start, stop = 0, max(limit, 1)
        if slot.role is Role.COUNT:
            start, stop = (0, limit + 2) if self.draws.chance(40) else (limit, limit + 1)
        elif slot.role is Role.AXIS:
            start, stop = -1, 2
        elif slot.role is Role.BOUND:
            stop += 1
        if oddity is Oddity.NEGATIVE:
            # Among several, positive ones show whether an entry is named from both ends.
            mixed = size > 1 and self.draws.chance(50)
            start, stop = -stop, (stop if mixed else 0)
        elif oddity is Oddity.OUTSIDE:
            start, stop = (-limit - 2, -limit) if self.draws.chance(30) else (limit, limit + 3)
        start, stop = clipped(start, stop, low, high)
        if slot.fact.distinct or (oddity is not Oddity.REPEATED and size <= stop - start):
            entries = self.draws.distinct(*widened(start, stop, size, low, high), size)
        else:
            entries = np.asarray([self.draws.between(start, stop) for _ in range(size)], np.int64)
        if oddity is Oddity.OUTSIDE and size > 1 and not slot.fact.distinct:
            # One bad index among good ones shows whether the good ones have been written.
            inner = clipped(0, max(limit, 1), low, high)
            entries[:-1] = [self.draws.between(*inner) for _ in entries[:-1]]
        return entries.reshape(shape)

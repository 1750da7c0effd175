"""Says for which inputs two sides differ, where one property of the inputs tells it.

The cases decide, so it is said of what was tried: a property has to hold in each case that differs
and in none of the others, or the other way round.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tflint_slice.prove.cases import Case, Drawn, Oddity
from tflint_slice.prove.contents import is_floating, is_integer
from tflint_slice.prove.inputs import Hole, Input, Role
from tflint_slice.prove.lift import Lifted
from tflint_slice.prove.templates import Form

FEW = 3
"""Cases of each sort, with less of which anything would tell them apart."""
NAMED = 3
"""Dtypes, forms or ranks that one sentence lists at most."""
AXES = 4

Numbers = NDArray[Any]

Compared = Sequence[tuple[Case, bool]]
"""Cases, and whether the sides differ on them."""


@dataclass(frozen=True)
class Facet:
    """Something that can be said of a case."""

    text: str
    holds: Callable[[Case], bool]


def separation(lifted: Lifted, compared: Compared) -> str:
    """Such as "only where `i` is negative", or nothing if no single property tells.

    ``compared`` should hold the cases on which the original does what it does in the failure:
    where it raises, two sides agree without having shown anything.
    """
    differing = [case for case, differs in compared if differs]
    agreeing = [case for case, differs in compared if not differs]
    if min(len(differing), len(agreeing)) < FEW:
        return ""
    for facet in _facets(lifted, differing, agreeing):
        in_differing = [facet.holds(case) for case in differing]
        in_agreeing = [facet.holds(case) for case in agreeing]
        if all(in_differing) and not any(in_agreeing):
            return f"only where {facet.text}"
        if all(in_agreeing) and not any(in_differing):
            return f"they agree where {facet.text}"
    return ""


def _facets(lifted: Lifted, differing: list[Case], agreeing: list[Case]) -> Iterator[Facet]:
    """All that may be said, what explains most first."""
    every: tuple[Input | Hole, ...] = (*lifted.inputs, *lifted.holes)
    slots = [(f"`{slot.text}`", slot.role) for slot in every]
    indices = [number for number, (_, role) in enumerate(slots) if role in _INDICES]
    for number in indices:
        yield from _facets_of_index(number, *slots[number])
    for first, second in combinations(indices, 2):
        yield Facet(f"{slots[first][0]} and {slots[second][0]} are equal", _equal(first, second))
    for number, (text, role) in enumerate(slots):
        if role is Role.VALUE:
            other = f"{text} is of another dtype than {slots[0][0]}"
            yield Facet(other, _of(number, _is_of_another_dtype))
    for number, (text, _) in enumerate(slots):
        for attribute in (_dtype, _family, _form, _rank):
            yield from _listed(number, text, attribute, differing, agreeing)
    for number, (text, _) in enumerate(slots):
        for length in (0, 1):
            yield Facet(f"{text} has an axis of length {length}", _has_axis(number, length))
    yield Facet("an axis is of length 0", lambda case: case.is_empty)
    for number, (text, role) in enumerate(slots):
        if role not in _INDICES:
            yield from _facets_of_numbers(number, text)
    yield Facet("a call writes to the target", lambda case: case.oddity is Oddity.INTRUSION)
    yield Facet("a view of the target lives on", lambda case: case.oddity is Oddity.VIEW)


_INDICES = (Role.INDEX, Role.COORDINATE, Role.INDICES)


def _drawn(case: Case, number: int) -> Drawn:
    count = len(case.inputs)
    return case.inputs[number] if number < count else case.holes[number - count][0]


def _of(number: int, test: Callable[[Case, Drawn], bool]) -> Callable[[Case], bool]:
    """A test of one input, as one of the whole case."""
    return lambda case: test(case, _drawn(case, number))


# --- dtype, form and rank -------------------------------------------------------------------------


def _listed(
    number: int,
    text: str,
    attribute: Callable[[Drawn], str],
    differing: list[Case],
    agreeing: list[Case],
) -> Iterator[Facet]:
    """What an input is, if it is something else in the cases that differ than in the others."""
    without, within = (
        {attribute(_drawn(case, number)) for case in cases} for cases in (agreeing, differing)
    )
    fewer = min((without, within), key=len)
    if not without & within and len(fewer) <= NAMED:
        yield Facet(
            f"{text} is {' or '.join(sorted(fewer))}",
            lambda case: attribute(_drawn(case, number)) in fewer,
        )


def _dtype(drawn: Drawn) -> str:
    return f"of dtype {drawn.dtype}"


def _family(drawn: Drawn) -> str:
    if is_integer(drawn.dtype):
        return "of an integer dtype"
    if is_floating(drawn.dtype):
        return "of a floating dtype"
    return "of a complex dtype" if drawn.dtype.startswith("complex") else _dtype(drawn)


def _form(drawn: Drawn) -> str:
    return drawn.form.value


def _rank(drawn: Drawn) -> str:
    return f"of rank {len(_shape(drawn))}"


def _shape(drawn: Drawn) -> tuple[int, ...]:
    if isinstance(drawn.value, range):
        return (len(drawn.value),)
    return drawn.value.shape if isinstance(drawn.value, np.ndarray) else ()


_PLAIN = (Form.PYTHON, Form.LIST, Form.TUPLE, Form.RANGE)


def _is_of_another_dtype(case: Case, drawn: Drawn) -> bool:
    """Python numbers have no dtype but a kind."""
    dtype = case.inputs[0].dtype
    if drawn.form is Form.TARGET or drawn.dtype == dtype:
        return False
    kinds = (is_integer, is_floating, lambda name: name.startswith("complex"))
    return drawn.form not in _PLAIN or not any(kind(drawn.dtype) and kind(dtype) for kind in kinds)


def _has_axis(number: int, length: int) -> Callable[[Case], bool]:
    return lambda case: length in _shape(_drawn(case, number))


# --- numbers --------------------------------------------------------------------------------------


def _facets_of_index(number: int, text: str, role: Role) -> Iterator[Facet]:
    yield Facet(f"{text} is negative", _any(number, lambda array: array < 0))
    for axis in range(AXES):
        yield Facet(f"{text} is out of range", _of(number, _outside(role, axis)))
    yield Facet(f"{text} names an entry twice", _of(number, _repeated(role)))


def _facets_of_numbers(number: int, text: str) -> Iterator[Facet]:
    yield Facet(f"there is NaN in {text}", _any(number, np.isnan))
    yield Facet(f"there is an infinity in {text}", _any(number, np.isinf))
    yield Facet(f"there is NaN or an infinity in {text}", _any(number, _is_not_finite))
    yield Facet(f"there is a negative number in {text}", _any(number, lambda array: array < 0))


def _is_not_finite(array: Numbers) -> Numbers:
    return np.logical_not(np.isfinite(array))


def _numbers(drawn: Drawn) -> Numbers | None:
    """The numbers of an input, in a dtype that NumPy can compare; None if they are no numbers."""
    if not isinstance(drawn.value, (np.ndarray, range, bool, int, float, complex)):
        return None
    array = np.asarray(drawn.value)
    if isinstance(drawn.value, int) and array.dtype == object:
        return array.astype(np.float64)  # beyond all dtypes
    if array.dtype == object:
        return None
    return array.astype(np.float64) if is_floating(array.dtype.name) else array


def _any(number: int, test: Callable[[Numbers], Any]) -> Callable[[Case], bool]:
    def holds(case: Case) -> bool:
        array = _numbers(_drawn(case, number))
        with np.errstate(invalid="ignore"):  # NumPy orders complex numbers, and warns of NaN
            return array is not None and bool(np.any(test(array)))

    return holds


def _equal(first: int, second: int) -> Callable[[Case], bool]:
    def holds(case: Case) -> bool:
        one, other = _numbers(_drawn(case, first)), _numbers(_drawn(case, second))
        return one is not None and other is not None and np.array_equal(one, other)

    return holds


def _outside(role: Role, axis: int) -> Callable[[Case, Drawn], bool]:
    """Whether an index names no entry of this axis; whole indices name the axes themselves."""

    def holds(case: Case, drawn: Drawn) -> bool:
        array, sizes = _numbers(drawn), _shape(case.inputs[0])
        if array is None or axis >= len(sizes):
            return False
        limits: Any = sizes[axis]
        if role is Role.INDICES and array.ndim and 0 < array.shape[-1] <= len(sizes):
            limits = np.asarray(sizes[: array.shape[-1]])
        return bool(np.any((array >= limits) | (array < -limits)))

    return holds


def _repeated(role: Role) -> Callable[[Case, Drawn], bool]:
    """Whether an entry is named twice, be it counted from the start or from the end."""

    def holds(case: Case, drawn: Drawn) -> bool:
        array, sizes = _numbers(drawn), _shape(case.inputs[0])
        if array is None or not array.ndim or not array.size or not sizes:
            return False
        if role is Role.INDICES and array.shape[-1] <= len(sizes):
            rows = array.reshape(-1, array.shape[-1])
        else:
            rows = array.reshape(-1, 1)
        rows = np.where(rows < 0, rows + np.asarray(sizes[: rows.shape[1]]), rows)
        return len(np.unique(rows, axis=0)) < len(rows)

    return holds

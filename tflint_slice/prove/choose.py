"""Chooses the cases that are run in the modes beside eager, where each of them costs a trace."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tflint_slice.prove.cases import Case, Oddity, Plan
from tflint_slice.prove.contents import is_floating
from tflint_slice.prove.inputs import Role
from tflint_slice.prove.lift import Lifted
from tflint_slice.prove.modes import MIRRORINGS, TRACINGS, Mode, Way
from tflint_slice.prove.search import Tried
from tflint_slice.prove.templates import Form

TRACES = 3
"""Functions traced for each side; tracing is what takes the time."""
COMPILATIONS = 3
"""Cases offered to XLA until one of them compiles."""
FEW = 3
"""Cases for a mode that costs no trace."""

_CALM = frozenset({Oddity.NONE, Oddity.ONES, Oddity.OTHER, Oddity.REPEATED})


def traced(cases: list[Tried], lifted: Lifted) -> list[tuple[int, Way]]:
    """A few cases of different plans, with each way of handing in tensors at least once."""
    chosen: dict[Plan, int] = {}
    usable = [
        number
        for number, (case, outcome) in enumerate(cases)
        if outcome.returned and case.oddity not in (Oddity.INTRUSION, Oddity.VIEW)
    ]
    for number in usable:
        chosen.setdefault(cases[number][0].plan, number)
    numbers = sorted(chosen.values())[:TRACES]
    numbers += [number for number in usable if number not in numbers][: TRACES - len(numbers)]
    pairs = [(number, TRACINGS[place % len(TRACINGS)]) for place, number in enumerate(numbers)]
    for number, (case, _) in enumerate(cases):
        if _may_be_captured(case, lifted):
            return [*pairs, (number, Way(Mode.TRACED, captured=True))]
    return pairs


def _may_be_captured(case: Case, lifted: Lifted) -> bool:
    """Whether a stored tensor of another dtype than the target's may come from outside."""
    return any(
        item.role is Role.VALUE
        and drawn.form is Form.TENSOR
        and drawn.dtype != case.inputs[0].dtype
        and item.fact.captured
        for item, drawn in zip(lifted.inputs[1:], case.inputs[1:], strict=True)
    )


def compiled(cases: list[Tried], traced: list[tuple[int, Way]]) -> list[tuple[int, Way]]:
    """The cases that were traced, ordinary ones first: XLA is to compile one of them."""
    numbers = sorted(
        dict.fromkeys(number for number, way in traced if not way.captured),
        key=lambda number: cases[number][0].oddity not in _CALM,
    )
    return [(number, Way(Mode.COMPILED)) for number in numbers[:COMPILATIONS]]


def taped(cases: list[Tried]) -> list[tuple[int, Way]]:
    """Ordinary cases of a target that has a gradient."""
    return [
        (number, Way(Mode.TAPED))
        for number in ordinary(cases)
        if is_floating(cases[number][0].inputs[0].dtype)
    ]


def mirrored(cases: list[Tried], lifted: Lifted) -> Iterator[tuple[int, Way]]:
    """Each place where a mirrored variable may be updated.

    Replicas run side by side, so that the log of holes would be of no certain order there.
    """
    for way in MIRRORINGS:
        if way.place is not None and not (lifted.holes and way.place.value == "in a replica"):
            yield from ((number, way) for number in ordinary(cases)[:2])


def ordinary(cases: list[Tried]) -> list[int]:
    """Cases that differ in plan, with nothing in them that would hide what is looked for."""
    chosen: dict[tuple[Plan, bool], int] = {}
    for number, (case, outcome) in enumerate(cases):
        if outcome.returned and case.oddity in _CALM and not case.is_empty:
            chosen.setdefault((case.plan, case.oddity is Oddity.REPEATED), number)
    return sorted(chosen.values())[:FEW]


def as_keras(case: Case) -> Case:
    """The same case with a variable of Keras 3 for a target."""
    return replace(case, inputs=(replace(case.inputs[0], form=Form.KERAS), *case.inputs[1:]))

"""Shrinking: what is left of a counter-example is what the failure needs, the same each time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from proof_sites import FLOAT, array, indices, integer, site, tensor, variable

from tflint_slice.model import Site
from tflint_slice.prove.cases import Case, Oddity
from tflint_slice.prove.lift import lift
from tflint_slice.prove.sample import Sampler
from tflint_slice.prove.shrink import EAGERLY, size, smallest

_SCATTER = site(
    "v.assign(tf.tensor_scatter_nd_update(v, idx, upd))",
    "v.scatter_nd_update(idx, upd)",
    v=variable("n", "m"),
    idx=indices("k", 1),
    upd=tensor("k", "m"),
)
_STORE = site("v[i] = x", "v[i].assign(x)", v=variable("n"), i=integer(), x=FLOAT)
_ROWS = site("v[ix] = x", "v[ix] = x", v=variable(4, 2), ix=indices("k", high=4), x=array("k", 2))
_CALL = site("v[1].assign(f())", "v[1].assign(f())", v=variable(3), f__=FLOAT)
_BETWEEN = site(
    "v[i] = x", "v[i].assign(x)", v=variable(9, dtype="int32"), i=integer(3, 6), x=integer(5, 8)
)
_COUNTED = site("v[n - 1].assign(n * x)", "v[n - 1].assign(n * x)", v=variable("n"), n=integer())


def _values(case: Case) -> list[Any]:
    every = [*case.inputs, *(drawn for values in case.holes for drawn in values)]
    return [
        drawn.value.tolist() if isinstance(drawn.value, np.ndarray) else drawn.value
        for drawn in every
    ]


def _array(case: Case, number: int) -> np.ndarray[Any, Any]:
    value: np.ndarray[Any, Any] = case.inputs[number].value
    return value


SMALLEST = [
    pytest.param(
        _SCATTER, Oddity.NONE, lambda case: True, [[[0.0]], [[0]], [[1.0]]], id="whatever it is"
    ),
    pytest.param(
        _SCATTER,
        Oddity.SPECIAL,
        lambda case: bool((_array(case, 0) != _array(case, 2)[:1]).any()),
        [[[0.0]], [[0]], [[1.0]]],
        id="two numbers that differ, nothing special",
    ),
    pytest.param(
        _SCATTER,
        Oddity.SPECIAL,
        lambda case: bool(np.isnan(_array(case, 2)).any()),
        [[[0.0]], [[0]], [[float("nan")]]],
        id="NaN alone",
    ),
    pytest.param(
        _SCATTER,
        Oddity.REPEATED,
        lambda case: len({*_array(case, 1)[:, 0].tolist()}) < len(_array(case, 1)),
        [[[0.0]], [[0], [0]], [[1.0], [2.0]]],
        id="an index that is repeated",
    ),
    pytest.param(
        _SCATTER,
        Oddity.NONE,
        lambda case: _array(case, 0).shape >= (2, 2),
        [[[0.0, 1.0], [2.0, 3.0]], [[0]], [[4.0, 5.0]]],
        id="lengths that are needed",
    ),
    pytest.param(
        _SCATTER,
        Oddity.EMPTY,
        lambda case: 0 in _array(case, 1).shape,
        [[[0.0]], [], []],
        id="nothing to write",
    ),
    pytest.param(
        _STORE,
        Oddity.NEGATIVE,
        lambda case: case.inputs[2].value < 0,
        [[0.0], 1.0, -1],
        id="a negative index",
    ),
    pytest.param(
        _STORE,
        Oddity.OUTSIDE,
        lambda case: case.inputs[2].value >= len(_array(case, 0)),
        [[0.0], 1.0, 1],
        id="an index out of range",
    ),
    pytest.param(
        _STORE,
        Oddity.NONE,
        lambda case: case.inputs[1].value != round(case.inputs[1].value, 1),
        None,
        id="two decimals",
    ),
    pytest.param(
        _ROWS,
        Oddity.NONE,
        lambda case: len(_array(case, 2)) > 1,
        [[[0.0, 1.0], [2.0, 3.0], [4.0, 5.0], [6.0, 7.0]], [[8.0, 9.0], [10.0, 11.0]], [0, 1]],
        id="all distinct",
    ),
    pytest.param(
        _CALL,
        Oddity.INTRUSION,
        lambda case: case.intrusion is not None,
        [[0.0, 1.0, 2.0], 3.0, 4.0, 5.0],
        id="what a call does",
    ),
    pytest.param(
        _CALL, Oddity.INTRUSION, lambda case: True, [[0.0, 1.0, 2.0], 3.0, 4.0, 5.0], id="no call"
    ),
    pytest.param(
        _BETWEEN,
        Oddity.NONE,
        lambda case: True,
        [[0, 1, 2, 3, 4, 5, 6, 7, 8], 5, 3],
        id="bounds that are known",
    ),
    pytest.param(
        _COUNTED, Oddity.NONE, lambda case: len(_array(case, 0)) > 2, None, id="a length as input"
    ),
]


@pytest.mark.parametrize(("of", "oddity", "fails", "left"), SMALLEST)
def test_what_is_left_is_what_the_failure_needs(
    of: Site, oddity: Oddity, fails: Callable[[Case], bool], left: list[Any] | None
) -> None:
    first, again = (_shrunk(of, oddity, fails) for _ in range(2))
    for found, case in (first, again):
        assert fails(case)
        assert size(case, [0]) <= size(found, [0])
        assert case.plan == found.plan
    assert repr(first) == repr(again)
    if left is not None:
        assert repr(_values(first[1])) == repr(left)


def _shrunk(of: Site, oddity: Oddity, fails: Callable[[Case], bool]) -> tuple[Case, Case]:
    """The first case that fails of a new sampler, and what it is shrunk to."""
    sampler = Sampler(of, lift(of))
    found = next(
        case
        for case in (sampler.case(sampler.plan(), oddity) for _ in range(200))
        if fails(case) and not (case.is_empty and oddity is not Oddity.EMPTY)
    )
    # Whatever was drawn before must make no difference.
    for _ in range(3):
        sampler.case(sampler.plan())
    return found, smallest(sampler, found, fails, EAGERLY)


def test_a_case_that_fails_alone_is_kept() -> None:
    sampler = Sampler(_STORE, lift(_STORE))
    case = sampler.case(sampler.plan(), Oddity.SPECIAL)
    assert smallest(sampler, case, lambda other: other is case, EAGERLY) is case


def test_the_length_that_an_input_names_goes_with_it() -> None:
    _, case = _shrunk(_COUNTED, Oddity.NONE, lambda case: len(_array(case, 0)) > 2)
    assert len(_array(case, 0)) == 3
    assert case.inputs[1].value == 3


@pytest.mark.parametrize("budget", [0, 1, 8, 20])
def test_no_more_is_run_than_was_allowed(budget: int) -> None:
    sampler = Sampler(_SCATTER, lift(_SCATTER))
    case = sampler.case(sampler.plan())
    run: list[Case] = []

    def fails(other: Case) -> bool:
        run.append(other)
        return bool(_array(other, 0).max() > 0.5)

    smallest(sampler, case, fails, budget)
    assert len(run) <= budget

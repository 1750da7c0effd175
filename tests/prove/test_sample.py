"""Drawing: inputs keep to what is known, are all that is left open, and are the same each time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from proof_sites import (
    BOOL,
    FLOAT,
    UNKNOWN,
    array,
    indices,
    integer,
    site,
    tensor,
    tensor_of_any_shape,
    variable,
)

from tflint_slice.model import Kind, Operand, Site, Span
from tflint_slice.prove.cases import Case, Drawn, Oddity
from tflint_slice.prove.contents import DRAWN, finfo, is_floating, is_integer, numpy_dtype
from tflint_slice.prove.inputs import Role
from tflint_slice.prove.lift import lift
from tflint_slice.prove.sample import Sampler
from tflint_slice.prove.templates import Form
from tflint_slice.prove.wire import site_from_json, site_to_json


def _cases(of: Site, *, each: int = 12) -> list[Case]:
    sampler = Sampler(of, lift(of))
    return [sampler.case(sampler.plan(), oddity) for oddity in Oddity for _ in range(each)]


def _input(case: Case, of: Site, text: str) -> object:
    names = [item.text for item in lift(of).inputs]
    return case.inputs[names.index(text)].value


KNOWN = site(
    "v.assign(tf.tensor_scatter_nd_update(v, ix[:, None], x))\nv[i].assign(n * y)",
    "v.scatter_nd_update(ix[:, None], x)\nv[i].assign(n * y)",
    v=variable("n@3:4", 3),
    ix=indices("k", low=0, high="n@3:4", distinct=True),
    x=tensor("k", 3),
    i=integer(-2, "n@3:4"),
    n=integer(),
    y=FLOAT,
)


def test_cases_keep_to_the_facts() -> None:
    cases = _cases(KNOWN)
    for case in cases:
        variable_, ix, x = (_input(case, KNOWN, text) for text in ("v", "ix", "x"))
        assert isinstance(variable_, np.ndarray)
        assert isinstance(ix, np.ndarray)
        assert isinstance(x, np.ndarray)
        assert variable_.dtype == np.float32
        assert variable_.shape[1:] == (3,)
        assert x.shape == (*ix.shape, 3)
        assert len(set(ix.tolist())) == ix.size
        assert ((ix >= 0) & (ix < len(variable_))).all()
        assert _input(case, KNOWN, "n") == len(variable_)
        assert type(_input(case, KNOWN, "y")) is float
    lengths = {len(case.inputs[0].value) for case in cases}
    assert {0, 1, 3, 5} <= lengths
    bounds = {_input(case, KNOWN, "i") for case in cases}
    assert {-2, -1, 0, 1} <= bounds


KEPT = [
    pytest.param(variable(2, 3), lambda x: x.form is Form.VARIABLE, id="class of a variable"),
    pytest.param(tensor(3, dtype=None), lambda x: x.form is Form.TENSOR, id="a tensor"),
    pytest.param(array(3, dtype=None), lambda x: x.form is Form.ARRAY, id="an array"),
    pytest.param(array(dtype=None), lambda x: x.form is Form.SCALAR, id="an array of rank 0"),
    pytest.param(integer(), lambda x: type(x.value) is int, id="a Python int"),
    pytest.param(FLOAT, lambda x: type(x.value) is float, id="a Python float"),
    pytest.param(BOOL, lambda x: type(x.value) is bool, id="a Python bool"),
    pytest.param(
        Operand("", kind=Kind.LIST), lambda x: isinstance(x.value.tolist(), list), id="a list"
    ),
    pytest.param(
        Operand("", dtype="int16"), lambda x: x.dtype in ("int16", "int64"), id="dtype alone"
    ),
    pytest.param(tensor_of_any_shape("uint32"), lambda x: x.dtype == "uint32", id="dtype"),
    pytest.param(tensor(None, None), lambda x: x.value.ndim == 2, id="rank"),
    pytest.param(tensor(None, 7), lambda x: x.value.shape[1:] == (7,), id="one length"),
    pytest.param(
        Operand("", kind=Kind.TENSOR, least_rank=2), lambda x: x.value.ndim >= 2, id="least rank"
    ),
    pytest.param(integer(3, 6), lambda x: x.value in (3, 4, 5), id="bounds of an int"),
    pytest.param(integer(low=4), lambda x: x.value >= 4, id="lower bound of an int"),
    pytest.param(integer(high=-2), lambda x: x.value < -2, id="upper bound of an int"),
]


@pytest.mark.parametrize(("fact", "test"), KEPT)
@pytest.mark.parametrize("code", ["v[0].assign(x)", "v[x].assign(1.0)"], ids=["value", "index"])
def test_what_is_known_is_kept(code: str, fact: Operand, test: Callable[[Drawn], bool]) -> None:
    known = site(code, code, x=fact)
    inputs = [case.inputs[1] for case in _cases(known, each=20)]
    assert all(drawn.form in (Form.TARGET, Form.SLICE) or test(drawn) for drawn in inputs)


STORE = site("v[i].assign(x)", "v[i].assign(x)")
SCATTER = site(
    "v.assign(tf.tensor_scatter_nd_update(v, idx, upd))", "v.scatter_nd_update(idx, upd)"
)


@pytest.fixture(scope="module")
def drawn_of_nothing() -> dict[Site, list[Case]]:
    """Cases of two sites of which nothing is known: many, for what seldom happens."""
    return {of: _cases(of, each=250) for of in (STORE, SCATTER)}


def _target(test: Callable[[Drawn], bool]) -> Callable[[Case], bool]:
    return lambda case: test(case.inputs[0])


def _index(test: Callable[[Drawn, tuple[int, ...]], bool], of: Site) -> Callable[[Case], bool]:
    """A test of the index, which is given the shape of the target as well."""
    place = [item.role for item in lift(of).inputs].index(
        Role.INDEX if of is STORE else Role.INDICES
    )
    return lambda case: test(case.inputs[place], case.inputs[0].value.shape)


def _value(test: Callable[[Drawn, Drawn], bool], of: Site) -> Callable[[Case], bool]:
    """A test of the value that is stored, which is given the target as well."""
    place = [item.role for item in lift(of).inputs].index(Role.VALUE)
    return lambda case: test(case.inputs[place], case.inputs[0])


def _has(number: str, dtype: str) -> Callable[[Case], bool]:
    """Whether the target has some number of a dtype to the bit."""
    kind = numpy_dtype(dtype)
    limits = np.iinfo(kind) if is_integer(dtype) else finfo(kind)
    # The NaN that is drawn is the one that arithmetic makes.
    plain = {"nan": float("inf") - float("inf"), "inf": float("inf"), "-inf": float("-inf")}
    value = float(number) if number[-1].isdecimal() else plain.get(number)
    wanted = np.asarray(value if value is not None else getattr(limits, number), kind)

    def has(target: Drawn) -> bool:
        if target.dtype != dtype:
            return False
        elements = target.value.reshape(-1)
        return any(element.tobytes() == wanted.tobytes() for element in elements)

    return _target(has)


def _entries(index: Drawn) -> list[int]:
    return [int(entry) for entry in np.asarray(index.value).reshape(-1)]


def _is_whole(index: Drawn) -> bool:
    return np.asarray(index.value).dtype.kind in "iu"


_IN_ORDER = {
    "in range": lambda index, shape: (
        _is_whole(index) and len(shape) == 1 and bool(_entries(index))
        and all(0 <= entry < shape[0] for entry in _entries(index))
    ),
    "negative": lambda index, shape: (
        _is_whole(index) and len(shape) == 1
        and any(-shape[0] <= entry < 0 for entry in _entries(index))
    ),
    "below the range": lambda index, shape: (
        _is_whole(index) and len(shape) == 1 and any(e < -shape[0] for e in _entries(index))
    ),
    "above the range": lambda index, shape: (
        _is_whole(index) and len(shape) == 1 and any(e >= shape[0] > 0 for e in _entries(index))
    ),
    "repeated": lambda index, shape: (
        _is_whole(index) and len(shape) == 1
        and len(set(_entries(index))) < len(_entries(index))
    ),
}  # fmt: skip
_INDEX_FORMS = (
    Form.PYTHON, Form.SCALAR, Form.LIST, Form.TUPLE, Form.RANGE, Form.ARRAY, Form.TENSOR,
    Form.VARIABLE, Form.SLICE,
)  # fmt: skip
_VALUE_FORMS = (
    Form.PYTHON, Form.SCALAR, Form.LIST, Form.TUPLE, Form.ARRAY, Form.TENSOR, Form.VARIABLE,
    Form.TARGET,
)  # fmt: skip
_INTEGERS = sorted(filter(is_integer, DRAWN))
_FLOATS = sorted(filter(is_floating, DRAWN))


def _shape_of(drawn: Drawn) -> tuple[int, ...]:
    return np.shape(drawn.value) if drawn.form is not Form.SLICE else ()


def _last(drawn: Drawn) -> int | None:
    return _shape_of(drawn)[-1] if _shape_of(drawn) else None


COVERED = [
    *[
        pytest.param(STORE, _target(lambda v, rank=rank: v.value.ndim == rank), id=f"rank {rank}")
        for rank in range(5)
    ],
    *[
        pytest.param(STORE, _target(lambda v, name=name: v.dtype == name), id=f"dtype {name}")
        for name in sorted(DRAWN)
    ],
    *[
        pytest.param(
            STORE,
            _target(lambda v, rank=rank, n=length: v.value.ndim == rank and n in v.value.shape),
            id=f"an axis of length {length} of {rank}",
        )
        for length in (0, 1)
        for rank in (1, 2, 3)
    ],
    *[
        pytest.param(STORE, _has(number, name), id=f"{number} of {name}")
        for name in _FLOATS
        for number in ("nan", "inf", "-inf", "-0.0", "max", "min", "tiny", "smallest_subnormal")
    ],
    *[
        pytest.param(STORE, _has(number, name), id=f"{number} of {name}")
        for name in _INTEGERS
        for number in ("max", "min")
    ],
    *[
        pytest.param(of, _index(test, of), id=f"{name}, {where}")
        for of, where in ((STORE, "in brackets"), (SCATTER, "in a scatter"))
        for name, test in _IN_ORDER.items()
    ],
    *[
        pytest.param(
            STORE, _index(lambda i, _, form=form: i.form is form, STORE), id=f"index: {form.value}"
        )
        for form in _INDEX_FORMS
    ],
    *[
        pytest.param(
            SCATTER,
            _index(lambda i, _, form=form: i.form is form, SCATTER),
            id=f"indices: {form.value}",
        )
        for form in (Form.LIST, Form.TUPLE, Form.ARRAY, Form.TENSOR, Form.VARIABLE)
    ],
    *[
        pytest.param(
            of,
            _index(lambda i, _, name=name: i.dtype == name, of),
            id=f"{where} of dtype {name}",
        )
        for of, where in ((STORE, "index"), (SCATTER, "indices"))
        for name in (*_INTEGERS, "float32", "bool")
    ],
    *[
        pytest.param(
            SCATTER,
            _index(
                lambda i, shape, n=depth: _shape_of(i)[-1:] == (n,) and len(shape) >= n, SCATTER
            ),
            id=f"indices into {depth} axes",
        )
        for depth in (1, 2, 3)
    ],
    *[
        pytest.param(
            STORE, _value(lambda x, _, form=form: x.form is form, STORE), id=f"value: {form.value}"
        )
        for form in _VALUE_FORMS
    ],
    *[
        pytest.param(
            STORE,
            _value(lambda x, _, name=name: x.form is Form.TENSOR and x.dtype == name, STORE),
            id=f"value of dtype {name}",
        )
        for name in sorted(DRAWN)
    ],
    pytest.param(
        STORE,
        _value(lambda x, v: x.form is Form.ARRAY and x.dtype != v.dtype, STORE),
        id="value of another dtype than the target",
    ),
    pytest.param(
        STORE,
        _value(lambda x, v: _shape_of(x) == () and v.value.ndim > 1, STORE),
        id="number for a region",
    ),
    pytest.param(
        STORE,
        _value(lambda x, v: 1 in _shape_of(x) and 1 not in v.value.shape, STORE),
        id="value with an axis of length 1 to be stretched",
    ),
    pytest.param(
        STORE,
        _value(lambda x, v: len(_shape_of(x)) > v.value.ndim, STORE),
        id="value of more axes than the target",
    ),
    pytest.param(
        STORE,
        _value(lambda x, v: _shape_of(x) == v.value.shape[1:] != (), STORE),
        id="value of the shape of a row",
    ),
]


@pytest.mark.parametrize(("of", "test"), COVERED)
def test_what_is_unknown_is_drawn_from_all_it_could_be(
    drawn_of_nothing: dict[Site, list[Case]], of: Site, test: Callable[[Case], bool]
) -> None:
    assert any(map(test, drawn_of_nothing[of]))


def test_an_index_of_unknown_sign_is_inside_negative_and_outside() -> None:
    open_index = site("v[i] = x", "v[i].assign(x)", v=variable(5), i=integer(), x=FLOAT)
    drawn = {_input(case, open_index, "i") for case in _cases(open_index)}
    assert {0, 1, 2, 3, 4} <= drawn
    assert drawn & {-5, -4, -3, -2, -1}
    assert drawn & {5, 6, 7}
    assert drawn & {-6, -7}


def test_special_numbers_all_have_their_turn() -> None:
    store = site("v[0].assign(x)", "v[0].assign(x)", v=variable(5), x=tensor())
    numbers = np.array([_input(case, store, "x") for case in _cases(store, each=30)])
    assert np.isnan(numbers).any()
    assert np.isposinf(numbers).any()
    assert np.isneginf(numbers).any()
    assert (np.signbit(numbers) & (numbers == 0)).any()
    assert ((numbers != 0) & (np.abs(numbers) < np.finfo(np.float32).tiny)).any()


def test_long_axes_are_tried_short_unless_the_code_names_them() -> None:
    facts = {"v": variable(1_000_000, 84), "i": integer(0, 1_000_000), "x": tensor(84)}
    short = _cases(site("v[i] = x", "v[i].assign(x)", **facts), each=1)
    assert max(case.inputs[0].value.size for case in short) < 1000
    assert {len(case.inputs[0].value) for case in short} != {1}
    named = site("v[99] = x", "v[99].assign(x)", v=variable(100), x=FLOAT)
    assert {case.inputs[0].value.size for case in _cases(named, each=1)} == {100}


def test_where_a_site_stands_makes_no_difference() -> None:
    moved = replace(
        KNOWN,
        facts=tuple((text, replace(fact, span=Span(7, 9))) for text, fact in KNOWN.facts),
    )
    assert site_to_json(moved) == site_to_json(KNOWN)
    again = site_from_json(site_to_json(moved))
    assert again == KNOWN
    first, second = ([repr(case) for case in _cases(one)] for one in (KNOWN, again))
    assert first == second


def test_facts_in_another_order_draw_the_same() -> None:
    turned = replace(KNOWN, facts=KNOWN.facts[::-1])
    first, second = ([repr(case) for case in _cases(one, each=2)] for one in (KNOWN, turned))
    assert first == second


def test_every_kind_of_fact_can_be_drawn() -> None:
    for kind in Kind:
        fact = Operand("", kind=kind)
        assert _cases(site("v[i].assign(f(x))", "v[i].assign(f(x))", i=fact, x=fact), each=1)
    assert _cases(site("v[i].assign(x)", "v[i].assign(x)", i=UNKNOWN, x=UNKNOWN), each=3)

"""Drawing: inputs keep to what is known, are all that is left open, and are the same each time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from proof_sites import FLOAT, UNKNOWN, indices, integer, site, tensor, variable

from tflint_slice.model import Kind, Operand, Site, Span
from tflint_slice.prove.cases import Case, Oddity
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
        # Where the variable is too short for so many rows, the original raises.
        assert (ix >= 0).all()
        assert ix.size > len(variable_) or (ix < len(variable_)).all() or len(variable_) == 0
        assert _input(case, KNOWN, "n") == len(variable_)
        assert type(_input(case, KNOWN, "y")) is float
    lengths = {len(case.inputs[0].value) for case in cases}
    assert {0, 1, 3, 5} <= lengths
    bounds = {_input(case, KNOWN, "i") for case in cases}
    assert {-2, -1, 0, 1} <= bounds


def test_what_is_unknown_is_drawn_from_all_it_could_be() -> None:
    unknown = site(
        "v.assign(tf.tensor_scatter_nd_update(v, idx, upd))", "v.scatter_nd_update(idx, upd)"
    )
    cases = _cases(unknown, each=60)
    targets = [case.inputs[0] for case in cases]
    assert {drawn.value.ndim for drawn in targets} == {0, 1, 2, 3, 4}
    assert {"float32", "int32", "bool", "float16", "bfloat16", "string"} <= {
        drawn.dtype for drawn in targets
    }
    updates = {case.inputs[2].form for case in cases}
    assert {Form.TENSOR, Form.ARRAY, Form.LIST, Form.PYTHON, Form.SCALAR, Form.VARIABLE} <= updates
    index = [case.inputs[1] for case in cases]
    assert {Form.TENSOR, Form.ARRAY, Form.LIST, Form.PYTHON} <= {drawn.form for drawn in index}
    assert {"int32", "int64", "float32", "uint8"} <= {drawn.dtype for drawn in index}


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

"""Facets: one property that tells the cases that differ from the others, or nothing is said."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from proof_sites import FLOAT, UNKNOWN, integer, site, tensor, variable

from tflint_slice.model import Site
from tflint_slice.prove.cases import Case, Oddity
from tflint_slice.prove.contents import is_floating
from tflint_slice.prove.facets import separation
from tflint_slice.prove.lift import lift
from tflint_slice.prove.sample import Sampler
from tflint_slice.prove.templates import Form

_STORE = site("v[i].assign(x)", "v[i].assign(x)", v=variable(dtype=None), i=UNKNOWN, x=UNKNOWN)
_SCATTER = site(
    "v.assign(tf.tensor_scatter_nd_update(v, idx, upd))", "v.scatter_nd_update(idx, upd)"
)
_PLACES = site(
    "v[i].assign(x)\nv[j].assign(y)", "v[j].assign(y)\nv[i].assign(x)", v=variable(4),
    i=integer(0, 4), j=integer(0, 4), x=FLOAT, y=FLOAT,
)  # fmt: skip
_CALL = site("self.w[2].assign(f())", "self.w[2].assign(f())", "self.w", f__=FLOAT)
_NUMBERS = site(
    "v[i].assign(x)", "v[i].assign(x)", v=variable("n"), i=integer(), x=tensor()
)  # fmt: skip


SAID = [
    pytest.param(
        _NUMBERS,
        lambda v, x, i: i.value < 0,
        "only where `i` is negative",
        id="negative",
    ),
    pytest.param(
        _NUMBERS,
        lambda v, x, i: i.value >= 0,
        "they agree where `i` is negative",
        id="not negative",
    ),
    pytest.param(
        _NUMBERS,
        lambda v, x, i: not -len(v.value) <= i.value < len(v.value),
        "only where `i` is out of range",
        id="out of range",
    ),
    pytest.param(
        _NUMBERS,
        lambda v, x, i: bool(np.isnan(x.value)),
        "only where there is NaN in `x`",
        id="NaN",
    ),
    pytest.param(
        _NUMBERS,
        lambda v, x, i: not np.isfinite(x.value),
        "only where there is NaN or an infinity in `x`",
        id="not finite",
    ),
    pytest.param(
        _NUMBERS,
        lambda v, x, i: len(v.value) == 0,
        "only where `v` has an axis of length 0",
        id="empty",
    ),
    pytest.param(
        _NUMBERS,
        lambda v, x, i: len(v.value) == 1,
        "only where `v` has an axis of length 1",
        id="length 1",
    ),
    pytest.param(
        _PLACES,
        lambda v, x, i, y, j: i.value == j.value,
        "only where `i` and `j` are equal",
        id="the same place",
    ),
    pytest.param(
        _STORE,
        lambda v, x, i: v.dtype != "float32",
        "they agree where `v` is of dtype float32",
        id="dtype that does",
    ),
    pytest.param(
        _STORE,
        lambda v, x, i: v.dtype in ("float16", "bfloat16"),
        "only where `v` is of dtype bfloat16 or of dtype float16",
        id="dtypes that do not",
    ),
    pytest.param(
        _STORE,
        lambda v, x, i: is_floating(v.dtype),
        "only where `v` is of a floating dtype",
        id="dtypes of a family",
    ),
    pytest.param(
        _STORE,
        lambda v, x, i: v.value.ndim > 1,
        "they agree where `v` is of rank 0 or of rank 1",
        id="rank",
    ),
    pytest.param(
        _STORE, lambda v, x, i: i.form is Form.LIST, "only where `i` is a list", id="form"
    ),
    pytest.param(
        _STORE,
        lambda v, x, i: x.form is not Form.TENSOR,
        "they agree where `x` is a tensor",
        id="another form",
    ),
    pytest.param(
        site("v[1].assign(x)", "v[1].assign(x)", v=variable(4), x=tensor(dtype=None)),
        lambda v, x: x.dtype != "float32",
        "only where `x` is of another dtype than `v`",
        id="cast",
    ),
    pytest.param(
        _SCATTER,
        lambda v, idx, upd: (
            np.ndim(idx.value) == 2
            and 0 < np.shape(idx.value)[1] <= v.value.ndim
            and len(np.unique(idx.value, axis=0)) < len(idx.value)
        ),
        "",
        id="two properties at once",
    ),
    pytest.param(_STORE, lambda v, x, i: True, "", id="everywhere"),
    pytest.param(_STORE, lambda v, x, i: False, "", id="nowhere"),
    pytest.param(
        _NUMBERS,
        lambda v, x, i: len(v.value) > 1 and i.value == 1,
        "",
        id="nothing with a name",
    ),
]


@pytest.mark.parametrize(("of", "differs", "text"), SAID)
def test_what_is_said(of: Site, differs: Callable[..., bool], text: str) -> None:
    lifted = lift(of)
    names = [item.name for item in lifted.inputs]
    compared = [
        (case, differs(**dict(zip(names, case.inputs, strict=True)))) for case in _cases(of)
    ]
    assert separation(lifted, compared) == text
    assert separation(lifted, compared[::-1]) == text


def test_what_a_call_does_is_said() -> None:
    compared = [(case, case.intrusion is not None) for case in _cases(_CALL)]
    assert separation(lift(_CALL), compared) == "only where a call writes to the target"


def test_repeated_entries_are_said_counted_from_either_end() -> None:
    fancy = site("v[ix]", "v[ix]", v=variable(5), ix=tensor("k", dtype="int32"))
    compared = []
    for case in _cases(fancy):
        entries = [int(entry) % 5 for entry in case.inputs[1].value]
        compared.append((case, len(set(entries)) < len(entries)))
    inside = [
        (case, differs) for case, differs in compared if (abs(case.inputs[1].value) < 5).all()
    ]
    assert separation(lift(fancy), inside) == "only where `ix` names an entry twice"


def test_of_a_few_cases_nothing_is_said() -> None:
    cases = _cases(_NUMBERS)
    negative = [case for case in cases if case.inputs[1].value < 0]
    others = [case for case in cases if case.inputs[1].value >= 0]
    for some, rest in ((negative[:2], others), (negative, others[:2])):
        compared = [*((case, True) for case in some), *((case, False) for case in rest)]
        assert separation(lift(_NUMBERS), compared) == ""


def _cases(of: Site) -> list[Case]:
    sampler = Sampler(of, lift(of))
    return [sampler.case(sampler.plan(), oddity) for oddity in Oddity for _ in range(30)]

"""What cannot be proved, and what the verdict says of it."""

from __future__ import annotations

import pytest
from proof_sites import FLOAT, site, tensor, variable

from tflint_slice.model import Site, Verdict
from tflint_slice.prove.prover import Prover

_SAME = "v.scatter_nd_update([[1]], [x])"


@pytest.mark.parametrize(
    ("unclear", "reason"),
    [
        pytest.param(
            site("try:\n    v[1].assign(x)\nexcept ValueError:\n    pass", _SAME, v=variable(4)),
            "a statement of kind Try cannot be lifted",
            id="try",
        ),
        pytest.param(
            site("def f():\n    v[1].assign(x)", _SAME, v=variable(4)),
            "a statement of kind FunctionDef cannot be lifted",
            id="definition",
        ),
        pytest.param(
            site("for x in xs:\n    v[1].assign(x)\n    return x", _SAME, v=variable(4)),
            "a statement of kind Return cannot be lifted",
            id="early return",
        ),
        pytest.param(
            site("v[1].assign(await x)", _SAME, v=variable(4)),
            "an expression of kind Await cannot be lifted",
            id="await",
        ),
        pytest.param(
            site("with lock:\n    v[1].assign(x)", _SAME, v=variable(4)),
            "`with lock` cannot be lifted",
            id="context manager",
        ),
        pytest.param(
            site("v[1].assign(tf.random)", _SAME, v=variable(4)),
            "`tf.random` is not on the table of pure calls",
            id="module as a value",
        ),
        pytest.param(
            site("return v[1].assign(x)", _SAME, v=variable(4)),
            "one side returns and the other does not",
            id="return dropped",
        ),
        pytest.param(
            site("tf.tensor_scatter_nd_update(v, [[1]], [2.0])",
                 "tf.tensor_scatter_nd_update(v, [[1]], [2.0])",
                 reference="v[[1]] = [2.0]", v=variable(4)),
            "the fix changes nothing",
            id="lost scatter left alone",
        ),
        pytest.param(
            site("v[1].assign(", _SAME, v=variable(4)),
            "not Python: '(' was never closed", id="syntax"
        ),
        pytest.param(
            site("v[1].assign(x)", _SAME, v=variable(4, dtype="qint8")),
            "values of dtype qint8 cannot be drawn",
            id="quantised variable",
        ),
        pytest.param(
            site("v[9].assign(x)", "v.scatter_nd_update([[9]], [x])", v=variable(4), x=FLOAT),
            "no input found on which the original returns",
            id="always out of range",
        ),
        pytest.param(
            site("v[1].assign_add(x)", _SAME, v=variable(4), x=tensor()),
            "no input found on which the original returns",
            id="always raises, and there is no reference",
        ),
        pytest.param(
            site("v.assign(np.zeros([30000, 30000]))", "v.assign(tf.zeros([30000, 30000]))",
                 v=variable(30000, 30000)),
            "the variable is too large to try",
            id="too large, and the code says so",
        ),
    ],
)  # fmt: skip
def test_unproved(prover: Prover, unclear: Site, reason: str) -> None:
    proof = prover.prove(unclear)
    assert (proof.verdict, proof.reason) == (Verdict.UNPROVED, reason)
    assert (proof.samples, proof.counterexample) == (0, "")

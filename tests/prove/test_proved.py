"""Rewrites that are right: each form the tool writes, and each is proved."""

from __future__ import annotations

import pytest
from proof_sites import (
    BOOL,
    FLOAT,
    UNKNOWN,
    array,
    indices,
    integer,
    keras_variable,
    site,
    some_variable,
    tensor,
    tensor_of_any_shape,
    variable,
)

from tflint_slice.model import Kind, Operand, Site, Verdict
from tflint_slice.prove.prover import Prover

ITEM_ASSIGNMENT = [
    pytest.param(
        site("v[1] = 10.0", "v.scatter_nd_update([[1]], [10.0])", v=variable(5)),
        id="point by scatter",
    ),
    pytest.param(
        site("v[-1] = 10.0", "v.scatter_nd_update([[v.shape[0] - 1]], [10.0])", v=variable(5)),
        id="negative point made positive",
    ),
    pytest.param(
        site("v[9, 3] = x", "v.scatter_nd_update([[9, 3]], [x])", v=variable(12, 5), x=FLOAT),
        id="point of two axes",
    ),
    pytest.param(
        site("v[i] = x", "v[i].assign(x)", v=variable("n"), i=integer(), x=FLOAT),
        id="unknown index by slice",
    ),
    pytest.param(
        site("v[i] = x", "v[i].assign(x)", v=variable("n", 3), i=integer(), x=tensor(3)),
        id="row by slice",
    ),
    pytest.param(
        site(
            "self.v[:, i] = tf.matmul(x, y)",
            "self.v[:, i].assign(tf.matmul(x, y))",
            "self.v",
            self__v=variable("n", "m", "k"),
            i=integer(),
            x=tensor(None, 4),
            y=tensor(4, 4),
        ),
        id="column of an attribute from a computed value",
    ),
    pytest.param(
        site("v[i] = x", "v.scatter_nd_update([[i]], [x])", v=variable("n"), i=integer(0, "n"),
             x=FLOAT),
        id="index proven in range by scatter",
    ),
    pytest.param(
        site("v[a:b] += 1.0", "v[a:b].assign(v[a:b] + 1.0)", v=variable("n"), a=integer(),
             b=integer()),
        id="addition to a range",
    ),
    pytest.param(
        site("v[2] += x", "v.scatter_nd_add([[2]], [x])", v=variable(5), x=FLOAT),
        id="addition of a Python number",
    ),
    pytest.param(
        site("v[2] -= x", "v.scatter_nd_sub([[2]], [x])", v=variable(5), x=tensor()),
        id="subtraction of a tensor",
    ),
    pytest.param(
        site("v[i, j] += r * (x - v[i, j])", "v[i, j].assign(v[i, j] + r * (x - v[i, j]))",
             v=variable(6, 2), i=integer(), j=integer(), r=FLOAT, x=tensor()),
        id="addition of what is read from the same place",
    ),
    pytest.param(
        site("v[i()] = 1.0", "v[i()].assign(1.0)", v=variable(9), i__=integer(0, 9)),
        id="a call in the index",
    ),
    pytest.param(
        site("v[v > 0.0] = 0.0", "v.assign(tf.where(v > 0.0, tf.constant(0.0, v.dtype), v))",
             v=variable("n", "m")),
        id="mask",
    ),
    pytest.param(
        site("v[m] = x", "v.assign(tf.where(m, tf.constant(x, v.dtype), v))", v=variable("n"),
             m=array("n", dtype="bool"), x=FLOAT),
        id="mask of the same shape",
    ),
    pytest.param(
        site("v[[0, 2]] = x", "v.scatter_nd_update([[0], [2]], x)", v=variable(4, 3),
             x=tensor(2, 3)),
        id="rows of a literal list",
    ),
    pytest.param(
        site("v[ix] = x", "v.scatter_nd_update(ix[:, tf.newaxis], x)", v=variable(4),
             ix=indices("k", low=0, high=4, distinct=True), x=tensor("k")),
        id="distinct indices",
    ),
    pytest.param(
        site("v[ix] += x", "v.scatter_nd_add(ix[:, None], x)", v=variable(7),
             ix=indices("k", low=0, high=7, distinct=True), x=tensor("k")),
        id="addition at distinct indices",
    ),
    pytest.param(
        site("v[:] = x", "v.assign(tf.broadcast_to(x, v.shape))", v=variable("n", 3),
             x=tensor(3)),
        id="everything",
    ),
    pytest.param(
        site("w[1] = 2.0", "w.assign(tf.tensor_scatter_nd_update(w, [[1]], [2.0]))", "w",
             w=keras_variable(4)),
        id="Keras 3 variable",
    ),
    pytest.param(
        site("w[1] = 2.0", "w.assign(scatter(w, [[1]], [2.0]))", "w", w=some_variable(4)),
        id="some variable, by a name imported from TensorFlow",
    ),
    pytest.param(
        site("v[1] = 7", "v.scatter_nd_update([[1]], [7])", v=variable(3, dtype="int32")),
        id="int variable",
    ),
    pytest.param(
        site("v[70000] = x", "v.scatter_nd_update([[70000]], [x])", v=variable(100000), x=FLOAT),
        id="index far out",
    ),
    pytest.param(
        site("v[i] = x", "v[i].assign(x)", v=variable(1000000, 84), i=integer(0, 1000000),
             x=tensor(84)),
        id="variable too large to try as it is",
    ),
]  # fmt: skip

_SCATTERED = {
    "v": variable("n", "m"),
    "idx": indices("k", 1),
    "upd": tensor("k", "m"),
}
_OPEN = {
    "v": variable(),
    "idx": indices(None, None),
    "upd": tensor_of_any_shape(captured=False),
}

FUNCTIONAL_SCATTER = [
    *(
        pytest.param(
            site(
                f"v.assign(tf.tensor_scatter_nd_{op}(v, idx, upd))",
                f"v.scatter_nd_{op}(idx, upd)",
                **_SCATTERED,
            ),
            id=f"{op}",
        )
        for op in ("update", "add", "sub", "min", "max")
    ),
    pytest.param(
        site("v.assign(tf.tensor_scatter_nd_update(v, idx, upd))",
             "v.scatter_nd_update(idx, upd)", **_OPEN),
        id="shapes unknown",
    ),
    pytest.param(
        site("v.assign(tf.tensor_scatter_nd_add(tensor=v, updates=upd, indices=idx))",
             "v.scatter_nd_add(updates=upd, indices=idx)", **_OPEN),
        id="keywords",
    ),
    pytest.param(
        site("v.assign(tf.tensor_scatter_nd_update(v.read_value(), idx, upd))",
             "v.scatter_nd_update(idx, upd)", **_SCATTERED),
        id="read_value",
    ),
    pytest.param(
        site("t = tf.tensor_scatter_nd_update(v, idx, upd)\nv.assign(t)",
             "v.scatter_nd_update(idx, upd)", **_SCATTERED),
        id="through a temporary",
    ),
    pytest.param(
        Site('self.d["k"].assign(tf.tensor_scatter_nd_update(self.d["k"], idx, upd))',
             'self.d["k"].scatter_nd_update(idx, upd)', "self.d['k']",
             facts=(('self.d["k"]', variable("n", "m")), ("idx", indices("k", 1)),
                    ("upd", tensor("k", "m"))),
             modules=(("tf", "tensorflow"),)),
        id="element of a dict",
    ),
    pytest.param(
        Site("self.b[name].assign(tf.tensor_scatter_nd_update(self.b[name], idx, x[name]))",
             "self.b[name].scatter_nd_update(idx, x[name])", "self.b[name]",
             facts=(("self.b[name]", variable("n", "m")), ("idx", indices("k", 1)),
                    ("x[name]", tensor("k", "m"))),
             modules=(("tf", "tensorflow"),)),
        id="element of a dict by a name that is used elsewhere",
    ),
    pytest.param(
        site("return v.assign(tf.tensor_scatter_nd_update(v, idx, upd))",
             "return v.scatter_nd_update(idx, upd)", **_SCATTERED),
        id="value returned",
    ),
    pytest.param(
        site("self.op = v.assign(tf.tensor_scatter_nd_update(v, idx, upd))",
             "self.op = v.scatter_nd_update(idx, upd)", **_SCATTERED),
        id="value stored",
    ),
    pytest.param(
        site("ops.append(v.assign(tf.tensor_scatter_nd_update(v, idx, upd)))",
             "ops.append(v.scatter_nd_update(idx, upd))", **_SCATTERED),
        id="value handed to an unknown call",
    ),
    pytest.param(
        site("v.assign(tf.tensor_scatter_nd_update(v, [[next(self.it)]], [self.f(x)]))",
             "v.scatter_nd_update([[next(self.it)]], [self.f(x)])", v=variable("n")),
        id="unknown calls as index and value",
    ),
    pytest.param(
        site("v.assign(tf.tensor_scatter_nd_update(v, tf.stack([r, c], axis=1), x))",
             "v.scatter_nd_update(tf.stack([r, c], axis=1), x)", v=variable("n", "m"),
             r=indices("k"), c=indices("k"), x=tensor("k")),
        id="computed indices",
    ),
    pytest.param(
        site("v.assign(tf.tensor_scatter_nd_update(v, idx, upd))",
             "v.scatter_nd_update(idx, upd)", v=variable("n", dtype="bool"),
             idx=indices("k", 1), upd=tensor("k", dtype="bool")),
        id="bool variable on a CPU",
    ),
    pytest.param(
        site("if ok:\n    v.assign(tf.tensor_scatter_nd_update(v, idx, upd))",
             "if ok:\n    v.scatter_nd_update(idx, upd)", ok=BOOL, **_SCATTERED),
        id="under a condition",
    ),
]  # fmt: skip

NUMPY_ROUND_TRIP = [
    pytest.param(
        site("a = v.numpy()\na[1] = 2.0\nv.assign(a)", "v.scatter_nd_update([[1]], [2.0])",
             v=variable(4)),
        id="one store by scatter",
    ),
    pytest.param(
        site("a = np.array(v)\na[i] = x\nv.assign(a)", "v[i].assign(x)", v=variable("n"),
             i=integer(), x=FLOAT),
        id="one store by slice",
    ),
    pytest.param(
        site("a = v.numpy()\na[1] = x\na[3] = y\nv.assign(tf.constant(a))",
             "v.scatter_nd_update([[1], [3]], [x, y])", v=variable(5), x=FLOAT, y=FLOAT),
        id="two stores in one scatter",
    ),
    pytest.param(
        site("a = v.numpy()\na[i] = x\na[j] = y\nv.assign(a)",
             "t = tf.tensor_scatter_nd_update(v, [[i]], [x])\n"
             "t = tf.tensor_scatter_nd_update(t, [[j]], [y])\nv.assign(t)",
             v=variable("n"), i=integer(0, "n"), j=integer(0, "n"), x=FLOAT, y=FLOAT),
        id="two stores that may meet, in a chain",
    ),
    pytest.param(
        site("a = v.numpy()\na[1] = f()\na[2] = g()\nv.assign(a)",
             "v.assign(tf.tensor_scatter_nd_update(v.read_value(), [[1], [2]], [f(), g()]))",
             v=variable(4), f__=FLOAT, g__=FLOAT),
        id="unknown calls between read and write",
    ),
    pytest.param(
        site("a = v.numpy()\nnp.add.at(a, ix, x)\nv.assign(a)",
             "v.scatter_nd_add(ix[:, None], x)", v=variable(6),
             ix=indices("k", low=0, high=6, kind=Kind.NDARRAY, dtype="int64"), x=array("k")),
        id="np.add.at",
    ),
]  # fmt: skip

BRACKETS = [
    pytest.param(
        site("t = tf.tensor_scatter_nd_update(v, [[0, 1, 0]], [[100]])",
             "t = tf.tensor_scatter_nd_update(v, [[0, 1, 0]], [100])",
             reference="v[[0], [1], [0]] = [100]", v=variable(2, 2, 2, dtype="int32")),
        id="value kept",
    ),
    pytest.param(
        site("print(tf.tensor_scatter_nd_update(v, [[0, 1, 0]], [[100]]) + 1)",
             "print(tf.tensor_scatter_nd_update(v, [[0, 1, 0]], [100]) + 1)",
             reference="v[[0], [1], [0]] = [100]", v=variable(2, 2, 2, dtype="int32")),
        id="value inside of another expression",
    ),
    pytest.param(
        site("t = tf.tensor_scatter_nd_update(t, [[1]], 5.0)",
             "t = tf.tensor_scatter_nd_update(t, [[1]], [5.0])", "t",
             reference="t[[1]] = [5.0]", t=tensor(4)),
        id="tensor rebound",
    ),
    pytest.param(
        site("v.scatter_nd_update([2, 4], [10, 20])", "v.scatter_nd_update([[2], [4]], [10, 20])",
             reference="v[[2, 4]] = [10, 20]", v=variable(6, dtype="int32")),
        id="in place",
    ),
]  # fmt: skip


@pytest.mark.parametrize("right", ITEM_ASSIGNMENT + FUNCTIONAL_SCATTER + BRACKETS)
def test_right_everywhere(prover: Prover, right: Site) -> None:
    proof = prover.prove(right)
    assert (proof.verdict, proof.counterexample) == (Verdict.PROVED, "")
    every = {"eager", "tf.function", "jit_compile", "GradientTape", "MirroredStrategy"}
    unsaid = {"jit_compile"} if proof.reason == "only without jit_compile" else set()
    assert {"eager", "tf.function", "jit_compile"} - unsaid <= set(proof.modes) <= every
    assert "CPU:0" in proof.devices
    assert proof.samples >= 50


@pytest.mark.parametrize("right", NUMPY_ROUND_TRIP)
def test_right_where_the_original_runs(prover: Prover, right: Site) -> None:
    """``v.numpy()`` does not run in a traced function, so that nothing is claimed of one."""
    proof = prover.prove(right)
    assert (proof.verdict, proof.counterexample) == (Verdict.PROVED, "")
    assert proof.modes == ("eager", "GradientTape")
    assert proof.inapplicable == ("tf.function", "jit_compile")


@pytest.mark.parametrize(
    "statements",
    [
        pytest.param("y = v.assign(tf.tensor_scatter_nd_update(v, i, x))", id="functional scatter"),
        pytest.param("v.scatter_nd_add(indices=i, updates=x)", id="in-place scatter"),
        pytest.param("y = v[i].assign(x)", id="slice"),
        pytest.param("a = v.numpy()\na[i] = x\nv.assign(a)", id="round trip"),
        pytest.param("for k in range(n):\n    v[k].assign(x)\n    self.n += 1", id="loop"),
        pytest.param("v.assign(tf.where(m, x, v))\nreturn f(v, i)", id="call that sees the target"),
        pytest.param("self.t = tf.gather(v, i) if ok else x", id="condition"),
    ],
)
def test_statements_do_not_differ_from_themselves(prover: Prover, statements: str) -> None:
    """Nothing is known of any input, so that all of it is drawn."""
    proof = prover.prove(site(statements, statements))
    assert (proof.verdict, proof.counterexample) == (Verdict.PROVED, "")


@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        pytest.param(variable(4), "", id="plain"),
        pytest.param(UNKNOWN, "for a plain tf.Variable", id="nothing known"),
    ],
)
def test_a_proof_says_which_class_of_variable_it_covers(
    prover: Prover, fact: Operand, reason: str
) -> None:
    proof = prover.prove(
        site(
            "v.assign(tf.tensor_scatter_nd_update(v, [[1]], [tf.cast(2.0, v.dtype)]))",
            "v.scatter_nd_update([[1]], [tf.cast(2.0, v.dtype)])",
            v=fact,
        )
    )
    assert (proof.verdict, proof.reason) == (Verdict.PROVED, reason)


@pytest.mark.parametrize(
    ("right", "exceptions"),
    [
        pytest.param(
            site("v[i] = x", "v[i].assign(x)", v=variable("n"), i=integer(), x=FLOAT),
            ("signed-zero",),
            id="Python -0.0",
        ),
        pytest.param(
            site("v[0:2] *= x", "v[0:2].assign(v[0:2] * x)", v=variable(4), x=FLOAT),
            ("denormal", "signed-zero"),
            id="product of denormal numbers",
        ),
        pytest.param(
            site("v[i] = x", "v[i].assign(x)", v=variable("n"), i=integer(), x=tensor()),
            (),
            id="tensors are stored bit for bit",
        ),
    ],
)
def test_numeric_exceptions_have_names(
    prover: Prover, right: Site, exceptions: tuple[str, ...]
) -> None:
    proof = prover.prove(right)
    assert (proof.verdict, proof.exceptions) == (Verdict.PROVED, exceptions)

"""Rewrites that are wrong, each in one way, and the reason for which they are refuted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from proof_sites import (
    FLOAT,
    UNKNOWN,
    array,
    indices,
    integer,
    keras_variable,
    site,
    tensor,
    tensor_of_any_shape,
    variable,
)

from tflint_slice.model import Kind, Operand, Site, Verdict
from tflint_slice.prove.prover import Prover

_SCATTERED = {"v": variable("n", "m"), "idx": indices("k", 1), "upd": tensor("k", "m")}
_UPDATE = "v.assign(tf.tensor_scatter_nd_update(v, idx, upd))"

MUTANTS = [
    # --- where --------------------------------------------------------------------------------
    pytest.param(
        site("v[1] = 10.0", "v.scatter_nd_update([[2]], [10.0])", v=variable(5)),
        "the target differs",
        id="index off by one",
    ),
    pytest.param(
        site("v[a:b] = 0.0", "v[a:b - 1].assign(0.0)", v=variable(5), a=integer(), b=integer()),
        "the target differs",
        id="end off by one",
    ),
    pytest.param(
        site("v[i, j] = x", "v.scatter_nd_update([[j, i]], [x])", v=variable(4, 4),
             i=integer(0, 4), j=integer(0, 4), x=FLOAT),
        "the target differs",
        id="axes swapped",
    ),
    pytest.param(
        site("v[m] = 0.0", "v.assign(tf.where(m, tf.constant(0.0, v.dtype), v))",
             v=variable(4, 4), m=array(4, dtype="bool")),
        "the target differs",
        id="mask of rows taken for one of columns",
    ),
    pytest.param(
        site("v[v > 0.0] = 0.0", "v.assign(tf.where(v >= 0.0, tf.constant(0.0, v.dtype), v - v))",
             v=variable(4)),
        "the target differs",
        id="mask turned round",
    ),
    pytest.param(
        site("v[i] = x", "v.scatter_nd_update([[i]], [x])", v=variable("n"), i=integer(), x=FLOAT),
        "the fix raises InvalidArgumentError",
        id="negative index not normalised",
    ),
    pytest.param(
        site("v[i] = x", "v.scatter_nd_update([[i % v.shape[0]]], [x])", v=variable("n"),
             i=integer(), x=FLOAT),
        "the original raises IndexError, the fix returns",
        id="index out of range hidden",
    ),
    pytest.param(
        site("v[[0, 2]] = x", "v[[0, 2]].assign(x)", v=variable(4, 3), x=FLOAT),
        "the target differs",
        id="list inside of brackets",
    ),
    pytest.param(
        site(_UPDATE, "w.scatter_nd_update(idx, upd)", w=variable("n", "m"), **_SCATTERED),
        "the target differs",
        id="wrong variable",
    ),
    pytest.param(
        site(_UPDATE, "w.scatter_nd_update(idx, upd)", **_SCATTERED),
        "`w.scatter_nd_update` is evaluated never by the original, once by the fix",
        id="wrong variable of which nothing is known",
    ),
    pytest.param(
        site("v.scatter_nd_update([2, 4], [10, 20])", "v.scatter_nd_update([[2, 1]], [10])",
             reference="v[[2, 4]] = [10, 20]", v=variable(6, 2, dtype="int32")),
        "the target differs",
        id="rows taken for a point",
    ),
    pytest.param(
        site("tf.tensor_scatter_nd_update(v, [[1]], [2.0])",
             "u = tf.tensor_scatter_nd_update(v, [[1]], [2.0])",
             reference="v[[1]] = [2.0]", v=variable(4)),
        "the target differs",
        id="lost scatter bound to another name",
    ),
    # --- what ---------------------------------------------------------------------------------
    pytest.param(
        site(_UPDATE, "v.scatter_nd_add(idx, upd)", **_SCATTERED),
        "the target differs",
        id="add for update",
    ),
    pytest.param(
        site("v.assign(tf.tensor_scatter_nd_min(v, idx, upd))", "v.scatter_nd_max(idx, upd)",
             **_SCATTERED),
        "the target differs",
        id="max for min",
    ),
    pytest.param(
        site(_UPDATE, "v.assign(upd)", **_SCATTERED), "", id="everything replaced"
    ),
    pytest.param(
        site(_UPDATE, "tf.tensor_scatter_nd_update(v, idx, upd)", **_SCATTERED),
        "the target differs",
        id="result thrown away",
    ),
    pytest.param(
        site("v[ix] += x", "v.scatter_nd_add(ix[:, None], x)", v=variable(5),
             ix=indices("k", low=0, high=5), x=tensor("k")),
        "the target differs",
        id="repeated indices accumulate",
    ),
    pytest.param(
        site("a = v.numpy()\na[i] = x\na[j] = y\nv.assign(a)",
             "v.scatter_nd_update([[j], [i]], [y, x])", v=variable(4), i=integer(0, 4),
             j=integer(0, 4), x=FLOAT, y=FLOAT),
        "the target differs",
        id="order of duplicates",
    ),
    pytest.param(
        site("v[i] = np.maximum(v[i], x)", "v.scatter_nd_max([[i]], [x])", v=variable(4),
             i=integer(0, 4), x=FLOAT),
        "the target differs",
        id="NaN lost in a maximum",
    ),
    pytest.param(
        site("v[1] //= x", "v[1].assign(tf.truncatediv(v[1], x))", v=variable(4, dtype="int32"),
             x=tensor(dtype="int32")),
        "the target differs",
        id="truncation for floor",
    ),
    # --- dtypes and shapes --------------------------------------------------------------------
    pytest.param(
        site("v.assign(tf.tensor_scatter_nd_update(v, idx, tf.cast(upd, v.dtype)))",
             "v.scatter_nd_update(idx, upd)", v=variable("n", "m"), idx=indices("k", 1),
             upd=tensor("k", "m", dtype=None)),
        "the fix raises ValueError",
        id="cast dropped",
    ),
    pytest.param(
        site("v[1] = x", "v.scatter_nd_update([[1]], [x])", v=variable(4, dtype="uint8"),
             x=integer()),
        "the original raises OverflowError, the fix returns",
        id="number that does not fit the dtype",
    ),
    pytest.param(
        site("v[i] = x", "v[i].assign(x)", v=variable("n"), i=integer(), x=UNKNOWN),
        "the fix raises",
        id="value of which nothing is known",
    ),
    pytest.param(
        site("v[2] += x", "v.scatter_nd_add([[2]], [x])", v=variable(5),
             x=array(dtype="float64")),
        "the target differs",
        id="sum rounded twice",
    ),
    pytest.param(
        site("v[i] = x", "v[i].assign(x)", v=variable("n", dtype=None), i=integer(), x=FLOAT),
        "the fix raises",
        id="dtype of the variable unknown",
    ),
    pytest.param(
        site("v[1] = x", "v.scatter_nd_update([1], [x])", v=variable(5), x=FLOAT),
        "(tf.function, CPU:0)",
        id="last bracket dropped",
    ),
    pytest.param(
        site("v[[1, 3]] = x", "v.scatter_nd_update([1, 3], x)", v=variable(5), x=tensor(2)),
        "the target differs",
        id="brackets of two indices dropped",
    ),
    pytest.param(
        site(_UPDATE, "v.scatter_nd_update(idx, upd)", v=variable("n"),
             idx=tensor_of_any_shape("int32"), upd=tensor_of_any_shape(captured=False)),
        "the fix returns",
        id="indices that may be of rank 1",
    ),
    pytest.param(
        site("t = tf.tensor_scatter_nd_update(v, [[0, 1, 0]], [[100]])",
             "t = tf.tensor_scatter_nd_update(v, [[0, 1]], [[100, 100]])",
             reference="v[[0], [1], [0]] = [100]", v=variable(2, 2, 2, dtype="int32")),
        "`last_value` differs",
        id="brackets mended the other way",
    ),
    pytest.param(
        site("w[1] = 2.0", "w.scatter_nd_update([[1]], [2.0])", "w", w=keras_variable(4)),
        "the fix raises AttributeError",
        id="method that a Keras 3 variable does not have",
    ),
    # --- evaluation ---------------------------------------------------------------------------
    pytest.param(
        site("v[i()] += 1.0", "v[i()].assign(v[i()] + 1.0)", v=variable(4), i__=integer(0, 4)),
        "`i()` is evaluated once by the original, twice by the fix",
        id="evaluated twice",
    ),
    pytest.param(
        site("v[i()] = x()", "v.scatter_nd_update([[i()]], [x()])", v=variable(9),
             i__=integer(0, 9), x__=FLOAT),
        "evaluated in another order: x(), i(); by the fix i(), x()",
        id="evaluated in another order",
    ),
    pytest.param(
        site("v[i()] = x()", "v[i()].assign(x())", v=variable(9), i__=integer(0, 9), x__=FLOAT),
        "evaluated in another order: x(), i(); by the fix i(), x()",
        id="evaluated in another order by a slice",
    ),
    pytest.param(
        site("a = v.numpy()\na[1] = f()\nv.assign(a)", "v[1].assign(f())", v=variable(4),
             f__=FLOAT),
        "the target differs",
        id="a write between read and assign kept",
    ),
    pytest.param(
        site("a = v.numpy()\na[1] = f()\na[2] = g()\nv.assign(a)",
             "v[1].assign(f())\nv[2].assign(g())", v=variable(4), f__=FLOAT, g__=FLOAT),
        "with the target in another state",
        id="a call that sees a write too early",
    ),
    pytest.param(
        site("t = tf.tensor_scatter_nd_update(v, idx, upd)", "t = v.scatter_nd_update(idx, upd)",
             **_SCATTERED),
        "",
        id="in place for functional",
    ),
    pytest.param(
        site("self.t = v.assign(tf.tensor_scatter_nd_update(v, idx, upd)).read_value()",
             "self.t = v.scatter_nd_update(idx, upd)", **_SCATTERED),
        "`self_t` is a tensor in the original, a variable now",
        id="a value that goes on changing",
    ),
    # --- aborts -------------------------------------------------------------------------------
    pytest.param(
        site(_UPDATE, "v.scatter_nd_update(idx, upd)", v=variable("n"), idx=indices("k", 1),
             upd=tensor("k", dtype=None)),
        "the original raises TypeError, the fix aborts the process",
        id="captured tensor of another dtype",
    ),
    pytest.param(
        site("v[ix] = x", "v.assign(tf.tensor_scatter_nd_update(v, ix[:, None, None], x))",
             v=variable(5), ix=indices("k", low=0, high=5), x=tensor("k")),
        "the original returns, the fix aborts the process",
        id="indices of rank 3 with updates of rank 1",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "reason"), MUTANTS)
def test_refuted(prover: Prover, wrong: Site, reason: str) -> None:
    proof = prover.prove(wrong)
    assert proof.verdict is Verdict.REFUTED
    assert reason in proof.reason
    compile(proof.counterexample, "counterexample", "exec")


SHOWN = [
    pytest.param(
        site("v[1] = 10.0", "v.scatter_nd_update([[2]], [10.0])", v=variable(5)), id="reference"
    ),
    pytest.param(
        site(_UPDATE, "v.scatter_nd_add(idx, upd)", **_SCATTERED), id="two variables"
    ),
    pytest.param(
        site("v[1] = x", "v.scatter_nd_update([1], [x])", v=variable(5), x=tensor()), id="traced"
    ),
    pytest.param(
        site("self.a = v.numpy()\nself.a[1] = f()\nv.assign(self.a)", "v[1].assign(f())",
             v=variable(4), f__=FLOAT),
        id="a call that writes",
    ),
    pytest.param(
        site("w[1] = x", "w.assign(tf.tensor_scatter_nd_add(w, [[1]], [x]))", "w",
             w=keras_variable(4), x=Operand("", kind=Kind.FLOAT)),
        id="Keras 3",
    ),
    pytest.param(
        site("v[1:3] = x", "v[1:3].assign(x[::-1])", v=variable(4, dtype="bfloat16"),
             x=tensor(2, dtype="bfloat16")),
        id="bfloat16",
    ),
]  # fmt: skip

_RUN_ALL = """
import contextlib, io, pathlib, sys
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.py")):
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(path.read_text(), str(path), "exec"), {"__name__": "__main__"})
    path.with_suffix(".txt").write_text(output.getvalue())
"""


def test_counterexamples_run_and_show_the_difference(prover: Prover, tmp_path: Path) -> None:
    names = []
    for parameter in SHOWN:
        (wrong,) = parameter.values
        assert isinstance(wrong, Site)
        names.append(f"{parameter.id}.py")
        (tmp_path / names[-1]).write_text(prover.prove(wrong).counterexample)
    subprocess.run([sys.executable, "-c", _RUN_ALL, str(tmp_path)], check=True, timeout=300)
    for name in names:
        original, _, fixed = (tmp_path / name).with_suffix(".txt").read_text().partition("fixed\n")
        assert original.startswith("original\n")
        assert original.removeprefix("original\n") != fixed, name

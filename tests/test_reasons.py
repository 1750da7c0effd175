"""The tables of reasons on the rules' pages: each row shown on the least code that gives it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent, indent
from typing import Any, Literal

import pytest
from pages import PROVED, claims

from tflint_slice.engine import Job, check
from tflint_slice.model import Finding
from tflint_slice.settings import Settings

PLAIN = "v = tf.Variable(tf.zeros([5]))"
UINT8 = "v = tf.Variable(tf.zeros([5], tf.uint8))"
INTS = "v = tf.Variable(tf.zeros([5], tf.int32))"
BOOLS = "v = tf.Variable([True, False])"
MATRIX = "v = tf.Variable(tf.zeros([3, 4]))"
ANY_RANK = "v = tf.Variable(tf.cast(input(), tf.float32))"
ANY_DTYPE = "v = tf.Variable(float(input()))"
COMPILED = "@tf.function(jit_compile=True)\ndef g():\n    pass\n\n" + PLAIN
GRAPH = "tf.compat.v1.disable_eager_execution()\n" + PLAIN
MIRRORED = "strategy = tf.distribute.MirroredStrategy()\n" + PLAIN
DYNAMIC = PLAIN + "\nglobals().update(v=input())"
KERAS = "import keras\n\nv = keras.Variable(tf.zeros([5]), dtype='float32')"
MIXED = KERAS + "\nkeras.config.set_dtype_policy('mixed_float16')"
EITHER = KERAS.replace("\nv = ", "\nk = ") + "\nv = tf.Variable(tf.zeros([5])) if input() else k"
SCATTER = "v.assign(tf.tensor_scatter_nd_update(v, {}, {}))"


@dataclass(frozen=True)
class Row:
    """One row of a table, and a program whose one finding of the rule is an instance of it."""

    code: str
    reason: str
    fix: str
    program: str
    imported: bool = False
    style: Literal["in-place", "functional"] | None = None


def trip(*changes: str) -> str:
    """A round trip with these changes of the copy."""
    return "\n".join(["a = v.numpy()", *changes, "v.assign(a)"])


def handled(body: str) -> str:
    """The same under a handler."""
    return f"try:\n{indent(body, '    ')}\nexcept IndexError:\n    pass"


def row(
    code: str,
    reason: str,
    fix: str,
    body: str,
    *,
    given: str = PLAIN,
    params: str = "",
    **rest: Any,
) -> Row:
    """``body`` is the body of a function with these parameters, ``given`` stands before it."""
    program = f"{given}\n\n\ndef f({params}):\n{indent(dedent(body), '    ')}\n"
    return Row(code, reason, fix, program, **rest)


TENSOR = "t = tf.zeros([5])"


def tensor_trip(*changes: str, made: str = TENSOR[4:]) -> str:
    """The same of a tensor, which is made before."""
    return "\n".join([f"t = {made}", "a = t.numpy()", *changes, "t = tf.constant(a)"])


KSCATTER = "v.scatter_nd_update({}, {})"
DELTA = "v.assign_add(tf.scatter_nd({}, {}, v.shape))"
OLD = "tf.compat.v1.scatter_nd_update(v, {}, {})"
SCATTERED = "tf.tensor_scatter_nd_update(v, {}, {})"
BOUND = "self.v = tf.tensor_scatter_nd_update(self.v, {}, {})"


def held(body: str, made: str = "tf.Variable(tf.zeros([5]))", base: str = "tf.Module") -> str:
    """A class of which one method makes a variable and the other one has this body."""
    return (
        f"class Holder({base}):\n    def build(self, c):\n        self.v = {made}\n\n"
        f"    def call(self, i):\n{indent(body, '        ')}\n"
    )


ROWS = [
    row("TFS101", "maybe-distributed", "unsafe", "v[0] = 1.0", given=MIRRORED),
    row("TFS101", "variable-class", "unsafe", "v[0] = 1.0", given=EITHER),
    row("TFS101", "keras-variable", "none", "v[1:3] = 1.0", given=KERAS),
    row("TFS101", "maybe-negative-index", "none", "v[i] = 1.0", given=KERAS, params="i: int"),
    row("TFS101", "maybe-out-of-range", "none", "v[5] = 1.0", given=KERAS),
    row("TFS101", "maybe-duplicate-index", "none", "v[[0, 0]] = 1.0"),
    row("TFS101", "unknown-index", "unsafe", "v[i] = 1.0", params="i"),
    row("TFS101", "unknown-index", "none", "v[i] = 1.0", params="i: np.ndarray"),
    row("TFS101", "unknown-rank", "none", "v[[0, 1]] = 1.0", given=ANY_RANK),
    row("TFS101", "unknown-shape", "none", "v[[0, 1]] = x", params="x"),
    row("TFS101", "unknown-shape", "unsafe", "v[1:] = tf.cast(x, tf.float32)", params="x"),
    row(
        "TFS101",
        "unknown-dtype",
        "unsafe",
        "v[0] = 1.0",
        given=ANY_DTYPE,
    ),
    row("TFS101", "unknown-value", "none", "v[v < 0.0] = [1.0, 2.0]"),
    row("TFS101", "unknown-value", "unsafe", "v[0] = x", params="x"),
    row("TFS101", "dtype-cast", "unsafe", "v[1:3] = x", params="x: float"),
    row("TFS101", "dtype-cast", "none", "v[0] = 1.5", given=INTS),
    row("TFS101", "value-out-of-dtype", "unsafe", "v[0] = n", given=UINT8, params="n: int"),
    row("TFS101", "value-out-of-dtype", "none", "v[0] = 300", given=UINT8),
    row("TFS101", "always-raises", "none", "v[1:3] = tf.ones([4])"),
    row("TFS101", "mixed-precision", "unsafe", "v[0] = 1.0", given=MIXED),
    row("TFS101", "inexact-operator", "none", "v[0] **= 2.0"),
    row("TFS101", "inexact-operator", "unsafe", "v[0] /= 3.0"),
    row(
        "TFS101",
        "evaluation-order",
        "unsafe",
        "v[i] = tf.reshape(tf.cast(g(), tf.float32), [])",
        params="g, i: int",
    ),
    row("TFS101", "side-effects", "none", "v[g()] += 1.0", params="g"),
    row("TFS101", "no-gpu-kernel", "unsafe", "v[[0, 1]] = [False, True]", given=BOOLS),
    row("TFS101", "no-xla-kernel", "unsafe", "v[1:3] = 1.0", given=COMPILED),
    row("TFS101", "caught-exception", "unsafe", handled("v[0] = 1.0")),
    row("TFS101", "graph-mode", "unsafe", "v[0] = 1.0", given=GRAPH),
    row("TFS101", "name-shadowed", "none", "v[v < 0.0] = 0.0", params="tf"),
    row("TFS101", "name-shadowed", "unsafe", "v[0] = 1.0", given=DYNAMIC),
    row("TFS101", "comment-inside", "none", "v[0] = (  # why\n    1.0\n)"),
    row("TFS101", "no-rewrite", "none", "v[0] = y = 1.0"),
    row("TFS103", "maybe-distributed", "unsafe", "v[0].assign_add(1.0)", given=MIRRORED),
    row("TFS103", "variable-class", "unsafe", "v[0].assign_add(1.0)", given=EITHER),
    row("TFS103", "keras-variable", "none", "v[1:3].assign_add(1.0)", given=KERAS),
    row(
        "TFS103",
        "maybe-negative-index",
        "none",
        "v[i].assign_add(1.0)",
        given=KERAS,
        params="i: int",
    ),
    row("TFS103", "maybe-out-of-range", "none", "v[5].assign_add(1.0)", given=KERAS),
    row("TFS103", "unknown-index", "unsafe", "v[i].assign_add(1.0)", params="i"),
    row("TFS103", "unknown-index", "none", "v[i].assign_add(1.0)", params="i: np.ndarray"),
    row("TFS103", "unknown-rank", "none", "v[[0, 1]].assign_add(1.0)", given=ANY_RANK),
    row(
        "TFS103",
        "unknown-shape",
        "none",
        "v[0].assign_add(1.0)",
        given=KERAS.replace("[5]", "[5, 2]"),
    ),
    row(
        "TFS103", "unknown-shape", "unsafe", "v[1:].assign_add(tf.cast(x, tf.float32))", params="x"
    ),
    row("TFS103", "unknown-dtype", "unsafe", "v[0].assign_add(1.0)", given=ANY_DTYPE),
    row("TFS103", "unknown-value", "unsafe", "v[0].assign_add(x)", params="x"),
    row("TFS103", "unknown-value", "none", "v[0].assign_add(None)"),
    row("TFS103", "dtype-cast", "unsafe", "v[1:3].assign_add(x)", params="x: float"),
    row("TFS103", "dtype-cast", "none", "v[0].assign_add(1.5)", given=INTS),
    row(
        "TFS103", "value-out-of-dtype", "unsafe", "v[0].assign_add(n)", given=UINT8, params="n: int"
    ),
    row("TFS103", "value-out-of-dtype", "none", "v[0].assign_add(300)", given=UINT8),
    row("TFS103", "always-raises", "none", "v[1:3].assign_add(tf.ones([4]))"),
    row("TFS103", "mixed-precision", "unsafe", "v[0].assign_add(1.0)", given=MIXED),
    row("TFS103", "inexact-operator", "none", "v[0].assign_add(True)", given=BOOLS),
    row("TFS103", "evaluation-order", "unsafe", "v[0].assign_add(tf.random.normal([]))"),
    row("TFS103", "side-effects", "none", "v[g()].assign_add(1.0)", params="g"),
    row("TFS103", "caught-exception", "unsafe", handled("v[0].assign_add(1.0)")),
    row("TFS103", "graph-mode", "unsafe", "v[0].assign_add(1.0)", given=GRAPH),
    row("TFS103", "name-shadowed", "none", "v[0].assign_add(1.0)", given=KERAS, params="tf"),
    row("TFS103", "name-shadowed", "unsafe", "v[0].assign_add(1.0)", given=DYNAMIC),
    row("TFS103", "comment-inside", "none", "v[0].assign_add(  # why\n    1.0\n)"),
    row("TFS103", "no-rewrite", "none", "v[0].scatter_nd_update([[0]], [1.0])"),
    row("TFS110", "changes-meaning", "none", "v[[0, 1]].assign(1.0)", given=MATRIX),
    row("TFS110", "maybe-distributed", "unsafe", "v.value()[0].assign(1.0)", given=MIRRORED),
    row("TFS110", "variable-class", "unsafe", "v[[0, 1]].assign(1.0)", given=EITHER),
    row(
        "TFS110",
        "keras-variable",
        "none",
        "v[0][1:].assign(1.0)",
        given=KERAS.replace("[5]", "[5, 2]"),
    ),
    row(
        "TFS110",
        "maybe-negative-index",
        "none",
        "v[0][i].assign(1.0)",
        given=KERAS.replace("[5]", "[5, 2]"),
        params="i: int",
    ),
    row("TFS110", "maybe-out-of-range", "none", "v[[0, 5]].assign(1.0)"),
    row("TFS110", "maybe-duplicate-index", "none", "v[[0, 0]].assign(1.0)"),
    row("TFS110", "unknown-index", "unsafe", "v.value()[i].assign(1.0)", params="i"),
    row("TFS110", "unknown-index", "none", "v[tf.constant([0, 1])].assign(1.0)"),
    row("TFS110", "unknown-rank", "none", "v.value()[[0, 1]].assign(1.0)", given=ANY_RANK),
    row("TFS110", "unknown-shape", "unsafe", "v[v[:, 0] > 0.0].assign(1.0)", given=MATRIX),
    row("TFS110", "unknown-shape", "none", "v.value()[[0, 1]].assign(1.0)", given=MATRIX),
    row("TFS110", "unknown-dtype", "unsafe", "v.value()[0].assign(1.0)", given=ANY_DTYPE),
    row("TFS110", "unknown-value", "unsafe", "v.value()[0].assign(x)", params="x"),
    row("TFS110", "unknown-value", "none", "v[v < 0.0].assign([1.0, 2.0])"),
    row("TFS110", "dtype-cast", "unsafe", "v.value()[1:3].assign(x)", params="x: float"),
    row("TFS110", "dtype-cast", "none", "v.value()[0].assign(1.5)", given=INTS),
    row(
        "TFS110",
        "value-out-of-dtype",
        "unsafe",
        "v.value()[0].assign(n)",
        given=UINT8,
        params="n: int",
    ),
    row("TFS110", "value-out-of-dtype", "none", "v.value()[0].assign(300)", given=UINT8),
    row("TFS110", "always-raises", "none", "v[0][1].assign(1.0)"),
    row("TFS110", "mixed-precision", "unsafe", "v[[0, 1]].assign(1.0)", given=MIXED),
    row(
        "TFS110",
        "evaluation-order",
        "unsafe",
        "v[0][1].assign(tf.reshape(tf.cast(g(), tf.float32), []))",
        given=MATRIX,
        params="g",
    ),
    row("TFS110", "side-effects", "none", "v.assign(x)[[0, 1]].assign(1.0)", params="x"),
    row("TFS110", "no-gpu-kernel", "unsafe", "v[[0, 1]].assign([False, True])", given=BOOLS),
    row("TFS110", "caught-exception", "unsafe", handled("v.value()[0].assign(1.0)")),
    row("TFS110", "graph-mode", "unsafe", "v.value()[0].assign(1.0)", given=GRAPH),
    row("TFS110", "name-shadowed", "none", "v[v < 0.0].assign(0.0)", params="tf"),
    row("TFS110", "name-shadowed", "unsafe", "v.value()[0].assign(1.0)", given=DYNAMIC),
    row("TFS110", "comment-inside", "none", "v[[0, 1]].assign(  # why\n    1.0\n)"),
    row("TFS110", "no-rewrite", "none", "v[1:][0].assign(1.0)"),
    row("TFS110", "no-xla-kernel", "unsafe", "v.value()[1:3].assign(1.0)", given=COMPILED),
    row("TFS107", "always-raises", "unsafe", "v.scatter_nd_update([[0]], tf.constant(1.0))"),
    row("TFS107", "changes-meaning", "unsafe", "v.scatter_nd_update([0, 1], [1.0, 2.0])"),
    row("TFS107", "no-rewrite", "none", "v.scatter_nd_update([[0, 1]], [1.0])"),
    row(
        "TFS107",
        "comment-inside",
        "none",
        "v.scatter_nd_update([0,  # why\n    1], [1.0, 2.0])",
    ),
    row("TFS108", "always-raises", "unsafe", "v.scatter_nd_update([[-1]], [1.0])"),
    row("TFS108", "no-rewrite", "none", "v.scatter_nd_update([[5]], [1.0])"),
    row("TFS108", "comment-inside", "none", "v.scatter_nd_update([[-  # why\n    1]], [1.0])"),
    row("TFS109", "no-rewrite", "none", "v.scatter_nd_update([[1], [1]], [1.0, 2.0])"),
    row(
        "TFS111",
        "always-raises",
        "unsafe",
        "y = tf.tensor_scatter_nd_update(v, [[[0], [2]]], [1.0])",
    ),
    row("TFS111", "no-rewrite", "none", "y = tf.scatter_nd([[[0], [2]]], [1.0], [5])"),
    row(
        "TFS111",
        "comment-inside",
        "none",
        "y = tf.tensor_scatter_nd_update(v, [  # why\n    [[0], [2]]], [1.0])",
    ),
    row(
        "TFS111",
        "dtype-cast",
        "unsafe",
        "@tf.function\ndef g():\n    v.scatter_nd_update([[0]], x)",
        given=f"{PLAIN}\nx = tf.constant([1.0], tf.float64)",
    ),
    row(
        "TFS111",
        "name-shadowed",
        "none",
        "@tf.function\ndef g(tf=None):\n    v.scatter_nd_update([[0]], x)",
        given=f"{PLAIN}\nx = tf.constant([1.0], tf.float64)",
    ),
    row("TFS201", "maybe-distributed", "unsafe", trip("a[0] = 1.0"), given=MIRRORED),
    row(
        "TFS201",
        "keras-variable",
        "none",
        "a = np.array(v)\na[1:3] = 1.0\nv.assign(a)",
        given=KERAS,
    ),
    row("TFS201", "variable-class", "unsafe", trip("a[0] = 1.0"), given=EITHER),
    row("TFS201", "no-gpu-kernel", "unsafe", trip("a[[0, 1]] = [False, True]"), given=BOOLS),
    row("TFS201", "value-escapes", "none", trip("a[0] = 1.0", "print(a)")),
    row("TFS201", "statement-between", "none", trip("a[0] = 1.0", "g()"), params="g"),
    row("TFS201", "loop-of-updates", "none", trip("for i in range(3):", "    a[i] = 1.0")),
    row(
        "TFS201",
        "maybe-negative-index",
        "none",
        trip("a[i] = 1.0", "a[j] = 2.0"),
        params="i: int, j: int",
    ),
    row("TFS201", "maybe-out-of-range", "none", trip("a[1] = 1.0", "a[7] = 2.0")),
    row("TFS201", "maybe-duplicate-index", "none", trip("a[[1, 1]] = 1.0", "a[0] = 2.0")),
    row("TFS201", "batch-shape", "none", trip("a[0] *= 2.0", "a[1] = 1.0")),
    row(
        "TFS201",
        "unknown-rank",
        "unsafe",
        trip("a[0] = 1.0"),
        given=ANY_RANK,
    ),
    row("TFS201", "unknown-rank", "none", trip("a[[0, 1]] = 1.0"), given=ANY_RANK),
    row("TFS201", "unknown-index", "unsafe", trip("a[i] = 1.0"), params="i"),
    row("TFS201", "unknown-index", "none", trip("a[i] = 1.0"), params="i: np.ndarray"),
    row("TFS201", "unknown-shape", "unsafe", trip("a[1:] = tf.cast(x, tf.float32)"), params="x"),
    row("TFS201", "unknown-shape", "none", trip("a[[0, 1]] = x"), params="x"),
    row(
        "TFS201",
        "unknown-dtype",
        "unsafe",
        trip("a[0] = 1.0"),
        given=ANY_DTYPE,
    ),
    row("TFS201", "unknown-value", "none", trip("a[v < 0.0] = [1.0, 2.0]")),
    row("TFS201", "unknown-value", "unsafe", trip("a[0] = x"), params="x"),
    row("TFS201", "dtype-cast", "unsafe", trip("a[1:3] = x"), params="x: float"),
    row("TFS201", "dtype-cast", "none", trip("a[0] = 1.5"), given=INTS),
    row("TFS201", "value-out-of-dtype", "unsafe", trip("a[0] = n"), given=UINT8, params="n: int"),
    row("TFS201", "value-out-of-dtype", "none", trip("a[0] = 300"), given=UINT8),
    row("TFS201", "always-raises", "none", trip("a[1:3] = tf.ones([4])")),
    row("TFS201", "mixed-precision", "unsafe", trip("a[0] = 1.0"), given=MIXED),
    row("TFS201", "inexact-operator", "none", trip("a[0] **= 2.0")),
    row("TFS201", "caught-exception", "unsafe", handled(trip("a[i] = 1.0")), params="i: int"),
    row("TFS201", "side-effects", "unsafe", trip("a[0] = np.random.rand()")),
    row("TFS201", "graph-mode", "unsafe", trip("a[0] = 1.0"), given=GRAPH),
    row("TFS201", "name-shadowed", "none", trip("a[a < 0.0] = 0.0"), params="tf"),
    row("TFS201", "name-shadowed", "unsafe", trip("a[0] = 1.0"), given=DYNAMIC),
    row("TFS201", "comment-inside", "none", trip("a[0] = 1.0  # why")),
    row("TFS201", "no-rewrite", "none", trip("a[0] = 1.0; a[1] = 2.0")),
    row("TFS301", "maybe-distributed", "unsafe", SCATTER.format("[[0]]", "[1.0]"), given=MIRRORED),
    row(
        "TFS301",
        "variable-class",
        "unsafe",
        SCATTER.format("[[0]]", "[1.0]"),
        given="",
        params="v",
    ),
    row(
        "TFS301",
        "unknown-dtype",
        "unsafe",
        SCATTER.format("[[0]]", "[1.0]"),
        given=ANY_DTYPE,
    ),
    row("TFS301", "unknown-rank", "unsafe", SCATTER.format("places", "[1.0]"), params="places"),
    row("TFS301", "dtype-cast", "unsafe", SCATTER.format("[[0]]", "x"), params="x"),
    row(
        "TFS301",
        "index-dtype",
        "unsafe",
        SCATTER.format("tf.reshape(places, [-1, 1])", "[1.0]"),
        given=COMPILED,
        params="places",
    ),
    row(
        "TFS301",
        "caught-exception",
        "unsafe",
        handled(SCATTER.format("[[i]]", "[1.0]")),
        params="i: int",
    ),
    row("TFS301", "no-gpu-kernel", "unsafe", SCATTER.format("[[0]]", "[True]"), given=BOOLS),
    row(
        "TFS301",
        "no-xla-kernel",
        "unsafe",
        "v.assign(tf.tensor_scatter_nd_max(v, [[0]], [1.0]))",
        given=COMPILED,
    ),
    row(
        "TFS301",
        "value-escapes",
        "none",
        "t = tf.tensor_scatter_nd_update(v, [[0]], [1.0])\nv.assign(t)\nreturn t",
    ),
    row(
        "TFS301",
        "value-escapes",
        "unsafe",
        "pass",
        given=f"{PLAIN}\nt = tf.tensor_scatter_nd_update(v, [[0]], [1.0])\nv.assign(t)",
        imported=True,
    ),
    row(
        "TFS301",
        "statement-between",
        "unsafe",
        "t = tf.tensor_scatter_nd_update(v, [[0]], [1.0])\ng()\nv.assign(t)",
        params="g",
    ),
    row(
        "TFS301",
        "side-effects",
        "unsafe",
        "v.assign(tf.tensor_scatter_nd_update(v.value(), [[g()]], [1.0]))",
        params="g",
    ),
    row("TFS301", "graph-mode", "unsafe", SCATTER.format("[[0]]", "[1.0]"), given=GRAPH),
    row("TFS301", "no-rewrite", "unsafe", SCATTER.format("[[0]]", '[1.0], name="x"')),
    row(
        "TFS301",
        "no-rewrite",
        "none",
        "t = tf.tensor_scatter_nd_update(v, [[0]], [1.0]); v.assign(t)",
    ),
    row(
        "TFS301",
        "no-rewrite",
        "declined",
        SCATTER.format("[[0]]", "[1.0]"),
        style="functional",
    ),
    row("TFS301", "name-shadowed", "unsafe", SCATTER.format("[[0]]", "[1.0]"), given=DYNAMIC),
    row(
        "TFS301",
        "comment-inside",
        "none",
        SCATTER.replace("(tf", "(  # why\n    tf").format("[[0]]", "[1.0]"),
    ),
    row("TFS301", "keras-variable", "declined", SCATTER.format("[[0]]", "[1.0]"), given=KERAS),
    row(
        "TFS301",
        "read-densely",
        "declined",
        SCATTER.format("[[0]]", "[1.0]") + "\nreturn tf.reduce_sum(v) + tf.reduce_max(v)",
    ),
    row("TFS105", "changes-meaning", "unsafe", SCATTERED.format("[[0]]", "[1.0]")),
    row(
        "TFS105",
        "maybe-distributed",
        "unsafe",
        SCATTERED.format("[[0]]", "[1.0]"),
        given="",
        params="v: tf.Variable",
    ),
    row("TFS105", "unknown-rank", "none", SCATTERED.format("i", "[1.0]"), params="i"),
    row("TFS105", "variable-class", "none", SCATTERED.format("[[0]]", "[1.0]"), given=EITHER),
    row("TFS105", "dtype-cast", "none", SCATTERED.format("[[0]]", "tf.constant([1])")),
    row("TFS105", "always-raises", "none", SCATTERED.format("[[0]]", "1.0")),
    row("TFS105", "side-effects", "none", SCATTERED.format("[[(i := 0)]]", "[1.0]")),
    row("TFS105", "graph-mode", "none", "tf.compat.v1.tensor_scatter_nd_update(v, [[0]], [1.0])"),
    row(
        "TFS105",
        "comment-inside",
        "none",
        "tf.tensor_scatter_nd_update(\n    v,  # why\n    [[0]],\n    [1.0],\n)",
    ),
    row("TFS105", "no-rewrite", "none", SCATTERED.format("[[0]]", "[1.0]"), params="v"),
    row("TFS106", "changes-meaning", "unsafe", held("self.v = self.v + i")),
    row(
        "TFS106",
        "maybe-distributed",
        "unsafe",
        held(BOUND.format("[[0]]", "[1.0]"), "self.add_weight(shape=(5,))", "tf_keras.Model"),
        given="import tf_keras",
    ),
    row("TFS106", "unknown-rank", "none", held(BOUND.format("i", "[1.0]"))),
    row(
        "TFS106",
        "variable-class",
        "none",
        held(
            BOUND.format("[[0]]", "[1.0]"),
            "tf.Variable([1.0])\n        if c:\n            self.v = keras.Variable([1.0])",
        ),
        given="import keras",
    ),
    row("TFS106", "dtype-cast", "none", held("self.v = self.v / 2", "tf.Variable(1)")),
    row("TFS106", "always-raises", "none", held(BOUND.format("[[0]]", "1.0"))),
    row("TFS106", "side-effects", "none", held(BOUND.format("[[(i := 0)]]", "[1.0]"))),
    row(
        "TFS106",
        "graph-mode",
        "none",
        held("self.v = tf.compat.v1.tensor_scatter_nd_update(self.v, [[0]], [1.0])"),
    ),
    row(
        "TFS106",
        "comment-inside",
        "none",
        held(BOUND.replace("self.v, {}", "self.v,  # why\n    {}").format("[[0]]", "[1.0]")),
    ),
    row("TFS106", "no-rewrite", "none", held("self.v = self.v + (i := 1)")),
    row("TFS102", "value-escapes", "unsafe", "t[t > 0.0] = 1.0", params="t: tf.Tensor"),
    row("TFS102", "value-escapes", "none", f"{TENSOR}\nb = t\nt[0] = 1.0"),
    row("TFS102", "maybe-negative-index", "none", f"{TENSOR}\nt[i] = 1.0", params="i: int"),
    row("TFS102", "maybe-out-of-range", "none", f"{TENSOR}\nt[5] = 1.0"),
    row("TFS102", "maybe-duplicate-index", "none", f"{TENSOR}\nt[[0, 0]] = 1.0"),
    row("TFS102", "unknown-index", "none", f"{TENSOR}\nt[i] = 1.0", params="i"),
    row("TFS102", "unknown-rank", "none", "t[0] = 1.0", params="t: tf.Tensor"),
    row(
        "TFS102",
        "index-dtype",
        "none",
        "t = tf.zeros([n, n])\nfor i in range(n):\n    for k in range(n):\n        t[i, k] = 1.0",
        params="n",
    ),
    row("TFS102", "unknown-shape", "none", f"{TENSOR}\nt[0] = x", params="x"),
    row(
        "TFS102",
        "unknown-shape",
        "unsafe",
        f"{TENSOR}\nt[x > 0.0] = 1.0",
        params="x: np.ndarray",
    ),
    row(
        "TFS102",
        "unknown-dtype",
        "unsafe",
        "t = tf.constant(float(x), shape=[5])\nt[0] = 1.0",
        params="x",
    ),
    row(
        "TFS102",
        "unknown-value",
        "unsafe",
        f"{TENSOR}\nfor x in range(n):\n    t[0] = x",
        params="n",
    ),
    row("TFS102", "unknown-value", "none", f"{TENSOR}\nt[t > 0.0] = [1.0]"),
    row("TFS102", "dtype-cast", "unsafe", f"{TENSOR}\nt[t > 0.0] = x", params="x: float"),
    row("TFS102", "dtype-cast", "none", "t = tf.zeros([5], tf.int32)\nt[0] = 1.5"),
    row(
        "TFS102",
        "value-out-of-dtype",
        "unsafe",
        "t = tf.zeros([5], tf.int32)\nt[0] = k",
        params="k: int",
    ),
    row("TFS102", "value-out-of-dtype", "none", "t = tf.zeros([5], tf.uint8)\nt[0] = 300"),
    row("TFS102", "always-raises", "none", f"{TENSOR}\nt[0, 1] = 1.0"),
    row("TFS102", "inexact-operator", "none", f"{TENSOR}\nt[0] **= 2.0"),
    row(
        "TFS102",
        "evaluation-order",
        "unsafe",
        f"{TENSOR}\nt[0] = tf.reshape(tf.cast(g(), tf.float32), [])",
        params="g",
    ),
    row("TFS102", "side-effects", "none", f"{TENSOR}\nt[g()] += 1.0", params="g"),
    row("TFS102", "caught-exception", "unsafe", f"{TENSOR}\nt[0] = 1.0\n{handled('print()')}"),
    row("TFS102", "graph-mode", "unsafe", f"{TENSOR}\nt[0] = 1.0", given=GRAPH),
    row(
        "TFS102",
        "name-shadowed",
        "none",
        "t = zeros([5])\nt[0] = 1.0",
        given="from tensorflow import zeros",
        params="tf",
    ),
    row("TFS102", "name-shadowed", "unsafe", f"{TENSOR}\nt[0] = 1.0", given=DYNAMIC),
    row("TFS102", "comment-inside", "none", f"{TENSOR}\nt[\n    0  # why\n] = 1.0"),
    row("TFS102", "no-rewrite", "none", f"{TENSOR}\nt[1:3] = 1.0"),
    row("TFS204", "changes-meaning", "unsafe", tensor_trip("a[0] = 1.0") + "\ntf.GradientTape()"),
    row("TFS204", "value-escapes", "none", tensor_trip("a[0] = 1.0") + "\nprint(a)"),
    row("TFS204", "statement-between", "none", tensor_trip("g()", "a[0] = 1.0"), params="g"),
    row("TFS204", "loop-of-updates", "none", tensor_trip("for k in range(5):", "    a[k] = 1.0")),
    row(
        "TFS204",
        "side-effects",
        "unsafe",
        tensor_trip("a[0] = tf.reshape(tf.cast(g(), tf.float32), [])"),
        params="g",
    ),
    row("TFS204", "maybe-negative-index", "none", tensor_trip("a[i] = 1.0"), params="i: int"),
    row("TFS204", "maybe-out-of-range", "none", tensor_trip("a[5] = 1.0")),
    row("TFS204", "maybe-duplicate-index", "none", tensor_trip("a[0] = 1.0", "a[0] = 2.0")),
    row("TFS204", "unknown-index", "none", tensor_trip("a[i] = 1.0"), params="i"),
    row(
        "TFS204",
        "index-dtype",
        "none",
        "for i in range(n):\n    for k in range(n):\n"
        + indent(tensor_trip("a[i, k] = 1.0", made="tf.zeros([n, n])"), "        "),
        params="n",
    ),
    row("TFS204", "unknown-rank", "none", tensor_trip("a[a > 0.0] = 1.0", made="tf.constant(1.0)")),
    row("TFS204", "unknown-shape", "none", tensor_trip("a[0] = x"), params="x"),
    row(
        "TFS204", "unknown-shape", "unsafe", tensor_trip("a[x > 0.0] = 1.0"), params="x: np.ndarray"
    ),
    row(
        "TFS204",
        "unknown-dtype",
        "unsafe",
        tensor_trip("a[0] = 1.0", made="tf.constant(float(x), shape=[5])"),
        params="x",
    ),
    row("TFS204", "unknown-value", "unsafe", tensor_trip("a[0] = True")),
    row("TFS204", "unknown-value", "none", tensor_trip("a[a > 0.0] = [1.0]")),
    row("TFS204", "dtype-cast", "unsafe", tensor_trip("a[a > 0.0] = x"), params="x: float"),
    row("TFS204", "dtype-cast", "none", tensor_trip("a[0] = 1.5", made="tf.zeros([5], tf.int32)")),
    row(
        "TFS204",
        "value-out-of-dtype",
        "unsafe",
        tensor_trip("a[0] = k", made="tf.zeros([5], tf.int32)"),
        params="k: int",
    ),
    row(
        "TFS204",
        "value-out-of-dtype",
        "none",
        tensor_trip("a[0] = 300", made="tf.zeros([5], tf.uint8)"),
    ),
    row("TFS204", "always-raises", "none", tensor_trip("a[0, 1] = 1.0")),
    row("TFS204", "inexact-operator", "none", tensor_trip("a[0] **= 2.0")),
    row("TFS204", "batch-shape", "none", tensor_trip("a[0] = 1.0", "a[1] += 1.0")),
    row(
        "TFS204",
        "caught-exception",
        "unsafe",
        tensor_trip("a[0] = 1.0") + "\n" + handled("print()"),
    ),
    row("TFS204", "graph-mode", "unsafe", tensor_trip("a[0] = 1.0"), given=GRAPH),
    row("TFS204", "name-shadowed", "unsafe", tensor_trip("a[0] = 1.0"), given=DYNAMIC),
    row(
        "TFS204",
        "name-shadowed",
        "none",
        "t = zeros([5])\na = t.numpy()\na[0] = 1.0\nt = constant(a)",
        given="from tensorflow import constant, zeros",
        params="tf",
    ),
    row("TFS204", "comment-inside", "none", tensor_trip("a[0] = 1.0  # why")),
    row("TFS204", "no-rewrite", "none", tensor_trip("a[1:3] = 1.0")),
    row("TFS305", "maybe-duplicate-index", "unsafe", DELTA.format("[[0], [0]]", "[1.0, 2.0]")),
    row(
        "TFS305",
        "unknown-shape",
        "unsafe",
        "v.assign_add(tf.scatter_nd([[0]], [1.0], s))",
        params="s",
    ),
    row(
        "TFS305",
        "unknown-dtype",
        "unsafe",
        DELTA.format("[[0]]", "[1.0]"),
        given=ANY_DTYPE.replace("float(", "tf.zeros([5], "),
    ),
    row("TFS305", "dtype-cast", "unsafe", DELTA.format("[[0]]", "tf.reshape(x, [1])"), params="x"),
    row(
        "TFS305",
        "unknown-index",
        "unsafe",
        "v.assign_add(tf.scatter_nd(tf.reshape(i, [-1, 1]), [1], tf.shape(v)))",
        given=INTS,
        params="i",
    ),
    row(
        "TFS305",
        "index-dtype",
        "unsafe",
        DELTA.format("tf.reshape(i, [-1, 1])", "[1]"),
        given=COMPILED.replace(PLAIN, INTS),
        params="i",
    ),
    row("TFS305", "unknown-rank", "unsafe", DELTA.format("i", "[1]"), given=INTS, params="i"),
    row(
        "TFS305",
        "side-effects",
        "unsafe",
        "v.assign_add(tf.scatter_nd([[0]], [1.0], [s()]))",
        params="s",
    ),
    row("TFS305", "maybe-distributed", "unsafe", DELTA.format("[[0]]", "[1.0]"), given=MIRRORED),
    row(
        "TFS305",
        "variable-class",
        "unsafe",
        "v.assign_add(tf.scatter_nd([[0]], [1.0], [5]))",
        given=EITHER,
    ),
    row(
        "TFS305",
        "caught-exception",
        "unsafe",
        handled(DELTA.format("[[0], [n]]", "[1, 2]")),
        given=INTS,
        params="n: int",
    ),
    row("TFS305", "graph-mode", "unsafe", DELTA.format("[[0]]", "[1.0]"), given=GRAPH),
    row("TFS305", "name-shadowed", "unsafe", DELTA.format("[[0]]", "[1.0]"), given=DYNAMIC),
    row(
        "TFS305",
        "no-rewrite",
        "unsafe",
        DELTA.format("[[0]]", "[1.0]").replace("v.shape", "v.shape, name='n'"),
    ),
    row("TFS305", "no-rewrite", "none", "v.assign_add(tf.one_hot(2, 5) * 3.0)"),
    row("TFS305", "always-raises", "none", DELTA.format("[[-1]]", "[1.0]")),
    row(
        "TFS305",
        "comment-inside",
        "none",
        "v.assign_add(tf.scatter_nd([[0]], [1.0],  # once\n    v.shape))",
    ),
    row("TFS305", "keras-variable", "declined", DELTA.format("[[0]]", "[1.0]"), given=KERAS),
    row(
        "TFS305",
        "read-densely",
        "declined",
        "y = v + 1.0, v * 2.0\n" + DELTA.format("[[0]]", "[1.0]"),
    ),
    row("TFS305", "no-rewrite", "declined", DELTA.format("[[0]]", "[1.0]"), style="functional"),
    row("TFS501", "maybe-distributed", "unsafe", OLD.format("[[0]]", "[1.0]"), given=MIRRORED),
    row(
        "TFS501",
        "variable-class",
        "unsafe",
        OLD.format("[[0]]", "[1.0]"),
        given="v = tf.compat.v1.Variable(tf.zeros([5]))",
    ),
    row("TFS501", "graph-mode", "unsafe", "return " + OLD.format("[[0]]", "[1.0]")),
    row("TFS501", "graph-mode", "declined", OLD.format("[[0]]", "[1.0]"), given=GRAPH),
    row(
        "TFS501",
        "evaluation-order",
        "unsafe",
        "tf.compat.v1.scatter_add(v, i(), x())",
        params="i, x",
    ),
    row("TFS501", "unknown-rank", "unsafe", OLD.format("i", "[1.0]"), params="i"),
    row("TFS501", "dtype-cast", "unsafe", OLD.format("[[0]]", "x"), params="x"),
    row(
        "TFS501",
        "index-dtype",
        "unsafe",
        OLD.format("tf.reshape(i, [-1, 1])", "[1.0]"),
        given=COMPILED,
        params="i",
    ),
    row(
        "TFS501",
        "caught-exception",
        "unsafe",
        handled("print(1)") + "\ntf.compat.v1.scatter_add(v, [0], [1.0])",
    ),
    row("TFS501", "name-shadowed", "unsafe", OLD.format("[[0]]", "[1.0]"), given=DYNAMIC),
    row(
        "TFS501",
        "name-shadowed",
        "none",
        "scatter_add(v, [0], [1.0])",
        given="from tensorflow.compat.v1 import scatter_add\n" + PLAIN,
        params="tf",
    ),
    row("TFS501", "always-raises", "unsafe", "tf.scatter_nd_update(v, [[0]], [1.0])"),
    row("TFS501", "always-raises", "none", OLD.format("[[-1]]", "[1.0]")),
    row("TFS501", "unknown-index", "none", "tf.compat.v1.assign(v[[0, 2]], 1.0)"),
    row("TFS501", "no-rewrite", "none", OLD.format("[[0]]", "[1.0], name='n'")),
    row("TFS501", "side-effects", "none", "tf.compat.v1.scatter_add((u := v), [0], [1.0])"),
    row(
        "TFS501", "comment-inside", "none", "tf.compat.v1.scatter_add(v, [0],  # first\n    [1.0])"
    ),
    row("TFS502", "unknown-rank", "unsafe", KSCATTER.format("i", "[1.0]"), given=KERAS, params="i"),
    row(
        "TFS502",
        "unknown-index",
        "unsafe",
        KSCATTER.format("[[i]]", "[1.0]"),
        given=KERAS,
        params="i",
    ),
    row(
        "TFS502",
        "unknown-dtype",
        "unsafe",
        KSCATTER.format("[[0]]", "[1.0]"),
        given=KERAS.replace(", dtype='float32'", ""),
    ),
    row(
        "TFS502", "unknown-value", "unsafe", KSCATTER.format("[[0]]", "x"), given=KERAS, params="x"
    ),
    row(
        "TFS502",
        "dtype-cast",
        "unsafe",
        KSCATTER.format("[[0]]", "tf.reshape(x, [1])"),
        given=KERAS,
        params="x",
    ),
    row(
        "TFS502",
        "value-out-of-dtype",
        "unsafe",
        KSCATTER.format("[[0]]", "[300]"),
        given=KERAS.replace("float32", "uint8"),
    ),
    row(
        "TFS502",
        "always-raises",
        "unsafe",
        "return " + KSCATTER.format("[[0]]", "[1.0]"),
        given=KERAS,
    ),
    row("TFS502", "always-raises", "none", KSCATTER.format("[[-1]]", "[1.0]"), given=KERAS),
    row("TFS502", "mixed-precision", "unsafe", KSCATTER.format("[[0]]", "[1.0]"), given=MIXED),
    row(
        "TFS502",
        "caught-exception",
        "unsafe",
        handled("print(1)") + "\n" + KSCATTER.format("[[0]]", "[1.0]"),
        given=KERAS,
    ),
    row(
        "TFS502",
        "graph-mode",
        "unsafe",
        KSCATTER.format("[[0]]", "[1.0]"),
        given=GRAPH.replace(PLAIN, KERAS),
    ),
    row(
        "TFS502",
        "name-shadowed",
        "unsafe",
        KSCATTER.format("[[0]]", "[1.0]"),
        given=DYNAMIC.replace(PLAIN, KERAS),
    ),
    row(
        "TFS502",
        "name-shadowed",
        "none",
        KSCATTER.format("[[0]]", "[1.0]"),
        given=KERAS,
        params="tf",
    ),
    row("TFS502", "side-effects", "none", "(u := v).scatter_nd_update([[0]], [1.0])", given=KERAS),
    row(
        "TFS502",
        "no-rewrite",
        "none",
        "v.scatter_update(tf.IndexedSlices([1.0], [0]))",
        given=KERAS,
    ),
    row(
        "TFS502",
        "comment-inside",
        "none",
        "(v  # all\n    .scatter_nd_update([[0]], [1.0]))",
        given=KERAS,
    ),
]


def fix_of(finding: Finding) -> str:
    if finding.declined:
        return "declined"
    return "none" if finding.fix is None else finding.fix.applicability.value


@pytest.mark.parametrize(
    "row", [pytest.param(row, id=f"{row.code}-{row.reason}-{row.fix}") for row in ROWS]
)
def test_the_page_says_when_and_what(row: Row, tmp_path: Path) -> None:
    text = f"import numpy as np\nimport tensorflow as tf\n\n{row.program}"
    if row.imported:
        (tmp_path / "user.py").write_text("import example\n")
    settings = Settings(rewrite=row.style)
    outcome = check(Job(str(tmp_path / "example.py"), settings, text.encode()))
    found = [finding for finding in outcome.found if finding.rule.code == row.code]
    assert [(each.reason, fix_of(each)) for each in found] == [(row.reason, row.fix)]
    assert (row.reason, row.fix) in claims(row.code)


@pytest.mark.parametrize("code", PROVED)
def test_every_row_of_a_table_is_shown(code: str) -> None:
    assert set(claims(code)) == {(row.reason, row.fix) for row in ROWS if row.code == code}

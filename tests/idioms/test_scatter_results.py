"""TFS105 and TFS106: results of scatters, and of arithmetic, that never reach their variable."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest
from idioms.conftest import Look, fixed

from tflint_slice.model import Applicability, Reason

HEAD = """\
import unittest
import keras
import numpy as np
import tensorflow as tf

v = tf.Variable(tf.zeros([4, 3]))
w = tf.Variable(tf.zeros([5]))
k = keras.Variable(tf.zeros([5]), dtype="float32")
t = tf.zeros([5])
"""


def method(body: str, *, made: str = "tf.Variable(tf.zeros([5]))", more: str = "") -> str:
    """A class with the variable ``self.v``, in one of whose methods ``body`` stands."""
    return (
        "class Table(tf.Module):\n"
        "    def __init__(self):\n"
        f"        self.v = {made}\n"
        "        self.n = tf.Variable(tf.zeros([2], tf.int32))\n"
        "\n"
        "    def change(self, i, x, other=None):\n"
        f"{indent(dedent(body), '        ')}\n"
        f"{indent(dedent(more), '    ')}"
    )


def layer(body: str, base: str = "keras.layers.Layer") -> str:
    """The same with the weight ``self.w`` of a layer."""
    return (
        f"class Layer({base}):\n"
        "    def build(self, shape):\n"
        '        self.w = self.add_weight(shape=(3,), dtype="float32")\n'
        "\n"
        "    def call(self, x):\n"
        f"{indent(dedent(body), '        ')}\n"
        "        return x\n"
    )


UPDATE = "tf.tensor_scatter_nd_update"

DISCARDED = [
    pytest.param(
        f"{UPDATE}(w, [[1]], [2.0])", "w.scatter_nd_update([[1]], [2.0])", id="of-a-variable"
    ),
    pytest.param(
        "tf.tensor_scatter_nd_sub(updates=[1.0], tensor=w, indices=[[1]])",
        "w.scatter_nd_sub(updates=[1.0], indices=[[1]])",
        id="keywords",
    ),
    pytest.param(
        "tf.tensor_scatter_nd_max(v, [[1, 2]], [1.0])",
        "v.scatter_nd_max([[1, 2]], [1.0])",
        id="maximum",
    ),
    pytest.param(
        f"{UPDATE}(k, [[1]], [2.0])",
        f"k.assign({UPDATE}(k, [[1]], [2.0]))",
        id="of-a-keras-3-variable",
    ),
    pytest.param(
        f"{UPDATE}(\n    w,\n    [[1]],  # why\n    [2.0],\n)",
        "w.scatter_nd_update(\n    [[1]],  # why\n    [2.0],\n)",
        id="layout-kept",
    ),
    pytest.param(
        f"if i:= 1: {UPDATE}(w, [[i]], [2.0]); print(w)",
        "if i:= 1: w.scatter_nd_update([[i]], [2.0]); print(w)",
        id="among-others-on-a-line",
    ),
    pytest.param(
        f"{UPDATE}(t, [[1]], [2.0])\nprint(t)",
        f"t = {UPDATE}(t, [[1]], [2.0])\nprint(t)",
        id="of-a-tensor-that-is-read-later",
    ),
    pytest.param(
        f"({UPDATE}(t, [[1]], [2.0]))\nprint(t)",
        f"t = ({UPDATE}(t, [[1]], [2.0]))\nprint(t)",
        id="of-a-tensor-in-parentheses",
    ),
    pytest.param(
        f"({UPDATE}(w, [[1]], [2.0]))",
        "(w.scatter_nd_update([[1]], [2.0]))",
        id="of-a-variable-in-parentheses",
    ),
    pytest.param(
        f"def f():\n    y = tf.zeros([5])\n    for i in range(3):\n"
        f"        {UPDATE}(y, [[i]], [2.0])\n    return y",
        f"def f():\n    y = tf.zeros([5])\n    for i in range(3):\n"
        f"        y = {UPDATE}(y, [[i]], [2.0])\n    return y",
        id="of-a-tensor-in-a-loop",
    ),
    pytest.param(
        f"def f():\n    y = tf.zeros([5])\n    for i in range(3):\n        print(y)\n"
        f"        {UPDATE}(y, [[i]], [2.0])",
        f"def f():\n    y = tf.zeros([5])\n    for i in range(3):\n        print(y)\n"
        f"        y = {UPDATE}(y, [[i]], [2.0])",
        id="of-a-tensor-that-the-next-turn-reads",
    ),
    pytest.param(
        f"def test_it_changes():\n    y = tf.zeros([5])\n    {UPDATE}(y, [[1]], [2.0])\n"
        "    assert y[1] == 2.0",
        f"def test_it_changes():\n    y = tf.zeros([5])\n    y = {UPDATE}(y, [[1]], [2.0])\n"
        "    assert y[1] == 2.0",
        id="in-a-test-that-looks-at-it",
    ),
    pytest.param(
        f"with tf.device('CPU:0'):\n    {UPDATE}(w, [[1]], [2.0])",
        "with tf.device('CPU:0'):\n    w.scatter_nd_update([[1]], [2.0])",
        id="on-a-device",
    ),
    pytest.param(
        method(f"{UPDATE}(self.v, [[i]], [x])"),
        method("self.v.scatter_nd_update([[i]], [x])"),
        id="of-an-attribute",
    ),
]

REBOUND = [
    pytest.param(
        method(f"self.v = {UPDATE}(self.v, [[i]], [x])  # why"),
        method("self.v.scatter_nd_update([[i]], [x])  # why"),
        id="scatter",
    ),
    pytest.param(
        method(
            f"self.v = ({UPDATE}(\n    self.v,\n    [[i]],  # why\n    [x]))",
        ),
        method("self.v.scatter_nd_update(\n    [[i]],  # why\n    [x])"),
        id="scatter-in-parentheses",
    ),
    pytest.param(
        layer(f"self.w = {UPDATE}(self.w, [[0]], [1.0])"),
        layer(f"self.w.assign({UPDATE}(self.w, [[0]], [1.0]))"),
        id="scatter-of-a-keras-3-weight",
    ),
    pytest.param(method("self.v = self.v + x"), method("self.v.assign(self.v + x)"), id="sum"),
    pytest.param(
        method("self.v=self.v*(x-i)"), method("self.v.assign(self.v*(x-i))"), id="no-spaces"
    ),
    pytest.param(
        method("self.v = (self.v\n          - x)  # why"),
        method("self.v.assign(self.v\n          - x)  # why"),
        id="over-two-lines",
    ),
    pytest.param(
        method("self.v = (self.v) + (x)"),
        method("self.v.assign((self.v) + (x))"),
        id="terms-in-parentheses",
    ),
    pytest.param(
        method("self.v = 0.9 * self.v + 0.1 * x"),
        method("self.v.assign(0.9 * self.v + 0.1 * x)"),
        id="moving-average",
    ),
    pytest.param(
        method("self.n //= x + 1"), method("self.n.assign(self.n // (x + 1))"), id="floor-divide"
    ),
    pytest.param(
        method("self.n %= other or 2; print(i)"),
        method("self.n.assign(self.n % (other or 2)); print(i)"),
        id="modulo",
    ),
    pytest.param(
        method("self.v //= (2 +\n            x)"),
        method("self.v.assign(self.v // (2 +\n            x))"),
        id="operand-over-two-lines",
    ),
    pytest.param(layer("self.w += x"), layer("self.w.assign(self.w + x)"), id="keras-3-add"),
    pytest.param(
        layer("self.w **= -x"), layer("self.w.assign(self.w ** (-x))"), id="keras-3-power"
    ),
    pytest.param(
        method("self.v = self.v + x", more="def drop(self):\n    self.v = None\n"),
        method("self.v.assign(self.v + x)", more="def drop(self):\n    self.v = None\n"),
        id="none-elsewhere",
    ),
    pytest.param(
        "class Base(tf.Module):\n    def __init__(self):\n        self.v = tf.Variable(1.0)\n"
        "class Derived(Base):\n    def f(self):\n        self.v = self.v * 2.0\n",
        "class Base(tf.Module):\n    def __init__(self):\n        self.v = tf.Variable(1.0)\n"
        "class Derived(Base):\n    def f(self):\n        self.v.assign(self.v * 2.0)\n",
        id="made-in-a-base-class-in-view",
    ),
    pytest.param(
        f"def f():\n    y = tf.Variable([1.0, 2.0])\n    y = {UPDATE}(y, [[0]], [3.0])\n"
        "    print(y.numpy())\n    return y",
        "def f():\n    y = tf.Variable([1.0, 2.0])\n    y.scatter_nd_update([[0]], [3.0])\n"
        "    print(y.numpy())\n    return y",
        id="local-name",
    ),
]


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        *(pytest.param("TFS105", *row.values, id=f"discarded-{row.id}") for row in DISCARDED),
        *(pytest.param("TFS106", *row.values, id=f"rebound-{row.id}") for row in REBOUND),
    ],
)
def test_mended(look: Look, code: str, before: str, after: str) -> None:
    (found,) = look(HEAD + before)
    assert found.rule.code == code
    assert found.reason is Reason.CHANGES_MEANING
    assert fixed(HEAD + before, [found], Applicability.UNSAFE) == HEAD + after
    assert fixed(HEAD + before, [found], Applicability.SAFE) == HEAD + before
    assert [one for one in look(HEAD + after) if not one.declined] == []


def test_the_fixes_of_two_rebindings_bring_no_finding(look: Look) -> None:
    """What else is wrong with the attribute is found before its binding is mended, too."""
    before = method("self.v = self.v + x\nself.n %= 2\nself.v[0] = 1.0")
    findings = look(HEAD + before)
    assert sorted(found.rule.code for found in findings) == ["TFS101", "TFS106", "TFS106"]
    after = fixed(HEAD + before, findings, Applicability.UNSAFE, Applicability.SAFE)
    assert after == HEAD + method(
        "self.v.assign(self.v + x)\nself.n.assign(self.n % 2)\nself.v[0].assign(1.0)"
    )
    assert look(after) == []


REFUSED = [
    pytest.param("TFS105", f"{UPDATE}(t, [[1]], [2.0])", Reason.NO_REWRITE, id="never-read-again"),
    pytest.param(
        "TFS105",
        f"def f(y):\n    {UPDATE}(y, [[1]], [2.0])\n    return y",
        Reason.NO_REWRITE,
        id="of-who-knows-what",
    ),
    pytest.param(
        "TFS105",
        f"def f(y: tf.Tensor):\n    {UPDATE}(y, [[1]], [2.0])\n    return y",
        Reason.NO_REWRITE,
        id="of-a-parameter",
    ),
    pytest.param(
        "TFS105",
        f"def f(y: tf.Tensor):\n    {UPDATE}(y, [[1]], [2.0])\n    y = y + 1\n    return y",
        Reason.NO_REWRITE,
        id="of-a-parameter-that-is-bound-later",
    ),
    pytest.param(
        "TFS105",
        f"def f():\n    global t\n    {UPDATE}(t, [[1]], [2.0])\n    return t",
        Reason.NO_REWRITE,
        id="of-a-global-name",
    ),
    pytest.param(
        "TFS105",
        f"def f():\n    {UPDATE}(t, [[1]], [2.0])\n    return t",
        Reason.NO_REWRITE,
        id="of-a-name-of-the-module",
    ),
    pytest.param("TFS105", f"{UPDATE}(w.value(), [[1]], [2.0])", Reason.NO_REWRITE, id="of-a-read"),
    pytest.param("TFS105", f"def f(a):\n    {UPDATE}(*a)", Reason.NO_REWRITE, id="starred"),
    pytest.param(
        "TFS105", f"def f(i):\n    {UPDATE}(w, i, [2.0])", Reason.UNKNOWN_RANK, id="rank-of-indices"
    ),
    pytest.param(
        "TFS105",
        f"def f(i):\n    {UPDATE}(w, i, np.ones([2]))",
        Reason.UNKNOWN_RANK,
        id="rank-of-indices-with-an-array-of-another-dtype",
    ),
    pytest.param(
        "TFS105",
        f"{UPDATE}(w, [[1]], tf.constant([2]))",
        Reason.DTYPE_CAST,
        id="updates-of-another-dtype",
    ),
    pytest.param(
        "TFS105", f"{UPDATE}(w, [[1]], [(w := 2.0)])", Reason.SIDE_EFFECTS, id="name-bound-inside"
    ),
    pytest.param(
        "TFS105",
        f"{UPDATE}(\n    w,  # why\n    [[1]],\n    [2.0],\n)",
        Reason.COMMENT_INSIDE,
        id="comment-beside-the-tensor",
    ),
    pytest.param(
        "TFS105",
        f"u = w if v[0, 0] else k\n{UPDATE}(u, [[1]], [2.0])",
        Reason.VARIABLE_CLASS,
        id="of-either-class",
    ),
    pytest.param(
        "TFS105",
        "tf.compat.v1.tensor_scatter_nd_update(w, [[1]], [2.0])",
        Reason.GRAPH_MODE,
        id="of-a-graph",
    ),
    pytest.param(
        "TFS106", method(f"self.v = {UPDATE}(self.v, i, x)"), Reason.UNKNOWN_RANK, id="any-indices"
    ),
    pytest.param(
        "TFS106",
        method("self.n = self.n / 2"),
        Reason.DTYPE_CAST,
        id="quotient-of-ints-is-no-int",
    ),
    pytest.param(
        "TFS106",
        method("self.v = self.v + tf.scatter_nd([[0]], [x], [5])"),
        Reason.NO_REWRITE,
        id="dense-update",
    ),
    pytest.param(
        "TFS106", method("self.v = self.v + (y := x)"), Reason.NO_REWRITE, id="binds-inside"
    ),
    pytest.param(
        "TFS106",
        f"y = tf.Variable([1.0, 2.0])\nu = y\ny = {UPDATE}(y, [[0]], [3.0])",
        Reason.NO_REWRITE,
        id="local-name-with-an-alias",
    ),
    pytest.param(
        "TFS106",
        f"y = tf.Variable([1.0, 2.0])\ny = {UPDATE}(y, [[0]], [3.0])\ny[0] = 1.0",
        Reason.NO_REWRITE,
        id="local-name-used-as-an-array",
    ),
    pytest.param(
        "TFS106",
        f"y = tf.Variable([1.0, 2.0])\ny = {UPDATE}(y, [[0]], [3.0])\na = y.numpy()\na[0] = 1.0",
        Reason.NO_REWRITE,
        id="local-name-copied-to-numpy",
    ),
    pytest.param(
        "TFS106",
        f"y = tf.Variable([1.0, 2.0])\ny = {UPDATE}(y, [[0]], [3.0])\n"
        f"y = {UPDATE}(y, [[1]], [3.0])",
        Reason.NO_REWRITE,
        id="local-name-scattered-twice",
    ),
]


@pytest.mark.parametrize(("code", "text", "reason"), REFUSED)
def test_refused(look: Look, code: str, text: str, reason: Reason) -> None:
    (found,) = [found for found in look(HEAD + text) if found.rule.code == code]
    assert (found.fix, found.reason) == (None, reason)


def test_shapes_that_cannot_fit_are_mended_first(look: Look) -> None:
    text = f"{HEAD}{UPDATE}(w, [1], 2.0)"
    discarded, misfit = look(text)
    assert (discarded.rule.code, discarded.fix) == ("TFS105", None)
    assert discarded.reason is Reason.ALWAYS_RAISES
    once = fixed(text, [misfit], Applicability.UNSAFE)
    twice = fixed(once, look(once), Applicability.UNSAFE)
    assert twice == f"{HEAD}w.scatter_nd_update([[1]], [2.0])"
    assert look(twice) == []


def test_a_variable_made_elsewhere_may_be_distributed(look: Look) -> None:
    text = f"def f(u: tf.Variable):\n    {UPDATE}(u, [[1]], [2.0])"
    (found,) = look(HEAD + text)
    assert found.fix is not None
    assert found.fix.applicability is Applicability.UNSAFE
    assert found.reason is Reason.MAYBE_DISTRIBUTED


CALLED_FOR_SOMETHING_ELSE = [
    pytest.param(
        "class Test(unittest.TestCase):\n    def test(self):\n        y = tf.zeros([2])\n"
        f"        with self.assertRaises(ValueError):\n            {UPDATE}(y, [[9]], [1.0])\n"
        "        print(y)",
        id="expected-to-raise",
    ),
    pytest.param(
        f"try:\n    {UPDATE}(t, [[9]], [1.0])\nexcept Exception:\n    print(t)", id="tried"
    ),
    pytest.param(
        f"import pytest\ndef f():\n    {UPDATE}(t, [[9]], [1.0])\npytest.raises(ValueError, f)",
        id="function-expected-to-raise",
    ),
    pytest.param(
        f"import pytest\n@pytest.mark.xfail\ndef test_f():\n    {UPDATE}(w, [[9]], [1.0])\n"
        "    print(w)",
        id="expected-to-fail",
    ),
    pytest.param(
        f"def bench_scatter(y, i, x):\n    for _ in range(99):\n        {UPDATE}(y, i, x)",
        id="benchmark",
    ),
    pytest.param(
        f"class ScatterBenchmark:\n    def run(self):\n        {UPDATE}(w, [[1]], [1.0])",
        id="benchmark-class",
    ),
    pytest.param(
        f"import time\nstart = time.perf_counter()\n{UPDATE}(w, [[1]], [1.0])\n"
        "print(time.perf_counter() - start)",
        id="timed",
    ),
    pytest.param(
        f"import timeit\nprint(timeit.timeit(lambda: {UPDATE}(w, [[1]], [1.0])))",
        id="timed-lambda",
    ),
    pytest.param(
        f"import timeit\ndef once():\n    {UPDATE}(w, [[1]], [1.0])\nprint(timeit.repeat(once))",
        id="timed-function",
    ),
    pytest.param(
        f"def test_runs():\n    y = tf.zeros([2])\n    {UPDATE}(y, [[1]], [1.0])",
        id="test-that-it-runs",
    ),
    pytest.param(
        f"with Stopwatch():\n    {UPDATE}(w, [[1]], [1.0])", id="context-that-is-not-known"
    ),
    pytest.param(
        f"with tf.profiler.experimental.Trace('x'):\n    {UPDATE}(w, [[1]], [1.0])", id="profiled"
    ),
    pytest.param(f"{UPDATE}(t, [[1]], [1.0], name='changed')", id="op-with-a-name"),
    pytest.param(f"y = {UPDATE}(w, [[1]], [1.0])", id="kept"),
    pytest.param(f"def f():\n    return {UPDATE}(w, [[1]], [1.0])", id="returned"),
    pytest.param(f"print({UPDATE}(w, [[1]], [1.0]))", id="handed-on"),
    pytest.param("w.scatter_nd_update([[1]], [1.0])", id="method-of-a-variable"),
    pytest.param(f"def f(tf):\n    {UPDATE}(w, [[1]], [1.0])", id="another-tf"),
    pytest.param("tf.scatter_nd([[1]], [1.0], [5])", id="another-function"),
]

BOUND_ON_PURPOSE = [
    pytest.param(
        method("self.v = self.v + x", more="def clear(self):\n    self.v = tf.zeros([5])\n"),
        id="bound-to-a-tensor-elsewhere",
    ),
    pytest.param(
        method("self.v = self.v + x", more="def share(self, other):\n    self.v = other.v\n"),
        id="taken-from-another-object",
    ),
    pytest.param(
        method("self.v = self.v + x") + "table = Table()\ntable.v = tf.zeros([5])",
        id="bound-from-outside",
    ),
    pytest.param(
        method("kept = self.v\nself.v = self.v * x\nprint(self.v)\nself.v = kept"),
        id="put-back",
    ),
    pytest.param(method("self.v = tf.Variable(x)\nself.v = self.v / 2.0"), id="made-in-steps"),
    pytest.param(
        method("self.v = self.v + 1", more="def f(self):\n    del self.v\n"), id="deleted"
    ),
    pytest.param(method("self.v = self.v + tf.ones([2, 5])"), id="more-axes-than-the-variable"),
    pytest.param(method("self.v = self.v @ x"), id="matrix-product"),
    pytest.param(method("self.v = tf.sqrt(self.v)"), id="function-of-it"),
    pytest.param(method("y = self.v + x\nself.u = self.v + y"), id="another-attribute"),
    pytest.param(method("self.v += x"), id="raises"),
    pytest.param(method("self.v: tf.Tensor = self.v + x"), id="annotated-as-a-tensor"),
    pytest.param(method("self.v = self.v + x", made="tf.zeros([5])"), id="never-a-variable"),
    pytest.param(method("self.v = self.v + x", made="0"), id="number"),
    pytest.param(method("self.v = self.v + [x]", made="[tf.Variable(1.0)]"), id="list"),
    pytest.param(method("self.v = self.v + x", made="other"), id="of-who-knows-what"),
    pytest.param(
        "class Table:\n    def __init__(self, v: tf.Variable):\n        self.v = v\n"
        "    def f(self, x):\n        self.v = self.v + x\n",
        id="variable-of-somebody-else",
    ),
    pytest.param(
        "class Table:\n    v = tf.Variable(1.0)\n    def f(self, x):\n        self.v = self.v + x\n",
        id="variable-of-the-class",
    ),
    pytest.param(
        "from base import Base\nclass Table(Base):\n    def __init__(self):\n"
        "        self.v = tf.Variable(1.0)\n    def f(self, x):\n        self.v = self.v + x\n",
        id="base-class-that-is-not-known",
    ),
    pytest.param(
        "class Table(make_base()):\n    def __init__(self):\n"
        "        self.v = tf.Variable(1.0)\n    def f(self, x):\n        self.v = self.v + x\n",
        id="base-class-that-is-computed",
    ),
    pytest.param(
        f"y = tf.Variable([1.0, 2.0])\ndef f():\n    global y\n    y = {UPDATE}(y, [[0]], [3.0])",
        id="global-name",
    ),
    pytest.param(
        method("self.v = self.v + x", more="def __setattr__(self, name, value):\n    pass\n"),
        id="setattr-of-its-own",
    ),
    pytest.param(
        "tf.compat.v1.disable_eager_execution()\n" + method("self.v = self.v + x"),
        id="graph-code",
    ),
    pytest.param(
        f"def f(self):\n    y = self.w\n    y = {UPDATE}(y, [[0]], [3.0])\n    return y",
        id="local-copy-of-an-attribute",
    ),
    pytest.param(
        f"def f(y: tf.Variable):\n    y = {UPDATE}(y, [[0]], [3.0])\n    return y", id="parameter"
    ),
    pytest.param(
        "def f(mask):\n    y = tf.Variable([1.0, 2.0])\n    y = y * mask\n    y //= 2.0\n"
        "    return y",
        id="arithmetic-on-a-local-name",
    ),
    pytest.param(
        f"def f(c):\n    y = tf.Variable([1.0])\n    if c:\n        y = tf.zeros([1])\n"
        f"    else:\n        y = {UPDATE}(y, [[0]], [3.0])\n    return y",
        id="local-name-for-a-tensor-too",
    ),
    pytest.param(
        "def f():\n    y = tf.Variable([1.0])\n    with tf.GradientTape() as tape:\n"
        f"        y = {UPDATE}(y, [[0]], [3.0])\n    return tape.gradient(y, y)",
        id="under-a-tape",
    ),
]


@pytest.mark.parametrize("text", CALLED_FOR_SOMETHING_ELSE + BOUND_ON_PURPOSE)
def test_left_alone(look: Look, text: str) -> None:
    codes = {found.rule.code for found in look(HEAD + text)}
    assert not codes & {"TFS105", "TFS106"}

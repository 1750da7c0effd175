"""TFS301: what a functional scatter that is assigned back becomes, and where it is left alone."""

from __future__ import annotations

import textwrap

import pytest
from idioms.conftest import Look, fixed

from tflint_slice.model import Applicability, Reason

HEAD = (
    "import numpy as np\n"
    "import tensorflow as tf\n"
    "\n"
    "v = tf.Variable(tf.zeros([4, 3]))\n"
    "w = tf.Variable(tf.zeros([5]))\n"
)

SAFE = [
    pytest.param(
        "v.assign(tf.tensor_scatter_nd_update(v, [[0, 1]], [2.0]))",
        "v.scatter_nd_update([[0, 1]], [2.0])",
        id="element",
    ),
    pytest.param(
        "v.assign(tf.tensor_scatter_nd_add(v, [[0, 1]], [2.0]))",
        "v.scatter_nd_add([[0, 1]], [2.0])",
        id="add",
    ),
    pytest.param(
        "v.assign(tf.tensor_scatter_nd_sub(v, [[2]], tf.ones([1, 3])))",
        "v.scatter_nd_sub([[2]], tf.ones([1, 3]))",
        id="subtract-a-row",
    ),
    pytest.param(
        "v.assign(tf.tensor_scatter_nd_max(v, [[0, 1]], [2.0]))",
        "v.scatter_nd_max([[0, 1]], [2.0])",
        id="maximum",
    ),
    pytest.param(
        "v.assign(tf.tensor_scatter_nd_min(v, [[0, 1]], [2.0]))",
        "v.scatter_nd_min([[0, 1]], [2.0])",
        id="minimum",
    ),
    pytest.param(
        "v.assign(value=tf.tensor_scatter_nd_update(updates=[2.0], indices=[[0, 1]], tensor=v))",
        "v.scatter_nd_update(updates=[2.0], indices=[[0, 1]])",
        id="keywords-in-any-order",
    ),
    pytest.param(
        "v.assign(tf.tensor_scatter_nd_update(v, indices=[[0, 1]], updates=[2.0]))",
        "v.scatter_nd_update(indices=[[0, 1]], updates=[2.0])",
        id="some-keywords",
    ),
    pytest.param(
        "v.assign(tf.tensor_scatter_nd_update(v.read_value(), [[0, 1]], [2.0]))",
        "v.scatter_nd_update([[0, 1]], [2.0])",
        id="read_value",
    ),
    pytest.param(
        "v.assign(tf.tensor_scatter_nd_update(v.value(), [[0, 1]], [2.0]))",
        "v.scatter_nd_update([[0, 1]], [2.0])",
        id="value",
    ),
    pytest.param(
        "v.assign(tf.tensor_scatter_nd_update(tf.identity(v), [[0, 1]], [2.0]))",
        "v.scatter_nd_update([[0, 1]], [2.0])",
        id="identity",
    ),
    pytest.param(
        "v.assign(tf.tensor_scatter_nd_update(tf.convert_to_tensor(v), [[0, 1]], [2.0]))",
        "v.scatter_nd_update([[0, 1]], [2.0])",
        id="convert_to_tensor",
    ),
    pytest.param(
        "t = tf.tensor_scatter_nd_update(v, [[0, 1]], [2.0])\nv.assign(t)",
        "v.scatter_nd_update([[0, 1]], [2.0])",
        id="temporary-in-a-script",
    ),
    pytest.param(
        "def f():\n    t = tf.tensor_scatter_nd_update(v, [[0, 1]], [2.0])\n    v.assign(t)",
        "def f():\n    v.scatter_nd_update([[0, 1]], [2.0])",
        id="temporary-in-a-function",
    ),
    pytest.param(
        "def f():\n"
        "    t = tf.tensor_scatter_nd_update(v, [[0, 1]], [2.0])\n"
        "    v.assign(t)\n"
        "    t = tf.ones([3])\n"
        "    return t",
        "def f():\n    v.scatter_nd_update([[0, 1]], [2.0])\n    t = tf.ones([3])\n    return t",
        id="temporary-named-again",
    ),
    pytest.param(
        "def f():\n"
        "    ops = []\n"
        "    t = tf.tensor_scatter_nd_update(v, [[0, 1]], [2.0])\n"
        "    ops.append(v.assign(t))\n"
        "    return ops",
        "def f():\n    ops = []\n    ops.append(v.scatter_nd_update([[0, 1]], [2.0]))\n    return ops",
        id="value-of-the-assign-kept",
    ),
    pytest.param(
        "def f():\n    return v.assign(tf.tensor_scatter_nd_update(v, [[0, 1]], [2.0]))",
        "def f():\n    return v.scatter_nd_update([[0, 1]], [2.0])",
        id="returned",
    ),
    pytest.param(
        "d = {'k': tf.Variable(tf.zeros([4]))}\n"
        "d['k'].assign(tf.tensor_scatter_nd_update(d['k'], [[1]], [2.0]))",
        "d = {'k': tf.Variable(tf.zeros([4]))}\nd['k'].scatter_nd_update([[1]], [2.0])",
        id="element-of-a-dict",
    ),
    pytest.param(
        "vs = [tf.Variable(tf.zeros([4])) for _ in range(3)]\n"
        "vs[0].assign(tf.tensor_scatter_nd_update(vs[0], [[1]], [2.0]))",
        "vs = [tf.Variable(tf.zeros([4])) for _ in range(3)]\nvs[0].scatter_nd_update([[1]], [2.0])",
        id="element-of-a-list",
    ),
    pytest.param(
        "for one in [v, v]:\n    one.assign(tf.tensor_scatter_nd_update(one, [[1]], tf.ones([1, 3])))",
        "for one in [v, v]:\n    one.scatter_nd_update([[1]], tf.ones([1, 3]))",
        id="loop-over-variables",
    ),
    pytest.param(
        "class Table:\n"
        "    def __init__(self):\n"
        "        self.v = tf.Variable(tf.zeros([4, 3]))\n"
        "    def put(self, rows):\n"
        "        rows = tf.cast(rows, tf.int64)\n"
        "        self.v.assign(tf.tensor_scatter_nd_update(self.v, tf.reshape(rows, [-1, 1]), tf.ones([2, 3])))",
        "class Table:\n"
        "    def __init__(self):\n"
        "        self.v = tf.Variable(tf.zeros([4, 3]))\n"
        "    def put(self, rows):\n"
        "        rows = tf.cast(rows, tf.int64)\n"
        "        self.v.scatter_nd_update(tf.reshape(rows, [-1, 1]), tf.ones([2, 3]))",
        id="attribute-and-indices-of-known-rank",
    ),
    pytest.param(
        "v.assign(\n"
        "    tf.tensor_scatter_nd_update(\n"
        "        v,\n"
        "        [[0, 1]],  # the corner\n"
        "        [2.0],\n"
        "    )\n"
        ")",
        "v.scatter_nd_update(\n        [[0, 1]],  # the corner\n        [2.0],\n    )",
        id="layout-and-comments-of-arguments-kept",
    ),
    pytest.param(
        "from tensorflow import tensor_scatter_nd_update as put, Variable\n"
        "u = Variable([1.0, 2.0])\n"
        "u.assign(put(u, [[1]], [3.0]))",
        "from tensorflow import tensor_scatter_nd_update as put, Variable\n"
        "u = Variable([1.0, 2.0])\n"
        "u.scatter_nd_update([[1]], [3.0])",
        id="imported-by-name",
    ),
    pytest.param(
        "import tensorflow.compat.v2 as tf2\nu = tf2.Variable([1.0, 2.0])\n"
        "u.assign(tf2.tensor_scatter_nd_update(u, [[1]], [3.0]))",
        "import tensorflow.compat.v2 as tf2\nu = tf2.Variable([1.0, 2.0])\n"
        "u.scatter_nd_update([[1]], [3.0])",
        id="compat-v2",
    ),
]


@pytest.mark.parametrize(("before", "after"), SAFE)
def test_safe_rewrites(look: Look, before: str, after: str) -> None:
    findings = look(HEAD + before)
    assert [(f.rule.code, f.reason) for f in findings] == [("TFS301", None)]
    assert fixed(HEAD + before, findings, Applicability.SAFE) == HEAD + after
    assert look(HEAD + after) == []


# Reported, with a fix that needs an assumption, or with none.
UNSAFE = [
    pytest.param(
        "def f(i: int, u: tf.Variable):\n    u.assign(tf.tensor_scatter_nd_update(u, [[i]], [1.0]))",
        Reason.MAYBE_DISTRIBUTED,
        id="annotated-parameter-is-not-plain",
    ),
    pytest.param(
        "def f(u):\n    u.assign(tf.tensor_scatter_nd_update(u, [[0]], [1.0]))",
        Reason.VARIABLE_CLASS,
        id="some-variable",
    ),
    pytest.param(
        "def f(i):\n    v.assign(tf.tensor_scatter_nd_update(v, i, tf.ones([1, 3])))",
        Reason.UNKNOWN_RANK,
        id="rank-of-indices-unknown",
    ),
    pytest.param(
        "def f(x):\n    v.assign(tf.tensor_scatter_nd_update(v, [[0]], x))",
        Reason.DTYPE_CAST,
        id="captured-updates-of-unknown-dtype",
    ),
    pytest.param(
        "def f(i):\n"
        "    try:\n"
        "        w.assign(tf.tensor_scatter_nd_update(w, tf.cast([[0], [i]], tf.int32), [1.0, 2.0]))\n"
        "    except tf.errors.InvalidArgumentError:\n"
        "        print(w)",
        Reason.CAUGHT_EXCEPTION,
        id="handler-sees-half-an-update",
    ),
    pytest.param(
        "def f(i):\n"
        "    w.assign(tf.tensor_scatter_nd_update(w, tf.cast([[0], [i]], tf.int32), [1.0, 2.0]))\n"
        "def g(i):\n"
        "    try:\n"
        "        f(i)\n"
        "    finally:\n"
        "        print(w)",
        Reason.CAUGHT_EXCEPTION,
        id="handler-in-a-caller",
    ),
    pytest.param(
        "b = tf.Variable([True, False])\nb.assign(tf.tensor_scatter_nd_update(b, [[0]], [False]))",
        Reason.NO_GPU_KERNEL,
        id="bool",
    ),
    pytest.param(
        "def f(make):\n"
        "    u = tf.Variable(make())\n"
        "    u.assign(tf.tensor_scatter_nd_update(u, [[0]], [1.0]))",
        Reason.UNKNOWN_DTYPE,
        id="dtype-unknown",
    ),
    pytest.param(
        "def f(g):\n    w.assign(tf.tensor_scatter_nd_update(w.read_value(), [[0]], [g()]))",
        Reason.SIDE_EFFECTS,
        id="read-before-a-call",
    ),
    pytest.param(
        "def f():\n    t = tf.tensor_scatter_nd_update(w, [[0]], [1.0])\n    w.assign(t)\n    return t",
        Reason.VALUE_ESCAPES,
        id="temporary-used-afterwards",
    ),
    pytest.param(
        "def f():\n"
        "    t = tf.tensor_scatter_nd_update(w, [[0]], [1.0])\n"
        "    w.assign_add(w)\n"
        "    w.assign(t)",
        Reason.STATEMENT_BETWEEN,
        id="write-between",
    ),
    pytest.param(
        "def f():\n    w.assign(tf.tensor_scatter_nd_update(w, [[0]], [1.0]), read_value=False)",
        Reason.NO_REWRITE,
        id="option-of-assign",
    ),
    pytest.param(
        "def f(strategy):\n    with strategy.scope():\n        u = tf.Variable([1.0])\n"
        "    u.assign(tf.tensor_scatter_nd_update(u, [[0]], [1.0]))",
        Reason.MAYBE_DISTRIBUTED,
        id="strategy-in-the-file",
    ),
    pytest.param(
        "tf.compat.v1.disable_eager_execution()\nw.assign(tf.tensor_scatter_nd_update(w, [[0]], [1.0]))",
        Reason.GRAPH_MODE,
        id="graph-mode",
    ),
    pytest.param(
        "def f(i):\n"
        "    @tf.function(jit_compile=True)\n"
        "    def g():\n"
        "        w.assign(tf.tensor_scatter_nd_update(w, [[i]], [1.0]))",
        Reason.INDEX_DTYPE,
        id="index-of-16-bits-under-xla",
    ),
    pytest.param(
        "@tf.function(jit_compile=True)\n"
        "def f():\n"
        "    w.assign(tf.tensor_scatter_nd_max(w, [[0]], [1.0]))",
        Reason.NO_XLA_KERNEL,
        id="maximum-under-xla",
    ),
    pytest.param(
        "globals()['w'] = 3\nw.assign(tf.tensor_scatter_nd_update(w, [[0]], [1.0]))",
        Reason.NAME_SHADOWED,
        id="names-bound-out-of-sight",
    ),
    pytest.param(
        "class A(tf.Module):\n    def __init__(self):\n        self.w = tf.Variable([1.0])\n"
        "    def f(self):\n        (self\n.w).assign(tf.tensor_scatter_nd_update("
        "self.w, [[0]], [1.0]))",
        Reason.NO_REWRITE,
        id="receiver-on-two-lines",
    ),
]


@pytest.mark.parametrize(("text", "reason"), UNSAFE)
def test_reported_without_a_safe_fix(look: Look, text: str, reason: Reason) -> None:
    (found,) = [f for f in look(HEAD + text) if f.rule.code == "TFS301"]
    assert found.reason is reason
    assert not found.declined
    assert found.fix is None or found.fix.applicability is Applicability.UNSAFE


def test_comment_that_would_be_lost(look: Look) -> None:
    text = "v.assign(tf.tensor_scatter_nd_update(\n    v,  # all of it\n    [[0, 1]], [2.0]))"
    (found,) = look(HEAD + text)
    assert (found.fix, found.reason) == (None, Reason.COMMENT_INSIDE)


# Silent: it is right as it stands, or it is no update of a variable.
NO_OPS = [
    pytest.param("y = tf.tensor_scatter_nd_update(v, [[0, 1]], [2.0])", id="result-kept-elsewhere"),
    pytest.param("w.assign(tf.tensor_scatter_nd_update(v[:, 0], [[0]], [2.0]))", id="other-source"),
    pytest.param(
        "t = tf.zeros([3])\nt = tf.tensor_scatter_nd_update(t, [[0]], [1.0])", id="tensor-rebound"
    ),
    pytest.param("w.assign(tf.scatter_nd([[0]], [2.0], [5]))", id="scatter-into-zeros"),
    pytest.param("w.assign_add(tf.tensor_scatter_nd_update(w, [[0]], [2.0]))", id="assign_add"),
    pytest.param("w.scatter_nd_update([[0]], [2.0])", id="in-place-already"),
    pytest.param(
        "import ops\nw.assign(ops.tensor_scatter_nd_update(w, [[0]], [2.0]))", id="other-library"
    ),
    pytest.param("def f(optimizer, g):\n    w.assign(0.9 * w + 0.1 * g)", id="moving-average"),
    pytest.param("w.assign(tf.concat([w[1:], [2.0]], 0))", id="shift-by-concat"),
    pytest.param("w.assign(tf.where(w > 0.0, w, 0.0))", id="mask-of-values"),
    pytest.param(
        "class M(tf.keras.metrics.Metric):\n"
        "    def __init__(self):\n"
        "        self.total = self.add_weight(name='total', shape=(3,))\n"
        "    def update_state(self, i):\n"
        "        self.total.assign(tf.tensor_scatter_nd_add(self.total, [[i]], [1.0]))",
        id="metric-of-keras-3",
    ),
    pytest.param(
        "import keras\nk = keras.Variable([1.0, 2.0])\n"
        "k.assign(tf.tensor_scatter_nd_update(k, [[0]], [3.0]))",
        id="keras-variable",
    ),
    pytest.param(
        "w.assign(tf.tensor_scatter_nd_update(w, [[0]], [2.0]))\n"
        "print(tf.reduce_sum(w), tf.reduce_max(w), tf.norm(w))",
        id="read-densely",
    ),
    pytest.param(
        "with tf.GradientTape() as tape:\n    y = tf.tensor_scatter_nd_update(v, [[0, 1]], [2.0])",
        id="differentiated-through",
    ),
]


@pytest.mark.parametrize("text", NO_OPS)
def test_left_alone(look: Look, text: str) -> None:
    assert [f for f in look(HEAD + text) if not f.declined] == []


def test_functional_style_leaves_it_alone(look: Look) -> None:
    text = HEAD + "w.assign(tf.tensor_scatter_nd_update(w, [[0]], [2.0]))"
    (found,) = look(text, rewrite="functional")
    assert found.declined


def test_distributed_false_lifts_the_doubt(look: Look) -> None:
    text = textwrap.dedent("""\
        import tf_keras
        import tensorflow as tf
        class Table(tf_keras.layers.Layer):
            def build(self, shape):
                self.w = self.add_weight(name="w", shape=(5,), dtype="float32")
            def call(self, x):
                self.w.assign(tf.tensor_scatter_nd_update(self.w, [[0]], [1.0]))
    """)
    (found,) = look(text)
    assert found.reason is Reason.MAYBE_DISTRIBUTED
    (found,) = look(text, distributed=False)
    assert (found.reason, found.fix and found.fix.applicability) == (None, Applicability.SAFE)

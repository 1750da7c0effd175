"""TFS501 and TFS502: what functions of TensorFlow 1 and methods of Keras 2 variables become."""

from __future__ import annotations

import pytest
from idioms.conftest import Look, fixed

from tflint_slice.model import Applicability, Reason

# --- TFS502: methods that a Keras 3 variable has not got ------------------------------------------

HEAD = (
    "import keras\n"
    "import tensorflow as tf\n"
    "\n"
    "w = keras.Variable(tf.zeros([5]), dtype='float32')\n"
    "m = keras.Variable(tf.zeros([4, 3]), dtype='float32')\n"
)
LAYER = (
    "class Table(keras.layers.Layer):\n"
    "    def build(self, shape):\n"
    "        self.hits = self.add_weight(shape=(5,), dtype='int32')\n"
    "    def put(self, rows):\n"
)

SAFE = [
    pytest.param(
        "w.scatter_nd_update([[1]], [2.0])",
        "w.assign(tf.tensor_scatter_nd_update(w, [[1]], [2.0]))",
        id="update",
    ),
    pytest.param(
        "w.scatter_nd_add([[1], [1]], [2.0, 3.0])",
        "w.assign(tf.tensor_scatter_nd_add(w, [[1], [1]], [2.0, 3.0]))",
        id="add-at-equal-indices",
    ),
    pytest.param(
        "m.scatter_nd_sub([[1]], tf.ones([1, 3]))",
        "m.assign(tf.tensor_scatter_nd_sub(m, [[1]], tf.ones([1, 3])))",
        id="subtract-a-row",
    ),
    pytest.param(
        "w.scatter_nd_max([[1]], [2.0])",
        "w.assign(tf.tensor_scatter_nd_max(w, [[1]], [2.0]))",
        id="maximum",
    ),
    pytest.param(
        "w.scatter_nd_min([[1]], [2.0])",
        "w.assign(tf.tensor_scatter_nd_min(w, [[1]], [2.0]))",
        id="minimum",
    ),
    pytest.param(
        "w.scatter_nd_update(updates=[2.0], indices=[[1]])",
        "w.assign(tf.tensor_scatter_nd_update(w, updates=[2.0], indices=[[1]]))",
        id="keywords",
    ),
    pytest.param(
        "w.scatter_nd_update(\n    [[1]],  # the second\n    [2.0],\n)",
        "w.assign(tf.tensor_scatter_nd_update(\n    w,\n    [[1]],  # the second\n    [2.0],\n))",
        id="lines-and-comments-kept",
    ),
    pytest.param(
        "w.scatter_nd_update(  # the second\n    [[1]], [2.0])",
        "w.assign(tf.tensor_scatter_nd_update(  # the second\n    w, [[1]], [2.0]))",
        id="comment-behind-the-bracket",
    ),
    pytest.param(
        "v = w\nv.scatter_nd_update([[1]], [2.0])",
        "v = w\nv.assign(tf.tensor_scatter_nd_update(v, [[1]], [2.0]))",
        id="alias",
    ),
    pytest.param(
        "ws = {'a': w}\nws['a'].scatter_nd_update([[1]], [2.0])",
        "ws = {'a': w}\nws['a'].assign(tf.tensor_scatter_nd_update(ws['a'], [[1]], [2.0]))",
        id="element-of-a-dict",
    ),
    pytest.param(
        LAYER + "        rows = tf.reshape(tf.cast(rows, tf.int32), [-1, 1])\n"
        "        self.hits.scatter_nd_add(rows, tf.ones([3], tf.int32))",
        LAYER + "        rows = tf.reshape(tf.cast(rows, tf.int32), [-1, 1])\n"
        "        self.hits.assign(tf.tensor_scatter_nd_add(self.hits, rows, tf.ones([3], tf.int32)))",
        id="weight-of-a-layer",
    ),
    pytest.param(
        "w.scatter_nd_update([[1]], [2.0]); print(w)",
        "w.assign(tf.tensor_scatter_nd_update(w, [[1]], [2.0])); print(w)",
        id="another-statement-on-the-line",
    ),
]


@pytest.mark.parametrize(("before", "after"), SAFE)
def test_a_missing_method_becomes_an_assignment(look: Look, before: str, after: str) -> None:
    (found,) = look(HEAD + before)
    assert (found.rule.code, found.reason) == ("TFS502", None)
    assert fixed(HEAD + before, [found], Applicability.SAFE) == HEAD + after
    assert [again for again in look(HEAD + after) if not again.declined] == []


UNSAFE = [
    pytest.param(
        "def f(i, x):\n    w.scatter_nd_update(i, tf.ones([2]))",
        Reason.UNKNOWN_RANK,
        id="indices-that-may-be-a-flat-list",
    ),
    pytest.param(
        "def f(i):\n    w.scatter_nd_update([[i]], [2.0])",
        Reason.UNKNOWN_INDEX,
        id="index-of-unknown-kind",
    ),
    pytest.param(
        "def f():\n    return w.scatter_nd_update([[1]], [2.0])",
        Reason.ALWAYS_RAISES,
        id="value-used",
    ),
    pytest.param(
        "def f(x):\n    w.scatter_nd_update([[1]], x)", Reason.UNKNOWN_VALUE, id="unknown-updates"
    ),
    pytest.param(
        "def f(x):\n    w.scatter_nd_update([[1]], tf.reshape(x, [1]))",
        Reason.DTYPE_CAST,
        id="tensor-of-unknown-dtype",
    ),
    pytest.param(
        "u = keras.Variable([1.0, 2.0])\nu.scatter_nd_update([[1]], [2.0])",
        Reason.UNKNOWN_DTYPE,
        id="variable-of-unknown-dtype",
    ),
    pytest.param(
        "keras.config.set_dtype_policy('mixed_float16')\nw.scatter_nd_update([[1]], [2.0])",
        Reason.MIXED_PRECISION,
        id="mixed-precision",
    ),
    pytest.param(
        "try:\n    print(w)\nexcept AttributeError:\n    pass\nw.scatter_nd_update([[1]], [2.0])",
        Reason.CAUGHT_EXCEPTION,
        id="handler-elsewhere-in-the-file",
    ),
]


@pytest.mark.parametrize(("text", "reason"), UNSAFE)
def test_a_missing_method_becomes_an_assignment_unasked_only_where_sure(
    look: Look, text: str, reason: Reason
) -> None:
    (found,) = look(HEAD + text)
    assert found.fix is not None
    assert (found.fix.applicability, found.reason) == (Applicability.UNSAFE, reason)


REFUSED = [
    pytest.param("w.scatter_nd_update([[-1]], [2.0])", Reason.ALWAYS_RAISES, id="negative-index"),
    pytest.param("w.scatter_nd_update([[9]], [2.0])", Reason.ALWAYS_RAISES, id="index-beyond"),
    pytest.param("w.scatter_nd_update([[1], [1]], [2.0, 3.0])", Reason.ALWAYS_RAISES, id="twice"),
    pytest.param("w.scatter_nd_update([2, 4], [2.0, 3.0])", Reason.ALWAYS_RAISES, id="flat-list"),
    pytest.param("w.scatter_nd_update([[1]], 2.0)", Reason.ALWAYS_RAISES, id="scalar"),
    pytest.param("w.scatter_nd_update([[0.5]], [2.0])", Reason.ALWAYS_RAISES, id="float-index"),
    pytest.param(
        "w.scatter_nd_update([[1]], tf.ones([1], tf.float64))",
        Reason.ALWAYS_RAISES,
        id="tensor-of-another-dtype",
    ),
    pytest.param(
        "b = keras.Variable([True, False], dtype='bool')\nb.scatter_nd_add([[0]], [True])",
        Reason.ALWAYS_RAISES,
        id="sum-of-bools",
    ),
    pytest.param(
        "w.scatter_nd_update([[1]], [2.0], name='n')", Reason.NO_REWRITE, id="other-argument"
    ),
    pytest.param(
        "w.scatter_update(tf.IndexedSlices([2.0], [1]))", Reason.NO_REWRITE, id="indexed-slices"
    ),
    pytest.param("(u := w).scatter_nd_update([[1]], [2.0])", Reason.SIDE_EFFECTS, id="walrus"),
    pytest.param(
        "def f(tf):\n    w.scatter_nd_update([[1]], [2.0])", Reason.NAME_SHADOWED, id="shadowed"
    ),
]


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_a_missing_method_is_reported_without_a_fix(look: Look, text: str, reason: Reason) -> None:
    (found,) = look(HEAD + text)
    assert (found.rule.code, found.fix, found.reason) == ("TFS502", None, reason)


ADDED = "        self.v = self.add_weight(shape=(5,), dtype='float32')\n"
CALL = "        self.v.scatter_nd_update([[1]], [2.0])\n"

NO_OPS = [
    pytest.param("v = tf.Variable([1.0])\nv.scatter_nd_update([[0]], [2.0])", id="variable"),
    pytest.param(
        "if input():\n    w = tf.Variable([1.0])\nw.scatter_nd_update([[0]], [2.0])", id="either"
    ),
    pytest.param("def f(w):\n    w.scatter_nd_update([[1]], [2.0])", id="parameter"),
    pytest.param("w.assign(tf.zeros([5]))", id="assign"),
    pytest.param(
        "w = w.value\nw.scatter_nd_update([[1]], [2.0])", id="backend-variable-has-the-method"
    ),
    pytest.param(
        "if hasattr(w, 'scatter_nd_update'):\n    w.scatter_nd_update([[1]], [2.0])", id="hasattr"
    ),
    pytest.param(
        "if isinstance(w, tf.Variable):\n    w.scatter_nd_update([[1]], [2.0])", id="isinstance"
    ),
    pytest.param(
        "try:\n    w.scatter_nd_update([[1]], [2.0])\n"
        "except AttributeError:\n    w.assign(tf.zeros([5]))",
        id="fallback",
    ),
    pytest.param(
        "import pytest\ndef test_it():\n    with pytest.raises(AttributeError):\n"
        "        w.scatter_nd_update([[1]], [2.0])",
        id="test-of-the-error",
    ),
    pytest.param(
        "try:\n    import tf_keras as keras\nexcept ImportError:\n    import keras\n"
        f"class A(keras.layers.Layer):\n    def build(self, s):\n{ADDED}    def f(self):\n{CALL}",
        id="either-keras",
    ),
    pytest.param(
        "try:\n    import keras\nexcept ImportError:\n    from tensorflow import keras\n"
        f"class A(keras.layers.Layer):\n    def build(self, s):\n{ADDED}    def f(self):\n{CALL}",
        id="keras-from-wherever-it-is",
    ),
    pytest.param(
        "def f():\n    if scatters(w):\n        w.scatter_nd_update([[1]], [2.0])",
        id="test-of-the-variable",
    ),
    pytest.param(
        "OLD = tf.__version__ < '2.16'\n"
        f"class A(keras.layers.Layer):\n    def build(self, s):\n{ADDED}    def f(self):\n{CALL}",
        id="version-check",
    ),
    pytest.param(
        "import tf_keras\n"
        f"class A(tf_keras.layers.Layer):\n    def build(self, s):\n{ADDED}    def f(self):\n{CALL}",
        id="keras-2-layer",
    ),
    pytest.param(
        "from base import Layer\n"
        f"class A(Layer):\n    def build(self, s):\n{ADDED}    def f(self):\n{CALL}",
        id="base-class-out-of-view",
    ),
    pytest.param(
        "class A(keras.layers.Layer):\n"
        "    def add_weight(self, **options):\n        return tf.Variable(tf.zeros([5]))\n"
        f"    def build(self, s):\n{ADDED}    def f(self):\n{CALL}",
        id="add-weight-of-its-own",
    ),
    pytest.param(
        "class Sparse(keras.Variable):\n"
        "    def scatter_nd_update(self, indices, updates):\n        pass\n"
        "s = Sparse([1.0])\ns.scatter_nd_update([[0]], [2.0])",
        id="subclass-with-the-method",
    ),
    pytest.param(
        "keras.Variable.scatter_nd_update = print\nw.scatter_nd_update([[1]], [2.0])",
        id="method-added-by-the-file",
    ),
    pytest.param("w.scatter_nd_update(*arguments())", id="arguments-out-of-view"),
]


@pytest.mark.parametrize("text", NO_OPS)
def test_methods_that_may_exist_are_left_alone(look: Look, text: str) -> None:
    assert look(HEAD + text) == []


def test_nothing_is_said_of_keras_2(look: Look) -> None:
    text = HEAD.replace("keras", "tf.keras").replace("import tf.keras\n", "").partition("w =")[0]
    layer = (
        f"class A(tf.keras.layers.Layer):\n    def build(self, s):\n{ADDED}    def f(self):\n{CALL}"
    )
    assert [found.rule.code for found in look(text + layer)] == ["TFS502"]
    assert look(text + layer, keras=2) == []


# --- TFS501: functions of TensorFlow 1 ------------------------------------------------------------

V1_HEAD = (
    "import numpy as np\n"
    "import tensorflow as tf\n"
    "\n"
    "v = tf.Variable(tf.zeros([5]))\n"
    "m = tf.Variable(tf.zeros([3, 4]))\n"
    "n = tf.Variable([1, 2, 3])\n"
)

V1_SAFE = [
    pytest.param(
        "tf.compat.v1.scatter_nd_update(v, [[1]], [2.0])",
        "v.scatter_nd_update([[1]], [2.0])",
        id="nd-update",
    ),
    pytest.param(
        "tf.compat.v1.scatter_nd_add(updates=[2.0], indices=[[1]], ref=v)",
        "v.scatter_nd_add(updates=[2.0], indices=[[1]])",
        id="nd-add-keywords",
    ),
    pytest.param(
        "tf.compat.v1.scatter_nd_sub(\n    v,\n    [[1]],  # the second\n    [2.0],\n)",
        "v.scatter_nd_sub(\n    [[1]],  # the second\n    [2.0],\n)",
        id="nd-sub-lines-and-comments-kept",
    ),
    pytest.param(
        "tf.compat.v1.scatter_update(v, [1, 3], [2.0, 3.0])",
        "v.scatter_update(tf.IndexedSlices([2.0, 3.0], [1, 3]))",
        id="rows",
    ),
    pytest.param(
        "tf.compat.v1.scatter_mul(m, [1, 2], 2.0)",
        "m.scatter_mul(tf.IndexedSlices(2.0, [1, 2]))",
        id="product-with-a-number",
    ),
    pytest.param(
        "tf.compat.v1.scatter_div(n, [1], [2])",
        "n.scatter_div(tf.IndexedSlices([2], [1]))",
        id="quotient-of-ints",
    ),
    pytest.param(
        "tf.compat.v1.scatter_max(v, 1, 2.0)",
        "v.scatter_max(tf.IndexedSlices(2.0, 1))",
        id="maximum-at-one-row",
    ),
    pytest.param(
        "tf.compat.v1.batch_scatter_update(m, [[1], [0], [3]], [[1.0], [2.0], [3.0]])",
        "m.batch_scatter_update(tf.IndexedSlices([[1.0], [2.0], [3.0]], [[1], [0], [3]]))",
        id="batch",
    ),
    pytest.param(
        "tf.compat.v1.assign(v[1:3], [2.0, 3.0])", "v[1:3].assign([2.0, 3.0])", id="slice"
    ),
    pytest.param(
        "def f(rows, x):\n    tf.compat.v1.scatter_sub(m, rows, x)",
        "def f(rows, x):\n    m.scatter_sub(tf.IndexedSlices(x, rows))",
        id="arguments",
    ),
    pytest.param(
        "from tensorflow.compat.v1 import scatter_add\nscatter_add(v, [1], [2.0])",
        "from tensorflow.compat.v1 import scatter_add\nv.scatter_add(tf.IndexedSlices([2.0], [1]))",
        id="imported-by-name",
    ),
]


@pytest.mark.parametrize(("before", "after"), V1_SAFE)
def test_a_function_becomes_a_method(look: Look, before: str, after: str) -> None:
    (found,) = look(V1_HEAD + before)
    assert (found.rule.code, found.reason) == ("TFS501", None)
    assert fixed(V1_HEAD + before, [found], Applicability.SAFE) == V1_HEAD + after
    assert [again for again in look(V1_HEAD + after) if not again.declined] == []


V1_UNSAFE = [
    pytest.param("y = tf.compat.v1.scatter_add(v, [1], [2.0])", Reason.GRAPH_MODE, id="value-used"),
    pytest.param(
        "def f(u: tf.Variable):\n    tf.compat.v1.scatter_add(u, [1], [2.0])",
        Reason.MAYBE_DISTRIBUTED,
        id="made-elsewhere",
    ),
    pytest.param(
        "u = tf.compat.v1.Variable([1.0, 2.0])\ntf.compat.v1.scatter_add(u, [1], [2.0])",
        Reason.VARIABLE_CLASS,
        id="variable-of-tensorflow-1",
    ),
    pytest.param(
        "def f(i, x):\n    tf.compat.v1.scatter_add(v, i.pop(), x.pop())",
        Reason.EVALUATION_ORDER,
        id="calls-in-index-and-value",
    ),
    pytest.param(
        "def f(x):\n    tf.compat.v1.assign(value=x.pop(), ref=v[len(x)])",
        Reason.EVALUATION_ORDER,
        id="value-named-before-the-slice",
    ),
    pytest.param(
        "def f(i):\n    tf.compat.v1.scatter_nd_add(v, i, tf.ones([2]))",
        Reason.UNKNOWN_RANK,
        id="indices-that-may-be-a-flat-list",
    ),
    pytest.param(
        "def f(x):\n    tf.compat.v1.scatter_nd_add(v, [[1]], x)",
        Reason.DTYPE_CAST,
        id="updates-that-may-be-captured",
    ),
    pytest.param(
        "try:\n    print(v)\nexcept ValueError:\n    pass\ntf.compat.v1.scatter_add(v, [1], [2.0])",
        Reason.CAUGHT_EXCEPTION,
        id="handler-elsewhere-in-the-file",
    ),
    pytest.param("tf.scatter_update(v, [1], [2.0])", Reason.ALWAYS_RAISES, id="name-gone"),
]


@pytest.mark.parametrize(("text", "reason"), V1_UNSAFE)
def test_a_function_becomes_a_method_unasked_only_where_sure(
    look: Look, text: str, reason: Reason
) -> None:
    (found,) = look(V1_HEAD + text)
    assert found.rule.code == "TFS501"
    assert found.fix is not None
    assert (found.fix.applicability, found.reason) == (Applicability.UNSAFE, reason)


V1_REFUSED = [
    pytest.param(
        "tf.compat.v1.scatter_nd_add(v, [2, 4], [2.0, 3.0])", Reason.ALWAYS_RAISES, id="flat-list"
    ),
    pytest.param(
        "tf.compat.v1.scatter_nd_add(v, [[-1]], [2.0])", Reason.ALWAYS_RAISES, id="negative-index"
    ),
    pytest.param(
        "tf.compat.v1.scatter_add(v, [1], [2.0], use_locking=True)", Reason.NO_REWRITE, id="option"
    ),
    pytest.param(
        "tf.compat.v1.assign(v[[0, 2]], [2.0, 3.0])", Reason.UNKNOWN_INDEX, id="list-in-brackets"
    ),
    pytest.param(
        "tf.compat.v1.scatter_add(\n    v,\n    [1],  # the second\n    [2.0],\n)",
        Reason.COMMENT_INSIDE,
        id="comment",
    ),
    pytest.param(
        "tf.compat.v1.scatter_add((u := v), [1], [2.0])", Reason.SIDE_EFFECTS, id="walrus"
    ),
]


@pytest.mark.parametrize(("text", "reason"), V1_REFUSED)
def test_a_function_is_reported_without_a_fix(look: Look, text: str, reason: Reason) -> None:
    (found,) = look(V1_HEAD + text)
    assert (found.rule.code, found.fix, found.reason) == ("TFS501", None, reason)


V1_NO_OPS = [
    pytest.param("tf.compat.v1.assign(v, tf.ones([5]))", id="whole-variable"),
    pytest.param("tf.compat.v1.assign_add(v[1:3], [1.0, 2.0])", id="add-to-a-slice-is-no-such-op"),
    pytest.param("v.scatter_nd_update([[1]], [2.0])", id="method"),
    pytest.param("def f(u):\n    tf.compat.v1.scatter_add(u, [1], [2.0])", id="parameter"),
    pytest.param("u = np.zeros(5)\ntf.compat.v1.scatter_add(u, [1], [2.0])", id="ndarray"),
    pytest.param("def f(tf):\n    tf.compat.v1.scatter_add(v, [1], [2.0])", id="other-module"),
    pytest.param("tf.compat.v1.scatter_add(*arguments())", id="arguments-out-of-view"),
    pytest.param(
        "with tf.compat.v1.Session() as s:\n    s.run(tf.compat.v1.scatter_add(v, [1], [2.0]))",
        id="session",
    ),
    pytest.param(
        "with tf.Graph().as_default():\n    op = tf.compat.v1.scatter_add(v, [1], [2.0])",
        id="graph",
    ),
    pytest.param(
        "tf.compat.v1.disable_eager_execution()\ntf.compat.v1.scatter_add(v, [1], [2.0])",
        id="eager-execution-disabled",
    ),
    pytest.param(
        "import tensorflow.compat.v1 as tf1\nop = tf1.scatter_add(v, [1], [2.0])",
        id="module-of-tensorflow-1",
    ),
    pytest.param(
        "u = tf.compat.v1.get_variable('u', shape=[5])\nop = tf.compat.v1.scatter_add(u, [1], [2.0])",
        id="get-variable",
    ),
    pytest.param(
        "try:\n    tf.scatter_update(v, [1], [2.0])\nexcept AttributeError:\n    pass",
        id="fallback",
    ),
]


@pytest.mark.parametrize("text", V1_NO_OPS)
def test_graph_code_and_unknown_things_are_left_alone(look: Look, text: str) -> None:
    assert [found for found in look(V1_HEAD + text) if not found.declined] == []

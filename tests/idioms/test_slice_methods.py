"""TFS103 and TFS110: what a call on something that is no slice becomes, and what is left alone."""

from __future__ import annotations

import pytest
from idioms.conftest import Look, fixed

from tflint_slice.model import Applicability, Reason

HEAD = (
    "import numpy as np\n"
    "import tensorflow as tf\n"
    "\n"
    "v = tf.Variable(tf.zeros([4, 3]))\n"
    "w = tf.Variable(tf.zeros([5]))\n"
    "n = tf.Variable([1, 2, 3])\n"
)
KERAS = "import keras\nk = keras.Variable(np.zeros([3]), dtype='float32')\n"
RULES = {"TFS103", "TFS110"}

MISSING = [
    pytest.param("w[2].assign_add(1.0)", "w.scatter_nd_add([[2]], [1.0])", id="add"),
    pytest.param("w[2].assign_sub(1.0)", "w.scatter_nd_sub([[2]], [1.0])", id="subtract"),
    pytest.param("w[2].assign_add(delta=1.0)", "w.scatter_nd_add([[2]], [1.0])", id="keyword"),
    pytest.param("w[-1].assign_add(1.0)", "w.scatter_nd_add([[4]], [1.0])", id="negative-literal"),
    pytest.param("n[1].assign_sub(7)", "n.scatter_nd_sub([[1]], [7])", id="int-variable"),
    pytest.param(
        "v[1].assign_add(tf.ones([3]))", "v.scatter_nd_add([[1]], [tf.ones([3])])", id="row"
    ),
    pytest.param("v[1, 2].assign_add(2.0)", "v.scatter_nd_add([[1, 2]], [2.0])", id="two-indices"),
    pytest.param("v[1][2].assign_add(2.0)", "v.scatter_nd_add([[1, 2]], [2.0])", id="chained"),
    pytest.param("v[1:3, 0].assign_add(2.0)", "v[1:3, 0].assign(v[1:3, 0] + 2.0)", id="slice"),
    pytest.param(
        "w[1:3].assign_sub(w[2:4] - 1.0)",
        "w[1:3].assign(w[1:3] - (w[2:4] - 1.0))",
        id="difference-of-a-difference",
    ),
    pytest.param(
        "w.read_value()[2].assign_add(1.0)", "w.scatter_nd_add([[2]], [1.0])", id="of-a-read"
    ),
    pytest.param(
        "def f(i: int):\n    w[i].assign_add(1.0)",
        "def f(i: int):\n    w[i].assign(w[i] + 1.0)",
        id="index-of-unknown-sign",
    ),
    pytest.param(
        "for i in range(5):\n    w[i].assign_add(1.0)",
        "for i in range(5):\n    w.scatter_nd_add([[i]], [1.0])",
        id="index-of-a-range",
    ),
    pytest.param(
        "tables = {'a': w}\ntables['a'][0].assign_add(1.0)",
        "tables = {'a': w}\ntables['a'].scatter_nd_add([[0]], [1.0])",
        id="slice-of-a-variable-in-a-dict",
    ),
    pytest.param(
        "(w[2].assign_add(1.0)); w[3].assign_add(2.0)  # why",
        "(w.scatter_nd_add([[2]], [1.0])); w.scatter_nd_add([[3]], [2.0])  # why",
        id="parentheses-two-on-a-line-and-a-comment",
    ),
    pytest.param(
        KERAS + "k[1].assign_add(2.0)",
        KERAS + "k.assign(tf.tensor_scatter_nd_add(k, [[1]], [2.0]))",
        id="keras-variable",
    ),
]

FANCY = [
    pytest.param(
        "w[[0, 2]].assign([5.0, 6.0])", "w.scatter_nd_update([[0], [2]], [5.0, 6.0])", id="list"
    ),
    pytest.param(
        "w[[0, -1]].assign(5.0)", "w.scatter_nd_update([[0], [4]], [5.0, 5.0])", id="list-of-places"
    ),
    pytest.param(
        "v[[0, 2]].assign(tf.ones([2, 3]))",
        "v.scatter_nd_update([[0], [2]], tf.ones([2, 3]))",
        id="rows-do-not-fit-into-the-element-that-the-list-names",
    ),
    pytest.param(
        "w[w > 1.0].assign(0.0)",
        "w.assign(tf.where(w > 1.0, tf.constant(0.0, w.dtype), w))",
        id="mask",
    ),
    pytest.param(
        "w[np.array([True, False, True, False, True])].assign(val=0.0)",
        "w.assign(tf.where(np.array([True, False, True, False, True]), "
        "tf.constant(0.0, w.dtype), w))",
        id="mask-of-numpy",
    ),
    pytest.param("v[1][2].assign(9.0)", "v.scatter_nd_update([[1, 2]], [9.0])", id="chained"),
    pytest.param("v[-1][1:].assign(9.0)", "v[-1, 1:].assign(9.0)", id="slice-of-a-row"),
    pytest.param(
        "def f(i: int, j: int):\n    v[i][j].assign(9.0)",
        "def f(i: int, j: int):\n    v[i, j].assign(9.0)",
        id="chained-ints-of-unknown-sign",
    ),
    pytest.param(
        "c = tf.Variable(tf.zeros([2, 3, 4]))\nc[0, 1][2].assign(9.0)",
        "c = tf.Variable(tf.zeros([2, 3, 4]))\nc.scatter_nd_update([[0, 1, 2]], [9.0])",
        id="pair-then-int",
    ),
    pytest.param(
        "c = tf.Variable(tf.zeros([2, 3, 4]))\nc[0][1][..., 2].assign(9.0)",
        "c = tf.Variable(tf.zeros([2, 3, 4]))\nc[0, 1, ..., 2].assign(9.0)",
        id="three-subscripts",
    ),
    pytest.param("w.value()[1:3].assign(9.0)", "w[1:3].assign(9.0)", id="of-value"),
    pytest.param(
        "w.read_value()[2].assign(9.0)", "w.scatter_nd_update([[2]], [9.0])", id="of-read-value"
    ),
    pytest.param(
        "w.value()[[0, 2]].assign([5.0, 6.0])",
        "w.scatter_nd_update([[0], [2]], [5.0, 6.0])",
        id="list-of-value",
    ),
    pytest.param(
        KERAS + "k[[0, 2]].assign([5.0, 6.0])",
        KERAS + "k.assign(tf.tensor_scatter_nd_update(k, [[0], [2]], [5.0, 6.0]))",
        id="keras-variable",
    ),
]


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        pytest.param(*row.values, code, id=f"{code}-{row.id}")
        for code, table in (("TFS103", MISSING), ("TFS110", FANCY))
        for row in table
    ],
)
def test_safe_rewrites(look: Look, before: str, after: str, code: str) -> None:
    findings = look(HEAD + before)
    assert {(f.rule.code, f.reason) for f in findings} == {(code, None)}
    assert fixed(HEAD + before, findings, Applicability.SAFE) == HEAD + after
    assert [f for f in look(HEAD + after) if not f.declined] == []


REFERENCES = [
    pytest.param("w[2].assign_add(delta=1.0)", "w[2] += 1.0", id="add"),
    pytest.param("v[1, :2].assign_sub(1.0)", "v[1, :2] -= 1.0", id="slice"),
    pytest.param("v[1][2].assign(1.0)", "v[1, 2] = 1.0", id="chained"),
    pytest.param("v[1][1:].assign(1.0)", "v[1, 1:] = 1.0", id="chained-slice"),
    pytest.param("w.value()[1].assign(1.0)", "w[1] = 1.0", id="read"),
    pytest.param("w[[0, 2]].assign(1.0)", "w[[0, 2]] = 1.0", id="list"),
    pytest.param("w[w > 0.0].assign(1.0)", "w[w > 0.0] = 1.0", id="mask"),
]


@pytest.mark.parametrize(("text", "reference"), REFERENCES)
def test_a_proof_compares_with_the_statement_of_numpy(
    look: Look, text: str, reference: str
) -> None:
    (found,) = look(HEAD + text)
    assert found.fix is not None
    assert found.fix.site is not None
    assert (found.fix.site.before, found.fix.site.reference) == (text, reference)


REFUSED = [
    pytest.param("w[1].scatter_nd_update([[0]], [1.0])", Reason.NO_REWRITE, id="scatter"),
    pytest.param("w[1:].scatter_update(tf.IndexedSlices([1.0], [0]))", Reason.NO_REWRITE, id="v1"),
    pytest.param("y = w[1].assign_add(1.0)", Reason.NO_REWRITE, id="value-is-used"),
    pytest.param("def f():\n    return w[1].assign_add(1.0)", Reason.NO_REWRITE, id="returned"),
    pytest.param("f = lambda: w[1].assign_add(1.0)", Reason.NO_REWRITE, id="value-of-a-lambda"),
    pytest.param("[w[i].assign_add(1.0) for i in range(3)]", Reason.NO_REWRITE, id="in-a-list"),
    pytest.param("w[1].assign_add()", Reason.NO_REWRITE, id="no-argument"),
    pytest.param("w[1].assign_add(*[1.0])", Reason.NO_REWRITE, id="star-argument"),
    pytest.param("w[1].assign_add(**{'delta': 1.0})", Reason.NO_REWRITE, id="double-star-argument"),
    pytest.param("w[1].assign_add(1.0, read_value=False)", Reason.NO_REWRITE, id="option"),
    pytest.param("w[1].assign_add(value=1.0)", Reason.NO_REWRITE, id="keyword-of-assign"),
    pytest.param("v[1:][0].assign(1.0)", Reason.NO_REWRITE, id="slice-then-int"),
    pytest.param("v[...][0].assign(1.0)", Reason.NO_REWRITE, id="ellipsis-then-int"),
    pytest.param("v[None][0].assign(1.0)", Reason.NO_REWRITE, id="new-axis-then-int"),
    pytest.param("v[tf.constant(1)][0].assign(1.0)", Reason.NO_REWRITE, id="tensor-then-int"),
    pytest.param("v[0][[0, 2]].assign(1.0)", Reason.NO_REWRITE, id="int-then-list"),
    pytest.param("v[0][v[0] > 1.0].assign(1.0)", Reason.NO_REWRITE, id="int-then-mask"),
    pytest.param("v[v > 1.0][0].assign(1.0)", Reason.NO_REWRITE, id="mask-then-int"),
    pytest.param("v[()][()].assign(1.0)", Reason.NO_REWRITE, id="empty-indices"),
    pytest.param("v[0, [1, 2]].assign(1.0)", Reason.NO_REWRITE, id="list-in-a-tuple"),
    pytest.param("v[[0, 2]].assign_add(tf.ones([2, 3]))", Reason.NO_REWRITE, id="add-at-a-list"),
    pytest.param("w[w > 1.0].assign_add(1.0)", Reason.NO_REWRITE, id="add-under-a-mask"),
    pytest.param("w[0][1].assign(1.0)", Reason.ALWAYS_RAISES, id="more-indices-than-axes"),
    pytest.param("w[[0, 0]].assign(1.0)", Reason.MAYBE_DUPLICATE_INDEX, id="repeated-place"),
    pytest.param("w[[0, 5]].assign(1.0)", Reason.MAYBE_OUT_OF_RANGE, id="place-beyond-the-end"),
    pytest.param("w[np.array([0, 2])].assign(1.0)", Reason.UNKNOWN_INDEX, id="array"),
    pytest.param(
        "for i in range(3):\n    w[[i, 1]].assign(2.0)",
        Reason.UNKNOWN_INDEX,
        id="more-coordinates-than-axes",
    ),
    pytest.param(
        "w[tf.constant([[0, 2]])].assign(1.0)", Reason.UNKNOWN_INDEX, id="index-of-rank-2"
    ),
    pytest.param(
        "w[[True, False, True, False, True]].assign(1.0)", Reason.UNKNOWN_INDEX, id="list-of-bools"
    ),
    pytest.param("def f(g):\n    w[g()].assign_add(1.0)", Reason.SIDE_EFFECTS, id="index-twice"),
    pytest.param(
        "def f(g):\n    w.assign(g())[1].assign_add(1.0)", Reason.SIDE_EFFECTS, id="receiver-twice"
    ),
    pytest.param("n[1].assign_add(1.5)", Reason.DTYPE_CAST, id="float-added-to-int"),
    pytest.param("v[1].assign_add(tf.ones([4]))", Reason.ALWAYS_RAISES, id="row-that-does-not-fit"),
    pytest.param("w[1].assign_add(  # why\n    1.0)", Reason.COMMENT_INSIDE, id="comment"),
]
UNSAFE = [
    pytest.param("def f(i):\n    w[i].assign_add(1.0)", Reason.UNKNOWN_INDEX, id="unknown-index"),
    pytest.param("def f(x):\n    w[1].assign_add(x)", Reason.UNKNOWN_VALUE, id="unknown-value"),
    pytest.param("w[1].assign_add((y := 1.0))", Reason.EVALUATION_ORDER, id="walrus"),
    pytest.param(
        "try:\n    w[1].assign_add(1.0)\nexcept AttributeError:\n    w.assign_add(w)",
        Reason.CAUGHT_EXCEPTION,
        id="expected-to-fail",
    ),
    pytest.param(
        "tf.Tensor.assign_add = lambda t, x: None\nw[1].assign_add(1.0)",
        Reason.NAME_SHADOWED,
        id="method-lent-to-tensors",
    ),
    pytest.param(
        "def f(u: tf.Variable):\n    u[0].assign_add(1.0)", Reason.UNKNOWN_DTYPE, id="parameter"
    ),
    pytest.param(
        KERAS + "k.value[0].assign_add(1.0)", Reason.VARIABLE_CLASS, id="value-of-keras-variable"
    ),
]


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_reported_without_a_fix(look: Look, text: str, reason: Reason) -> None:
    (found,) = [f for f in look(HEAD + text) if f.rule.code in RULES]
    assert (found.fix, found.reason) == (None, reason)


@pytest.mark.parametrize(("text", "reason"), UNSAFE)
def test_reported_with_an_unsafe_fix(look: Look, text: str, reason: Reason) -> None:
    (found,) = [f for f in look(HEAD + text) if f.rule.code in RULES]
    assert found.fix is not None
    assert (found.fix.applicability, found.reason) == (Applicability.UNSAFE, reason)


WRITES = [
    pytest.param("v[[0, 2]].assign(5.0)", id="number"),
    pytest.param("v[[0, 2]].assign([[5.0]])", id="axes-of-length-one-are-dropped"),
    pytest.param("def f(x):\n    v[[0, 2]].assign(x)", id="unknown-value"),
    pytest.param(
        "def f(n: int):\n"
        "    u = tf.Variable(tf.zeros([4, 3, n]))\n"
        "    u[[0, 2]].assign(tf.ones([2, 3, n]))",
        id="anything-fits-where-the-last-axis-is-empty",
    ),
    pytest.param(
        "def f(x):\n    u = tf.Variable(x)\n    u[[0, 2]].assign(tf.ones([2]))", id="unknown-rank"
    ),
]


@pytest.mark.parametrize("text", WRITES)
def test_a_list_that_may_name_an_element_is_not_fixed(look: Look, text: str) -> None:
    (found,) = look(HEAD + text)
    assert (found.rule.code, found.fix, found.reason) == ("TFS110", None, Reason.CHANGES_MEANING)
    assert "writes to one place" in found.message


NO_OPS = [
    pytest.param(
        'if hasattr(w[0], "assign_add"):\n    w[0].assign_add(1.0)', id="asked-for-before"
    ),
    pytest.param("w[1].assign(2.0)", id="slice"),
    pytest.param("v[1:3, ..., None].assign(2.0)", id="every-basic-index"),
    pytest.param("def f(i):\n    v[i].assign(2.0)", id="index-of-unknown-kind"),
    pytest.param("def f(i: tf.Tensor):\n    v[i].assign(2.0)", id="tensor-of-unknown-rank"),
    pytest.param("def f(x):\n    v[x > 1.0].assign(2.0)", id="mask-or-bool-or-anything"),
    pytest.param("v[[0]].assign(2.0)", id="list-of-one-means-the-same"),
    pytest.param("for i in range(3):\n    v[[i, 1]].assign(2.0)", id="coordinates-in-a-list"),
    pytest.param("place = [1, 2]\nv[place].assign(2.0)", id="coordinates-by-name"),
    pytest.param("a = b = [0, 1]\nb.pop()\nw[a].assign(1.0)", id="list-that-is-changed-by-alias"),
    pytest.param("def f(ix):\n    w[[*ix]].assign(1.0)", id="list-of-unknown-length"),
    pytest.param("vs = [v, w]\nvs[0].assign_add(v)", id="variable-in-a-list"),
    pytest.param("vs = (v, w)\nvs[-1].assign_sub(w)", id="variable-in-a-tuple"),
    pytest.param("vs = {'a': v}\nvs['a'].assign_add(v)", id="variable-in-a-dict"),
    pytest.param("vs = [[v, w], [n]]\nvs[0][1].assign_add(w)", id="variable-in-a-list-of-lists"),
    pytest.param("vs = [[v, w], [n]]\nvs[0][1][2].assign(1.0)", id="slice-of-one-in-lists"),
    pytest.param(
        "class A(tf.Module):\n"
        "    def __init__(self, k):\n"
        "        self.counts = [tf.Variable(0.0) for _ in range(k)]\n"
        "    def add(self, i, x):\n"
        "        self.counts[i].assign_add(x)",
        id="list-of-counters",
    ),
    pytest.param(
        "class A(tf.Module):\n"
        "    def __init__(self):\n"
        "        self.matrices = []\n"
        "    def build(self, k):\n"
        "        for _ in range(k):\n"
        "            self.matrices.append(tf.Variable(tf.eye(3)))\n"
        "    def add(self, k, x):\n"
        "        self.matrices[k].assign_add(x)",
        id="list-that-grows",
    ),
    pytest.param(
        "model = tf.keras.Sequential()\nmodel.trainable_variables[0].assign_add(1.0)",
        id="variables-of-a-model",
    ),
    pytest.param("def f(layer):\n    layer.weights[1].assign_sub(1.0)", id="weights-of-a-layer"),
    pytest.param("def f(vs):\n    vs[0].assign_add(1.0)", id="bare-parameter"),
    pytest.param(
        "from typing import List\ndef f(vs: List[tf.Variable]):\n    vs[0].assign_add(1.0)",
        id="annotated-list",
    ),
    pytest.param("def f(*vs: tf.Variable):\n    vs[0].assign_add(1.0)", id="star-parameter"),
    pytest.param("def f(**vs: tf.Variable):\n    vs['a'].assign_add(1.0)", id="keyword-parameters"),
    pytest.param(
        "for pair in zip([tf.ones([5])], [w]):\n    pair[1].assign_add(pair[0])", id="pairs"
    ),
    pytest.param(
        "def f(flag):\n"
        "    u = tf.Variable([1.0]) if flag else [tf.Variable(1.0)]\n"
        "    u[0].assign_add(2.0)",
        id="variable-or-list",
    ),
    pytest.param(
        "def f(flag):\n    global w\n    w = [w]\ndef g():\n    w[0].assign_add(tf.ones([5]))",
        id="global-rebound-to-a-list",
    ),
    pytest.param("w = [w]\nw[0].assign_add(w[0])", id="name-bound-again"),
    pytest.param(
        "class A:\n"
        "    def __init__(self, many):\n"
        "        self.u = tf.Variable([1.0])\n"
        "        if many:\n"
        "            self.u = [self.u]\n"
        "    def f(self):\n"
        "        self.u[0].assign_add(1.0)",
        id="attribute-of-two-kinds",
    ),
    pytest.param("def f(x):\n    x.value()[0].assign(1.0)", id="value-of-anything"),
    pytest.param("d = {'a': [v]}\nd['a'][0].assign(v)", id="list-in-a-dict"),
    pytest.param("w.assign_add(w[1:2])", id="whole"),
    pytest.param("v[0][1].numpy()", id="slice-of-a-slice-is-read"),
    pytest.param(
        "import pandas as pd\nd = pd.DataFrame()\nd[d.a > 0].assign(b=1)", id="data-frame"
    ),
]


@pytest.mark.parametrize("text", NO_OPS)
def test_left_alone(look: Look, text: str) -> None:
    assert [f for f in look(HEAD + text) if f.rule.code in RULES] == []


ONCE = [
    pytest.param("v[0][1] = 2.0", {"TFS103": 0, "TFS110": 0}, id="item-assignment"),
    pytest.param("v[[0, 2]] = 2.0", {"TFS101": 1, "TFS110": 0}, id="list-as-a-target"),
    pytest.param("v[[0, 2]].assign_add(tf.ones([2, 3]))", {"TFS103": 1, "TFS110": 0}, id="list"),
    pytest.param("v[0][1].assign_sub(1.0)", {"TFS103": 1, "TFS110": 0}, id="chained"),
    pytest.param(
        "v[0][1].assign(tf.tensor_scatter_nd_update(v[0][1], [[0]], [1.0]))",
        {"TFS110": 1, "TFS301": 0},
        id="scatter-of-a-slice",
    ),
    pytest.param(
        "w[1].scatter_nd_update([0, 2], [1.0, 2.0])", {"TFS103": 1, "TFS107": 0}, id="flat-indices"
    ),
]


@pytest.mark.parametrize(("text", "counts"), ONCE)
def test_one_rule_speaks_of_a_place(look: Look, text: str, counts: dict[str, int]) -> None:
    codes = [found.rule.code for found in look(HEAD + text)]
    assert {code: codes.count(code) for code in counts} == counts

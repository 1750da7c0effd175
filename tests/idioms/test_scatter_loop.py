"""TFS401: what a loop of updates becomes, and which loops are left alone."""

from __future__ import annotations

import pytest
from idioms.conftest import Look, fixed

from tflint_slice.model import Applicability, Finding


@pytest.fixture
def look(look_at_all: Look) -> Look:
    """Here loops are what it is about."""
    return look_at_all


HEAD = (
    "import numpy as np\n"
    "import tensorflow as tf\n"
    "\n"
    "v = tf.Variable(tf.zeros([5]))\n"
    "m = tf.Variable(tf.zeros([5, 3]))\n"
    "c = tf.Variable(tf.zeros([5], tf.int32))\n"
    "t = tf.zeros([5])\n"
)
ALL = "tf.range(5)[:, tf.newaxis]"


def of_rule(findings: list[Finding]) -> list[Finding]:
    return [found for found in findings if found.rule.code == "TFS401"]


def loop(head: str, body: str) -> str:
    return f"for {head}:\n    {body}"


SAFE = [
    pytest.param(
        loop("i in range(5)", "v[i].assign(0.0)"),
        f"v.scatter_nd_update({ALL}, tf.fill([5], 0.0))",
        id="number",
    ),
    pytest.param(
        loop("i in range(0, 5)", "v[i].assign(val=0.0)"),
        f"v.scatter_nd_update({ALL}, tf.fill([5], 0.0))",
        id="from-zero",
    ),
    pytest.param(
        loop("i in range(5)", "v[i].assign(1)"),
        f"v.scatter_nd_update({ALL}, tf.fill([5], tf.constant(1, v.dtype)))",
        id="number-of-another-kind",
    ),
    pytest.param(
        loop("i in range(5)", "v[i].assign(1e39)"),
        f"v.scatter_nd_update({ALL}, tf.fill([5], tf.constant(1e39, v.dtype)))",
        id="number-that-becomes-infinite",
    ),
    pytest.param(
        loop("i in range(5)", "v.scatter_nd_update([[i]], [-0.0])"),
        f"v.scatter_nd_update({ALL}, [-0.0] * 5)",
        id="scattered-number",
    ),
    pytest.param(
        "for i in range(5): v[i].assign(0.0)  # all",
        f"v.scatter_nd_update({ALL}, tf.fill([5], 0.0))  # all",
        id="on-one-line",
    ),
    pytest.param(
        loop("i in range(5)", "m[i, :].assign(2.0)"),
        f"m.scatter_nd_update({ALL}, tf.fill([5, 3], 2.0))",
        id="number-in-rows",
    ),
    pytest.param(
        loop("i in range(5)", "m[i, ..., :].assign(2.0)"),
        f"m.scatter_nd_update({ALL}, tf.fill([5, 3], 2.0))",
        id="number-in-all-the-rest",
    ),
    pytest.param(
        "row = np.ones(3)\n" + loop("i in range(5)", "m[i].assign(row)"),
        "row = np.ones(3)\n"
        f"m.scatter_nd_update({ALL}, tf.broadcast_to(tf.constant(row, m.dtype), [5, 3]))",
        id="one-row-of-another-dtype",
    ),
    pytest.param(
        "row = tf.ones([3])\n" + loop("i in range(5)", "m[i].assign(row)"),
        f"row = tf.ones([3])\nm.scatter_nd_update({ALL}, tf.broadcast_to(row, [5, 3]))",
        id="one-row",
    ),
    pytest.param(
        "xs = tf.ones([5])\n" + loop("i in range(5)", "v[i].assign(xs[i])"),
        f"xs = tf.ones([5])\nv.scatter_nd_update({ALL}, xs)",
        id="items",
    ),
    pytest.param(
        "xs = [1.0, 2.0, 3.0]\n" + loop("i in range(2)", "v.scatter_nd_update([[i]], [xs[i]])"),
        "xs = [1.0, 2.0, 3.0]\nv.scatter_nd_update(tf.range(2)[:, tf.newaxis], xs[:2])",
        id="first-items",
    ),
    pytest.param(
        "w = tf.Variable(tf.ones([5]))\n" + loop("i in range(5)", "v[i].assign(w[i])"),
        f"w = tf.Variable(tf.ones([5]))\nv.scatter_nd_update({ALL}, w)",
        id="items-of-a-variable",
    ),
    pytest.param(
        "xs = np.ones([3])\n" + loop("i, x in enumerate(xs)", "v[i].assign(x)"),
        "xs = np.ones([3])\nv.scatter_nd_update(tf.range(len(xs))[:, tf.newaxis], xs)",
        id="enumerate",
    ),
    pytest.param(
        loop("i, x in enumerate([1.0, 2.0])", "v[i].assign(x)"),
        "v.scatter_nd_update(tf.range(2)[:, tf.newaxis], [1.0, 2.0])",
        id="enumerate-spelled-out",
    ),
    pytest.param(
        loop("k, (i, x) in enumerate(zip([3, 1], [1.0, 2.0]))", "v[i].assign(x)"),
        "v.scatter_nd_update([[3], [1]], [1.0, 2.0])",
        id="enumerate-of-zip",
    ),
    pytest.param(
        loop("i, x in zip((0, 2), (1.0, 2.0), strict=True)", "v[i].assign(x)"),
        "v.scatter_nd_update([[0], [2]], (1.0, 2.0))",
        id="zip",
    ),
    pytest.param(
        "ix = [0, 2]\n" + loop("x, i in zip([1.0, 2.0], ix)", "v[i].assign(x)"),
        "ix = [0, 2]\nv.scatter_nd_update(tf.reshape(ix, [-1, 1]), [1.0, 2.0])",
        id="zip-of-names",
    ),
    pytest.param(
        loop("i in range(1, 3)", "v[i].assign(2.0)"),
        "v.scatter_nd_update(tf.reshape(range(1, 3), [-1, 1]), tf.fill([2], 2.0))",
        id="range-from-one",
    ),
    pytest.param(
        loop("i in tf.range(5)", "v[i].assign(2.0)"),
        f"v.scatter_nd_update({ALL}, tf.fill([5], 2.0))",
        id="tensor-index",
    ),
    pytest.param(
        "ix = tf.constant([0, 0, 1])\n" + loop("i in ix", "c.scatter_nd_add([[i]], [1])"),
        "ix = tf.constant([0, 0, 1])\nc.scatter_nd_add(tf.reshape(ix, [-1, 1]), [1] * 3)",
        id="sums-of-ints-at-equal-places",
    ),
    pytest.param(
        "xs = tf.constant([0.1, 0.2])\n"
        + loop("i, x in enumerate(xs)", "v.scatter_add(tf.IndexedSlices([x], [i]))"),
        "xs = tf.constant([0.1, 0.2])\nv.scatter_nd_add(tf.range(len(xs))[:, tf.newaxis], xs)",
        id="indexed-slices",
    ),
    pytest.param(
        loop("i in range(5)", "t = tf.tensor_scatter_nd_update(t, [[i]], [2.0])"),
        f"t = tf.tensor_scatter_nd_update(t, {ALL}, [2.0] * 5)",
        id="tensor",
    ),
    pytest.param(
        "def f(n: int):\n"
        "    w = tf.Variable(tf.zeros([n]))\n"
        "    for i in range(n):\n"
        "        w[i].assign(1.0)\n"
        "    return w",
        "def f(n: int):\n"
        "    w = tf.Variable(tf.zeros([n]))\n"
        "    w.scatter_nd_update(tf.range(n)[:, tf.newaxis], tf.fill([n], 1.0))\n"
        "    return w",
        id="length-of-the-variable",
    ),
    pytest.param(
        "import keras\n"
        "k = keras.Variable(tf.zeros([5]), dtype='float32')\n"
        + loop("i in range(5)", "k.assign(tf.tensor_scatter_nd_update(k, [[i]], [1.0]))"),
        "import keras\n"
        "k = keras.Variable(tf.zeros([5]), dtype='float32')\n"
        f"k.assign(tf.tensor_scatter_nd_update(k, {ALL}, [1.0] * 5))",
        id="keras-variable",
    ),
    pytest.param(
        loop("i in range(5)", "v[i].assign(0.0)") + "\nfor i in range(2):\n    print(i)",
        f"v.scatter_nd_update({ALL}, tf.fill([5], 0.0))\nfor i in range(2):\n    print(i)",
        id="name-of-another-loop",
    ),
    pytest.param(
        loop("i in range(5)", "v[i].assign(0.0)") + "\nz = [i for i in range(2)]",
        f"v.scatter_nd_update({ALL}, tf.fill([5], 0.0))\nz = [i for i in range(2)]",
        id="name-of-a-comprehension",
    ),
    pytest.param(
        loop("i in range(5)", "v[i].assign(0.0)") + "\ndef h(i):\n    return i",
        f"v.scatter_nd_update({ALL}, tf.fill([5], 0.0))\ndef h(i):\n    return i",
        id="name-of-a-parameter",
    ),
    pytest.param(
        loop("i, x in zip([4, 3, 2, 1, 0], v.value())", "v.scatter_nd_update([[i]], [x])"),
        "v.scatter_nd_update([[4], [3], [2], [1], [0]], v.value())",
        id="values-read-before-the-loop",
    ),
    pytest.param(
        loop("i, x in enumerate([v[2], v[1], v[0]])", "v[i].assign(x)"),
        "v.scatter_nd_update(tf.range(3)[:, tf.newaxis], [v[2], v[1], v[0]])",
        id="slices-read-before-the-loop",
    ),
    pytest.param(
        "w = v\n" + loop("i in range(5)", "v.scatter_nd_add([[i]], [w[i]])"),
        f"w = v\nv.scatter_nd_add({ALL}, w)",
        id="alias-at-the-same-place",
    ),
    pytest.param(
        loop("i, x in enumerate([3, 1, 0])", "c[i].assign(x)"),
        "c.scatter_nd_update(tf.range(3)[:, tf.newaxis], [3, 1, 0])",
        id="values-that-could-be-places",
    ),
    pytest.param(
        loop("k, (i, x) in enumerate(zip([3, 1], [1.0, 2.0]))", "v[k].assign(x)"),
        "v.scatter_nd_update(tf.range(2)[:, tf.newaxis], [1.0, 2.0])",
        id="count-in-place-of-an-entry",
    ),
    pytest.param(
        loop("i, x in enumerate(range(3))", "c.scatter_nd_add([[i]], [x])"),
        "c.scatter_nd_add(tf.range(3)[:, tf.newaxis], range(3))",
        id="range-of-values",
    ),
    pytest.param(
        "ix = tf.constant([0, 0, 1])\n"
        + loop("i, x in zip(ix, tf.constant([3, 1, 2]))", "c.scatter_nd_max([[i]], [x])"),
        "ix = tf.constant([0, 0, 1])\n"
        "c.scatter_nd_max(tf.reshape(ix, [-1, 1]), tf.constant([3, 1, 2]))",
        id="largest-ints-at-equal-places",
    ),
    pytest.param(
        "n = 3\n" + loop("i in range(n or 2)", "v.scatter_nd_update([[i]], [1.0])"),
        "n = 3\nv.scatter_nd_update(tf.range(n or 2)[:, tf.newaxis], [1.0] * (n or 2))",
        id="operator-that-binds-loosely",
    ),
    pytest.param(
        "a, b = 0, 1\n" + loop("i in (a) + 1, (b)", "c.scatter_nd_add([[i]], [1])"),
        "a, b = 0, 1\nc.scatter_nd_add(tf.reshape(((a) + 1, (b)), [-1, 1]), [1] * 2)",
        id="tuple-without-parentheses",
    ),
    pytest.param(
        "a = v.numpy()\n" + loop("i in range(5)", "v[i].assign(a.sum())"),
        f"a = v.numpy()\nv.scatter_nd_update({ALL}, tf.broadcast_to(a.sum(), [5]))",
        id="sum-of-a-copy",
    ),
    pytest.param(
        loop("i in range(5)", "v[i].assign(0.0)")
        + "\nfor i in range(2):\n    for k in range(i):\n        print(i, k)",
        f"v.scatter_nd_update({ALL}, tf.fill([5], 0.0))"
        "\nfor i in range(2):\n    for k in range(i):\n        print(i, k)",
        id="name-of-a-loop-around-others",
    ),
]


@pytest.mark.parametrize(("before", "after"), SAFE)
def test_safe_rewrites(look: Look, before: str, after: str) -> None:
    (found,) = of_rule(look(HEAD + before))
    assert (found.reason, found.declined) == (None, False)
    assert fixed(HEAD + before, [found], Applicability.SAFE) == HEAD + after
    assert of_rule(look(HEAD + after)) == []


def function(body: str, parameters: str) -> str:
    indented = body.replace("\n", "\n    ")
    return f"def f({parameters}):\n    {indented}"


UNSAFE = [
    pytest.param(loop("i in range(6)", "v[i].assign(1.0)"), "maybe-out-of-range", id="too-many"),
    pytest.param(
        function(loop("i in [0, a]", "v[i].assign(1.0)"), "a: int"),
        "maybe-negative-index",
        id="unknown-entry",
    ),
    pytest.param(
        loop("i in np.arange(6) % 5", "v[i].assign(1.0)"), "maybe-duplicate-index", id="repeats"
    ),
    pytest.param(
        "ix, xs = tf.constant([0, 0]), tf.constant([0.1, 0.2])\n"
        + loop("i, x in zip(ix, xs)", "v.scatter_nd_add([[i]], [x])"),
        "maybe-duplicate-index",
        id="sums-of-floats-in-another-order",
    ),
    pytest.param(
        function(loop("i in range(n)", "v.scatter_nd_update([[i]], [1.0])"), "n: int"),
        "unknown-shape",
        id="negative-number-of-turns",
    ),
    pytest.param(
        function(
            "w = tf.Variable(tf.zeros([n]))\n" + loop("i in range(n - 1)", "w[i].assign(1.0)"),
            "n: int",
        ),
        "unknown-shape",
        id="less-than-none",
    ),
    pytest.param(
        "class Table(tf.Module):\n"
        "    def __init__(self, n: int):\n"
        "        self.v = tf.Variable(tf.zeros([n]))\n"
        "        self.n = n\n"
        "    def f(self):\n"
        "        for i in range(self.n):\n"
        "            self.v[i].assign(1.0)",
        "unknown-shape",
        id="length-by-another-name",
    ),
    pytest.param(
        function(loop("i, x in enumerate(xs)", "v.scatter_nd_update([[i]], [x])"), "xs: tf.Tensor"),
        "dtype-cast",
        id="tensor-of-any-dtype",
    ),
    pytest.param(
        "h = tf.Variable(tf.zeros([5], tf.float16))\n" + loop("i in range(5)", "h[i].assign(0.1)"),
        "dtype-cast",
        id="rounded-twice",
    ),
    pytest.param(
        "b = tf.Variable([False] * 5)\n" + loop("i in range(5)", "b[i].assign(True)"),
        "no-gpu-kernel",
        id="bools",
    ),
    pytest.param(
        "s = tf.distribute.MirroredStrategy()\n" + loop("i in range(5)", "v[i].assign(1.0)"),
        "maybe-distributed",
        id="strategy",
    ),
    pytest.param(
        "ix = tf.constant([0, 9])\ntry:\n"
        "    for i in ix:\n        c.scatter_nd_add([[i]], [1])\n"
        "except Exception:\n    pass",
        "caught-exception",
        id="handler-finds-the-first-turns-done",
    ),
    pytest.param(
        loop("i in range(5)", "v[i].assign(1.0)") + "\nexec('print(i)')",
        "name-shadowed",
        id="name-in-a-string",
    ),
    pytest.param(
        "class Late(tf.Module):\n"
        "    def __init__(self):\n"
        "        self.v = None\n"
        "    def build(self):\n"
        "        self.v = tf.Variable(tf.zeros([5]))\n"
        "    def f(self, xs: np.ndarray):\n"
        "        for i, x in enumerate(xs):\n"
        "            self.v.scatter_nd_update([[i]], [x])",
        "variable-class",
        id="none-and-no-turn",
    ),
]


@pytest.mark.parametrize(("text", "reason"), UNSAFE)
def test_unsafe_rewrites(look: Look, text: str, reason: str) -> None:
    (found,) = of_rule(look(HEAD + text))
    assert found.fix is not None
    assert found.fix.applicability is Applicability.UNSAFE
    assert found.reason == reason
    assert of_rule(look(fixed(HEAD + text, [found], Applicability.UNSAFE))) == []


USED = loop("i in range(3)", "v[i].assign(1.0)")
REFUSED = [
    pytest.param(USED + "\nprint(i)", "value-escapes", id="used-afterwards"),
    pytest.param(USED + "\nz = [i for _ in range(2)]", "value-escapes", id="used-in-comprehension"),
    pytest.param(USED + "\ndef h(j=i):\n    return j", "value-escapes", id="used-as-default"),
    pytest.param(USED + "\nfor i in []:\n    pass\nprint(i)", "value-escapes", id="empty-loop"),
    pytest.param(USED + "\ni += 1", "value-escapes", id="counted-on"),
    pytest.param(USED + "\ndel i", "value-escapes", id="deleted"),
    pytest.param("x = 'i'\n" + USED, "value-escapes", id="spelled"),
    pytest.param(
        "def f():\n    global i\n    for i in range(3):\n        v[i].assign(1.0)",
        "value-escapes",
        id="global",
    ),
    pytest.param(
        "class A:\n    for i in range(3):\n        v[i].assign(1.0)", "value-escapes", id="class"
    ),
    pytest.param(loop("i in [0, -1]", "v[i].assign(1.0)"), "maybe-negative-index", id="negative"),
    pytest.param(loop("i in [0, 7]", "v[i].assign(1.0)"), "maybe-out-of-range", id="beyond"),
    pytest.param(
        loop("i, x in zip([1, 1], [1.0, 2.0])", "v[i].assign(x)"),
        "maybe-duplicate-index",
        id="twice",
    ),
    pytest.param(
        loop("i, x in zip([0, 1, 2], [1.0, 2.0])", "v[i].assign(x)"), "batch-shape", id="shorter"
    ),
    pytest.param(
        "xs = tf.ones([5, 1])\n" + loop("i, x in enumerate(xs)", "m[i].assign(x)"),
        "batch-shape",
        id="broadcast",
    ),
    pytest.param(
        "ix = np.array([0, 1], np.uint8)\n" + loop("i in ix", "v[i].assign(1.0)"),
        "index-dtype",
        id="eight-bits",
    ),
    pytest.param(
        "xs = tf.constant([1, 2])\n" + loop("i, x in enumerate(xs)", "v[i].assign(x)"),
        "dtype-cast",
        id="tensor-of-another-dtype",
    ),
    pytest.param(loop("i in range(5)", "c[i].assign(1.5)"), "dtype-cast", id="float-into-int"),
    pytest.param(
        "u = tf.Variable(tf.zeros([5], tf.uint8))\n" + loop("i in range(3)", "u[i].assign(300)"),
        "value-out-of-dtype",
        id="too-large",
    ),
    pytest.param(loop("i in range(3)", "v[i].assign(float(i))"), "loop-of-updates", id="computed"),
    pytest.param(loop("i in range(3)", "v[i + 1].assign(1.0)"), "loop-of-updates", id="shifted"),
    pytest.param(
        "g = (y for y in [1.0, 2.0])\n" + loop("i, x in enumerate(g)", "v[i].assign(x)"),
        "loop-of-updates",
        id="generator",
    ),
    pytest.param(
        "len = lambda x: 0\nxs = np.ones([3])\n" + loop("i, x in enumerate(xs)", "v[i].assign(x)"),
        "name-shadowed",
        id="other-len",
    ),
    pytest.param(
        function(loop("i in range(5)", "v[i].assign(x)"), "x"), "unknown-value", id="any-value"
    ),
    pytest.param(
        function(loop("i in range(5)", "w[i].assign(1.0)"), "w: tf.Variable"),
        "unknown-rank",
        id="any-rank",
    ),
    pytest.param(
        "z = tf.Variable(tf.zeros([3, 0]))\n" + loop("i in range(3)", "z[i].assign(1.0)"),
        "unknown-shape",
        id="rows-without-elements",
    ),
    pytest.param(
        "import keras\nk = keras.Variable(tf.zeros([5]), dtype='float32')\n"
        + loop("i in range(5)", "k[i].assign(1.0)"),
        "keras-variable",
        id="slice-of-a-keras-variable",
    ),
    pytest.param(
        loop("i in range(3)", "# why\n    v[i].assign(1.0)"), "comment-inside", id="comment"
    ),
]


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_refusals(look: Look, text: str, reason: str) -> None:
    (found,) = of_rule(look(HEAD + text))
    assert (found.fix, found.reason, found.declined) == (None, reason, False)


DECLINED = [
    pytest.param(loop("i in range(5)", "v[i] = 1.0"), id="item-assignment"),
    pytest.param(loop("i in range(5)", "t[i] = 1.0"), id="item-of-a-tensor"),
    pytest.param(loop("i in range(5)", "v[i].assign_add(1.0)"), id="missing-method"),
    pytest.param(
        loop("i in range(5)", "v.assign(tf.tensor_scatter_nd_update(v, [[i]], [1.0]))"),
        id="scattered-and-assigned",
    ),
    pytest.param(
        loop("i in range(5)", "a = v.numpy()\n    a[i] = 1.0\n    v.assign(a)"), id="round-trip"
    ),
    pytest.param(
        loop("i in range(5)", "v.assign_add(tf.scatter_nd([[i]], [1.0], [5]))"), id="dense-delta"
    ),
]


@pytest.mark.parametrize("text", DECLINED)
def test_left_to_the_rule_that_finds_the_body(look: Look, text: str) -> None:
    findings = look(HEAD + text)
    (found,) = of_rule(findings)
    assert (found.declined, found.reason) == (True, "loop-of-updates")
    assert any(not other.declined for other in findings)


NO_OPS = [
    pytest.param(loop("i in range(1, 5)", "v[i].assign(v[i - 1])"), id="reads-the-turn-before"),
    pytest.param("w = v\n" + loop("i in range(4)", "v[i].assign(w[i + 1])"), id="reads-an-alias"),
    pytest.param(
        "w = v\n" + loop("i in range(4)", "v.scatter_nd_add([[i]], [w[0]])"), id="adds-an-alias"
    ),
    pytest.param(
        loop("i in range(4)", "t = tf.tensor_scatter_nd_update(t, [[i]], [t[i + 1]])"),
        id="tensor-of-the-turn-before",
    ),
    pytest.param(
        "def g():\n    return 1.0\n" + loop("i in range(5)", "v[i].assign(g())"),
        id="function-that-may-do-anything",
    ),
    pytest.param(loop("i in range(5)", "v[i].assign(tf.random.uniform([]))"), id="random"),
    pytest.param(loop("i in range(5)", "v[i].assign(1.0)\n    print(i)"), id="more-in-the-body"),
    pytest.param(loop("i in range(5)", "v[i].assign(1.0)\nelse:\n    pass"), id="else"),
    pytest.param(loop("x in [1.0, 2.0]", "v[0].assign(x)"), id="one-place"),
    pytest.param(loop("i in range(1)", "v[i].assign(1.0)"), id="one-turn"),
    pytest.param(loop("i in []", "v[i].assign(1.0)"), id="no-turn"),
    pytest.param(loop("w in [v, v]", "w[0].assign(1.0)"), id="another-variable-each-turn"),
    pytest.param("a = np.zeros(5)\n" + loop("i in range(5)", "a[i] = 1.0"), id="ndarray"),
    pytest.param("a = [0] * 5\n" + loop("i in range(5)", "a[i] = 1.0"), id="list"),
    pytest.param(
        function(loop("i in range(5)", "a[i].assign(1.0)"), "a"), id="method-of-who-knows-what"
    ),
    pytest.param(
        function(loop("part, x in zip(parts, xs)", "v[part].assign(x)"), "parts, xs"),
        id="maybe-slices",
    ),
    pytest.param(
        "zip = lambda a, b: [(0, 1.0)]\n"
        + loop("i, x in zip([1, 2], [2.0, 3.0])", "v[i].assign(x)"),
        id="other-zip",
    ),
    pytest.param(
        "from tqdm import tqdm\n" + loop("i in tqdm(range(5))", "v[i].assign(1.0)"),
        id="iterable-that-does-something",
    ),
    pytest.param(
        "async def f(xs):\n    async for i in xs:\n        v[i].assign(1.0)", id="asynchronous"
    ),
    pytest.param(
        "ta = tf.TensorArray(tf.float32, 5)\n" + loop("i in range(5)", "ta = ta.write(i, 1.0)"),
        id="tensor-array",
    ),
    pytest.param(
        "weights = [v, v]\n" + loop("w, x in zip(weights, [1.0, 2.0])", "w.assign_add(x)"),
        id="whole-variables",
    ),
]


@pytest.mark.parametrize("text", NO_OPS)
def test_left_alone(look: Look, text: str) -> None:
    assert [found for found in of_rule(look(HEAD + text)) if not found.declined] == []


NOT_NOTED = [
    pytest.param(loop("w in [v, u]", "w.assign(w * 0.0)"), id="all-of-one-variable-each-turn"),
    pytest.param("a = [0] * 5\n" + loop("i in range(5)", "a[i] = v[i]"), id="item-that-is-read"),
    pytest.param(
        "a = np.zeros(5)\n" + loop("i in range(5)", "a[i] = t[i]"), id="item-of-a-tensor-is-read"
    ),
]


@pytest.mark.parametrize("text", NOT_NOTED)
def test_not_even_noted(look: Look, text: str) -> None:
    assert of_rule(look(HEAD + "u = tf.Variable(tf.zeros([5]))\n" + text)) == []

"""TFS402: tensors that grow by a piece on each turn of a loop, and joins that are meant."""

from __future__ import annotations

import pytest
from idioms.conftest import Look

from tflint_slice.model import Reason

HEAD = "import numpy as np\nimport tensorflow as tf\n\n"


def codes(look: Look, text: str) -> list[str]:
    return [finding.rule.code for finding in look(HEAD + text) if not finding.declined]


GROWN = [
    pytest.param(
        "def f(xs):\n"
        "    t = tf.zeros([0, 2])\n"
        "    for x in xs:\n"
        "        t = tf.concat([t, tf.expand_dims(x, 0)], 0)\n"
        "    return t",
        id="rows",
    ),
    pytest.param(
        "def f(model, batches):\n"
        "    found = tf.zeros([0, 10])\n"
        "    for x, y in batches:\n"
        "        print(y)\n"
        "        found = tf.concat([found, model(x)], axis=0)\n"
        "    return found",
        id="predictions-of-batches",
    ),
    pytest.param(
        "t = tf.constant([])\nwhile True:\n    t = tf.concat(values=(t, [1.0]), axis=-1)",
        id="tuple-and-keywords-in-while",
    ),
    pytest.param(
        "t = tf.zeros([2, 0, 3])\nfor i in range(9):\n    t = tf.concat([tf.ones([2, 1, 3]), t], 1)",
        id="in-front-and-in-the-middle-axis",
    ),
    pytest.param(
        "@tf.function\n"
        "def f(n):\n"
        "    t = tf.zeros([0])\n"
        "    for i in tf.range(n):\n"
        "        tf.autograph.experimental.set_loop_options(\n"
        "            shape_invariants=[(t, tf.TensorShape([None]))]\n"
        "        )\n"
        "        t = tf.concat([t, [1.0]], 0)\n"
        "    return t",
        id="loop-in-a-graph",
    ),
    pytest.param(
        "class Log(tf.Module):\n"
        "    def __init__(self):\n"
        "        self.lines = tf.zeros([0, 2])\n"
        "        self.scale = 2.0\n"
        "    def extend(self, xs):\n"
        "        for x in xs:\n"
        "            self.lines = tf.concat([self.lines, [x * self.scale]], 0)",
        id="attribute",
    ),
    pytest.param(
        "def f(xs):\n"
        "    t = tf.zeros([0])\n"
        "    for x in xs:\n"
        "        with tf.device('CPU'):\n"
        "            t = tf.concat([t, [x]], 0)\n"
        "    return t",
        id="under-with",
    ),
    pytest.param(
        "def f(groups):\n"
        "    for xs in groups:\n"
        "        t = tf.zeros([0])\n"
        "        for x in xs:\n"
        "            t = tf.concat([t, [x]], 0)\n"
        "        print(t)",
        id="made-anew-for-each-inner-loop",
    ),
    pytest.param(
        "from tensorflow import concat as join\n"
        "t = tf.zeros([0])\nfor i in range(5):\n    t = join([t, [1.0], [2.0]], 0)",
        id="other-name-and-two-pieces",
    ),
]


@pytest.mark.parametrize("text", GROWN)
def test_growth_is_reported(look: Look, text: str) -> None:
    (finding,) = look(HEAD + text)
    assert (finding.rule.code, finding.fix, finding.reason) == ("TFS402", None, Reason.NO_REWRITE)


def loop(body: str, made: str = "tf.zeros([0])", over: str = "xs") -> str:
    """A function that makes ``t`` and has this as the body of its loop."""
    lines = "".join(f"        {line}\n" for line in body.split("\n"))
    return f"def f(xs, p, model):\n    t = {made}\n    for x in {over}:\n{lines}    return t"


NO_OPS = [
    pytest.param(
        loop("y = model(t)\nt = tf.concat([t, y], axis=0)"), id="decoder-that-reads-its-own-output"
    ),
    pytest.param(loop("t = tf.concat([t, x], -1)", "tf.zeros([2, 0])"), id="features-of-layers"),
    pytest.param(
        loop("t = tf.concat([t, x(p)], 3)", "tf.zeros([1, 8, 8, 0])"), id="channels-of-layers"
    ),
    pytest.param(loop("t = tf.concat([t, x], 1)", "tf.stack(p)"), id="axis-of-unknown-rank"),
    pytest.param(loop("t = tf.concat([t, x], p)"), id="axis-that-is-not-known"),
    pytest.param(loop("y = tf.concat([t, x], 0)"), id="another-name"),
    pytest.param(loop("t = tf.concat([x, [1.0]], 0)"), id="not-of-itself"),
    pytest.param(loop("t = tf.concat([t[1:], [x]], 0)"), id="queue"),
    pytest.param(loop("t = tf.concat([t, [x]], 0)[-8:]"), id="window"),
    pytest.param(loop("t = tf.concat([t, [x]], 0)\nt = t[-8:]"), id="window-in-two-statements"),
    pytest.param(loop("t = tf.concat([t, t + 1.0], 0)"), id="doubling"),
    pytest.param(loop("t = tf.zeros([1])\nt = tf.concat([t, [x]], 0)"), id="made-anew"),
    pytest.param(
        loop("if x is None:\n    t = tf.concat([t, [x]], 0)"), id="not-on-each-turn"
    ),
    pytest.param(loop("t = tf.concat([t, [x]], 0)\nbreak"), id="one-turn"),
    pytest.param(loop("t = tf.concat([t, [x]], 0)\nprint(t)"), id="read-on-each-turn"),
    pytest.param(loop("t = tf.concat([t, [x]], 0)", over="range(4)"), id="few-turns"),
    pytest.param(loop("t = tf.concat([t, [x]], 0)", over="(p, 2 * p, p - 1, 3, 4, 5)"), id="listed"),
    pytest.param(
        loop("t = tf.concat([t, [x]], 0)", over="zip(xs, reversed([1, 2, 3]))"), id="listed-in-zip"
    ),
    pytest.param(loop("t = tf.concat([t, [x]], 0)", "p"), id="what-it-is-is-not-known"),
    pytest.param(loop("t = tf.concat([t, [x]], 0)", "[]"), id="list-at-first"),
    pytest.param(loop("t = np.concatenate([t, [x]], 0)", "np.zeros([0])"), id="array"),
    pytest.param(loop("t = t + tf.concat([t, [x]], 0)"), id="sum"),
    pytest.param(loop("t = tf.stack([t, x], 0)"), id="stack"),
    pytest.param(
        "def f(xs, tf):\n    t = tf.zeros([0])\n    for x in xs:\n        t = tf.concat([t, [x]], 0)",
        id="other-module",
    ),
    pytest.param(
        "def f(xs):\n"
        "    t = tf.zeros([0])\n"
        "    def latest():\n"
        "        return t\n"
        "    for x in xs:\n"
        "        t = tf.concat([t, [latest() + x]], 0)",
        id="read-by-a-function",
    ),
    pytest.param(
        "t = tf.zeros([0])\n"
        "def f(xs):\n"
        "    global t\n"
        "    for x in xs:\n"
        "        t = tf.concat([t, [x]], 0)",
        id="name-of-the-module",
    ),
    pytest.param(
        "class Log(tf.Module):\n"
        "    def __init__(self):\n"
        "        self.lines = tf.zeros([0, 2])\n"
        "    def extend(self, xs):\n"
        "        for x in xs:\n"
        "            self.lines = tf.concat([self.lines, [self.line(x)]], 0)",
        id="attribute-that-a-method-may-read",
    ),
    pytest.param(
        "t = tf.zeros([0])\nfor x in range(9):\n    pass\nelse:\n    t = tf.concat([t, [1.0]], 0)",
        id="after-the-loop",
    ),
    pytest.param(
        "t = tf.zeros([0])\nfor x in range(9):\n    def f(t):\n        t = tf.concat([t, [1.0]], 0)\n",
        id="function-in-a-loop",
    ),
    pytest.param(
        "for part in (1.0, 2.0, 3.0):\n"
        "    grown = tf.random.normal([3, 2])\n"
        "    grown = tf.concat([[[part, part]], grown], axis=0)\n",
        id="padded-once-on-each-turn",
    ),
]  # fmt: skip


@pytest.mark.parametrize("text", NO_OPS)
def test_left_alone(look: Look, text: str) -> None:
    assert "TFS402" not in codes(look, text)

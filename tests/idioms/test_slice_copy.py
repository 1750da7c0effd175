"""TFS306: which sliced assigns become a scatter, unasked or asked, and which stay as they are."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import pytest
from idioms.conftest import Look, fixed

from tflint_slice.engine import Job, check
from tflint_slice.model import Applicability, Reason
from tflint_slice.settings import Settings


@pytest.fixture
def look(look_at_all: Look) -> Look:
    """Here loops are what it is about."""
    return look_at_all


HEAD = """\
import keras
import numpy as np
import tensorflow as tf

big = tf.Variable(tf.zeros([1_000_000]))
rows = tf.Variable(tf.zeros([100_000, 3]))
w = tf.Variable(tf.zeros([5]))
flags = tf.Variable(tf.fill([1_000_000], False))
half = tf.Variable(tf.zeros([1_000_000], tf.float16))
bytes = tf.Variable(tf.zeros([1_000_000], tf.uint8))
k = keras.Variable(tf.zeros([1_000_000]), dtype="float32")
number = keras.Variable(2.5, dtype="float32")
three = keras.Variable([1.0, 2.0, 3.0], dtype="float32")
other = tf.Variable(2.5)
short = np.array(0.5, tf.bfloat16.as_numpy_dtype)
brain = tf.Variable(tf.zeros([1_000_000], tf.bfloat16))
deep = tf.Variable(tf.zeros([100_000, 1, 1, 1, 1, 1, 1, 1]))
"""


def looped(*lines: str, head: str = "for _ in range(3):") -> str:
    """A loop with these statements."""
    return "\n".join([head, indent("\n".join(lines), "    ")])


def function(*lines: str, params: str = "n: int, x, ops") -> str:
    return looped(*lines, head=f"def f({params}):")


SAFE = [
    pytest.param("big[5].assign(1.0)", "big.scatter_nd_update([[5]], [1.0])", id="element"),
    pytest.param("big[-1].assign(1.0)", "big.scatter_nd_update([[999999]], [1.0])", id="last"),
    pytest.param("big[5].assign(1)", "big.scatter_nd_update([[5]], [1])", id="int"),
    pytest.param("big[5].assign(val=1.0)", "big.scatter_nd_update([[5]], [1.0])", id="keyword"),
    pytest.param("rows[5, 1].assign(1.0)", "rows.scatter_nd_update([[5, 1]], [1.0])", id="pair"),
    pytest.param(
        "rows[5].assign(tf.ones([3]))", "rows.scatter_nd_update([[5]], [tf.ones([3])])", id="row"
    ),
    pytest.param(
        "rows[5, :].assign([1.0, 2.0, 3.0])",
        "rows.scatter_nd_update([[5]], [[1.0, 2.0, 3.0]])",
        id="row-by-a-colon",
    ),
    pytest.param(
        "rows[5].assign(np.ones(3))",
        "rows.scatter_nd_update([[5]], [tf.convert_to_tensor(np.ones(3), rows.dtype)])",
        id="row-of-numpy",
    ),
    pytest.param(
        "big[5].assign(np.float64(2.0))",
        "big.scatter_nd_update([[5]], [np.float64(2.0)])",
        id="number-of-numpy",
    ),
    pytest.param("half[5].assign(0.5)", "half.scatter_nd_update([[5]], [0.5])", id="half"),
    pytest.param("bytes[5].assign(255)", "bytes.scatter_nd_update([[5]], [255])", id="uint8"),
    pytest.param(
        "big[5].assign(number)",
        "big.scatter_nd_update([[5]], [tf.convert_to_tensor(number, big.dtype)])",
        id="keras-3-variable-which-no-list-may-hold",
    ),
    pytest.param(
        "rows[5].assign(three)",
        "rows.scatter_nd_update([[5]], [tf.convert_to_tensor(three, rows.dtype)])",
        id="row-of-a-keras-3-variable",
    ),
    pytest.param(
        "brain[5].assign(short)",
        "brain.scatter_nd_update([[5]], [tf.convert_to_tensor(short, brain.dtype)])",
        id="bfloat16-of-numpy-which-no-list-may-hold",
    ),
    pytest.param(
        "rows[5, ..., :].assign([1.0, 2.0, 3.0])",
        "rows.scatter_nd_update([[5]], [[1.0, 2.0, 3.0]])",
        id="row-by-an-ellipsis-and-a-colon",
    ),
    pytest.param(
        "rows[(5, -1)].assign(1e300)",
        "rows.scatter_nd_update([[5, 2]], [1e300])",
        id="infinite-in-float32",
    ),
    pytest.param("big[5].assign(2**70)", "big.scatter_nd_update([[5]], [2**70])", id="large-int"),
    pytest.param(
        "big[(row := 5)].assign(np.float64(0.1))",
        "big.scatter_nd_update([[(row := 5)]], [np.float64(0.1)])",
        id="index-that-binds",
    ),
    pytest.param(
        "big[5].assign(other)", "big.scatter_nd_update([[5]], [other])", id="another-variable"
    ),
    pytest.param(
        "big[5].assign(0.5).assign_add(tf.ones([1_000_000]))",
        "big.scatter_nd_update([[5]], [0.5]).assign_add(tf.ones([1_000_000]))",
        id="result-goes-on",
    ),
    pytest.param(
        "deep[5, 0, 0].assign(tf.ones([1, 1, 1, 1, 1]))",
        "deep.scatter_nd_update([[5, 0, 0]], [tf.ones([1, 1, 1, 1, 1])])",
        id="eight-axes",
    ),
]


@pytest.mark.parametrize(("before", "after"), SAFE)
def test_safe_rewrites(look: Look, before: str, after: str) -> None:
    text, wanted = HEAD + looped(before), HEAD + looped(after)
    findings = look(text)
    assert [(f.rule.code, f.reason, f.declined) for f in findings] == [("TFS306", None, False)]
    assert fixed(text, findings, Applicability.SAFE) == wanted
    assert look(wanted) == []


LOOPS = [
    pytest.param(
        looped("y = big[5].assign(1.0)", "print(y)"),
        looped("y = big.scatter_nd_update([[5]], [1.0])", "print(y)"),
        id="result-used",
    ),
    pytest.param(
        looped("print(big)", "big[5].assign(1.0)  # why", head="while input():"),
        looped("print(big)", "big.scatter_nd_update([[5]], [1.0])  # why", head="while input():"),
        id="while",
    ),
    pytest.param(
        looped("y = tf.square(2.0)", "big[i].assign(y)", head="for i in range(1_000_000):"),
        looped(
            "y = tf.square(2.0)",
            "big.scatter_nd_update([[i]], [y])",
            head="for i in range(1_000_000):",
        ),
        id="index-of-the-loop",
    ),
    pytest.param(
        function(
            "u = tf.Variable(tf.zeros([n]))",
            looped("y = tf.square(2.0)", "u[i].assign(y)", head="for i in range(n):"),
        ),
        function(
            "u = tf.Variable(tf.zeros([n]))",
            looped(
                "y = tf.square(2.0)", "u.scatter_nd_update([[i]], [y])", head="for i in range(n):"
            ),
        ),
        id="unknown-size",
    ),
    pytest.param(
        function(looped("if x:", "    ops.append(big[5].assign(1.0))")),
        function(looped("if x:", "    ops.append(big.scatter_nd_update([[5]], [1.0]))")),
        id="under-a-condition",
    ),
]


@pytest.mark.parametrize(("before", "after"), LOOPS)
def test_found_in_every_loop(look: Look, before: str, after: str) -> None:
    findings = [found for found in look(HEAD + before) if not found.declined]
    assert [(f.rule.code, f.reason) for f in findings] == [("TFS306", None)]
    assert fixed(HEAD + before, findings, Applicability.SAFE) == HEAD + after


UNASKED = [
    pytest.param("big[5].assign(1.0)", id="outside-of-loops"),
    pytest.param(looped("w[2].assign(1.0)"), id="small-variable"),
    pytest.param("for _ in big[5].assign(1.0): pass", id="in-the-head-of-a-loop"),
    pytest.param("for _ in x: pass\nelse:\n    big[5].assign(1.0)", id="behind-a-loop"),
    pytest.param(looped("def g():", "    big[5].assign(1.0)"), id="in-a-function-made-in-a-loop"),
]


@pytest.mark.parametrize("text", UNASKED)
def test_reported_if_the_rule_is_asked_for(look: Look, tmp_path: Path, text: str) -> None:
    (found,) = look(HEAD + text)
    assert (found.rule.code, found.opt_in) == ("TFS306", True)
    for select, reason in (("TFS306", None), ("TFS3", Reason.NOT_SELECTED)):
        settings = Settings(select=(select,))
        outcome = check(Job(str(tmp_path / "snippet.py"), settings, (HEAD + text).encode()))
        assert [(f.rule.code, f.reason) for f in outcome.found] == [("TFS306", reason)]
        assert outcome.found[0].declined is (reason is not None)


DECLINED = [
    pytest.param(function(looped("big[n].assign(1.0)")), Reason.MAYBE_NEGATIVE_INDEX, id="sign"),
    pytest.param(
        looped("big[1_000_000].assign(1.0)"), Reason.MAYBE_OUT_OF_RANGE, id="past-the-end"
    ),
    pytest.param(looped("rows[5].assign(1.0)"), Reason.UNKNOWN_SHAPE, id="broadcast"),
    pytest.param(looped("rows[5].assign(tf.ones([1]))"), Reason.UNKNOWN_SHAPE, id="broadcast-one"),
    pytest.param(function(looped("big[5].assign(x)")), Reason.UNKNOWN_VALUE, id="unknown-value"),
    pytest.param(
        looped("big[5].assign(tf.ones([], tf.float64))"), Reason.DTYPE_CAST, id="raises-by-dtype"
    ),
    pytest.param(looped("half[5].assign(0.1)"), Reason.DTYPE_CAST, id="rounded-twice-in-a-list"),
    pytest.param(looped("bytes[5].assign(300)"), Reason.VALUE_OUT_OF_DTYPE, id="number-too-large"),
    pytest.param(looped("big[5, :].assign(1.0)"), Reason.ALWAYS_RAISES, id="too-many-axes"),
    pytest.param(
        looped("rows[5, ..., ...].assign([1.0, 2.0, 3.0])"), Reason.ALWAYS_RAISES, id="two-ellipses"
    ),
    pytest.param(looped("flags[5].assign(True)"), Reason.NO_GPU_KERNEL, id="bool"),
]


@pytest.mark.parametrize(("text", "reason"), DECLINED)
def test_declined_where_anything_is_missing(look: Look, text: str, reason: Reason) -> None:
    (found,) = look(HEAD + text)
    assert (found.rule.code, found.reason, found.declined) == ("TFS306", reason, True)


@pytest.mark.parametrize("style", ["in-place", "functional"])
def test_the_functional_style_has_no_form_for_it(look: Look, style: str) -> None:
    (found,) = look(HEAD + looped("big[5].assign(1.0)"), rewrite=style)
    assert found.declined is (style == "functional")


def test_a_distributed_variable_has_no_scatter(look: Look) -> None:
    text = HEAD + "strategy = tf.distribute.MirroredStrategy()\n" + looped("big[5].assign(1.0)")
    (found,) = look(text)
    assert found.reason is Reason.MAYBE_DISTRIBUTED
    assert found.fix is not None
    assert found.fix.applicability is Applicability.UNSAFE


NO_OPS = [
    pytest.param("big[1:3].assign(1.0)", id="slice"),
    pytest.param("rows[:, 1].assign(tf.ones([100_000]))", id="column"),
    pytest.param("rows[..., 1].assign(tf.ones([100_000]))", id="column-by-an-ellipsis"),
    pytest.param("big[:].assign(big)", id="all"),
    pytest.param("big[None, 5].assign([1.0])", id="new-axis"),
    pytest.param("big[5].assign(big[5] + 1.0)", id="value-reads-it-too"),
    pytest.param("big[5].assign(tf.reduce_sum(big))", id="value-reads-all-of-it"),
    pytest.param("big[5].assign(1.0, name='x')", id="named"),
    pytest.param("big.assign(tf.ones([1_000_000]))", id="all-of-it-assigned"),
    pytest.param("k[5].assign(1.0)", id="keras-3-variable"),
    pytest.param("x = [w, w]\nx[1].assign(tf.ones([5]))", id="list-of-variables"),
    pytest.param("x = {0: w}\nx[0].assign(tf.ones([5]))", id="dict-of-variables"),
    pytest.param("df.loc[5].assign(x=1)", id="data-frame"),
    pytest.param("tf.zeros([5])[0]", id="tensor"),
    pytest.param(
        "class A:\n    def f(self, count):\n        for i in range(len(self.count)):\n"
        "            self.count[i].assign(count)",
        id="unknown-attribute",
    ),
    pytest.param("def f(v):\n    for i in range(5):\n        v[i].assign(1.0)", id="parameter"),
    pytest.param("for i in range(1_000_000): big[i].assign(1.0)", id="one-scatter-for-all-turns"),
    pytest.param("big[x > 1].assign(1.0)", id="unknown-comparison"),
]


@pytest.mark.parametrize("text", NO_OPS)
def test_left_alone(look: Look, text: str) -> None:
    assert [found for found in look(HEAD + text) if found.rule.code == "TFS306"] == []
    in_a_loop = [found.rule.code for found in look(HEAD + looped(*text.splitlines()))]
    assert "TFS306" not in in_a_loop

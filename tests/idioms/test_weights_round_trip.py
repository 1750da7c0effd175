"""TFS203: what fetching all weights to change a part of one becomes, and who does so rightly."""

from __future__ import annotations

import textwrap

import pytest
from idioms.conftest import Look, fixed

from tflint_slice.idioms.weights_round_trip import RULE
from tflint_slice.model import Applicability, Reason

HEAD = (
    "import keras\n"
    "import numpy as np\n"
    "import tensorflow as tf\n"
    "from tensorflow.keras import layers\n"
    "from tensorflow.keras.models import Model, Sequential, load_model\n"
    "\n"
    "table = keras.layers.Embedding(5, 3)\n"
    "dense = layers.Dense(3)\n"
    "model = Sequential([table, dense])\n"
)


def trip(*changes: str, layer: str = "table") -> str:
    return "\n".join([f"w = {layer}.get_weights()", *changes, f"{layer}.set_weights(w)"])


def inside(body: str, parameters: str = "i: int, x") -> str:
    return f"def f({parameters}):\n" + textwrap.indent(body, "    ")


def scatter(name: str, indices: str, updates: str, layer: str = "table") -> str:
    weight = f"{layer}.weights[0]"
    return f"{weight}.assign(tf.tensor_scatter_nd_{name}({weight}, {indices}, {updates}))"


def where(test: str, value: str, layer: str = "table") -> str:
    weight = f"{layer}.weights[0]"
    return (
        f"{weight}.assign(tf.where({weight} {test}, tf.constant({value}, {weight}.dtype),"
        f" {weight}))"
    )


MENDED = [
    pytest.param(trip("w[0][1, 2] = 2.0"), scatter("update", "[[1, 2]]", "[2.0]"), id="element"),
    pytest.param(trip("w[0][1, 2] += 2.0"), scatter("add", "[[1, 2]]", "[2.0]"), id="add"),
    pytest.param(trip("w[0][1, 2] -= 2.0"), scatter("sub", "[[1, 2]]", "[2.0]"), id="subtract"),
    pytest.param(
        trip("w[0][1] = [1.0, 2.0, 3.0]"),
        scatter("update", "[[1]]", "[[1.0, 2.0, 3.0]]"),
        id="row",
    ),
    pytest.param(
        trip("w[0][1] = tf.ones([3])"), scatter("update", "[[1]]", "[tf.ones([3])]"), id="tensor"
    ),
    pytest.param(
        trip("w[0][-1, 0] = 2.0"), scatter("update", "[[4, 0]]", "[2.0]"), id="from-the-end"
    ),
    pytest.param(
        trip("w[0][0, 0] = 1.0", "w[0][1, 1] = 2.0"),
        scatter("update", "[[0, 0], [1, 1]]", "[1.0, 2.0]"),
        id="two-elements",
    ),
    pytest.param(
        trip("w[0][0, 0] = 1.0", "w[0][0, 0] += 2.0"),
        "w = tf.tensor_scatter_nd_update(table.weights[0], [[0, 0]], [1.0])\n"
        "w = tf.tensor_scatter_nd_add(w, [[0, 0]], [2.0])\n"
        "table.weights[0].assign(w)",
        id="set-then-add",
    ),
    pytest.param(
        trip("row = tf.ones([3])", "w[0][1] = row"),
        "row = tf.ones([3])\n" + scatter("update", "[[1]]", "[row]"),
        id="harmless-binding-between",
    ),
    pytest.param(trip("w[0][w[0] < 0.0] = 0.0"), where("< 0.0", "0.0"), id="mask"),
    pytest.param(
        trip("w[0][(w[ 0]) < 0.0] = 0.0"), where("< 0.0", "0.0"), id="mask-spelled-otherwise"
    ),
    pytest.param(
        trip("w[0][w[0] < 0.0] = 0.0", layer="dense"),
        where("< 0.0", "0.0", "dense"),
        id="mask-of-a-weight-of-unknown-shape",
    ),
    pytest.param(
        "rows = table.get_weights()[0]\nrows[1, 2] = 2.0\ntable.set_weights([rows])",
        scatter("update", "[[1, 2]]", "[2.0]"),
        id="the-only-weight-by-a-name",
    ),
    pytest.param(
        "kernel, bias = dense.get_weights()\n"
        "kernel[kernel > 1.0] = 1.0\n"
        "dense.set_weights([kernel, bias])",
        where("> 1.0", "1.0", "dense"),
        id="each-weight-by-a-name",
    ),
    pytest.param(
        "[kernel, bias] = dense.get_weights()\n"
        "bias[bias > 1.0] = 1.0\n"
        "dense.set_weights([kernel, bias])",
        where("> 1.0", "1.0", "dense").replace("[0]", "[1]"),
        id="the-second-weight-by-a-name",
    ),
    pytest.param(
        "class Net(keras.Model):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        self.table = keras.layers.Embedding(input_dim=8, output_dim=2)\n"
        "\n"
        "    def clear(self):\n"
        + textwrap.indent(trip("w[0][0, 1] = 0.0", layer="self.table"), " " * 8),
        "class Net(keras.Model):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        self.table = keras.layers.Embedding(input_dim=8, output_dim=2)\n"
        "\n"
        "    def clear(self):\n"
        "        " + scatter("update", "[[0, 1]]", "[0.0]", "self.table"),
        id="layer-of-a-model",
    ),
]


@pytest.mark.parametrize(("before", "after"), MENDED)
def test_unsafe_rewrites(look: Look, before: str, after: str) -> None:
    findings = look(HEAD + before)
    assert [(f.rule.code, f.reason) for f in findings] == [("TFS203", Reason.VARIABLE_CLASS)]
    assert fixed(HEAD + before, findings, Applicability.SAFE) == HEAD + before
    assert fixed(HEAD + before, findings, Applicability.UNSAFE) == HEAD + after
    assert [f for f in look(HEAD + after) if not f.declined] == []


OLD = "import tf_keras\n\nold = tf_keras.layers.Embedding(5, 3)\n"
KERAS_2 = [
    pytest.param("w[0][1, 2] = 2.0", ".scatter_nd_update([[1, 2]], [2.0])", id="element"),
    pytest.param("w[0][1] = 2.0", "[1].assign(2.0)", id="number-into-a-row"),
    pytest.param("w[0][1:3] *= 0.5", "[1:3].assign(old.weights[0][1:3] * 0.5)", id="slice"),
]


@pytest.mark.parametrize(("change", "method"), KERAS_2)
def test_weights_of_keras_2_have_the_methods_of_variables(
    look: Look, change: str, method: str
) -> None:
    text = HEAD + OLD + trip(change, layer="old")
    findings = look(text)
    assert [f.reason for f in findings] == [Reason.MAYBE_DISTRIBUTED]
    after = HEAD + OLD + f"old.weights[0]{method}"
    assert fixed(text, findings, Applicability.UNSAFE) == after
    assert [f for f in look(after) if not f.declined] == []


REPORTED = [
    pytest.param(trip("w[0][1, 2] = 2.0", layer="dense"), Reason.UNKNOWN_RANK, id="built-later"),
    pytest.param(trip("w[0][1, 2] = 2.0", layer="model"), Reason.UNKNOWN_RANK, id="model"),
    pytest.param(
        trip("w[0][1, 2] = 2.0", layer="model.layers[0]"), Reason.UNKNOWN_RANK, id="layers"
    ),
    pytest.param(
        trip("w[0][1, 2] = 2.0", layer="model.get_layer('table')"),
        Reason.UNKNOWN_RANK,
        id="get_layer",
    ),
    pytest.param(
        trip("w[0][1, 2] = 2.0", layer="model.get_layer(index=0)"),
        Reason.UNKNOWN_RANK,
        id="get_layer-by-index",
    ),
    pytest.param(
        trip("w[0][w[0] < 0.0] = 0.0", layer="model"), Reason.UNKNOWN_DTYPE, id="mask-of-a-model"
    ),
    pytest.param(
        "m = load_model('m.keras')\n" + trip("w[0][1, 2] = 2.0", layer="m"),
        Reason.UNKNOWN_RANK,
        id="loaded",
    ),
    pytest.param(
        "m = keras.applications.MobileNetV2()\n" + trip("w[0][1, 2] = 2.0", layer="m"),
        Reason.UNKNOWN_RANK,
        id="application",
    ),
    pytest.param(
        inside(trip("w[0][1, 2] = 2.0", layer="m"), "m: keras.Model"),
        Reason.UNKNOWN_RANK,
        id="annotated",
    ),
    pytest.param(
        inside(
            "for each in m.layers:\n"
            + textwrap.indent(trip("w[0][1, 2] = 2.0", layer="each"), "    "),
            "m: Model",
        ),
        Reason.UNKNOWN_RANK,
        id="each-layer",
    ),
    pytest.param(
        "class Freeze(keras.callbacks.Callback):\n    def on_epoch_end(self, epoch, logs=None):\n"
        + textwrap.indent(trip("w[0][0] = 0.0", layer="self.model.layers[0]"), " " * 8),
        Reason.UNKNOWN_RANK,
        id="model-of-a-callback",
    ),
    pytest.param(
        "class Net(Model):\n    def prune(self):\n"
        + textwrap.indent(trip("w[0][0, 1] = 0.0", layer="self"), " " * 8),
        Reason.UNKNOWN_RANK,
        id="model-itself",
    ),
    pytest.param(trip("w[0][1] = 0.0"), Reason.UNKNOWN_SHAPE, id="number-into-a-row"),
    pytest.param(trip("w[0][1:3] = 0.0"), Reason.KERAS_VARIABLE, id="slice"),
    pytest.param(
        inside(trip("w[0][i, 0] = 0.0")), Reason.MAYBE_NEGATIVE_INDEX, id="index-of-unknown-sign"
    ),
    pytest.param(trip("w[0][7, 0] = 0.0"), Reason.MAYBE_OUT_OF_RANGE, id="index-out-of-range"),
    pytest.param(
        trip("w[0][1, 2] = 2.0", "w[1][0] = 1.0", layer="dense"),
        Reason.BATCH_SHAPE,
        id="two-weights",
    ),
    pytest.param(
        trip("w[0][np.abs(w[0]) < 0.1] = 0.0"), Reason.VALUE_ESCAPES, id="mask-computed-of-it"
    ),
    pytest.param(trip("w[0][1][2] = 2.0"), Reason.VALUE_ESCAPES, id="index-and-index"),
    pytest.param(trip("w[0][1, 2] = 2.0", "print(w)"), Reason.VALUE_ESCAPES, id="printed"),
    pytest.param(trip("w[0][1, 2] = w[0][0, 0]"), Reason.VALUE_ESCAPES, id="read"),
    pytest.param(
        trip("w[0][1, 2] = 2.0") + "\nkept = w", Reason.VALUE_ESCAPES, id="kept-afterwards"
    ),
    pytest.param(
        "kernel, bias = dense.get_weights()\n"
        "kernel[0, 0] = bias[0]\n"
        "dense.set_weights([kernel, bias])",
        Reason.VALUE_ESCAPES,
        id="another-weight-read",
    ),
    pytest.param(
        inside(trip("w[0][1, 2] = 2.0", "x()")), Reason.STATEMENT_BETWEEN, id="call-between"
    ),
    pytest.param(
        inside(trip("if x:\n    w[0][1, 2] = 2.0")), Reason.STATEMENT_BETWEEN, id="condition"
    ),
    pytest.param(trip("for k in range(3):\n    w[0][k] = 0.0"), Reason.LOOP_OF_UPDATES, id="loop"),
    pytest.param(trip("w[0][1, 2] **= 2.0"), Reason.INEXACT_OPERATOR, id="power"),
    pytest.param(
        "w = table.get_weights(); w[0][1, 2] = 2.0; table.set_weights(w)",
        Reason.NO_REWRITE,
        id="on-one-line",
    ),
    pytest.param(trip("w[0][1, 2] = 2.0  # why"), Reason.COMMENT_INSIDE, id="comment"),
]


@pytest.mark.parametrize(("text", "reason"), REPORTED)
def test_reported_without_a_fix(look: Look, text: str, reason: Reason) -> None:
    (found,) = look(HEAD + text)
    assert (found.rule.code, found.reason, found.fix) == ("TFS203", reason, None)


NO_OPS = [
    pytest.param("model.set_weights(model.get_weights())", id="nothing-changed"),
    pytest.param(trip(layer="model"), id="nothing-changed-by-a-name"),
    pytest.param(trip("w[0] = np.zeros([5, 3])"), id="weight-replaced"),
    pytest.param(trip("w[0] = w[0] * 0.5"), id="weight-scaled"),
    pytest.param(trip("w[0] += 0.1 * np.random.randn(5, 3)"), id="noise"),
    pytest.param(trip("w[0][1, 2] = 2.0", "w[0] = w[0] / 2.0"), id="part-and-whole"),
    pytest.param(trip("w = [a * 0.9 for a in w]"), id="all-decayed"),
    pytest.param(
        inside(trip("for k in range(len(w)):\n    w[k][0] = x", layer="dense")),
        id="every-weight-mutated",
    ),
    pytest.param(
        inside(
            trip(
                "for k in range(len(w)):\n    for j in range(len(w[k])):\n"
                "        w[k][j] += np.random.normal()",
                layer="model",
            )
        ),
        id="genetic-mutation",
    ),
    pytest.param(
        inside(
            "w = table.get_weights()\ntarget = other.get_weights()\n"
            "for k in range(len(w)):\n    target[k] = x * w[k] + (1 - x) * target[k]\n"
            "other.set_weights(target)",
            "x, other: Model",
        ),
        id="polyak",
    ),
    pytest.param(
        inside(
            "w = [np.mean(each, axis=0) for each in zip(*[m.get_weights() for m in models])]\n"
            "model.set_weights(w)",
            "models",
        ),
        id="average-of-models",
    ),
    pytest.param(
        inside("w = table.get_weights()\nw[0][1, 2] = 2.0\nother.set_weights(w)", "other: Model"),
        id="another-layer",
    ),
    pytest.param(inside(trip("w[0][1, 2] = 2.0", layer="m"), "m"), id="unknown-parameter"),
    pytest.param(
        inside(trip("w[0][1, 2] = 2.0", layer="m"), "m: 'Perceptron'"), id="class-out-of-sight"
    ),
    pytest.param(
        "opt = keras.optimizers.Adam()\n" + trip("w[0][0] = 2.0", layer="opt"), id="optimizer"
    ),
    pytest.param(
        "class Net:\n"
        "    def get_weights(self):\n        return self.w\n\n"
        "    def set_weights(self, w):\n        self.w = w\n\n"
        "net = Net()\n" + trip("w[0][0] = 2.0", layer="net"),
        id="class-of-its-own",
    ),
    pytest.param(
        "class Net(Model):\n"
        "    def get_weights(self):\n        return [np.ones([3])]\n\n"
        "net = Net()\n" + trip("w[0][0] = 2.0", layer="net"),
        id="model-with-its-own-get_weights",
    ),
    pytest.param(
        "class Net(Model):\n"
        "    @property\n    def weights(self):\n        return []\n\n"
        "net = Net()\n" + trip("w[0][0] = 2.0", layer="net"),
        id="model-with-its-own-weights",
    ),
    pytest.param(
        "if input():\n    m = Sequential()\nelse:\n    m = input()\n"
        + trip("w[0][0] = 2.0", layer="m"),
        id="layer-or-something-else",
    ),
    pytest.param(
        inside(trip("w[0][0] = 2.0", layer="layers"), "layers"), id="name-of-the-module-shadowed"
    ),
    pytest.param(
        "class Agent:\n    def __init__(self, net):\n        self.net = net\n\n"
        "    def clear(self):\n"
        + textwrap.indent(trip("w[0][0] = 2.0", layer="self.net"), " " * 8),
        id="attribute-given-from-outside",
    ),
    pytest.param(
        "w = table.get_weights()\nw[0][1, 2] = 2.0\nnp.savez('w.npz', *w)", id="changed-and-saved"
    ),
    pytest.param(
        "w = np.load('w.npy', allow_pickle=True)\nw[0][1, 2] = 2.0\ntable.set_weights(w)",
        id="array-from-a-file",
    ),
    pytest.param(
        "kernel, bias = dense.get_weights()\nkernel[0, 0] = 2.0\ndense.set_weights([bias, kernel])",
        id="in-another-order",
    ),
    pytest.param(
        "kernel, bias = dense.get_weights()\nkernel[0, 0] = 2.0\ndense.set_weights([kernel, 0 * bias])",
        id="computed-on-the-way-back",
    ),
    pytest.param(
        "w = table.get_weights()\nw[0][1, 2] = 2.0\nw.append(1)\nw = w[:1]\ntable.set_weights(w)",
        id="list-made-afresh",
    ),
    pytest.param(
        "rows = dense.get_weights()[1]\nrows[1] = 2.0\ndense.set_weights([rows])",
        id="not-the-first-weight",
    ),
    pytest.param(
        inside("w = make().get_weights()\nw[0][0] = 2.0\nmake().set_weights(w)", "make"),
        id="another-layer-each-time",
    ),
]


@pytest.mark.parametrize("text", NO_OPS)
def test_left_alone(look: Look, text: str) -> None:
    assert [f for f in look(HEAD + text) if f.rule is RULE] == []


@pytest.mark.parametrize(
    "made",
    [
        pytest.param("keras.layers.Embedding(5, 3, dtype='float16')", id="dtype-given"),
        pytest.param("keras.layers.Embedding(5, 3, **{})", id="keywords-out-of-sight"),
        pytest.param("keras.layers.Embedding(*[5, 3])", id="sizes-out-of-sight"),
        pytest.param("keras.layers.Embedding(int(input()), 3)", id="size-unknown"),
    ],
)
def test_nothing_is_claimed_of_a_layer_made_otherwise(look: Look, made: str) -> None:
    text = HEAD.replace("keras.layers.Embedding(5, 3)", made)
    found = [
        *look(text + trip("w[0][1] = [1.0, 2.0, 3.0]")),
        *look(text + trip("w[0][w[0] < 0] = 0")),
    ]
    assert len(found) == 2
    assert Reason.VARIABLE_CLASS not in (f.reason for f in found if f.fix is None)
    assert any(f.fix is None for f in found)

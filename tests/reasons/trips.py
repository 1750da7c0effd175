"""Rules about trips through NumPy by functions of Keras, and by the weights of layers."""

from __future__ import annotations

from reasons.row import (
    ANY_DTYPE,
    ANY_RANK,
    BOOLS,
    DYNAMIC,
    EITHER,
    GRAPH,
    INTS,
    KERAS,
    MIRRORED,
    MIXED,
    PLAIN,
    UINT8,
    handled,
    row,
)


def backend_trip(
    *changes: str, read: str = "tf.keras.ops.convert_to_numpy(v)", write: str = "v.assign(a)"
) -> str:
    """A round trip by functions of Keras, with these changes of the copy."""
    return "\n".join([f"a = {read}", *changes, write])


def weights_trip(*changes: str) -> str:
    """All weights of a layer fetched, changed like this, and set again."""
    return "\n".join(["w = layer.get_weights()", *changes, "layer.set_weights(w)"])


EMBEDDING = "layer = tf.keras.layers.Embedding(5, 3)"
DENSE = "layer = tf.keras.layers.Dense(3)"

ROWS_OF_KERAS = [
    row("TFS202", "maybe-distributed", "unsafe", backend_trip("a[0] = 1.0"), given=MIRRORED),
    row(
        "TFS202",
        "keras-variable",
        "none",
        "a = tf.keras.ops.convert_to_numpy(v)\na[1:3] = 1.0\nv.assign(a)",
        given=KERAS,
    ),
    row("TFS202", "variable-class", "unsafe", backend_trip("a[0] = 1.0"), given=EITHER),
    row(
        "TFS202", "no-gpu-kernel", "unsafe", backend_trip("a[[0, 1]] = [False, True]"), given=BOOLS
    ),
    row("TFS202", "value-escapes", "none", backend_trip("a[0] = 1.0", "print(a)")),
    row("TFS202", "statement-between", "none", backend_trip("a[0] = 1.0", "g()"), params="g"),
    row("TFS202", "loop-of-updates", "none", backend_trip("for i in range(3):", "    a[i] = 1.0")),
    row(
        "TFS202",
        "maybe-negative-index",
        "none",
        backend_trip("a[i] = 1.0", "a[j] = 2.0"),
        params="i: int, j: int",
    ),
    row("TFS202", "maybe-out-of-range", "none", backend_trip("a[1] = 1.0", "a[7] = 2.0")),
    row("TFS202", "maybe-duplicate-index", "none", backend_trip("a[[1, 1]] = 1.0", "a[0] = 2.0")),
    row("TFS202", "batch-shape", "none", backend_trip("a[0] *= 2.0", "a[1] = 1.0")),
    row("TFS202", "unknown-rank", "unsafe", backend_trip("a[0] = 1.0"), given=ANY_RANK),
    row("TFS202", "unknown-rank", "none", backend_trip("a[[0, 1]] = 1.0"), given=ANY_RANK),
    row("TFS202", "unknown-index", "unsafe", backend_trip("a[i] = 1.0"), params="i"),
    row("TFS202", "unknown-index", "none", backend_trip("a[i] = 1.0"), params="i: np.ndarray"),
    row(
        "TFS202",
        "unknown-shape",
        "unsafe",
        backend_trip("a[1:] = tf.cast(x, tf.float32)"),
        params="x",
    ),
    row("TFS202", "unknown-shape", "none", backend_trip("a[[0, 1]] = x"), params="x"),
    row("TFS202", "unknown-dtype", "unsafe", backend_trip("a[0] = 1.0"), given=ANY_DTYPE),
    row("TFS202", "unknown-value", "none", backend_trip("a[v < 0.0] = [1.0, 2.0]")),
    row("TFS202", "unknown-value", "unsafe", backend_trip("a[0] = x"), params="x"),
    row("TFS202", "dtype-cast", "unsafe", backend_trip("a[1:3] = x"), params="x: float"),
    row("TFS202", "dtype-cast", "none", backend_trip("a[0] = 1.5"), given=INTS),
    row(
        "TFS202",
        "value-out-of-dtype",
        "unsafe",
        backend_trip("a[0] = n"),
        given=UINT8,
        params="n: int",
    ),
    row("TFS202", "value-out-of-dtype", "none", backend_trip("a[0] = 300"), given=UINT8),
    row("TFS202", "always-raises", "none", backend_trip("a[1:3] = tf.ones([4])")),
    row("TFS202", "mixed-precision", "unsafe", backend_trip("a[0] = 1.0"), given=MIXED),
    row("TFS202", "inexact-operator", "none", backend_trip("a[0] **= 2.0")),
    row(
        "TFS202", "caught-exception", "unsafe", handled(backend_trip("a[i] = 1.0")), params="i: int"
    ),
    row("TFS202", "side-effects", "unsafe", backend_trip("a[0] = np.random.rand()")),
    row("TFS202", "graph-mode", "unsafe", backend_trip("a[0] = 1.0"), given=GRAPH),
    row(
        "TFS202",
        "name-shadowed",
        "none",
        backend_trip("a[a < 0.0] = 0.0", read="keras.ops.convert_to_numpy(v)"),
        given="import keras\n\n" + PLAIN,
        params="tf",
    ),
    row("TFS202", "name-shadowed", "unsafe", backend_trip("a[0] = 1.0"), given=DYNAMIC),
    row("TFS202", "comment-inside", "none", backend_trip("a[0] = 1.0  # why")),
    row("TFS202", "no-rewrite", "none", backend_trip("a[0] = 1.0; a[1] = 2.0")),
    row(
        "TFS202",
        "always-raises",
        "unsafe",
        backend_trip("a[0] = 1.0", write="tf.keras.backend.set_value(v, a)"),
        given=KERAS,
    ),
    row(
        "TFS202",
        "changes-meaning",
        "unsafe",
        backend_trip("a[0] = 1.0", read="tf.keras.backend.get_value(v)"),
    ),
    row("TFS203", "variable-class", "unsafe", weights_trip("w[0][1, 2] = 1.0"), given=EMBEDDING),
    row(
        "TFS203",
        "maybe-distributed",
        "unsafe",
        weights_trip("w[0][1, 2] = 1.0"),
        given="import tf_keras\n\n" + EMBEDDING.replace("tf.keras", "tf_keras"),
    ),
    row(
        "TFS203",
        "side-effects",
        "unsafe",
        weights_trip("w[0][1, 2] = np.random.rand()"),
        given=EMBEDDING,
    ),
    row("TFS203", "value-escapes", "none", weights_trip("w[0][1][2] = 1.0"), given=EMBEDDING),
    row(
        "TFS203",
        "statement-between",
        "none",
        weights_trip("w[0][1, 2] = 1.0", "g()"),
        given=EMBEDDING,
        params="g",
    ),
    row(
        "TFS203",
        "loop-of-updates",
        "none",
        weights_trip("for i in range(3):", "    w[0][i] = 1.0"),
        given=EMBEDDING,
    ),
    row(
        "TFS203",
        "batch-shape",
        "none",
        weights_trip("w[0][0, 0] = 1.0", "w[1][0] = 1.0"),
        given=DENSE,
    ),
    row("TFS203", "keras-variable", "none", weights_trip("w[0][1:3] = 1.0"), given=EMBEDDING),
    row("TFS203", "unknown-rank", "none", weights_trip("w[0][1, 2] = 1.0"), given=DENSE),
    row(
        "TFS203",
        "unknown-dtype",
        "none",
        weights_trip("w[0][w[0] < 0.0] = 0.0"),
        given="layer = tf.keras.Sequential()",
    ),
    row("TFS203", "unknown-shape", "none", weights_trip("w[0][1] = 1.0"), given=EMBEDDING),
    row(
        "TFS203",
        "unknown-index",
        "none",
        weights_trip("w[0][i] = 1.0"),
        given=EMBEDDING,
        params="i: np.ndarray",
    ),
    row("TFS203", "unknown-value", "none", weights_trip("w[0][1] = None"), given=EMBEDDING),
    row(
        "TFS203",
        "maybe-negative-index",
        "none",
        weights_trip("w[0][i, 0] = 1.0"),
        given=EMBEDDING,
        params="i: int",
    ),
    row("TFS203", "maybe-out-of-range", "none", weights_trip("w[0][7, 0] = 1.0"), given=EMBEDDING),
    row(
        "TFS203",
        "maybe-duplicate-index",
        "none",
        weights_trip("w[0][[1, 1]] = tf.ones([2, 3])"),
        given=EMBEDDING,
    ),
    row(
        "TFS203",
        "value-out-of-dtype",
        "none",
        weights_trip("w[0][w[0] < 'a'] = 1.0"),
        given=EMBEDDING,
    ),
    row("TFS203", "always-raises", "none", weights_trip("w[0][1, 2, 0] = 1.0"), given=EMBEDDING),
    row("TFS203", "inexact-operator", "none", weights_trip("w[0][1, 2] **= 2.0"), given=EMBEDDING),
    row(
        "TFS203",
        "name-shadowed",
        "none",
        weights_trip("w[0][1, 2] = 1.0"),
        given=EMBEDDING,
        params="tf",
    ),
    row(
        "TFS203", "comment-inside", "none", weights_trip("w[0][1, 2] = 1.0  # why"), given=EMBEDDING
    ),
    row(
        "TFS203",
        "no-rewrite",
        "none",
        weights_trip("w[0][0, 0] = 1.0; w[0][1, 1] = 2.0"),
        given=EMBEDDING,
    ),
]


def lost(*changes: str) -> str:
    """A copy that is changed, and that is all."""
    return "\n".join(["a = v.numpy()", *changes])


ROWS_OF_COPIES = [
    row("TFS104", "changes-meaning", "unsafe", "v.numpy()[0] = 1.0"),
    row("TFS104", "maybe-distributed", "unsafe", "v.numpy()[0] = 1.0", params="v: tf.Variable"),
    row("TFS104", "variable-class", "none", "v.numpy()[0] = 1.0", given=EITHER),
    row("TFS104", "loop-of-updates", "none", lost("for k in range(3):", "    a[k] = 1.0")),
    row("TFS104", "statement-between", "none", lost("g()", "a[0] = 1.0"), params="g"),
    row("TFS104", "side-effects", "none", "v.numpy()[g()] += 1.0", params="g"),
    row("TFS104", "keras-variable", "none", "v.numpy()[1:3] = 1.0", given=KERAS),
    row(
        "TFS104", "maybe-negative-index", "none", "v.numpy()[n] = 1.0", given=KERAS, params="n: int"
    ),
    row("TFS104", "maybe-out-of-range", "none", "v.numpy()[[0, 9]] = 1.0"),
    row("TFS104", "maybe-duplicate-index", "none", "v.numpy()[[0, 0]] = 1.0"),
    row("TFS104", "batch-shape", "none", lost("a[0] *= 2.0", "a[1] = 1.0")),
    row("TFS104", "unknown-rank", "none", "v.numpy()[[0, 1]] = 1.0", given=ANY_RANK),
    row("TFS104", "unknown-index", "none", "v.numpy()[1.5] = 1.0"),
    row("TFS104", "unknown-shape", "none", "v.numpy()[[0, 1]] = x", params="x"),
    row("TFS104", "unknown-value", "none", "v.numpy()[0] = None"),
    row("TFS104", "dtype-cast", "none", "v.numpy()[0] = 1.5", given=INTS),
    row("TFS104", "value-out-of-dtype", "none", "v.numpy()[0] = 300", given=UINT8),
    row("TFS104", "always-raises", "none", "v.numpy()[0, 1] = 1.0"),
    row("TFS104", "inexact-operator", "none", "v.numpy()[0] **= 2.0"),
    row("TFS104", "name-shadowed", "none", "v.numpy()[v < 0.0] = 0.0", params="tf"),
    row("TFS104", "comment-inside", "none", "v.numpy()[  # why\n    0] = 1.0"),
    row("TFS104", "no-rewrite", "none", lost("a[0] = 1.0; a[1] = 2.0")),
    row(
        "TFS205",
        "changes-meaning",
        "none",
        "global v\na = v.numpy()\na[0] = 1.0\nv = tf.Variable(a)",
    ),
]

ROWS = ROWS_OF_KERAS + ROWS_OF_COPIES

"""Rules about what a loop does one by one, and about sliced copies in it."""

from __future__ import annotations

from reasons.row import (
    ANY_DTYPE,
    ANY_RANK,
    BOOLS,
    COMPILED,
    DYNAMIC,
    EITHER,
    GRAPH,
    INTS,
    KERAS,
    MATRIX,
    MIRRORED,
    MIXED,
    PLAIN,
    SCATTER,
    UINT8,
    Row,
    handled,
    row,
)

TURNS = "for k in range(5):\n    v[k].assign(1.0)"
ROWS_OF_LOOPS = [
    row("TFS401", "maybe-distributed", "unsafe", TURNS, given=MIRRORED),
    row("TFS401", "variable-class", "unsafe", TURNS, given=EITHER),
    row(
        "TFS401", "unknown-dtype", "unsafe", TURNS, given="v = tf.Variable(tf.zeros([5], input()))"
    ),
    row(
        "TFS401",
        "no-gpu-kernel",
        "unsafe",
        "for k in range(2):\n    v[k].assign(True)",
        given=BOOLS,
    ),
    row(
        "TFS401",
        "mixed-precision",
        "unsafe",
        f"for k in range(5):\n    {SCATTER.format('[[k]]', '[1.0]')}",
        given=MIXED,
    ),
    row(
        "TFS401",
        "maybe-negative-index",
        "unsafe",
        "for k in [0, n]:\n    v[k].assign(1.0)",
        params="n: int",
    ),
    row("TFS401", "maybe-negative-index", "none", "for k in [0, -1]:\n    v[k].assign(1.0)"),
    row("TFS401", "maybe-out-of-range", "unsafe", "for k in range(9):\n    v[k].assign(1.0)"),
    row("TFS401", "maybe-out-of-range", "none", "for k in [0, 9]:\n    v[k].assign(1.0)"),
    row(
        "TFS401",
        "maybe-duplicate-index",
        "unsafe",
        "for k in np.arange(6) % 5:\n    v[k].assign(1.0)",
    ),
    row("TFS401", "maybe-duplicate-index", "none", "for k in [1, 1]:\n    v[k].assign(1.0)"),
    row(
        "TFS401",
        "unknown-index",
        "unsafe",
        "ix = [np.int64(0), np.int64(1)]\nfor k in ix:\n    v[k].assign(1.0)",
    ),
    row(
        "TFS401",
        "index-dtype",
        "none",
        "for k in np.array([0, 1], np.uint8):\n    v[k].assign(1.0)",
    ),
    row(
        "TFS401",
        "unknown-shape",
        "unsafe",
        "for k in range(n):\n    v.scatter_nd_update([[k]], [1.0])",
        params="n: int",
    ),
    row(
        "TFS401",
        "unknown-shape",
        "none",
        "for k in range(5):\n    v[k].assign(x)",
        params="x: tf.Tensor",
    ),
    row("TFS401", "unknown-rank", "none", TURNS, given=ANY_RANK),
    row(
        "TFS401",
        "batch-shape",
        "none",
        "for k, x in zip([0, 1, 2], [1.0, 2.0]):\n    v[k].assign(x)",
    ),
    row("TFS401", "unknown-value", "unsafe", "for k in range(5):\n    v[k].assign(1j)"),
    row("TFS401", "unknown-value", "none", "for k in range(5):\n    v[k].assign(x)", params="x"),
    row(
        "TFS401",
        "dtype-cast",
        "unsafe",
        "for k, x in enumerate(xs):\n    v.scatter_nd_update([[k]], [x])",
        params="xs: tf.Tensor",
    ),
    row("TFS401", "dtype-cast", "none", "for k in range(5):\n    v[k].assign(1.5)", given=INTS),
    row(
        "TFS401",
        "value-out-of-dtype",
        "unsafe",
        "for k, x in enumerate([1, 300]):\n    v.scatter_nd_update([[k]], [x])",
        given=UINT8,
    ),
    row(
        "TFS401",
        "value-out-of-dtype",
        "none",
        "for k in range(5):\n    v[k].assign(300)",
        given=UINT8,
    ),
    row("TFS401", "keras-variable", "none", TURNS, given=KERAS),
    row(
        "TFS401",
        "keras-variable",
        "unsafe",
        f"for k in range(abs(n)):\n    {SCATTER.format('[[k]]', '[1.0]')}",
        given=KERAS,
        params="n: int",
    ),
    row(
        "TFS401",
        "no-xla-kernel",
        "unsafe",
        "for k in range(5):\n    v.scatter_max(tf.IndexedSlices([1.0], [k]))",
        given=COMPILED,
    ),
    row(
        "TFS401",
        "inexact-operator",
        "unsafe",
        "with tf.GradientTape():\n    t = tf.zeros([5])\n    for k in range(5):\n"
        "        t = tf.tensor_scatter_nd_update(t, [[k]], [x])",
        given="x = tf.constant(1.0)",
    ),
    row(
        "TFS401",
        "always-raises",
        "unsafe",
        "for k, x in enumerate(xs):\n    v[k].assign(x)",
        given=f"{PLAIN}\nxs = tf.ones([5])\n\n\n@tf.function\ndef g():\n    return f()",
    ),
    row("TFS401", "value-escapes", "none", TURNS + "\nreturn k"),
    Row("TFS401", "value-escapes", "unsafe", f"{PLAIN}\n{TURNS}\n", imported=True),
    row(
        "TFS401",
        "caught-exception",
        "unsafe",
        handled("for k in [0, 9]:\n    v.scatter_nd_add([[n]], [1.0])")
        .replace("[[n]]", "[[k]]")
        .replace("[0, 9]", "tf.constant([0, 9])"),
    ),
    row("TFS401", "name-shadowed", "unsafe", TURNS, given=DYNAMIC),
    row("TFS401", "name-shadowed", "none", TURNS, params="tf"),
    row("TFS401", "loop-of-updates", "none", "for k in range(5):\n    v[k].assign(float(k))"),
    row("TFS401", "loop-of-updates", "declined", "for k in range(5):\n    v[k] = 1.0"),
    row("TFS401", "graph-mode", "declined", TURNS, given=GRAPH),
    row(
        "TFS401",
        "no-rewrite",
        "none",
        'd = {"a": v}\nfor k in range(5):\n    d[\n        "a"\n    ][k].assign(1.0)',
    ),
    row("TFS401", "comment-inside", "none", "for k in range(5):  # all\n    v[k].assign(1.0)"),
]

LARGE = "v = tf.Variable(tf.zeros([1_000_000]))"
TURN = "for j in range(3):\n    v[{}].assign({})"


def large(given: str) -> str:
    """The same with more elements."""
    return given.replace("[5]", "[1_000_000]").replace("[3, 4]", "[1_000, 4_000]")


ROWS_OF_SLICES = [
    row("TFS306", "maybe-distributed", "unsafe", TURN.format("0", "1.0"), given=large(MIRRORED)),
    row("TFS306", "name-shadowed", "unsafe", TURN.format("0", "1.0"), given=large(DYNAMIC)),
    row("TFS306", "comment-inside", "none", TURN.format("0", "  # why\n        1.0"), given=LARGE),
    row("TFS306", "not-selected", "declined", "v[0].assign(1.0)", given=LARGE),
    row(
        "TFS306",
        "maybe-negative-index",
        "declined",
        TURN.format("n", "1.0"),
        given=LARGE,
        params="n: int",
    ),
    row("TFS306", "maybe-out-of-range", "declined", TURN.format("1_000_000", "1.0"), given=LARGE),
    row("TFS306", "unknown-rank", "declined", TURN.format("0", "1.0"), given=ANY_RANK),
    row("TFS306", "always-raises", "declined", TURN.format("0, :", "1.0"), given=LARGE),
    row("TFS306", "unknown-shape", "declined", TURN.format("0", "1.0"), given=large(MATRIX)),
    row(
        "TFS306",
        "index-dtype",
        "declined",
        "v = tf.Variable(tf.zeros([n, n]))\nfor i in range(n):\n    for k in range(n):\n"
        "        v[i, k].assign(1.0)",
        params="n",
    ),
    row("TFS306", "unknown-value", "declined", TURN.format("0", "x"), given=LARGE, params="x"),
    row("TFS306", "unknown-dtype", "declined", TURN.format("0", "1.0"), given=ANY_DTYPE),
    row(
        "TFS306", "dtype-cast", "declined", TURN.format("0", "tf.ones([], tf.float64)"), given=LARGE
    ),
    row("TFS306", "value-out-of-dtype", "declined", TURN.format("0", "300"), given=large(UINT8)),
    row(
        "TFS306",
        "no-gpu-kernel",
        "declined",
        TURN.format("0", "True"),
        given="v = tf.Variable(tf.zeros([1_000_000], tf.bool))",
    ),
    row(
        "TFS306",
        "name-shadowed",
        "declined",
        TURN.format("0", "np.ones([4_000], np.float32)"),
        given=large(MATRIX),
        params="tf",
    ),
    row("TFS306", "graph-mode", "declined", TURN.format("0", "1.0"), given=large(GRAPH)),
    row(
        "TFS306", "no-rewrite", "declined", TURN.format("0", "1.0"), given=LARGE, style="functional"
    ),
]

ROWS = ROWS_OF_LOOPS + ROWS_OF_SLICES

"""Rules about what is rebuilt as a whole to change a part."""

from __future__ import annotations

from reasons.row import (
    ANY_RANK,
    COMPILED,
    DYNAMIC,
    EITHER,
    GRAPH,
    INTS,
    KERAS,
    MATRIX,
    MIRRORED,
    MIXED,
    UINT8,
    handled,
    row,
)

MASK = "v.assign(tf.where({}, {}, v))"
TWO = "tf.range(5) == 2"
SUM = "v.assign(v * (1 - {0}) + {1} * {0})"
ROWS_OF_MASKS = [
    row("TFS303", "changes-meaning", "unsafe", SUM.format("tf.one_hot(2, 5)", "9.0")),
    row(
        "TFS303",
        "maybe-out-of-range",
        "unsafe",
        MASK.format("tf.range(5) == i", "9.0"),
        params="i: int",
    ),
    row(
        "TFS303",
        "maybe-negative-index",
        "unsafe",
        MASK.format("tf.range(5) < i", "9.0"),
        params="i: int",
    ),
    row(
        "TFS303",
        "unknown-index",
        "unsafe",
        "i = np.argmax(np.zeros([5]))\n" + MASK.format("tf.range(5) == i", "9.0"),
    ),
    row("TFS303", "dtype-cast", "unsafe", MASK.format(TWO, "9")),
    row("TFS303", "unknown-value", "unsafe", MASK.format(TWO, "x"), params="x"),
    row(
        "TFS303", "unknown-shape", "unsafe", MASK.format(TWO, "tf.cast(x, tf.float32)"), params="x"
    ),
    row(
        "TFS303",
        "unknown-dtype",
        "unsafe",
        MASK.format(TWO, "9.0"),
        given="v = tf.Variable(tf.reshape(input(), [5]))",
    ),
    row("TFS303", "evaluation-order", "unsafe", MASK.format(TWO, "(x := 9.0)")),
    row("TFS303", "maybe-distributed", "unsafe", MASK.format(TWO, "9.0"), given=MIRRORED),
    row("TFS303", "no-xla-kernel", "unsafe", MASK.format("tf.range(5) < 2", "9.0"), given=COMPILED),
    row("TFS303", "mixed-precision", "unsafe", MASK.format(TWO, "9.0"), given=MIXED),
    row("TFS303", "caught-exception", "unsafe", handled(MASK.format("tf.range(5) < 2", "9.0"))),
    row(
        "TFS303",
        "side-effects",
        "unsafe",
        MASK.format("tf.range([g(), 5][1]) == 2", "9.0"),
        params="g",
    ),
    row("TFS303", "graph-mode", "unsafe", MASK.format(TWO, "9.0"), given=GRAPH),
    row("TFS303", "name-shadowed", "unsafe", MASK.format(TWO, "9.0"), given=DYNAMIC),
    row("TFS303", "no-rewrite", "unsafe", MASK.format(TWO, "9.0")[:-1] + ", read_value=False)"),
    row("TFS303", "variable-class", "unsafe", MASK.format(TWO, "9.0"), given=EITHER),
    row("TFS303", "no-rewrite", "none", MASK.format("tf.range(5) <= 2", "9.0")),
    row("TFS303", "maybe-out-of-range", "none", MASK.format("tf.range(5) == 5", "9.0")),
    row("TFS303", "maybe-negative-index", "none", MASK.format("tf.sequence_mask(-1, 5)", "9.0")),
    row("TFS303", "unknown-index", "none", MASK.format("tf.range(5) == i", "9.0"), params="i"),
    row("TFS303", "unknown-shape", "none", MASK.format(TWO, "tf.ones([5])")),
    row("TFS303", "unknown-rank", "none", MASK.format(TWO, "9.0"), given=ANY_RANK),
    row("TFS303", "always-raises", "none", MASK.format("tf.range(4) == 2", "9.0")),
    row("TFS303", "side-effects", "none", SUM.format("tf.one_hot(2, 5)", "g()"), params="g"),
    row("TFS303", "dtype-cast", "none", MASK.format(TWO, "9.5"), given=INTS),
    row("TFS303", "value-out-of-dtype", "none", MASK.format(TWO, "300"), given=UINT8),
    row(
        "TFS303",
        "comment-inside",
        "none",
        "v.assign(tf.where(tf.range(5) == 2,  # one\n    9.0, v))",
    ),
    row("TFS303", "unknown-value", "none", MASK.format(TWO, "None")),
    row("TFS303", "keras-variable", "none", MASK.format("tf.range(5) < 2", "9.0"), given=KERAS),
    row(
        "TFS402",
        "no-rewrite",
        "none",
        "t = tf.zeros([0])\nfor x in xs:\n    t = tf.concat([t, [x]], 0)",
        params="xs",
    ),
]

CONCAT = "v.assign(tf.concat([v[:2], {}, v[3:]], 0))"
ROWS_OF = "rows = tf.unstack(v)\nrows[{}] = {}\nv.assign(tf.stack(rows))"
CHOSEN = "v.assign(tf.stack([{} if j == {} else v[j] for j in range(5)]))"
TCONCAT = "t = tf.zeros([5])\nt = tf.concat([t[:2], {}, t[3:]], 0)"
AT_I = "v.assign(tf.concat([v[:i], [1.0], v[i + 1:]], 0))"
T_AT_I = "t = tf.zeros([5])\nt = tf.concat([t[:i], [1.0], t[i + 1:]], 0)"
NAMED = CONCAT.format("[1.0]").replace(", 0)", ", 0, name='x')")
TROWS = "t = tf.zeros([5])\nrows = tf.unstack(t)\nrows[0] = {}\nt = tf.stack(rows)"
ROWS_OF_PIECES = [
    row("TFS302", "maybe-negative-index", "unsafe", AT_I, params="i: int"),
    row("TFS302", "maybe-out-of-range", "unsafe", "for i in range(6):\n    " + AT_I),
    row("TFS302", "unknown-shape", "unsafe", CONCAT.format("x"), params="x"),
    row("TFS302", "unknown-dtype", "unsafe", CONCAT.format("tf.reshape(x, [1])"), params="x"),
    row("TFS302", "dtype-cast", "unsafe", CONCAT.format("[tf.ones([], tf.float64)]")),
    row("TFS302", "dtype-cast", "none", CONCAT.format("[1.5]"), given=INTS),
    row("TFS302", "value-out-of-dtype", "none", CONCAT.format("[300]"), given=UINT8),
    row("TFS302", "side-effects", "unsafe", CONCAT.format("[g()]"), params="g"),
    row(
        "TFS302",
        "caught-exception",
        "unsafe",
        handled("v.assign(tf.concat([v[:, :1], tf.ones([3, 1]), v[:, 2:]], 1))"),
        given=MATRIX,
    ),
    row(
        "TFS302",
        "batch-shape",
        "none",
        "v.assign(tf.concat([v[:1], tf.ones([1]), v[2:3], [1.0], v[4:]], 0))",
    ),
    row(
        "TFS302",
        "keras-variable",
        "none",
        "for i in range(4):\n    v.assign(tf.concat([v[:i], tf.ones([2]), v[i + 2:]], 0))",
        given=KERAS,
    ),
    row("TFS302", "no-rewrite", "unsafe", NAMED),
    row("TFS302", "maybe-distributed", "unsafe", CONCAT.format("[1.0]"), given=MIRRORED),
    row("TFS302", "variable-class", "unsafe", CONCAT.format("[1.0]"), given=EITHER),
    row("TFS302", "graph-mode", "unsafe", CONCAT.format("[1.0]"), given=GRAPH),
    row("TFS302", "name-shadowed", "unsafe", CONCAT.format("[1.0]"), given=DYNAMIC),
    row("TFS302", "comment-inside", "none", CONCAT.format("[  # why\n    1.0]")),
    row("TFS304", "maybe-negative-index", "unsafe", CHOSEN.format("1.0", "i"), params="i: int"),
    row(
        "TFS304",
        "maybe-out-of-range",
        "unsafe",
        "for i in range(6):\n    " + CHOSEN.format("1.0", "i"),
    ),
    row("TFS304", "unknown-index", "unsafe", ROWS_OF.format("i", "1.0"), params="i"),
    row("TFS304", "unknown-shape", "unsafe", ROWS_OF.format("0", "x"), params="x"),
    row("TFS304", "unknown-dtype", "unsafe", ROWS_OF.format("0", "tf.reshape(x, [])"), params="x"),
    row("TFS304", "dtype-cast", "unsafe", ROWS_OF.format("0", "tf.ones([], tf.float64)")),
    row("TFS304", "side-effects", "unsafe", ROWS_OF.format("0", "g()"), params="g"),
    row(
        "TFS304",
        "caught-exception",
        "unsafe",
        "for i in range(-3, 3):\n    "
        + handled(ROWS_OF.format("i", "1.0")).replace("\n", "\n    "),
    ),
    row("TFS304", "value-escapes", "none", ROWS_OF.format("0", "rows[1]")),
    row(
        "TFS304",
        "statement-between",
        "none",
        "rows = tf.unstack(v)\nrows[0] = 1.0\nv.assign(tf.ones([5]))\nv.assign(tf.stack(rows))",
    ),
    row(
        "TFS304",
        "no-rewrite",
        "none",
        "rows = tf.unstack(v); rows[0] = 1.0\nv.assign(tf.stack(rows))",
    ),
    row(
        "TFS304",
        "no-rewrite",
        "unsafe",
        ROWS_OF.format("0", "1.0").replace("stack(rows)", "stack(rows), read_value=False"),
    ),
    row("TFS304", "maybe-distributed", "unsafe", ROWS_OF.format("0", "1.0"), given=MIRRORED),
    row("TFS304", "variable-class", "unsafe", ROWS_OF.format("0", "1.0"), given=EITHER),
    row("TFS304", "graph-mode", "unsafe", ROWS_OF.format("0", "1.0"), given=GRAPH),
    row("TFS304", "name-shadowed", "unsafe", ROWS_OF.format("0", "1.0"), given=DYNAMIC),
    row("TFS304", "comment-inside", "none", ROWS_OF.format("0", "1.0  # why")),
    row("TFS307", "maybe-negative-index", "none", T_AT_I, params="i: int"),
    row(
        "TFS307",
        "maybe-out-of-range",
        "none",
        "t = tf.zeros([5])\nfor i in range(5):\n    t = tf.concat([t[:i], [1.0], t[i + 1:]], 0)",
    ),
    row(
        "TFS307",
        "unknown-rank",
        "none",
        "t = tf.concat([t[:2], [1.0], t[3:]], 0)",
        params="t: tf.Tensor",
    ),
    row("TFS307", "unknown-shape", "none", TCONCAT.format("[x]"), params="x"),
    row("TFS307", "dtype-cast", "unsafe", TCONCAT.format("[tf.ones([], tf.float64)]")),
    row(
        "TFS307",
        "side-effects",
        "unsafe",
        "def h():\n    return 1.0\n\n" + TCONCAT.format("[float(h())]"),
    ),
    row("TFS307", "caught-exception", "unsafe", handled(TCONCAT.format("[1.0]"))),
    row("TFS307", "value-escapes", "none", TROWS.format("rows[1]")),
    row(
        "TFS307",
        "statement-between",
        "none",
        "k = 0\n"
        + TROWS.format("1.0")
        .replace("rows[0]", "rows[k]")
        .replace("\nt = tf.stack", "\nk = 1\nt = tf.stack"),
    ),
    row("TFS307", "graph-mode", "unsafe", TCONCAT.format("[1.0]"), given=GRAPH),
    row("TFS307", "name-shadowed", "unsafe", TCONCAT.format("[1.0]"), given=DYNAMIC),
    row("TFS307", "comment-inside", "none", TCONCAT.format("[  # why\n    1.0]")),
    row(
        "TFS307", "no-rewrite", "unsafe", TCONCAT.format("[1.0]").replace(", 0)", ", 0, name='x')")
    ),
]

DENSE = "print(v + 1, v * 2, v - 3)\n"
ROWS_OF_VALUES = [
    row("TFS302", "read-densely", "declined", DENSE + CONCAT.format("[1.0]")),
    row("TFS303", "read-densely", "declined", DENSE + MASK.format(TWO, "9.0")),
    row("TFS304", "read-densely", "declined", DENSE + ROWS_OF.format("0", "1.0")),
    row("TFS302", "maybe-negative-index", "none", AT_I, given=KERAS, params="i: int"),
    row("TFS302", "unknown-shape", "none", CONCAT.format("[g()]"), given=KERAS, params="g"),
    row("TFS302", "unknown-value", "unsafe", CONCAT.format("[1j]")),
    row("TFS302", "unknown-value", "none", CONCAT.format("[None]")),
    row(
        "TFS302", "value-out-of-dtype", "unsafe", CONCAT.format("[n]"), given=UINT8, params="n: int"
    ),
    row("TFS302", "mixed-precision", "unsafe", CONCAT.format("[1.0]"), given=MIXED),
    row(
        "TFS304",
        "maybe-negative-index",
        "none",
        ROWS_OF.format("n", "1.0"),
        given=KERAS,
        params="n: int",
    ),
    row("TFS304", "unknown-shape", "none", ROWS_OF.format("2", "x"), given=KERAS, params="x"),
    row("TFS304", "unknown-value", "unsafe", ROWS_OF.format("2", "1j")),
    row("TFS304", "unknown-value", "none", ROWS_OF.format("2", "None")),
    row("TFS304", "dtype-cast", "none", ROWS_OF.format("2", "np.random.rand()"), given=UINT8),
    row("TFS304", "value-out-of-dtype", "none", ROWS_OF.format("2", "300"), given=UINT8),
    row(
        "TFS304",
        "always-raises",
        "none",
        ROWS_OF.format("2", "tf.ones([4])"),
        given="v = tf.Variable(1.0)",
    ),
    row("TFS304", "mixed-precision", "unsafe", CHOSEN.format("tf.ones([])", "2"), given=MIXED),
    row("TFS307", "unknown-value", "unsafe", TCONCAT.format("[1j]")),
    row("TFS307", "unknown-value", "none", TCONCAT.format("[None]")),
]
ROWS = ROWS_OF_MASKS + ROWS_OF_PIECES + ROWS_OF_VALUES

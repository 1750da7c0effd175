"""Every rule there is or will be, form by form, written down as a value of ``tflint_slice.model``.

The table shows that the vocabulary is wide enough; ``test_model.py`` holds it to its laws.
"""

from __future__ import annotations

import ast
import itertools
import typing
from dataclasses import dataclass, replace

from tflint_slice import model
from tflint_slice.model import (
    Axes,
    Bounds,
    Duplicates,
    Edit,
    Effect,
    Full,
    IndexTensor,
    Kind,
    Loop,
    Mask,
    Misuse,
    Negative,
    NewAxis,
    Op,
    Operand,
    Point,
    Points,
    Range,
    Region,
    Rest,
    Span,
    Unrecognised,
    Update,
    UpdateSequence,
    Within,
)


@dataclass(frozen=True)
class Row:
    """One form of one rule: the code as users write it, and the value that says what it means."""

    code: str
    id: str
    source: str
    value: UpdateSequence | Misuse


# --- operands that occur in the snippets ----------------------------------------------------------


def literal(text: str, dtype: str = "int32") -> Operand:
    """A literal of the snippets: a number, or a nested list of them."""
    value = ast.literal_eval(text)
    shape, entries = [], [value]
    while isinstance(entries[0], list):
        shape.append(len(entries[0]))
        entries = list(itertools.chain.from_iterable(entries))
    if not shape:
        kind = Kind.FLOAT if isinstance(value, float) else Kind.INT
        low = high = None
        if isinstance(value, int):
            low, high = value, value + 1
        return Operand(text, kind=kind, shape=(), low=low, high=high, constant=True, pure=True)
    rows = [str(row) for row in value]
    return Operand(
        text,
        kind=Kind.LIST,
        dtype=dtype,
        shape=tuple(shape),
        low=int(min(entries)),
        high=int(max(entries)) + 1,
        distinct=len(rows) == len(set(rows)),
        constant=True,
        pure=True,
    )


V = Operand("v", kind=Kind.VARIABLE, dtype="float32", shape=(5,), plain=True, pure=True)
M = replace(V, text="m", shape=(3, 4))
T = Operand("t", kind=Kind.TENSOR, dtype="float32", shape=(5,), pure=True)
W = Operand("w", kind=Kind.KERAS3_VARIABLE, dtype="float32", shape=(5,), pure=True)
P = replace(V, text="v", kind=Kind.SOME_VARIABLE, plain=False)
SELF_V = replace(V, text="self.v")
I = Operand("i", kind=Kind.INT, shape=(), low=0, high=5, pure=True)  # noqa: E741
ANY_I = Operand("i", kind=Kind.INT, shape=(), pure=True)
IX = Operand("ix", kind=Kind.NDARRAY, dtype="int64", shape=("k",), pure=True)
I2 = Operand("idx", kind=Kind.TENSOR, dtype="int32", shape=("k", 1), pure=True)
X = Operand("x", kind=Kind.FLOAT, shape=(), pure=True)
XS = Operand("xs", kind=Kind.TENSOR, dtype="float32", shape=("k",), pure=True)
MASK = Operand("v < 0.0", kind=Kind.TENSOR, dtype="bool", shape=(5,), pure=True)


# --- regions and updates, as each spelling means them ---------------------------------------------

SOURCE_ORDER = ("index", "value")
READ_BETWEEN = ("index", "read", "value")


def at(*axes: Operand | model.Axis) -> Axes:
    return Axes(tuple(Point(axis) if isinstance(axis, Operand) else axis for axis in axes))


def store(region: Region, value: Operand | None = X) -> Update:
    """``a[region] = value`` as NumPy means it."""
    return Update(region, value)


def augment(region: Region, op: Op, value: Operand = X) -> Update:
    """``a[region] op= value`` as NumPy means it."""
    return Update(region, value, op, duplicates=Duplicates.ONCE, order=READ_BETWEEN)


def scatter(indices: Operand, value: Operand = XS, op: Op = Op.SET) -> Update:
    """``tf.tensor_scatter_nd_*(_, indices, value)``, and the methods of a variable."""
    return Update(
        IndexTensor(indices, None if indices.shape is None else _last(indices.shape)),
        value,
        op,
        duplicates=Duplicates.UNSPECIFIED if op is Op.SET else Duplicates.ACCUMULATE,
        negative=Negative.RAISE_OR_IGNORE,
        bounds=Bounds.RAISE_OR_IGNORE,
        order=SOURCE_ORDER,
    )


def _last(shape: model.Shape) -> int | None:
    return shape[-1] if isinstance(shape[-1], int) else None


def sliced(region: Axes, value: Operand = X, op: Op = Op.SET) -> Update:
    """``v[region].assign(value)``."""
    return Update(region, value, op, order=SOURCE_ORDER)


def bordered(region: Axes, value: Operand = X) -> Update:
    """``tf.concat([v[:i], [x], v[i + 1:]], 0)`` where ``i`` is not known to lie in its axis.

    For -1 that is ``v`` with one entry less, then ``x``, then all of ``v``; past the end it grows.
    """
    return replace(sliced(region, value), negative=Negative.DEPENDS, bounds=Bounds.CHANGE_LENGTH)


def ignored(region: Region, value: Operand = X, op: Op = Op.SET, exact: bool = True) -> Update:
    """A comparison with ``tf.range`` or a one-hot vector: an index of no element does nothing."""
    return Update(
        region,
        value,
        op,
        duplicates=Duplicates.LAST_WINS if op is Op.SET else Duplicates.ACCUMULATE,
        negative=Negative.IGNORE,
        bounds=Bounds.IGNORE,
        order=SOURCE_ORDER,
        exact=exact,
    )


# --- rows -----------------------------------------------------------------------------------------


def statements(source: str) -> tuple[Span, ...]:
    """Where the top-level statements of an ASCII snippet stand."""
    starts = [0, *itertools.accumulate(len(line) for line in source.splitlines(keepends=True))]
    return tuple(
        Span(
            starts[node.lineno - 1] + node.col_offset,
            starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0),
        )
        for node in ast.parse(source).body
    )


def row(
    code: str,
    id: str,
    source: str,
    target: Operand,
    effect: Effect,
    /,
    *updates: Update,
    **rest: typing.Any,
) -> Row:
    """A row whose code is a partial update, spelled well or badly."""
    *gone, place = statements(source)
    sequence = UpdateSequence(target, updates, effect, place=place, statements=tuple(gone), **rest)
    return Row(code, id, source, sequence)


def misuse(
    code: str,
    id: str,
    source: str,
    target: Operand,
    effect: Effect,
    *mends: tuple[str, str],
    reference: str | None = None,
) -> Row:
    """A row whose code is wrong; each of ``mends`` replaces the one place where its text stands."""
    edits = []
    for old, new in mends:
        assert source.count(old) == 1, (id, old)
        start = source.index(old)
        edits.append(Edit(Span(start, start + len(old)), new))
    (statement,) = statements(source)
    return Row(code, id, source, Misuse(target, effect, statement, tuple(edits), reference))


def round_trip(code: str, id: str, source: str, *updates: Update, **rest: typing.Any) -> Row:
    """``a = v.numpy()``, changes of ``a``, ``v.assign(a)``: all or nothing, the copy made first."""
    options = {"temporaries": ("a",), "read_first": True, "atomic": True, **rest}
    return row(code, id, source, options.pop("target", V), Effect.WRITES, *updates, **options)


def rebuild(code: str, id: str, source: str, *updates: Update, **rest: typing.Any) -> Row:
    """``v.assign(<the whole of v with a part replaced>)``."""
    options = {"atomic": True, **rest}
    return row(code, id, source, options.pop("target", V), Effect.WRITES, *updates, **options)


RAISES, WRITES = Effect.RAISES, Effect.WRITES
NOTHING, REBINDS = Effect.NOTHING, Effect.REBINDS
BLOCK = Range(literal("1"), literal("3"))
A_1 = Operand("a[1] * 2.0", kind=Kind.NDARRAY, dtype="float32", shape=(), pure=True)
FLAT = Unrecognised(Operand("[7]", kind=Kind.LIST, shape=(1,), constant=True, pure=True))
SLICES = Operand("slices", kind=Kind.INSTANCE)
TSNU = "tf.tensor_scatter_nd_update"

ROWS = [
    # TFS101: item assignment on a variable. Always raises, so it is taken as NumPy means it.
    row("TFS101", "element", "v[i] = x", V, RAISES, store(at(I))),
    row("TFS101", "two-points", "m[i, 2] = x", M, RAISES, store(at(I, literal("2")))),
    row("TFS101", "block", "m[i, 1:3] = xs", M, RAISES, store(at(I, BLOCK), XS)),
    row("TFS101", "column", "m[:, i] = xs", M, RAISES, store(at(Full(), I), XS)),
    row("TFS101", "new-axis", "m[None, 1:3] = xs", M, RAISES, store(at(NewAxis(), BLOCK), XS)),
    row("TFS101", "mask", "v[v < 0.0] = x", V, RAISES, store(Mask(MASK, 1))),
    row("TFS101", "list", "v[[0, 2]] = xs", V, RAISES, store(at(Points(literal("[0, 2]"))), XS)),
    row("TFS101", "array", "v[ix] = xs", V, RAISES, store(at(Points(IX)), XS)),
    row("TFS101", "unknown", "v[k] = x", V, RAISES, store(Unrecognised(Operand("k")))),
    row("TFS101", "add", "v[i] += x", V, RAISES, augment(at(I), Op.ADD)),
    row("TFS101", "divide-all", "v[...] /= x", V, RAISES, augment(at(Rest()), Op.DIVIDE)),
    row("TFS101", "multiply", "v[1:3] *= x", V, RAISES, augment(at(BLOCK), Op.MULTIPLY)),
    row("TFS101", "power", "v[i] **= x", V, RAISES, augment(at(I), Op.POWER)),
    row("TFS101", "bits", "v[i] |= x", V, RAISES, augment(at(I), Op.BITWISE)),
    row("TFS101", "matmul", "m[...] @= xs", M, RAISES, augment(at(Rest()), Op.MATMUL, XS)),
    row("TFS101", "chained", "v[0] = y = x", V, RAISES, store(at(literal("0")))),
    row("TFS101", "tuple-target", "v[i], y = xs", V, RAISES, store(at(I), None)),
    misuse("TFS101", "for-target", "for v[i] in xs: pass", V, RAISES),
    misuse("TFS101", "delete", "del v[i]", V, RAISES),
    # TFS102: the same on a tensor.
    row("TFS102", "element", "t[i] = x", T, RAISES, store(at(I))),
    row("TFS102", "add-rows", "t[1:3] += xs", T, RAISES, augment(at(BLOCK), Op.ADD, XS)),
    # TFS103: methods that a slice does not have.
    row("TFS103", "assign-add", "v[i].assign_add(x)", V, RAISES, sliced(at(I), X, Op.ADD)),
    row(
        "TFS103", "assign-sub", "v[1:3].assign_sub(x)", V, RAISES, sliced(at(BLOCK), X, Op.SUBTRACT)
    ),
    row(
        "TFS103",
        "scatter-of-slice",
        "m[i].scatter_nd_update(idx, xs)",
        M,
        RAISES,
        replace(scatter(I2), region=Within(at(I), IndexTensor(I2, 1))),
    ),
    # TFS104: a write that reaches a copy only.
    row("TFS104", "numpy", "v.numpy()[i] = x", V, NOTHING, store(at(I))),
    row("TFS104", "np-array", "np.array(v)[i] += x", V, NOTHING, augment(at(I), Op.ADD)),
    row(
        "TFS104",
        "copy-dropped",
        "a = v.numpy()\na[i] = x",
        V,
        NOTHING,
        store(at(I)),
        temporaries=("a",),
    ),
    # TFS105: a result that is thrown away.
    row("TFS105", "update", f"{TSNU}(v, idx, xs)", V, NOTHING, scatter(I2)),
    row(
        "TFS105", "add", "tf.tensor_scatter_nd_add(t, idx, xs)", T, NOTHING, scatter(I2, op=Op.ADD)
    ),
    row("TFS105", "concat", "tf.concat([t[:i], [x], t[i + 1:]], 0)", T, NOTHING, store(at(I))),
    # TFS106: the name of a variable bound to a tensor.
    row("TFS106", "scatter", f"self.v = {TSNU}(self.v, idx, xs)", SELF_V, REBINDS, scatter(I2)),
    row("TFS106", "sum", "self.v = self.v + x", SELF_V, REBINDS, augment(at(Rest()), Op.ADD)),
    row("TFS106", "floor", "v //= x", V, REBINDS, augment(at(Rest()), Op.FLOOR_DIVIDE)),
    row("TFS106", "modulo", "v %= x", V, REBINDS, augment(at(Rest()), Op.MODULO)),
    row("TFS106", "keras", "w += x", W, REBINDS, augment(at(Rest()), Op.ADD)),
    # TFS107: shapes that cannot fit.
    misuse(
        "TFS107",
        "bracket-too-many",
        f"v.assign({TSNU}(v, [[0, 1, 0]], [[100]]))",
        replace(V, shape=(2, 2, 2)),
        RAISES,
        ("[[100]]", "[100]"),
        reference="v[0, 1, 0] = 100",
    ),
    misuse(
        "TFS107",
        "scalar-updates",
        "v.scatter_nd_update([[2]], 10.0)",
        V,
        RAISES,
        ("10.0", "[10.0]"),
        reference="v[2] = 10.0",
    ),
    misuse(
        "TFS107",
        "rank-1-method",
        "v.scatter_nd_update([2, 4], [10.0, 20.0])",
        V,
        WRITES,
        ("[2, 4]", "[[2], [4]]"),
        reference="v[[2, 4]] = [10.0, 20.0]",
    ),
    misuse(
        "TFS107",
        "rank-1-function",
        f"v.assign({TSNU}(v, [2, 4], [10.0, 20.0]))",
        V,
        RAISES,
        ("[2, 4]", "[[2], [4]]"),
        reference="v[[2, 4]] = [10.0, 20.0]",
    ),
    misuse("TFS107", "too-deep", "v.scatter_nd_update([[0, 1]], [x])", V, RAISES),
    # TFS108: a constant index outside of the axis.
    row(
        "TFS108",
        "out",
        "v.scatter_nd_update([[9]], [1.0])",
        V,
        WRITES,
        scatter(literal("[[9]]"), literal("[1.0]", "float32")),
    ),
    row(
        "TFS108",
        "negative",
        "v.scatter_nd_update([[-1]], [1.0])",
        V,
        WRITES,
        scatter(literal("[[-1]]"), literal("[1.0]", "float32")),
    ),
    # TFS109: a constant index twice.
    row(
        "TFS109",
        "twice",
        "v.scatter_nd_update([[1], [1]], xs)",
        V,
        WRITES,
        scatter(literal("[[1], [1]]")),
    ),
    # TFS110: fancy indices on a slice.
    misuse(
        "TFS110",
        "list",
        "m[[0, 2]].assign(x)",
        M,
        WRITES,
        ("m[[0, 2]].assign(x)", "m.scatter_nd_update([[0], [2]], tf.broadcast_to(x, [2, 4]))"),
        reference="m[[0, 2]] = x",
    ),
    row("TFS110", "array", "v[ix].assign(xs)", V, RAISES, sliced(at(Points(IX)), XS)),
    row(
        "TFS110",
        "mask",
        "v[v < 0.0].assign(x)",
        V,
        RAISES,
        Update(Mask(MASK, 1), X, order=SOURCE_ORDER),
    ),
    row(
        "TFS110", "chained", "m[0][1].assign(x)", M, RAISES, sliced(at(literal("0"), literal("1")))
    ),
    row("TFS110", "of-value", "v.value()[i].assign(x)", V, RAISES, sliced(at(I)), read_first=True),
    # TFS111: the process ends.
    misuse(
        "TFS111",
        "rank-3",
        f"v.assign({TSNU}(v, [[[0], [2]]], [9.0]))",
        V,
        Effect.ABORTS,
        ("[[[0], [2]]]", "[[0], [2]]"),
        ("[9.0]", "[9.0, 9.0]"),
        reference="v[[0, 2]] = 9.0",
    ),
    misuse(
        "TFS111",
        "captured-dtype",
        "v.scatter_nd_update(idx, xs64)",
        V,
        Effect.ABORTS,
        ("xs64", "tf.cast(xs64, v.dtype)"),
        reference="v[idx[:, 0]] = xs64",
    ),
    # TFS201: a trip through NumPy.
    round_trip("TFS201", "element", "a = v.numpy()\na[i] = x\nv.assign(a)", store(at(I))),
    round_trip(
        "TFS201", "np-array", "a = np.array(v)\na[i] = x\nv.assign(tf.constant(a))", store(at(I))
    ),
    round_trip(
        "TFS201",
        "read-value",
        "a = v.read_value().numpy().copy()\na[i] -= x\nv.assign(a)",
        augment(at(I), Op.SUBTRACT),
    ),
    round_trip(
        "TFS201", "mask", "a = v.numpy()\na[v < 0.0] = x\nv.assign(a)", store(Mask(MASK, 1))
    ),
    round_trip(
        "TFS201",
        "several",
        "a = v.numpy()\na[0] = x\na[2] = x\nv.assign(a)",
        store(at(literal("0"))),
        store(at(literal("2"))),
    ),
    round_trip(
        "TFS201",
        "dependent",
        "a = v.numpy()\na[1] = x\na[2] = a[1] * 2.0\nv.assign(a)",
        store(at(literal("1"))),
        store(at(literal("2")), A_1),
    ),
    round_trip(
        "TFS201",
        "add-at",
        "a = v.numpy()\nnp.add.at(a, ix, xs)\nv.assign(a)",
        Update(at(Points(IX)), XS, Op.ADD, Duplicates.ACCUMULATE, order=SOURCE_ORDER),
    ),
    round_trip(
        "TFS201",
        "loop",
        "a = v.numpy()\nfor i in ix:\n    a[i] += x\nv.assign(a)",
        augment(at(ANY_I), Op.ADD),
        loop=Loop((ANY_I,), IX),
    ),
    round_trip(
        "TFS201",
        "conditional",
        "a = v.numpy()\nif x > 0.0:\n    a[i] = x\nv.assign(a)",
        replace(store(at(I)), condition=Operand("x > 0.0", kind=Kind.BOOL, shape=(), pure=True)),
    ),
    round_trip("TFS201", "fill", "a = v.numpy()\na.fill(x)\nv.assign(a)", store(at(Rest()))),
    round_trip(
        "TFS201", "put", "a = m.numpy()\nnp.put(a, [7], x)\nm.assign(a)", store(FLAT), target=M
    ),
    round_trip(
        "TFS201",
        "sort",
        "a = v.numpy()\na.sort()\nv.assign(a)",
        store(Unrecognised(Operand("a.sort()")), None),
    ),
    # TFS202: the same trip through Keras's backend.
    round_trip(
        "TFS202",
        "backend",
        "a = K.get_value(v)\na[i] = x\nK.set_value(v, a)",
        store(at(I)),
        target=P,
    ),
    round_trip(
        "TFS202",
        "ops",
        "a = keras.ops.convert_to_numpy(w)\na[i] = x\nw.assign(a)",
        store(at(I)),
        target=W,
    ),
    # TFS203: all weights of a layer fetched to change one.
    round_trip(
        "TFS203",
        "layer",
        "a = layer.get_weights()\na[0][i] = x\nlayer.set_weights(a)",
        store(at(I)),
        target=Operand("layer.weights[0]", kind=Kind.SOME_VARIABLE),
    ),
    # TFS204: a tensor's trip through NumPy.
    row(
        "TFS204",
        "constant",
        "a = t.numpy()\na[i] = x\nt = tf.constant(a)",
        T,
        REBINDS,
        store(at(I)),
        temporaries=("a",),
        read_first=True,
        atomic=True,
    ),
    row(
        "TFS204",
        "other-name",
        "a = t.numpy()\na[i] = x\nu = tf.constant(a)",
        replace(T, text="u"),
        REBINDS,
        store(at(I)),
        source=T,
        temporaries=("a",),
        read_first=True,
        atomic=True,
    ),
    # TFS205: another variable made of the changed copy.
    row(
        "TFS205",
        "recreated",
        "a = v.numpy()\na[i] = x\nv = tf.Variable(a)",
        V,
        Effect.REPLACES,
        store(at(I)),
        temporaries=("a",),
        read_first=True,
        atomic=True,
    ),
    # TFS301: functional scatter assigned back.
    rebuild("TFS301", "nested", f"v.assign({TSNU}(v, idx, xs))", scatter(I2)),
    rebuild(
        "TFS301",
        "temporary",
        f"y = {TSNU}(v, idx, xs)\nv.assign(y)",
        scatter(I2),
        temporaries=("y",),
    ),
    rebuild(
        "TFS301", "keywords", f"v.assign({TSNU}(tensor=v, indices=idx, updates=xs))", scatter(I2)
    ),
    rebuild(
        "TFS301",
        "turned-round",
        f"v.assign({TSNU}(v, updates=xs, indices=idx))",
        replace(scatter(I2), order=("value", "index")),
    ),
    rebuild(
        "TFS301", "value", f"v.assign({TSNU}(v.value(), idx, xs))", scatter(I2), read_first=True
    ),
    rebuild(
        "TFS301",
        "identity",
        f"v.assign({TSNU}(tf.identity(v), idx, xs))",
        scatter(I2),
        read_first=True,
    ),
    rebuild("TFS301", "used", f"y = v.assign({TSNU}(v, idx, xs))", scatter(I2), used=True),
    rebuild(
        "TFS301", "add", "v.assign(tf.tensor_scatter_nd_add(v, idx, xs))", scatter(I2, op=Op.ADD)
    ),
    rebuild(
        "TFS301",
        "max",
        "v.assign(tf.tensor_scatter_nd_max(v, idx, xs))",
        scatter(I2, op=Op.MAXIMUM),
    ),
    rebuild(
        "TFS301",
        "min",
        "v.assign(tf.tensor_scatter_nd_min(v, idx, xs))",
        scatter(I2, op=Op.MINIMUM),
    ),
    # TFS302: pieces put together again; what comes out may be longer or shorter than what went in.
    rebuild(
        "TFS302",
        "element",
        "v.assign(tf.concat([v[:i], [x], v[i + 1:]], 0))",
        sliced(at(I)),
        read_first=True,
    ),
    rebuild(
        "TFS302",
        "columns",
        "m.assign(tf.concat([m[:, :1], xs, m[:, 3:]], 1))",
        sliced(at(Full(), BLOCK), XS),
        target=M,
        read_first=True,
    ),
    rebuild(
        "TFS302",
        "rows",
        "m.assign(tf.stack([m[0], xs, m[2]]))",
        sliced(at(literal("1")), XS),
        target=M,
        read_first=True,
    ),
    rebuild(
        "TFS302",
        "any-border",
        "v.assign(tf.concat([v[:i], [x], v[i + 1:]], 0))",
        bordered(at(ANY_I)),
        read_first=True,
    ),
    # TFS303: a mask made from positions.
    rebuild("TFS303", "range", "v.assign(tf.where(tf.range(5) == i, x, v))", ignored(at(ANY_I))),
    rebuild(
        "TFS303",
        "sequence",
        "v.assign(tf.where(tf.sequence_mask(i, 5), x, v))",
        ignored(at(Range(stop=ANY_I))),
    ),
    rebuild(
        "TFS303",
        "arithmetic",
        "v.assign(v * (1 - tf.one_hot(i, 5)) + x * tf.one_hot(i, 5))",
        ignored(at(ANY_I), exact=False),
    ),
    # TFS304: through a list of rows.
    rebuild(
        "TFS304",
        "unstack",
        "rows = tf.unstack(v)\nrows[i] = x\nv.assign(tf.stack(rows))",
        store(at(ANY_I)),
        temporaries=("rows",),
        read_first=True,
    ),
    rebuild(
        "TFS304",
        "comprehension",
        "v.assign(tf.stack([x if j == i else v[j] for j in range(5)]))",
        ignored(at(ANY_I)),
    ),
    # TFS305: a dense delta for a sparse change.
    rebuild(
        "TFS305", "scatter-nd", "v.assign_add(tf.scatter_nd(idx, xs, [5]))", scatter(I2, op=Op.ADD)
    ),
    rebuild(
        "TFS305",
        "one-hot",
        "v.assign_add(tf.one_hot(i, 5) * x)",
        ignored(at(ANY_I), op=Op.ADD, exact=False),
    ),
    rebuild(
        "TFS305",
        "sum",
        "v.assign(v - tf.one_hot(i, 5) * x)",
        ignored(at(ANY_I), op=Op.SUBTRACT, exact=False),
    ),
    rebuild("TFS305", "pad", "v.assign_add(tf.pad(xs, [[1, 2]]))", sliced(at(BLOCK), XS, Op.ADD)),
    rebuild(
        "TFS305",
        "sparse",
        "v.assign_add(tf.sparse.to_dense(slices))",
        replace(
            scatter(I2, SLICES, Op.ADD),
            region=IndexTensor(None, 1),
            duplicates=Duplicates.RAISE,
        ),
    ),
    rebuild(
        "TFS305",
        "slices",
        "v.assign_sub(tf.convert_to_tensor(slices))",
        replace(scatter(I2, SLICES, Op.SUBTRACT), region=IndexTensor(None, 1)),
    ),
    # TFS306: the slice is read, all of it, before it is written.
    row("TFS306", "element", "v[i].assign(x)", V, WRITES, sliced(at(I)), atomic=True),
    row("TFS306", "rows", "v[1:3].assign(xs)", V, WRITES, sliced(at(BLOCK), XS), atomic=True),
    # TFS307: TFS302 to TFS304 on a tensor.
    row(
        "TFS307",
        "concat",
        "t = tf.concat([t[:i], [x], t[i + 1:]], 0)",
        T,
        REBINDS,
        sliced(at(I)),
        read_first=True,
        atomic=True,
    ),
    row(
        "TFS307",
        "any-border",
        "t = tf.concat([t[:i], [x], t[i + 1:]], 0)",
        T,
        REBINDS,
        bordered(at(ANY_I)),
        read_first=True,
        atomic=True,
    ),
    row(
        "TFS307",
        "unstack",
        "rows = tf.unstack(t)\nrows[i] = x\nt = tf.stack(rows)",
        T,
        REBINDS,
        store(at(ANY_I)),
        temporaries=("rows",),
        read_first=True,
        atomic=True,
    ),
    row(
        "TFS307",
        "where",
        "t = tf.where(tf.range(5) == i, x, t)",
        T,
        REBINDS,
        ignored(at(ANY_I)),
        atomic=True,
    ),
    # TFS401: one update for each turn.
    row(
        "TFS401",
        "slices",
        "for i, x in zip(ix, xs):\n    v[i].assign(x)",
        V,
        WRITES,
        sliced(at(ANY_I)),
        loop=Loop((ANY_I, X), Operand("zip(ix, xs)", kind=Kind.LIST, pure=True)),
    ),
    row(
        "TFS401",
        "scatters",
        "for i in range(5):\n    v.scatter_nd_update([[i]], [x])",
        V,
        WRITES,
        scatter(Operand("[[i]]", kind=Kind.LIST, shape=(1, 1), low=0, high=5, pure=True), X),
        loop=Loop((I,), Operand("range(5)", kind=Kind.LIST, low=0, high=5, pure=True)),
    ),
    # TFS402: no part of anything changes; it grows.
    misuse("TFS402", "tensor", "for x in xs:\n    t = tf.concat([t, [x]], 0)", T, REBINDS),
    # TFS501: the functions of TensorFlow 1.
    row(
        "TFS501",
        "gone",
        "tf.scatter_update(v, ix, xs)",
        V,
        RAISES,
        replace(scatter(IX), region=at(Points(IX))),
    ),
    row(
        "TFS501",
        "compat",
        "tf.compat.v1.scatter_add(v, ix, xs)",
        V,
        WRITES,
        replace(scatter(IX, op=Op.ADD), region=at(Points(IX))),
    ),
    row(
        "TFS501", "compat-nd", "tf.compat.v1.scatter_nd_update(v, idx, xs)", V, WRITES, scatter(I2)
    ),
    row(
        "TFS501",
        "compat-assign",
        "tf.compat.v1.assign(v[1:3], xs)",
        V,
        WRITES,
        sliced(at(BLOCK), XS),
    ),
    row(
        "TFS501",
        "compat-batch",
        "tf.compat.v1.batch_scatter_update(m, ix, xs)",
        M,
        WRITES,
        replace(scatter(IX), region=IndexTensor(IX, 1, batch=1)),
    ),
    # TFS502: methods that went away with Keras 2.
    row("TFS502", "update", "w.scatter_nd_update(idx, xs)", W, RAISES, scatter(I2)),
    row("TFS502", "add", "w.scatter_nd_add(idx, xs)", W, RAISES, scatter(I2, op=Op.ADD)),
]

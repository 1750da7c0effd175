"""The axis of indices: what NumPy takes between brackets, and the rows that scatter takes."""

from __future__ import annotations

from dataclasses import dataclass

from tflint_slice.prove.matrix.shapes import Shape

VECTOR: Shape = (5,)
MATRIX: Shape = (4, 3)
CUBE: Shape = (2, 3, 4)


@dataclass(frozen=True)
class Index:
    """One form of index into a variable of ``shape``; ``text`` may name the variable as ``{v}``.

    ``region`` is the shape of what is stored, or due as updates; None where it depends on what
    the program is given. Values are crossed with ``common`` forms, and dtypes with those that
    are ``typical``. ``fails`` says that NumPy, or a functional scatter, raises on a CPU whenever
    it is given this index.
    """

    name: str
    shape: Shape
    text: str
    region: Shape | None
    parameters: tuple[str, ...] = ()
    loop: str = ""
    common: bool = False
    typical: bool = False
    fails: bool = False


AS_WRITTEN = Index("as-written", VECTOR, "", ())
"""That of a spelling which has an index of its own."""

_TURNS = "for k in range(5):"

NUMPY = (
    Index("zero", VECTOR, "0", ()),
    Index("positive-int", VECTOR, "2", (), common=True, typical=True),
    Index("negative-int", VECTOR, "-1", ()),
    Index("int-beyond-the-end", VECTOR, "5", (), fails=True),
    Index("loop-variable", VECTOR, "k", (), loop=_TURNS),
    Index("int-parameter", VECTOR, "i", (), ("i: int",), common=True),
    Index("unknown-parameter", VECTOR, "i", (), ("i",)),
    Index("pair", MATRIX, "1, 2", ()),
    Index("pair-of-parameters", MATRIX, "i, j", (), ("i: int", "j: int")),
    Index("row", MATRIX, "1", (3,), common=True, typical=True),
    Index("row-parameter", MATRIX, "i", (3,), ("i: int",)),
    Index("row-of-rank-3", CUBE, "1", (3, 4)),
    Index("slice", VECTOR, "1:3", (2,), common=True, typical=True),
    Index("slice-of-rows", MATRIX, "1:3", (2, 3), common=True),
    Index("slice-to-the-end", VECTOR, "-2:", (2,)),
    Index("slice-beyond-the-end", VECTOR, "3:9", (2,)),
    Index("slice-with-step", VECTOR, "::2", (3,)),
    Index("slice-with-negative-step", VECTOR, "3:0:-1", (3,)),
    Index("slice-of-parameters", VECTOR, "i:j", None, ("i: int", "j: int")),
    Index("all", VECTOR, ":", (5,)),
    Index("column", MATRIX, ":, 1", (4,)),
    Index("ellipsis", MATRIX, "..., 0", (4,)),
    Index("new-axis", MATRIX, ":, None, 1", (4, 1)),
    Index("block", CUBE, "1, 1:3, ::2", (2, 2)),
    Index("list", VECTOR, "[0, 2]", (2,), common=True),
    Index("list-of-rows", MATRIX, "[0, -1]", (2, 3)),
    Index("list-with-repeat", VECTOR, "[1, 1]", (2,)),
    Index("index-tensor", VECTOR, "tf.constant([0, 2])", (2,)),
    Index("index-array", VECTOR, "ix", (2,), ("ix: np.ndarray",)),
    Index("mask", VECTOR, "{v} > 0.5", None, common=True),
    Index("mask-of-rows", MATRIX, "tf.constant([True, False, True, False])", (2, 3)),
)

SCATTER = (
    Index("element", VECTOR, "[[2]]", (1,), common=True, typical=True),
    Index("negative-element", VECTOR, "[[-1]]", (1,), fails=True),
    Index("element-beyond-the-end", VECTOR, "[[5]]", (1,), fails=True),
    Index("loop-variable", VECTOR, "[[k]]", (1,), loop=_TURNS),
    Index("int-parameter", VECTOR, "[[i]]", (1,), ("i: int",)),
    Index("int-of-unknown-kind", VECTOR, "[[i]]", (1,), ("i",)),
    Index("elements", VECTOR, "[[0], [2]]", (2,), common=True, typical=True),
    Index("elements-with-repeat", VECTOR, "[[1], [1]]", (2,)),
    Index("pair", MATRIX, "[[1, 2]]", (1,), common=True),
    Index("pairs", MATRIX, "[[0, 1], [2, 0]]", (2,)),
    Index("pairs-in-a-block", MATRIX, "[[[0, 1], [2, 0]]]", (1, 2)),
    Index("row", MATRIX, "[[1]]", (1, 3), common=True, typical=True),
    Index("rows-of-rank-3", CUBE, "[[0], [1]]", (2, 3, 4)),
    Index("pair-of-rank-3", CUBE, "[[1, 2]]", (1, 4)),
    Index("index-tensor", VECTOR, "tf.constant([[0], [2]], tf.int64)", (2,)),
    Index("index-of-16-bits", VECTOR, "tf.constant([[0], [2]], tf.int16)", (2,), fails=True),
    Index("index-array", VECTOR, "np.array([[0], [2]])", (2,)),
    Index("places-with-new-axis", VECTOR, "ix[:, None]", (2,), ("ix: tf.Tensor",)),
    Index("places-reshaped", VECTOR, "tf.reshape(ix, [-1, 1])", (2,), ("ix",)),
    Index("unknown-parameter", VECTOR, "ix", (2,), ("ix",)),
    Index("places-of-a-mask", VECTOR, "tf.where({v} > 0.5)", None),
    Index("flat-list", VECTOR, "[1, 2]", (2,), common=True, fails=True),
    Index("flat-pair", MATRIX, "[1, 2]", (), common=True, fails=True),
)

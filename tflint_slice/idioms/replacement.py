"""One part of a target replaced by a value of the same shape: the update that it comes to.

Pieces that are put together are neither broadcast nor cast, and what lies outside of the axis
makes the whole longer or fails. Sliced assignment and NumPy are more generous, so that all of that
has to be proven.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from tflint_slice.idioms.code import Code
from tflint_slice.model import (
    Axes,
    Axis,
    Dim,
    Full,
    Kind,
    Operand,
    Point,
    Points,
    Range,
    Reason,
    Shape,
    Update,
)

_ARRAYS = (Kind.TENSOR, Kind.NDARRAY)
# So many rows are named one by one; longer ranges stay slices.
_MOST_ROWS = 4


def literal(number: int) -> Operand:
    """An index that the code does not spell."""
    return Operand(
        str(number),
        kind=Kind.INT,
        shape=(),
        low=number,
        high=number + 1,
        distinct=True,
        constant=True,
        pure=True,
        captured=False,
    )


def point(code: Code, axis: int, index: Operand, value: ast.expr, stable: bool) -> Update:
    """``v[:, index] = value``, with as many axes in front."""
    return _along(code, axis, Point(index), index.text, value, stable)


def entries(
    code: Code,
    axis: int,
    start: Operand | None,
    stop: Operand | None,
    value: ast.expr,
    stable: bool,
) -> Update:
    """``v[:, start:stop] = value``, with as many axes in front."""
    text = f"{start.text if start else ''}:{stop.text if stop else ''}"
    return _along(code, axis, Range(start, stop), text, value, stable)


def rows(code: Code, first: int, count: int, value: ast.expr, stable: bool) -> Update | None:
    """``v[[first, first + 1]] = value``, where that is short."""
    if count > _MOST_ROWS:
        return None
    text = f"[{', '.join(map(str, range(first, first + count)))}]"
    indices = Operand(
        text,
        kind=Kind.LIST,
        dtype="int32",
        shape=(count,),
        low=first,
        high=first + count,
        distinct=True,
        constant=True,
        pure=True,
    )
    return _along(code, 0, Points(indices), text, value, stable)


def _along(code: Code, axis: int, entry: Axis, text: str, value: ast.expr, stable: bool) -> Update:
    axes: tuple[Axis, ...] = (*(Full(),) * axis, entry)
    return Update(
        Axes(axes), code.operand(value), index=", ".join([":"] * axis + [text]), stable=stable
    )


def due_shape(target: Operand, axis: int, length: Dim) -> Shape | None:
    """The shape of a piece of the target that is ``length`` entries long."""
    if target.shape is None or axis >= len(target.shape):
        return None
    return (*target.shape[:axis], length, *target.shape[axis + 1 :])


def never_fits(value: Operand, due: Shape | None) -> bool:
    """Whether the value certainly is of another shape, so that putting it there fails."""
    if value.shape is None or due is None:
        return False
    if len(value.shape) != len(due):
        return True
    pairs = zip(value.shape, due, strict=True)
    return any(isinstance(a, int) and isinstance(b, int) and a != b for a, b in pairs)


def against_value(code: Code, node: ast.expr, target: Operand, due: Shape | None) -> Reason | None:
    """What stands against storing the value elsewhere than among the other pieces."""
    value = code.operand(node)
    if value.kind in _ARRAYS or value.kind.is_variable:
        if value.dtype is None or target.dtype is None:
            return Reason.UNKNOWN_DTYPE
        if value.dtype != target.dtype:
            return Reason.DTYPE_CAST
    if due is None or value.shape != due or not all(isinstance(dim, int) for dim in due):
        return Reason.UNKNOWN_SHAPE
    return None


_OF_NUMBERS = {Kind.BOOL: "bool", Kind.INT: "int32", Kind.FLOAT: "float32"}


def against_dtype_of_rows(values: Sequence[Operand], target: Operand) -> Reason | None:
    """What stands against rows that are put in their places if none of the old ones is left.

    The stack is then of the dtype of the new ones, and refused by a variable of another one.
    """
    rows = target.shape[0] if target.shape else None
    if isinstance(rows, int) and rows > len(values):
        return None
    made = {_OF_NUMBERS.get(value.kind, value.dtype) for value in values}
    return None if made == {target.dtype} else Reason.DTYPE_CAST

"""Shapes of results: reductions, joining, reshaping, transposing; on known shapes only."""

from __future__ import annotations

from collections.abc import Sequence

from tflint_slice.infer.dims import (
    broadcast,
    difference,
    dim_of,
    is_integer_scalar,
    offset,
    product,
    same_dim,
    same_shape,
)
from tflint_slice.infer.values import Value
from tflint_slice.model import Dim, Kind, Shape


def int_of(value: Value | None) -> int | None:
    """The constant int that an argument is."""
    if value is None or value.optional or value.kind is not Kind.INT:
        return None
    return value.const if isinstance(value.const, int) else None


def axis_of(value: Value | None, rank: int | None) -> int | None:
    """An axis counted from the front, if it is a constant that exists."""
    axis = int_of(value)
    if axis is None or rank is None or not -rank <= axis < rank:
        return None
    return axis % rank


def axes_of(value: Value, rank: int) -> tuple[int, ...] | None:
    """Several axes, or one, counted from the front."""
    entries = value.items if value.items is not None else (value,)
    axes = [axis_of(entry, rank) for entry in entries]
    known = tuple(axis for axis in axes if axis is not None)
    return known if len(known) == len(axes) else None


def reduced(shape: Shape | None, axis: Value | None, keepdims: bool | None) -> Shape | None:
    """The shape after a reduction over ``axis`` (None: over all axes)."""
    if keepdims is None:
        return None
    if axis is None:
        if not keepdims:
            return ()
        return None if shape is None else (1,) * len(shape)
    if shape is None:
        return None
    axes = axes_of(axis, len(shape))
    if axes is None:
        return None
    if keepdims:
        return tuple(1 if i in axes else dim for i, dim in enumerate(shape))
    return tuple(dim for i, dim in enumerate(shape) if i not in axes)


def reshaped(shape: Shape | None, target: Value) -> Shape | None:
    """The shape after ``reshape``, where one entry may be -1."""
    entries = _entries(target)
    if entries is None:
        return None
    result: list[Dim] = []
    for entry in entries:
        dim = dim_of(entry)
        # An int of unknown sign may be the -1 that stands for "the rest".
        known = isinstance(dim, int) or (entry.low is not None and entry.low >= 0)
        result.append(dim if known else None)
    if result.count(-1) > 1 or any(isinstance(dim, int) and dim < -1 for dim in result):
        return None
    if -1 in result:
        rest = [dim for dim in result if dim != -1]
        result[result.index(-1)] = _quotient(None if shape is None else shape, rest)
    return tuple(result)


def transposed(shape: Shape | None, permutation: Value | None) -> Shape | None:
    if shape is None:
        return None
    if permutation is None:
        return shape[::-1]
    axes = axes_of(permutation, len(shape)) if permutation.items is not None else None
    if axes is None or len(axes) != len(shape):
        return (None,) * len(shape)
    return tuple(shape[axis] for axis in axes)


def expanded(shape: Shape | None, axis: Value | None) -> Shape | None:
    """The shape with a new axis of length 1."""
    if shape is None or axis is None:
        return None
    if axis.items is not None:
        return None
    place = axis_of(axis, len(shape) + 1)
    return None if place is None else (*shape[:place], 1, *shape[place:])


def squeezed(shape: Shape | None, axis: Value | None) -> Shape | None:
    if shape is None:
        return None
    if axis is None:
        # An unknown dimension may be 1 and vanish.
        known = all(isinstance(dim, int) for dim in shape)
        return tuple(dim for dim in shape if dim != 1) if known else None
    axes = axes_of(axis, len(shape))
    if axes is None or not axes:
        return None
    return tuple(dim for i, dim in enumerate(shape) if i not in axes)


def stacked(shapes: Sequence[Shape | None], axis: Value | None) -> Shape | None:
    """The shape of arrays of one shape, put side by side along a new axis."""
    shape = unified(shapes)
    place = 0 if axis is None else axis_of(axis, None if shape is None else len(shape) + 1)
    if shape is None or place is None:
        return None
    return (*shape[:place], len(shapes), *shape[place:])


def concatenated(shapes: Sequence[Shape | None], axis: Value | None) -> Shape | None:
    """The shape of arrays joined along an axis that they have."""
    ranks = {len(shape) for shape in shapes if shape is not None}
    if len(ranks) != 1:
        return None
    (rank,) = ranks
    place = 0 if axis is None and rank else axis_of(axis, rank)
    if place is None:
        return (None,) * rank
    result: list[Dim] = [None] * rank
    for shape in shapes:
        if shape is not None:
            result = [same_dim(a, b) for a, b in zip(result, shape, strict=True)]
    total: Dim = 0
    for shape in shapes:
        total = None if shape is None else _sum(total, shape[place])
    result[place] = total if all(shape is not None for shape in shapes) else None
    return tuple(result)


def unified(shapes: Sequence[Shape | None]) -> Shape | None:
    """What is known of the one shape that several arrays have."""
    if not shapes or len({len(shape) for shape in shapes if shape is not None}) != 1:
        return None
    result: Shape | None = None
    for shape in shapes:
        result = same_shape(result, shape)
    return result


def multiplied(a: Shape | None, b: Shape | None) -> Shape | None:
    """The shape of ``a @ b``."""
    if a is None or b is None or not a or not b:
        return None
    rows: Shape = a[-2:-1] if len(a) > 1 else ()
    columns: Shape = b[-1:] if len(b) > 1 else ()
    batch = broadcast(a[:-2], b[:-2])
    return None if batch is None else (*batch, *rows, *columns)


def tiled(shape: Shape | None, multiples: Value) -> Shape | None:
    """The shape after ``tf.tile``, which takes one factor for each axis."""
    entries = _entries(multiples)
    if shape is None or entries is None or len(entries) != len(shape):
        return None if shape is None else (None,) * len(shape)
    return tuple(_times(dim, dim_of(entry)) for dim, entry in zip(shape, entries, strict=True))


def padded(shape: Shape | None, widths: Value) -> Shape | None:
    """The shape after padding with ``[[before, after], ...]``."""
    if shape is None or widths.items is None or len(widths.items) != len(shape):
        return None if shape is None else (None,) * len(shape)
    result: list[Dim] = []
    for dim, pair in zip(shape, widths.items, strict=True):
        added = [int_of(width) for width in pair.items or ()]
        known = [width for width in added if width is not None]
        result.append(offset(dim, sum(known)) if len(added) == len(known) == 2 else None)
    return tuple(result)


def cut(shape: Shape | None, begin: Value, size: Value) -> Shape | None:
    """The shape after ``tf.slice``, where a size of -1 means all that is left."""
    sizes, starts = _entries(size), _entries(begin)
    if sizes is None:
        return None
    result: list[Dim] = []
    for axis, entry in enumerate(sizes):
        dim, start = dim_of(entry), None if starts is None else starts[axis : axis + 1]
        if dim == -1:
            before = dim_of(start[0]) if start else None
            whole = shape[axis] if shape is not None and axis < len(shape) else None
            result.append(difference(whole, before))
        else:
            known = isinstance(dim, int) or (entry.low is not None and entry.low >= 0)
            result.append(dim if known else None)
    return tuple(result)


def gathered(shape: Shape | None, indices: Shape | None, axis: int | None) -> Shape | None:
    """The shape of ``shape`` with one axis replaced by those of the indices."""
    if shape is None or indices is None or axis is None:
        return None
    return (*shape[:axis], *indices, *shape[axis + 1 :])


def _entries(target: Value) -> tuple[Value, ...] | None:
    if target.optional:
        return None
    if target.items is not None:
        return target.items
    if is_integer_scalar(target):
        return (target,)
    if target.kind in (Kind.TENSOR, Kind.NDARRAY) and target.rank == 1:
        assert target.shape is not None
        length = target.shape[0]
        return (Value(),) * length if isinstance(length, int) else None
    return None


def _quotient(shape: Shape | None, rest: list[Dim]) -> Dim:
    """The entry that -1 stands for."""
    if shape is None:
        return None
    dims = list(shape)
    for dim in rest:
        if dim in dims and dim is not None and dim != 0:
            dims.remove(dim)
            rest = [*rest]
            rest.remove(dim)
    total, divisor = product(dims), product(rest)
    if isinstance(total, int) and isinstance(divisor, int) and divisor > 0:
        return total // divisor if total % divisor == 0 else None
    return total if divisor == 1 else None


def _sum(a: Dim, b: Dim) -> Dim:
    if isinstance(a, int):
        return offset(b, a)
    return offset(a, b) if isinstance(b, int) else None


def _times(a: Dim, b: Dim) -> Dim:
    if a == 0 or b == 0:
        return 0
    if isinstance(a, int) and isinstance(b, int):
        return a * b
    if b == 1:
        return a
    return b if a == 1 else None

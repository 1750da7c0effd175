"""The rows of TensorFlow's functions that join tensors and take them apart."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tflint_slice.infer import shapes
from tflint_slice.infer.arrays import (
    as_tensor,
    scalar_like,
    tensor_dtype,
)
from tflint_slice.infer.calls import Arguments, Table, rows
from tflint_slice.infer.dims import (
    broadcast,
    dim_of,
    product,
)
from tflint_slice.infer.moving import axis_argument, entries_of, moved
from tflint_slice.infer.shapes import axis_of, int_of
from tflint_slice.infer.values import (
    Value,
    sequence,
    tensor,
)
from tflint_slice.model import Dim, Kind, Shape


def _stack(arguments: Arguments) -> Value:
    values = entries_of(arguments["values"])
    axis = axis_argument(arguments)
    if values is None:
        return _stacked_array(arguments["values"], axis)
    arrays = [as_tensor(value) for value in values]
    shape = shapes.stacked([array.shape for array in arrays], axis)
    # Unlike elsewhere, tensors inside of nested lists decide about the dtype as well.
    dtype = as_tensor(arguments["values"]).dtype
    result = replace(_joined(values, arrays, shape), dtype=dtype)
    if shape is not None and len(shape) == 1 and result.low is not None:
        items = tuple(scalar_like(array, result.dtype) for array in arrays)
        return replace(result, items=items)
    return result


def _stacked_array(value: Value, axis: Value) -> Value:
    """Stacking the rows of one array along the first axis changes nothing."""
    array = as_tensor(value)
    if value.kind in (Kind.TENSOR, Kind.NDARRAY) and int_of(axis) == 0:
        return array
    return tensor(array.dtype if value.is_array else None)


def _concat(arguments: Arguments) -> Value:
    values = entries_of(arguments["values"])
    if values is None:
        return tensor()
    arrays = [as_tensor(value) for value in values]
    shape = shapes.concatenated([array.shape for array in arrays], arguments["axis"])
    return _joined(values, arrays, shape)


def _joined(values: tuple[Value, ...], arrays: list[Value], shape: Shape | None) -> Value:
    lows = [array.low for array in arrays if array.low is not None]
    highs = {array.high for array in arrays}
    ints = [high for high in highs if isinstance(high, int)]
    high: Dim = max(ints) if ints and len(ints) == len(highs) else None
    if len(highs) == 1:
        (high,) = highs
    return Value(
        Kind.TENSOR,
        dtype=tensor_dtype(values),
        shape=shape,
        low=min(lows) if lows and len(lows) == len(arrays) else None,
        high=high if lows and len(lows) == len(arrays) else None,
    )


def _added(arguments: Arguments) -> Value:
    """``tf.add_n``, whose inputs are of one shape."""
    values = entries_of(arguments["inputs"])
    if not values:
        return tensor()
    return tensor(tensor_dtype(values), shapes.unified([as_tensor(v).shape for v in values]))


def _where(arguments: Arguments) -> Value:
    condition = as_tensor(arguments["condition"])
    x, y = arguments.given("x"), arguments.given("y")
    if x is None and y is None:
        high: Dim = None
        if condition.shape is not None and len(condition.shape) == 1:
            (high,) = condition.shape
        shape = (None, None if condition.shape is None else len(condition.shape))
        distinct = condition.rank == 1
        return Value(Kind.TENSOR, dtype="int64", shape=shape, low=0, high=high, distinct=distinct)
    if x is None or y is None:
        return tensor()
    a, b = as_tensor(x), as_tensor(y)
    result = _joined((x, y), [a, b], broadcast(condition.shape, a.shape, b.shape))
    # Two ndarrays are not brought to one dtype before they meet.
    agree = x.kind is not Kind.NDARRAY or y.kind is not Kind.NDARRAY or a.dtype == b.dtype
    return result if agree else replace(result, dtype=None)


def _split(arguments: Arguments) -> Value:
    value = as_tensor(arguments["value"])
    axis = axis_of(axis_argument(arguments), value.rank)
    sizes = arguments["num_or_size_splits"]
    count = int_of(sizes)
    if count is not None and count > 0:
        dims: list[Dim] = [None] * count
        if axis is not None and value.shape is not None:
            whole = value.shape[axis]
            dims = [whole // count if isinstance(whole, int) else None] * count
    elif sizes.items is not None:
        dims = [None if d is None or d == -1 else d for d in map(dim_of, sizes.items)]
        dims = [dim if isinstance(dim, int) else None for dim in dims]
    else:
        return Value(Kind.LIST, element=tensor(value.dtype))
    parts = tuple(moved(value, _with_dim(value.shape, axis, dim), distinct=True) for dim in dims)
    return sequence(Kind.LIST, parts)


def _with_dim(shape: Shape | None, axis: int | None, dim: Dim) -> Shape | None:
    if shape is None:
        return None
    if axis is None:
        return (None,) * len(shape)
    return (*shape[:axis], dim, *shape[axis + 1 :])


def _unstack(arguments: Arguments) -> Value:
    value = as_tensor(arguments["value"])
    axis = axis_of(axis_argument(arguments), value.rank)
    if value.shape is None or axis is None:
        return Value(Kind.LIST, element=tensor(value.dtype))
    part = moved(value, (*value.shape[:axis], *value.shape[axis + 1 :]))
    count = value.shape[axis]
    wanted = arguments.given("num")
    if wanted is not None and int_of(wanted) != count:
        return Value(Kind.LIST, element=part)
    if isinstance(count, int) and count <= 64:
        return sequence(Kind.LIST, (part,) * count)
    return Value(Kind.LIST, element=part)


def _meshgrid(arguments: Arguments) -> Value:
    arrays = [as_tensor(value) for value in arguments["args"].items or ()]
    indexing = arguments.given("indexing")
    dims: list[Dim] = []
    for array in arrays:
        if array.shape is None or len(array.shape) != 1:
            return Value(Kind.LIST, element=tensor())
        dims.extend(array.shape)
    if indexing is None or indexing.const == "xy":
        dims[:2] = dims[:2][::-1]
    elif indexing.const != "ij":
        dims = [None] * len(dims)
    shape = tuple(dims)
    return sequence(Kind.LIST, tuple(moved(a, shape, distinct=False) for a in arrays))


def _repeat(arguments: Arguments) -> Value:
    value, count = as_tensor(arguments["input"]), int_of(arguments["repeats"])
    axis = arguments.given("axis")
    shape: Shape | None = None
    if axis is None:
        total = None if value.shape is None else product(value.shape)
        known = isinstance(total, int) and count is not None
        shape = (total * count if known else None,)  # type: ignore[operator]
    elif value.shape is not None:
        place = axis_of(axis, value.rank)
        if place is not None:
            dim = value.shape[place]
            total = dim * count if isinstance(dim, int) and count is not None else None
            shape = _with_dim(value.shape, place, total)
    return moved(value, shape, distinct=False)


TABLE: Final[Table] = {
    **rows("values axis name", _stack, "tensorflow.stack"),
    **rows("values axis name", _concat, "tensorflow.concat"),
    **rows("inputs name", _added, "tensorflow.add_n"),
    **rows("condition x y name", _where, "tensorflow.where"),
    **rows("input repeats axis name", _repeat, "tensorflow.repeat"),
    **rows("*args | indexing name", _meshgrid, "tensorflow.meshgrid"),
    **rows("value num_or_size_splits axis num name", _split, "tensorflow.split"),
    **rows("value num axis name", _unstack, "tensorflow.unstack"),
}

"""The rows of TensorFlow's functions that move, join or pick the entries of tensors."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tflint_slice.infer import shapes
from tflint_slice.infer.arrays import (
    as_tensor,
    scalar_like,
    tensor_dtype,
)
from tflint_slice.infer.calls import Arguments, Rule, Table, rows
from tflint_slice.infer.dims import (
    broadcast,
    dim_of,
    product,
    same_shape,
    shape_of,
)
from tflint_slice.infer.shapes import axis_of, int_of
from tflint_slice.infer.values import (
    Value,
    sequence,
    tensor,
)
from tflint_slice.model import Dim, Kind, Shape


def moved(value: Value, shape: Shape | None, *, distinct: bool = True) -> Value:
    """The entries of an array in another shape."""
    return Value(
        value.kind,
        dtype=value.dtype,
        shape=shape,
        low=value.low,
        high=value.high,
        distinct=value.distinct and distinct,
        writable=value.writable,
    )


def axis_argument(arguments: Arguments, name: str = "axis", default: int = 0) -> Value:
    value = arguments.given(name)
    return Value(Kind.INT, const=default, low=default, high=default + 1) if value is None else value


def entries_of(value: Value) -> tuple[Value, ...] | None:
    """The arrays in a list that is to be joined."""
    if value.kind in (Kind.LIST, Kind.TUPLE) and not value.optional:
        return value.items
    return None


def _reshape(arguments: Arguments) -> Value:
    value = as_tensor(arguments["tensor"])
    return moved(value, shapes.reshaped(value.shape, arguments["shape"]))


def _transpose(arguments: Arguments) -> Value:
    value = as_tensor(arguments["a"])
    return moved(value, shapes.transposed(value.shape, arguments.given("perm")))


def _expand(arguments: Arguments) -> Value:
    value = as_tensor(arguments["input"])
    return moved(value, shapes.expanded(value.shape, arguments["axis"]))


def _squeeze(arguments: Arguments) -> Value:
    value = as_tensor(arguments["input"])
    return moved(value, shapes.squeezed(value.shape, arguments.given("axis")))


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


def _tile(arguments: Arguments) -> Value:
    value = as_tensor(arguments["input"])
    return moved(value, shapes.tiled(value.shape, arguments["multiples"]), distinct=False)


def _gather(arguments: Arguments) -> Value:
    params, indices = as_tensor(arguments["params"]), as_tensor(arguments["indices"])
    batch = arguments.given("batch_dims")
    axis: int | None = None
    if batch is None or int_of(batch) == 0:
        axis = axis_of(axis_argument(arguments), params.rank)
    shape = shapes.gathered(params.shape, indices.shape, axis)
    return moved(params, shape, distinct=indices.distinct and params.rank == 1)


def _gather_nd(arguments: Arguments) -> Value:
    params, indices = as_tensor(arguments["params"]), as_tensor(arguments["indices"])
    shape: Shape | None = None
    batch = arguments.given("batch_dims")
    if indices.shape and params.shape is not None and (batch is None or int_of(batch) == 0):
        depth = indices.shape[-1]
        if isinstance(depth, int) and depth <= len(params.shape):
            shape = (*indices.shape[:-1], *params.shape[depth:])
    return moved(params, shape, distinct=False)


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


def _boolean_mask(arguments: Arguments) -> Value:
    value, mask = as_tensor(arguments["tensor"]), as_tensor(arguments["mask"])
    shape: Shape | None = None
    axis = 0 if arguments.given("axis") is None else axis_of(arguments["axis"], value.rank)
    if value.shape is not None and mask.shape and axis is not None:
        shape = (*value.shape[:axis], None, *value.shape[axis + len(mask.shape) :])
    return moved(value, shape)


def _pad(arguments: Arguments) -> Value:
    value = as_tensor(arguments["tensor"])
    return tensor(value.dtype, shapes.padded(value.shape, arguments["paddings"]))


def _broadcast_to(arguments: Arguments) -> Value:
    value = as_tensor(arguments["input"])
    return moved(value, shape_of(arguments["shape"]), distinct=False)


def _rearranged(name: str) -> Rule:
    """The same entries in another order."""

    def rule(arguments: Arguments) -> Value:
        value = as_tensor(arguments[name])
        return moved(value, value.shape)

    return rule


def _updated(arguments: Arguments) -> Value:
    value = as_tensor(arguments["tensor"])
    dtype = tensor_dtype((arguments["tensor"], arguments["updates"]))
    return tensor(dtype, value.shape)


def _scatter(arguments: Arguments) -> Value:
    return tensor(as_tensor(arguments["updates"]).dtype, shape_of(arguments["shape"]))


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


def _ensured(arguments: Arguments) -> Value:
    value = as_tensor(arguments["x"])
    wanted = arguments["shape"]
    if wanted.items is None or wanted.optional:
        return value
    shape = tuple(None if item.optional else dim_of(item) for item in wanted.items)
    return replace(value, shape=same_shape(value.shape, shape))


def _embedding(arguments: Arguments) -> Value:
    params, ids = as_tensor(arguments["params"]), as_tensor(arguments["ids"])
    if arguments["params"].kind in (Kind.LIST, Kind.TUPLE):
        return tensor()
    return tensor(params.dtype, shapes.gathered(params.shape, ids.shape, 0))


def _unknown_tensor(name: str) -> Rule:
    """A tensor of the dtype of one argument."""

    def rule(arguments: Arguments) -> Value:
        return tensor(as_tensor(arguments[name]).dtype)

    return rule


TABLE: Final[Table] = {
    **rows("tensor shape name", _reshape, "tensorflow.reshape"),
    **rows("a perm conjugate name", _transpose, "tensorflow.transpose"),
    **rows("input axis name", _expand, "tensorflow.expand_dims"),
    **rows("input axis name", _squeeze, "tensorflow.squeeze"),
    **rows("values axis name", _stack, "tensorflow.stack"),
    **rows("values axis name", _concat, "tensorflow.concat"),
    **rows("input multiples name", _tile, "tensorflow.tile"),
    **rows("params indices validate_indices axis batch_dims name", _gather, "tensorflow.gather"),
    **rows("params indices batch_dims name bad_indices_policy", _gather_nd, "tensorflow.gather_nd"),
    **rows("condition x y name", _where, "tensorflow.where"),
    **rows("tensor mask axis name", _boolean_mask, "tensorflow.boolean_mask"),
    **rows("tensor paddings mode constant_values name", _pad, "tensorflow.pad"),
    **rows("input shape name", _broadcast_to, "tensorflow.broadcast_to"),
    **rows("tensor axis name", _rearranged("tensor"), "tensorflow.reverse"),
    **rows("input shift axis name", _rearranged("input"), "tensorflow.roll"),
    **rows("values axis direction name", _rearranged("values"), "tensorflow.sort"),
    **rows("input repeats axis name", _repeat, "tensorflow.repeat"),
    **rows("*args | indexing name", _meshgrid, "tensorflow.meshgrid"),
    **rows("value num_or_size_splits axis num name", _split, "tensorflow.split"),
    **rows("value num axis name", _unstack, "tensorflow.unstack"),
    **rows("x shape name", _ensured, "tensorflow.ensure_shape"),
    **rows("tensor indices updates name", _updated, "tensorflow.tensor_scatter_nd_update"),
    **rows(
        "tensor indices updates bad_indices_policy name",
        _updated,
        "tensorflow.tensor_scatter_nd_add tensorflow.tensor_scatter_nd_sub"
        " tensorflow.tensor_scatter_nd_max tensorflow.tensor_scatter_nd_min",
    ),
    **rows("indices updates shape bad_indices_policy name", _scatter, "tensorflow.scatter_nd"),
    **rows("params ids max_norm name", _embedding, "tensorflow.nn.embedding_lookup"),
    **rows("input_ begin size name", _unknown_tensor("input_"), "tensorflow.slice"),
}

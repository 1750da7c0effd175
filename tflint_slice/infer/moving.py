"""The rows of TensorFlow's functions that move or pick the entries of one tensor."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tflint_slice.infer import shapes
from tflint_slice.infer.arrays import (
    as_tensor,
    tensor_dtype,
)
from tflint_slice.infer.calls import Arguments, Rule, Table, rows
from tflint_slice.infer.dims import (
    dim_of,
    same_shape,
    shape_of,
)
from tflint_slice.infer.shapes import axis_of, int_of
from tflint_slice.infer.values import (
    Value,
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


def _tile(arguments: Arguments) -> Value:
    value = as_tensor(arguments["input"])
    return moved(value, shapes.tiled(value.shape, arguments["multiples"]), distinct=False)


def _gather(arguments: Arguments) -> Value:
    params, indices = as_tensor(arguments["params"]), as_tensor(arguments["indices"])
    batch = arguments.given("batch_dims")
    shared = 0 if batch is None else int_of(batch)
    shape: Shape | None = None
    if shared is not None and 0 <= shared <= (indices.rank or 0):
        axis = axis_of(axis_argument(arguments, default=shared), params.rank)
        places = None if indices.shape is None else indices.shape[shared:]
        shape = shapes.gathered(params.shape, places, axis)
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


def _ensured(arguments: Arguments) -> Value:
    value = as_tensor(arguments["x"])
    wanted = arguments["shape"]
    if wanted.items is None or wanted.optional:
        return value
    shape = tuple(map(_promised, wanted.items))
    return replace(value, shape=same_shape(value.shape, shape))


def _promised(length: Value) -> Dim:
    """A dimension that is certainly not None, which would promise nothing."""
    return None if length.optional or length.kind is Kind.UNKNOWN else dim_of(length)


def _embedding(arguments: Arguments) -> Value:
    params, ids = as_tensor(arguments["params"]), as_tensor(arguments["ids"])
    if arguments["params"].kind in (Kind.LIST, Kind.TUPLE):
        return tensor()
    return tensor(params.dtype, shapes.gathered(params.shape, ids.shape, 0))


def _sliced(arguments: Arguments) -> Value:
    """``tf.slice``, which raises where a part would reach beyond the end."""
    value = as_tensor(arguments["input_"])
    shape = shapes.cut(value.shape, arguments["begin"], arguments["size"])
    return moved(value, shape)


def _strided(arguments: Arguments) -> Value:
    return moved(as_tensor(arguments["input_"]), None)


TABLE: Final[Table] = {
    **rows("tensor shape name", _reshape, "tensorflow.reshape"),
    **rows("a perm conjugate name", _transpose, "tensorflow.transpose"),
    **rows("input axis name", _expand, "tensorflow.expand_dims"),
    **rows("input axis name", _squeeze, "tensorflow.squeeze"),
    **rows("input multiples name", _tile, "tensorflow.tile"),
    **rows("params indices validate_indices axis batch_dims name", _gather, "tensorflow.gather"),
    **rows("params indices batch_dims name bad_indices_policy", _gather_nd, "tensorflow.gather_nd"),
    **rows("tensor mask axis name", _boolean_mask, "tensorflow.boolean_mask"),
    **rows("tensor paddings mode constant_values name", _pad, "tensorflow.pad"),
    **rows("input shape name", _broadcast_to, "tensorflow.broadcast_to"),
    **rows("tensor axis name", _rearranged("tensor"), "tensorflow.reverse"),
    **rows("input shift axis name", _rearranged("input"), "tensorflow.roll"),
    **rows("values axis direction name", _rearranged("values"), "tensorflow.sort"),
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
    **rows("input_ begin size name", _sliced, "tensorflow.slice"),
    **rows(
        "input_ begin end strides begin_mask end_mask ellipsis_mask new_axis_mask shrink_axis_mask"
        " var name",
        _strided,
        "tensorflow.strided_slice",
    ),
}

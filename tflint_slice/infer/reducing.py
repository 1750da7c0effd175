"""The rows of TensorFlow's functions that reduce, order or multiply tensors."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tflint_slice.infer import shapes
from tflint_slice.infer.arrays import (
    as_tensor,
)
from tflint_slice.infer.calls import Arguments, Rule, Table, rows
from tflint_slice.infer.creation import (
    dtype_argument,
)
from tflint_slice.infer.dims import (
    dim_of,
    is_integer_dtype,
)
from tflint_slice.infer.dtypes import is_float
from tflint_slice.infer.moving import axis_argument, moved
from tflint_slice.infer.shapes import axis_of
from tflint_slice.infer.values import (
    Value,
    sequence,
)
from tflint_slice.model import Dim, Kind, Shape

_REDUCED: Final = "input_tensor axis keepdims name"


def _reduction(dtype: str | None = None, *, keeps_bounds: bool = False) -> Rule:
    def rule(arguments: Arguments) -> Value:
        value = as_tensor(arguments["input_tensor"])
        shape = shapes.reduced(
            value.shape, arguments.given("axis"), arguments.truth("keepdims", False)
        )
        # Of nothing the maximum is no entry.
        dims = value.shape or (None,)
        filled = keeps_bounds and all(isinstance(dim, int) and dim > 0 for dim in dims)
        return Value(
            Kind.TENSOR,
            dtype=dtype or value.dtype,
            shape=shape,
            low=value.low if filled else None,
            high=value.high if filled else None,
        )

    return rule


def _deviation(arguments: Arguments) -> Value:
    """A variance or its root, which integers do not have."""
    result = _reduction()(arguments)
    return result if is_float(result.dtype) else replace(result, dtype=None)


def _count_nonzero(arguments: Arguments) -> Value:
    value = as_tensor(arguments["input"])
    axis, keep = arguments.given("axis"), arguments.truth("keepdims", False)
    shape = shapes.reduced(value.shape, axis, keep)
    dtype = dtype_argument(arguments, "int64")
    return Value(Kind.TENSOR, dtype=dtype, shape=shape, low=0 if is_integer_dtype(dtype) else None)


def _arg(arguments: Arguments) -> Value:
    value = as_tensor(arguments["input"])
    axis = axis_of(axis_argument(arguments), value.rank)
    dtype = dtype_argument(arguments, "int64", "output_type")
    if value.shape is None or axis is None:
        return Value(Kind.TENSOR, dtype=dtype, low=0)
    return Value(
        Kind.TENSOR,
        dtype=dtype,
        shape=(*value.shape[:axis], *value.shape[axis + 1 :]),
        low=0,
        high=value.shape[axis],
    )


def _argsort(arguments: Arguments) -> Value:
    value = as_tensor(arguments["values"])
    axis = axis_of(axis_argument(arguments, default=-1), value.rank)
    high = None if value.shape is None or axis is None else value.shape[axis]
    return Value(
        Kind.TENSOR,
        dtype="int32",
        shape=value.shape,
        low=0,
        high=high,
        distinct=value.rank == 1,
    )


def _top_k(arguments: Arguments) -> Value:
    value = as_tensor(arguments["input"])
    count = arguments.given("k")
    shape: Shape | None = None
    high: Dim = None
    if value.shape:
        shape = (*value.shape[:-1], 1 if count is None else dim_of(count))
        high = value.shape[-1]
    indices = Value(
        Kind.TENSOR,
        dtype=dtype_argument(arguments, "int32", "index_type"),
        shape=shape,
        low=0,
        high=high,
        distinct=value.rank == 1,
    )
    return sequence(Kind.TUPLE, (moved(value, shape), indices))


def _unique(arguments: Arguments) -> Value:
    value = as_tensor(arguments["x"])
    high = None if value.shape is None or len(value.shape) != 1 else value.shape[0]
    places = Value(
        Kind.TENSOR,
        dtype=dtype_argument(arguments, "int32", "out_idx"),
        shape=(high,),
        low=0,
        high=high,
    )
    entries = replace(moved(value, (None,)), distinct=value.low is not None)
    return sequence(Kind.TUPLE, (entries, places))


TABLE: Final[Table] = {
    **rows(
        _REDUCED,
        _reduction(),
        "tensorflow.reduce_sum tensorflow.reduce_prod tensorflow.reduce_mean"
        " tensorflow.reduce_logsumexp",
    ),
    **rows(_REDUCED, _reduction(keeps_bounds=True), "tensorflow.reduce_max tensorflow.reduce_min"),
    **rows(_REDUCED, _reduction("bool"), "tensorflow.reduce_all tensorflow.reduce_any"),
    **rows(_REDUCED, _deviation, "tensorflow.math.reduce_std tensorflow.math.reduce_variance"),
    **rows("input axis keepdims dtype name", _count_nonzero, "tensorflow.math.count_nonzero"),
    **rows("input axis output_type name", _arg, "tensorflow.argmax tensorflow.argmin"),
    **rows("values axis direction stable name", _argsort, "tensorflow.argsort"),
    **rows("input k sorted index_type name", _top_k, "tensorflow.math.top_k"),
    **rows("x out_idx name", _unique, "tensorflow.unique"),
}

"""The rows of TensorFlow's random functions."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tflint_slice.infer.arrays import as_tensor
from tflint_slice.infer.calls import Arguments, Table, rows
from tflint_slice.infer.creation import dtype_argument, limit_of
from tflint_slice.infer.dims import dim_of, is_integer_dtype, shape_of
from tflint_slice.infer.dtypes import integer_range
from tflint_slice.infer.values import Value, tensor
from tflint_slice.model import Kind, Shape


def _uniform(arguments: Arguments) -> Value:
    dtype = dtype_argument(arguments, "float32")
    shape = shape_of(arguments["shape"])
    low, high = arguments.given("minval"), arguments.given("maxval")
    if integer_range(dtype) is None:
        return tensor(dtype, shape if _scalars(low, high) else None)
    if high is None:
        return tensor(dtype, shape)
    least = 0 if low is None else low.low
    return Value(Kind.TENSOR, dtype=dtype, shape=shape, low=least, high=limit_of(high))


def _drawn(arguments: Arguments) -> Value:
    """A draw from a distribution whose parameters, unless they are scalars, widen the shape."""
    scalar = _scalars(arguments.given("mean"), arguments.given("stddev"))
    shape = shape_of(arguments["shape"]) if scalar else None
    return tensor(dtype_argument(arguments, "float32"), shape)


def _scalars(*values: Value | None) -> bool:
    return all(value is None or as_tensor(value).shape == () for value in values)


def _shuffled(arguments: Arguments) -> Value:
    return replace(as_tensor(arguments["value"]), items=None)


def _categorical(arguments: Arguments) -> Value:
    """Classes by number. Of logits that are not finite it may draw the one behind the last."""
    logits, count = as_tensor(arguments["logits"]).shape, dim_of(arguments["num_samples"])
    dtype = dtype_argument(arguments, "int64")
    shape: Shape = (logits[0] if logits else None, count)
    return Value(Kind.TENSOR, dtype=dtype, shape=shape, low=0 if is_integer_dtype(dtype) else None)


TABLE: Final[Table] = {
    **rows("shape minval maxval dtype seed name", _uniform, "tensorflow.random.uniform"),
    **rows(
        "shape seed minval maxval dtype name alg", _uniform, "tensorflow.random.stateless_uniform"
    ),
    **rows(
        "shape mean stddev dtype seed name",
        _drawn,
        "tensorflow.random.normal tensorflow.random.truncated_normal",
    ),
    **rows(
        "shape seed mean stddev dtype name alg",
        _drawn,
        "tensorflow.random.stateless_normal tensorflow.random.stateless_truncated_normal",
    ),
    **rows("value seed name", _shuffled, "tensorflow.random.shuffle"),
    **rows("value seed alg name", _shuffled, "tensorflow.random.experimental.stateless_shuffle"),
    **rows("logits num_samples dtype seed name", _categorical, "tensorflow.random.categorical"),
    **rows(
        "logits num_samples seed dtype name",
        _categorical,
        "tensorflow.random.stateless_categorical",
    ),
}

"""The rows of TensorFlow's functions that make tensors from shapes and values."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tflint_slice.infer.arrays import (
    as_tensor,
    cast,
    shape_tensor,
    tensor_dtype,
)
from tflint_slice.infer.calls import Arguments, Rule, Table, rows
from tflint_slice.infer.dims import (
    difference,
    dim_of,
    has_integers,
    is_integer_dtype,
    is_integer_scalar,
    offset,
    product,
    shape_of,
)
from tflint_slice.infer.dtypes import (
    integer_range,
    named,
)
from tflint_slice.infer.shapes import axis_of, int_of
from tflint_slice.infer.values import (
    UNKNOWN,
    Value,
    constant,
    dim_value,
    sequence,
    tensor,
)
from tflint_slice.model import Dim, Kind, Shape


def dtype_argument(
    arguments: Arguments, default: str | None, name: str = "dtype", *, numpy: bool = False
) -> str | None:
    """The dtype that an argument names, or the default where there is none."""
    value = arguments.given(name)
    return default if value is None else named(value, numpy=numpy)


def _filled(default: str | None) -> Rule:
    """A tensor of a given shape and dtype."""

    def rule(arguments: Arguments) -> Value:
        return tensor(dtype_argument(arguments, default), shape_of(arguments["shape"]))

    return rule


def _fill(arguments: Arguments) -> Value:
    value = as_tensor(arguments["value"])
    return Value(
        Kind.TENSOR,
        dtype=value.dtype,
        shape=shape_of(arguments["dims"]),
        low=value.low,
        high=value.high,
    )


def _converted(arguments: Arguments) -> Value:
    value = as_tensor(arguments["value"])
    dtype = arguments.given("dtype")
    # A hint is followed only where it can be.
    if dtype is None and arguments.given("dtype_hint") is not None:
        dtype_name = value.dtype if arguments["value"].is_array else None
    else:
        dtype_name = value.dtype if dtype is None else named(dtype, numpy=False)
    result = cast(value, dtype_name)
    shape = arguments.given("shape")
    if shape is not None:
        result = replace(result, shape=shape_of(shape), items=None, distinct=False, symbol=None)
    return result


def _cast(arguments: Arguments) -> Value:
    return cast(as_tensor(arguments["x"]), named(arguments["dtype"], numpy=False))


def _saturated(arguments: Arguments) -> Value:
    return cast(as_tensor(arguments["value"]), named(arguments["dtype"], numpy=False))


def _identity(arguments: Arguments) -> Value:
    return as_tensor(arguments["input"])


def _like(arguments: Arguments) -> Value:
    value = as_tensor(arguments["input"])
    return tensor(dtype_argument(arguments, value.dtype), value.shape)


def range_bounds(
    arguments: Arguments,
) -> tuple[Value, Value, int | None] | None:
    """Start, limit and step of a range function whose first argument may be the limit."""
    start, limit = arguments["start"], arguments.given("limit")
    step = arguments.given("delta")
    if limit is None:
        start, limit = constant(0), start
    if not (is_integer_scalar(start) and is_integer_scalar(limit)):
        return None
    if step is not None and not is_integer_scalar(step):
        return None
    return start, limit, 1 if step is None else int_of(step)


def range_entries(start: Value, limit: Value, step: int | None) -> tuple[int | None, Dim]:
    """The bounds of the entries of an integer range."""
    if step is None or step == 0:
        return None, None
    if step > 0:
        last = dim_of(limit)
        return start.low, offset(limit.high, -1) if last is None else last
    first = dim_of(start)
    low = None if limit.low is None else limit.low + 1
    return low, start.high if first is None else offset(first, 1)


def range_length(start: Value, limit: Value, step: int | None) -> Dim:
    """The length of a range that is not the wrong way round."""
    first, last = dim_of(start), dim_of(limit)
    if isinstance(first, int) and isinstance(last, int) and step:
        entries = range(first, last, step)
        # Python counts no further than that.
        return len(entries) if max(abs(first), abs(last)) < 2**62 else None
    return difference(last, first) if step == 1 else None


def _range(arguments: Arguments) -> Value:
    found = range_bounds(arguments)
    operands = [
        value
        for name in ("start", "limit", "delta")
        if (value := arguments.given(name)) is not None
    ]
    if found is None:
        floats = all(value.kind in (Kind.INT, Kind.FLOAT) for value in operands)
        mixed = any(value.kind is Kind.FLOAT for value in operands)
        default = "float32" if floats and mixed else None
        return tensor(dtype_argument(arguments, default), (None,))
    start, limit, step = found
    low, high = range_entries(start, limit, step)
    # Fewer than 2**31 entries that start near zero: the int dtype of TensorFlow.
    default = None
    if all(value.kind is Kind.INT for value in operands):
        small = start.low is not None and abs(start.low) < 2**16
        consts = [value.const for value in operands if isinstance(value.const, int)]
        fits = all(abs(const) < 2**31 for const in consts)
        default = "int32" if fits and (small or len(consts) == len(operands)) else None
    elif all(value.is_array and value.dtype in ("int32", "int64") for value in operands):
        default = "int64" if any(v.dtype == "int64" for v in operands) else "int32"
    dtype = dtype_argument(arguments, default)
    # Backwards TensorFlow refuses, so that the difference is the length.
    shape = (range_length(start, limit, step),)
    if dtype is not None and integer_range(dtype) is None:
        return tensor(dtype, shape)
    return Value(Kind.TENSOR, dtype=dtype, shape=shape, low=low, high=high, distinct=True)


def _linspace(arguments: Arguments) -> Value:
    if arguments.given("axis") is not None:
        return tensor()
    start, stop = as_tensor(arguments["start"]), as_tensor(arguments["stop"])
    dtype = start.dtype if start.dtype == stop.dtype else None
    if has_integers(start) or has_integers(stop):
        dtype = "float64" if start.dtype == stop.dtype == "int32" else None
    shape: Shape | None = None
    if start.shape == () and is_integer_scalar(arguments["num"]):
        shape = (dim_of(arguments["num"]),)
    return tensor(dtype, shape)


def _eye(arguments: Arguments) -> Value:
    rows_, columns = arguments["num_rows"], arguments.given("num_columns")
    height = dim_of(rows_)
    width = height if columns is None else dim_of(columns)
    batch = arguments.given("batch_shape")
    leading: Shape | None = () if batch is None else shape_of(batch)
    shape = None if leading is None else (*leading, height, width)
    return tensor(dtype_argument(arguments, "float32"), shape)


def _one_hot(arguments: Arguments) -> Value:
    indices = as_tensor(arguments["indices"])
    values = [v for n in ("on_value", "off_value") if (v := arguments.given(n)) is not None]
    default = "float32" if not values else tensor_dtype(values)
    dtype = dtype_argument(arguments, default)
    if indices.shape is None:
        return tensor(dtype)
    axis = arguments.given("axis")
    place = len(indices.shape) if axis is None else axis_of(axis, len(indices.shape) + 1)
    if place is None:
        return tensor(dtype, (None,) * (len(indices.shape) + 1))
    depth = dim_of(arguments["depth"])
    return tensor(dtype, (*indices.shape[:place], depth, *indices.shape[place:]))


def _shape(arguments: Arguments) -> Value:
    value = as_tensor(arguments["input"])
    return shape_tensor(value.shape, dtype_argument(arguments, "int32", "out_type"))


def _size(arguments: Arguments) -> Value:
    value = as_tensor(arguments["input"])
    dtype = dtype_argument(arguments, "int32", "out_type")
    total = None if value.shape is None else product(value.shape)
    return _counted(total, dtype)


def _rank(arguments: Arguments) -> Value:
    return _counted(as_tensor(arguments["input"]).rank, "int32")


def _counted(total: Dim, dtype: str | None) -> Value:
    if not is_integer_dtype(dtype):
        return tensor(dtype, ())
    high = total + 1 if isinstance(total, int) else None
    low = total if isinstance(total, int) else 0
    symbol = total if isinstance(total, str) else None
    return Value(Kind.TENSOR, dtype=dtype, shape=(), low=low, high=high, symbol=symbol)


def limit_of(value: Value) -> Dim:
    """The exclusive bound that an int sets to what is below it."""
    dim = dim_of(value) if is_integer_scalar(value) else None
    return offset(value.high, -1) if dim is None else dim


def _tensor_shape(arguments: Arguments) -> Value:
    dims = arguments.given("dims")
    if dims is None or dims.items is None or dims.optional:
        return Value(Kind.TUPLE)
    return sequence(Kind.TUPLE, tuple(map(_static_dim, dims.items)))


def _static_dim(value: Value) -> Value:
    """An entry of a TensorShape: an int, or None for a dimension that is not known."""
    if value.kind is Kind.NONE or (value.kind is Kind.INT and not value.optional):
        return value
    dim = dim_of(value)
    return UNKNOWN if dim is None else replace(dim_value(dim), optional=True)


def _dtype(arguments: Arguments) -> Value:
    name = named(arguments["type_value"], numpy=False)
    return UNKNOWN if name is None else Value(Kind.STR, const=name, name="dtype")


TABLE: Final[Table] = {
    **rows("shape dtype name layout", _filled("float32"), "tensorflow.zeros tensorflow.ones"),
    **rows("dims value name layout", _fill, "tensorflow.fill"),
    **rows("value dtype shape name", _converted, "tensorflow.constant"),
    **rows("value dtype dtype_hint name", _converted, "tensorflow.convert_to_tensor"),
    **rows("x dtype name", _cast, "tensorflow.cast"),
    **rows("value dtype name", _saturated, "tensorflow.saturate_cast"),
    **rows("input name", _identity, "tensorflow.identity tensorflow.stop_gradient"),
    **rows("input dtype name layout", _like, "tensorflow.zeros_like tensorflow.ones_like"),
    **rows("start limit delta dtype name", _range, "tensorflow.range"),
    **rows("start stop num name axis", _linspace, "tensorflow.linspace"),
    **rows("num_rows num_columns batch_shape dtype name", _eye, "tensorflow.eye"),
    **rows("indices depth on_value off_value axis dtype name", _one_hot, "tensorflow.one_hot"),
    **rows("input out_type name", _shape, "tensorflow.shape"),
    **rows("input out_type name", _size, "tensorflow.size"),
    **rows("input name", _rank, "tensorflow.rank"),
    **rows("dims", _tensor_shape, "tensorflow.TensorShape"),
    **rows("type_value", _dtype, "tensorflow.as_dtype"),
}

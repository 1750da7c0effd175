"""The rows of NumPy's functions that make arrays."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tflint_slice.infer.arrays import (
    as_ndarray,
    cast,
)
from tflint_slice.infer.calls import Arguments, Rule, Table, rows
from tflint_slice.infer.creation import (
    dtype_argument,
    range_bounds,
    range_entries,
    range_length,
)
from tflint_slice.infer.dims import (
    dim_of,
    shape_of,
)
from tflint_slice.infer.dtypes import (
    is_float,
)
from tflint_slice.infer.numpy_arrays import is_known, is_writable
from tflint_slice.infer.shapes import int_of
from tflint_slice.infer.values import (
    UNKNOWN,
    Value,
    ndarray,
)
from tflint_slice.model import Kind


def _filled(default: str | None) -> Rule:
    def rule(arguments: Arguments) -> Value:
        shape = shape_of(arguments["shape"])
        return ndarray(dtype_argument(arguments, default, numpy=True), shape)

    return rule


def _full(arguments: Arguments) -> Value:
    value = as_ndarray(arguments["fill_value"])
    dtype = dtype_argument(arguments, value.dtype, numpy=True)
    result = cast(Value(Kind.NDARRAY, dtype=value.dtype, low=value.low, high=value.high), dtype)
    return replace(result, shape=shape_of(arguments["shape"]))


def _array(arguments: Arguments) -> Value:
    """``np.array``, which copies unless ``copy`` says otherwise."""
    value = arguments["object"]
    copied = arguments.truth("copy", True)
    result = _typed(as_ndarray(value), arguments)
    least = arguments.given("ndmin")
    if least is not None and int_of(least) != 0:
        result = replace(result, shape=None)
    return replace(result, writable=is_writable(value)) if copied is False else result


def _asarray(arguments: Arguments) -> Value:
    value = arguments["a"]
    result = _typed(as_ndarray(value), arguments)
    converted = arguments.given("dtype") is not None and result.dtype != as_ndarray(value).dtype
    return replace(result, writable=converted or is_writable(value))


def _typed(array: Value, arguments: Arguments) -> Value:
    if arguments.given("dtype") is None:
        return array
    return cast(array, dtype_argument(arguments, None, numpy=True))


def _copy(arguments: Arguments) -> Value:
    return as_ndarray(arguments["a"])


def _like(arguments: Arguments) -> Value:
    value = arguments["a"]
    if not is_known(value):
        return UNKNOWN
    array = as_ndarray(value)
    shape = arguments.given("shape")
    known = array.shape if shape is None else shape_of(shape)
    return ndarray(dtype_argument(arguments, array.dtype, numpy=True), known)


def _arange(arguments: Arguments) -> Value:
    renamed = {"stop": "limit", "step": "delta"}
    arguments = Arguments({renamed.get(name, name): v for name, v in arguments.values.items()})
    if "start" not in arguments.values:
        return UNKNOWN
    found = range_bounds(arguments)
    operands = [v for n in ("start", "limit", "delta") if (v := arguments.given(n)) is not None]
    if found is None:
        numbers = all(value.kind in (Kind.INT, Kind.FLOAT) for value in operands)
        mixed = any(value.kind is Kind.FLOAT for value in operands)
        default = "float64" if numbers and mixed else None
        return ndarray(dtype_argument(arguments, default, numpy=True), (None,))
    start, limit, step = found
    low, high = range_entries(start, limit, step)
    ints = all(value.kind is Kind.INT for value in operands)
    dtype = dtype_argument(arguments, "int64" if ints else None, numpy=True)
    # The wrong way round it is empty, so that a difference of symbols may not be its length.
    dim = range_length(start, limit, step)
    certain = isinstance(dim, int) and (isinstance(dim_of(limit), int) or dim >= 0)
    if isinstance(dim, str):
        certain = int_of(start) == 0 and limit.low is not None and limit.low >= 0
    shape = (dim if certain else None,)
    if is_float(dtype):
        return ndarray(dtype, shape)
    return Value(Kind.NDARRAY, dtype=dtype, shape=shape, low=low, high=high, distinct=True)


def _linspace(arguments: Arguments) -> Value:
    ends = (arguments["start"], arguments["stop"])
    if arguments.truth("retstep", False) is not False or not all(map(is_known, ends)):
        return UNKNOWN
    scalar = all(as_ndarray(end).shape == () for end in ends)
    real = all(end.kind in (Kind.INT, Kind.FLOAT) for end in ends)
    dtype = dtype_argument(arguments, "float64" if real else None, numpy=True)
    count = arguments.given("num")
    dim = 50 if count is None else dim_of(count)
    return ndarray(dtype, (dim,) if scalar else None)


def _eye(arguments: Arguments) -> Value:
    rows_, columns = arguments["N"], arguments.given("M")
    height = dim_of(rows_)
    shape = (height, height if columns is None else dim_of(columns))
    return ndarray(dtype_argument(arguments, "float64", numpy=True), shape)


def scalar_of(dtype: str, args: tuple[Value, ...]) -> Value:
    """The result of calling a NumPy dtype."""
    if not args:
        return ndarray(dtype, ())
    if len(args) != 1 or not is_known(args[0]):
        return UNKNOWN
    return cast(as_ndarray(args[0]), dtype)


TABLE: Final[Table] = {
    **rows("shape dtype order like", _filled("float64"), "numpy.zeros numpy.ones numpy.empty"),
    **rows("shape fill_value dtype order like", _full, "numpy.full"),
    **rows("object dtype copy order subok ndmin like", _array, "numpy.array"),
    **rows("a dtype order | like", _asarray, "numpy.asarray"),
    **rows("a order subok", _copy, "numpy.copy"),
    **rows("a dtype order subok shape", _like, "numpy.zeros_like numpy.ones_like numpy.empty_like"),
    **rows("a fill_value dtype order subok shape", _like, "numpy.full_like"),
    **rows("start limit delta dtype | step stop device like", _arange, "numpy.arange"),
    **rows("start stop num endpoint retstep dtype axis", _linspace, "numpy.linspace"),
    **rows("N M k dtype order", _eye, "numpy.eye"),
    **rows("N dtype", _eye, "numpy.identity"),
}

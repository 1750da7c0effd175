"""The rows of NumPy's random functions."""

from __future__ import annotations

from typing import Final

from tflint_slice.infer.arrays import (
    as_ndarray,
)
from tflint_slice.infer.calls import Arguments, Table, rows
from tflint_slice.infer.creation import (
    dtype_argument,
    limit_of,
)
from tflint_slice.infer.dims import (
    dim_of,
    is_integer_scalar,
    shape_of,
)
from tflint_slice.infer.moving import moved
from tflint_slice.infer.numpy_arrays import is_known
from tflint_slice.infer.values import (
    UNKNOWN,
    Value,
    ndarray,
)
from tflint_slice.model import Kind, Shape


def _uniform(arguments: Arguments) -> Value:
    """A draw of floats: without a size one Python float, if no parameter is an array."""
    size = arguments.given("size")
    if size is not None:
        return ndarray("float64", shape_of(size)) if _is_size(size) else UNKNOWN
    drawn = [value for name, value in arguments.values.items() if name != "size"]
    return Value(Kind.FLOAT) if all(v.kind.is_number for v in drawn) else UNKNOWN


def _is_size(value: Value) -> bool:
    """Whether a size is certainly given; an unknown one may be None."""
    return not value.optional and value.kind in (Kind.INT, Kind.LIST, Kind.TUPLE)


def _rand(arguments: Arguments) -> Value:
    dims = arguments["dims"].items
    if dims is None:
        return UNKNOWN
    if not dims:
        return Value(Kind.FLOAT)
    return ndarray("float64", tuple(dim_of(dim) for dim in dims))


def _randint(arguments: Arguments) -> Value:
    low, high = arguments["low"], arguments.given("high")
    size, dtype = arguments.given("size"), arguments.given("dtype")
    least = 0 if high is None else low.low
    most = limit_of(low if high is None else high)
    if arguments.truth("endpoint", False) is not False:
        most = None
    scalars = all(is_integer_scalar(value) for value in (low, *([] if high is None else [high])))
    if size is None:
        if dtype is not None or not scalars:
            return UNKNOWN
        # RandomState gives an int, a Generator an integer scalar.
        kind = Kind.UNKNOWN if "endpoint" in arguments.values else Kind.INT
        shape = () if kind is Kind.UNKNOWN else None
        return Value(kind, shape=shape, low=least, high=most)
    if not _is_size(size):
        return UNKNOWN
    name = dtype_argument(arguments, "int64", numpy=True)
    return Value(
        Kind.NDARRAY,
        dtype=name,
        shape=shape_of(size),
        low=least if scalars else None,
        high=most if scalars else None,
    )


def _choice(arguments: Arguments) -> Value:
    population, size = arguments["a"], arguments.given("size")
    distinct = arguments.truth("replace", True) is False
    if size is not None and not _is_size(size):
        return UNKNOWN
    if is_integer_scalar(population):
        high = limit_of(population)
        if size is None:
            return Value(shape=(), low=0, high=high)
        return Value(
            Kind.NDARRAY,
            dtype="int64",
            shape=shape_of(size),
            low=0,
            high=high,
            distinct=distinct,
        )
    if not is_known(population) or arguments.given("axis") is not None:
        return UNKNOWN
    array = as_ndarray(population)
    if array.rank != 1:
        return UNKNOWN
    shape: Shape | None = () if size is None else shape_of(size)
    return moved(array, shape, distinct=distinct)


def _permutation(arguments: Arguments) -> Value:
    value = arguments["x"]
    if value.kind is Kind.BOOL:
        return UNKNOWN
    if is_integer_scalar(value):
        dim = limit_of(value)
        length = dim_of(value) if value.low is not None and value.low >= 0 else None
        return Value(Kind.NDARRAY, dtype="int64", shape=(length,), low=0, high=dim, distinct=True)
    if not is_known(value):
        return UNKNOWN
    array = as_ndarray(value)
    return moved(array, array.shape)


TABLE: Final[Table] = {
    **rows("*dims", _rand, "numpy.random.rand numpy.random.randn"),
    **rows("low high size dtype", _randint, "numpy.random.randint"),
    **rows(
        "size",
        _uniform,
        "numpy.random.random numpy.random.random_sample numpy.random.standard_normal",
    ),
    **rows("low high size", _uniform, "numpy.random.uniform"),
    **rows("loc scale size", _uniform, "numpy.random.normal"),
    **rows("a size replace p", _choice, "numpy.random.choice"),
    **rows("x", _permutation, "numpy.random.permutation"),
}

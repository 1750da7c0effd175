"""The rows of NumPy's functions that make, join and move arrays.

Only ndarrays, tensors, variables, numbers and lists of these become ndarrays for certain: an object
of another library may have its own version of a NumPy function.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tflint_slice.infer import shapes
from tflint_slice.infer.arrays import (
    as_ndarray,
    cast,
    is_lazy,
)
from tflint_slice.infer.calls import Arguments, Rule, Table, rows
from tflint_slice.infer.creation import (
    dtype_argument,
    range_bounds,
    range_entries,
    range_length,
)
from tflint_slice.infer.dims import (
    broadcast,
    dim_of,
    is_integer_scalar,
    product,
    shape_of,
)
from tflint_slice.infer.dtypes import (
    NUMERIC,
    is_float,
    promote,
)
from tflint_slice.infer.moving import axis_argument, entries_of, moved
from tflint_slice.infer.operators import array_dtype
from tflint_slice.infer.shapes import axis_of, int_of
from tflint_slice.infer.values import (
    UNKNOWN,
    Value,
    ndarray,
    sequence,
)
from tflint_slice.model import Dim, Kind


def is_known(value: Value) -> bool:
    """Whether NumPy certainly makes an ndarray of numbers of a value."""
    if value.optional:
        return False
    if value.kind in (Kind.LIST, Kind.TUPLE):
        if is_lazy(value):
            return False
        if value.items is not None:
            return all(map(is_known, value.items))
        return value.element is not None and is_known(value.element)
    if value.is_array:
        # Without a dtype it may hold objects or strings, of which NumPy makes anything.
        return value.dtype in NUMERIC or value.dtype == "bool"
    return value.kind.is_number or is_integer_scalar(value)


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
    return replace(result, writable=_is_writable(value)) if copied is False else result


def _asarray(arguments: Arguments) -> Value:
    value = arguments["a"]
    result = _typed(as_ndarray(value), arguments)
    converted = arguments.given("dtype") is not None and result.dtype != as_ndarray(value).dtype
    return replace(result, writable=converted or _is_writable(value))


def _typed(array: Value, arguments: Arguments) -> Value:
    if arguments.given("dtype") is None:
        return array
    return cast(array, dtype_argument(arguments, None, numpy=True))


def _is_writable(value: Value) -> bool:
    """A tensor shares its memory with NumPy for reading only; a variable is copied."""
    return value.kind is not Kind.TENSOR and value.writable


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


def _viewing(rule: Rule, name: str = "a") -> Rule:
    """The rule of a function that hands on the memory of its argument."""

    def viewed(arguments: Arguments) -> Value:
        if not is_known(arguments[name]) and arguments[name].kind is not Kind.NDARRAY:
            return UNKNOWN
        result = rule(arguments)
        return replace(result, writable=_is_writable(arguments[name]))

    return viewed


def _reshape(arguments: Arguments) -> Value:
    value = as_ndarray(arguments["a"])
    if arguments.given("order") is not None:
        value = replace(value, low=None, high=None)
    return moved(value, shapes.reshaped(value.shape, arguments["shape"]))


def _transpose(arguments: Arguments) -> Value:
    value = as_ndarray(arguments["a"])
    return moved(value, shapes.transposed(value.shape, arguments.given("axes")))


def _expand(arguments: Arguments) -> Value:
    value = as_ndarray(arguments["a"])
    return moved(value, shapes.expanded(value.shape, arguments["axis"]))


def _squeeze(arguments: Arguments) -> Value:
    value = as_ndarray(arguments["a"])
    return moved(value, shapes.squeezed(value.shape, arguments.given("axis")))


def _ravel(arguments: Arguments) -> Value:
    value = as_ndarray(arguments["a"])
    return moved(value, (None if value.shape is None else product(value.shape),))


def _broadcast_to(arguments: Arguments) -> Value:
    value = as_ndarray(arguments["array"])
    result = moved(value, shape_of(arguments["shape"]), distinct=False)
    return replace(result, writable=False)


def _swapaxes(arguments: Arguments) -> Value:
    value = as_ndarray(arguments["a"])
    a, b = (axis_of(arguments[name], value.rank) for name in ("axis1", "axis2"))
    shape = None if value.shape is None else list(value.shape)
    if shape is not None and a is not None and b is not None:
        shape[a], shape[b] = shape[b], shape[a]
        return moved(value, tuple(shape))
    return moved(value, None if shape is None else (None,) * len(shape))


def _joining(stack: bool) -> Rule:
    def rule(arguments: Arguments) -> Value:
        values = entries_of(arguments["arrays"])
        if values is None or not values or not all(map(is_known, values)):
            return UNKNOWN
        arrays = [as_ndarray(value) for value in values]
        dims = [array.shape for array in arrays]
        axis = axis_argument(arguments)
        if arguments.values.get("axis", axis).kind is Kind.NONE:
            return ndarray(_common(arrays, arguments), (None,))
        if not stack and int_of(axis) is None:
            # None would make it flat.
            return ndarray(_common(arrays, arguments))
        shape = shapes.stacked(dims, axis) if stack else shapes.concatenated(dims, axis)
        return ndarray(_common(arrays, arguments), shape)

    return rule


def _common(arrays: list[Value], arguments: Arguments) -> str | None:
    dtype: str | None = arrays[0].dtype
    for array in arrays[1:]:
        dtype = promote(dtype, array.dtype)
    return dtype_argument(arguments, dtype, numpy=True)


def _where(arguments: Arguments) -> Value:
    condition = arguments["condition"]
    x, y = arguments.given("x"), arguments.given("y")
    if x is None and y is None:
        return _nonzero(condition)
    if x is None or y is None or not all(map(is_known, (condition, x, y))):
        return UNKNOWN
    dims = [as_ndarray(value).shape for value in (condition, x, y)]
    return ndarray(array_dtype(x, y), broadcast(*dims))


def _nonzero(value: Value) -> Value:
    if not is_known(value):
        return UNKNOWN
    array = as_ndarray(value)
    if not array.shape:
        return Value(Kind.TUPLE)
    parts = tuple(
        Value(
            Kind.NDARRAY,
            dtype="int64",
            shape=(None,),
            low=0,
            high=dim,
            distinct=len(array.shape) == 1,
        )
        for dim in array.shape
    )
    return sequence(Kind.TUPLE, parts)


def _take(arguments: Arguments) -> Value:
    value, indices = arguments["a"], arguments["indices"]
    if not is_known(value) or not is_known(indices):
        return UNKNOWN
    array, places = as_ndarray(value), as_ndarray(indices)
    axis = arguments.given("axis")
    if axis is None:
        return moved(array, places.shape, distinct=False)
    shape = shapes.gathered(array.shape, places.shape, axis_of(axis, array.rank))
    return moved(array, shape, distinct=False)


def _placed(arguments: Arguments) -> Value:
    """``np.take_along_axis`` has the dtype of the array and the shape of the indices."""
    if not is_known(arguments["arr"]) or not is_known(arguments["indices"]):
        return UNKNOWN
    indices = as_ndarray(arguments["indices"])
    return moved(as_ndarray(arguments["arr"]), indices.shape, distinct=False)


def _ix(arguments: Arguments) -> Value:
    arrays = [as_ndarray(value) for value in arguments["args"].items or ()]
    if not all(a.rank == 1 and a.dtype is not None and "int" in a.dtype for a in arrays):
        return Value(Kind.TUPLE)
    parts = []
    for place, array in enumerate(arrays):
        shape: list[Dim] = [1] * len(arrays)
        shape[place] = (array.shape or (None,))[0]
        parts.append(moved(array, tuple(shape)))
    return sequence(Kind.TUPLE, tuple(parts))


def scalar_of(dtype: str, args: tuple[Value, ...]) -> Value:
    """The result of calling a NumPy dtype."""
    if not args:
        return ndarray(dtype, ())
    if len(args) != 1 or not is_known(args[0]):
        return UNKNOWN
    return cast(as_ndarray(args[0]), dtype)


def _flip(arguments: Arguments) -> Value:
    # It slices, which leaves a tensor a tensor.
    return _rearranged(arguments) if arguments["a"].kind is Kind.NDARRAY else UNKNOWN


def _rearranged(arguments: Arguments) -> Value:
    if not is_known(arguments["a"]):
        return UNKNOWN
    value = as_ndarray(arguments["a"])
    if arguments.values.get("axis", UNKNOWN).kind is Kind.NONE:
        return moved(value, (None,))
    if arguments.given("axis") is not None and int_of(arguments["axis"]) is None:
        return moved(value, None)
    return moved(value, value.shape)


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
    **rows("a shape order", _viewing(_reshape), "numpy.reshape"),
    **rows("a axes", _viewing(_transpose), "numpy.transpose"),
    **rows("a axis", _viewing(_expand), "numpy.expand_dims"),
    **rows("a axis", _viewing(_squeeze), "numpy.squeeze"),
    **rows("a order", _viewing(_ravel), "numpy.ravel"),
    **rows("a axis1 axis2", _viewing(_swapaxes), "numpy.swapaxes"),
    **rows("array shape subok", _broadcast_to, "numpy.broadcast_to"),
    **rows("arrays axis out dtype casting", _joining(stack=False), "numpy.concatenate"),
    **rows("arrays axis out | dtype casting", _joining(stack=True), "numpy.stack"),
    **rows("condition x y", _where, "numpy.where"),
    **rows("a", lambda arguments: _nonzero(arguments["a"]), "numpy.nonzero"),
    **rows("a axis kind order", _rearranged, "numpy.sort"),
    **rows("a axis", _flip, "numpy.flip"),
    **rows("a shift axis", _rearranged, "numpy.roll"),
    **rows("a indices axis", _take, "numpy.take"),
    **rows("arr indices axis", _placed, "numpy.take_along_axis"),
    **rows("*args", _ix, "numpy.ix_"),
}

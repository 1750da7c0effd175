"""The rows of NumPy's functions that join and move arrays.

Only ndarrays, tensors, variables, numbers and lists of these become ndarrays for certain: an object
of another library may have its own version of a NumPy function.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tflint_slice.infer import shapes
from tflint_slice.infer.arrays import (
    as_ndarray,
    is_lazy,
)
from tflint_slice.infer.calls import Arguments, Rule, Table, rows
from tflint_slice.infer.creation import (
    dtype_argument,
)
from tflint_slice.infer.dims import (
    broadcast,
    is_integer_scalar,
    product,
    shape_of,
)
from tflint_slice.infer.dtypes import (
    NUMERIC,
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


def is_writable(value: Value) -> bool:
    """A tensor shares its memory with NumPy for reading only; a variable is copied."""
    return value.kind is not Kind.TENSOR and value.writable


def _viewing(rule: Rule, name: str = "a") -> Rule:
    """The rule of a function that hands on the memory of its argument."""

    def viewed(arguments: Arguments) -> Value:
        if not is_known(arguments[name]) and arguments[name].kind is not Kind.NDARRAY:
            return UNKNOWN
        result = rule(arguments)
        return replace(result, writable=is_writable(arguments[name]))

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

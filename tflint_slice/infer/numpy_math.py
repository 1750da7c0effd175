"""The rows of NumPy's functions that compute, with the dtype rules of NumPy 2."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tflint_slice.infer import shapes
from tflint_slice.infer.arrays import (
    as_ndarray,
)
from tflint_slice.infer.calls import Arguments, Rule, Table, rows
from tflint_slice.infer.creation import (
    dtype_argument,
)
from tflint_slice.infer.dims import (
    broadcast,
    length_value,
    product,
)
from tflint_slice.infer.dtypes import (
    accumulated,
    inexact,
    promote,
    real_part,
)
from tflint_slice.infer.moving import axis_argument, moved
from tflint_slice.infer.numpy_arrays import is_known
from tflint_slice.infer.operators import array_dtype, binary
from tflint_slice.infer.shapes import axis_of, int_of
from tflint_slice.infer.values import (
    UNKNOWN,
    Value,
    ndarray,
)
from tflint_slice.model import Dim, Kind


def _reduction(dtype: str = "same", *, keeps_bounds: bool = False) -> Rule:
    """``dtype`` names the rule for the dtype, or the dtype itself."""

    def rule(arguments: Arguments) -> Value:
        if not is_known(arguments["a"]) or arguments.given("out") is not None:
            return UNKNOWN
        value = as_ndarray(arguments["a"])
        shape = shapes.reduced(
            value.shape, arguments.given("axis"), arguments.truth("keepdims", False)
        )
        natural = {
            "same": value.dtype,
            "sum": accumulated(value.dtype),
            "mean": _averaged(value.dtype),
        }.get(dtype, dtype)
        # Of nothing NumPy's maximum raises; an initial value may be beyond every entry.
        kept = keeps_bounds and arguments.given("initial") is None
        return Value(
            Kind.NDARRAY,
            dtype=dtype_argument(arguments, natural, numpy=True),
            shape=shape,
            low=value.low if kept else None,
            high=value.high if kept else None,
        )

    return rule


def _averaged(dtype: str | None) -> str | None:
    if dtype is not None and (dtype == "bool" or "int" in dtype):
        return "float64"
    return inexact(dtype)


def _deviation(arguments: Arguments) -> Value:
    if arguments.given("ddof") is not None and int_of(arguments["ddof"]) is None:
        return UNKNOWN
    result = _reduction("mean")(arguments)
    return replace(result, dtype=real_part(result.dtype))


def _arg(arguments: Arguments) -> Value:
    value, axis = arguments["a"], arguments.given("axis")
    keep = arguments.truth("keepdims", False)
    if not is_known(value):
        # Whatever it is, without an axis it answers with one place.
        plain = axis is None and not arguments.values.keys() - {"a"}
        return Value(shape=(), low=0) if plain and value.kind is Kind.UNKNOWN else UNKNOWN
    array = as_ndarray(value)
    high: Dim = None
    if array.shape is not None:
        place = axis_of(axis, len(array.shape))
        high = product(array.shape) if axis is None else None
        high = high if place is None else array.shape[place]
    shape = shapes.reduced(array.shape, axis, keep)
    return Value(Kind.NDARRAY, dtype="int64", shape=shape, low=0, high=high)


def _argsort(arguments: Arguments) -> Value:
    if not is_known(arguments["a"]):
        return UNKNOWN
    array = as_ndarray(arguments["a"])
    axis = axis_of(axis_argument(arguments, default=-1), array.rank)
    high = None if array.shape is None or axis is None else array.shape[axis]
    if arguments.values.get("axis", UNKNOWN).kind is Kind.NONE:
        return Value(Kind.NDARRAY, dtype="int64", shape=(None,), low=0, distinct=True)
    if arguments.given("axis") is not None and axis is None:
        return Value(Kind.NDARRAY, dtype="int64", low=0)
    return Value(
        Kind.NDARRAY,
        dtype="int64",
        # A scalar is sorted as an array of one entry.
        shape=array.shape or None,
        low=0,
        high=high,
        distinct=array.rank == 1,
    )


def _unique(arguments: Arguments) -> Value:
    value = arguments["ar"]
    if not is_known(value) or arguments.values.keys() - {"ar"}:
        return UNKNOWN
    array = as_ndarray(value)
    integral = array.low is not None
    return replace(moved(array, (None,)), distinct=integral)


def _elementwise(operator: str | None = None, dtype: str | None = None) -> Rule:
    def rule(arguments: Arguments) -> Value:
        x, y = arguments["x1"], arguments["x2"]
        if not is_known(x) or not is_known(y):
            return UNKNOWN
        a, b = as_ndarray(x), as_ndarray(y)
        shape = broadcast(a.shape, b.shape)
        if dtype is not None:
            return ndarray(dtype, shape)
        if operator is None:
            return ndarray(array_dtype(x, y), shape)
        # A Python number keeps its class, but two of them make a NumPy scalar.
        left = a if x.is_array or y.kind.is_number or not x.kind.is_number else x
        right = b if y.is_array or not y.kind.is_number else y
        result = binary(operator, left, right)
        return result if result.kind is Kind.NDARRAY else ndarray(None, shape)

    return rule


def _unary(rule_name: str) -> Rule:
    """A ufunc of one operand: ``same`` dtype, ``inexact``, ``real`` or ``bool``."""

    def rule(arguments: Arguments) -> Value:
        if not is_known(arguments["x"]):
            return UNKNOWN
        value = as_ndarray(arguments["x"])
        dtype = {
            "same": None if value.dtype == "bool" else value.dtype,
            "inexact": inexact(value.dtype),
            "real": real_part(value.dtype),
            "bool": "bool",
        }[rule_name]
        return ndarray(dtype, value.shape)

    return rule


def _clip(arguments: Arguments) -> Value:
    value, least, most = arguments["a"], arguments["a_min"], arguments["a_max"]
    if not all(map(is_known, (value, least, most))):
        return UNKNOWN
    array = as_ndarray(value)
    ints = all(bound.kind is Kind.INT for bound in (least, most))
    integral = array.dtype is not None and "int" in array.dtype and ints
    dtype = array_dtype(as_ndarray(value), least)
    dtype = dtype if dtype == array_dtype(as_ndarray(value), most) else None
    dims = [as_ndarray(bound).shape for bound in (value, least, most)]
    return Value(
        Kind.NDARRAY,
        dtype=dtype,
        shape=broadcast(*dims),
        low=least.low if integral else None,
        high=most.high if integral else None,
    )


def _matmul(arguments: Arguments) -> Value:
    a, b = arguments["a"], arguments["b"]
    if not is_known(a) or not is_known(b):
        return UNKNOWN
    left, right = as_ndarray(a), as_ndarray(b)
    return ndarray(promote(left.dtype, right.dtype), shapes.multiplied(left.shape, right.shape))


def _dot(arguments: Arguments) -> Value:
    a, b = as_ndarray(arguments["a"]), as_ndarray(arguments["b"])
    result = _matmul(arguments)
    simple = a.rank in (1, 2) and b.rank in (1, 2)
    return result if simple or result is UNKNOWN else replace(result, shape=None)


def _outer(arguments: Arguments) -> Value:
    a, b = arguments["a"], arguments["b"]
    if not is_known(a) or not is_known(b):
        return UNKNOWN
    left, right = as_ndarray(a), as_ndarray(b)
    dims = tuple(None if v.shape is None else product(v.shape) for v in (left, right))
    return ndarray(promote(left.dtype, right.dtype), dims)


def _size(arguments: Arguments) -> Value:
    if not is_known(arguments["a"]) or arguments.given("axis") is not None:
        return UNKNOWN
    shape = as_ndarray(arguments["a"]).shape
    total = None if shape is None else product(shape)
    return length_value(total)


_REDUCED: Final = "a axis dtype out keepdims initial where"


_EXTREME: Final = "a axis out keepdims initial where"


TABLE: Final[Table] = {
    **rows(_REDUCED, _reduction("sum"), "numpy.sum numpy.prod"),
    **rows("a axis dtype out keepdims where", _reduction("mean"), "numpy.mean"),
    **rows("a axis dtype out ddof keepdims where", _deviation, "numpy.std numpy.var"),
    **rows(_EXTREME, _reduction(keeps_bounds=True), "numpy.max numpy.min"),
    **rows("a axis out keepdims where", _reduction("bool"), "numpy.all numpy.any"),
    **rows("a axis | keepdims", _reduction("int64"), "numpy.count_nonzero"),
    **rows("a axis out keepdims", _arg, "numpy.argmax numpy.argmin"),
    **rows("a axis kind order", _argsort, "numpy.argsort"),
    **rows("ar return_index return_inverse return_counts axis", _unique, "numpy.unique"),
    **rows("x1 x2", _elementwise("+"), "numpy.add"),
    **rows("x1 x2", _elementwise("-"), "numpy.subtract"),
    **rows("x1 x2", _elementwise("*"), "numpy.multiply"),
    **rows("x1 x2", _elementwise("/"), "numpy.true_divide"),
    **rows("x1 x2", _elementwise("//"), "numpy.floor_divide"),
    **rows("x1 x2", _elementwise("%"), "numpy.remainder"),
    **rows("x1 x2", _elementwise(), "numpy.maximum numpy.minimum"),
    **rows(
        "x1 x2",
        _elementwise(dtype="bool"),
        "numpy.equal numpy.not_equal numpy.less numpy.less_equal numpy.greater"
        " numpy.greater_equal numpy.logical_and numpy.logical_or numpy.logical_xor",
    ),
    **rows(
        "x",
        _unary("same"),
        "numpy.negative numpy.square numpy.sign numpy.floor numpy.ceil numpy.conjugate",
    ),
    **rows("x", _unary("real"), "numpy.abs"),
    **rows(
        "x",
        _unary("inexact"),
        "numpy.sqrt numpy.exp numpy.log numpy.log2 numpy.log10 numpy.log1p numpy.expm1 numpy.sin"
        " numpy.cos numpy.tan numpy.tanh numpy.arctan",
    ),
    **rows(
        "x",
        _unary("bool"),
        "numpy.isnan numpy.isinf numpy.isfinite numpy.logical_not",
    ),
    **rows("a a_min a_max", _clip, "numpy.clip"),
    **rows("a b", _matmul, "numpy.matmul"),
    **rows("a b", _dot, "numpy.dot"),
    **rows("a b", _outer, "numpy.outer"),
    **rows("a axis", _size, "numpy.size"),
}

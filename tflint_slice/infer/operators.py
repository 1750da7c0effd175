"""What Python's operators give: on numbers, sequences, arrays, tensors and variables."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tflint_slice.infer import numbers
from tflint_slice.infer.arrays import as_ndarray, as_tensor, tensor_dtype
from tflint_slice.infer.dims import (
    broadcast,
    broadcasts_surely,
    has_integers,
    is_integer_dtype,
    is_integer_scalar,
)
from tflint_slice.infer.dtypes import integer_range, promote, promote_number, quotient
from tflint_slice.infer.shapes import multiplied
from tflint_slice.infer.values import UNKNOWN, Value, constant, join, sequence
from tflint_slice.model import Dim, Kind

_REPEATED: Final = 4096
"""The longest list whose entries are told apart after ``[x] * n``."""

_TENSOR_OPERATORS: Final = frozenset({"+", "-", "*", "/", "//", "%", "**", "@", "&", "|", "^"})
_ARRAY_OPERATORS: Final = _TENSOR_OPERATORS | {"<<", ">>"}
_ORDER: Final = frozenset({"<", "<=", ">", ">="})
_EQUALITY: Final = frozenset({"==", "!="})


def binary(operator: str, left: Value, right: Value) -> Value:
    """``left <operator> right``."""
    if left.kind.is_number and right.kind.is_number:
        if left.optional or right.optional:
            left, right = replace(left, optional=False), replace(right, optional=False)
        return numbers.arithmetic(operator, left, right)
    if _is_tensor(left) or _is_tensor(right):
        return _tensor_binary(operator, left, right)
    if Kind.NDARRAY in (left.kind, right.kind):
        return _array_binary(operator, left, right)
    return _sequence_binary(operator, left, right)


def compare(operator: str, left: Value, right: Value) -> Value:
    """``left <operator> right`` for one comparison."""
    if operator in ("is", "is not", "in", "not in"):
        return Value(Kind.BOOL)
    if left.kind.is_number and right.kind.is_number:
        return numbers.compared(operator, left, right)
    if _is_tensor(left) or _is_tensor(right):
        return _tensor_compare(operator, left, right)
    if Kind.NDARRAY in (left.kind, right.kind):
        # A tuple may be a TensorShape, which compares as a shape.
        if left.kind is Kind.TUPLE or not all(
            value.kind is Kind.NDARRAY or _is_array_like(value) for value in (left, right)
        ):
            return UNKNOWN
        a, b = as_ndarray(left), as_ndarray(right)
        if "object" in (a.dtype, b.dtype) or None in (a.dtype, b.dtype):
            return UNKNOWN
        return Value(Kind.NDARRAY, dtype="bool", shape=broadcast(a.shape, b.shape))
    plain = (Kind.STR, Kind.NONE, Kind.BOOL, Kind.INT, Kind.FLOAT, Kind.COMPLEX)
    if left.kind in plain and right.kind in plain:
        return Value(Kind.BOOL)
    return UNKNOWN


def unary(operator: str, operand: Value) -> Value:
    """``<operator> operand`` for ``-``, ``+``, ``~`` and ``not``."""
    if operator == "not":
        # AutoGraph turns ``not`` of a tensor into a tensor.
        known = operand.kind is not Kind.UNKNOWN and not _is_tensor(operand)
        return Value(Kind.BOOL) if known else UNKNOWN
    if operand.optional:
        operand = replace(operand, optional=False)
    if operand.kind.is_number:
        return _number_unary(operator, operand)
    if not operand.is_array or (operator == "+" and operand.kind.is_variable):
        return UNKNOWN
    array = operand if operand.kind is Kind.NDARRAY else as_tensor(operand)
    if operand.kind is Kind.NDARRAY and (array.dtype is None or array.dtype == "object"):
        return UNKNOWN
    low, high = (None, None)
    if operator == "-" and has_integers(array):
        low, high = _in_range(array.dtype, *numbers.negated(array))
    elif operator == "+":
        low, high = array.low, array.high
    distinct = array.distinct and is_integer_dtype(array.dtype)
    return Value(
        array.kind, dtype=array.dtype, shape=array.shape, low=low, high=high, distinct=distinct
    )


def _tensor_binary(operator: str, left: Value, right: Value) -> Value:
    keras = [v for v in (left, right) if v.kind in (Kind.KERAS3_VARIABLE, Kind.SOME_VARIABLE)]
    # NumPy does not step back for a Keras 3 variable: the result is an ndarray.
    if left.kind is Kind.NDARRAY and keras:
        return UNKNOWN
    # The left operand is asked first: a Keras variable or a Series has its own way to add.
    if operator not in _TENSOR_OPERATORS or left.kind is Kind.UNKNOWN:
        return UNKNOWN
    if left.kind is Kind.TUPLE and operator == "+":
        return UNKNOWN
    if _is_foreign(left) or _is_foreign(right):
        return UNKNOWN
    a, b = as_tensor(left), as_tensor(right)
    if operator == "*" and not (_multiplies(left) and _multiplies(right)):
        return UNKNOWN
    # Keras promotes dtypes where TensorFlow refuses to mix them.
    # It may be one that is unknown here, as the right operand.
    mixed = keras or right.kind is Kind.UNKNOWN
    dtype = None if mixed else tensor_dtype((left, right))
    if operator == "/":
        dtype = quotient(dtype, numpy=False)
    if operator == "@":
        return Value(Kind.TENSOR, dtype=dtype, shape=multiplied(a.shape, b.shape))
    return _elementwise(Kind.TENSOR, operator, dtype, a, b)


def _array_binary(operator: str, left: Value, right: Value) -> Value:
    # A tuple may be a TensorShape, which adds as a shape.
    if left.kind is Kind.TUPLE and operator == "+":
        return UNKNOWN
    if operator not in _ARRAY_OPERATORS or not (_is_array_like(left) and _is_array_like(right)):
        return UNKNOWN
    sequences = {left.kind, right.kind} & {Kind.LIST, Kind.TUPLE}
    other = left if left.kind is Kind.NDARRAY else right
    if sequences and operator == "*" and other.shape in (None, ()):
        return UNKNOWN
    a, b = as_ndarray(left), as_ndarray(right)
    dtype = array_dtype(left, right)
    if dtype is None and not (a.shape or b.shape):
        # Two entries of unknown dtype may be objects, and the result anything.
        return UNKNOWN
    if operator == "/":
        dtype = quotient(dtype, numpy=True)
    elif operator not in ("+", "*", "&", "|", "^", "@"):
        truths = "bool" in (a.dtype, b.dtype)
        dtype = None if truths else dtype
    if operator == "@":
        return Value(Kind.NDARRAY, dtype=dtype, shape=multiplied(a.shape, b.shape))
    return _elementwise(Kind.NDARRAY, operator, dtype, a, b)


def array_dtype(left: Value, right: Value) -> str | None:
    """NumPy 2's dtype of an operation of two operands."""
    for array, number in ((left, right), (right, left)):
        if number.kind.is_number and not array.kind.is_number:
            return promote_number(as_ndarray(array).dtype, number.kind)
    return promote(as_ndarray(left).dtype, as_ndarray(right).dtype)


def _elementwise(kind: Kind, operator: str, dtype: str | None, a: Value, b: Value) -> Value:
    low: int | None = None
    high: Dim = None
    integral = is_integer_dtype(dtype) and has_integers(a) and has_integers(b)
    if integral and operator != "/":
        found = numbers.bounds(operator, a, b, divides_by_zero=True)
        low, high = found if operator in ("%", "//") else _in_range(dtype, *found)
    # Adding one number to all entries keeps them apart (integers wrap round one to one).
    shifted = (a.distinct and b.shape == ()) or (b.distinct and a.shape == ())
    distinct = integral and shifted and operator in ("+", "-")
    symbol = None
    if a.shape == b.shape == () and integral:
        symbol = numbers.arithmetic(operator, _as_int(a), _as_int(b)).symbol
    return Value(
        kind,
        dtype=dtype,
        shape=broadcast(a.shape, b.shape),
        low=low,
        high=high,
        distinct=distinct,
        symbol=symbol,
    )


def _as_int(value: Value) -> Value:
    if value.low is not None and value.high == value.low + 1:
        return constant(value.low)
    return Value(Kind.INT, low=value.low, high=value.high, symbol=value.symbol)


def _in_range(dtype: str | None, low: int | None, high: Dim) -> tuple[int | None, Dim]:
    """Bounds that hold although fixed-width integers wrap round: both or none."""
    limits = integer_range(dtype)
    if limits is None or low is None or high is None or low < limits[0]:
        return None, None
    if isinstance(high, int):
        return (low, high) if high - 1 <= limits[1] else (None, None)
    # A symbolic bound is the length of an axis, near enough; no axis comes close to 2**31.
    return (low, high) if limits[1] >= 2**31 - 1 else (None, None)


def _tensor_compare(operator: str, left: Value, right: Value) -> Value:
    if _is_foreign(left) or _is_foreign(right):
        return UNKNOWN
    a, b = as_tensor(left), as_tensor(right)
    if left.kind in (Kind.UNKNOWN, Kind.TUPLE):
        return UNKNOWN
    if operator in _ORDER:
        if left.kind is Kind.NDARRAY and right.kind not in (Kind.TENSOR, Kind.VARIABLE):
            return UNKNOWN
        return _truths(broadcast(a.shape, b.shape))
    if operator in _EQUALITY:
        # None and unknown objects compare as objects; shapes that do not fit give one False.
        known = all(not v.optional and (v.is_array or _is_array_like(v)) for v in (left, right))
        keras = any(v.kind in (Kind.KERAS3_VARIABLE, Kind.SOME_VARIABLE) for v in (left, right))
        if not known or (keras and Kind.NDARRAY in (left.kind, right.kind)):
            return UNKNOWN
        fits = broadcasts_surely(a.shape, b.shape)
        return _truths(broadcast(a.shape, b.shape) if fits else None)
    return UNKNOWN


def _truths(shape: tuple[Dim, ...] | None) -> Value:
    return Value(Kind.TENSOR, dtype="bool", shape=shape)


def _sequence_binary(operator: str, left: Value, right: Value) -> Value:
    if left.optional or right.optional:
        left, right = replace(left, optional=False), replace(right, optional=False)
    kinds = (left.kind, right.kind)
    if left.kind is Kind.STR:
        return Value(Kind.STR) if operator == "%" or right.kind in (Kind.STR, Kind.INT) else UNKNOWN
    if operator == "+" and set(kinds) <= {Kind.LIST, Kind.TUPLE}:
        # A list and a tuple add up only if the tuple is a TensorShape.
        kind = Kind.LIST if kinds == (Kind.LIST, Kind.LIST) else Kind.TUPLE
        return _concatenation(kind, left, right)
    if operator == "*":
        for entries, count in ((left, right), (right, left)):
            if entries.kind in (Kind.LIST, Kind.TUPLE) and count.kind in (Kind.INT, Kind.BOOL):
                return _repetition(entries, count)
    return UNKNOWN


def _concatenation(kind: Kind, left: Value, right: Value) -> Value:
    if left.items is not None and right.items is not None:
        items = left.items + right.items
        # A TensorShape makes ints of what it is added to.
        return sequence(kind, items if kind is Kind.LIST else tuple(map(_dimension, items)))
    return Value(kind, element=_either(left, right))


def _dimension(value: Value) -> Value:
    if value.is_array and is_integer_scalar(value):
        return Value(shape=(), low=value.low, high=value.high, symbol=value.symbol)
    return value


def _either(left: Value, right: Value) -> Value | None:
    if left.items == ():
        return right.element
    if right.items == ():
        return left.element
    if left.element is None or right.element is None:
        return None
    return join(left.element, right.element)


def _repetition(entries: Value, count: Value) -> Value:
    times = count.const
    known = entries.items is not None and isinstance(times, int)
    if known and len(entries.items or ()) * max(times, 0) <= _REPEATED:
        return sequence(entries.kind, (entries.items or ()) * times)
    return Value(entries.kind, element=entries.element)


def _number_unary(operator: str, operand: Value) -> Value:
    if operator == "-":
        return numbers.negative(operand)
    if operator == "+":
        if operand.has_const:
            return constant(+operand.const)
        return Value(Kind.INT, low=0, high=2) if operand.kind is Kind.BOOL else operand
    if operator == "~" and operand.kind in (Kind.INT, Kind.BOOL):
        if isinstance(operand.const, int):
            return constant(-int(operand.const) - 1)
        return Value(Kind.INT)
    return UNKNOWN


def _is_tensor(value: Value) -> bool:
    return value.kind is Kind.TENSOR or value.kind.is_variable


def _is_array_like(value: Value) -> bool:
    return not value.optional and (
        value.kind is Kind.NDARRAY or value.kind.is_number or value.kind in (Kind.LIST, Kind.TUPLE)
    )


def _multiplies(value: Value) -> bool:
    """Whether ``*`` takes a value for an array: a list that is none would be repeated."""
    return value.kind not in (Kind.LIST, Kind.TUPLE) or as_tensor(value).dtype is not None


def _is_foreign(value: Value) -> bool:
    """Whether an operand may decide about the operation itself, being of a class of the user."""
    return value.kind in (
        Kind.INSTANCE,
        Kind.CLASS,
        Kind.FUNCTION,
        Kind.MODULE,
        Kind.DICT,
        Kind.SLICE,
    ) or (value.kind is Kind.STR)

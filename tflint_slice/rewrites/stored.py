"""Whether a value arrives in a variable as NumPy would store it, and what to write so that it does.

NumPy casts whatever it is given. TensorFlow casts lists and ndarrays, refuses tensors of another
dtype, wraps ints that are too large, and rounds halves twice.
"""

from __future__ import annotations

import ast
import struct

from tflint_slice.infer.dtypes import integer_range
from tflint_slice.model import Kind, Op, Operand, Reason

_FLOATS = ("float16", "bfloat16", "float32", "float64")
_WIDE = ("float32", "float64")
_SMALL_NUMBERS = (
    "float16", "bfloat16", "float32", "float64",
    "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
)  # fmt: skip


def against(value: Operand, target: Operand) -> Reason | None:
    """What stands against storing ``value`` as it is written."""
    if value.kind is Kind.UNKNOWN:
        return Reason.UNKNOWN_VALUE
    if target.dtype is None:
        return Reason.UNKNOWN_DTYPE
    if value.kind in (Kind.TENSOR, Kind.NDARRAY) or value.kind.is_variable:
        return _against_array(value, target.dtype)
    if value.kind is Kind.BOOL and target.dtype == "bool":
        return None
    if value.kind in (Kind.INT, Kind.FLOAT):
        return _against_number(value, target.dtype)
    if value.kind in (Kind.LIST, Kind.TUPLE):
        return _against_list(value, target.dtype)
    return Reason.UNKNOWN_VALUE


def never(value: Operand, target: Operand) -> Reason | None:
    """What stands against storing ``value`` under any assumption."""
    if value.kind is Kind.NONE:
        return Reason.UNKNOWN_VALUE
    limits = integer_range(target.dtype)
    if value.kind is Kind.FLOAT and (limits is not None or target.dtype == "bool"):
        return Reason.DTYPE_CAST
    if value.kind is Kind.INT and value.constant and limits is not None:
        return None if _within(value, limits) else Reason.VALUE_OUT_OF_DTYPE
    return None


def needs_cast(value: Operand, target: Operand) -> bool:
    """Whether ``tf.cast(value, v.dtype)`` is due: a tensor that may be of another dtype."""
    is_tensor = value.kind is Kind.TENSOR or value.kind.is_variable
    return is_tensor and (value.dtype is None or value.dtype != target.dtype)


def _against_array(value: Operand, dtype: str) -> Reason | None:
    if value.dtype == dtype:
        return None
    if value.kind is Kind.NDARRAY and value.dtype in ("int64", "uint64"):
        # As an entry of a list it would be rounded twice, to a double first.
        return Reason.DTYPE_CAST
    if value.dtype in ("int64", "uint64") and dtype == "float32" and value.rank in (0, None):
        # So does NumPy with the one number that a tensor holds.
        return Reason.DTYPE_CAST
    # Widening and rounding once are the same everywhere; truncation and wrapping are not.
    if value.dtype in _SMALL_NUMBERS and dtype in _WIDE:
        return None
    return Reason.DTYPE_CAST


def _against_number(value: Operand, dtype: str) -> Reason | None:
    if value.kind is Kind.INT:
        limits = integer_range(dtype)
        if limits is not None:
            return None if _within(value, limits) else Reason.VALUE_OUT_OF_DTYPE
    elif integer_range(dtype) is not None:
        return Reason.DTYPE_CAST
    if dtype in _WIDE:
        return None
    if dtype in _FLOATS:
        return None if value.constant and _exact_in(value.text, dtype) else Reason.DTYPE_CAST
    return Reason.DTYPE_CAST


def _against_list(value: Operand, dtype: str) -> Reason | None:
    if value.shape is None or value.dtype is None:
        return Reason.UNKNOWN_VALUE
    limits = integer_range(value.dtype)
    if limits is not None and integer_range(dtype) is not None:
        fits = _within(value, integer_range(dtype) or limits)
        return None if fits else Reason.VALUE_OUT_OF_DTYPE
    if dtype in _WIDE and (value.dtype in _WIDE or limits is not None) and value.constant:
        return None
    return None if value.dtype == dtype and dtype not in _FLOATS[:2] else Reason.DTYPE_CAST


def _within(value: Operand, limits: tuple[int, int]) -> bool:
    """Whether every int is one of ``limits[0] .. limits[1]``."""
    if value.low is None or not isinstance(value.high, int):
        return False
    return limits[0] <= value.low and value.high - 1 <= limits[1]


def _exact_in(text: str, dtype: str) -> bool:
    """Whether a literal is a number of this 16-bit format, so that no rounding takes place."""
    try:
        number = float(ast.literal_eval(text))
        if dtype == "float16":
            return bool(struct.unpack("e", struct.pack("e", number))[0] == number)
        # bfloat16 is the upper half of float32.
        packed = struct.pack(">f", number)
        return packed[2:] == b"\0\0" and struct.unpack(">f", packed)[0] == number
    except (OverflowError, ValueError, SyntaxError):
        return False


def against_operator(op: Op, target: Operand) -> Reason | None:
    """What stands against computing ``element <op> value`` in TensorFlow instead of NumPy."""
    if op in (Op.ADD, Op.SUBTRACT, Op.MULTIPLY):
        halves = target.dtype in ("bool", "string", "float16", "bfloat16")
        return Reason.INEXACT_OPERATOR if halves else None
    if op is Op.DIVIDE:
        wide = target.dtype is None or target.dtype in _WIDE
        return None if wide else Reason.INEXACT_OPERATOR
    return None if op is Op.SET else Reason.INEXACT_OPERATOR


def against_mixture(op: Op, value: Operand, target: Operand) -> Reason | None:
    """NumPy adds float64 to float32 in float64 and rounds once; TensorFlow rounds first."""
    if op is Op.SET:
        return None
    if value.kind in (Kind.INT, Kind.FLOAT):
        # Only a Python number is without a dtype of its own. What an annotation calls a float may
        # be a NumPy scalar, which is one too.
        bounded = value.low is not None and isinstance(value.high, int)
        return None if value.constant or bounded else Reason.DTYPE_CAST
    if value.kind in (Kind.LIST, Kind.TUPLE):
        return Reason.DTYPE_CAST
    return None if value.dtype == target.dtype else Reason.DTYPE_CAST

"""Dtypes by canonical name: how they are written, and what two of them give in an operation."""

from __future__ import annotations

import re
from typing import Final

from tflint_slice.infer.calls import words
from tflint_slice.infer.values import Value
from tflint_slice.model import Kind

NUMERIC: Final = words(
    "int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 bfloat16 float32 float64 complex64"
    " complex128"
)
TENSORFLOW_MEMBERS: Final = {
    **{name: name for name in NUMERIC},
    **dict.fromkeys(("half",), "float16"),
    **dict.fromkeys(("double",), "float64"),
    **{name: name for name in ("bool", "string", "resource", "variant")},
    **{name: name for name in ("qint8", "qint16", "qint32", "quint8", "quint16")},
}
"""The members of ``tensorflow`` that are dtypes."""

NUMPY_MEMBERS: Final = {
    **{name: name for name in NUMERIC - {"bfloat16"}},
    **dict.fromkeys(("half",), "float16"),
    **dict.fromkeys(("single",), "float32"),
    **dict.fromkeys(("double", "float_"), "float64"),
    **dict.fromkeys(("csingle",), "complex64"),
    **dict.fromkeys(("cdouble", "complex_"), "complex128"),
    **{"byte": "int8", "short": "int16", "intc": "int32", "longlong": "int64", "intp": "int64"},
    **{"ubyte": "uint8", "ushort": "uint16", "uintc": "uint32", "ulonglong": "uint64"},
    **dict.fromkeys(("bool", "bool_"), "bool"),
    **dict.fromkeys(("int_",), "int64"),
    **dict.fromkeys(("uint", "uintp"), "uint64"),
}
"""The members of ``numpy`` that are dtypes, on a 64-bit machine and with NumPy 2."""

_TENSORFLOW_NAMES: Final = {**TENSORFLOW_MEMBERS, "float": "float32"}
_NUMPY_NAMES: Final = {**NUMPY_MEMBERS, "float": "float64", "int": "int64", "complex": "complex128"}
_TENSORFLOW_TYPES: Final = {"builtins.float": "float32", "builtins.bool": "bool"}
_NUMPY_TYPES: Final = {
    "builtins.float": "float64",
    "builtins.int": "int64",
    "builtins.bool": "bool",
    "builtins.complex": "complex128",
}
_PARTS: Final = re.compile(r"(bool|u?int|b?float|complex)(\d*)")
_PYTHON: Final = {Kind.BOOL: "bool", Kind.INT: "int64", Kind.FLOAT: "float64"}


def named(value: Value, *, numpy: bool) -> str | None:
    """The dtype that an argument such as ``dtype=`` names, to NumPy or to TensorFlow."""
    if value.optional:
        return None
    if value.kind is Kind.STR and isinstance(value.const, str):
        if value.name == "dtype":
            return value.const
        return (_NUMPY_NAMES if numpy else _TENSORFLOW_NAMES).get(value.const)
    if value.kind in (Kind.FUNCTION, Kind.CLASS) and value.name is not None:
        return (_NUMPY_TYPES if numpy else _TENSORFLOW_TYPES).get(value.name)
    return None


def is_float(dtype: str | None) -> bool:
    return dtype is not None and "float" in dtype


def integer_range(dtype: str | None) -> tuple[int, int] | None:
    """The lowest and the highest value of an integer dtype."""
    if dtype is None:
        return None
    family, bits = _parts(dtype)
    if family == "int":
        return -(2 ** (bits - 1)), 2 ** (bits - 1) - 1
    return (0, 2**bits - 1) if family == "uint" else None


def promote(a: str | None, b: str | None) -> str | None:
    """NumPy's common dtype of two arrays.

    >>> promote("int32", "float32"), promote("uint8", "int8")
    ('float64', 'int16')
    """
    if a is None or b is None or not {a, b} <= NUMERIC | {"bool"}:
        return None
    if a == b or b == "bool":
        return a
    if a == "bool":
        return b
    if "bfloat16" in (a, b):
        return None
    (a_family, a_bits), (b_family, b_bits) = sorted((_parts(a), _parts(b)), key=_order)
    if a_family == b_family:
        return f"{a_family}{max(a_bits, b_bits)}"
    if b_family == "complex":
        return f"complex{max(b_bits, 2 * _float_bits(a_family, a_bits))}"
    if b_family == "float":
        return f"float{max(b_bits, _float_bits(a_family, a_bits))}"
    if a_bits < b_bits:
        return f"int{b_bits}"
    return "float64" if a_bits == 64 else f"int{2 * a_bits}"


def promote_number(dtype: str | None, number: Kind) -> str | None:
    """NumPy 2's dtype of an array and a Python number, which counts by its class only.

    >>> promote_number("float32", Kind.FLOAT), promote_number("int8", Kind.FLOAT)
    ('float32', 'float64')
    """
    if dtype is None or dtype not in NUMERIC | {"bool"}:
        return None
    family, _ = _parts(dtype)
    if number is Kind.BOOL:
        return dtype
    if number is Kind.INT:
        return "int64" if family == "bool" else dtype
    if number is Kind.FLOAT:
        return dtype if family in ("float", "bfloat", "complex") else "float64"
    if number is Kind.COMPLEX and family != "bfloat":
        return promote(dtype, "complex64") if family in ("float", "complex") else "complex128"
    return None


def quotient(dtype: str | None, *, numpy: bool) -> str | None:
    """The dtype of true division of two operands of one dtype."""
    if dtype is None:
        return None
    family, bits = _parts(dtype)
    if family in ("int", "uint", "bool"):
        small = not numpy and family != "bool" and bits < 32
        return "float32" if small else "float64"
    return dtype


def of_number(kind: Kind) -> str | None:
    """The dtype of NumPy's array of a Python number."""
    return "complex128" if kind is Kind.COMPLEX else _PYTHON.get(kind)


def real_part(dtype: str | None) -> str | None:
    """The dtype of ``abs(x)`` and ``x.real``."""
    return {"complex64": "float32", "complex128": "float64"}.get(dtype, dtype) if dtype else None


def inexact(dtype: str | None) -> str | None:
    """NumPy's dtype of ``sqrt(x)`` and its like: floating, of a width that holds ``dtype``."""
    if dtype is None or dtype not in NUMERIC | {"bool"}:
        return None
    family, bits = _parts(dtype)
    if family not in ("int", "uint", "bool"):
        return dtype
    return {8: "float16", 16: "float32"}.get(8 if family == "bool" else bits, "float64")


def accumulated(dtype: str | None) -> str | None:
    """NumPy's dtype of a sum or product: small integers are summed in 64 bits."""
    if dtype is None or dtype not in NUMERIC | {"bool"}:
        return None
    family, _ = _parts(dtype)
    return {"bool": "int64", "int": "int64", "uint": "uint64"}.get(family, dtype)


def _parts(dtype: str) -> tuple[str, int]:
    match = _PARTS.fullmatch(dtype)
    return ("other", 0) if match is None else (match[1], int(match[2] or 0))


def _order(parts: tuple[str, int]) -> int:
    return ("uint", "int", "float", "complex").index(parts[0])


def _float_bits(family: str, bits: int) -> int:
    """The width of the float that NumPy takes for an integer beside a float."""
    if family == "float":
        return bits
    return {8: 16, 16: 32}.get(bits, 64)

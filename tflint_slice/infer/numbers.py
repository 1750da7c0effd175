"""Arithmetic of Python numbers: folded constants, and bounds and symbols of ints."""

from __future__ import annotations

import operator as operators
from collections.abc import Callable, Sequence
from typing import Any, Final

from tflint_slice.infer.dims import difference, offset
from tflint_slice.infer.values import UNKNOWN, Value, constant
from tflint_slice.model import Dim, Kind

_FOLDED: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "+": operators.add,
    "-": operators.sub,
    "*": operators.mul,
    "/": operators.truediv,
    "//": operators.floordiv,
    "%": operators.mod,
    "**": operators.pow,
    "&": operators.and_,
    "|": operators.or_,
    "^": operators.xor,
    "<<": operators.lshift,
    ">>": operators.rshift,
}
_COMPARED: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "==": operators.eq,
    "!=": operators.ne,
    "<": operators.lt,
    "<=": operators.le,
    ">": operators.gt,
    ">=": operators.ge,
}
_WIDTH: Final = (Kind.BOOL, Kind.INT, Kind.FLOAT, Kind.COMPLEX)


def arithmetic(operator: str, left: Value, right: Value) -> Value:
    """``left <operator> right`` of two Python numbers."""
    if left.has_const and right.has_const:
        folded = _fold(operator, left.const, right.const)
        if folded is not None:
            return constant(folded)
    integral = {left.kind, right.kind} <= {Kind.BOOL, Kind.INT}
    if operator in ("&", "|", "^", "<<", ">>"):
        if left.kind is right.kind is Kind.BOOL and operator in ("&", "|", "^"):
            return Value(Kind.BOOL)
        return _masked(operator, left, right) if integral else UNKNOWN
    if operator == "/":
        wide = Kind.COMPLEX in (left.kind, right.kind)
        return Value(Kind.COMPLEX if wide else Kind.FLOAT)
    if operator == "**":
        if integral and right.low is not None and right.low >= 0:
            return Value(Kind.INT, low=0 if (left.low or -1) >= 0 or left.low == 0 else None)
        return UNKNOWN
    if operator not in _FOLDED:
        return UNKNOWN
    if not integral:
        return Value(_WIDTH[max(_WIDTH.index(left.kind), _WIDTH.index(right.kind))])
    low, high = bounds(operator, left, right, divides_by_zero=False)
    return Value(Kind.INT, low=low, high=high, symbol=_symbol(operator, left, right))


def compared(operator: str, left: Value, right: Value) -> Value:
    if left.has_const and right.has_const and operator in _COMPARED:
        try:
            return constant(_COMPARED[operator](left.const, right.const))
        except TypeError:
            return Value(Kind.BOOL)
    return Value(Kind.BOOL)


def negative(value: Value) -> Value:
    if value.has_const:
        return constant(-value.const)
    if value.kind in (Kind.FLOAT, Kind.COMPLEX):
        return Value(value.kind)
    low, high = negated(value)
    return Value(Kind.INT, low=low, high=high)


def negated(value: Value) -> tuple[int | None, Dim]:
    """The bounds of ``-x``."""
    low = -(value.high - 1) if isinstance(value.high, int) else None
    return low, None if value.low is None else -value.low + 1


def bounds(
    operator: str, left: Value, right: Value, *, divides_by_zero: bool
) -> tuple[int | None, Dim]:
    """The bounds of an integer operation, entry by entry.

    ``divides_by_zero`` says that dividing by zero gives something instead of raising.
    """
    if operator == "+":
        return _least(operators.add, left.low, right.low), _sum_high(left, right)
    if operator == "-":
        top = right.high - 1 if isinstance(right.high, int) else None
        low = _least(operators.sub, left.low, top)
        if right.low is None:
            return low, None
        return low, offset(left.high, -right.low)
    if operator == "*":
        return _product(left, right)
    if operator in ("%", "//"):
        return _division(operator, left, right, divides_by_zero)
    return None, None


def smallest(values: tuple[Value, ...]) -> Value:
    """``min`` of several ints: no more than any of them."""
    lows = [value.low for value in values]
    known = [low for low in lows if low is not None]
    highs = [high for value in values if (high := _limit(value)) is not None]
    return Value(
        Kind.INT, low=min(known) if len(known) == len(lows) else None, high=_tightest(highs)
    )


def largest(values: tuple[Value, ...]) -> Value:
    """``max`` of several ints: no less than any of them."""
    lows = [value.low for value in values if value.low is not None]
    highs = {value.high for value in values}
    ints = [high for high in highs if isinstance(high, int)]
    high: Dim = max(ints) if len(ints) == len(highs) else None
    if len(highs) == 1:
        (high,) = highs
    return Value(Kind.INT, low=max(lows, default=None), high=high)


def _limit(value: Value) -> Dim:
    return offset(value.symbol, 1) if value.high is None else value.high


def _fold(operator: str, left: Any, right: Any) -> object:
    function = _FOLDED.get(operator)
    sizes = [x for x in (left, right) if isinstance(x, int)]
    if function is None or any(abs(size) > 2**64 for size in sizes):
        return None
    if operator in ("**", "<<", ">>") and not (isinstance(right, int) and abs(right) <= 64):
        return None
    try:
        result = function(left, right)
    except (ArithmeticError, ValueError, TypeError):
        return None
    return result if isinstance(result, (bool, int, float, complex)) else None


def _least(function: Callable[[Any, Any], int], a: int | None, b: int | None) -> int | None:
    return None if a is None or b is None else function(a, b)


def _sum_high(left: Value, right: Value) -> Dim:
    if isinstance(right.high, int):
        return offset(left.high, right.high - 1)
    return offset(right.high, left.high - 1) if isinstance(left.high, int) else None


def _product(left: Value, right: Value) -> tuple[int | None, Dim]:
    if left.low is None or right.low is None or left.low < 0 or right.low < 0:
        return None, None
    if isinstance(left.high, int) and isinstance(right.high, int):
        return left.low * right.low, (left.high - 1) * (right.high - 1) + 1
    return left.low * right.low, None


def _division(
    operator: str, left: Value, right: Value, divides_by_zero: bool
) -> tuple[int | None, Dim]:
    lowest = 1 if divides_by_zero else 0
    if right.low is None or right.low < lowest:
        return None, None
    non_negative = left.low is not None and left.low >= 0
    if operator == "//":
        # Dividing by at least 1 brings a number nearer to zero.
        return (0, left.high) if non_negative else (None, None)
    if right.symbol is not None and right.high is None:
        return 0, right.symbol
    high = right.symbol if right.symbol is not None else None
    if high is None and isinstance(right.high, int):
        high_int = right.high - 1
        if non_negative and isinstance(left.high, int):
            return 0, min(max(high_int, 0), left.high)
        return 0, max(high_int, 0)
    return 0, high


def _masked(operator: str, left: Value, right: Value) -> Value:
    for mask in (left, right):
        if operator == "&" and isinstance(mask.const, int) and mask.const >= 0:
            return Value(Kind.INT, low=0, high=int(mask.const) + 1)
    return Value(Kind.INT)


def _symbol(operator: str, left: Value, right: Value) -> str | None:
    """The symbol of ``n + 1``, ``n - 1`` and their like."""
    result: Dim = None
    if operator == "+":
        for symbolic, amount in ((left, right), (right, left)):
            if isinstance(amount.const, int):
                result = offset(symbolic.symbol, amount.const)
                break
    elif operator == "-":
        result = difference(left.symbol, right.const if right.has_const else right.symbol)
    return result if isinstance(result, str) else None


def _tightest(highs: Sequence[Dim]) -> Dim:
    """One of several bounds: a symbol, which may be the length of an axis, before an int."""
    symbols = [high for high in highs if isinstance(high, str)]
    if symbols:
        return symbols[0]
    return min((high for high in highs if isinstance(high, int)), default=None)

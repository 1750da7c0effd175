"""Arithmetic of single dimensions: ints, symbols with an offset ("n + 1"), and unknown ones.

A symbol stands for one int that does not change; two equal texts are two equal ints. What is
computed from symbols alone, such as the length of ``x[1:]``, gets a text of its own, so that the
same computation on the same symbol is equal again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from tflint_slice.infer.values import Value
from tflint_slice.model import Dim, Kind, Shape

_OFFSET = re.compile(r"(?P<base>.+) (?P<sign>[+-]) (?P<amount>\d+)")


def offset(dim: Dim, amount: int) -> Dim:
    """``dim + amount``.

    >>> offset("n", 2), offset("n + 1", -1), offset(3, 1)
    ('n + 2', 'n', 4)
    """
    if dim is None or isinstance(dim, int):
        return None if dim is None else dim + amount
    base, before = _split(dim)
    total = before + amount
    if total == 0:
        return base
    return f"{base} {'+' if total > 0 else '-'} {abs(total)}"


def difference(a: Dim, b: Dim) -> Dim:
    """``a - b``, which is known of two symbols only if they differ by their offset."""
    if a is None or b is None:
        return None
    if isinstance(b, int):
        return offset(a, -b)
    if isinstance(a, int):
        return None
    (a_base, a_offset), (b_base, b_offset) = _split(a), _split(b)
    return a_offset - b_offset if a_base == b_base else None


def at_most(a: Dim, b: Dim) -> bool:
    """Whether ``a <= b`` is certain.

    >>> at_most("n - 1", "n"), at_most("n", "m"), at_most(2, 3)
    (True, False, True)
    """
    gap = difference(b, a)
    return isinstance(gap, int) and gap >= 0


def product(dims: Iterable[Dim]) -> Dim:
    """The number of entries of an array, where at most one of its dimensions is a symbol."""
    total = 1
    rest: list[str | None] = []
    for dim in dims:
        if isinstance(dim, int):
            total *= dim
        else:
            rest.append(dim)
    if total == 0 or not rest:
        return total
    return rest[0] if len(rest) == 1 and total == 1 else None


def broadcast_dim(a: Dim, b: Dim) -> Dim:
    """One dimension of two arrays that are known to fit."""
    if a == b or b == 1:
        return a
    if a == 1:
        return b
    # A dimension other than 1 is the result, whatever the other one is: the two do fit.
    if isinstance(a, int):
        return a
    return b if isinstance(b, int) else None


def same_dim(a: Dim, b: Dim) -> Dim:
    """What is known of a dimension that is known to be both ``a`` and ``b``."""
    if isinstance(a, int):
        return a
    return b if isinstance(b, int) or a is None else a


def same_shape(a: Shape | None, b: Shape | None) -> Shape | None:
    """What is known of a shape that is known to be both ``a`` and ``b``."""
    if a is None or b is None:
        return b if a is None else a
    if len(a) != len(b):
        return None
    return tuple(map(same_dim, a, b))


def broadcast(*shapes: Shape | None) -> Shape | None:
    """The shape of an elementwise operation on arrays that are known to fit.

    >>> broadcast(("n", 1), (3,)), broadcast((2,), None)
    (('n', 3), None)
    """
    result: Shape = ()
    for shape in shapes:
        if shape is None:
            return None
        rank = max(len(result), len(shape))
        padded_a = (1,) * (rank - len(result)) + result
        padded_b = (1,) * (rank - len(shape)) + shape
        result = tuple(map(broadcast_dim, padded_a, padded_b))
    return result


def broadcasts_surely(a: Shape | None, b: Shape | None) -> bool:
    """Whether it is certain that two shapes fit."""
    if a is None or b is None:
        return False
    pairs = zip(reversed(a), reversed(b), strict=False)
    return all(1 in (x, y) or (x is not None and x == y) for x, y in pairs)


def slice_length(dim: Dim, start: Value, stop: Value, step: Value) -> Dim:
    """The length of ``axis[start:stop:step]`` for an axis of length ``dim``.

    >>> from tflint_slice.infer.values import NONE, constant
    >>> slice_length(5, constant(1), NONE, constant(2)), slice_length("n", NONE, NONE, NONE)
    (2, 'n')
    """
    bounds = [_bound(value) for value in (start, stop, step)]
    if any(bound is ... for bound in bounds) or bounds[2] == 0:
        return None
    first, last, stride = (bound if isinstance(bound, int) else None for bound in bounds)
    if isinstance(dim, int):
        return len(range(*slice(first, last, stride).indices(dim)))
    if dim is None:
        return None
    if stride in (None, 1, -1) and first is None and last is None:
        return dim
    if stride in (None, 1) and (
        (first in (None, 0) and last == 0) or (first is not None and first == last)
    ):
        return 0
    return f"len({dim}[{_shown(first)}:{_shown(last)}:{_shown(stride)}])"


def dim_of(value: Value) -> Dim:
    """The dimension that a Python int or an integer scalar of any kind names."""
    if isinstance(value.const, int) and not isinstance(value.const, bool):
        return value.const
    if value.low is not None and value.high == value.low + 1 and value.shape in (None, ()):
        return value.low
    return value.symbol


def shape_of(value: Value) -> Shape | None:
    """The shape that a list, tuple, TensorShape, tensor or int names, as creation functions do.

    Entries that may be negative are kept only if they are symbols: the caller that gives -1 a
    meaning of its own must not use this.
    """
    if value.optional:
        return None
    if value.kind is Kind.INT or is_integer_scalar(value):
        return (dim_of(value),)
    if value.items is not None and value.kind in (Kind.LIST, Kind.TUPLE, Kind.TENSOR):
        return tuple(dim_of(item) for item in value.items)
    if value.kind in (Kind.TENSOR, Kind.NDARRAY) and value.rank == 1:
        assert value.shape is not None
        length = value.shape[0]
        return (None,) * length if isinstance(length, int) else None
    return None


def length_value(total: Dim) -> Value:
    """An int that counts something."""
    if isinstance(total, int):
        return Value(Kind.INT, const=total, low=total, high=total + 1)
    return Value(Kind.INT, low=0, symbol=total)


def is_integer_scalar(value: Value) -> bool:
    """Whether a value is certainly one integer: of Python, NumPy or TensorFlow.

    An unknown value of shape () is an int or an integer scalar: AutoGraph turns ``range``, ``len``
    and ``int`` of tensors into tensors, so the kind is open where the argument is unknown.
    """
    if value.optional:
        return False
    if value.kind is Kind.INT:
        return True
    if value.kind is Kind.UNKNOWN:
        return value.shape == ()
    return value.is_array and value.shape == () and has_integers(value)


def has_integers(value: Value) -> bool:
    """Whether the entries of an array are integers: bounds are known of nothing else."""
    return is_integer_dtype(value.dtype) or value.low is not None


def is_integer_dtype(dtype: str | None) -> bool:
    return dtype is not None and dtype.startswith(("int", "uint"))


def _split(symbol: str) -> tuple[str, int]:
    match = _OFFSET.fullmatch(symbol)
    if match is None:
        return symbol, 0
    amount = int(match["amount"])
    return match["base"], amount if match["sign"] == "+" else -amount


def _bound(value: Value) -> object:
    """A slice bound: an int, None if left out, or ``...`` if unknown."""
    if value.kind is Kind.NONE:
        return None
    dim = dim_of(value)
    return dim if isinstance(dim, int) and is_integer_scalar(value) else ...


def _shown(bound: int | None) -> str:
    return "" if bound is None else str(bound)

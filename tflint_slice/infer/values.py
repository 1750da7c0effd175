"""The abstract values of the evaluator, and how two of them join."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from tflint_slice.model import Dim, Kind, Shape


class Missing:
    """The type of ``NO_CONSTANT``: None is a constant like any other."""

    def __repr__(self) -> str:
        return "NO_CONSTANT"


NO_CONSTANT: Final = Missing()


@dataclass(frozen=True)
class Value:
    """What an expression may evaluate to. Every field that is left out means "unknown".

    ``shape`` and ``dtype`` describe arrays, tensors and variables; a NumPy scalar is an NDARRAY of
    shape ``()``; a dtype object (``tf.float32``, ``np.int64``) is a STR whose constant is the
    canonical name ("float32"), wherever it came from. ``low`` and ``high`` bound an int or every
    entry of an integer array (``low <= entry < high``). ``symbol`` is the name of the symbolic
    dimension that an int equals (the ``n`` of ``tf.zeros([n])``, the ``v.shape[0]`` of an unknown
    ``v``). ``items`` are the entries of a list or tuple of known length, ``element`` the join
    of all entries of a list, tuple or dict of unknown length. ``entries`` are those of a dict
    with constant keys. ``name`` is the qualified name of a module, function or class, or of the
    class of an instance. ``optional`` says that None is possible as well. ``writable`` is false for
    an ndarray that shares the memory of a tensor.
    ``least_rank`` is a rank that an array of unknown shape cannot be below.
    """

    kind: Kind = Kind.UNKNOWN
    dtype: str | None = None
    shape: Shape | None = None
    plain: bool = False
    const: Any = NO_CONSTANT
    low: int | None = None
    high: Dim = None
    distinct: bool = False
    symbol: str | None = None
    items: tuple[Value, ...] | None = None
    element: Value | None = None
    entries: tuple[tuple[Any, Value], ...] | None = None
    name: str | None = None
    optional: bool = False
    writable: bool = True
    least_rank: int = 0

    def but(self, **changes: Any) -> Value:
        """The value with other fields: what ``replace`` gives, in a fifth of its time."""
        other = object.__new__(Value)
        other.__dict__.update(self.__dict__)
        other.__dict__.update(changes)
        return other

    @property
    def rank(self) -> int | None:
        return None if self.shape is None else len(self.shape)

    @property
    def surest_rank(self) -> int:
        """The rank, or a rank that it cannot be below."""
        return self.least_rank if self.shape is None else len(self.shape)

    @property
    def is_array(self) -> bool:
        """An ndarray, a tensor or any variable: something with a dtype and a shape."""
        return self.kind in (Kind.NDARRAY, Kind.TENSOR) or self.kind.is_variable

    @property
    def has_const(self) -> bool:
        return self.const is not NO_CONSTANT


UNKNOWN: Final = Value()
NONE: Final = Value(Kind.NONE, const=None)


def constant(value: object) -> Value:
    """The value of a literal.

    >>> constant(3).low
    3
    """
    if value is None:
        return NONE
    if isinstance(value, bool):
        return Value(Kind.BOOL, const=value)
    if isinstance(value, int):
        return _number(value)
    if isinstance(value, float):
        return Value(Kind.FLOAT, const=value)
    if isinstance(value, complex):
        return Value(Kind.COMPLEX, const=value)
    if isinstance(value, str):
        return _text(value)
    if value is Ellipsis:
        return Value(Kind.ELLIPSIS, const=value)
    return UNKNOWN


# Of all values that are made, every second one is a literal or a name of a library.
@lru_cache(2048)
def _number(value: int) -> Value:
    return Value(Kind.INT, const=value, low=value, high=value + 1)


@lru_cache(2048)
def _text(value: str) -> Value:
    return Value(Kind.STR, const=value)


def dtype_object(name: str) -> Value:
    """``tf.float32`` and its like, by canonical name."""
    return Value(Kind.STR, const=name, name="dtype")


@lru_cache(2048)
def symbol(name: str) -> Value:
    """A module, function or class by its qualified name ("tensorflow", "numpy.asarray")."""
    return Value(Kind.FUNCTION, name=name)


def tensor(dtype: str | None = None, shape: Shape | None = None) -> Value:
    return Value(Kind.TENSOR, dtype=dtype, shape=shape)


def ndarray(dtype: str | None = None, shape: Shape | None = None) -> Value:
    return Value(Kind.NDARRAY, dtype=dtype, shape=shape)


def sequence(kind: Kind, items: tuple[Value, ...]) -> Value:
    """A list or tuple display of known length."""
    return Value(kind, items=items, element=join_all(items) if items else None)


def dim_value(dim: Dim) -> Value:
    """The Python int that ``v.shape[k]`` gives, or an unknown (a static dimension may be None)."""
    if isinstance(dim, int):
        return constant(dim)
    if isinstance(dim, str):
        return Value(Kind.INT, low=0, symbol=dim)
    return UNKNOWN


def join(a: Value, b: Value) -> Value:
    """The least value that covers both: what a name may hold after two branches meet."""
    if a is b or a == b:
        return a
    if a.kind is Kind.NONE and b.kind is not Kind.UNKNOWN:
        return replace(b, optional=True)
    if b.kind is Kind.NONE and a.kind is not Kind.UNKNOWN:
        return replace(a, optional=True)
    kind = _join_kind(a, b)
    if kind is Kind.UNKNOWN:
        return UNKNOWN
    same_kind = a.kind is b.kind
    return Value(
        kind,
        dtype=a.dtype if a.dtype == b.dtype else None,
        shape=join_shapes(a.shape, b.shape),
        plain=a.plain and b.plain,
        const=a.const if same_kind and _same_constant(a.const, b.const) else NO_CONSTANT,
        low=None if a.low is None or b.low is None else min(a.low, b.low),
        high=_join_high(a.high, b.high),
        distinct=a.distinct and b.distinct,
        symbol=a.symbol if a.symbol == b.symbol else None,
        items=_join_items(a, b),
        element=_join_elements(a, b),
        entries=_join_entries(a.entries, b.entries),
        name=a.name if a.name == b.name else None,
        optional=a.optional or b.optional,
        writable=a.writable and b.writable,
        least_rank=min(a.surest_rank, b.surest_rank),
    )


def join_all(values: tuple[Value, ...]) -> Value:
    """The join of at least one value."""
    result = values[0]
    for value in values[1:]:
        result = join(result, value)
    return result


def without_bounds(value: Value) -> Value:
    """The value with nothing said of which number it is."""
    low = value.low if value.low is not None and value.low >= 0 else None
    return replace(
        value, const=NO_CONSTANT, low=0 if low is not None else None, high=None, symbol=None
    )


def without_contents(value: Value, *, nested: bool, reshaped: bool) -> Value:
    """What is left to say of a list, dict or ndarray that may change out of sight.

    ``nested``: only what is inside of its entries may change.
    """
    if value.kind is Kind.NDARRAY:
        return replace(
            value,
            const=NO_CONSTANT,
            low=None,
            high=None,
            distinct=False,
            symbol=None,
            items=None,
            shape=None if reshaped else value.shape,
        )
    if value.kind not in (Kind.LIST, Kind.DICT):
        return value
    if not nested:
        return Value(value.kind)

    def inner(entry: Value) -> Value:
        mutable = entry.kind in (Kind.LIST, Kind.DICT, Kind.NDARRAY)
        return without_contents(entry, nested=False, reshaped=reshaped) if mutable else entry

    return replace(
        value,
        items=None if value.items is None else tuple(map(inner, value.items)),
        element=None if value.element is None else inner(value.element),
        entries=None
        if value.entries is None
        else tuple((key, inner(entry)) for key, entry in value.entries),
    )


_WITHOUT_SYMBOLS: Final = (None,) * 6


def without_symbols(value: Value, kept: Set[str] = frozenset()) -> Value:
    """The value as another activation or instance may see it: its symbols mean nothing there.

    Those that are ``kept`` were given to it from there.
    """
    about = (value.shape, value.symbol, value.high, value.items, value.element, value.entries)
    if about == _WITHOUT_SYMBOLS:
        return value

    def known(dim: Dim) -> Dim:
        return dim if isinstance(dim, int) or dim in kept else None

    def inner(entry: Value) -> Value:
        return without_symbols(entry, kept)

    return value.but(
        shape=None if value.shape is None else tuple(map(known, value.shape)),
        symbol=value.symbol if value.symbol in kept else None,
        high=known(value.high),
        items=None if value.items is None else tuple(map(inner, value.items)),
        element=None if value.element is None else inner(value.element),
        entries=None
        if value.entries is None
        else tuple((key, inner(entry)) for key, entry in value.entries),
    )


def as_declared(value: Value) -> Value:
    """The value as an object gives it whose class is only known by an annotation."""
    if not value.plain and (value.items, value.element, value.entries) == (None,) * 3:
        return value
    return value.but(
        plain=False,
        items=None if value.items is None else tuple(map(as_declared, value.items)),
        element=None if value.element is None else as_declared(value.element),
        entries=None
        if value.entries is None
        else tuple((key, as_declared(entry)) for key, entry in value.entries),
    )


def changed_container(before: Value, element: Value | None) -> Value:
    """A list or dict of unknown length that may hold ``element`` too, or has lost something."""
    if element is None:
        return Value(before.kind, element=before.element)
    if before.element is None:
        joined = element if _is_empty(before) else UNKNOWN
    else:
        joined = join(before.element, element)
    return Value(before.kind, element=joined)


def with_entry(before: Value, key: Value, element: Value) -> Value:
    """A list or dict in which ``element`` was stored under ``key``."""
    if before.entries is not None and isinstance(key.const, str):
        entries = {**dict(before.entries), key.const: element}
        held = tuple(entries.values())
        return Value(before.kind, entries=tuple(entries.items()), element=join_all(held))
    if before.items is not None and type(key.const) is int:
        items = list(before.items)
        if not -len(items) <= key.const < len(items):
            return before
        items[key.const] = element
        return sequence(before.kind, tuple(items))
    return changed_container(before, element)


def join_shapes(a: Shape | None, b: Shape | None) -> Shape | None:
    if a is None or b is None or len(a) != len(b):
        return None
    return tuple(x if x == y else None for x, y in zip(a, b, strict=True))


def _join_kind(a: Value, b: Value) -> Kind:
    if a.kind is b.kind:
        if a.kind in (Kind.MODULE, Kind.FUNCTION, Kind.CLASS, Kind.INSTANCE) and a.name != b.name:
            return Kind.UNKNOWN
        return a.kind
    if a.kind.is_variable and b.kind.is_variable:
        return Kind.SOME_VARIABLE
    return Kind.UNKNOWN


def _same_constant(a: object, b: object) -> bool:
    return type(a) is type(b) and a == b


def _join_high(a: Dim, b: Dim) -> Dim:
    if isinstance(a, int) and isinstance(b, int):
        return max(a, b)
    return a if a == b else None


def _join_items(a: Value, b: Value) -> tuple[Value, ...] | None:
    if a.items is None or b.items is None or len(a.items) != len(b.items):
        return None
    return tuple(join(x, y) for x, y in zip(a.items, b.items, strict=True))


def _join_elements(a: Value, b: Value) -> Value | None:
    """What is in one of two containers. An empty one adds nothing to the other."""
    if _is_empty(a) or _is_empty(b):
        return b.element if _is_empty(a) else a.element
    if a.element is None or b.element is None:
        return None
    return join(a.element, b.element)


def _is_empty(value: Value) -> bool:
    return value.items == () or value.entries == ()


def _join_entries(
    a: tuple[tuple[Any, Value], ...] | None, b: tuple[tuple[Any, Value], ...] | None
) -> tuple[tuple[Any, Value], ...] | None:
    if a is None or b is None:
        return None
    ours, theirs = dict(a), dict(b)
    if ours.keys() != theirs.keys():
        return None
    return tuple((key, join(value, theirs[key])) for key, value in a)

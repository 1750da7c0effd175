"""What goes into a container that is changed, and what comes out of one that is taken apart."""

from __future__ import annotations

import ast

from tflint_slice.infer import api
from tflint_slice.infer.values import UNKNOWN, Value, join, sequence
from tflint_slice.model import Kind

_REMOVING = frozenset({"clear", "pop", "popitem", "remove"})
MUTATORS = _REMOVING | {"append", "extend", "insert", "update", "setdefault"}
"""Methods that change their container."""


def added(method: str, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value | None:
    """What a method puts into its container; None if it only takes out or rearranges."""
    if method in _REMOVING:
        return None
    if kwargs:
        return UNKNOWN
    if method in ("append", "extend") and len(args) == 1:
        return args[0] if method == "append" else api.iterate(args[0])
    if method in ("insert", "setdefault") and len(args) == 2:
        return args[1]
    if method == "update" and len(args) == 1 and args[0].kind is Kind.DICT:
        return args[0].element or UNKNOWN
    return UNKNOWN


def stored(key: Value, value: Value) -> Value:
    """What is in a list or dict once ``value`` was stored under ``key``, which may be a slice."""
    if key.kind is Kind.SLICE:
        return api.iterate(value)
    certain = key.kind in (Kind.INT, Kind.STR, Kind.BOOL, Kind.TUPLE)
    return value if certain else join(value, api.iterate(value))


def unpacked(value: Value, targets: list[ast.expr]) -> list[Value]:
    """What each of several targets gets of a value that is taken apart."""
    stars = [place for place, node in enumerate(targets) if isinstance(node, ast.Starred)]
    entry, items = api.iterate(value), value.items
    rest = Value(Kind.LIST, element=None if entry == UNKNOWN else entry)
    if items is None or (len(items) < len(targets) - 1 if stars else len(items) != len(targets)):
        return [rest if place in stars else entry for place in range(len(targets))]
    if not stars:
        return list(items)
    (first,) = stars
    last = len(items) - (len(targets) - first - 1)
    return [*items[:first], sequence(Kind.LIST, items[first:last]), *items[last:]]

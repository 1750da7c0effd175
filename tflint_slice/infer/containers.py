"""Methods of lists, tuples, TensorShapes, dicts and texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from tflint_slice.infer.dims import dim_of, length_value, product
from tflint_slice.infer.indexing import iterate
from tflint_slice.infer.values import (
    NONE,
    UNKNOWN,
    Value,
    join,
    join_all,
    sequence,
)
from tflint_slice.model import Kind

Method = Callable[[Value, tuple[Value, ...], Mapping[str, Value]], Value]


def _nothing(receiver: Value, args: tuple[Value, ...], kwargs: Mapping[str, Value]) -> Value:
    return NONE


def _entry(receiver: Value, args: tuple[Value, ...], kwargs: Mapping[str, Value]) -> Value:
    return iterate(receiver)


def _copied(receiver: Value, args: tuple[Value, ...], kwargs: Mapping[str, Value]) -> Value:
    return receiver


def _counted(receiver: Value, args: tuple[Value, ...], kwargs: Mapping[str, Value]) -> Value:
    return Value(Kind.INT, low=0)


def _as_list(receiver: Value, args: tuple[Value, ...], kwargs: Mapping[str, Value]) -> Value:
    return replace(receiver, kind=Kind.LIST)


def _num_elements(receiver: Value, args: tuple[Value, ...], kwargs: Mapping[str, Value]) -> Value:
    if receiver.items is None:
        return UNKNOWN
    dims = [dim_of(item) for item in receiver.items]
    total = product(dims)
    value = UNKNOWN if total is None else length_value(total)
    optional = any(item.optional or item.kind is Kind.UNKNOWN for item in receiver.items)
    return replace(value, optional=True) if optional and value.kind is Kind.INT else value


def _dict_values(receiver: Value, args: tuple[Value, ...], kwargs: Mapping[str, Value]) -> Value:
    element = _dict_element(receiver)
    return Value(Kind.LIST, element=element, name="builtins.dict_values")


def _dict_keys(receiver: Value, args: tuple[Value, ...], kwargs: Mapping[str, Value]) -> Value:
    key = iterate(receiver)
    return Value(Kind.LIST, element=None if key == UNKNOWN else key, name="builtins.dict_keys")


def _dict_items(receiver: Value, args: tuple[Value, ...], kwargs: Mapping[str, Value]) -> Value:
    pair = sequence(Kind.TUPLE, (iterate(receiver), _dict_element(receiver) or UNKNOWN))
    return Value(Kind.LIST, element=pair, name="builtins.dict_items")


def _dict_get(receiver: Value, args: tuple[Value, ...], kwargs: Mapping[str, Value]) -> Value:
    default = args[1] if len(args) > 1 else NONE
    if receiver.entries is not None and args and args[0].has_const:
        for key, value in receiver.entries:
            if key == args[0].const:
                return value
    element = _dict_element(receiver)
    return UNKNOWN if element is None else join(element, default)


def _dict_element(receiver: Value) -> Value | None:
    if receiver.element is not None:
        return receiver.element
    return join_all(tuple(value for _, value in receiver.entries)) if receiver.entries else None


def dict_of(args: tuple[Value, ...], kwargs: Mapping[str, Value]) -> Value:
    """``dict(pairs)``, ``dict(other)`` or ``dict(key=value)``."""
    if not args:
        held = tuple(kwargs.values())
        element = join_all(held) if held else None
        return Value(Kind.DICT, entries=tuple(kwargs.items()), element=element)
    if len(args) > 1 or kwargs or args[0].optional:
        return Value(Kind.DICT)
    (given,) = args
    if given.kind is Kind.DICT:
        return given
    pair = iterate(given)
    if given.kind not in (Kind.LIST, Kind.TUPLE) or pair.items is None or len(pair.items) != 2:
        return Value(Kind.DICT)
    return Value(Kind.DICT, element=pair.items[1])


def _text(receiver: Value, args: tuple[Value, ...], kwargs: Mapping[str, Value]) -> Value:
    return UNKNOWN if receiver.name == "dtype" else Value(Kind.STR)


_LIST: Final[Mapping[str, Method]] = {
    **dict.fromkeys(("append", "extend", "insert", "remove", "clear", "sort", "reverse"), _nothing),
    "pop": _entry,
    "copy": _copied,
    **dict.fromkeys(("index", "count"), _counted),
}
_TUPLE: Final[Mapping[str, Method]] = {
    **dict.fromkeys(("index", "count"), _counted),
    "as_list": _as_list,
    "num_elements": _num_elements,
}
_DICT: Final[Mapping[str, Method]] = {
    "values": _dict_values,
    "keys": _dict_keys,
    "items": _dict_items,
    "get": _dict_get,
    "copy": _copied,
    **dict.fromkeys(("update", "clear"), _nothing),
}
_STR: Final[Mapping[str, Method]] = dict.fromkeys(
    ("format", "join", "lower", "upper", "strip", "replace", "title", "zfill"), _text
)

METHODS: Final[Mapping[Kind, Mapping[str, Method]]] = {
    Kind.LIST: _LIST,
    Kind.TUPLE: _TUPLE,
    Kind.DICT: _DICT,
    Kind.STR: _STR,
}

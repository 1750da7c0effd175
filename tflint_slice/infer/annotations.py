"""What an annotation says that a name holds: never more than "some variable", never its shape."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from tflint_slice.infer.calls import words
from tflint_slice.infer.values import (
    NONE,
    UNKNOWN,
    Value,
    join_all,
    sequence,
)
from tflint_slice.model import Kind

Evaluate = Callable[[ast.expr], Value]

ALIAS: Final = "typing.TypeAlias"
"""The name of an annotation that was given a name of its own; its element is what it says."""

_SIMPLE: Final = {
    "tensorflow.Variable": Value(Kind.VARIABLE),
    "tensorflow.Tensor": Value(Kind.TENSOR),
    "keras.Variable": Value(Kind.KERAS3_VARIABLE),
    "numpy.ndarray": Value(Kind.NDARRAY),
    "builtins.int": Value(Kind.INT),
    "builtins.float": Value(Kind.FLOAT),
    "builtins.bool": Value(Kind.BOOL),
    "builtins.str": Value(Kind.STR),
}
_TYPING: Final = ("typing.", "typing_extensions.", "collections.abc.", "collections.", "builtins.")
_LISTS: Final = words("List list MutableSequence")
_ITERABLES: Final = words("Sequence Iterable Collection Iterator Reversible")
_DICTS: Final = words("Dict dict Mapping MutableMapping OrderedDict")
_TUPLES: Final = words("Tuple tuple")
_SAME: Final = words("Final ClassVar Annotated Required NotRequired ReadOnly")


def annotated(node: ast.expr, evaluate: Evaluate) -> Value:
    """What a parameter or name of this annotation holds."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            node = ast.parse(node.value, mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return UNKNOWN
    if isinstance(node, ast.Constant) and node.value is None:
        return NONE
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return join_all((annotated(node.left, evaluate), annotated(node.right, evaluate)))
    if isinstance(node, ast.Subscript):
        return _generic(node, evaluate)
    if not isinstance(node, (ast.Name, ast.Attribute)):
        return UNKNOWN
    value = evaluate(node)
    if value.kind is Kind.CLASS:
        return Value(Kind.INSTANCE, name=value.name)
    if value.kind is not Kind.FUNCTION or value.name is None:
        return UNKNOWN
    if value.name == ALIAS:
        return value.element or UNKNOWN
    return _SIMPLE.get(value.name, UNKNOWN)


def alias(node: ast.Subscript, receiver: Value, evaluate: Evaluate) -> Value | None:
    """``Optional[tf.Variable]`` as a value, where it is no annotation but may become one."""
    if _generic_name(receiver) is None:
        return None
    return Value(Kind.FUNCTION, name=ALIAS, element=annotated(node, evaluate))


def tells(value: Value) -> bool:
    """Whether an annotation is worth more than a value of which nothing is known."""
    kinds = (Kind.TENSOR, Kind.INSTANCE, Kind.LIST, Kind.TUPLE, Kind.DICT)
    return value.kind.is_variable or value.kind in kinds


def _generic(node: ast.Subscript, evaluate: Evaluate) -> Value:
    name = _generic_name(evaluate(node.value))
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if name is None or not parts:
        return UNKNOWN
    if name == "Optional":
        return replace(annotated(parts[0], evaluate), optional=True)
    if name == "Union":
        return join_all(tuple(annotated(part, evaluate) for part in parts))
    if name == "NDArray":
        return Value(Kind.NDARRAY)
    if name in _SAME:
        return annotated(parts[0], evaluate)
    if name in _TUPLES and not _is_open(parts):
        entries = tuple(annotated(part, evaluate) for part in parts)
        return sequence(Kind.TUPLE, entries) if any(map(tells, entries)) else UNKNOWN
    entry = annotated(parts[-1] if name in _DICTS else parts[0], evaluate)
    return _container(name, entry) if tells(entry) else UNKNOWN


def _container(name: str, entry: Value) -> Value:
    if name in _DICTS:
        return Value(Kind.DICT, element=entry)
    if name in _TUPLES:
        return Value(Kind.TUPLE, element=entry)
    if name in _LISTS:
        return Value(Kind.LIST, element=entry)
    # Of the others it is only known how they are iterated.
    return Value(Kind.LIST, element=entry, name="builtins.iterable")


def _is_open(parts: list[ast.expr]) -> bool:
    """``Tuple[X, ...]``: any number of them."""
    return len(parts) == 2 and isinstance(parts[1], ast.Constant) and parts[1].value is ...


def _generic_name(value: Value) -> str | None:
    """``Optional`` of ``typing.Optional``, for the generic types that say something here."""
    name = value.name or ""
    if value.kind is not Kind.FUNCTION:
        return None
    if name == "numpy.typing.NDArray":
        return "NDArray"
    prefix = next((prefix for prefix in _TYPING if name.startswith(prefix)), None)
    if prefix is None:
        return None
    last = name[len(prefix) :]
    known = _LISTS | _ITERABLES | _DICTS | _TUPLES | _SAME | {"Optional", "Union"}
    return last if last in known else None

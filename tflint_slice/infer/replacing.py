"""What binds attributes under names that stand in strings, or in other ways than by a statement."""

from __future__ import annotations

import ast
from typing import Final

MAKERS: Final = frozenset({"type", "new_class", "make_dataclass"})
"""What makes classes without a class statement."""

SPECIAL: Final = frozenset(
    {
        "__new__", "__getattribute__", "__setattr__", "__getattr__", "__getstate__",
        "__setstate__", "__reduce__", "__reduce_ex__",
    }
)  # fmt: skip
"""Methods by which the attributes of an object are others than those that are stored."""


def sets_attribute(function: str) -> bool:
    """``setattr``, ``delattr``, ``__setattr__``, and ``setattr`` of ``monkeypatch``."""
    return function.strip("_") in ("setattr", "delattr")


def makes_class(call: ast.Call) -> bool:
    """``type("Name", (Base,), {...})`` and the like."""
    return last_word(call.func) in MAKERS and len(call.args) + len(call.keywords) > 1


def texts_in(call: ast.Call) -> list[str]:
    """The last part of each string in a call, and its keywords: ``name`` of ``"module.name"``."""
    strings = [node for node in ast.walk(call) if isinstance(node, ast.Constant)]
    texts = [node.value.rpartition(".")[2] for node in strings if isinstance(node.value, str)]
    return [*filter(None, texts), *(word.arg for word in call.keywords if word.arg)]


def words_in(node: ast.expr) -> set[str]:
    """The names and attributes in an expression; of ``module.name`` alone, ``name``."""
    if isinstance(node, (ast.Name, ast.Attribute)):
        word = last_word(node)
        return {word} if word else set()
    children = (child for child in ast.walk(node) if isinstance(child, (ast.Name, ast.Attribute)))
    return {last_word(child) for child in children}


def last_word(node: ast.expr) -> str:
    """``name`` of ``module.name``, or nothing."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def first_word(node: ast.AST) -> str:
    """``module`` of ``module.name[0].other``, or nothing."""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def mangled(attribute: str) -> list[str]:
    """``__name`` of ``_Class__name``, which is what it is called inside of the class."""
    _, found, name = attribute.partition("__")
    outside = found and attribute.startswith("_") and not attribute.startswith("__")
    return [f"__{name}"] if outside else []

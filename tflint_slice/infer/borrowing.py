"""Methods of a class that another file takes for objects of any other class.

After ``put = Model.put`` in another class, ``self.rows`` in ``put`` is an attribute of that one.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator, Set
from typing import Final

from tflint_slice.infer.libraries import names_of_libraries
from tflint_slice.infer.modules import stamp
from tflint_slice.infer.replacing import first_word, last_word, words_in
from tflint_slice.infer.stores import tree_at
from tflint_slice.syntax.nodes import children

QUESTION: Final = "borrowing"

_DESCRIBING: Final = frozenset({"__doc__", "__name__", "__qualname__", "__module__"})


# Those that begin with a word are fast.
_DOT: Final = rb"[\s\\]*\.[\s\\]*"
_OF_NAME: Final = rb"%b" + _DOT + rb"(\w+)"
_OF_CLASS: Final = re.compile(rb"__class__" + _DOT + rb"(\w+)")
_OF_TYPE: Final = re.compile(rb"type\s*\([^()]*\)" + _DOT + rb"(\w+)")
_FUNCTION: Final = re.compile(rb"(\w+)" + _DOT + rb"__func__")
_GETATTR: Final = re.compile(rb"getattr\s*\(([^(),]*)")


def may_borrow(held: bytes, name: str, *methods: str) -> bool:
    """Whether source may take one of the methods from a class of that name, by a look at bytes."""
    word = os.fsencode(name)
    if word not in held:
        return False
    taken = set(re.findall(_OF_NAME % re.escape(word), held))
    taken.update(_OF_CLASS.findall(held), _OF_TYPE.findall(held))
    if b"__func__" in held:
        taken.update(_FUNCTION.findall(held))
    if not taken.isdisjoint(map(os.fsencode, methods)):
        return True
    return b"getattr" in held and any(word in owner for owner in _GETATTR.findall(held))


def borrows(path: str, names: Set[str], methods: Set[str]) -> bool:
    """Whether a file takes a method from a class of one of these names, as a function."""
    known = stamp(path)
    tree = None if known is None else tree_at(path, known)
    if tree is None:
        return False
    foreign = names_of_libraries(tree)
    return any(
        _takes(node, parent, names, methods)
        and first_word(node) not in foreign
        and not _on_self(node, parent, around & names)
        for node, parent, around in _with_classes(tree)
    )


def _with_classes(tree: ast.Module) -> Iterator[tuple[ast.AST, ast.AST, frozenset[str]]]:
    """Each node with its parent, and the names and bases of the classes around it."""
    waiting: list[tuple[ast.AST, ast.AST, frozenset[str]]] = [(tree, tree, frozenset())]
    while waiting:
        node, parent, around = waiting.pop()
        yield node, parent, around
        if isinstance(node, ast.ClassDef):
            around = around.union({node.name}, *map(words_in, node.bases))
        waiting += ((child, node, around) for child in children(node))


def _takes(node: ast.AST, parent: ast.AST, names: Set[str], methods: Set[str]) -> bool:
    if isinstance(node, ast.Attribute) and node.attr in methods:
        told = isinstance(parent, ast.Attribute) and parent.attr in _DESCRIBING
        bound = isinstance(parent, ast.Attribute) and parent.attr == "__func__"
        return bound or (not told and _is_class(node.value, names))
    if isinstance(node, ast.Call) and last_word(node.func) == "getattr" and len(node.args) > 1:
        owner, name = node.args[:2]
        text = name.value if isinstance(name, ast.Constant) else None
        return _is_class(owner, names) and (text is None or text in methods)
    return False


def _is_class(node: ast.expr, names: Set[str]) -> bool:
    """``Model``, ``module.Model``, ``type(x)`` and ``x.__class__``."""
    if isinstance(node, ast.Call):
        return last_word(node.func) == "type"
    return last_word(node) in names or last_word(node) == "__class__"


def _on_self(node: ast.AST, call: ast.AST, related: Set[str]) -> bool:
    """``Model.put(self)`` in a class that is derived from it, or ``type(self).put(self)``."""
    if not (isinstance(node, ast.Attribute) and isinstance(call, ast.Call) and call.func is node):
        return False
    given = [*call.args[:1], *(word.value for word in call.keywords if word.arg == "self")]
    of_self = any(isinstance(each, ast.Name) and each.id == "self" for each in given)
    return of_self and (bool(related) or not isinstance(node.value, (ast.Name, ast.Attribute)))

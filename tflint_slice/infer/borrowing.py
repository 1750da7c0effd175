"""Methods of a class that another file takes for objects of any other class.

After ``put = Model.put`` in another class, ``self.rows`` in ``put`` is an attribute of that one.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator, Sequence, Set
from functools import lru_cache
from typing import Final

from tflint_slice.infer.libraries import names_of_libraries
from tflint_slice.infer.modules import stamp
from tflint_slice.infer.replacing import first_word, last_word, words_in
from tflint_slice.infer.stores import tree_at
from tflint_slice.syntax.nodes import children

QUESTION: Final = "borrowing"

_GETTING: Final = re.compile(rb"getattr\s*\(([^(),]*)")
_LAST: Final = re.compile(rb"(?:[\w\x80-\xff]+|\))\Z")
_TYPE: Final = re.compile(rb"type(?<!\wtype)[\s\\)]*[(#]")
"""Where ``type`` may be called; what else is called gives no class."""
_FAR: Final = 200
"""How far before a method the name of its class is looked for, in bytes."""
_DESCRIBING: Final = frozenset({"__doc__", "__name__", "__qualname__", "__module__"})


def as_words(names: Set[str], methods: Set[str]) -> tuple[str, ...]:
    return (*sorted(names), "", *sorted(methods))


def from_words(words: Sequence[str]) -> tuple[Set[str], Set[str]]:
    between = words.index("")
    return set(words[:between]), set(words[between + 1 :])


def bears_on(held: bytes, names: Set[str], methods: Set[str]) -> bool:
    """Whether source may take one of the methods from a class of one of the names."""
    classes = names | {"__class__"}
    made = _TYPE.search(held) is not None
    for taken in _taking(frozenset(methods)).finditer(held):
        before = held[max(0, taken.start() - _FAR) : taken.start()].rstrip(b" \t\r\n\\")
        if before.endswith(b")") and not made:
            before = _inside(before)
        last = _LAST.search(before)
        owner = "" if last is None else os.fsdecode(last[0])
        if taken[1] or owner in classes or owner == ")":
            return True
    return any(names & _words(owner) for owner in _GETTING.findall(held))


def _inside(closed: bytes) -> bytes:
    """Source up to the end of what its last parentheses hold, unless a comment may follow that."""
    inside = closed.rstrip(b" \t\r\n\f\\)")
    start = inside.rfind(b"\n")
    return closed if start < 0 or b"#" in inside[start:] else inside


@lru_cache(maxsize=64)
def _taking(methods: frozenset[str]) -> re.Pattern[bytes]:
    any_of = "|".join(map(re.escape, sorted(methods)))
    whole = rb"\.[\s\\]*(?:%b)(?![\w\x80-\xff])([\s\\]*\.[\s\\]*__func__)?"
    return re.compile(whole % os.fsencode(any_of))


def _words(data: bytes) -> set[str]:
    return set(map(os.fsdecode, re.findall(rb"[\w\x80-\xff]+", data)))


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

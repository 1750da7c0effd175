"""Whether the value of an assignment may make all of something anew to change a part of it."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from tflint_slice.infer.naming import is_local, naming_of
from tflint_slice.infer.wording import all_words_in, all_words_of
from tflint_slice.syntax.nodes import attributes_of, nodes_of, walk
from tflint_slice.syntax.once import once
from tflint_slice.syntax.spots import names_function
from tflint_slice.syntax.vocabulary import REBUILDING


def may_rebuild(tree: ast.Module, parts: Iterable[ast.expr]) -> bool:
    """Whether parts of a call, or what their names are bound to, put something together."""
    parts = tuple(parts)
    if any(isinstance(node, ast.ListComp) for part in parts for node in walk(part)):
        return True
    return calls_near(tree, parts, REBUILDING)


def calls_near(tree: ast.Module, parts: Iterable[ast.expr], functions: frozenset[str]) -> bool:
    """Whether functions of these names are called in expressions, or for the names in them."""
    if not _names_any(tree, functions):
        return _may_be_renamed(tree, functions)
    words, naming = all_words_of(tree), naming_of(tree)
    near: set[str] = set()
    waiting: list[str] = []
    for part in parts:
        near.update(all_words_in(part, naming))
        waiting += (naming.word(node) for node in walk(part) if isinstance(node, ast.Name))
    while waiting:
        further = set(words.bound.get(waiting.pop(), ())) - near
        near |= further
        # Whatever a function or an attribute is bound to was made elsewhere.
        waiting += filter(is_local, further)
    return not near.isdisjoint(known_as(tree, functions)) or _may_be_renamed(tree, functions)


@once
def _names_any(tree: ast.Module, functions: frozenset[str]) -> bool:
    known = known_as(tree, functions)
    names = (node.id for node in nodes_of(tree).of(ast.Name))
    return not known.isdisjoint(attributes_of(tree)) or any(name in known for name in names)


@once
def known_as(tree: ast.Module, named: frozenset[str]) -> frozenset[str]:
    """Names and attributes, and what they are imported as."""
    return named.union(
        alias.asname
        for alias in nodes_of(tree).of(ast.alias)
        if alias.asname and alias.name.rpartition(".")[2] in named
    )


@once
def _may_be_renamed(tree: ast.Module, functions: frozenset[str]) -> bool:
    nodes = nodes_of(tree)
    if names_function(nodes, functions.__contains__):
        return True
    asked = any(node.id == "getattr" for node in nodes.of(ast.Name))
    return asked and any(node.value in functions for node in nodes.of(ast.Constant))

"""The screen of trees for variables of other files: which imports may decide what a store changes.

Those are followed that the receiver of a store leads to, or of a method that assigns or scatters.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable, Iterator
from typing import Final

from tflint_slice.infer.evidence import Question, imports_with_evidence
from tflint_slice.infer.modules import Finder
from tflint_slice.infer.summaries import DEPTH
from tflint_slice.infer.wording import words_in, words_of
from tflint_slice.syntax.nodes import Nodes, nodes_of, walk
from tflint_slice.syntax.tensor_stores import is_key

_METHODS: Final = ("assign", "scatter_", "batch_scatter_")


def imports_of_stores(tree: ast.Module, path: str) -> frozenset[str]:
    """The names of imports of the project from which what is stored into may come.

    Only those that lead to what makes variables. Tensors of other files are hardly ever stored to,
    and following them would cost as much again as all the rest.
    """
    receivers = _receivers(tree)
    if not receivers:
        return frozenset()
    words = words_of(tree)
    finder, importer = Finder.of(path), os.path.realpath(path)
    return imports_with_evidence(words, finder, importer, words.reached(receivers), Question(DEPTH))


def telling_imports(tree: ast.Module, path: str) -> frozenset[str]:
    """The names of imports that lead to variables, tensors or constants, whatever their use."""
    words = words_of(tree)
    named = {node.id for node in nodes_of(tree).of(ast.Name)}
    reached = words.reached(named | words.attributes)
    finder, importer = Finder.of(path), os.path.realpath(path)
    question = Question(DEPTH, tensors=True, constants=True)
    return imports_with_evidence(words, finder, importer, reached, question)


def words_behind(tree: ast.Module, scopes: Iterable[ast.AST]) -> frozenset[str]:
    """The names and attributes that may have to do with what stands in some parts of a tree."""
    parts = (node for scope in scopes for node in walk(scope))
    return words_of(tree).reached(
        node.id if isinstance(node, ast.Name) else node.attr
        for node in parts
        if isinstance(node, (ast.Name, ast.Attribute))
    )


def _receivers(tree: ast.Module) -> set[str]:
    """The words of receivers whose items are stored, and of those of methods and attributes."""
    nodes = nodes_of(tree)
    found: set[str] = set()
    for item in nodes.of(ast.Subscript):
        if not isinstance(item.ctx, ast.Load) and not is_key(item.slice):
            found.update(words_in(item.value))
    changing = set(filter(_changes, {node.attr for node in nodes.of(ast.Attribute)}))
    if changing:
        for attribute in nodes.of(ast.Attribute):
            if attribute.attr in changing:
                found.update(words_in(attribute.value))
    renamed = any(_changes(alias.name) for alias in nodes.of(ast.alias))
    for call in nodes.of(ast.Call) if renamed or changing else ():
        function = call.func
        if renamed or (isinstance(function, ast.Attribute) and function.attr in changing):
            for argument in (*call.args, *(word.value for word in call.keywords)):
                found.update(words_in(argument))
    for target in _recomputed(nodes):
        found.update(words_in(target))
    return found


def _changes(name: str) -> bool:
    return name.startswith(_METHODS) or "scatter_nd" in name


def _recomputed(nodes: Nodes) -> Iterator[ast.Attribute]:
    """The attributes that a statement computes from themselves."""
    for change in nodes.of(ast.AugAssign):
        if isinstance(change.target, ast.Attribute):
            yield change.target
    for node in nodes.of(ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Attribute) and any(
                isinstance(part, ast.Attribute) and part.attr == target.attr
                for part in walk(node.value)
            ):
                yield target

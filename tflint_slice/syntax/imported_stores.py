"""The screen of trees for variables of other files: which imports may decide what a store changes.

Those are followed that the receiver of a store leads to, or of a method that assigns or scatters.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable, Iterator
from typing import Final

from tflint_slice.infer.evidence import Question, imports_with_evidence, words_in, words_of
from tflint_slice.infer.modules import Finder
from tflint_slice.infer.summaries import DEPTH
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
    named = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    reached = words.reached(named | words.attributes)
    finder, importer = Finder.of(path), os.path.realpath(path)
    question = Question(DEPTH, tensors=True, constants=True)
    return imports_with_evidence(words, finder, importer, reached, question)


def words_behind(tree: ast.Module, scopes: Iterable[ast.AST]) -> frozenset[str]:
    """The names and attributes that may have to do with what stands in some parts of a tree."""
    parts = (node for scope in scopes for node in ast.walk(scope))
    return words_of(tree).reached(
        node.id if isinstance(node, ast.Name) else node.attr
        for node in parts
        if isinstance(node, (ast.Name, ast.Attribute))
    )


def _receivers(tree: ast.Module) -> set[str]:
    """The words of receivers whose items are stored, and of those of methods and attributes."""
    found: set[str] = set()
    nodes = list(ast.walk(tree))
    renamed = any(isinstance(node, ast.alias) and _changes(node.name) for node in nodes)
    for node in nodes:
        if isinstance(node, ast.Subscript):
            if not isinstance(node.ctx, ast.Load) and not is_key(node.slice):
                found.update(words_in(node.value))
        elif isinstance(node, ast.Attribute):
            if _changes(node.attr):
                found.update(words_in(node.value))
        elif isinstance(node, ast.Call):
            if renamed or (isinstance(node.func, ast.Attribute) and _changes(node.func.attr)):
                for argument in (*node.args, *(word.value for word in node.keywords)):
                    found.update(words_in(argument))
        elif isinstance(node, (ast.Assign, ast.AugAssign)):
            found.update(word for target in _recomputed(node) for word in words_in(target))
    return found


def _changes(name: str) -> bool:
    return name.startswith(_METHODS) or "scatter_nd" in name


def _recomputed(node: ast.Assign | ast.AugAssign) -> Iterator[ast.Attribute]:
    """The attributes that a statement computes from themselves."""
    if isinstance(node, ast.AugAssign):
        if isinstance(node.target, ast.Attribute):
            yield node.target
        return
    for target in node.targets:
        if isinstance(target, ast.Attribute) and any(
            isinstance(part, ast.Attribute) and part.attr == target.attr
            for part in ast.walk(node.value)
        ):
            yield target

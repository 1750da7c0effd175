"""The screen of trees for tensors made anew to change a part of them, or to make them longer.

``t = tf.concat([t[:i], x, t[i + 1 :]], 0)`` and the like, where ``t`` may be a tensor before.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from tflint_slice.infer.naming import naming_of
from tflint_slice.infer.wording import all_words_in, all_words_of, words_in, words_of
from tflint_slice.syntax.nodes import Nodes, nodes_of, walk
from tflint_slice.syntax.once import once
from tflint_slice.syntax.rebuilding import calls_near
from tflint_slice.syntax.spots import names_function
from tflint_slice.syntax.tensor_stores import bindings_in, held_by, tensors_of
from tflint_slice.syntax.tensorflow_names import (
    ROOTS,
    handed_on,
    hands_functions_on,
    names_of_tensorflow,
)
from tflint_slice.syntax.vocabulary import JOINING, MASKING

_Loop: TypeAlias = ast.For | ast.AsyncFor | ast.While


def rebuilds_tensors(tree: ast.Module) -> bool:
    """Whether a name is bound to what puts its own pieces together, or to more of it in a loop.

    Pieces are ``t[:i]`` or rows that a comprehension makes; a choice by a mask may be one where
    masks of positions are made.
    """
    return any(_may_be_of_tensorflow(tree, node.value) for node in rebuilt(tree))


def rebuilt(tree: ast.Module) -> Iterator[ast.Assign]:
    """The statements that may do so, whatever library is called."""
    nodes = nodes_of(tree)
    called = _names_of_functions(nodes)
    other = "concat" if names_function(nodes, "concat".__eq__) else None
    for node in nodes.of(ast.Assign):
        function = _rebuilt_by(node, called, other)
        if function is not None and (
            _is_made_anew(tree, node, function) or (function == "concat" and _grows(tree, node))
        ):
            yield node


def _may_be_of_tensorflow(tree: ast.Module, call: ast.expr) -> bool:
    """Whether what is called may come from TensorFlow, if only by another name."""
    return (
        names_function(nodes_of(tree), "concat".__eq__)
        or hands_functions_on(tree)
        or _is_of_tensorflow(tree, call)
    )


def _is_made_anew(tree: ast.Module, node: ast.Assign, function: str) -> bool:
    """Whether the target may have been a tensor before, and most of it is kept."""
    if not _was_tensor(tree, node):
        return False
    return calls_near(tree, [node.value], MASKING) if function == "where" else _has_pieces(node)


def _grows(tree: ast.Module, node: ast.Assign) -> bool:
    """Whether a loop makes something longer that may have been a tensor before."""
    nodes, naming = nodes_of(tree), naming_of(tree)
    loops: list[_Loop]
    loops = [*nodes.of(ast.For), *nodes.of(ast.AsyncFor), *nodes.of(ast.While)]
    inside = any(part is node for loop in loops for each in loop.body for part in walk(each))
    if not inside or _joins_no_more(node):
        return False
    if _was_tensor(tree, node):
        return True
    names = _names_bound(tree, node)
    words, libraries = all_words_of(tree), names_of_tensorflow(tree)
    return any(
        each is not node
        and not names.isdisjoint(held_by(target, naming))
        and not libraries.isdisjoint(words.reached(all_words_in(value, naming)))
        for each, target, value in bindings_in(nodes)
    )


def _was_tensor(tree: ast.Module, node: ast.Assign) -> bool:
    """Whether another statement says that a target is a tensor."""
    bound = tensors_of(tree).bound
    return any(
        each is not node for name in _names_bound(tree, node) for each in bound.get(name, ())
    )


def _names_bound(tree: ast.Module, node: ast.Assign) -> frozenset[str]:
    return frozenset().union(*(held_by(target, naming_of(tree)) for target in node.targets))


def _joins_no_more(node: ast.Assign) -> bool:
    """Whether what is joined is not written out with the target among it."""
    targets = {ast.unparse(target) for target in node.targets}
    assert isinstance(node.value, ast.Call)
    given = [*node.value.args, *(word.value for word in node.value.keywords)]
    return not any(
        ast.unparse(element) in targets
        for part in given
        if isinstance(part, (ast.List, ast.Tuple))
        for element in part.elts
    )


def _has_pieces(node: ast.Assign) -> bool:
    """Whether what is put together has items of the target in it, or is a comprehension."""
    targets = {ast.unparse(target) for target in node.targets}
    return any(
        isinstance(part, (ast.ListComp, ast.GeneratorExp))
        or (isinstance(part, ast.Subscript) and ast.unparse(part.value) in targets)
        for part in walk(node.value)
    )


def _names_of_functions(nodes: Nodes) -> dict[str, str]:
    """The names under which the functions may be called that put tensors together."""
    called = {name: name for name in JOINING}
    for alias in nodes.of(ast.alias):
        if alias.name in JOINING:
            called[alias.asname or alias.name] = alias.name
    for node in nodes.of(ast.Assign):
        function = called.get(_last_word(node.value) or "")
        if function is not None:
            called.update((_last_word(target) or "", function) for target in node.targets)
    return called


def _is_of_tensorflow(tree: ast.Module, call: ast.expr) -> bool:
    """Whether what is called may come from TensorFlow, and not from NumPy or the like."""
    words = words_of(tree)
    reached = words.reached(words_in(call, naming_of(tree)))
    handed = handed_on(tree)
    if "*" in words.imports or not reached.isdisjoint(_names_of_lambdas(tree) | handed):
        return True
    return any(
        not what.level and what.module.partition(".")[0] in ROOTS
        for name in reached.intersection(words.imports)
        for what in words.imports[name]
    )


@once
def _names_of_lambdas(tree: ast.Module) -> set[str]:
    """The names and attributes to which something with a lambda in it is bound."""
    naming = naming_of(tree)
    return {
        word
        for node in nodes_of(tree).of(ast.Assign)
        if any(isinstance(part, ast.Lambda) for part in walk(node.value))
        for target in node.targets
        for word in words_in(target, naming)
    }


def _rebuilt_by(node: ast.Assign, called: Mapping[str, str], other: str | None) -> str | None:
    """The function of ``t = tf.concat(<something of t>, 0)`` and the like.

    ``other`` is what functions may be that have none of the names.
    """
    if not isinstance(node.value, ast.Call):
        return None
    function = called.get(_last_word(node.value.func) or "", other)
    if function is None:
        return None
    targets = {ast.unparse(target) for target in node.targets}
    reads = any(
        isinstance(part, (ast.Name, ast.Attribute)) and ast.unparse(part) in targets
        for part in walk(node.value)
    )
    return function if reads else None


def _last_word(node: ast.AST) -> str | None:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None

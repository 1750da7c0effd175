"""The screen of trees for stores into items of tensors: can the receiver have to do with a tensor?

A name or attribute can if it is bound anywhere to what comes from TensorFlow, or from one that can.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

_ROOTS = ("tensorflow", "keras", "tf_keras")


def may_store_into_tensors(tree: ast.Module) -> bool:
    """Whether some item is bound or deleted of what may be computed by TensorFlow."""
    nodes = list(ast.walk(tree))
    receivers = {
        name
        for node in nodes
        if isinstance(node, ast.Subscript)
        and not isinstance(node.ctx, ast.Load)
        and not is_key(node.slice)
        for name in _held(node.value)
    }
    known = {name for node in nodes for name in _imported(node)}
    bindings = [(_held(to), set(_words(value))) for node in nodes for to, value in _bindings(node)]
    grown = -1
    while grown != len(known):
        grown = len(known)
        for names, words in bindings:
            if not known.isdisjoint(words):
                known |= names
    return not known.isdisjoint(receivers)


def is_key(index: ast.expr) -> bool:
    """A string between the brackets: the receiver is meant to be a dictionary."""
    if isinstance(index, ast.JoinedStr):
        return True
    return isinstance(index, ast.Constant) and isinstance(index.value, (str, bytes))


def _bindings(node: ast.AST) -> Iterator[tuple[ast.AST, ast.expr]]:
    if isinstance(node, ast.Assign):
        yield from ((target, node.value) for target in node.targets)
    elif isinstance(node, (ast.AnnAssign, ast.AugAssign, ast.NamedExpr)):
        if node.value is not None:
            yield node.target, node.value
        if isinstance(node, ast.AnnAssign):
            yield node.target, node.annotation
    elif isinstance(node, (ast.For, ast.AsyncFor)):
        yield node.target, node.iter
    elif isinstance(node, ast.arg) and node.annotation is not None:
        yield node, node.annotation


def _held(node: ast.AST) -> frozenset[str]:
    """The names and attributes that a target consists of, or whose item it is."""
    if isinstance(node, ast.arg):
        return frozenset({node.arg})
    if isinstance(node, ast.Attribute):
        return frozenset({node.attr})
    if isinstance(node, ast.Name):
        return frozenset({node.id})
    if isinstance(node, (ast.Subscript, ast.Starred)):
        return _held(node.value)
    return frozenset().union(*map(_held, getattr(node, "elts", [])))


def _words(node: ast.AST) -> Iterator[str]:
    """The names and attributes that decide of what kind the value of an expression is.

    What a function is given does not, and a display or comprehension is no tensor.
    """
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Attribute):
        yield node.attr
        yield from _words(node.value)
    elif isinstance(node, ast.Call):
        yield from _words(node.func)
    elif isinstance(node, ast.Subscript):
        yield from _words(node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        # It may be an annotation.
        yield node.value.split(".")[0]
    elif isinstance(node, (ast.BinOp, ast.UnaryOp, ast.Compare, ast.IfExp, ast.NamedExpr)):
        for child in ast.iter_child_nodes(node):
            yield from _words(child)


def _imported(node: ast.AST) -> Iterator[str]:
    if not isinstance(node, (ast.Import, ast.ImportFrom)):
        return
    for alias in node.names:
        module = alias.name if isinstance(node, ast.Import) else node.module or ""
        if module.startswith(_ROOTS):
            yield alias.asname or alias.name.split(".")[0]

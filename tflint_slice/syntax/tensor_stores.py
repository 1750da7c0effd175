"""The screen of trees for stores into items of tensors: can the receiver have to do with a tensor?

A name or attribute can if it is bound anywhere to what comes from TensorFlow, or from one that can.
Names of a function that it binds itself are judged by these bindings alone.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from tflint_slice.syntax.nodes import children, nodes_of

ROOTS: Final = ("tensorflow", "keras", "tf_keras")


def may_store_into_tensors(tree: ast.Module) -> bool:
    """Whether some item is bound or deleted of what may be computed by TensorFlow."""
    scopes = list(_scopes(tree))
    stores = [
        (name, node, scope)
        for scope in scopes
        for node in scope
        if isinstance(node, ast.Subscript)
        and not isinstance(node.ctx, ast.Load)
        and not is_key(node.slice)
        for name in _held(node.value)
    ]
    if not stores:
        return False
    nodes = nodes_of(tree)
    known = {name for node in nodes.of(ast.Import) for name in _imported(node)}
    known |= {name for node in nodes.of(ast.ImportFrom) for name in _imported(node)}
    bindings = [
        (_held(to), set(_words(value)))
        for node in nodes.of(*_BINDING)
        for to, value in _bindings(node)
    ]
    grown = -1
    while grown != len(known):
        grown = len(known)
        for names, words in bindings:
            if not known.isdisjoint(words):
                known |= names
    return any(
        name in known and (isinstance(node.value, ast.Subscript) or _may_be(name, scope, known))
        for name, node, scope in stores
    )


def _scopes(tree: ast.Module) -> Iterator[list[ast.AST]]:
    """The nodes of the module, and of each function, without those of functions inside."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        root = waiting.pop()
        scope: list[ast.AST] = []
        inside = children(root)
        while inside:
            node = inside.pop()
            scope.append(node)
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                waiting.append(node)
            else:
                inside += children(node)
        yield scope


def _may_be(name: str, scope: list[ast.AST], known: set[str]) -> bool:
    """Whether a name that may be a tensor somewhere may be one in this function.

    What only holds tensors as its items is none.
    """
    bound = False
    for node in scope:
        if isinstance(node, (ast.Global, ast.Nonlocal)) and name in node.names:
            return True
        if isinstance(node, ast.Attribute) and node.attr == name:
            return True
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store):
            bound = True
        for target, value in _bindings(node):
            direct = not isinstance(target, ast.Subscript) and not _makes_none(value)
            if direct and name in _held(target) and not known.isdisjoint(_words(value)):
                return True
    return not bound


def _makes_none(value: ast.expr) -> bool:
    """A call of TensorFlow that answers with dictionaries or lists of numbers."""
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Attribute)
        and value.func.attr in _NO_TENSORS
    )


_NO_TENSORS = frozenset(
    {
        "as_list",
        "get_config",
        "parse_example",
        "parse_single_example",
        "parse_single_sequence_example",
    }
)


def is_key(index: ast.expr) -> bool:
    """A string between the brackets: the receiver is meant to be a dictionary."""
    if isinstance(index, ast.Call):
        return isinstance(index.func, ast.Name) and index.func.id == "str"
    if isinstance(index, ast.BinOp) and isinstance(index.op, (ast.Add, ast.Mod)):
        return is_key(index.left)
    if isinstance(index, ast.JoinedStr):
        return True
    return isinstance(index, ast.Constant) and isinstance(index.value, (str, bytes))


_BINDING: Final[tuple[type[ast.AST], ...]] = (
    *(ast.Assign, ast.AnnAssign, ast.AugAssign, ast.NamedExpr, ast.For, ast.AsyncFor, ast.arg),
)


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
        for child in children(node):
            yield from _words(child)


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    for alias in node.names:
        module = alias.name if isinstance(node, ast.Import) else node.module or ""
        if module.partition(".")[0] in ROOTS:
            yield alias.asname or alias.name.split(".")[0]

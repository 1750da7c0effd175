"""The screen of trees for stores into items of tensors: can the receiver have to do with a tensor?

A name or attribute can if it is bound anywhere to what comes from TensorFlow, or from one that can.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from tflint_slice.infer.naming import Naming, is_local, naming_of
from tflint_slice.infer.wording import COPYING, all_words_in, all_words_of, tested
from tflint_slice.syntax.containers import is_container
from tflint_slice.syntax.nodes import Nodes, children, nodes_of, walk
from tflint_slice.syntax.once import once
from tflint_slice.syntax.rebuilding import calls_near
from tflint_slice.syntax.spots import spots_of
from tflint_slice.syntax.tensorflow_names import hands_functions_on, names_of_tensorflow


def may_store_into_tensors(tree: ast.Module) -> bool:
    """Whether some item is bound or deleted of what may be computed by TensorFlow."""
    spots = spots_of(tree)
    items = [item.value for item in spots.items]
    items += (
        part
        for part in spots.arrays
        if isinstance(part, ast.Name) and calls_near(tree, [part], COPYING)
    )
    slices = (part for write in spots.writes for part in write.parts)
    items += (part.value for part in slices if isinstance(part, ast.Subscript))
    items = [item for item in items if not is_container(tree, item)]
    if not items:
        return False
    tensors = tensors_of(tree)
    return any(
        not tensors.known.isdisjoint(held_by(item, naming_of(tree)))
        if isinstance(item, ast.Subscript)
        else any(
            _may_come_before(tree, binding, item)
            for name in held_by(item, naming_of(tree))
            for binding in tensors.bound.get(name, ())
        )
        for item in items
    )


def _may_come_before(tree: ast.Module, binding: ast.AST, item: ast.expr) -> bool:
    """Whether what binds a name may have run when the item of it is changed."""
    if not (
        isinstance(binding, ast.stmt)
        and isinstance(item, ast.Name)
        and is_local(naming_of(tree).word(item))
        and binding.lineno > item.lineno
    ):
        return True
    nodes = nodes_of(tree)
    loops: list[ast.For | ast.AsyncFor | ast.While]
    loops = [*nodes.of(ast.For), *nodes.of(ast.AsyncFor), *nodes.of(ast.While)]
    # A scope inside of the function that binds the name is taken to run at any time.
    inner = [node for kind in _INNER for node in nodes.of(kind)]
    return any(_is_within(loop, item) and _is_within(loop, binding) for loop in loops) or any(
        _is_within(scope, item) and not _is_within(scope, binding) for scope in inner
    )


def _is_within(whole: ast.stmt | ast.expr, part: ast.stmt | ast.expr) -> bool:
    """Whether the lines of a part are among those of a whole."""
    assert whole.end_lineno is not None
    return whole.lineno <= part.lineno <= whole.end_lineno


@dataclass(frozen=True)
class Tensors:
    """``known`` are the names and attributes that have to do with what TensorFlow computes.

    ``bound`` maps those that may be a tensor, and not only hold some as their items, to the nodes
    that bind them to it.
    """

    known: frozenset[str]
    bound: Mapping[str, tuple[ast.AST, ...]]


@once
def tensors_of(tree: ast.Module) -> Tensors:
    """What may be a tensor in a file."""
    nodes, naming = nodes_of(tree), naming_of(tree)
    known = names_of_tensorflow(tree)
    if not known:
        return Tensors(frozenset(), {})
    if hands_functions_on(tree):
        known |= all_words_of(tree).leading_to(known)
    bindings = [
        (node, target, held_by(target, naming), value, set(_words(value, naming)))
        for node, target, value in (*bindings_in(nodes), *_told(nodes))
    ]
    grown = -1
    while grown != len(known):
        grown = len(known)
        for _, _, names, _, words in bindings:
            if not known.isdisjoint(words):
                known |= names
    bound: dict[str, tuple[ast.AST, ...]] = {}
    for node, target, names, value, words in bindings:
        direct = not isinstance(target, ast.Subscript) and not _makes_none(value)
        if direct and not known.isdisjoint(words):
            for name in names:
                bound[name] = (*bound.get(name, ()), node)
    return Tensors(frozenset(known), bound)


def _told(nodes: Nodes) -> Iterator[tuple[ast.AST, ast.AST, ast.expr]]:
    """What ``isinstance`` tells of a name, as if that were bound to each of the classes."""
    for subject, classes in tested(nodes):
        for each in classes.elts if isinstance(classes, (ast.Tuple, ast.List)) else [classes]:
            yield subject, subject, each


def _makes_none(value: ast.expr) -> bool:
    """A call of TensorFlow that answers with dictionaries or lists of numbers."""
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Attribute)
        and value.func.attr in _NO_TENSORS
    )


_DISPLAYS: Final = (ast.List, ast.Tuple, ast.Dict)
_NO_TENSORS = frozenset(
    {
        "as_list",
        "get_config",
        "parse_example",
        "parse_single_example",
        "parse_single_sequence_example",
    }
)
_INNER: Final[tuple[type[ast.stmt | ast.expr], ...]] = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.GeneratorExp),
)
_NUMBERS: Final = frozenset({"ndim", "ndims"})
"""Attributes that no tensor is behind, as functions of the same names answer with no tensor."""

_DECIDED_BY_PARTS: Final = (
    *(ast.BinOp, ast.UnaryOp, ast.Compare, ast.IfExp, ast.NamedExpr, ast.Lambda),
)

_BINDING: Final[tuple[type[ast.AST], ...]] = (
    *(ast.Assign, ast.AnnAssign, ast.AugAssign, ast.NamedExpr, ast.For, ast.AsyncFor, ast.arg),
)


def bindings_in(nodes: Nodes) -> Iterator[tuple[ast.AST, ast.AST, ast.expr]]:
    """The nodes that bind something, each with what it binds, and the value or annotation."""
    for node in nodes.of(*_BINDING):
        yield from ((node, target, value) for target, value in _bindings(node))


def _bindings(node: ast.AST) -> Iterator[tuple[ast.AST, ast.expr]]:
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from _pairs(target, node.value)
    elif isinstance(node, (ast.AnnAssign, ast.AugAssign, ast.NamedExpr)):
        if node.value is not None:
            yield node.target, node.value
        if isinstance(node, ast.AnnAssign):
            yield node.target, node.annotation
    elif isinstance(node, (ast.For, ast.AsyncFor)):
        yield node.target, node.iter
    elif isinstance(node, ast.arg) and node.annotation is not None:
        yield node, node.annotation


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    """What is bound to what, of ``a, b = 1, 2`` each of both."""
    several = isinstance(target, (ast.Tuple, ast.List)) and isinstance(value, (ast.Tuple, ast.List))
    targets, values = getattr(target, "elts", []), getattr(value, "elts", [])
    starred = any(isinstance(each, ast.Starred) for each in (*targets, *values))
    if several and len(targets) == len(values) and not starred:
        for one, other in zip(targets, values, strict=True):
            yield from _pairs(one, other)
    else:
        yield target, value


def held_by(node: ast.AST, naming: Naming) -> frozenset[str]:
    """The names and attributes that a target consists of, or whose item it is."""
    if isinstance(node, ast.arg):
        return frozenset({naming.word(node)})
    if isinstance(node, ast.Attribute):
        return frozenset({node.attr})
    if isinstance(node, ast.Name):
        return frozenset({naming.word(node)})
    if isinstance(node, (ast.Subscript, ast.Starred)):
        return held_by(node.value, naming)
    return frozenset().union(*(held_by(each, naming) for each in getattr(node, "elts", [])))


def _words(node: ast.AST, naming: Naming) -> Iterator[str]:
    """The names and attributes that decide of what kind the value of an expression is.

    What a function is given does not, and a display or comprehension is no tensor.
    """
    if isinstance(node, ast.Name):
        yield naming.word(node)
    elif isinstance(node, ast.Attribute):
        yield node.attr
        if node.attr not in _NUMBERS:
            yield from _words(node.value, naming)
    elif isinstance(node, ast.Call):
        yield from _words(node.func, naming)
        # What is called may be what another call was given.
        for inner in walk(node.func):
            if isinstance(inner, ast.Call):
                for given in (*inner.args, *(word.value for word in inner.keywords)):
                    yield from all_words_in(given, naming)
    elif isinstance(node, ast.Subscript):
        displayed = isinstance(node.value, _DISPLAYS)
        for part in children(node.value) if displayed else [node.value]:
            yield from _words(part, naming)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        # It may be an annotation.
        yield node.value.split(".")[0]
    elif isinstance(node, _DECIDED_BY_PARTS):
        for child in children(node):
            yield from _words(child, naming)

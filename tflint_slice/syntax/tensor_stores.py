"""The screen of trees for stores into items of tensors: can the receiver have to do with a tensor?

A name or attribute can if it is bound anywhere to what comes from TensorFlow, or from one that can.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Final

from tflint_slice.infer.dtypes import TENSORFLOW_MEMBERS
from tflint_slice.infer.naming import Naming, naming_of
from tflint_slice.infer.wording import COPYING, all_words_of, tested
from tflint_slice.syntax.nodes import Nodes, children, nodes_of
from tflint_slice.syntax.once import once
from tflint_slice.syntax.rebuilding import calls_near
from tflint_slice.syntax.spots import first_name, spots_of

ROOTS: Final = ("tensorflow", "keras", "tf_keras")


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
    if not items:
        return False
    tensors = tensors_of(tree)
    return any(
        not tensors.known.isdisjoint(held_by(item, naming_of(tree)))
        if isinstance(item, ast.Subscript)
        else any(tensors.bound.get(name) for name in held_by(item, naming_of(tree)))
        for item in items
    )


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
    known = names_of_tensorflow(nodes)
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


@once
def hands_functions_on(tree: ast.Module) -> bool:
    """Whether a function of TensorFlow, or a module, may be called by any expression.

    That is where ``tf`` or ``tf.zeros`` stands for itself, and not only to give it a name.
    """
    nodes = nodes_of(tree)
    modules = names_of_tensorflow(nodes)
    modules.update([*_other_names(nodes, modules)])
    plain: set[ast.AST] = {node.value for node in nodes.of(ast.Attribute)}
    plain.update(call.func for call in nodes.of(ast.Call))
    plain.update(node.value for node in nodes.of(ast.Assign) if _names_only(node.targets))
    classes = {
        alias.asname or alias.name
        for alias in nodes.of(ast.alias)
        if alias.name.rpartition(".")[2][:1].isupper()
    }
    paths: list[ast.Name | ast.Attribute] = [*nodes.of(ast.Name), *nodes.of(ast.Attribute)]
    return any(
        path not in plain
        and first_name(path) in modules
        and (
            path.id not in classes
            if isinstance(path, ast.Name)
            else path.attr[0].islower() and path.attr not in _NO_FUNCTIONS
        )
        for path in paths
    )


def _other_names(nodes: Nodes, modules: Set[str]) -> Iterator[str]:
    """The names that are bound to a module by its name."""
    for node in nodes.of(ast.Assign):
        if isinstance(node.value, ast.Name) and node.value.id in modules:
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def _names_only(targets: list[ast.expr]) -> bool:
    return all(isinstance(target, (ast.Name, ast.Attribute)) for target in targets)


def _makes_none(value: ast.expr) -> bool:
    """A call of TensorFlow that answers with dictionaries or lists of numbers."""
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Attribute)
        and value.func.attr in _NO_TENSORS
    )


_DISPLAYS: Final = (ast.List, ast.Tuple, ast.Dict)
_NO_FUNCTIONS: Final = frozenset({*TENSORFLOW_MEMBERS, "function", "newaxis"})
"""Members of TensorFlow that make no tensors, though their names look like those that do."""

_NO_TENSORS = frozenset(
    {
        "as_list",
        "get_config",
        "parse_example",
        "parse_single_example",
        "parse_single_sequence_example",
    }
)


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
        yield from _words(node.value, naming)
    elif isinstance(node, ast.Call):
        yield from _words(node.func, naming)
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


def names_of_tensorflow(nodes: Nodes) -> set[str]:
    """The names that are imported from TensorFlow or Keras."""
    statements: list[ast.Import | ast.ImportFrom]
    statements = [*nodes.of(ast.Import), *nodes.of(ast.ImportFrom)]
    return {name for node in statements for name in _imported(node)}


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    for alias in node.names:
        module = alias.name if isinstance(node, ast.Import) else node.module or ""
        if module.partition(".")[0] in ROOTS:
            yield alias.asname or alias.name.split(".")[0]

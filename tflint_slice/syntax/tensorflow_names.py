"""The names by which a file knows TensorFlow, and whether it hands functions of it on."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Set
from typing import Final

from tflint_slice.infer.dtypes import TENSORFLOW_MEMBERS
from tflint_slice.syntax.nodes import Nodes, nodes_of
from tflint_slice.syntax.once import once
from tflint_slice.syntax.spots import first_name

ROOTS: Final = ("tensorflow", "keras", "tf_keras")
_NO_FUNCTIONS: Final = frozenset({*TENSORFLOW_MEMBERS, "function", "newaxis"})
"""Members of TensorFlow that make no tensors, though their names look like those that do."""


HANDED_ON: Final = frozenset({"tf", "tensorflow"})
"""What TensorFlow is called where a file of the project hands it on to another one."""


@once
def names_of_tensorflow(tree: ast.Module) -> frozenset[str]:
    """The names that are imported from TensorFlow or Keras, or from who may hand TensorFlow on."""
    nodes = nodes_of(tree)
    statements: list[ast.Import | ast.ImportFrom]
    statements = [*nodes.of(ast.Import), *nodes.of(ast.ImportFrom)]
    return handed_on(tree).union(name for node in statements for name in _imported(node))


@once
def handed_on(tree: ast.Module) -> frozenset[str]:
    """The names of imports that may be TensorFlow, or a module which has it as an attribute."""
    nodes = nodes_of(tree)
    owners = {first_name(node) for node in nodes.of(ast.Attribute) if node.attr in HANDED_ON}
    named = ((alias.asname or alias.name.partition(".")[0], alias) for alias in nodes.of(ast.alias))
    return frozenset(name for name, alias in named if alias.name in HANDED_ON or name in owners)


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    for alias in node.names:
        module = alias.name if isinstance(node, ast.Import) else node.module or ""
        if module.partition(".")[0] in ROOTS:
            yield alias.asname or alias.name.split(".")[0]


@once
def hands_functions_on(tree: ast.Module) -> bool:
    """Whether a function of TensorFlow, or a module, may be called by any expression.

    That is where ``tf`` or ``tf.zeros`` stands for itself, and not only to give it a name.
    """
    nodes = nodes_of(tree)
    modules = names_of_tensorflow(tree)
    bound = _other_names(nodes, modules)
    modules |= bound
    plain = {*_used_in_place(nodes, modules)}
    classes = {
        alias.asname or alias.name
        for alias in nodes.of(ast.alias)
        if alias.name.rpartition(".")[2][:1].isupper()
    }
    paths: list[ast.Name | ast.Attribute] = [*nodes.of(ast.Name), *nodes.of(ast.Attribute)]
    return any(
        isinstance(path.ctx, ast.Load)
        and path not in plain
        and (first_name(path) in modules or not bound.isdisjoint(_attributes(path)))
        and (path.id not in classes if isinstance(path, ast.Name) else _may_be_function(path))
        for path in paths
    )


def _used_in_place(nodes: Nodes, modules: Set[str]) -> Iterator[ast.AST]:
    """What is called, read a member of, tested, given to a library, a decorator, or just named."""
    yield from (node.value for node in nodes.of(ast.Attribute))
    yield from (node.value for node in nodes.of(ast.Assign) if _names_only(node.targets))
    for call in nodes.of(ast.Call):
        yield call.func
        if first_name(call.func) in modules or first_name(call.func) == "hasattr":
            yield from call.args
            yield from (word.value for word in call.keywords)
    for comparison in nodes.of(ast.Compare):
        yield from (comparison.left, *comparison.comparators)
    definitions: list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]
    definitions = [
        *nodes.of(ast.FunctionDef),
        *nodes.of(ast.AsyncFunctionDef),
        *nodes.of(ast.ClassDef),
    ]
    for each in definitions:
        yield from each.decorator_list
    tested: list[ast.expr] = [
        *(node.test for node in nodes.of(ast.If)),
        *(node.test for node in nodes.of(ast.IfExp)),
        *(node.operand for node in nodes.of(ast.UnaryOp) if isinstance(node.op, ast.Not)),
    ]
    while tested:
        test = tested.pop()
        yield test
        if isinstance(test, ast.BoolOp):
            tested += test.values


def _other_names(nodes: Nodes, modules: Set[str]) -> set[str]:
    """The names and attributes that are bound to a module, or to a function of one."""
    paths = [
        (node.value, node.targets)
        for node in nodes.of(ast.Assign)
        if isinstance(node.value, ast.Name)
        or (isinstance(node.value, ast.Attribute) and _may_be_function(node.value))
    ]
    found: set[str] = set()
    grown = -1
    while grown != len(found):
        grown = len(found)
        for path, targets in paths:
            name = first_name(path)
            if name in modules or name in found or not found.isdisjoint(_attributes(path)):
                found.update(target.id for target in targets if isinstance(target, ast.Name))
                found.update(each.attr for each in targets if isinstance(each, ast.Attribute))
    return found


def _attributes(path: ast.expr) -> Iterator[str]:
    while isinstance(path, ast.Attribute):
        yield path.attr
        path = path.value


def _may_be_function(path: ast.Attribute) -> bool:
    return path.attr[0].islower() and path.attr not in _NO_FUNCTIONS


def _names_only(targets: list[ast.expr]) -> bool:
    return all(isinstance(target, (ast.Name, ast.Attribute)) for target in targets)

"""What is surely a dictionary, a list of constants, or an array of its own, by how it is bound."""

from __future__ import annotations

import ast
from collections.abc import Set
from typing import Final

from tflint_slice.infer.naming import Naming, naming_of
from tflint_slice.infer.outline import identifier
from tflint_slice.infer.wording import COPYING
from tflint_slice.syntax.nodes import Nodes, nodes_of
from tflint_slice.syntax.once import once
from tflint_slice.syntax.spots import first_name

_DICTIONARIES: Final = frozenset({"dict", "OrderedDict", "defaultdict", "Counter"})
_LISTING: Final = frozenset({"as_list", "get_config"})
"""Methods that answer with a list of numbers, or with a dictionary."""


@once
def containers_of(tree: ast.Module) -> frozenset[str]:
    """The names and attributes to which nothing else is bound anywhere in the file."""
    nodes, naming = nodes_of(tree), naming_of(tree)
    arrays = _names_of_numpy(nodes)
    found: set[str] = set()
    bound: set[ast.AST] = set()
    assigned: list[ast.Assign | ast.AnnAssign]
    assigned = [*nodes.of(ast.Assign), *nodes.of(ast.AnnAssign)]
    for node in assigned:
        if node.value is None or not _is_container(node.value, arrays):
            continue
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            if isinstance(target, ast.Name):
                found.add(naming.word(target))
                bound.add(target)
            elif isinstance(target, ast.Attribute):
                found.add(target.attr)
                bound.add(target)
    return frozenset(found - _bound_otherwise(nodes, naming, bound))


def _bound_otherwise(nodes: Nodes, naming: Naming, known: Set[ast.AST]) -> set[str]:
    """The names and attributes that nodes bind which are not known ones."""
    definitions: list[ast.arg | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]
    definitions = [
        *nodes.of(ast.arg),
        *nodes.of(ast.FunctionDef),
        *nodes.of(ast.AsyncFunctionDef),
        *nodes.of(ast.ClassDef),
    ]
    found = {naming.word(node) for node in definitions}
    found.update(alias.asname or alias.name.partition(".")[0] for alias in nodes.of(ast.alias))
    found.update(
        naming.word(node)
        for node in nodes.of(ast.Name)
        if not isinstance(node.ctx, ast.Load) and node not in known
    )
    found.update(
        node.attr
        for node in nodes.of(ast.Attribute)
        if not isinstance(node.ctx, ast.Load) and node not in known
    )
    return found


def _names_of_numpy(nodes: Nodes) -> frozenset[str]:
    """The names that mean NumPy, and nothing else."""
    found = {
        alias.asname or alias.name.partition(".")[0]
        for node in nodes.of(ast.Import)
        for alias in node.names
        if alias.name.partition(".")[0] == "numpy"
    }
    rebound = {node.id for node in nodes.of(ast.Name) if not isinstance(node.ctx, ast.Load)}
    return frozenset(found - rebound)


def _is_container(value: ast.expr, arrays: Set[str]) -> bool:
    if isinstance(value, (ast.Dict, ast.DictComp)):
        return True
    if isinstance(value, ast.List):
        return all(isinstance(each, ast.Constant) for each in value.elts)
    if isinstance(value, ast.BinOp):
        return isinstance(value.op, ast.Mult) and any(
            isinstance(side, ast.List) and _is_container(side, arrays)
            for side in (value.left, value.right)
        )
    if not isinstance(value, ast.Call):
        return False
    name = identifier(value.func)
    if name in _DICTIONARIES or (name in _LISTING and isinstance(value.func, ast.Attribute)):
        return True
    return first_name(value.func) in arrays and name not in COPYING

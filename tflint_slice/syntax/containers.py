"""What is surely a container or an array of its own, by all that binds it.

A dictionary, a list of constants or a new array has no variable in it; any other list may hold some
as its items, and is none itself.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from typing import Final

from tflint_slice.infer.naming import Naming, is_local, naming_of
from tflint_slice.infer.outline import identifier, own_methods
from tflint_slice.infer.wording import COPYING
from tflint_slice.syntax.nodes import Nodes, nodes_of
from tflint_slice.syntax.once import once
from tflint_slice.syntax.spots import first_name

_DICTIONARIES: Final = frozenset({"dict", "OrderedDict", "defaultdict", "Counter"})
_DISPLAYS: Final = (ast.List, ast.Tuple, ast.ListComp, ast.Dict, ast.DictComp)
_COLLECTING: Final = _DICTIONARIES | {"list", "tuple"}
_LISTING: Final = frozenset({"as_list", "get_config"})
"""Methods that answer with a list of numbers, or with a dictionary."""
_FUNCTIONS: Final = _COLLECTING | _LISTING


def is_container(tree: ast.Module, part: ast.expr) -> bool:
    """Whether an expression is a dictionary, a list of constants, or a new array."""
    return _is_among(_containers(tree), tree, part)


def is_collection(tree: ast.Module, part: ast.expr) -> bool:
    """Whether an expression is a container, or a list of anything."""
    return _is_among(_collections(tree), tree, part)


@dataclass(frozen=True)
class _Bound:
    """``names`` are bound to nothing else in the file, nor ``attributes`` of objects of a class.

    The class is given where it binds the attribute itself: one that only inherits it may have it
    from another file.
    """

    names: frozenset[str]
    attributes: frozenset[tuple[ast.ClassDef, str]]


def _is_among(bound: _Bound, tree: ast.Module, part: ast.expr) -> bool:
    if isinstance(part, ast.Name):
        return naming_of(tree).word(part) in bound.names
    if not isinstance(part, ast.Attribute):
        return False
    owner = _owner(tree, part)
    return owner is not None and (owner, part.attr) in bound.attributes


def _owner(tree: ast.Module, part: ast.Attribute) -> ast.ClassDef | None:
    """The class of the method that has the attribute of its own object."""
    if not isinstance(part.value, ast.Name):
        return None
    return _classes(tree).get(naming_of(tree).word(part.value))


@once
def _classes(tree: ast.Module) -> Mapping[str, ast.ClassDef]:
    """The classes, each by what its methods call the object that they are called on."""
    nodes, naming = nodes_of(tree), naming_of(tree)
    found: dict[str, ast.ClassDef] = {}
    for owner in nodes.of(ast.ClassDef):
        own = own_methods(owner)
        for method in owner.body:
            if isinstance(method, (ast.FunctionDef, ast.AsyncFunctionDef)) and method.name in own:
                for first in [*method.args.posonlyargs, *method.args.args][:1]:
                    found[naming.word(first)] = owner
    for node in nodes.of(ast.Name):
        if not isinstance(node.ctx, ast.Load):
            found.pop(naming.word(node), None)
    return {word: owner for word, owner in found.items() if is_local(word)}


@once
def _containers(tree: ast.Module) -> _Bound:
    nodes = nodes_of(tree)
    arrays, known = _names_of_numpy(nodes), _FUNCTIONS - _own_names(nodes)
    return _bound_to(tree, lambda value: _makes_container(value, arrays, known))


@once
def _collections(tree: ast.Module) -> _Bound:
    known = _FUNCTIONS - _own_names(nodes_of(tree))
    return _bound_to(tree, lambda value: _makes_collection(value, known))


def _bound_to(tree: ast.Module, sought: Callable[[ast.expr], bool]) -> _Bound:
    """The names and attributes to which nothing but such values is bound anywhere in the file."""
    nodes, naming = nodes_of(tree), naming_of(tree)
    names: set[str] = set()
    attributes: set[tuple[ast.ClassDef, str]] = set()
    known: set[ast.AST] = set()
    assigned: list[ast.Assign | ast.AnnAssign]
    assigned = [*nodes.of(ast.Assign), *nodes.of(ast.AnnAssign)]
    for node in assigned:
        if node.value is None or not sought(node.value):
            continue
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            known.add(target)
            if isinstance(target, ast.Name):
                names.add(naming.word(target))
            elif isinstance(target, ast.Attribute) and (owner := _owner(tree, target)) is not None:
                attributes.add((owner, target.attr))
    others = _bound_otherwise(nodes, naming, known)
    if any(alias.name == "*" for alias in nodes.of(ast.alias)):
        # It may bind any name of the module anew.
        names = {name for name in names if is_local(name)}
    return _Bound(
        frozenset(names - others), frozenset(each for each in attributes if each[1] not in others)
    )


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
    found: set[str] = set()
    others: set[str] = set()
    for node in nodes.of(ast.Import):
        for alias in node.names:
            module = alias.name.partition(".")[0]
            (found if module == "numpy" else others).add(alias.asname or module)
    for origin in nodes.of(ast.ImportFrom):
        others.update(alias.asname or alias.name for alias in origin.names)
    others.update(node.id for node in nodes.of(ast.Name) if not isinstance(node.ctx, ast.Load))
    return frozenset(found - others)


def _own_names(nodes: Nodes) -> set[str]:
    """The names of functions and methods that the file defines, or has from elsewhere."""
    definitions: list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]
    definitions = [
        *nodes.of(ast.FunctionDef),
        *nodes.of(ast.AsyncFunctionDef),
        *nodes.of(ast.ClassDef),
    ]
    found = {node.name for node in definitions}
    found.update(node.id for node in nodes.of(ast.Name) if not isinstance(node.ctx, ast.Load))
    for origin in nodes.of(ast.ImportFrom):
        if origin.module != "collections":
            found.update(alias.asname or alias.name for alias in origin.names)
    return found


def _makes_container(value: ast.expr, arrays: Set[str], known: Set[str]) -> bool:
    if isinstance(value, (ast.Dict, ast.DictComp)):
        return True
    if isinstance(value, ast.List):
        return all(isinstance(each, ast.Constant) for each in value.elts)
    if isinstance(value, ast.BinOp):
        return isinstance(value.op, ast.Mult) and any(
            isinstance(side, ast.List) and _makes_container(side, arrays, known)
            for side in (value.left, value.right)
        )
    if not isinstance(value, ast.Call):
        return False
    name = identifier(value.func)
    listing = name in _LISTING and isinstance(value.func, ast.Attribute)
    if name in known and (name in _DICTIONARIES or listing):
        return True
    return first_name(value.func) in arrays and name not in COPYING


def _makes_collection(value: ast.expr, known: Set[str]) -> bool:
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mult):
        return any(isinstance(side, (ast.List, ast.Tuple)) for side in (value.left, value.right))
    if isinstance(value, ast.Call):
        return isinstance(value.func, ast.Name) and value.func.id in _COLLECTING & known
    return isinstance(value, _DISPLAYS)

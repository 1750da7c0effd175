"""What has to be known of scopes before they are evaluated, gathered in one walk over the tree."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_NOTABLE = (ast.Global, ast.Nonlocal, ast.Yield, ast.YieldFrom, ast.Name, ast.Attribute)


@dataclass
class Outline:
    """``foreign``: names of a scope that inner scopes rebind by ``global`` or ``nonlocal``.

    ``generators`` are functions that yield; ``dynamic`` are classes in whose bodies attributes may
    be bound under names that the text does not show.
    """

    foreign: dict[ast.AST, set[str]] = field(default_factory=dict)
    generators: set[ast.AST] = field(default_factory=set)
    dynamic: set[ast.AST] = field(default_factory=set)

    def foreign_names(self, scope: ast.AST) -> frozenset[str]:
        return frozenset(self.foreign.get(scope, ()))


def outline(tree: ast.Module) -> Outline:
    result = Outline()
    stack: list[tuple[ast.AST, tuple[ast.AST, ...]]] = [(tree, (tree,))]
    while stack:
        node, scopes = stack.pop()
        for child in ast.iter_child_nodes(node):
            if isinstance(child, _NOTABLE):
                _note(child, scopes, result)
            stack.append((child, (*scopes, child) if isinstance(child, _SCOPES) else scopes))
    return result


def _note(node: ast.AST, scopes: tuple[ast.AST, ...], result: Outline) -> None:
    if isinstance(node, ast.Global):
        result.foreign.setdefault(scopes[0], set()).update(node.names)
    elif isinstance(node, ast.Nonlocal):
        for scope in scopes[1:]:
            result.foreign.setdefault(scope, set()).update(node.names)
    elif isinstance(node, (ast.Yield, ast.YieldFrom)):
        result.generators.add(scopes[-1])
    elif (isinstance(node, ast.Name) and node.id in ("setattr", "vars")) or (
        isinstance(node, ast.Attribute) and node.attr in ("__dict__", "__setattr__")
    ):
        result.dynamic.update(scope for scope in scopes if isinstance(scope, ast.ClassDef))

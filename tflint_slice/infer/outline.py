"""What has to be known of a file's names before it is evaluated.

The evaluator follows one name at a time. Lists, dicts and ndarrays can change under another name,
in another function, or in code that is not in view; so of each name (or attribute) it is first
asked whether all its uses are of kinds that cannot let that happen.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from tflint_slice.infer.replacing import last_word
from tflint_slice.infer.scopes import bound_names
from tflint_slice.syntax.nodes import walk

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass
class Outline:
    """Facts about names, all of them by identifier: ``x`` stands for ``self.x`` as well.

    ``foreign``: names of a scope that inner scopes rebind by ``global`` or ``nonlocal``.
    ``generators``: functions that yield. ``dynamic``: classes whose attributes may be bound under
    names that the text does not show; ``all_dynamic`` says that of every class.
    ``replaced``: what is bound from a string, as by ``mock.patch("module.name")``, or as a name
    of a library. ``stored``: attributes that statements bind.
    ``leaky``: what may be changed by code that does not name it. ``mutated``: what is changed in
    place. ``nested``: containers whose own containers may be changed. ``viewed``: what may be
    changed through a part of it, as an ndarray is through a view. ``reshaped`` says that some
    ndarray gets another shape in place.
    """

    foreign: dict[ast.AST, set[str]] = field(default_factory=dict)
    generators: set[ast.AST] = field(default_factory=set)
    dynamic: set[ast.AST] = field(default_factory=set)
    all_dynamic: bool = False
    replaced: set[str] = field(default_factory=set)
    stored: set[str] = field(default_factory=set)
    leaky: set[str] = field(default_factory=set)
    mutated: set[str] = field(default_factory=set)
    nested: set[str] = field(default_factory=set)
    viewed: set[str] = field(default_factory=set)
    reshaped: bool = False
    words: set[str] = field(default_factory=set)
    """The attributes and keywords that occur anywhere."""

    bound: dict[ast.AST, frozenset[str]] = field(default_factory=dict)
    plain: dict[ast.AST, bool] = field(default_factory=dict)
    """What was asked of functions already: see ``inlining.is_plain``."""

    bindings_within: bool = False
    """Whether any expression binds a name on its way."""

    def binds_within(self, node: ast.expr) -> bool:
        """Whether an expression binds a name itself, or a part of it does."""
        return self.bindings_within and any(isinstance(part, ast.NamedExpr) for part in walk(node))

    def names_bound_by(self, node: ast.AST) -> frozenset[str]:
        """The names that a statement, or the body of a function, binds in its scope."""
        names = self.bound.get(node)
        if names is None:
            own = node.body if isinstance(node, _DEFINITIONS) else [node]
            names = self.bound[node] = frozenset(bound_names(own))  # type: ignore[arg-type]
        return names

    def foreign_names(self, scope: ast.AST) -> frozenset[str]:
        return frozenset(self.foreign.get(scope, ()))


def identifier(node: ast.expr) -> str | None:
    """``x`` of ``x``, ``self.x``, ``x[0]`` and ``self.x[0][1]``."""
    while isinstance(node, ast.Subscript):
        node = node.value
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else None


def own_methods(node: ast.ClassDef) -> set[str]:
    """The methods that are given the object that they are called on."""
    return {
        each.name
        for each in node.body
        if isinstance(each, _DEFINITIONS)
        and not any(
            last_word(name) in ("staticmethod", "classmethod") for name in each.decorator_list
        )
    }

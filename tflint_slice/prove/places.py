"""Where the values of expressions come from: the surroundings, a module, or the statements."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from enum import Enum

from tflint_slice.model import Kind, Operand
from tflint_slice.prove import pure
from tflint_slice.prove.inputs import ARRAYS, CONTAINERS, UNKNOWN


class Unliftable(Exception):
    """The statements hold something that cannot be tried out apart from its surroundings."""


class Origin(Enum):
    """Where the value of an expression comes from."""

    COMPUTED = "the statements themselves, or the target"
    OUTSIDE = "an input"
    MODULE = "a module"


@dataclass
class Places:
    """Answers questions about the expressions of one side, as they were written.

    ``alone`` are the texts that stand somewhere without a dot or bracket behind them. ``bound``
    are the names that the statements have certainly bound so far.
    """

    facts: dict[str, Operand]
    target: str
    modules: dict[str, str]
    alone: set[str]
    bound: set[str] = field(default_factory=set)

    def fact(self, text: str) -> Operand:
        return self.facts.get(text, UNKNOWN)

    def origin(self, node: ast.expr) -> Origin:
        if ast.unparse(node) == self.target:
            return Origin.COMPUTED
        if isinstance(node, ast.Name):
            if node.id in self.bound:
                return Origin.COMPUTED
            return Origin.MODULE if self.qualified(node) else Origin.OUTSIDE
        if isinstance(node, ast.Attribute) and self.qualified(node):
            return Origin.MODULE
        if isinstance(node, (ast.Attribute, ast.Subscript)):
            base = self.origin(node.value)
            return Origin.COMPUTED if base is Origin.MODULE else base
        return Origin.COMPUTED

    def qualified(self, node: ast.expr) -> str | None:
        """The qualified name, if it is that of a package whose functions may be run."""
        if isinstance(node, ast.Name) and node.id not in self.bound:
            name = self.modules.get(node.id)
        elif isinstance(node, ast.Attribute):
            base = self.qualified(node.value)
            name = None if base is None else f"{base}.{node.attr}"
        else:
            return None
        known = name is not None and pure.canonical(name + ".").split(".")[0] in pure.MODULES
        return name if known else None

    def is_array(self, node: ast.expr) -> bool:
        text = ast.unparse(node)
        fact = self.fact(text)
        if fact.kind is not Kind.UNKNOWN:
            return fact.kind in ARRAYS
        return text in self.alone and text not in ("self", "cls")

    def is_array_item(self, node: ast.Subscript) -> bool:
        """Whether ``x[i]`` is a part of the array or list ``x``, or a thing of its own."""
        kind = self.fact(ast.unparse(node.value)).kind
        if kind in ARRAYS or kind in CONTAINERS or not self.is_fixed(node.slice):
            return True
        index = node.slice
        if kind in (Kind.DICT, Kind.INSTANCE) or (
            isinstance(index, ast.Constant) and isinstance(index.value, str)
        ):
            return False
        parts = index.elts if isinstance(index, ast.Tuple) else [index]
        if any(
            isinstance(part, ast.Slice)
            or (isinstance(part, ast.Constant) and part.value in (None, Ellipsis))
            for part in parts
        ):
            return True
        if self.fact(ast.unparse(node)).kind is not Kind.UNKNOWN:
            return False
        return self.is_array(node.value)

    def is_fixed(self, node: ast.AST) -> bool:
        """Whether evaluating it runs no call and depends on nothing the statements bind."""
        return not any(
            isinstance(part, (ast.Call, ast.NamedExpr, ast.Await, ast.Lambda))
            or (isinstance(part, ast.Name) and part.id in self.bound)
            or (isinstance(part, ast.expr) and ast.unparse(part) == self.target)
            for part in ast.walk(node)
        )

    def has_method(self, receiver: ast.expr, method: str) -> bool:
        kind = self.fact(ast.unparse(receiver)).kind
        if kind in ARRAYS or kind in CONTAINERS or kind is Kind.DICT:
            return method in pure.METHODS
        return kind is Kind.UNKNOWN and method in pure.ARRAY_METHODS

    def is_fixed_but_for_calls(self, node: ast.Call) -> bool:
        return all(
            self.is_fixed(part)
            for part in ast.walk(node)
            if isinstance(part, ast.expr)
            and not any(isinstance(inner, ast.Call) for inner in ast.walk(part))
        )

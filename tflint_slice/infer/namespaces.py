"""The evaluator's lowest layer: its state, and what names hold where it is at work."""

from __future__ import annotations

import ast
import builtins

from tflint_slice.infer.classes import Assumptions, ClassTable
from tflint_slice.infer.outline import Outline
from tflint_slice.infer.scopes import Scope, bound_names
from tflint_slice.infer.values import (
    UNKNOWN,
    Value,
    join,
    symbol,
    without_contents,
    without_symbols,
)
from tflint_slice.model import Kind


class Namespaces:
    """Looks names up in the scopes around the place at hand, and binds them there."""

    def __init__(
        self,
        seen: Outline,
        known: ClassTable,
        returns: dict[str, Value],
        weight_kind: Kind,
        assumed: Assumptions,
    ) -> None:
        self.known = known
        self.assumed = assumed
        self.circular: str | None = None
        """The attribute that the statement at hand computes from itself."""
        self.classes = ClassTable()
        self.known_returns = returns
        self.weight_kind = weight_kind
        self.values: dict[ast.expr, Value] = {}
        self.outline = seen
        self.starred = False
        self.scope: Scope = Scope(ast.Module([], []))
        self.closures: dict[ast.AST, dict[str, Value]] = {}

    def lookup(self, name: str) -> Value:
        if name in self.scope.globals:
            return self._summary(self.owner(name), name)
        if name in self.scope.env and name not in self.scope.foreign:
            return self.scope.env[name]
        scope: Scope | None = self.scope
        own = True
        while scope is not None:
            known = name in scope.bindings or name in self.closures.get(scope.node, {})
            if known and own and self._binds_later(scope, name):
                if not scope.is_class and (scope.parent is not None or not hasattr(builtins, name)):
                    return UNKNOWN
            elif known and (own or not scope.is_class):
                return self._summary(scope, name)
            own = False
            scope = scope.parent
        # A star import may have put anything in the place of a built-in name.
        return UNKNOWN if self.starred else symbol(f"builtins.{name}")

    def _binds_later(self, scope: Scope, name: str) -> bool:
        """Whether nothing can have bound a name yet that statements of a scope bind."""
        if name in scope.foreign or name in scope.turned:
            return False
        around = scope
        while around.parent is not None and not (around.is_function or around.is_class):
            around = around.parent
        if isinstance(around.node, ast.ClassDef):
            return name in bound_names(around.node.body)
        # What is in the bindings may be changed here only, and be bound in a scope around.
        return name in self.outline.names_bound_by(around.node)

    def owner(self, name: str) -> Scope:
        """The scope that ``global`` or ``nonlocal`` refers to."""
        if name in self.scope.nonlocals:
            scope = self.scope.parent
            while scope is not None:
                known = scope.bindings.keys() | self.closures.get(scope.node, {}).keys()
                if scope.is_function and name in known:
                    return scope
                scope = scope.parent
        return self._module_scope()

    def _summary(self, scope: Scope, name: str) -> Value:
        """What a name of another scope may hold at an unknown time."""
        return self.closures.get(scope.node, {}).get(name, UNKNOWN)

    def _module_scope(self) -> Scope:
        scope = self.scope
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def bind_name(self, name: str, value: Value) -> None:
        """Bind a name where ``global`` and ``nonlocal`` say that it lives."""
        value = self.settled(name, value)
        if name not in self.scope.globals:
            self.scope.bind(name, value)
            return
        scope = self.owner(name)
        value = without_symbols(value)
        before = scope.bindings.get(name)
        scope.bindings[name] = value if before is None else join(before, value)
        scope.env[name] = scope.bindings[name]

    def settled(self, name: str, value: Value) -> Value:
        """``value`` as it may be relied on for as long as the name holds it."""
        seen = self.outline
        if name in seen.replaced:
            return UNKNOWN
        changed = name in seen.mutated or name in seen.viewed
        leaky = name in seen.leaky or (value.kind is Kind.NDARRAY and changed)
        if leaky or name in seen.nested or seen.reshaped:
            if value.kind is Kind.NDARRAY and not leaky and not seen.reshaped:
                return value
            return without_contents(value, nested=not leaky, reshaped=seen.reshaped)
        return value

    def learn(self, name: str, value: Value) -> None:
        """From here on more is known of what a name holds, which was not bound again."""
        scope = self.scope
        if name in scope.env and name not in scope.foreign and name not in scope.globals:
            scope.env[name] = self.settled(name, value)

    def known_value(self, node: ast.expr) -> Value:
        return self.values.get(node, UNKNOWN)

    def _is_one_object(self, name: str) -> bool:
        """Whether the name is that of a method for its object, which is not bound again."""
        scope: Scope | None = self.scope
        while scope is not None and not (scope.is_function and name in scope.bindings):
            scope = scope.parent
        if scope is None or scope.parent is None or not scope.parent.is_class:
            return False
        return name not in self.outline.names_bound_by(scope.node) | scope.foreign


def is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"

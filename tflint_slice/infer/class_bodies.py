"""The evaluator's layer for classes: what their bodies store, and what their methods are."""

from __future__ import annotations

import ast

from tflint_slice.infer.classes import ClassFacts
from tflint_slice.infer.decorating import Role, role
from tflint_slice.infer.functions import Functions
from tflint_slice.infer.importing import KNOWN_ROOTS
from tflint_slice.infer.scopes import FunctionNode, Scope, bound_names
from tflint_slice.infer.values import UNKNOWN, Value
from tflint_slice.model import Kind

_CLASS_DECORATORS = ("dataclasses.dataclass", "tensorflow.", "keras.", "tf_keras.")


class ClassBodies(Functions):
    """Evaluates class statements, and defines the classes that they make."""

    def _on_classdef(self, node: ast.ClassDef) -> None:
        bases = tuple(
            value.name for value in map(self.evaluate, node.bases) if value.name is not None
        )
        kept = all(map(self._keeps_class, node.decorator_list))
        dynamic = node in self.outline.dynamic or self.outline.all_dynamic or not kept
        facts = self.classes.define(self._key(node), node, bases, dynamic)
        self.known.define(facts.key, node, bases, dynamic)
        outer = self.scope
        self.scope = Scope(node, parent=outer, env={}, foreign=frozenset())
        defined = (ast.FunctionDef, ast.AsyncFunctionDef)
        others = bound_names(each for each in node.body if not isinstance(each, defined))
        for statement in node.body:
            if isinstance(statement, defined):
                # ``method = staticmethod(method)``
                again = statement.name in others
                self._define(statement, None if again else facts.key)
                self._method(facts, statement)
                if again:
                    facts.methods[statement.name] = UNKNOWN
            else:
                self.statement(statement)
        foreign = any(not base.startswith(KNOWN_ROOTS) and "@" not in base for base in bases)
        foreign = foreign or len(bases) < len(node.bases)
        for name, value in self.scope.bindings.items():
            if name not in facts.methods:
                # A base class out of sight may set what looks like a constant of the class.
                facts.store(name, UNKNOWN if foreign else value)
        self._scopes.append(self.scope)
        self.scope = outer
        self.bind_name(node.name, Value(Kind.CLASS, name=facts.key) if kept else UNKNOWN)

    def _method(self, facts: ClassFacts, node: FunctionNode) -> None:
        kind = role(node.decorator_list, self.known_value)
        function = Value(Kind.FUNCTION, name=self._key(node))
        known = kind in (Role.KEPT, Role.TRACED)
        facts.methods[node.name] = function if known else UNKNOWN
        if kind is Role.COMPUTED:
            facts.properties[node.name] = function
        elif not _sets(node):
            facts.properties.pop(node.name, None)

    def _keeps_class(self, decorator: ast.expr) -> bool:
        """Whether a decorated class is what its body says."""
        self.evaluate(decorator)
        function = decorator.func if isinstance(decorator, ast.Call) else decorator
        return (self.values[function].name or "").startswith(_CLASS_DECORATORS)


def _sets(node: FunctionNode) -> bool:
    """Whether it is what a property calls when it is set or deleted."""
    return any(
        isinstance(decorator, ast.Attribute)
        and decorator.attr in ("setter", "deleter")
        and isinstance(decorator.value, ast.Name)
        and decorator.value.id == node.name
        for decorator in node.decorator_list
    )

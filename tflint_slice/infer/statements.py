"""The evaluator's layer for simple statements: what they assign, delete, return and declare."""

from __future__ import annotations

import ast
from dataclasses import replace

from tflint_slice.infer import api
from tflint_slice.infer.annotations import annotated, tells
from tflint_slice.infer.expressions import OPERATORS
from tflint_slice.infer.importing import Importing
from tflint_slice.infer.narrowing import checked
from tflint_slice.infer.rebinding import (
    is_arithmetic_of,
    is_scatter_of,
    rebinds_silently,
    without_shape,
)
from tflint_slice.infer.values import NONE, UNKNOWN, Value, join, without_symbols
from tflint_slice.model import Kind
from tflint_slice.syntax.nodes import walk


class Statements(Importing):
    """Runs the statements that hold no others."""

    def _on_expr(self, node: ast.Expr) -> None:
        self.evaluate(node.value)
        for name, value in checked(node.value, self.known_value):
            self.learn(name, value)

    def _on_assign(self, node: ast.Assign) -> None:
        value = self.evaluate(node.value)
        for target in node.targets:
            stored = value
            if isinstance(target, ast.Attribute) and _mentions(node.value, target.attr):
                self.circular = target.attr
                stored = self._kept(target, node.value, value)
            self.bind_target(target, stored)
            self.circular = None

    def _on_annassign(self, node: ast.AnnAssign) -> None:
        declared = annotated(node.annotation, self.evaluate)
        if self.scope.is_class:
            self.bind_target(node.target, self._field(declared, node.value))
        elif node.value is not None:
            value = self.evaluate(node.value)
            if value.kind is Kind.UNKNOWN and tells(declared):
                value = declared
            self.bind_target(node.target, value)
        elif isinstance(node.target, ast.Name):
            self.bind_name(node.target.id, declared)

    def _field(self, declared: Value, default: ast.expr | None) -> Value:
        """An annotated field of a class, to which a generated constructor may give any value."""
        if default is not None:
            value = self.evaluate(default)
            if value.kind is Kind.NONE:
                declared = replace(declared, optional=True)
            elif value.kind is not Kind.UNKNOWN:
                declared = join(declared, value)
        return declared if tells(declared) else UNKNOWN

    def _on_augassign(self, node: ast.AugAssign) -> None:
        value = self.evaluate(node.value)
        target = node.target
        if isinstance(target, ast.Subscript):
            before = self.evaluate(target.value)
            self.evaluate(target.slice)
            self.values[target] = api.item(before, self.values[target.slice])
            self._mutate(target.value, UNKNOWN)
            return
        before = self.evaluate(target)
        if before.kind in (Kind.LIST, Kind.DICT):
            extended = before.kind is Kind.LIST and isinstance(node.op, ast.Add)
            self._mutate(target, api.iterate(value) if extended else UNKNOWN)
            return
        result = UNKNOWN
        if isinstance(target, ast.Attribute):
            self.circular = target.attr
        if not before.kind.is_variable:
            result = api.binary(OPERATORS[type(node.op)], before, value)
        if isinstance(target, ast.Attribute):
            variable = self._creation(target)
            if rebinds_silently(node.op, variable.kind):
                result = without_shape(variable)
        self.bind_target(target, result)
        self.circular = None

    def _kept(self, target: ast.Attribute, node: ast.expr, value: Value) -> Value:
        """What an attribute computed from itself counts as: a variable if it was made as one."""
        scatter = is_scatter_of(target, node, lambda function: self.values[function].name)
        if not scatter and not is_arithmetic_of(target, node):
            return value
        variable = self._creation(target)
        if not variable.kind.is_variable:
            return value
        return variable if scatter else without_shape(variable)

    def _creation(self, target: ast.Attribute) -> Value:
        """What an attribute holds but for the stores that compute it from itself."""
        receiver = self.evaluate(target.value)
        if receiver.kind is not Kind.INSTANCE or receiver.name not in self.known.classes:
            return UNKNOWN
        return without_symbols(self.known.independently(receiver.name, target.attr))

    def _on_delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if isinstance(target, ast.Subscript):
                self.evaluate(target.value)
                self.evaluate(target.slice)
                self._mutate(target.value, None)
            elif isinstance(target, ast.Name):
                self.bind_name(target.id, UNKNOWN)

    def _on_return(self, node: ast.Return) -> None:
        value = NONE if node.value is None else self.evaluate(node.value)
        before = self.scope.returns
        self.scope.returns = value if before is None else join(before, value)

    def _on_raise(self, node: ast.Raise) -> None:
        for part in (node.exc, node.cause):
            if part is not None:
                self.evaluate(part)

    def _on_assert(self, node: ast.Assert) -> None:
        self.evaluate(node.test)
        if node.msg is not None:
            self.evaluate(node.msg)
        # An assertion may be left out, but one of a class says no more than an annotation.
        if isinstance(node.test, ast.Call):
            self.assume(node.test, True)

    def _on_global(self, node: ast.Global) -> None:
        self.scope.globals |= set(node.names)

    def _on_nonlocal(self, node: ast.Nonlocal) -> None:
        self.scope.globals |= set(node.names)
        self.scope.nonlocals |= set(node.names)


def _mentions(node: ast.expr, attribute: str) -> bool:
    return any(isinstance(n, ast.Attribute) and n.attr == attribute for n in walk(node))

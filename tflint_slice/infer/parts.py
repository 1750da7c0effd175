"""The evaluator's layer for parts of things: attributes, items and slices."""

from __future__ import annotations

import ast
from dataclasses import replace

from tflint_slice.infer import api
from tflint_slice.infer.annotations import alias
from tflint_slice.infer.calling import Calling
from tflint_slice.infer.layers import QUANTIZING, weights
from tflint_slice.infer.namespaces import is_self
from tflint_slice.infer.values import UNKNOWN, Value, as_declared, constant, without_symbols
from tflint_slice.model import Kind


class Parts(Calling):
    """Evaluates what is looked up in another value."""

    def _attribute(self, node: ast.Attribute) -> Value:
        receiver = self.evaluate(node.value)
        if node.attr in self.outline.replaced:
            return UNKNOWN
        if receiver.kind is Kind.INSTANCE and receiver.name in self.known.classes:
            value = self.known.attribute(receiver.name, node.attr)
            value = self.assumed.get((receiver.name, node.attr), value)
            getter = self.known.property(receiver.name, node.attr)
            if getter is not None and getter.name in self.known_returns:
                stored = self.only_reads(getter.name)
                return self.returned(getter.name, receiver, None) if stored else UNKNOWN
            if value.kind is Kind.UNKNOWN and not self.known.holds(receiver.name, node.attr):
                value = self._inherited(receiver.name, node.attr)
            if not receiver.plain:
                value = as_declared(value)
            if not (is_self(node.value) and self._is_one_object("self")):
                return without_symbols(value)
            once = self.known.stored_once_in_init(receiver.name, node.attr)
            if value.symbol is None and once:
                return value.but(symbol=f"self.{node.attr}@{receiver.name}")
            return value
        if receiver.name is not None and "@" in receiver.name:
            # An attribute of a class or function of this file.
            own = receiver.kind is Kind.CLASS and receiver.name in self.known.classes
            value = self.known.attribute(receiver.name, node.attr) if own else UNKNOWN
            return without_symbols(value)
        if receiver.kind is Kind.FUNCTION and receiver.name:
            return api.member(receiver.name, node.attr)
        if receiver.kind is Kind.INSTANCE and receiver.name:
            if node.attr in self.outline.stored:
                return UNKNOWN
            return self._weights(receiver.name, node.attr)
        return api.attribute(receiver, node.attr)

    def only_reads(self, key: str) -> bool:
        """Whether a getter is a name for an attribute, and gives the same however often it runs."""
        return False

    def _inherited(self, key: str, name: str) -> Value:
        """An attribute that a class of the file has from a base class of TensorFlow or Keras."""
        base = self.known.library_base(key)
        return UNKNOWN if base is None else self._weights(base, name)

    def _weights(self, base: str, name: str) -> Value:
        computed = not QUANTIZING.isdisjoint(self.outline.words)
        return weights(base, name, self.weight_kind, computed=computed)

    def _subscript(self, node: ast.Subscript) -> Value:
        receiver = self.evaluate(node.value)
        index = self.evaluate(node.slice)
        declared = alias(node, receiver, self.evaluate)
        if declared is not None:
            return declared
        value = api.item(receiver, index)
        if value.shape is None and receiver.is_array:
            value = replace(value, least_rank=self._kept_axes(node.slice))
        return value

    def _kept_axes(self, index: ast.expr) -> int:
        """How many axes a subscript's result has at least: each ``:`` and each None is one."""
        parts = index.elts if isinstance(index, ast.Tuple) else [index]
        return sum(self.values[part].kind in (Kind.SLICE, Kind.NONE) for part in parts)

    def _slice(self, node: ast.Slice) -> Value:
        none = constant(None)
        parts = tuple(
            none if part is None else self.evaluate(part)
            for part in (node.lower, node.upper, node.step)
        )
        return Value(Kind.SLICE, items=parts)

"""The evaluator's layer for changes of objects: of their attributes, and of containers in place."""

from __future__ import annotations

import ast

from tflint_slice.infer.inlining import symbols_in
from tflint_slice.infer.namespaces import Namespaces, is_self
from tflint_slice.infer.values import (
    UNKNOWN,
    Value,
    changed_container,
    with_entry,
    without_contents,
    without_symbols,
)
from tflint_slice.model import Kind

_CONTAINERS = (Kind.LIST, Kind.DICT)
_OWNERS = (Kind.INSTANCE, Kind.CLASS)


class Mutation(Namespaces):
    """Records what attributes and containers hold after a change of them."""

    def store_attribute(self, target: ast.Attribute, value: Value) -> None:
        """``receiver.name = value``, for every class that the receiver may be an instance of."""
        receiver = self.values.get(target.value, UNKNOWN)
        value = self.settled(target.attr, value)
        declared = receiver.kind is Kind.INSTANCE and not receiver.plain
        own = receiver.kind in _OWNERS and receiver.name in self.classes.classes
        if own and not declared:
            assert receiver.name is not None
            # Only what ``__init__`` stores belongs together: a method may store one attribute
            # again and leave another, so that equal symbols would stand for unequal numbers.
            initial = is_self(target.value) and getattr(self.scope.node, "name", "") == "__init__"
            if not initial:
                value = without_symbols(value, self._lasting(target.value, receiver.name))
            circular = self.circular == target.attr
            self.classes.classes[receiver.name].store(target.attr, value, circular, initial)
        elif declared or receiver.kind is Kind.UNKNOWN:
            # An annotation may name a class that the object is only similar to.
            for facts in self.known.owners(target.attr):
                if facts.key in self.classes.classes:
                    self.classes.classes[facts.key].store(target.attr, without_symbols(value))

    def _lasting(self, receiver: ast.expr, key: str) -> set[str]:
        """The symbols that ``__init__`` gave to attributes which keep them as long as they live."""
        if not is_self(receiver):
            return set()
        held = (value for facts in self.known.family(key) for value in facts.attributes.values())
        return set[str]().union(*map(symbols_in, held))

    def _mutate(self, container: ast.expr, element: Value | None, key: Value | None = None) -> None:
        """Record that ``element`` went into a list or dict, or into an ndarray.

        Names through which that might be seen elsewhere say nothing of their contents to begin
        with: see the outline.
        """
        before = self.values.get(container, UNKNOWN)
        if before.kind is Kind.NDARRAY:
            after = without_contents(before, nested=False, reshaped=False)
        elif before.kind in _CONTAINERS:
            if key is None or element is None:
                after = changed_container(before, element)
            else:
                after = with_entry(before, key, element)
        else:
            if isinstance(container, ast.Attribute) and before.kind is Kind.UNKNOWN:
                self._mutate_attribute(container)
            return
        if isinstance(container, ast.Attribute):
            self.store_attribute(container, after)
        elif isinstance(container, ast.Name):
            self.bind_name(container.id, after)

    def _mutate_attribute(self, container: ast.Attribute) -> None:
        """Something went into the attribute of an object of which nothing is known."""
        for facts in self.known.owners(container.attr):
            held = facts.attributes[container.attr]
            changed = without_contents(held, nested=False, reshaped=False)
            if facts.key in self.classes.classes and changed != held:
                self.classes.classes[facts.key].store(container.attr, changed)

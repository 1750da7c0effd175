"""The evaluator's layer for imports: names of libraries and of modules of the project."""

from __future__ import annotations

import ast
from typing import Final

from tflint_slice.infer.classes import ClassFacts
from tflint_slice.infer.exports import Import, bindings
from tflint_slice.infer.flow import Flow
from tflint_slice.infer.imports import Imports, of_library
from tflint_slice.infer.values import UNKNOWN, Value
from tflint_slice.model import Kind

KNOWN_ROOTS: Final = ("tensorflow", "keras", "tf_keras", "builtins.object", "abc.", "typing.")


class Importing(Flow):
    """Binds what import statements bind, and evaluates attributes of the project's modules."""

    imports: Imports | None = None
    returns: dict[str, Value]
    _adopted: dict[str, ClassFacts] | None = None

    def _on_import(self, node: ast.Import) -> None:
        for name, what in bindings(node):
            value = self._imported(name, what)
            self.bind_name(name, value or of_library(what))

    def _on_importfrom(self, node: ast.ImportFrom) -> None:
        module = "" if node.level else node.module or ""
        for name, what in bindings(node):
            if name == "*":
                self._forget_names()
                self.starred = self.starred or not module.startswith(KNOWN_ROOTS)
                self._bind_starred(what)
                continue
            value = self._imported(name, what)
            if value is None:
                value = UNKNOWN if node.level else of_library(what)
            self.bind_name(name, value)

    def _imported(self, name: str, what: Import) -> Value | None:
        if self.imports is None:
            return None
        value = self.imports.bound(name, what)
        self._adopt(self.imports)
        return value

    def _bind_starred(self, what: Import) -> None:
        if self.imports is None:
            return
        names = self.imports.starred(what)
        self._adopt(self.imports)
        for name, value in names.items():
            self.bind_name(name, value)

    def _forget_names(self) -> None:
        """A star import may rebind everything but modules, which it is taken to leave alone."""
        for name, value in list(self.scope.env.items()):
            if value.kind is not Kind.FUNCTION:
                self.scope.bind(name, UNKNOWN)

    def _attribute(self, node: ast.Attribute) -> Value:
        value = super()._attribute(node)
        module = self.values[node.value]
        if module.kind is Kind.MODULE and module.name and self.imports is not None:
            value = self.imports.member(module.name, node.attr, whole=not module.plain)
            self._adopt(self.imports)
            if self.outline.all_dynamic or node.attr in self.outline.replaced:
                return UNKNOWN
        return value

    def _adopt(self, imports: Imports) -> None:
        """Know the classes and functions of other files as if they were of this one."""
        if self._adopted is imports.classes:
            return
        self._adopted = imports.classes
        for facts in imports.classes.values():
            self.classes.adopt(facts, self.outline.all_dynamic)
            self.known.adopt(facts, self.outline.all_dynamic)
        self.returns.update(imports.returns)
        self.known_returns.update(imports.returns)

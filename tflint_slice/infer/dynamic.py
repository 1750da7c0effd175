"""Classes whose objects hold what the text does not show, and names that are bound by strings.

An attribute may be stored under a computed name, by a special method, or by a method that is
called on an object of another class. What the text stores in such a class is not relied on.
"""

from __future__ import annotations

import ast

from tflint_slice.infer.outline import Outline, own_methods
from tflint_slice.infer.replacing import (
    SPECIAL,
    first_word,
    last_word,
    makes_class,
    mangled,
    sets_attribute,
    texts_in,
)
from tflint_slice.infer.scopes import bound_names
from tflint_slice.infer.surroundings import Surroundings, root
from tflint_slice.syntax.nodes import walk

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_REFLECTING = frozenset(
    {
        *((ast.Name, name) for name in ("setattr", "vars", "delattr")),
        *((ast.Attribute, name) for name in ("__dict__", "__setattr__")),
    }
)


class DynamicClasses:
    """Notes what makes a class dynamic, and what is replaced or stored."""

    def __init__(self, around: Surroundings, result: Outline) -> None:
        self.result = result
        self.around = around
        self.parents = around.parents
        self.classes = around.classes

    def note(
        self, node: ast.Name | ast.Attribute | ast.Subscript, scopes: tuple[ast.AST, ...]
    ) -> None:
        if _word(node) in _REFLECTING:
            self._note_reflection(node, scopes)
        if isinstance(node, ast.Attribute):
            self._note_attribute(node, scopes)
        elif isinstance(scopes[-1], ast.ClassDef):
            self._note_in_class(node, scopes[-1])

    def note_function(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef, scopes: tuple[ast.AST, ...]
    ) -> None:
        if node.name in SPECIAL:
            self.result.dynamic.add(scopes[-1])

    def note_class(self, node: ast.ClassDef, scopes: tuple[ast.AST, ...]) -> None:
        if node.keywords:
            self.result.dynamic.add(node)
        # ``def make(base): class Made(base): ...`` may bind what any other class does.
        functions = [scope for scope in scopes if isinstance(scope, _DEFINITIONS)]
        given = {
            arg.arg for each in functions for arg in walk(each.args) if isinstance(arg, ast.arg)
        }
        if given.isdisjoint(map(first_word, node.bases)):
            return
        others = (each for classes in self.classes.values() for each in classes if each is not node)
        self.result.replaced.update(_attributes(node) & set().union(*map(_attributes, others)))

    def note_call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Name) and node.func.id == "getattr":
            self.result.leaky.update(map(_text, node.args[1:2]))
            for each in self.classes.get(root(node.args[0]) if node.args else "", ()):
                self.result.dynamic.add(each)
        self._note_replacement(node)

    def _note_reflection(self, node: ast.expr, scopes: tuple[ast.AST, ...]) -> None:
        classes = [scope for scope in scopes if isinstance(scope, ast.ClassDef)]
        self.result.dynamic.update(classes)
        if not classes or not self._about_self(node):
            self.result.all_dynamic = True

    def _note_replacement(self, call: ast.Call) -> None:
        """``mock.patch("module.name")``, ``monkeypatch.setattr(thing, "name", x)`` and the like."""
        result, setting = self.result, sets_attribute(last_word(call.func))
        if makes_class(call):
            result.all_dynamic = True
        parts = (part for part in walk(call.func) if isinstance(part, (ast.Name, ast.Attribute)))
        if not setting and self.around.patchers.isdisjoint(map(last_word, parts)):
            return
        texts = texts_in(call)
        for name in texts:
            result.replaced.update((name, *mangled(name)))
        if setting and not texts and isinstance(call.func, ast.Attribute):
            result.all_dynamic = True

    def _note_attribute(self, node: ast.Attribute, scopes: tuple[ast.AST, ...]) -> None:
        result = self.result
        if not isinstance(node.ctx, ast.Load):
            result.stored.add(node.attr)
            result.replaced.update(mangled(node.attr))
            if root(node) in self.around.libraries:
                result.replaced.add(node.attr)
            if node.attr in SPECIAL or node.attr == "__class__":
                result.all_dynamic = True
        elif node.attr in ("__set__", "__func__"):
            result.all_dynamic = True
        else:
            for each in self._classes_meant(node.value):
                if node.attr in own_methods(each) and not self._called_on_self(node, scopes):
                    # The method may be called on an object that is no instance of the class.
                    result.dynamic.add(each)

    def _note_in_class(self, node: ast.expr, owner: ast.ClassDef) -> None:
        """The name of a method in the body of its class, where it is a mere function."""
        if not isinstance(node, ast.Name):
            return
        parent = self.parents[node]
        is_getter = isinstance(parent, ast.Call) and last_word(parent.func) == "property"
        if node.id in SPECIAL or (
            isinstance(node.ctx, ast.Load) and node.id in own_methods(owner) and not is_getter
        ):
            self.result.dynamic.add(owner)

    def _classes_meant(self, node: ast.expr) -> list[ast.ClassDef]:
        """The classes that ``Name``, ``type(x)`` or ``x.__class__`` may be."""
        if isinstance(node, ast.Name):
            return self.classes.get(node.id, [])
        asked = isinstance(node, ast.Call) and last_word(node.func) == "type"
        if asked or (isinstance(node, ast.Attribute) and node.attr == "__class__"):
            return [each for classes in self.classes.values() for each in classes]
        return []

    def _called_on_self(self, node: ast.Attribute, scopes: tuple[ast.AST, ...]) -> bool:
        """``Base.method(self, ...)`` in a class derived from ``Base``."""
        call = self.parents[node]
        if not (isinstance(call, ast.Call) and call.func is node and call.args):
            return False
        names = {
            last_word(base)
            for scope in scopes
            if isinstance(scope, ast.ClassDef)
            for base in (ast.Name(scope.name), *scope.bases)
        }
        known = not isinstance(node.value, ast.Name) or node.value.id in names
        return _is_self(call.args[0]) and known

    def _about_self(self, node: ast.expr) -> bool:
        """``setattr(self, ...)``, ``self.__dict__``, ``super().__setattr__``."""
        if isinstance(node, ast.Attribute):
            return isinstance(node.value, ast.Call) or _is_self(node.value)
        call = self.parents[node]
        return isinstance(call, ast.Call) and bool(call.args) and _is_self(call.args[0])


def _word(node: ast.Name | ast.Attribute | ast.Subscript) -> tuple[type[ast.expr], str]:
    if isinstance(node, ast.Name):
        return ast.Name, node.id
    return ast.Attribute, node.attr if isinstance(node, ast.Attribute) else ""


def _attributes(node: ast.ClassDef) -> set[str]:
    """What the objects of a class have, but for special methods."""
    stored = (each for each in walk(node) if isinstance(each, ast.Attribute))
    names = {
        each.attr for each in stored if not isinstance(each.ctx, ast.Load) and _is_self(each.value)
    }
    return names | {name for name in bound_names(node.body) if not name.startswith("__")}


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"

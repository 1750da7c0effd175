"""The evaluator's layer for functions: where they are defined, their bodies, and single calls."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from tflint_slice.infer.annotations import annotated, tells
from tflint_slice.infer.binding import arguments
from tflint_slice.infer.calling import LAMBDA
from tflint_slice.infer.classes import Assumptions, ClassTable
from tflint_slice.infer.decorating import Role, role, traced
from tflint_slice.infer.inlining import MOST_CALLS, MOST_DEPTH, bound, is_plain, symbols_in
from tflint_slice.infer.outline import Outline
from tflint_slice.infer.scopes import FunctionNode, Scope
from tflint_slice.infer.statements import Statements
from tflint_slice.infer.values import NONE, UNKNOWN, Value, join, without_contents, without_symbols
from tflint_slice.model import Kind

_NO_METHODS = ("builtins.staticmethod", "builtins.classmethod")

_Definition = tuple[Scope, FunctionNode, str | None]
"""A function, the scope that it is defined in, and the class that it is a method of."""


class Functions(Statements):
    """Notes what functions there are, and evaluates what they return."""

    place: str = ""
    """What tells the functions and classes of the file from those of others."""

    def __init__(
        self,
        seen: Outline,
        known: ClassTable,
        returns: dict[str, Value],
        weight_kind: Kind,
        assumed: Assumptions,
    ) -> None:
        super().__init__(seen, known, returns, weight_kind, assumed)
        self.returns: dict[str, Value] = {}
        self._definitions: dict[str, _Definition] = {}
        self._pending: list[_Definition] = []
        self._scopes: list[Scope] = []
        """The scopes of which the bodies were evaluated."""
        self._calls: list[str] = []
        """The functions whose calls are being looked into."""
        self._looked_into = 0

    def _key(self, node: FunctionNode | ast.ClassDef | ast.Lambda) -> str:
        """What a function or class is known by, in all files."""
        name = LAMBDA if isinstance(node, ast.Lambda) else node.name
        return f"{name}@{node.lineno}:{node.col_offset}{self.place}"

    def _on_functiondef(self, node: FunctionNode) -> None:
        self._define(node, None)

    def _define(self, node: FunctionNode, class_key: str | None) -> None:
        for default in [*node.args.defaults, *(d for d in node.args.kw_defaults if d)]:
            self.evaluate(default)
        for decorator in node.decorator_list:
            self.evaluate(decorator)
        key = self._key(node)
        known = role(node.decorator_list, self.known_value) in (Role.KEPT, Role.TRACED)
        self.bind_name(node.name, Value(Kind.FUNCTION, name=key) if known else UNKNOWN)
        self._pending.append((self.scope, node, class_key))
        self._definitions[key] = (self.scope, node, class_key)

    def _body(self, outer: Scope, node: FunctionNode, class_key: str | None) -> None:
        self.scope = Scope(node, parent=outer, foreign=self.outline.foreign_names(node))
        names = {self.known_value(decorator).name for decorator in node.decorator_list}
        static = not names.isdisjoint(_NO_METHODS)
        known = role(node.decorator_list, self.known_value) is not Role.UNKNOWN
        optional = _arguments_that_default_to_none(node.args)
        rebound = self.outline.names_bound_by(node)
        for position, argument in enumerate(arguments(node.args)):
            own = position == 0 and class_key is not None and argument.arg not in rebound
            if own and not static and (known or argument.arg == "self"):
                itself = Value(Kind.INSTANCE, name=class_key, plain=True)
                self.scope.bind(argument.arg, itself)
                continue
            special = argument in (node.args.vararg, node.args.kwarg)
            value = UNKNOWN
            if argument.annotation is not None:
                value = annotated(argument.annotation, self._of_annotation)
            if special:
                kind = Kind.TUPLE if argument is node.args.vararg else Kind.DICT
                value = Value(kind, element=value) if tells(value) else UNKNOWN
            if value.kind in (Kind.UNKNOWN, Kind.INT) and not special:
                place = f"{argument.lineno}:{argument.col_offset}"
                value = value.but(symbol=f"{argument.arg}@{place}")
            if argument in optional:
                value = replace(value, optional=True)
            self.scope.bind(argument.arg, self.settled(argument.arg, value))
        scope = self.scope
        self.block(node.body)
        self.scope = scope
        self._scopes.append(scope)
        generator = node in self.outline.generators
        if isinstance(node, ast.FunctionDef) and not generator and scope.returns is not None:
            returned = scope.returns
            if returned.kind is Kind.UNKNOWN and node.returns is not None:
                declared = annotated(node.returns, self.evaluate)
                returned = declared if tells(declared) else returned
            if not self.leaves(node.body):
                returned = join(returned, NONE)
            if role(node.decorator_list, self.known_value) is Role.TRACED:
                returned = traced(returned)
            self.returns[self._key(node)] = returned

    def _of_annotation(self, node: ast.expr) -> Value:
        """The value of a name in an annotation, which may be one that the function imports."""
        function = self.scope
        self.scope = Scope(node, parent=function)
        value = self.evaluate(node)
        self.scope = function
        return value

    def function_of(self, node: ast.Lambda, returned: Value) -> Value:
        key = self._key(node)
        if node in self.outline.generators:
            return UNKNOWN
        before = self.returns.get(key)
        self.returns[key] = returned if before is None else join(before, returned)
        body: list[ast.stmt] = [ast.copy_location(ast.Return(node.body), node.body)]
        function = ast.FunctionDef(LAMBDA, node.args, body, [])
        self._definitions[key] = (self.scope, ast.copy_location(function, node), None)
        return Value(Kind.FUNCTION, name=key)

    def only_reads(self, key: str) -> bool:
        _, node, _ = self._definitions.get(key, (None, None, None))
        if node is None or not isinstance(node.body[-1], ast.Return):
            return False
        notes, value = node.body[:-1], node.body[-1].value
        return isinstance(value, (ast.Name, ast.Attribute, ast.Subscript)) and all(
            isinstance(note, ast.Expr) and isinstance(note.value, ast.Constant) for note in notes
        )

    def inlined(self, key: str, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value | None:
        scope, node, class_key = self._definitions.get(key, (None, None, None))
        if scope is None or not isinstance(node, ast.FunctionDef) or not self._is_plain(node):
            return None
        if node in self.outline.generators or key in self._calls:
            return None
        undecorated = all(map(_is_static, node.decorator_list))
        if not undecorated or len(self._calls) >= MOST_DEPTH or self._looked_into >= MOST_CALLS:
            return None
        if class_key is not None and not node.decorator_list:
            args = (Value(Kind.INSTANCE, name=class_key, plain=True), *args)
        given = bound(node.args, args, kwargs)
        if given is None:
            return None
        self._looked_into += 1
        known = set[str]().union(*map(symbols_in, (*args, *kwargs.values())))
        self._calls.append(key)
        with self._aside():
            self.scope = Scope(node, parent=scope, foreign=self.outline.foreign_names(node))
            for name, value in given.items():
                held = self.evaluate(value) if isinstance(value, ast.expr) else value
                if isinstance(value, ast.expr) and name in self.outline.mutated:
                    # A default is one object for all calls.
                    held = without_contents(held, nested=False, reshaped=False)
                self.scope.bind(name, self.settled(name, held))
            self.block(node.body)
            returned = self.scope.returns
            if returned is not None and not self.leaves(node.body):
                returned = join(returned, NONE)
        self._calls.pop()
        return None if returned is None else without_symbols(returned, known)

    def _is_plain(self, node: ast.FunctionDef) -> bool:
        known = self.outline.plain.get(node)
        if known is None:
            known = self.outline.plain[node] = is_plain(node)
        return known

    @contextmanager
    def _aside(self) -> Iterator[None]:
        """Evaluate without a trace: what a body does is noted where it is evaluated as such."""
        before = (self.scope, self.values, self.classes, self._pending, self.circular)
        self.values, self.classes, self._pending = {}, ClassTable(), []
        try:
            yield
        finally:
            self.scope, self.values, self.classes, self._pending, self.circular = before


def _is_static(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Name) and decorator.id == "staticmethod"


def _arguments_that_default_to_none(node: ast.arguments) -> list[ast.arg]:
    positional = [*node.posonlyargs, *node.args]
    pairs = [
        *zip(reversed(positional), reversed(node.defaults), strict=False),
        *zip(node.kwonlyargs, node.kw_defaults, strict=True),
    ]
    return [
        argument
        for argument, default in pairs
        if isinstance(default, ast.Constant) and default.value is None
    ]

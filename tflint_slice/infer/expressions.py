"""The evaluator's layer for expressions: names, operators, conditions and displays."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from tflint_slice.infer import api
from tflint_slice.infer.mutation import Mutation
from tflint_slice.infer.narrowing import narrowed
from tflint_slice.infer.scopes import Environment, join_environments
from tflint_slice.infer.values import UNKNOWN, Value, constant, join_all
from tflint_slice.model import Kind
from tflint_slice.syntax.nodes import children

OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.MatMult: "@",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.LShift: "<<",
    ast.RShift: ">>",
}
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_UNARY: dict[type[ast.unaryop], str] = {
    ast.UAdd: "+",
    ast.USub: "-",
    ast.Invert: "~",
    ast.Not: "not",
}

_METHODS: dict[type[ast.AST], str] = {
    ast.Constant: "_constant",
    ast.Name: "_name",
    ast.Attribute: "_attribute",
    ast.Subscript: "_subscript",
    ast.Slice: "_slice",
    ast.Call: "_call",
    ast.BinOp: "_binary",
    ast.UnaryOp: "_unary",
    ast.Compare: "_compare",
    ast.BoolOp: "_boolean",
    ast.IfExp: "_conditional",
    ast.List: "_list",
    ast.Tuple: "_tuple",
    ast.Dict: "_dict",
    ast.ListComp: "_list_comprehension",
    ast.GeneratorExp: "_generator",
    ast.SetComp: "_unknown_comprehension",
    ast.DictComp: "_dict_comprehension",
    ast.NamedExpr: "_walrus",
    ast.Lambda: "_lambda",
}


class Expressions(Mutation):
    """Evaluates expressions in the current scope and remembers the value of each node.

    Calls, parts of values, and what binds names are left to who inherits this. What no class has
    a method for is opaque.
    """

    _handlers: ClassVar[dict[type[ast.AST], Callable[..., Value]]]
    """Functions, not methods: these would be kept alive by what holds them, and it by them."""

    def __init_subclass__(cls) -> None:
        kinds = ast.expr.__subclasses__()
        cls._handlers = {
            kind: getattr(cls, _METHODS.get(kind, "_opaque"), cls._opaque) for kind in kinds
        }

    def evaluate(self, node: ast.expr) -> Value:
        value = self._handlers[node.__class__](self, node)
        self.values[node] = value
        return value

    def _constant(self, node: ast.Constant) -> Value:
        return constant(node.value)

    def _name(self, node: ast.Name) -> Value:
        return self.lookup(node.id)

    def _opaque(self, node: ast.expr) -> Value:
        """Anything else: its parts are evaluated, nothing is known of the whole."""
        for child in children(node):
            if isinstance(child, ast.expr):
                self.evaluate(child)
        return UNKNOWN

    # --- operators --------------------------------------------------------------------------------

    def _binary(self, node: ast.BinOp) -> Value:
        left, right = self.evaluate(node.left), self.evaluate(node.right)
        return api.binary(OPERATORS[type(node.op)], left, right)

    def _unary(self, node: ast.UnaryOp) -> Value:
        return api.unary(_UNARY[type(node.op)], self.evaluate(node.operand))

    def _compare(self, node: ast.Compare) -> Value:
        left = self.evaluate(node.left)
        values = [self.evaluate(comparator) for comparator in node.comparators]
        operator = _COMPARISONS.get(type(node.ops[0]))
        if operator is None:
            return Value(Kind.BOOL)
        if len(values) > 1:
            return UNKNOWN
        return api.compare(operator, left, values[0])

    def _boolean(self, node: ast.BoolOp) -> Value:
        values = [self.evaluate(value) for value in node.values]
        if isinstance(node.op, ast.Or):
            given = [value for value in values if value.kind is not Kind.NONE]
            if given and given[0].name == "dtype" and not given[0].optional:
                return given[0]
            # None is never what the first ones of them give.
            values[:-1] = [replace(v, optional=False) for v in values[:-1] if v.kind != Kind.NONE]
        return join_all(tuple(values))

    def _conditional(self, node: ast.IfExp) -> Value:
        self.evaluate(node.test)
        before, found, after = self.scope.env, list[Value](), list[Environment]()
        for part, truth in ((node.body, True), (node.orelse, False)):
            self.scope.env = dict(before)
            self.assume(node.test, truth)
            found.append(self.evaluate(part))
            after.append(self.scope.env)
        binds = self.outline.binds_within(node)
        self.scope.env = join_environments(after) if binds else before
        return join_all(tuple(found))

    def assume(self, test: ast.expr, truth: bool) -> None:
        """From here on a test, which was evaluated last, is known to have come out as ``truth``."""
        if self.outline.binds_within(test):
            # Which value was tested is not clear then.
            return
        found = dict[str, Value]()

        def value_of(node: ast.expr) -> Value:
            before = found.get(node.id) if isinstance(node, ast.Name) else None
            return self.known_value(node) if before is None else before

        for name, value in narrowed(test, truth, value_of):
            found[name] = value
            self.learn(name, value)

    # --- displays ---------------------------------------------------------------------------------

    def _list(self, node: ast.List) -> Value:
        return self._sequence(Kind.LIST, node.elts)

    def _tuple(self, node: ast.Tuple) -> Value:
        return self._sequence(Kind.TUPLE, node.elts)

    def _sequence(self, kind: Kind, elements: list[ast.expr]) -> Value:
        values = tuple([self.evaluate(element) for element in elements])
        if any(isinstance(element, ast.Starred) for element in elements):
            return Value(kind)
        least_rank = 1 + max((value.surest_rank for value in values), default=0)
        element = join_all(values) if values else None
        return Value(kind, items=values, element=element, least_rank=least_rank)

    def _dict(self, node: ast.Dict) -> Value:
        keys = [None if key is None else self.evaluate(key) for key in node.keys]
        values = tuple(self.evaluate(value) for value in node.values)
        if any(key is None for key in keys):
            return Value(Kind.DICT)
        entries: tuple[tuple[object, Value], ...] | None = tuple(
            (key.const, value)
            for key, value in zip(keys, values, strict=True)
            if key is not None and isinstance(key.const, (str, int))
        )
        if entries is not None and len(entries) != len(values):
            entries = None
        if entries is not None:
            # The last of equal keys is the one that stays, and ``0 == False``.
            entries = tuple(dict(entries).items())
        return Value(Kind.DICT, entries=entries, element=join_all(values) if values else None)

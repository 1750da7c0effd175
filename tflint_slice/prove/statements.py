"""Lifting of statements: assignments, control flow, and what they bind."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from tflint_slice.prove import pure
from tflint_slice.prove.expressions import Expressions
from tflint_slice.prove.inputs import Role
from tflint_slice.prove.places import Unliftable

RETURNED = "returned_value"
LAST = "last_value"


@dataclass(frozen=True)
class Side:
    """One of the functions: its statements, lifted, and what they bind.

    ``unsure`` are those that it binds on some paths only. ``last`` is the name that holds what
    the last statement computes, if it is an expression or binds one name. ``writes`` says that a
    statement may change the target or another array. ``branches`` says that there is control
    flow, which ``tf.function`` would have to convert.
    """

    statements: tuple[str, ...]
    stored: frozenset[str]
    unsure: frozenset[str]
    last: str | None
    writes: bool
    branches: bool


class Statements:
    """Lifts the statements of one side."""

    def __init__(self, expressions: Expressions) -> None:
        self.expressions = expressions
        self.inputs = expressions.inputs
        self.places = expressions.places
        self.stored: set[str] = set()
        self.writes = False
        self.branches = False

    def side(self, body: Sequence[ast.stmt]) -> Side:
        lifted: list[ast.stmt] = []
        for number, statement in enumerate(body):
            last = number == len(body) - 1
            if last and isinstance(statement, ast.Return):
                value = statement.value or ast.Constant(None)
                lifted.append(self._keep(RETURNED, value))
            elif last and isinstance(statement, ast.Expr):
                lifted.append(self._keep(LAST, statement.value))
            else:
                lifted += self.statement(statement)
        texts = tuple(ast.unparse(ast.fix_missing_locations(statement)) for statement in lifted)
        self.writes = self.writes or any(
            isinstance(node, ast.Attribute) and node.attr in pure.WRITING_METHODS
            for statement in body
            for node in ast.walk(statement)
        )
        unsure = self.stored - self.places.bound
        return Side(
            texts,
            frozenset(self.stored),
            frozenset(unsure),
            _bound_by(lifted[-1]) if lifted else None,
            self.writes,
            self.branches,
        )

    def _keep(self, name: str, value: ast.expr) -> ast.stmt:
        self.stored.add(name)
        self.places.bound.add(name)
        lifted = self.expressions.lift(value)
        return ast.Assign([ast.Name(name, ast.Store())], lifted)

    def block(self, body: Sequence[ast.stmt]) -> list[ast.stmt]:
        lifted = [new for statement in body for new in self.statement(statement)]
        return lifted or [ast.Pass()]

    def statement(self, node: ast.stmt) -> list[ast.stmt]:
        lift = self.expressions.lift
        if isinstance(node, ast.Pass):
            return []
        if isinstance(node, ast.Expr):
            return [ast.Expr(lift(node.value))]
        if isinstance(node, ast.Assign):
            value = lift(node.value)
            return [ast.Assign([self._store(target) for target in node.targets], value)]
        if isinstance(node, ast.AnnAssign):
            if node.value is None:
                return []
            value = lift(node.value)
            return [ast.Assign([self._store(node.target)], value)]
        if isinstance(node, ast.AugAssign):
            return self._augmented(node)
        if isinstance(node, ast.If):
            return [self._if(node)]
        if isinstance(node, (ast.For, ast.While)):
            return [self._loop(node)]
        if isinstance(node, ast.With):
            return [self._with(node)]
        if isinstance(node, ast.Assert):
            return [ast.Assert(lift(node.test, Role.CONDITION))]
        if isinstance(node, ast.Delete) and all(
            isinstance(target, ast.Name) and target.id in self.places.bound
            for target in node.targets
        ):
            return []
        if isinstance(node, (ast.Break, ast.Continue)):
            return [node]
        raise Unliftable(f"a statement of kind {type(node).__name__} cannot be lifted")

    # --- stores -----------------------------------------------------------------------------------

    def _store(self, node: ast.expr) -> ast.expr:
        if isinstance(node, (ast.Tuple, ast.List)):
            return ast.Tuple([self._store(item) for item in node.elts], ast.Store())
        if isinstance(node, ast.Starred):
            return ast.Starred(self._store(node.value), ast.Store())
        if isinstance(node, ast.Name) and node.id != self.inputs.target:
            self.stored.add(node.id)
            self.places.bound.add(node.id)
            return ast.Name(node.id, ast.Store())
        place = self._place(node)
        if isinstance(place, ast.Name):
            self.stored.add(place.id)
            self.writes = self.writes or place.id == self.inputs.inputs[self.inputs.target].name
        else:
            self.writes = True
        return place

    def _place(self, node: ast.expr) -> ast.expr:
        """What a store goes to: a part of an array, or a place of its own in the surroundings."""
        if not isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
            raise Unliftable(f"a store to `{ast.unparse(node)}` cannot be lifted")
        # A place in the surroundings is a name, which its loads have been lifted to as well.
        lifted = self.expressions.lift(_loaded(node), Role.ARGUMENT)
        if isinstance(lifted, ast.Name):
            return ast.Name(lifted.id, ast.Store())
        if isinstance(lifted, ast.Subscript):
            return ast.Subscript(lifted.value, lifted.slice, ast.Store())
        raise Unliftable(f"a store to `{ast.unparse(node)}` cannot be lifted")

    def _augmented(self, node: ast.AugAssign) -> list[ast.stmt]:
        place = self._place(node.target)
        value = self.expressions.lift(node.value)
        stored = self._store(node.target) if isinstance(place, ast.Name) else place
        assert isinstance(stored, (ast.Name, ast.Subscript))
        self.writes = self.writes or isinstance(stored, ast.Subscript)
        return [ast.AugAssign(stored, node.op, value)]

    # --- control flow -----------------------------------------------------------------------------

    def _if(self, node: ast.If) -> ast.stmt:
        self.branches = True
        test = self.expressions.lift(node.test, Role.CONDITION)
        before = set(self.places.bound)
        body = self.block(node.body)
        after_body = self.places.bound
        self.places.bound = before
        orelse = self.block(node.orelse) if node.orelse else []
        self.places.bound = self.places.bound & after_body
        return ast.If(test, body, orelse)

    def _loop(self, node: ast.For | ast.While) -> ast.stmt:
        self.branches = True
        before = set(self.places.bound)
        result: ast.stmt
        if isinstance(node, ast.For):
            iterable = self.expressions.lift(node.iter, Role.INDEX)
            target = self._store(node.target)
            result = ast.For(target, iterable, self.block(node.body), [])
        else:
            test = self.expressions.lift(node.test, Role.CONDITION)
            result = ast.While(test, self.block(node.body), [])
        if node.orelse:
            raise Unliftable("the `else` of a loop cannot be lifted")
        self.places.bound = before
        return result

    def _with(self, node: ast.With) -> ast.stmt:
        items = []
        for item in node.items:
            call = item.context_expr
            name = self.places.qualified(call.func) if isinstance(call, ast.Call) else None
            if name is None or pure.canonical(name) not in pure.CONTEXTS or item.optional_vars:
                raise Unliftable(f"`with {ast.unparse(call)}` cannot be lifted")
            assert isinstance(call, ast.Call)
            args = [self.expressions.lift(arg) for arg in call.args]
            items.append(ast.withitem(ast.Call(call.func, args, [])))
        return ast.With(items, self.block(node.body))


def _bound_by(statement: ast.stmt) -> str | None:
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        return statement.targets[0].id
    return None


def _loaded(node: ast.expr) -> ast.expr:
    return ast.parse(ast.unparse(node), mode="eval").body

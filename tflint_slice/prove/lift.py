"""Turns the statements of a site into functions over the same inputs, one for each side.

The original ``self.table[k].assign(tf.tensor_scatter_nd_update(self.table[k], rows, next(it)))``
becomes ``self_table_k.assign(tf.tensor_scatter_nd_update(self_table_k, rows, next_call()))`` with
the parameters ``self_table_k`` and ``rows`` and the hole ``next_call``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tflint_slice.model import Site
from tflint_slice.prove import pure
from tflint_slice.prove.expressions import Expressions, Origin, Unliftable
from tflint_slice.prove.inputs import Hole, Input, Inputs, Role

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


@dataclass(frozen=True)
class Lifted:
    """A site, ready to be run. The first of ``inputs`` is the target.

    ``outputs`` are what to compare besides the target: a label, and the names that hold it in the
    original and in the fixed function. ``by_reference`` says that ``original`` is a reference in
    NumPy's terms.
    """

    original: Side
    fixed: Side
    inputs: tuple[Input, ...]
    holes: tuple[Hole, ...]
    outputs: tuple[tuple[str, str, str], ...]
    modules: tuple[tuple[str, str], ...]
    by_reference: bool

    @property
    def target(self) -> Input:
        return self.inputs[0]

    def source(self, side: Side, name: str, *, results: bool = True) -> str:
        """The text of one of the functions, answering with its outputs if ``results``."""
        parameters = [item.name for item in self.inputs]
        held = [fixed if side is self.fixed else first for _, first, fixed in self.outputs]
        lines = [f"def {name}({', '.join(parameters)}):"]
        unset = sorted(side.unsure.intersection(held).difference(parameters))
        lines += [f"    {output} = None" for output in unset]
        for statement in side.statements:
            lines += [f"    {line}" for line in statement.splitlines()]
        if results:
            lines.append(f"    return [{', '.join(held)}]")
        return "\n".join(lines) + "\n"


def lift(site: Site) -> Lifted:
    """Lift both sides of ``site``; raises ``Unliftable`` with the reason where that cannot be."""
    texts = [site.before if site.reference is None else site.reference, site.after]
    trees = [_parse(text) for text in texts]
    target = ast.unparse(ast.parse(site.target, mode="eval"))
    facts = {_normal(text): operand for text, operand in site.facts}
    taken = {node.id for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Name)}
    taken |= {name for name, _ in site.modules} | {RETURNED, LAST}
    inputs = Inputs(facts, target, taken)
    alone = {text for tree in trees for text in _standing_alone(tree)}
    shared = set.intersection(*(_calls(tree) for tree in trees))
    sides = []
    for tree in trees:
        statements = Statements(Expressions(inputs, dict(site.modules), alone, shared))
        sides.append(statements.side(tree.body))
    original, fixed = sides
    parameters = tuple(inputs.inputs.values())
    kept = {item.name for item in parameters} & (original.stored | fixed.stored)
    if RETURNED in original.stored ^ fixed.stored:
        raise Unliftable("one side returns and the other does not")
    both = sorted((kept | (original.stored & fixed.stored)) - {LAST})
    outputs = [(name, name, name) for name in both]
    if site.reference is not None and not fixed.writes and fixed.last and fixed.last not in both:
        # What the mended expression computes is what the reference leaves in its array.
        reference = LAST if original.last == LAST else parameters[0].name
        outputs.append((LAST, reference, fixed.last))
    return Lifted(
        original,
        fixed,
        parameters,
        tuple(inputs.holes.values()),
        tuple(outputs),
        site.modules,
        site.reference is not None,
    )


class Statements:
    """Lifts the statements of one side."""

    def __init__(self, expressions: Expressions) -> None:
        self.expressions = expressions
        self.inputs = expressions.inputs
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
        texts = tuple(
            ast.unparse(ast.fix_missing_locations(statement)) for statement in lifted
        )
        self.writes = self.writes or any(
            isinstance(node, ast.Attribute) and node.attr in pure.WRITING_METHODS
            for statement in body
            for node in ast.walk(statement)
        )
        unsure = self.stored - self.expressions.bound
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
        self.expressions.bound.add(name)
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
            isinstance(target, ast.Name) and target.id in self.expressions.bound
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
            self.expressions.bound.add(node.id)
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
        before = set(self.expressions.bound)
        body = self.block(node.body)
        after_body = self.expressions.bound
        self.expressions.bound = before
        orelse = self.block(node.orelse) if node.orelse else []
        self.expressions.bound = self.expressions.bound & after_body
        return ast.If(test, body, orelse)

    def _loop(self, node: ast.For | ast.While) -> ast.stmt:
        self.branches = True
        before = set(self.expressions.bound)
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
        self.expressions.bound = before
        return result

    def _with(self, node: ast.With) -> ast.stmt:
        items = []
        for item in node.items:
            call = item.context_expr
            name = self.expressions.qualified(call.func) if isinstance(call, ast.Call) else None
            if name is None or pure.canonical(name) not in pure.CONTEXTS or item.optional_vars:
                raise Unliftable(f"`with {ast.unparse(call)}` cannot be lifted")
            assert isinstance(call, ast.Call)
            args = [self.expressions.lift(arg) for arg in call.args]
            items.append(ast.withitem(ast.Call(call.func, args, [])))
        return ast.With(items, self.block(node.body))


# --- looking at the original texts ----------------------------------------------------------------


def _parse(text: str) -> ast.Module:
    try:
        return ast.parse(text)
    except SyntaxError as error:
        raise Unliftable(f"not Python: {error.msg}") from error


def _normal(text: str) -> str:
    try:
        return ast.unparse(ast.parse(text, mode="eval"))
    except SyntaxError:
        return text


def _bound_by(statement: ast.stmt) -> str | None:
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        return statement.targets[0].id
    return None


def _loaded(node: ast.expr) -> ast.expr:
    return ast.parse(ast.unparse(node), mode="eval").body


def _standing_alone(tree: ast.AST) -> Iterable[str]:
    """Names and dotted names that stand somewhere with nothing taken out of them."""
    inner = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Attribute, ast.Subscript))
    }
    for node in ast.walk(tree):
        if isinstance(node, (ast.Name, ast.Attribute)) and id(node) not in inner:
            yield ast.unparse(node)


def _calls(tree: ast.AST) -> set[str]:
    return {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Call)}

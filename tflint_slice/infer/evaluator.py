"""The evaluator: a forward, flow-sensitive walk over a file that gives each expression a value.

It runs a few times. The first run knows nothing of attributes, closures and local functions, so
it takes them for anything; each later run may use what the one before it found. Every run by
itself is sound, a later one is only sharper. Attributes computed from themselves
(``self.count = (self.count + 1) % n``) would stay unknown that way: of these it is assumed that
they are ints if their other stores are, and a run that does not confirm it is thrown away.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from tflint_slice.infer import api
from tflint_slice.infer.annotations import annotated, tells
from tflint_slice.infer.binding import arguments
from tflint_slice.infer.calling import LAMBDA
from tflint_slice.infer.classes import NO_DOUBTS, Assumptions, ClassFacts, ClassTable, Doubts
from tflint_slice.infer.decorating import Role, role, traced
from tflint_slice.infer.expressions import OPERATORS
from tflint_slice.infer.importing import KNOWN_ROOTS, Importing
from tflint_slice.infer.imports import Imports
from tflint_slice.infer.inlining import MOST_CALLS, MOST_DEPTH, bound, is_plain, symbols_in
from tflint_slice.infer.narrowing import checked
from tflint_slice.infer.outline import Outline
from tflint_slice.infer.outlining import outline
from tflint_slice.infer.rebinding import (
    is_arithmetic_of,
    is_scatter_of,
    rebinds_silently,
    without_shape,
)
from tflint_slice.infer.scopes import Environment, Scope, bound_names
from tflint_slice.infer.values import (
    NONE,
    UNKNOWN,
    Value,
    join,
    without_contents,
    without_symbols,
)
from tflint_slice.model import Kind
from tflint_slice.syntax.nodes import walk

# Facts travel one step a run: from a constant to an attribute, to what a method returns, on.
_ENOUGH_RUNS = 6
_MORE_RUNS = 4
_MOST_RUNS = 16


FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Facts:
    """What is known of every expression of one file, and of the names at module level."""

    values: dict[ast.expr, Value]
    modules: Environment
    classes: ClassTable
    exported: Environment
    """What a name of the module may hold whenever another module asks for it."""
    returns: dict[str, Value]
    used: frozenset[tuple[str, str]]
    """The names of other modules that went into it, each with the module that defines it."""

    def value(self, node: ast.expr) -> Value:
        return self.values.get(node, UNKNOWN)

    def is_stored(self, key: str | None, name: str) -> bool:
        """Whether the class stores the attribute, and so does not compute it as a property."""
        if key is None or self.classes.defines(key, name):
            return False
        return any(name in facts.attributes for facts in self.classes.family(key))

    def qualified_name(self, node: ast.expr) -> str | None:
        """The qualified name of what ``node`` refers to, if it is a known module's member."""
        value = self.value(node)
        return value.name if value.kind is Kind.FUNCTION else None


def infer(
    tree: ast.Module,
    weight_kind: Kind,
    imports: Imports | None = None,
    *,
    place: str = "",
    doubts: Doubts = NO_DOUBTS,
) -> Facts:
    """Evaluate a whole file.

    ``weight_kind`` is what ``add_weight`` makes where the base class does not say. ``imports``
    are the modules of its project, ``place`` tells its classes and functions from those of other
    files, and ``doubts`` are what other files do to its classes and names.
    """
    seen = outline(tree)
    if doubts.names:
        seen.foreign.setdefault(tree, set()).update(doubts.names)
    about = _Project(imports, place, doubts)
    known, returns = ClassTable(doubts.attributes), dict[str, Value]()
    closures: dict[ast.AST, Environment] = {}
    assumed: Assumptions = {}
    tried, enough = False, _ENOUGH_RUNS
    number = -1
    while (number := number + 1) < _MOST_RUNS:
        bases = known.bases()
        run = _Run(seen, known, returns, weight_kind, closures, assumed, about)
        run.module(tree)
        failed = {key for key, value in assumed.items() if not run.classes.confirms(key, value)}
        settled = (known.holds_the_same(run.classes), returns, closures) == (
            True,
            run.returns,
            run.summaries,
        )
        if failed:
            # What a failed assumption led to is worth nothing: back to what stood before it.
            kept = {key: value for key, value in assumed.items() if key not in failed}
            assumed = kept if number < enough else {}
            continue
        if number == 1 and settled and imports is None and bases == known.bases():
            # Where this run is given back all that it was given, the next one finds the same.
            number += known.classes == run.classes.classes
        known, returns, closures = run.classes, run.returns, run.summaries
        # What was stored under a confirmed assumption is all that there is to assume.
        assumed = {key: known.attribute(*key) for key in assumed}
        if number > 1 and (settled or number >= enough):
            # Only now it shows which attributes are unknown for nothing but themselves.
            assumed = {} if tried else known.assumptions()
            if not assumed:
                return run.facts(tree)
            tried, enough = True, number + _MORE_RUNS
    run = _Run(seen, ClassTable(doubts.attributes), {}, weight_kind, {}, {}, about)
    run.module(tree)
    return run.facts(tree)


@dataclass(frozen=True)
class _Project:
    """What a run has from other files."""

    imports: Imports | None
    place: str
    doubts: Doubts


class _Run(Importing):
    """One run over one file."""

    def __init__(
        self,
        seen: Outline,
        known: ClassTable,
        returns: dict[str, Value],
        weight_kind: Kind,
        closures: dict[ast.AST, Environment],
        assumed: Assumptions,
        about: _Project,
    ) -> None:
        super().__init__(seen, known, returns, weight_kind, assumed)
        self.classes = ClassTable(about.doubts.attributes)
        self.imports, self.place = about.imports, about.place
        self.doubted = about.doubts.names
        self.closures = dict(closures)
        self.returns: dict[str, Value] = {}
        self.summaries: dict[ast.AST, Environment] = {}
        self.module_env: Environment = {}
        self._calls: list[str] = []
        self._looked_into = 0
        self._definitions: dict[str, tuple[Scope, FunctionNode, str | None]] = {}
        self._pending: list[tuple[Scope, FunctionNode, str | None]] = []
        self._scopes: list[Scope] = []

    def module(self, tree: ast.Module) -> None:
        self.scope = Scope(
            tree,
            bindings=dict.fromkeys(self.doubted, UNKNOWN),
            foreign=self.outline.foreign_names(tree),
        )
        self.block(tree.body)
        module = self.scope
        # Function bodies come last: the names they use are bound by then.
        while self._pending:
            scope, node, key = self._pending.pop(0)
            self._body(scope, node, key)
        self.scope = module
        self.module_env = module.env
        self._scopes.append(module)
        for scope in self._scopes:
            self.summaries[scope.node] = dict(scope.bindings)

    def facts(self, tree: ast.Module) -> Facts:
        unsure = self.outline.foreign_names(tree)
        exported = {
            name: UNKNOWN if name in unsure else value
            for name, value in self.summaries[tree].items()
        }
        used = frozenset(self.imports.used if self.imports else ())
        return Facts(self.values, self.module_env, self.classes, exported, self.returns, used)

    def _key(self, node: FunctionNode | ast.ClassDef | ast.Lambda) -> str:
        """What a function or class is known by, in all files."""
        name = LAMBDA if isinstance(node, ast.Lambda) else node.name
        return f"{name}@{node.lineno}:{node.col_offset}{self.place}"

    # --- statements -------------------------------------------------------------------------------

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

    # --- definitions ------------------------------------------------------------------------------

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
                value = annotated(argument.annotation, self.evaluate)
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


_NO_METHODS = ("builtins.staticmethod", "builtins.classmethod")
_CLASS_DECORATORS = ("dataclasses.dataclass", "tensorflow.", "keras.", "tf_keras.")


def _is_static(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Name) and decorator.id == "staticmethod"


def _sets(node: FunctionNode) -> bool:
    """Whether it is what a property calls when it is set or deleted."""
    return any(
        isinstance(decorator, ast.Attribute)
        and decorator.attr in ("setter", "deleter")
        and isinstance(decorator.value, ast.Name)
        and decorator.value.id == node.name
        for decorator in node.decorator_list
    )


def _mentions(node: ast.expr, attribute: str) -> bool:
    return any(isinstance(n, ast.Attribute) and n.attr == attribute for n in walk(node))


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

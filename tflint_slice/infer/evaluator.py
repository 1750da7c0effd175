"""The evaluator: a forward, flow-sensitive walk over a file that gives each expression a value.

It runs a few times. The first run knows nothing of attributes, closures and local functions, so
it takes them for anything; each later run may use what the one before it found. Every run by
itself is sound, a later one is only sharper. Attributes computed from themselves
(``self.count = (self.count + 1) % n``) would stay unknown that way: of these it is assumed that
they are ints if their other stores are, and a run that does not confirm it is thrown away.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import count

from tflint_slice.infer import api
from tflint_slice.infer.classes import Assumptions, ClassTable
from tflint_slice.infer.expressions import OPERATORS, Expressions, arguments
from tflint_slice.infer.outline import Outline, outline
from tflint_slice.infer.scopes import (
    Environment,
    Scope,
    bound_names,
    forget_all,
    forget_changes,
    join_environments,
    widen_changes,
)
from tflint_slice.infer.values import NONE, UNKNOWN, Value, join, symbol
from tflint_slice.model import Kind

# Facts travel one step a run: from a constant to an attribute, to what a method returns, on.
_ENOUGH_RUNS = 6
_MOST_RUNS = 12

# How the head of a loop takes in what the turn before left behind: exactly at first, then with
# moving bounds given up, then with every name given up that still moves, then with all names.
_GENERALISE: tuple[Callable[[Environment, Environment], Environment], ...] = (
    lambda head, following: following,
    widen_changes,
    widen_changes,
    forget_changes,
    forget_changes,
    forget_all,
)

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Facts:
    """What is known of every expression of one file, and of the names at module level."""

    values: dict[ast.expr, Value]
    modules: Environment
    classes: ClassTable

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


def infer(tree: ast.Module, weight_kind: Kind) -> Facts:
    """Evaluate a whole file.

    ``weight_kind`` is what ``add_weight`` makes where the base class does not say.
    """
    seen = outline(tree)
    known, returns = ClassTable(), dict[str, Value]()
    closures: dict[ast.AST, Environment] = {}
    assumed: Assumptions = {}
    for number in range(_MOST_RUNS):
        run = _Run(seen, known, returns, weight_kind, closures, assumed)
        run.module(tree)
        failed = {key for key, value in assumed.items() if not run.classes.confirms(key, value)}
        settled = (known.holds_the_same(run.classes), returns, closures) == (
            True,
            run.returns,
            run.summaries,
        )
        if number > 1 and not failed and (settled or number >= _ENOUGH_RUNS):
            return Facts(run.values, run.module_env, run.classes)
        if failed:
            # What a failed assumption led to is worth nothing: back to what stood before it.
            assumed = {key: value for key, value in assumed.items() if key not in failed}
            continue
        known, returns, closures = run.classes, run.returns, run.summaries
        if number == 0:
            assumed = run.classes.assumptions()
    run = _Run(seen, ClassTable(), {}, weight_kind, {}, {})
    run.module(tree)
    return Facts(run.values, run.module_env, run.classes)


class _Run(Expressions):
    """One run over one file."""

    def __init__(
        self,
        seen: Outline,
        known: ClassTable,
        returns: dict[str, Value],
        weight_kind: Kind,
        closures: dict[ast.AST, Environment],
        assumed: Assumptions,
    ) -> None:
        super().__init__(seen, known, returns, weight_kind, assumed)
        self.closures = dict(closures)
        self.returns: dict[str, Value] = {}
        self.summaries: dict[ast.AST, Environment] = {}
        self.module_env: Environment = {}
        self._pending: list[tuple[Scope, FunctionNode, str | None]] = []
        self._scopes: list[Scope] = []

    def module(self, tree: ast.Module) -> None:
        self.scope = Scope(tree, foreign=self.outline.foreign_names(tree))
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

    # --- statements -------------------------------------------------------------------------------

    def block(self, statements: Sequence[ast.stmt]) -> None:
        for statement in statements:
            self.statement(statement)

    def statement(self, node: ast.stmt) -> None:
        handler = getattr(self, f"_on_{type(node).__name__.lower()}", None)
        if handler is not None:
            handler(node)

    def _on_expr(self, node: ast.Expr) -> None:
        self.evaluate(node.value)

    def _on_assign(self, node: ast.Assign) -> None:
        value = self.evaluate(node.value)
        for target in node.targets:
            if isinstance(target, ast.Attribute) and _mentions(node.value, target.attr):
                self.circular = target.attr
            self.bind_target(target, value)

    def _on_annassign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            value = self.evaluate(node.value)
            # A generated constructor gives an annotated field of a class any other value.
            self.bind_target(node.target, UNKNOWN if self.scope.is_class else value)
        elif isinstance(node.target, ast.Name):
            value = UNKNOWN if self.scope.is_class else self.annotation(node.annotation)
            self.bind_name(node.target.id, value)

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
            self._mutate(target, UNKNOWN)
            return
        result = UNKNOWN
        if isinstance(target, ast.Attribute):
            self.circular = target.attr
        if not before.kind.is_variable:
            result = api.binary(OPERATORS[type(node.op)], before, value)
        self.bind_target(target, result)

    def _on_delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if isinstance(target, ast.Subscript):
                self.evaluate(target.value)
                self.evaluate(target.slice)
                self._mutate(target.value, UNKNOWN)
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

    def _on_global(self, node: ast.Global) -> None:
        self.scope.globals |= set(node.names)

    def _on_nonlocal(self, node: ast.Nonlocal) -> None:
        self.scope.globals |= set(node.names)
        self.scope.nonlocals |= set(node.names)

    def _on_import(self, node: ast.Import) -> None:
        for alias in node.names:
            if alias.asname:
                self.bind_name(alias.asname, symbol(api.canonical(alias.name)))
            else:
                root = alias.name.split(".")[0]
                self.bind_name(root, symbol(root))

    def _on_importfrom(self, node: ast.ImportFrom) -> None:
        module = "" if node.level else node.module or ""
        for alias in node.names:
            if alias.name == "*":
                self._forget_names()
                self.starred = self.starred or not module.startswith(_KNOWN_ROOTS)
            elif node.level:
                self.bind_name(alias.asname or alias.name, UNKNOWN)
            else:
                value = api.member(api.canonical(module), alias.name)
                self.bind_name(alias.asname or alias.name, value)

    def _forget_names(self) -> None:
        """A star import may rebind everything but modules, which it is taken to leave alone."""
        for name, value in list(self.scope.env.items()):
            if value.kind is not Kind.FUNCTION:
                self.scope.bind(name, UNKNOWN)

    # --- branches and loops -----------------------------------------------------------------------

    def _on_if(self, node: ast.If) -> None:
        self.evaluate(node.test)
        self._doubt(node.test)
        self._branches([node.body, node.orelse])

    def _doubt(self, test: ast.expr) -> None:
        """Code that asks for the type of what an annotation calls a variable is not sure of it."""
        for call in ast.walk(test):
            if not isinstance(call, ast.Call) or not call.args:
                continue
            asked = call.args[0]
            known = self.values.get(asked, UNKNOWN)
            if (
                isinstance(asked, ast.Name)
                and self.values.get(call.func, UNKNOWN).name == "builtins.isinstance"
                and not known.plain
            ):
                self.bind_name(asked.id, UNKNOWN)

    def _branches(self, bodies: Sequence[Sequence[ast.stmt]]) -> None:
        before, after = self.scope.env, list[Environment]()
        for body in bodies:
            self.scope.env = dict(before)
            self.block(body)
            if not (body and _leaves(body[-1])):
                after.append(self.scope.env)
        self.scope.env = self._join(after) if after else dict(before)

    def _join(self, environments: list[Environment]) -> Environment:
        """Where paths meet. A name that is bound on some of them only may mean an outer one."""
        result = join_environments(environments)
        for name in result:
            if any(name not in env for env in environments) and (
                self.scope.is_class or hasattr(builtins, name)
            ):
                result[name] = UNKNOWN
        return result

    def _on_match(self, node: ast.Match) -> None:
        self.evaluate(node.subject)
        before, after = self.scope.env, [dict(self.scope.env)]
        for case in node.cases:
            self.scope.env = dict(before)
            for name in bound_names([ast.Match(node.subject, [case])]):
                self.bind_name(name, UNKNOWN)
            if case.guard is not None:
                self.evaluate(case.guard)
            self.block(case.body)
            after.append(self.scope.env)
        self.scope.env = self._join(after)

    def _on_for(self, node: ast.For | ast.AsyncFor) -> None:
        element = api.iterate(self.evaluate(node.iter))

        def turn() -> None:
            self.bind_target(node.target, element)
            self.block(node.body)

        self._loop(turn, node.orelse)

    _on_asyncfor = _on_for

    def _on_while(self, node: ast.While) -> None:
        def turn() -> None:
            self.evaluate(node.test)
            self.block(node.body)

        self._loop(turn, node.orelse)

    def _loop(self, turn: Callable[[], None], orelse: Sequence[ast.stmt]) -> None:
        scope = self.scope
        scope.loops += 1
        outer_exits, scope.exits = scope.exits, []
        head = dict(scope.env)
        for number in count():
            scope.env, scope.exits = dict(head), []
            turn()
            ends = [scope.env, *(env for name, env in scope.exits if name == "continue")]
            following = self._join([head, *ends])
            if following == head:
                break
            # The last turn goes over a head that nothing can change any more.
            head = _GENERALISE[min(number, len(_GENERALISE) - 1)](head, following)
        breaks = [env for name, env in scope.exits if name == "break"]
        scope.exits = outer_exits
        scope.loops -= 1
        scope.env = dict(head)
        self.block(orelse)
        scope.env = self._join([scope.env, *breaks])

    def _on_break(self, node: ast.Break) -> None:
        self.scope.exits.append(("break", dict(self.scope.env)))

    def _on_continue(self, node: ast.Continue) -> None:
        self.scope.exits.append(("continue", dict(self.scope.env)))

    def _on_with(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            self.evaluate(item.context_expr)
            if item.optional_vars is not None:
                # ``__enter__`` may return anything.
                self.bind_target(item.optional_vars, UNKNOWN)
        before = dict(self.scope.env)
        self.block(node.body)
        if not all(map(self._lets_pass, node.items)):
            self.scope.env = self._broken_off(before, node.body)

    def _lets_pass(self, item: ast.withitem) -> bool:
        """Whether a context manager is known not to swallow exceptions."""
        call = item.context_expr
        function = call.func if isinstance(call, ast.Call) else call
        if isinstance(function, ast.Attribute) and function.attr in ("scope", "as_default"):
            return True
        name = self.values[function].name or ""
        return name == "builtins.open" or name.startswith("tensorflow.")

    def _broken_off(self, before: Environment, body: Sequence[ast.stmt]) -> Environment:
        """The environment after statements of which the last ones may not have run."""
        result = self._join([before, self.scope.env])
        once: set[str] = set()
        for statement in body:
            names = self.outline.names_bound_by(statement)
            for name in names:
                if name in once or hasattr(statement, "body"):
                    # It may have held something else on the way.
                    result[name] = UNKNOWN
            once |= names
        return result

    _on_asyncwith = _on_with

    def _on_try(self, node: ast.Try) -> None:
        before = dict(self.scope.env)
        self.block(node.body)
        broken = self._broken_off(before, node.body)
        for name in {n for part in node.body for n in self.outline.names_bound_by(part)}:
            if broken.get(name, UNKNOWN).kind is not Kind.FUNCTION:
                broken[name] = UNKNOWN
        self.block(node.orelse)
        after = [self.scope.env]
        for handler in node.handlers:
            self.scope.env = dict(broken)
            if handler.type is not None:
                self.evaluate(handler.type)
            if handler.name:
                self.bind_name(handler.name, UNKNOWN)
            self.block(handler.body)
            if not (handler.body and _leaves(handler.body[-1])):
                after.append(self._with_module_names(self.scope.env, after[0]))
        self.scope.env = self._join(after)
        after_all = self.scope.env
        if node.finalbody:
            self.block(node.finalbody)
            passed = self.scope.env
            # It runs after a failure as well; what is recorded has to hold for both.
            self.scope.env = self._join([after_all, broken])
            self.block(node.finalbody)
            self.scope.env = passed

    _on_trystar = _on_try

    def _with_module_names(self, handler: Environment, body: Environment) -> Environment:
        """``tf`` still means tensorflow where ``except ImportError`` binds it to None."""
        result = dict(handler)
        for name, value in body.items():
            if value.kind is Kind.FUNCTION and result.get(name, NONE).kind is Kind.NONE:
                result[name] = value
        return result

    # --- definitions ------------------------------------------------------------------------------

    def _on_functiondef(self, node: FunctionNode) -> None:
        self._define(node, None)

    _on_asyncfunctiondef = _on_functiondef

    def _define(self, node: FunctionNode, class_key: str | None) -> None:
        for default in [*node.args.defaults, *(d for d in node.args.kw_defaults if d)]:
            self.evaluate(default)
        for decorator in node.decorator_list:
            self.evaluate(decorator)
        key = f"{node.name}@{node.lineno}:{node.col_offset}"
        known = not node.decorator_list or all(
            _keeps_result(self.values[decorator]) for decorator in node.decorator_list
        )
        self.bind_name(node.name, Value(Kind.FUNCTION, name=key) if known else UNKNOWN)
        self._pending.append((self.scope, node, class_key))

    def _body(self, outer: Scope, node: FunctionNode, class_key: str | None) -> None:
        self.scope = Scope(node, parent=outer, foreign=self.outline.foreign_names(node))
        static = any(
            isinstance(name, ast.Name) and name.id in ("staticmethod", "classmethod")
            for name in node.decorator_list
        )
        optional = _arguments_that_default_to_none(node.args)
        rebound = self.outline.names_bound_by(node)
        for position, argument in enumerate(arguments(node.args)):
            own = position == 0 and class_key is not None and argument.arg not in rebound
            if own and not static:
                self.scope.bind(argument.arg, Value(Kind.INSTANCE, name=class_key))
                continue
            special = argument in (node.args.vararg, node.args.kwarg)
            value = UNKNOWN
            if argument.annotation is not None and not special:
                value = self.annotation(argument.annotation)
            if value.kind in (Kind.UNKNOWN, Kind.INT) and not special:
                value = replace(
                    value, symbol=f"{argument.arg}@{argument.lineno}:{argument.col_offset}"
                )
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
            if not (node.body and _leaves(node.body[-1])):
                returned = join(returned, NONE)
            self.returns[f"{node.name}@{node.lineno}:{node.col_offset}"] = returned

    def _on_classdef(self, node: ast.ClassDef) -> None:
        bases = tuple(
            value.name for value in map(self.evaluate, node.bases) if value.name is not None
        )
        dynamic = (
            node in self.outline.dynamic
            or self.outline.all_dynamic
            or not all(map(self._keeps_class, node.decorator_list))
        )
        facts = self.classes.define(node, bases, dynamic)
        self.known.define(node, bases, dynamic)
        outer = self.scope
        self.scope = Scope(node, parent=outer, env={}, foreign=frozenset())
        for statement in node.body:
            if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self._define(statement, facts.key)
                plain = not statement.decorator_list or all(
                    _keeps_result(self.values[d]) for d in statement.decorator_list
                )
                key = f"{statement.name}@{statement.lineno}:{statement.col_offset}"
                facts.methods[statement.name] = Value(Kind.FUNCTION, name=key) if plain else UNKNOWN
            else:
                self.statement(statement)
        foreign = any(not base.startswith(_KNOWN_ROOTS) and "@" not in base for base in bases)
        foreign = foreign or len(bases) < len(node.bases)
        for name, value in self.scope.bindings.items():
            if name not in facts.methods:
                # A base class out of sight may set what looks like a constant of the class.
                facts.store(name, UNKNOWN if foreign else value)
        self._scopes.append(self.scope)
        self.scope = outer
        plain = not node.decorator_list
        self.bind_name(node.name, Value(Kind.CLASS, name=facts.key) if plain else UNKNOWN)

    def _keeps_class(self, decorator: ast.expr) -> bool:
        """Whether a decorated class is what its body says."""
        self.evaluate(decorator)
        function = decorator.func if isinstance(decorator, ast.Call) else decorator
        return (self.values[function].name or "").startswith(_CLASS_DECORATORS)

    # --- annotations ------------------------------------------------------------------------------

    def annotation(self, node: ast.expr) -> Value:
        """What a parameter or name of this annotation holds: never more than "some variable"."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            try:
                node = ast.parse(node.value, mode="eval").body
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                return UNKNOWN
        if isinstance(node, ast.Subscript):
            if self._annotated_name(node.value) in ("typing.Optional",):
                return replace(self.annotation(node.slice), optional=True)
            if self._annotated_name(node.value) == "numpy.typing.NDArray":
                return Value(Kind.NDARRAY)
            return UNKNOWN
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            left, right = self.annotation(node.left), self.annotation(node.right)
            return join(left, right)
        if isinstance(node, ast.Constant) and node.value is None:
            return NONE
        name = self._annotated_name(node)
        if name is None:
            return UNKNOWN
        return _ANNOTATIONS.get(name, UNKNOWN)

    def _annotated_name(self, node: ast.expr) -> str | None:
        if not isinstance(node, (ast.Name, ast.Attribute)):
            return None
        value = self.evaluate(node)
        return value.name if value.kind is Kind.FUNCTION else None


_ANNOTATIONS = {
    "tensorflow.Variable": Value(Kind.VARIABLE),
    "tensorflow.Tensor": Value(Kind.TENSOR),
    "keras.Variable": Value(Kind.KERAS3_VARIABLE),
    "numpy.ndarray": Value(Kind.NDARRAY),
    "builtins.int": Value(Kind.INT),
    "builtins.float": Value(Kind.FLOAT),
    "builtins.bool": Value(Kind.BOOL),
    "builtins.str": Value(Kind.STR),
}

_TRANSPARENT = frozenset({"tensorflow.Module.with_name_scope"})
_KNOWN_ROOTS = ("tensorflow", "keras", "tf_keras", "builtins.object", "abc.", "typing.")
_CLASS_DECORATORS = ("dataclasses.dataclass", "tensorflow.", "keras.", "tf_keras.")


def _keeps_result(decorator: Value) -> bool:
    """Whether a decorated function returns what its body returns."""
    return decorator.kind is Kind.FUNCTION and decorator.name in _TRANSPARENT


def _mentions(node: ast.expr, attribute: str) -> bool:
    return any(isinstance(n, ast.Attribute) and n.attr == attribute for n in ast.walk(node))


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


def _leaves(statement: ast.stmt) -> bool:
    """Whether control cannot pass beyond the statement."""
    return isinstance(statement, (ast.Return, ast.Raise, ast.Break, ast.Continue))

"""The evaluator: a forward, flow-sensitive walk over a file that gives each expression a value.

It runs a few times. The first run knows nothing of attributes, closures and local functions, so
it takes them for anything; each later run may use what the one before it found. Every run by
itself is sound, a later one is only sharper. Attributes computed from themselves
(``self.count = (self.count + 1) % n``) would stay unknown that way: of these it is assumed that
they are ints if their other stores are, and a run that does not confirm it is thrown away.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace

from tflint_slice.infer import api
from tflint_slice.infer.classes import Assumptions, ClassTable
from tflint_slice.infer.expressions import OPERATORS, arguments
from tflint_slice.infer.flow import Flow, leaves
from tflint_slice.infer.outline import Outline, outline
from tflint_slice.infer.rebinding import (
    is_arithmetic_of,
    is_scatter_of,
    rebinds_silently,
    without_shape,
)
from tflint_slice.infer.scopes import (
    Environment,
    Scope,
)
from tflint_slice.infer.values import NONE, UNKNOWN, Value, join, symbol, without_symbols
from tflint_slice.model import Kind

# Facts travel one step a run: from a constant to an attribute, to what a method returns, on.
_ENOUGH_RUNS = 6
_MOST_RUNS = 12


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


class _Run(Flow):
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

    def _on_expr(self, node: ast.Expr) -> None:
        self.evaluate(node.value)

    def _on_assign(self, node: ast.Assign) -> None:
        value = self.evaluate(node.value)
        for target in node.targets:
            stored = value
            if isinstance(target, ast.Attribute) and _mentions(node.value, target.attr):
                self.circular = target.attr
                stored = self._kept(target, node.value, value)
            self.bind_target(target, stored)

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
            if not (node.body and leaves(node.body[-1])):
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

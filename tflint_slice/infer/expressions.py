"""The evaluator's half for expressions: what one evaluates to at its place in the flow."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from tflint_slice.infer import api
from tflint_slice.infer.annotations import alias
from tflint_slice.infer.calls import bind
from tflint_slice.infer.classes import Assumptions, ClassTable
from tflint_slice.infer.decorating import traced
from tflint_slice.infer.dims import dim_of, is_integer_scalar
from tflint_slice.infer.inlining import is_open, symbols_in
from tflint_slice.infer.layers import QUANTIZING, made, weight_kind, weights
from tflint_slice.infer.narrowing import narrowed
from tflint_slice.infer.outline import Outline
from tflint_slice.infer.scopes import Environment, Scope, join_environments
from tflint_slice.infer.values import (
    NO_CONSTANT,
    UNKNOWN,
    Value,
    as_declared,
    changed_container,
    constant,
    join,
    join_all,
    sequence,
    symbol,
    with_entry,
    without_contents,
    without_symbols,
)
from tflint_slice.model import Kind
from tflint_slice.syntax.nodes import children, walk

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

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_CONTAINERS = (Kind.LIST, Kind.DICT)
LAMBDA = "lambda"
"""What stands for the name of a function that has none."""
_OWNERS = (Kind.INSTANCE, Kind.CLASS)
_REMOVING = frozenset({"clear", "pop", "popitem", "remove"})
_MUTATORS = _REMOVING | {"append", "extend", "insert", "update", "setdefault"}

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


class Expressions:
    """Evaluates expressions in the current scope and remembers the value of each node."""

    _handlers: ClassVar[dict[type[ast.AST], Callable[..., Value]]]
    """Functions, not methods: these would be kept alive by what holds them, and it by them."""

    def __init_subclass__(cls) -> None:
        kinds = ast.expr.__subclasses__()
        cls._handlers = {kind: getattr(cls, _METHODS.get(kind, "_opaque")) for kind in kinds}

    def __init__(
        self,
        seen: Outline,
        known: ClassTable,
        returns: dict[str, Value],
        weight_kind: Kind,
        assumed: Assumptions,
    ) -> None:
        self.known = known
        self.assumed = assumed
        self.circular: str | None = None
        """The attribute that the statement at hand computes from itself."""
        self.classes = ClassTable()
        self.known_returns = returns
        self.weight_kind = weight_kind
        self.values: dict[ast.expr, Value] = {}
        self.outline = seen
        self.starred = False
        self.scope: Scope = Scope(ast.Module([], []))
        self.closures: dict[ast.AST, dict[str, Value]] = {}

    def evaluate(self, node: ast.expr) -> Value:
        value = self._handlers[node.__class__](self, node)
        self.values[node] = value
        return value

    def _constant(self, node: ast.Constant) -> Value:
        return constant(node.value)

    # --- names ------------------------------------------------------------------------------------

    def lookup(self, name: str) -> Value:
        if name in self.scope.globals:
            return self._summary(self.owner(name), name)
        scope: Scope | None = self.scope
        own = True
        while scope is not None:
            if own or not scope.is_class:
                if own and name in scope.env and name not in scope.foreign:
                    return scope.env[name]
                if name in scope.bindings or name in self.closures.get(scope.node, {}):
                    return self._summary(scope, name)
            own = False
            scope = scope.parent
        # A star import may have put anything in the place of a built-in name.
        return UNKNOWN if self.starred else symbol(f"builtins.{name}")

    def owner(self, name: str) -> Scope:
        """The scope that ``global`` or ``nonlocal`` refers to."""
        if name in self.scope.nonlocals:
            scope = self.scope.parent
            while scope is not None:
                known = scope.bindings.keys() | self.closures.get(scope.node, {}).keys()
                if scope.is_function and name in known:
                    return scope
                scope = scope.parent
        return self._module_scope()

    def _summary(self, scope: Scope, name: str) -> Value:
        """What a name of another scope may hold at an unknown time."""
        return self.closures.get(scope.node, {}).get(name, UNKNOWN)

    def _module_scope(self) -> Scope:
        scope = self.scope
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def _name(self, node: ast.Name) -> Value:
        return self.lookup(node.id)

    # --- parts ------------------------------------------------------------------------------------

    def _attribute(self, node: ast.Attribute) -> Value:
        receiver = self.evaluate(node.value)
        if node.attr in self.outline.replaced:
            return UNKNOWN
        if receiver.kind is Kind.INSTANCE and receiver.name in self.known.classes:
            value = self.known.attribute(receiver.name, node.attr)
            value = self.assumed.get((receiver.name, node.attr), value)
            getter = self.known.property(receiver.name, node.attr)
            if getter is not None and getter.name in self.known_returns:
                stored = self.only_reads(getter.name)
                return self.returned(getter.name, receiver, None) if stored else UNKNOWN
            if value.kind is Kind.UNKNOWN and not self.known.holds(receiver.name, node.attr):
                value = self._inherited(receiver.name, node.attr)
            if not receiver.plain:
                value = as_declared(value)
            if not (is_self(node.value) and self._is_one_object("self")):
                return without_symbols(value)
            once = self.known.stored_once_in_init(receiver.name, node.attr)
            if value.symbol is None and once:
                return value.but(symbol=f"self.{node.attr}@{receiver.name}")
            return value
        if receiver.name is not None and "@" in receiver.name:
            # An attribute of a class or function of this file.
            own = receiver.kind is Kind.CLASS and receiver.name in self.known.classes
            value = self.known.attribute(receiver.name, node.attr) if own else UNKNOWN
            return without_symbols(value)
        if receiver.kind is Kind.FUNCTION and receiver.name:
            return api.member(receiver.name, node.attr)
        if receiver.kind is Kind.INSTANCE and receiver.name:
            if node.attr in self.outline.stored:
                return UNKNOWN
            return self._weights(receiver.name, node.attr)
        return api.attribute(receiver, node.attr)

    def _is_one_object(self, name: str) -> bool:
        """Whether the name is that of a method for its object, which is not bound again."""
        scope: Scope | None = self.scope
        while scope is not None and not (scope.is_function and name in scope.bindings):
            scope = scope.parent
        if scope is None or scope.parent is None or not scope.parent.is_class:
            return False
        return name not in self.outline.names_bound_by(scope.node) | scope.foreign

    def only_reads(self, key: str) -> bool:
        """Whether a getter is a name for an attribute, and gives the same however often it runs."""
        return False

    def _inherited(self, key: str, name: str) -> Value:
        """An attribute that a class of the file has from a base class of TensorFlow or Keras."""
        base = self.known.library_base(key)
        return UNKNOWN if base is None else self._weights(base, name)

    def _weights(self, base: str, name: str) -> Value:
        computed = not QUANTIZING.isdisjoint(self.outline.words)
        return weights(base, name, self.weight_kind, computed=computed)

    def _subscript(self, node: ast.Subscript) -> Value:
        receiver = self.evaluate(node.value)
        index = self.evaluate(node.slice)
        declared = alias(node, receiver, self.evaluate)
        if declared is not None:
            return declared
        value = api.item(receiver, index)
        if value.shape is None and receiver.is_array:
            value = replace(value, least_rank=self._kept_axes(node.slice))
        return value

    def _kept_axes(self, index: ast.expr) -> int:
        """How many axes a subscript's result has at least: each ``:`` and each None is one."""
        parts = index.elts if isinstance(index, ast.Tuple) else [index]
        return sum(self.values[part].kind in (Kind.SLICE, Kind.NONE) for part in parts)

    def _slice(self, node: ast.Slice) -> Value:
        none = constant(None)
        parts = tuple(
            none if part is None else self.evaluate(part)
            for part in (node.lower, node.upper, node.step)
        )
        return Value(Kind.SLICE, items=parts)

    # --- calls ------------------------------------------------------------------------------------

    def _call(self, node: ast.Call) -> Value:
        method = isinstance(node.func, ast.Attribute)
        function = self.evaluate(node.func)
        args = tuple([self.evaluate(arg) for arg in node.args])
        kwargs = {word.arg: self.evaluate(word.value) for word in node.keywords if word.arg}
        spread = any(isinstance(arg, ast.Starred) for arg in node.args)
        for word in node.keywords:
            if word.arg is None:
                self.evaluate(word.value)
                spread = True
        if isinstance(node.func, ast.Attribute) and node.func.attr in _MUTATORS:
            added = UNKNOWN if spread else _added(node.func.attr, args, kwargs)
            self._mutate(node.func.value, added)
        if isinstance(node.func, ast.Attribute) and node.func.attr in self.outline.replaced:
            return UNKNOWN
        if function.kind is Kind.CLASS and function.name in self.known.classes:
            return Value(Kind.INSTANCE, name=function.name, plain=True)
        if function.name == "tensorflow.cond" and not spread:
            return self._either(args, kwargs)
        if function.name in self.known_returns:
            # A lambda that is an attribute may be given the object as well.
            unsure = spread or (method and function.name.startswith(LAMBDA))
            fits = None if unsure else (args, kwargs)
            owner = self.values[node.func.value] if isinstance(node.func, ast.Attribute) else None
            return self.returned(function.name, owner, fits)
        if method:
            assert isinstance(node.func, ast.Attribute)
            receiver = self.values[node.func.value]
            weight = self._weight(receiver, node.func.attr, args, kwargs)
            if weight is not None:
                return weight
        if spread:
            return UNKNOWN
        if function.kind is Kind.FUNCTION and function.name:
            if "." in function.name and "@" not in function.name:
                result = api.call(function.name, args, kwargs)
                if result == UNKNOWN:
                    result = made(function.name)
                return _with_least_rank(result, function.name, args, kwargs)
        elif method:
            assert isinstance(node.func, ast.Attribute)
            return api.method(self.values[node.func.value], node.func.attr, args, kwargs)
        return UNKNOWN

    def returned(
        self,
        key: str,
        owner: Value | None,
        fits: tuple[tuple[Value, ...], dict[str, Value]] | None,
    ) -> Value:
        """What a function in view returns, as a method of ``owner`` or by itself.

        ``fits`` are the arguments of the call, where they are all in view.
        """
        value = without_symbols(self.known_returns[key])
        if fits is not None and is_open(value):
            found = self.inlined(key, *fits)
            value = value if found is None or found.kind is Kind.UNKNOWN else found
        declared = owner is not None and owner.kind is Kind.INSTANCE and not owner.plain
        return as_declared(value) if declared else value

    def _either(self, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
        """What ``tf.cond`` gives: tensors, if both of its functions return such."""
        found = bind("pred true_fn false_fn name", args, kwargs)
        names = [] if found is None else [found["true_fn"].name, found["false_fn"].name]
        results = [self.known_returns[name] for name in names if name in self.known_returns]
        value = traced(join_all(tuple(results))) if len(results) == 2 else UNKNOWN
        # Outside of a graph a list is the one that the function returned.
        return UNKNOWN if value.kind is Kind.LIST else without_symbols(value)

    def inlined(self, key: str, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value | None:
        """What one call of a function returns, if that is worth finding out."""
        return None

    def _weight(
        self, receiver: Value, name: str, args: tuple[Value, ...], kwargs: dict[str, Value]
    ) -> Value | None:
        """``self.add_weight(...)`` in a Keras layer or metric."""
        if name not in ("add_weight", "add_variable"):
            return None
        kind = self.weight_kind
        if receiver.kind is Kind.INSTANCE and receiver.name in self.known.classes:
            if self.known.defines(receiver.name, name):
                return None
            kind = weight_kind(self.known.framework_base(receiver.name), kind)
        elif receiver.kind is Kind.INSTANCE:
            kind = weight_kind(receiver.name, kind)
        elif receiver.kind is not Kind.UNKNOWN:
            return None
        shape = kwargs.get("shape") or next(
            (arg for arg in args if arg.kind in (Kind.TUPLE, Kind.LIST)), constant(())
        )
        dtype = kwargs.get("dtype")
        model = api.call(
            "tensorflow.zeros", (shape,), {"dtype": dtype} if dtype and dtype.const else {}
        )
        known = model.dtype if dtype is not None else None
        return Value(kind, dtype=known, shape=model.shape)

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

    def bind_name(self, name: str, value: Value) -> None:
        """Bind a name where ``global`` and ``nonlocal`` say that it lives."""
        value = self.settled(name, value)
        if name not in self.scope.globals:
            self.scope.bind(name, value)
            return
        scope = self.owner(name)
        value = without_symbols(value)
        before = scope.bindings.get(name)
        scope.bindings[name] = value if before is None else join(before, value)
        scope.env[name] = scope.bindings[name]

    def settled(self, name: str, value: Value) -> Value:
        """``value`` as it may be relied on for as long as the name holds it."""
        seen = self.outline
        if name in seen.replaced:
            return UNKNOWN
        changed = name in seen.mutated or name in seen.viewed
        leaky = name in seen.leaky or (value.kind is Kind.NDARRAY and changed)
        if leaky or name in seen.nested or seen.reshaped:
            if value.kind is Kind.NDARRAY and not leaky and not seen.reshaped:
                return value
            return without_contents(value, nested=not leaky, reshaped=seen.reshaped)
        return value

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
            self.circular = None
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

    def learn(self, name: str, value: Value) -> None:
        """From here on more is known of what a name holds, which was not bound again."""
        scope = self.scope
        if name in scope.env and name not in scope.foreign and name not in scope.globals:
            scope.env[name] = self.settled(name, value)

    def known_value(self, node: ast.expr) -> Value:
        return self.values.get(node, UNKNOWN)

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

    # --- comprehensions and lambdas ---------------------------------------------------------------

    def _comprehend(
        self, node: ast.expr, generators: list[ast.comprehension], *results: ast.expr
    ) -> list[Value]:
        outer = self.scope
        env = dict(outer.env)
        if outer.is_class:
            # Names of a class body are not seen from inside of a comprehension.
            env = dict.fromkeys(env, UNKNOWN)
        self.scope = Scope(node, parent=outer, env=env, bindings=dict(outer.bindings))
        self.scope.globals = outer.globals
        self.scope.nonlocals = outer.nonlocals
        self.scope.foreign = outer.foreign
        # A lambda in it runs later, when its targets hold anything.
        targets = {name for part in generators for name in _names_in(part.target)}
        self.closures[node] = self.closures.get(outer.node, {}) | dict.fromkeys(targets, UNKNOWN)
        try:
            for generator in generators:
                self.bind_target(generator.target, api.iterate(self.evaluate(generator.iter)))
                for condition in generator.ifs:
                    self.evaluate(condition)
                    self.assume(condition, True)
            return [self.evaluate(result) for result in results]
        finally:
            self.scope = outer

    def _generator(self, node: ast.GeneratorExp) -> Value:
        """It runs later, when names of the scope around it may be bound to something else."""
        if self.outline.binds_within(node):
            # What it binds there counts from here on.
            return self._list_comprehension(node)
        self.evaluate(node.generators[0].iter)
        outer = self.scope
        self.scope = Scope(node, parent=outer)
        try:
            for child in walk(node):
                if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
                    self.scope.bind(child.id, UNKNOWN)
            for number, turn in enumerate(node.generators):
                for part in (*turn.ifs, *([turn.iter] if number else ())):
                    self.evaluate(part)
            self.evaluate(node.elt)
        finally:
            self.scope = outer
        return UNKNOWN

    def _list_comprehension(self, node: ast.ListComp | ast.GeneratorExp) -> Value:
        (element,) = self._comprehend(node, node.generators, node.elt)
        return Value(Kind.LIST, element=without_symbols(element))

    def _unknown_comprehension(self, node: ast.SetComp) -> Value:
        self._comprehend(node, node.generators, node.elt)
        return UNKNOWN

    def _dict_comprehension(self, node: ast.DictComp) -> Value:
        _, element = self._comprehend(node, node.generators, node.key, node.value)
        return Value(Kind.DICT, element=without_symbols(element))

    def _walrus(self, node: ast.NamedExpr) -> Value:
        value = self.evaluate(node.value)
        name = node.target.id
        # It may not be reached (``a and (b := c)``), and it binds outside of comprehensions.
        joined = join(self.lookup(name), value)
        scope = self.scope
        while isinstance(scope.node, _COMPREHENSIONS) and scope.parent is not None:
            scope.env[name] = joined
            scope = scope.parent
        inner, self.scope = self.scope, scope
        self.bind_name(name, joined)
        self.scope = inner
        # The same object goes on under another name.
        return self.settled(name, value)

    def _lambda(self, node: ast.Lambda) -> Value:
        outer = self.scope
        for default in [*node.args.defaults, *(d for d in node.args.kw_defaults if d)]:
            self.evaluate(default)
        self.scope = Scope(node, parent=outer)
        try:
            for argument in arguments(node.args):
                self.scope.bind(argument.arg, UNKNOWN)
            value = self.evaluate(node.body)
        finally:
            self.scope = outer
        return self.function_of(node, value)

    def function_of(self, node: ast.Lambda, returned: Value) -> Value:
        """The function that a lambda is, of which it is known what it returns."""
        return UNKNOWN

    def _opaque(self, node: ast.expr) -> Value:
        """Anything else: its parts are evaluated, nothing is known of the whole."""
        for child in children(node):
            if isinstance(child, ast.expr):
                self.evaluate(child)
        return UNKNOWN

    # --- targets ----------------------------------------------------------------------------------

    def bind_target(self, target: ast.expr, value: Value) -> None:
        """Bind what an assignment, a ``for`` or a ``with`` binds."""
        if isinstance(target, ast.Name):
            self.bind_name(target.id, self._named(target, value))
            self.values[target] = value
        elif isinstance(target, (ast.Tuple, ast.List)):
            for element, part in zip(target.elts, _unpacked(value, target.elts), strict=True):
                self.bind_target(element, part)
        elif isinstance(target, ast.Starred):
            self.bind_target(target.value, value)
        elif isinstance(target, ast.Attribute):
            self.evaluate(target.value)
            self.values[target] = value
            self.store_attribute(target, value)
        elif isinstance(target, ast.Subscript):
            self.values[target] = value
            self.evaluate(target.value)
            self.evaluate(target.slice)
            key = self.values[target.slice]
            held = self.values[target.value]
            self._mutate(
                target.value, value if held.kind is Kind.DICT else _stored(key, value), key
            )

    def _named(self, target: ast.Name, value: Value) -> Value:
        """Give an unknown int a symbol, so that two uses of it are seen to be equal.

        Not in a loop: there the same name holds another number in the next turn.
        """
        plain_number = value.kind in (Kind.UNKNOWN, Kind.INT) and value.const is NO_CONSTANT
        scalar = value.kind is Kind.TENSOR and is_integer_scalar(value) and dim_of(value) is None
        if (plain_number or scalar) and value.symbol is None and not self.scope.loops:
            return value.but(symbol=f"{target.id}@{target.lineno}:{target.col_offset}")
        return value


def _added(method: str, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value | None:
    """What a method puts into its container; None if it only takes out or rearranges."""
    if method in _REMOVING:
        return None
    if kwargs:
        return UNKNOWN
    if method in ("append", "extend") and len(args) == 1:
        return args[0] if method == "append" else api.iterate(args[0])
    if method in ("insert", "setdefault") and len(args) == 2:
        return args[1]
    if method == "update" and len(args) == 1 and args[0].kind is Kind.DICT:
        return args[0].element or UNKNOWN
    return UNKNOWN


def _stored(key: Value, value: Value) -> Value:
    """What is in a list or dict once ``value`` was stored under ``key``, which may be a slice."""
    if key.kind is Kind.SLICE:
        return api.iterate(value)
    certain = key.kind in (Kind.INT, Kind.STR, Kind.BOOL, Kind.TUPLE)
    return value if certain else join(value, api.iterate(value))


def _unpacked(value: Value, targets: list[ast.expr]) -> list[Value]:
    """What each of several targets gets of a value that is taken apart."""
    stars = [place for place, node in enumerate(targets) if isinstance(node, ast.Starred)]
    entry, items = api.iterate(value), value.items
    rest = Value(Kind.LIST, element=None if entry == UNKNOWN else entry)
    if items is None or (len(items) < len(targets) - 1 if stars else len(items) != len(targets)):
        return [rest if place in stars else entry for place in range(len(targets))]
    if not stars:
        return list(items)
    (first,) = stars
    last = len(items) - (len(targets) - first - 1)
    return [*items[:first], sequence(Kind.LIST, items[first:last]), *items[last:]]


def is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def _names_in(target: ast.expr) -> set[str]:
    return {node.id for node in walk(target) if isinstance(node, ast.Name)}


def arguments(node: ast.arguments) -> list[ast.arg]:
    found = [*node.posonlyargs, *node.args, *node.kwonlyargs]
    return found + [extra for extra in (node.vararg, node.kwarg) if extra is not None]


_AXIS_POSITION = {"tensorflow.expand_dims": 1, "tensorflow.stack": 1}


def _with_least_rank(
    result: Value, name: str, args: tuple[Value, ...], kwargs: dict[str, Value]
) -> Value:
    """``tf.expand_dims(x, 1)`` has two axes at least, whatever ``x`` is."""
    position = _AXIS_POSITION.get(name)
    if result.shape is not None or position is None:
        return result
    axis = kwargs.get("axis", args[position] if len(args) > position else UNKNOWN)
    known = axis.const if isinstance(axis.const, int) and axis.const >= 0 else 0
    return replace(result, least_rank=known + 1)

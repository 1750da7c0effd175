"""The evaluator's layer for what binds names: targets, comprehensions, lambdas and ``:=``."""

from __future__ import annotations

import ast

from tflint_slice.infer import api
from tflint_slice.infer.contents import stored, unpacked
from tflint_slice.infer.dims import dim_of, is_integer_scalar
from tflint_slice.infer.parts import Parts
from tflint_slice.infer.scopes import Scope
from tflint_slice.infer.values import NO_CONSTANT, UNKNOWN, Value, join, without_symbols
from tflint_slice.model import Kind
from tflint_slice.syntax.nodes import walk

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Binding(Parts):
    """Binds targets, and evaluates the expressions that bind names of their own."""

    def bind_target(self, target: ast.expr, value: Value) -> None:
        """Bind what an assignment, a ``for`` or a ``with`` binds."""
        if isinstance(target, ast.Name):
            self.bind_name(target.id, self._named(target, value))
            self.values[target] = value
        elif isinstance(target, (ast.Tuple, ast.List)):
            for element, part in zip(target.elts, unpacked(value, target.elts), strict=True):
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
            self._mutate(target.value, value if held.kind is Kind.DICT else stored(key, value), key)

    def _named(self, target: ast.Name, value: Value) -> Value:
        """Give an unknown int a symbol, so that two uses of it are seen to be equal.

        Not in a loop: there the same name holds another number in the next turn.
        """
        plain_number = value.kind in (Kind.UNKNOWN, Kind.INT) and value.const is NO_CONSTANT
        scalar = value.kind is Kind.TENSOR and is_integer_scalar(value) and dim_of(value) is None
        if (plain_number or scalar) and value.symbol is None and not self.scope.loops:
            return value.but(symbol=f"{target.id}@{target.lineno}:{target.col_offset}")
        return value

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
        self.scope.turned = outer.turned
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


def _names_in(target: ast.expr) -> set[str]:
    return {node.id for node in walk(target) if isinstance(node, ast.Name)}


def arguments(node: ast.arguments) -> list[ast.arg]:
    found = [*node.posonlyargs, *node.args, *node.kwonlyargs]
    return found + [extra for extra in (node.vararg, node.kwarg) if extra is not None]

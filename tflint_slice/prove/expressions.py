"""Lifting of expressions: what is known stays, what comes from outside becomes an input or a hole.

The result of lifting an expression is an expression over the identifiers of ``Inputs``, the names
of modules, and the names that the statements bind themselves.
"""

from __future__ import annotations

import ast
import copy

from tflint_slice.prove import pure
from tflint_slice.prove.inputs import CONTAINERS, Inputs, Role
from tflint_slice.prove.parameters import roles
from tflint_slice.prove.places import Origin, Places, Unliftable

_TO_ARRAY = frozenset({"numpy", "read_value", "value"})


class Expressions:
    """Lifts the expressions of one side.

    ``shared`` are the calls that stand in the same words on every side. ``plain`` says that the
    side is written in NumPy's terms: tensors are arrays there, and turning one into an array is
    to leave it alone.
    """

    def __init__(
        self, inputs: Inputs, places: Places, shared: set[str], *, plain: bool = False
    ) -> None:
        self.inputs = inputs
        self.places = places
        self.shared = shared
        self.plain = plain

    # --- dispatch ---------------------------------------------------------------------------------

    def lift(self, node: ast.expr, role: Role = Role.VALUE) -> ast.expr:
        if isinstance(node, ast.Constant):
            return node
        if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
            return self._path(node, role)
        if isinstance(node, ast.Call):
            return self._call(node, role)
        if isinstance(node, ast.BinOp):
            inner = _inside(role)
            right = Role.COUNT if isinstance(node.op, ast.Mod) and inner is Role.INDEX else inner
            return ast.BinOp(self.lift(node.left, inner), node.op, self.lift(node.right, right))
        if isinstance(node, ast.UnaryOp):
            return ast.UnaryOp(node.op, self.lift(node.operand, _inside(role)))
        if isinstance(node, ast.Compare):
            return ast.Compare(
                self.lift(node.left), node.ops, [self.lift(item) for item in node.comparators]
            )
        if isinstance(node, ast.BoolOp):
            return ast.BoolOp(node.op, [self.lift(value, role) for value in node.values])
        if isinstance(node, ast.IfExp):
            test = self.lift(node.test, Role.CONDITION)
            return ast.IfExp(test, self.lift(node.body, role), self.lift(node.orelse, role))
        if isinstance(node, (ast.List, ast.Tuple)):
            within = Role.COORDINATE if role is Role.INDICES else role
            items = [self.lift(item, within) for item in node.elts]
            return type(node)(items, ast.Load())
        if isinstance(node, ast.Starred):
            return ast.Starred(self.lift(node.value, role), ast.Load())
        if isinstance(node, ast.Slice):
            return ast.Slice(
                *(
                    None if part is None else self.lift(part, Role.BOUND)
                    for part in (node.lower, node.upper, node.step)
                )
            )
        if isinstance(node, ast.NamedExpr):
            value = self.lift(node.value, role)
            self.places.bound.add(node.target.id)
            return ast.NamedExpr(node.target, value)
        if isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)):
            return self._comprehension(node, role)
        if isinstance(node, ast.Lambda):
            return self._lambda(node, role)
        if isinstance(node, ast.Dict) and None not in node.keys:
            keys = [key and self.lift(key) for key in node.keys]
            return ast.Dict(keys, [self.lift(value) for value in node.values])
        if isinstance(node, ast.Set):
            return ast.Set([self.lift(item, role) for item in node.elts])
        if isinstance(node, ast.JoinedStr):
            return ast.JoinedStr([self.lift(part) for part in node.values])
        if isinstance(node, ast.FormattedValue):
            return ast.FormattedValue(self.lift(node.value), node.conversion, node.format_spec)
        raise Unliftable(f"an expression of kind {type(node).__name__} cannot be lifted")

    # --- names, attributes, items -----------------------------------------------------------------

    def _path(self, node: ast.Name | ast.Attribute | ast.Subscript, role: Role) -> ast.expr:
        text = ast.unparse(node)
        if text == self.inputs.target:
            return self._input(text, Role.TARGET)
        qualified = self.places.qualified(node)
        if qualified is not None:
            return self._member(node, qualified)
        if isinstance(node, ast.Name):
            if node.id in self.places.bound or node.id in pure.TYPES:
                return _name(node.id)
            return self._input(text, role)
        if isinstance(node, ast.Attribute):
            return self._attribute(node, role)
        return self._item(node, role)

    def _member(self, node: ast.expr, qualified: str) -> ast.expr:
        plain = pure.canonical(qualified)
        if plain in pure.CONSTANTS or pure.is_pure(qualified):
            return copy.deepcopy(node)
        raise Unliftable(f"`{ast.unparse(node)}` is not on the table of pure calls")

    def _attribute(self, node: ast.Attribute, role: Role) -> ast.expr:
        origin = self.places.origin(node.value)
        if origin is Origin.OUTSIDE and not (
            node.attr in pure.ARRAY_ATTRIBUTES and self.places.is_array(node.value)
        ):
            if self.places.is_fixed(node):
                return self._input(ast.unparse(node), role)
            raise Unliftable(f"what `{ast.unparse(node)}` is cannot be seen")
        if node.attr not in pure.ATTRIBUTES:
            raise Unliftable(f"the attribute `{node.attr}` is not on the table of pure calls")
        return ast.Attribute(self._array(node.value, Role.VALUE), node.attr, ast.Load())

    def _item(self, node: ast.Subscript, role: Role) -> ast.expr:
        if self.places.origin(node.value) is Origin.OUTSIDE and not self.places.is_array_item(node):
            return self._input(ast.unparse(node), role)
        base = self._array(node.value, _inside(role))
        return ast.Subscript(base, self._brackets(node.slice), ast.Load())

    def _brackets(self, index: ast.expr) -> ast.expr:
        if isinstance(index, ast.Tuple):
            return ast.Tuple([self._brackets(item) for item in index.elts], ast.Load())
        return self.lift(index, Role.INDEX)

    def _array(self, node: ast.expr, role: Role) -> ast.expr:
        """An expression that is used as an array: of what may be anything it must be one."""
        if self.places.origin(node) is Origin.OUTSIDE and self.places.is_fixed(node):
            container = self.inputs.fact(ast.unparse(node)).kind in CONTAINERS
            return self._input(ast.unparse(node), role, array=not container)
        return self.lift(node, role)

    def _input(self, text: str, role: Role, *, array: bool = False) -> ast.expr:
        return _name(self.inputs.require(text, role, array=array))

    # --- calls ------------------------------------------------------------------------------------

    def _call(self, node: ast.Call, role: Role) -> ast.expr:
        function = node.func
        qualified = self.places.qualified(function)
        if qualified is not None:
            if not pure.is_pure(qualified):
                return self._hole(node, role, None)
            return self._arguments(node, copy.deepcopy(function), qualified, role, method=False)
        if isinstance(function, ast.Name):
            builtin = function.id in pure.BUILTINS and function.id not in self.places.modules
            if function.id in self.places.bound or builtin:
                return self._arguments(node, function, function.id, role, method=False)
            return self._hole(node, role, None)
        if not isinstance(function, ast.Attribute):
            return self._hole(node, role, function)
        receiver, method = function.value, function.attr
        outside = self.places.origin(receiver) is Origin.OUTSIDE
        if outside and not self.places.has_method(receiver, method):
            return self._hole(node, role, None if self.places.is_fixed(receiver) else receiver)
        if method not in pure.METHODS:
            return self._hole(node, role, receiver)
        base = self._array(receiver, _inside(role))
        if self.plain and method in _TO_ARRAY and not node.args:
            return base
        lifted = ast.Attribute(base, method, ast.Load())
        return self._arguments(node, lifted, method, role, method=True)

    def _arguments(
        self, node: ast.Call, function: ast.expr, name: str, role: Role, *, method: bool
    ) -> ast.Call:
        positions, keywords = roles(name.rpartition(".")[2], method=method, around=role)
        inner = _inside(role)
        args = [
            self.lift(arg, positions[number] if number < len(positions) else inner)
            for number, arg in enumerate(node.args)
        ]
        words = [
            ast.keyword(word.arg, self.lift(word.value, keywords.get(word.arg or "", inner)))
            for word in node.keywords
        ]
        return ast.Call(function, args, words)

    def _hole(self, node: ast.Call, role: Role, receiver: ast.expr | None) -> ast.expr:
        """A call that is not run. Its receiver, if it must be computed, is one more argument."""
        text = ast.unparse(node)
        if self.inputs.fact(text).pure and self.places.is_fixed_but_for_calls(node):
            return self._input(text, role)
        key = text if text in self.shared else ast.unparse(node.func)
        name = self.inputs.hole(key, text, role)
        args = [self.lift(arg, Role.ARGUMENT) for arg in node.args]
        if receiver is not None:
            args.insert(0, self.lift(receiver, Role.ARGUMENT))
        words = [
            ast.keyword(word.arg, self.lift(word.value, Role.ARGUMENT)) for word in node.keywords
        ]
        return ast.Call(_name(name), args, words)

    # --- scopes inside of expressions -------------------------------------------------------------

    def _comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, role: Role
    ) -> ast.expr:
        outer = set(self.places.bound)
        generators = []
        for generator in node.generators:
            if generator.is_async:
                raise Unliftable("an asynchronous comprehension cannot be lifted")
            iterable = self.lift(generator.iter, role)
            self.places.bound |= _names(generator.target)
            tests = [self.lift(test, Role.CONDITION) for test in generator.ifs]
            generators.append(ast.comprehension(generator.target, iterable, tests, 0))
        result: ast.expr
        if isinstance(node, ast.DictComp):
            result = ast.DictComp(self.lift(node.key), self.lift(node.value), generators)
        else:
            result = type(node)(self.lift(node.elt, role), generators)
        self.places.bound = outer
        return result

    def _lambda(self, node: ast.Lambda, role: Role) -> ast.expr:
        if node.args.defaults or node.args.kw_defaults:
            raise Unliftable("a lambda with defaults cannot be lifted")
        outer = set(self.places.bound)
        every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        self.places.bound |= {argument.arg for argument in every}
        result = ast.Lambda(node.args, self.lift(node.body, role))
        self.places.bound = outer
        return result


def _inside(role: Role) -> Role:
    """The role of what an expression is made of."""
    return Role.INDEX if role in (Role.INDICES, Role.COORDINATE) else role


def _name(identifier: str) -> ast.Name:
    return ast.Name(identifier, ast.Load())


def _names(target: ast.expr) -> set[str]:
    return {part.id for part in ast.walk(target) if isinstance(part, ast.Name)}

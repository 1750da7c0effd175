"""The evaluator's layer for calls, of functions in view and of those of TensorFlow and NumPy."""

from __future__ import annotations

import ast
from dataclasses import replace

from tflint_slice.infer import api
from tflint_slice.infer.calls import bind
from tflint_slice.infer.contents import MUTATORS, added
from tflint_slice.infer.decorating import traced
from tflint_slice.infer.expressions import Expressions
from tflint_slice.infer.inlining import is_open
from tflint_slice.infer.layers import made, weight_kind
from tflint_slice.infer.values import (
    UNKNOWN,
    Value,
    as_declared,
    constant,
    join_all,
    without_symbols,
)
from tflint_slice.model import Kind

LAMBDA = "lambda"
"""What stands for the name of a function that has none."""
_AXIS_POSITION = {"tensorflow.expand_dims": 1, "tensorflow.stack": 1}


class Calling(Expressions):
    """Evaluates calls by what is known of the function."""

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
        if isinstance(node.func, ast.Attribute) and node.func.attr in MUTATORS:
            element = UNKNOWN if spread else added(node.func.attr, args, kwargs)
            self._mutate(node.func.value, element)
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

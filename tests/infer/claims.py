"""Expressions evaluated twice, by the API's rules and by Python, and whether all claims hold."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from tflint_slice.infer import api
from tflint_slice.infer.values import NONE, UNKNOWN, Value, constant, sequence, symbol
from tflint_slice.model import Kind

ROOTS = {"tf": "tensorflow", "np": "numpy", "keras": "keras", "math": "math"}
MODULES = {"tf": tf, "np": np, "keras": keras, "math": math}

OPERATORS = {
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
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.IsNot: "is not",
    ast.UAdd: "+",
    ast.USub: "-",
    ast.Invert: "~",
    ast.Not: "not",
}


LAZY = (
    *(range, enumerate, zip, reversed, type(reversed([])), type(iter(range(0)))),
    *(type({}.keys()), type({}.values()), type({}.items())),
)
"""What is iterated as a list would be."""


class Length(int):
    """An int that can be sliced as the axis of that length would be, and measured again."""

    def __getitem__(self, index: slice) -> range:
        return range(self)[index]


def infer(expression: str, names: Mapping[str, Value]) -> Value:
    """What the rules say of an expression."""
    return _infer(ast.parse(expression, mode="eval").body, names)


def _infer(node: ast.expr, names: Mapping[str, Value]) -> Value:
    match node:
        case ast.Constant():
            return constant(node.value)
        case ast.Name():
            if node.id in names:
                return names[node.id]
            return symbol(ROOTS.get(node.id, f"builtins.{node.id}"))
        case ast.Attribute():
            receiver = _infer(node.value, names)
            if receiver.kind is Kind.FUNCTION and receiver.name is not None:
                return api.member(receiver.name, node.attr)
            return api.attribute(receiver, node.attr)
        case ast.Subscript():
            return api.item(_infer(node.value, names), _infer(node.slice, names))
        case ast.Slice():
            parts = (node.lower, node.upper, node.step)
            bounds = tuple(NONE if part is None else _infer(part, names) for part in parts)
            return Value(Kind.SLICE, items=bounds)
        case ast.Tuple():
            return sequence(Kind.TUPLE, tuple(_infer(item, names) for item in node.elts))
        case ast.List():
            return sequence(Kind.LIST, tuple(_infer(item, names) for item in node.elts))
        case ast.Dict():
            entries = tuple(
                (ast.literal_eval(key), _infer(value, names))
                for key, value in zip(node.keys, node.values, strict=True)
                if key is not None
            )
            return Value(Kind.DICT, entries=entries)
        case ast.ListComp(generators=[ast.comprehension(target=ast.Name() as target) as loop]):
            element = api.iterate(_infer(loop.iter, names))
            return Value(Kind.LIST, element=_infer(node.elt, {**names, target.id: element}))
        case ast.BinOp():
            left, right = _infer(node.left, names), _infer(node.right, names)
            return api.binary(OPERATORS[type(node.op)], left, right)
        case ast.UnaryOp():
            return api.unary(OPERATORS[type(node.op)], _infer(node.operand, names))
        case ast.Compare(ops=[operator], comparators=[right_node]):
            left, right = _infer(node.left, names), _infer(right_node, names)
            return api.compare(OPERATORS[type(operator)], left, right)
        case ast.Call():
            return _call(node, names)
    return UNKNOWN


def _call(node: ast.Call, names: Mapping[str, Value]) -> Value:
    args = tuple(_infer(arg, names) for arg in node.args)
    kwargs = {word.arg: _infer(word.value, names) for word in node.keywords if word.arg}
    if isinstance(node.func, ast.Attribute):
        receiver = _infer(node.func.value, names)
        return api.method(receiver, node.func.attr, args, kwargs)
    function = _infer(node.func, names)
    return UNKNOWN if function.name is None else api.call(function.name, args, kwargs)


def run(expression: str, names: Mapping[str, Any]) -> Any:
    """What Python says of it."""
    return eval(expression, {**MODULES, **names})


def violations(claim: Value, real: Any, lengths: Mapping[str, int], path: str = "") -> list[str]:
    """Every claim about a value that the real value contradicts."""
    if claim.optional and real is None:
        return []
    found: list[str] = []

    def expect(holds: bool, what: str) -> None:
        if not holds:
            found.append(f"{path or 'value'}: {what}; it is {real!r}")

    if not _is_kind(claim, real):
        return [f"{path or 'value'}: kind {claim.kind.value}; it is {type(real)}"]
    if claim.is_array or (claim.kind is Kind.UNKNOWN and claim.dtype is not None):
        expect(claim.dtype in (None, dtype_name(real)), f"dtype {claim.dtype}")
    if claim.shape is not None and claim.kind is not Kind.LIST:
        shape = tuple(np.shape(real)) if not isinstance(real, tf.Variable) else tuple(real.shape)
        dims = [value_of(dim, lengths) for dim in claim.shape]
        fits = len(dims) == len(shape) and all(
            a in (None, b) for a, b in zip(dims, shape, strict=True)
        )
        expect(fits, f"shape {claim.shape}")
    if claim.kind is Kind.LIST and claim.shape is not None:
        expect(value_of(claim.shape[0], lengths) in (None, len(real)), f"length {claim.shape}")
    if claim.has_const and claim.name != "dtype":
        same = type(real) is type(claim.const) and (real == claim.const or real != real)
        expect(same, f"constant {claim.const!r}")
    if claim.name == "dtype":
        expect(claim.const == dtype_name_of(real), f"dtype object {claim.const}")
    if claim.low is not None or claim.high is not None:
        entries = np.asarray(real)
        expect(entries.dtype.kind in "iu" or entries.size == 0, "integers")
        if claim.low is not None:
            expect(bool(np.all(entries >= claim.low)), f"low {claim.low}")
        high = value_of(claim.high, lengths)
        if high is not None:
            expect(bool(np.all(entries < high)), f"high {claim.high}")
    if claim.symbol is not None:
        expect(int(np.asarray(real)) == value_of(claim.symbol, lengths), f"symbol {claim.symbol}")
    if claim.distinct and not isinstance(real, (dict, str)):
        entries = np.asarray(list(real) if isinstance(real, (list, tuple, range)) else real)
        expect(len(np.unique(entries)) == entries.size, "distinct")
    if claim.kind is Kind.NDARRAY and not claim.writable and isinstance(real, np.ndarray):
        expect(not real.flags.writeable, "read-only")
    found.extend(_parts(claim, real, lengths, path))
    return found


def _parts(claim: Value, real: Any, lengths: Mapping[str, int], path: str) -> list[str]:
    found: list[str] = []
    if claim.kind in (Kind.LIST, Kind.TUPLE) or claim.items is not None:
        if claim.kind is Kind.SLICE:
            return []
        known = not isinstance(real, tf.TensorShape) or real.rank is not None
        entries = list(real) if known else []
        if claim.items is not None:
            if len(claim.items) != len(entries):
                return [f"{path or 'value'}: {len(claim.items)} items; it is {real!r}"]
            for place, (item, entry) in enumerate(zip(claim.items, entries, strict=True)):
                found += violations(item, entry, lengths, f"{path}[{place}]")
        if claim.element is not None:
            for entry in entries:
                found += violations(claim.element, entry, lengths, f"{path}[*]")
    if claim.kind is Kind.DICT and claim.entries is not None:
        for key, value in claim.entries:
            found += violations(value, real[key], lengths, f"{path}[{key!r}]")
    return found


def value_of(dim: int | str | None, lengths: Mapping[str, int]) -> int | None:
    """The number that a dimension stands for."""
    if dim is None or isinstance(dim, int):
        return dim
    scope = {name: Length(length) for name, length in lengths.items()}
    return int(eval(dim, {"len": lambda axis: Length(len(axis))}, scope))


def described(claim: Value, expected: str) -> str:
    """What a claim says, as far as ``expected`` says something too.

    Kind, dtype and shape come first; then ``distinct``, ``plain``, ``optional`` and the like, or
    ``low=0``. What is expected and not claimed is missing.
    """
    plain, named = settings_of(expected)
    parts = [claim.kind.value, claim.dtype or "?", shape_text(claim)][: len(plain)]
    for name in named:
        value = {"read-only": not claim.writable}.get(name, getattr(claim, name, None))
        if value is True:
            parts.append(name)
        else:
            shown = repr(value) if name == "const" else str(value)
            parts.append(f"{name}={shown}".replace(" ", ""))
    return " ".join(parts)


def settings_of(minimum: str) -> tuple[list[str], dict[str, str]]:
    """The parts of a minimum: kind, dtype and shape, and everything after them by name."""
    shape = re.search(r"\(.*\)", minimum)
    rest = minimum.replace(shape[0], "SHAPE") if shape else minimum
    words = rest.split()
    named = dict((*word.split("=", 1), "yes")[:2] for word in words if _is_setting(word))
    plain = [word for word in words if not _is_setting(word)]
    return [shape[0] if word == "SHAPE" and shape else word for word in plain], named


def _is_setting(word: str) -> bool:
    return "=" in word or word in ("distinct", "plain", "optional", "read-only")


def shape_text(value: Value) -> str:
    if value.shape is None:
        return "?"
    dims = ["?" if dim is None else str(dim).replace(" ", "") for dim in value.shape]
    dims = ["?" if dim.startswith("len(") or "@" in dim else dim for dim in dims]
    return f"({dims[0]},)" if len(dims) == 1 else f"({', '.join(dims)})"


def dtype_name(real: Any) -> str | None:
    dtype = getattr(real, "dtype", None)
    return None if dtype is None else dtype_name_of(dtype)


def dtype_name_of(dtype: Any) -> str:
    if isinstance(dtype, str):
        return dtype
    if isinstance(dtype, type):
        return np.dtype(dtype).name
    return str(dtype.name)


def _is_kind(claim: Value, real: Any) -> bool:
    expected: dict[Kind, Any] = {
        Kind.NONE: type(None),
        Kind.LIST: (list, *LAZY),
        Kind.TUPLE: (tuple, tf.TensorShape),
        Kind.DICT: dict,
        Kind.SLICE: slice,
        Kind.NDARRAY: (np.ndarray, np.generic),
        Kind.TENSOR: tf.Tensor,
        Kind.VARIABLE: tf.Variable,
        Kind.KERAS2_WEIGHT: tf.Variable,
        Kind.KERAS3_VARIABLE: keras.Variable,
        Kind.SOME_VARIABLE: (tf.Variable, keras.Variable),
    }
    exact = {
        Kind.BOOL: bool,
        Kind.INT: int,
        Kind.FLOAT: float,
        Kind.COMPLEX: complex,
    }
    if claim.kind in exact:
        return type(real) is exact[claim.kind]
    if claim.kind is Kind.STR and claim.name != "dtype":
        return isinstance(real, str)
    return isinstance(real, expected[claim.kind]) if claim.kind in expected else True

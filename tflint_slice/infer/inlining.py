"""Functions of the file that may be evaluated once more for one call, with the arguments it has.

What a factory such as ``def make(n, dtype): return tf.Variable(tf.zeros([n], dtype))`` returns
depends on its arguments; of any call at all only the kind would be known.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Final

from tflint_slice.infer.values import UNKNOWN, Value, sequence
from tflint_slice.model import Kind
from tflint_slice.syntax.nodes import walk

MOST_CALLS: Final = 50
"""How many calls of a run over a file are looked into."""
MOST_DEPTH: Final = 3
_MOST_NODES: Final = 300

_PLAIN: Final = (
    *(ast.Expr, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Return, ast.If, ast.Raise),
    *(ast.Assert, ast.Pass, ast.With, ast.For),
)

Arguments = dict[str, Value | ast.expr]
"""What each parameter is given: a value, or the expression of its default."""


def is_plain(node: ast.FunctionDef) -> bool:
    """Whether a body binds nothing but names of its own, in statements that are soon evaluated."""
    for count, child in enumerate(walk(node), 1):
        if isinstance(child, ast.stmt) and child is not node and not isinstance(child, _PLAIN):
            return False
        if count > _MOST_NODES:
            return False
    return True


def is_open(value: Value) -> bool:
    """Whether more may be known of what a function returns once its arguments are."""
    if value.items is not None:
        return any(map(is_open, value.items))
    if value.is_array:
        return value.dtype is None or value.shape is None or None in value.shape
    return value.kind in (Kind.UNKNOWN, Kind.LIST, Kind.DICT)


def bound(
    node: ast.arguments, args: tuple[Value, ...], kwargs: Mapping[str, Value]
) -> Arguments | None:
    """The arguments of a call by parameter, or None if they do not fit."""
    positional = [*node.posonlyargs, *node.args]
    names = [argument.arg for argument in positional]
    found: Arguments = dict(zip(names, args, strict=False))
    if node.vararg is not None:
        found[node.vararg.arg] = sequence(Kind.TUPLE, args[len(names) :])
    elif len(args) > len(names):
        return None
    allowed = {argument.arg for argument in [*node.args, *node.kwonlyargs]}
    rest = {name: value for name, value in kwargs.items() if name not in allowed}
    given = {name: value for name, value in kwargs.items() if name in allowed}
    if given.keys() & found.keys() or (rest and node.kwarg is None):
        return None
    found.update(given)
    if node.kwarg is not None:
        found[node.kwarg.arg] = UNKNOWN
    defaults: list[tuple[ast.arg, ast.expr | None]] = [
        *zip(reversed(positional), reversed(node.defaults), strict=False),
        *zip(node.kwonlyargs, node.kw_defaults, strict=True),
    ]
    for argument, default in defaults:
        if argument.arg not in found and default is not None:
            found[argument.arg] = default
    wanted = {argument.arg for argument in [*positional, *node.kwonlyargs]}
    return found if wanted <= found.keys() else None


def symbols_in(value: Value) -> set[str]:
    """The symbols of a value and of what it holds."""
    found = {dim for dim in (*(value.shape or ()), value.symbol, value.high) if type(dim) is str}
    held = [*(value.items or ()), *(entry for _, entry in value.entries or ())]
    if value.element is not None:
        held.append(value.element)
    return found.union(*map(symbols_in, held))

"""Short ways to write down a site and what is known of the expressions in it."""

from __future__ import annotations

import ast

from tflint_slice.model import Dim, Kind, Operand, Site

MODULES = (
    ("np", "numpy"),
    ("scatter", "tensorflow.tensor_scatter_nd_update"),
    ("tf", "tensorflow"),
)


def site(
    before: str, after: str, target: str = "v", reference: str | None = None, **facts: Operand
) -> Site:
    return Site(
        before,
        after,
        target,
        facts=tuple((_text(name), fact) for name, fact in facts.items()),
        modules=MODULES,
        reference=reference,
        dead=tuple(sorted(_stored(before) - _stored(after))),
    )


def _stored(text: str) -> set[str]:
    """The names that the statements bind, if they are Python."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return set()
    names = (node for node in ast.walk(tree) if isinstance(node, ast.Name))
    return {name.id for name in names if isinstance(name.ctx, ast.Store)}


def _text(name: str) -> str:
    """``f__`` stands for the call ``f()``, ``self__v`` for ``self.v``."""
    return f"{name[:-2]}()" if name.endswith("__") else name.replace("__", ".")


def variable(*shape: Dim, dtype: str | None = "float32") -> Operand:
    return Operand("", kind=Kind.VARIABLE, dtype=dtype, shape=shape or None, plain=True)


def keras_variable(*shape: Dim, dtype: str = "float32") -> Operand:
    return Operand("", kind=Kind.KERAS3_VARIABLE, dtype=dtype, shape=shape)


def some_variable(*shape: Dim, dtype: str = "float32") -> Operand:
    return Operand("", kind=Kind.SOME_VARIABLE, dtype=dtype, shape=shape)


def tensor(*shape: Dim, dtype: str | None = "float32", captured: bool = True) -> Operand:
    return Operand("", kind=Kind.TENSOR, dtype=dtype, shape=shape, captured=captured)


def tensor_of_any_shape(dtype: str | None = "float32", *, captured: bool = True) -> Operand:
    return Operand("", kind=Kind.TENSOR, dtype=dtype, captured=captured)


def array(*shape: Dim, dtype: str | None = "float32", low: int | None = None) -> Operand:
    return Operand("", kind=Kind.NDARRAY, dtype=dtype, shape=shape, low=low)


def indices(
    *shape: Dim,
    high: Dim = None,
    low: int | None = None,
    distinct: bool = False,
    dtype: str = "int32",
    kind: Kind = Kind.TENSOR,
) -> Operand:
    return Operand("", kind=kind, dtype=dtype, shape=shape, low=low, high=high, distinct=distinct)


def integer(low: int | None = None, high: Dim = None) -> Operand:
    return Operand("", kind=Kind.INT, shape=(), low=low, high=high)


FLOAT = Operand("", kind=Kind.FLOAT, shape=())
BOOL = Operand("", kind=Kind.BOOL, shape=())
UNKNOWN = Operand("")

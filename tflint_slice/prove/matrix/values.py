"""The axis of values: what is stored at a place, by the shape that it has there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tflint_slice.prove.matrix.indices import Index
from tflint_slice.prove.matrix.shapes import OTHER_DTYPE, Shape, nested, number, tensor

Write = Callable[[Index, str], str | None]
"""Spells a value for a place and a dtype; None where that form makes no sense there."""


@dataclass(frozen=True)
class Value:
    """One form of value. ``fails`` says that no index takes it: the program always raises."""

    name: str
    write: Write
    parameters: tuple[str, ...] = ()
    fails: bool = False

    def text(self, index: Index, dtype: str) -> str | None:
        return self.write(index, dtype)


AS_WRITTEN = Value("as-written", lambda index, dtype: "")


def _of_region(spell: Callable[[Shape, str], str | None]) -> Write:
    """A form that only depends on the shape that is stored, where that is known."""
    return lambda index, dtype: None if index.region is None else spell(index.region, dtype)


def _within(spell: Callable[[Shape, str], str | None]) -> Write:
    """The same for forms that differ from a single element."""
    return _of_region(lambda region, dtype: spell(region, dtype) if region else None)


def _read(index: Index, dtype: str) -> str:
    """The first part of the variable that has the shape of the region, or its first element."""
    rank = len(index.shape)
    kept = [axes for axes in range(1, rank) if index.region == index.shape[axes:]]
    zeros = ", ".join(["0"] * (kept[0] if kept else rank))
    return f"{{v}}[{zeros}] * {number(dtype)}"


def _reads(index: Index, dtype: str) -> str | None:
    """Its first element, as often as there are updates."""
    first = ", ".join(["0"] * len(index.shape))
    return nested(index.region, f"{{v}}[{first}] * {number(dtype)}") if index.region else None


def _other(shape: Shape, dtype: str) -> str | None:
    return tensor(shape, OTHER_DTYPE[dtype]) if dtype in OTHER_DTYPE else None


def _less_brackets(region: Shape, dtype: str) -> str | None:
    return nested(region[1:], number(dtype)) if region[:1] == (1,) and len(region) > 1 else None


NUMPY = (
    Value("number", lambda index, dtype: number(dtype)),
    Value("list", _within(lambda region, dtype: nested(region, number(dtype)))),
    Value("tensor", _of_region(tensor)),
    Value(
        "scalar-tensor",
        lambda index, dtype: None if index.region == () else tensor((), dtype),
    ),
    Value(
        "broadcasting-tensor",
        _within(lambda region, dtype: tensor(region[1:] or (1,), dtype)),
    ),
    Value(
        "tensor-with-an-axis-more",
        _of_region(lambda region, dtype: tensor((*region, 7), dtype)),
        fails=True,
    ),
    Value("tensor-of-other-dtype", _of_region(_other)),
    Value("numpy-scalar", lambda index, dtype: f"np.{dtype}({number(dtype)})"),
    Value("numpy-array", _within(lambda region, dtype: f"np.ones({list(region)}, np.{dtype})")),
    Value("annotated-float", lambda index, dtype: "x", ("x: float",)),
    Value("unknown-parameter", lambda index, dtype: "x", ("x",)),
    Value("read-of-the-variable", _read),
)

SCATTER = (
    Value("list", _of_region(lambda region, dtype: nested(region, number(dtype)))),
    Value("tensor", _within(tensor)),
    Value("tensor-of-other-dtype", _of_region(_other), fails=True),
    Value("numpy-array", _within(lambda region, dtype: f"np.ones({list(region)}, np.{dtype})")),
    Value(
        "number",
        lambda index, dtype: None if index.region == () else number(dtype),
        fails=True,
    ),
    Value(
        "one-bracket-more",
        _of_region(lambda region, dtype: nested((1, *region), number(dtype))),
        fails=True,
    ),
    Value(
        "bracket-around-each",
        _within(lambda region, dtype: nested((*region, 1), number(dtype))),
        fails=True,
    ),
    Value("one-bracket-less", _of_region(_less_brackets), fails=True),
    Value(
        "annotated-floats",
        _within(lambda region, dtype: nested(region, "x")),
        ("x: float",),
    ),
    Value("annotated-tensor", lambda index, dtype: "x", ("x: tf.Tensor",)),
    Value("unknown-parameter", lambda index, dtype: "x", ("x",)),
    Value("reads-of-the-variable", _reads),
)

"""Runs programs in this process, and lends variables the item assignment that they do not have."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import keras
import tensorflow as tf


@dataclass(frozen=True)
class Run:
    """What a program printed, the names it left behind, and the exception that ended it."""

    output: str
    names: dict[str, Any]
    error: Exception | None = None

    @property
    def variables(self) -> dict[str, tuple[str, tuple[int, ...], bytes]]:
        """The state of every variable at module level: dtype, shape and bits."""
        return {
            name: (value.dtype.name, tuple(value.shape), value.numpy().tobytes())
            for name, value in self.names.items()
            if isinstance(value, tf.Variable)
        }


def run(program: str, path: str) -> Run:
    """Run a program as ``python path`` would."""
    names: dict[str, Any] = {"__name__": "__main__", "__file__": path}
    output = io.StringIO()
    error: Exception | None = None
    with contextlib.redirect_stdout(output):
        try:
            exec(compile(program, path, "exec"), names)
        except Exception as raised:  # whatever the program does is the result
            error = raised
    return Run(output.getvalue(), names, error)


@contextlib.contextmanager
def item_assignment() -> Iterator[None]:
    """Give variables ``v[index] = value`` with the meaning that it has in NumPy."""

    def assign_item(variable: Any, index: Any, value: Any) -> None:
        array = keras.ops.convert_to_numpy(variable).copy()
        array[_plain(index)] = _plain(value)
        variable.assign(array)

    kinds: tuple[Any, ...] = (type(tf.Variable(0.0)), type(keras.Variable(0.0)))
    for kind in kinds:
        assert "__setitem__" not in vars(kind)
        kind.__setitem__ = assign_item
    try:
        yield
    finally:
        for kind in kinds:
            del kind.__setitem__


def _plain(value: Any) -> Any:
    """Tensors as arrays, also inside of an index or a list."""
    if isinstance(value, tf.Tensor | tf.Variable):
        return value.numpy()
    if isinstance(value, tuple | list):
        return type(value)(_plain(entry) for entry in value)
    return value

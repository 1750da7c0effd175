"""TensorFlow, imported once: how drawn inputs become objects, and objects become snapshots.

The one module of the package that imports TensorFlow, together with those that import it.
"""

from __future__ import annotations

import importlib
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from tflint_slice.prove import contents, guards
from tflint_slice.prove.cases import Drawn
from tflint_slice.prove.templates import TENSORS, Form

tf: Any = importlib.import_module("tensorflow")
tf.get_logger().setLevel("ERROR")
warnings.simplefilter("ignore")
guards.install(tf)


def devices() -> tuple[str, ...]:
    """The devices to try, by the short name TensorFlow gives them ("CPU:0")."""
    kinds = ("CPU", "GPU")
    return tuple(
        device.name.rpartition("/device:")[2]
        for kind in kinds
        for device in tf.config.list_logical_devices(kind)
    )


def has_keras_3() -> bool:
    try:
        return str(importlib.import_module("keras").__version__).startswith("3.")
    except ImportError:
        return False


# --- inputs ---------------------------------------------------------------------------------------


def build(drawn: Drawn, target: Any) -> Any:
    """The object that a side is given."""
    form, value = drawn.form, drawn.value
    if form is Form.TENSOR:
        return tf.constant(value, dtype=drawn.dtype)
    if form is Form.VARIABLE:
        return tf.Variable(value, dtype=drawn.dtype)
    if form is Form.KERAS:
        return importlib.import_module("keras").Variable(value, dtype=drawn.dtype)
    if form is Form.TARGET:
        return target
    if form is Form.DTYPE:
        return tf.as_dtype(drawn.dtype)
    return _plain(drawn)


def build_array(drawn: Drawn, target: Any) -> Any:
    """The same in NumPy's terms: what is a tensor or a variable becomes an array."""
    if drawn.form is Form.TARGET:
        return target
    if drawn.form is Form.DTYPE:
        return contents.numpy_dtype(drawn.dtype)
    if drawn.form in TENSORS:
        array = np.array(drawn.value)
        return array if array.ndim else array[()]
    return _plain(drawn)


def _plain(drawn: Drawn) -> Any:
    value = drawn.value
    if drawn.form is Form.ARRAY:
        return np.array(value)
    if drawn.form is Form.SCALAR:
        return np.asarray(value)[()]
    if drawn.form is Form.LIST:
        return value.tolist()
    if drawn.form is Form.TUPLE:
        return tuple(value.tolist())
    return value


# --- snapshots ------------------------------------------------------------------------------------


SYMBOLIC = "symbolic"
"""The content of a tensor while a function is traced: not to be known."""


@dataclass(frozen=True)
class Snapshot:
    """What an object was at one moment: its class in broad terms, and its content."""

    kind: str
    content: Any

    def __str__(self) -> str:
        if isinstance(self.content, np.ndarray):
            return f"{self.content.tolist()} ({self.content.dtype}{list(self.content.shape)})"
        return str(self.content)


def is_variable(value: Any) -> bool:
    return isinstance(value, tf.Variable) or type(value).__module__.startswith("keras.")


def snapshot(value: Any) -> Snapshot:
    """A copy that later changes of ``value`` do not reach."""
    if isinstance(value, (list, tuple)):
        return Snapshot(type(value).__name__, tuple(map(snapshot, value)))
    if isinstance(value, (np.ndarray, np.generic)):
        return Snapshot("array", np.array(value))
    kind = "variable" if is_variable(value) else "tensor"
    if kind == "variable" or isinstance(value, tf.Tensor):
        if tf.executing_eagerly() and hasattr(value, "numpy"):
            return Snapshot(kind, np.array(value.numpy()))
        return Snapshot(kind, SYMBOLIC)
    if isinstance(value, tf.IndexedSlices):
        return Snapshot("slices", (snapshot(value.values), snapshot(value.indices)))
    if isinstance(value, (bool, int, float, complex, str, bytes, type(None), range, slice)):
        return Snapshot(type(value).__name__, repr(value))
    return Snapshot(type(value).__name__, "")


def same_bits(first: Any, second: Any) -> bool:
    """Whether two arrays hold the same, NaN included."""
    if not isinstance(first, np.ndarray) or not isinstance(second, np.ndarray):
        return False
    if first.dtype == object or second.dtype == object:
        return list(map(repr, first.flat)) == list(map(repr, second.flat))
    return first.dtype == second.dtype and first.tobytes() == second.tobytes()

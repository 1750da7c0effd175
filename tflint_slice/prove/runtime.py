"""TensorFlow, imported once: how drawn inputs become objects, and objects become snapshots.

The one module of the package that imports TensorFlow, together with those that import it.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import os
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from tflint_slice.prove import contents, exposures, guards
from tflint_slice.prove.cases import Drawn
from tflint_slice.prove.templates import TENSORS, Form

tf: Any = importlib.import_module("tensorflow")
tf.get_logger().setLevel("ERROR")
warnings.simplefilter("ignore")

_REPLICAS = ("CPU:0", "CPU:1")
# A strategy needs two devices, so the processor is split into two. Only the first one is tried.
tf.config.set_logical_device_configuration(
    tf.config.list_physical_devices("CPU")[0],
    [tf.config.LogicalDeviceConfiguration() for _ in _REPLICAS],
)
guards.install(tf)
exposures.watch(tf)


@functools.cache
def devices() -> tuple[str, ...]:
    """The devices to try, by the short name TensorFlow gives them ("CPU:0")."""
    kinds = ("CPU", "GPU")
    found = (
        device.name.rpartition("/device:")[2]
        for kind in kinds
        for device in tf.config.list_logical_devices(kind)
    )
    return tuple(name for name in found if name not in _REPLICAS[1:])


@functools.cache
def mirrored() -> Any:
    """A strategy that mirrors variables over two halves of the processor."""
    return tf.distribute.MirroredStrategy(_REPLICAS)


def has_keras_3() -> bool:
    try:
        return str(importlib.import_module("keras").__version__).startswith("3.")
    except ImportError:
        return False


def has_keras_2() -> bool:
    """Whether this worker was started for Keras 2, and there is one."""
    legacy = os.environ.get("TF_USE_LEGACY_KERAS") == "1"
    return legacy and importlib.util.find_spec("tf_keras") is not None


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
    if form is Form.KERAS_2:
        return _weight(drawn)
    if form is Form.TARGET:
        return target
    if form is Form.DTYPE:
        return tf.as_dtype(drawn.dtype)
    return _plain(drawn)


def _weight(drawn: Drawn) -> Any:
    """A weight as a layer of Keras 2 makes it."""
    layer = importlib.import_module("tf_keras").layers.Layer(dtype=drawn.dtype)
    value = drawn.value
    return layer.add_weight(
        shape=value.shape,
        dtype=drawn.dtype,
        initializer=lambda shape, dtype=None: tf.constant(value, dtype=drawn.dtype),
    )


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
        return Snapshot("array", _encoded(np.array(value)))
    if isinstance(value, tf.distribute.DistributedValues) and tf.executing_eagerly():
        # Which replica holds what counts, not that several do.
        return Snapshot("replicas", tuple(map(snapshot, components(value))))
    kind = "variable" if is_variable(value) else "tensor"
    if kind == "variable" or isinstance(value, tf.Tensor):
        held = getattr(value, "value", None)
        if isinstance(held, tf.distribute.DistributedValues):
            return snapshot(held)
        if tf.executing_eagerly() and hasattr(value, "numpy"):
            return Snapshot(kind, np.array(value.numpy()))
        return Snapshot(kind, SYMBOLIC)
    if isinstance(value, tf.IndexedSlices):
        return Snapshot("slices", (snapshot(value.values), snapshot(value.indices)))
    if isinstance(value, (bool, int, float, complex, str, bytes, type(None), range, slice)):
        return Snapshot(type(value).__name__, repr(value))
    return Snapshot(type(value).__name__, "")


def _encoded(array: contents.Array) -> contents.Array:
    """With strings as TensorFlow keeps them, whatever they were when they were stored."""
    if array.dtype == object:
        for place, item in enumerate(array.flat):
            array.flat[place] = item.encode() if isinstance(item, str) else item
    return array


def components(value: Any) -> tuple[Any, ...]:
    """What each replica holds."""
    held: tuple[Any, ...] = mirrored().experimental_local_results(value)
    return held


def same_bits(first: Any, second: Any) -> bool:
    """Whether two arrays hold the same, NaN included."""
    if not isinstance(first, np.ndarray) or not isinstance(second, np.ndarray):
        return False
    if first.dtype == object or second.dtype == object:
        return list(map(repr, first.flat)) == list(map(repr, second.flat))
    return first.dtype == second.dtype and first.tobytes() == second.tobytes()

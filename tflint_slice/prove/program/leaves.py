"""What a single object holds: a variable, a tensor, an array, a number or a text."""

from __future__ import annotations

import base64
import hashlib
import sys
from collections import deque
from collections.abc import Mapping
from typing import Any

import numpy as np

from tflint_slice.prove.program.observation import KERAS_VARIABLE, VARIABLE, Leaf

LARGE = 16 * 2**20
"""Bytes of one object beyond which its digest is sent in place of its content."""
TEXTS = (bool, int, str, bytes, type(None), complex, range, slice)
_OPAQUE = ("resource", "variant")
_COMPOSITES = {
    "RaggedTensor": ("flat_values", "nested_row_splits"),
    "SparseTensor": ("indices", "values", "dense_shape"),
    "IndexedSlices": ("values", "indices", "dense_shape"),
}


_CONTAINERS = ((Mapping, "dict"), (list, "list"), (tuple, "tuple"), (deque, "deque"))


def leaf(value: Any, *, plain: bool) -> Leaf | None:
    """What there is to compare in ``value`` itself; ``plain`` says that numbers and texts count."""
    tf, keras = sys.modules.get("tensorflow"), sys.modules.get("keras")
    if tf is not None and isinstance(value, _classes(tf, "Variable")):
        return _read(VARIABLE, value)
    if keras is not None and isinstance(value, _classes(keras, "Variable")):
        return _read(KERAS_VARIABLE, value)
    if tf is not None and isinstance(value, _classes(tf, "Tensor")):
        return _tensor(value)
    if isinstance(value, np.ndarray):
        return _array("array", value)
    if isinstance(value, np.generic):
        return _array("NumPy scalar", np.asarray(value))
    return _plain(value) if plain else None


def arrays() -> tuple[type, ...]:
    """The classes of objects that hold numbers."""
    tf = sys.modules.get("tensorflow")
    if tf is None:
        return (np.ndarray,)
    return (np.ndarray, *_classes(tf, "Tensor"), *_classes(tf, "Variable"))


def components(value: Any) -> tuple[str, ...]:
    """The attributes of an object of TensorFlow that make up what it is."""
    tf = sys.modules.get("tensorflow")
    if tf is None:
        return ()
    for name, parts in _COMPOSITES.items():
        if isinstance(value, _classes(tf, name)):
            return parts
    if isinstance(value, tf.random.Generator):
        return ("state",)
    return ("values",) if isinstance(value, tf.distribute.DistributedValues) else ()


def is_open(value: Any, leaf: Leaf | None) -> bool:
    """Whether there is more to see inside of a value than its leaf says."""
    if leaf is None or leaf.is_variable:
        return leaf is None or bool(components(value))
    containers = tuple(kind for kind, _ in _CONTAINERS)
    return is_object_array(value) or (isinstance(value, containers) and not is_plain(value))


def is_plain(value: Any) -> bool:
    """Whether it is a number or a text, or a tuple or list of nothing else."""
    if type(value) in (tuple, list):
        return all(map(is_plain, value))
    return isinstance(value, (*TEXTS, float))


def is_object_array(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype == object


def _classes(library: Any, name: str) -> tuple[type, ...]:
    """The class of that name, unless the library is just being imported or is a stand-in."""
    found = vars(library).get(name)
    return (found,) if isinstance(found, type) else ()


def _tensor(tensor: Any) -> Leaf | None:
    if tensor.dtype.name in _OPAQUE:
        return None
    if hasattr(tensor, "numpy"):
        return _read("tensor", tensor)
    return Leaf("symbolic tensor", tensor.dtype.name)


def _read(kind: str, value: Any) -> Leaf:
    try:
        content = value.numpy()
        # A text of its own, which NumPy would cut down at its last byte that is not zero.
        return _array(kind, np.asarray(content, object if isinstance(content, bytes) else None))
    except Exception:  # graph mode, a deleted resource, a function that is being traced
        return Leaf(kind, hidden=True)


def _array(kind: str, array: np.ndarray[Any, Any]) -> Leaf:
    if array.dtype == object:
        entries = array.reshape(-1).tolist()
        if not all(map(is_plain, entries)):
            return Leaf("object array", shape=array.shape)
        return _text(kind, repr(entries), array.shape, "object")
    data = array.tobytes()
    content = base64.b64encode(data).decode() if len(data) <= LARGE else ""
    return Leaf(kind, array.dtype.name, array.shape, _digest(data), content)


def _plain(value: Any) -> Leaf | None:
    if type(value) is float:
        return _array("float", np.asarray(value))
    if isinstance(value, (set, frozenset)):
        # Their order is nobody's; what else may be in them has no path.
        entries = sorted(repr(entry) for entry in value if is_plain(entry))
        return _text(type(value).__name__, f"{{{', '.join(entries)}}}", (len(value),))
    if type(value) in TEXTS or (type(value) in (tuple, list) and is_plain(value)):
        return _text(type(value).__name__, repr(value))
    for kind, name in _CONTAINERS:
        if isinstance(value, kind):
            return _text(name, f"{len(value)} entries")
    return None


def _text(kind: str, text: str, shape: tuple[int, ...] = (), dtype: str = "") -> Leaf:
    data = text.encode(errors="backslashreplace")
    return Leaf(kind, dtype, shape, _digest(data), text if len(data) <= LARGE else "")


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

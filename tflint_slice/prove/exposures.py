"""Notes when a scatter is given what devices treat differently by TensorFlow's own word.

An index out of range is refused on a CPU and ignored on a GPU; which of several updates of one
element wins is not defined there. (Documentation of ``tf.tensor_scatter_nd_update``.) So a run on
one device cannot speak for another, but it can see that such an input arrived.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from enum import Enum
from typing import Any

import numpy as np

from tflint_slice.prove.guards import modules


class Exposure(str, Enum):
    """What a scatter was given."""

    OUT_OF_RANGE = "an index out of range, which a GPU ignores"
    REPEATED = "one element twice, of which a GPU keeps either"


found: set[Exposure] = set()
"""What has been noted since the last ``clear``."""


def clear() -> None:
    found.clear()


def watch(tf: Any) -> None:
    """Watch the functions and the methods of variables that scatter by coordinates."""
    owner = next(
        base for base in type(tf.Variable(0.0)).__mro__ if "scatter_nd_update" in base.__dict__
    )
    for name in ("update", "add", "sub", "min", "max"):
        function, method = f"tensor_scatter_nd_{name}", f"scatter_nd_{name}"
        for module in modules(tf):
            setattr(module, function, _watched(tf, getattr(module, function), "tensor"))
        setattr(owner, method, _watched(tf, getattr(owner, method), "self"))
    for name in ("update", "add", "sub"):
        # As functions of TensorFlow 1 they do not go through the methods.
        old = f"scatter_nd_{name}"
        setattr(tf.compat.v1, old, _watched(tf, getattr(tf.compat.v1, old), "ref"))
    for module in modules(tf):
        module.scatter_nd = _watched_zeros(tf, module.scatter_nd)


def _watched_zeros(tf: Any, function: Callable[..., Any]) -> Callable[..., Any]:
    """``tf.scatter_nd`` has no target but the zeros of the shape that it is given."""

    @functools.wraps(function)
    def watched(indices: Any, updates: Any, shape: Any, *args: Any, **kwargs: Any) -> Any:
        if tf.executing_eagerly():
            try:
                zeros = np.broadcast_to(0, np.asarray(shape))
            except (TypeError, ValueError, tf.errors.OpError):
                pass  # The call itself will refuse it.
            else:
                _note(tf, zeros, indices, keeps_one=False)
        return function(indices, updates, shape, *args, **kwargs)

    return watched


def _watched(tf: Any, function: Callable[..., Any], first: str) -> Callable[..., Any]:
    @functools.wraps(function)
    def watched(*args: Any, **kwargs: Any) -> Any:
        if tf.executing_eagerly():
            target = args[0] if args else kwargs.get(first)
            indices = args[1] if len(args) > 1 else kwargs.get("indices")
            _note(tf, target, indices, function.__name__.endswith("update"))
        return function(*args, **kwargs)

    return watched


def _note(tf: Any, target: Any, indices: Any, keeps_one: bool) -> None:
    try:
        shape = tuple(target.shape if hasattr(target, "shape") else np.shape(target))
        rows = np.asarray(tf.convert_to_tensor(indices))
    except (TypeError, ValueError, tf.errors.OpError):
        return  # The call itself will refuse them.
    if rows.dtype.kind not in "iu" or rows.ndim < 2 or rows.shape[-1] > len(shape) or not rows.size:
        return
    rows = rows.reshape(-1, rows.shape[-1])
    if (rows < 0).any() or (rows >= np.asarray(shape[: rows.shape[-1]])).any():
        found.add(Exposure.OUT_OF_RANGE)
    if keeps_one and len(np.unique(rows, axis=0)) < len(rows):
        found.add(Exposure.REPEATED)

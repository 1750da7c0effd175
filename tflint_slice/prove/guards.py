"""Calls that abort the process or have no defined result, turned into an exception of our own.

Both sides of a proof are drawn wild inputs; without this each of them would cost a new worker.
What these guards do not know still aborts, and is a verdict for whoever waits for the worker.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable
from typing import Any


class WouldAbort(BaseException):
    """The call that was about to be made ends the process. No handler of the code can stop it."""


class Undefined(WouldAbort):
    """The result of the call that was about to be made depends on memory that nobody wrote."""


def modules(tf: Any) -> tuple[Any, ...]:
    """The modules through which programs reach TensorFlow's functions."""
    # Once a program imports one of these by its name, that is another object than the attribute
    # of TensorFlow was until then; so it is imported before anything is put into it.
    for name in ("v1", "v2"):
        importlib.import_module(f"tensorflow.compat.{name}")
    return tf, tf.compat.v1, tf.compat.v2


def install(tf: Any) -> None:
    """Guard the functions that are known to abort: of TensorFlow 2.21 and before."""
    for module in modules(tf):
        for name in ("update", "add", "sub", "min", "max"):
            function = f"tensor_scatter_nd_{name}"
            setattr(module, function, _rank_guard(tf, getattr(module, function), 1))
        module.scatter_nd = _rank_guard(tf, module.scatter_nd, 0)
    eager: Any = type(tf.constant(0.0))
    owner = next(
        base for base in type(tf.Variable(0.0)).__mro__ if "scatter_nd_update" in base.__dict__
    )
    for name in ("update", "add", "sub", "min", "max"):
        method = f"scatter_nd_{name}"
        guarded = _capture_guard(tf, getattr(owner, method), eager, 1, "updates")
        setattr(owner, method, _empty_guard(tf, guarded))
    for name in ("update", "add", "sub", "mul", "div", "min", "max"):
        method = f"scatter_{name}"
        setattr(owner, method, _row_guard(tf, getattr(owner, method)))
        setattr(tf.compat.v1, method, _row_guard(tf, getattr(tf.compat.v1, method)))
    # What `v[i].assign(x)` calls. It aborts where another tensor shares the variable's buffer, and
    # raises where none does; a guard cannot tell, and neither can the user.
    sliced = "_strided_slice_assign"
    if hasattr(owner, sliced):
        setattr(owner, sliced, _capture_guard(tf, getattr(owner, sliced), eager, 3, "value"))


def _rank_guard(tf: Any, function: Callable[..., Any], first: int) -> Callable[..., Any]:
    """Updates of a rank lower than that of the indices allow, but of fitting lengths."""

    @functools.wraps(function)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        indices = _argument(args, kwargs, first, "indices")
        updates = _argument(args, kwargs, first + 1, "updates")
        if indices is not None and updates is not None and _ranks_abort(tf, indices, updates):
            raise WouldAbort("updates of too low a rank for indices of rank 3 and up")
        return function(*args, **kwargs)

    return guarded


def _ranks_abort(tf: Any, indices: Any, updates: Any) -> bool:
    try:
        outer = _shape(tf, indices)
        inner = _shape(tf, updates)
    except (TypeError, ValueError, tf.errors.OpError):
        return False
    return 0 < len(inner) < len(outer) - 1 and outer[: len(inner)] == inner


def _shape(tf: Any, value: Any) -> tuple[int, ...]:
    shape = value.shape if hasattr(value, "shape") else tf.convert_to_tensor(value).shape
    return tuple(shape)


def _capture_guard(
    tf: Any, method: Callable[..., Any], eager: Any, position: int, name: str
) -> Callable[..., Any]:
    """An eager tensor of another dtype, captured by a function that is being traced."""

    @functools.wraps(method)
    def guarded(self: Any, *args: Any, **kwargs: Any) -> Any:
        stored = _argument(args, kwargs, position, name)
        if not tf.executing_eagerly() and isinstance(stored, eager) and stored.dtype != self.dtype:
            raise WouldAbort("an eager tensor of another dtype, captured by a traced function")
        return method(self, *args, **kwargs)

    return guarded


def _empty_guard(tf: Any, method: Callable[..., Any]) -> Callable[..., Any]:
    """Flat indices of length 0 name one element: by what lies in memory behind them."""

    @functools.wraps(method)
    def guarded(self: Any, *args: Any, **kwargs: Any) -> Any:
        indices = _argument(args, kwargs, 0, "indices")
        try:
            undefined = indices is not None and _shape(tf, indices) == (0,)
        except (TypeError, ValueError, tf.errors.OpError):
            undefined = False
        if undefined:
            raise Undefined("it reads an index from memory that nobody wrote")
        return method(self, *args, **kwargs)

    return guarded


def _row_guard(tf: Any, function: Callable[..., Any]) -> Callable[..., Any]:
    """One index for a row that the updates are too short or too long for is not refused."""

    @functools.wraps(function)
    def guarded(variable: Any, *args: Any, **kwargs: Any) -> Any:
        given = _argument(args, kwargs, 0, "sparse_delta")
        slices = isinstance(given, tf.IndexedSlices)
        indices = given.indices if slices else _argument(args, kwargs, 0, "indices")
        updates = given.values if slices else _argument(args, kwargs, 1, "updates")
        try:
            row, short = tuple(variable.shape)[1:], _shape(tf, updates)
            undefined = _shape(tf, indices) == () and short not in ((), row)
        except (AttributeError, TypeError, ValueError, tf.errors.OpError):
            undefined = False
        if undefined:
            raise Undefined("it reads an update from memory that nobody wrote")
        return function(variable, *args, **kwargs)

    return guarded


def _argument(args: tuple[Any, ...], kwargs: dict[str, Any], position: int, name: str) -> Any:
    return args[position] if position < len(args) else kwargs.get(name)

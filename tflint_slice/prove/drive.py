"""Calls a lifted function in one of the ways: as it is, traced, compiled, taped, or mirrored."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from tflint_slice.prove.cases import Case
from tflint_slice.prove.modes import Mode, Place, Way
from tflint_slice.prove.runtime import Snapshot, is_variable, mirrored, snapshot, tf

Call = Callable[..., Any]


def surroundings(way: Way, device: str) -> AbstractContextManager[Any]:
    """Where the inputs are made; of mirrored variables the strategy knows the devices."""
    return nullcontext() if way.mode is Mode.MIRRORED else tf.device(device)


def drive(
    function: Call, case: Case, inputs: list[Any], way: Way, *, branches: bool
) -> tuple[list[Any], tuple[Snapshot, ...]]:
    """The results of the function, and the gradients of what it leaves behind.

    ``branches`` says that there is control flow, which ``tf.function`` has to convert.
    """
    if way.is_traced:
        return _traced(function, case, inputs, way, branches), ()
    if way.mode is Mode.TAPED:
        return _taped(function, inputs)
    if way.place is Place.INSIDE:
        with mirrored().scope():
            return function(*inputs), ()
    if way.place is Place.REPLICA:
        return mirrored().run(function, tuple(inputs)), ()
    return function(*inputs), ()


def _traced(function: Call, case: Case, inputs: list[Any], way: Way, branches: bool) -> list[Any]:
    arguments = way.arguments(case)
    untraced: list[Any] = []

    def traced(*args: Any) -> list[Any]:
        given = list(inputs)
        for number, value in zip(arguments, args, strict=True):
            given[number] = value
        results = function(*given)
        untraced[:] = results
        return [value for value in results if _is_traceable(value)]

    signature = None
    if way.relaxed:
        signature = [
            tf.TensorSpec([None] * inputs[number].shape.rank, inputs[number].dtype)
            for number in arguments
        ]
    compiled = tf.function(
        traced,
        autograph=branches,
        input_signature=signature,
        jit_compile=True if way.mode is Mode.COMPILED else None,
    )
    values = iter(compiled(*(inputs[number] for number in arguments)))
    return [next(values) if _is_traceable(value) else value for value in untraced]


def _is_traceable(value: Any) -> bool:
    return isinstance(value, tf.Tensor) or is_variable(value)


def _taped(function: Call, inputs: list[Any]) -> tuple[list[Any], tuple[Snapshot, ...]]:
    """Gradients of a sum over the target and the results, by every float input.

    Each element has a weight of its own in the sum, so that the gradient says where it went.
    """
    with tf.GradientTape() as tape:
        sources = [value for value in map(_tensor_or_variable, inputs) if _is_floating(value)]
        tape.watch(sources)
        results = function(*inputs)
        reached = [_tensor_or_variable(value) for value in (inputs[0], *results)]
        parts = [_weighted(value) for value in reached if _is_floating(value)]
        total = tf.add_n(parts) if parts else tf.constant(0.0)
    gradients = tape.gradient(total, sources)
    return results, tuple(
        snapshot(None if gradient is None else tf.convert_to_tensor(gradient))
        for gradient in gradients
    )


def _tensor_or_variable(value: Any) -> Any:
    """A Keras 3 variable is none that a tape knows, but it holds one."""
    return value.value if type(value).__module__.startswith("keras.") else value


def _is_floating(value: Any) -> bool:
    return (isinstance(value, (tf.Tensor, tf.Variable))) and value.dtype.is_floating


def _weighted(value: Any) -> Any:
    flat = tf.cast(tf.reshape(value, [-1]), tf.float64)
    return tf.reduce_sum(flat * (1.0 + tf.range(tf.size(flat), dtype=tf.float64)))

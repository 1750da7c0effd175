"""The part of a counter-example that runs a side: as it is, traced, compiled, taped or mirrored."""

from __future__ import annotations

from tflint_slice.prove.cases import Case
from tflint_slice.prove.modes import Mode, Place, Way

DIRECTLY = "directly"
RUN = "run_side"

_DIRECTLY = """\
def directly(function, given):
    return function(*given)
"""

_PLAIN = "run_side = directly\n"

_TRACED = """\
def run_side(function, given):
    arguments = {arguments}  # the others come from outside of the traced function

    def body(*tensors):
        every = list(given)
        for number, tensor in zip(arguments, tensors):
            every[number] = tensor
        return function(*every)
{signature}
    compiled = tf.function(
        body, autograph={autograph}, input_signature=signature, jit_compile={compiled}
    )
    return compiled(*[given[number] for number in arguments])
"""

_SIGNATURE = """
    signature = [
        tf.TensorSpec([None] * given[number].shape.rank, given[number].dtype)
        for number in arguments
    ]"""

_TAPED = """\
def run_side(function, given):
    held = [getattr(value, "_value", value) for value in given]
    floats = [value for value in held if isinstance(value, (tf.Tensor, tf.Variable))]
    floats = [value for value in floats if value.dtype.is_floating]
    with tf.GradientTape() as tape:
        tape.watch(floats)
        results = function(*given)
        total = tf.constant(0.0, tf.float64)
        for value in (held[0], *results):
            if isinstance(value, (tf.Tensor, tf.Variable)) and value.dtype.is_floating:
                flat = tf.cast(tf.reshape(value, [-1]), tf.float64)
                total += tf.reduce_sum(flat * (1.0 + tf.range(tf.size(flat), dtype=tf.float64)))
    gradients = tape.gradient(total, floats)
    flat = [[] if g is None else tf.reshape(tf.cast(g, tf.float64), [-1]) for g in gradients]
    return [*results, np.concatenate([np.zeros(0), *flat])]
"""

_MIRRORED = """\
tf.config.set_logical_device_configuration(
    tf.config.list_physical_devices("CPU")[0], [tf.config.LogicalDeviceConfiguration()] * 2
)
strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])


def run_side(function, given):
    global target
    values = target.numpy()
    with strategy.scope():
        target = {variable}
    given = (target, *given[1:])
    {call}
"""

_CALLS = {
    Place.OUTSIDE: "return [strategy.experimental_local_results(r)[0] for r in function(*given)]",
    Place.INSIDE: "with strategy.scope():\n        return function(*given)",
    Place.REPLICA: (
        "results = strategy.run(function, given)\n"
        "    return [strategy.experimental_local_results(result)[0] for result in results]"
    ),
}


def driver(way: Way, case: Case, *, autograph: bool) -> str:
    """The text of ``directly`` and ``run_side``, which take a function and its inputs."""
    if way.is_traced:
        run = _TRACED.format(
            arguments=way.arguments(case),
            signature=_SIGNATURE if way.relaxed else "\n    signature = None",
            autograph=autograph,
            compiled=True if way.mode is Mode.COMPILED else None,
        )
    elif way.mode is Mode.TAPED:
        run = _TAPED
    elif way.place is not None:
        dtype = case.inputs[0].dtype
        variable = {
            "a keras.Variable": f"keras.Variable(values, dtype={dtype!r})",
        }.get(case.inputs[0].form.value, f"tf.Variable(values, dtype=tf.{dtype})")
        run = _MIRRORED.format(variable=variable, call=_CALLS[way.place])
    else:
        run = _PLAIN
    return f"{_DIRECTLY}\n\n{run}"

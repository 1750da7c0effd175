"""Writes a counter-example as a program that runs: both sides on one input, and what they leave."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from tflint_slice.prove.cases import Case, Drawn
from tflint_slice.prove.contents import Array, is_floating
from tflint_slice.prove.example_drivers import DIRECTLY, RUN, driver
from tflint_slice.prove.lift import Lifted
from tflint_slice.prove.modes import Mode, Way
from tflint_slice.prove.statements import LAST, RETURNED
from tflint_slice.prove.templates import TENSORS, Form

_SHOW = """\
def show(value):
    array = np.asarray(value.numpy() if hasattr(value, "numpy") else value)
    bits = "" if array.dtype == object else f", bytes {array.tobytes().hex()}"
    return f"{array.tolist()} ({array.dtype}{bits})"
"""

_HOLE = """\
def {name}(*args, **kwargs):
    print("  evaluated:", {text!r})
{intrusion}    return next(answers[{name!r}])
"""

_WRITE = """\
def write(target, array):
    if isinstance(target, np.ndarray):
        target[...] = array
    else:
        target.assign(array)
"""

_MAIN = """\
for side, make, run in {sides}:
    given = make()
    target = given[0]
    answers = {{{answers}}}
    print(side.__name__)
    try:
        results = run(side, given)
    except Exception as error:
        print("  raises", type(error).__name__)
    else:
        for name, result in zip({labels}, results):
            print(" ", name, "is", show(result))
    print(" ", {target!r}, "is", show(target))
"""


def program(lifted: Lifted, case: Case, difference: str, way: Way) -> str:
    """The text of the program, which runs both sides in the way that showed the difference."""
    sentence = difference[:1].upper() + difference[1:]
    parts = [f'"""{sentence}."""'.replace("\\", "\\\\"), _imports(lifted, case)]
    notes = [
        f"# {item.name} stands for {item.text}" for item in lifted.inputs if item.name != item.text
    ]
    if notes:
        parts.append("\n".join(notes))
    if case.intrusion is not None:
        parts.append(_WRITE)
    for hole in lifted.holes:
        intrusion = ""
        if case.intrusion is not None:
            intrusion = f"    write(target, {_array(case.intrusion)})\n"
        parts.append(_HOLE.format(name=hole.name, text=hole.text, intrusion=intrusion))
    parts.append(_maker("inputs", lifted, case, plain=False))
    if lifted.by_reference:
        parts.append(_maker("arrays", lifted, case, plain=True))
    parts.append(lifted.source(lifted.original, "original"))
    parts.append(lifted.source(lifted.fixed, "fixed"))
    parts.append(_SHOW)
    parts.append(driver(way, case, autograph=lifted.branches))
    parts.append(_main(lifted, case, way))
    return "\n\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def _imports(lifted: Lifted, case: Case) -> str:
    lines = ["import itertools", "", "import numpy as np", "import tensorflow as tf"]
    drawn = [*case.inputs, *(value for values in case.holes for value in values)]
    if any(value.form is Form.KERAS for value in drawn):
        lines.insert(2, "import keras")
    if any(value.dtype == "bfloat16" for value in drawn):
        lines.insert(-2, "import ml_dtypes")
    for name, path in lifted.modules:
        module, _, member = path.rpartition(".")
        line = f"from {module} import {member} as {name}" if module else f"import {path} as {name}"
        if line not in lines:
            lines.append(line)
    return "\n".join(lines)


def _maker(function: str, lifted: Lifted, case: Case, *, plain: bool) -> str:
    names = [item.name for item in lifted.inputs]
    lines = [f"def {function}():"]
    for name, drawn in zip(names, case.inputs, strict=True):
        value = names[0] if drawn.form is Form.TARGET else literal(drawn, plain=plain)
        lines.append(f"    {name} = {value}")
    lines.append(f"    return ({', '.join(names)},)")
    return "\n".join(lines)


def _main(lifted: Lifted, case: Case, way: Way) -> str:
    makers = ["arrays" if lifted.by_reference else "inputs", "inputs"]
    runs = [DIRECTLY if lifted.by_reference else RUN, RUN]
    sides = [
        f"({side}, {maker}, {run})"
        for side, maker, run in zip(("original", "fixed"), makers, runs, strict=True)
    ]
    answers = [
        f"{hole.name!r}: itertools.cycle({_list(literal(value) for value in values)})"
        for hole, values in zip(lifted.holes, case.holes, strict=True)
    ]
    names = {LAST: "what it computes", RETURNED: "what it returns"}
    labels = [names.get(label, label) for label, _, _ in lifted.outputs]
    return _MAIN.format(
        sides=f"({', '.join(sides)})",
        answers=", ".join(answers),
        labels=[*labels, "the gradient"] if way.mode is Mode.TAPED else labels,
        target=lifted.target.text,
    )


# --- values as source code ------------------------------------------------------------------------


def literal(drawn: Drawn, *, plain: bool = False) -> str:
    """An expression that makes one input; ``plain`` turns tensors into arrays."""
    form = drawn.form
    if form is Form.NONE:
        return "None"
    if form is Form.DTYPE:
        return f"tf.as_dtype({drawn.dtype!r})"
    if form is Form.TARGET:
        return "target"
    if form in (Form.LIST, Form.TUPLE):
        text = _number(drawn.value.tolist())
        return f"tuple({text})" if form is Form.TUPLE else text
    if not isinstance(drawn.value, np.ndarray):
        return _number(drawn.value)
    array = _array(drawn.value)
    if form is Form.SCALAR or (form in TENSORS and plain and drawn.value.ndim == 0):
        return f"{array}[()]"
    if form is Form.TENSOR and not plain:
        return f"tf.constant({array}, tf.{drawn.dtype})"
    if form is Form.VARIABLE and not plain:
        return f"tf.Variable({array}, dtype=tf.{drawn.dtype})"
    if form is Form.KERAS and not plain:
        return f"keras.Variable({array}, dtype={drawn.dtype!r})"
    return array


def _array(array: Array) -> str:
    name = array.dtype.name
    kind = {"bfloat16": "ml_dtypes.bfloat16", "bool": "bool", "object": "object"}.get(name)
    kind = kind or f"np.{name}"
    if array.size == 0:
        return f"np.zeros({array.shape}, {kind})"
    if name != "object" and (array != array).any():
        # There is more than one NaN: written as bytes they stay what they are.
        made = f"np.frombuffer(bytes.fromhex({array.tobytes().hex()!r}), {kind})"
        return f"{made}.reshape({array.shape}).copy()"
    if is_floating(name):
        # The shortest text of each number, which is read back as the same one.
        short = np.empty(array.size, object)
        short[:] = [float(str(number)) for number in array.reshape(-1)]
        array = short.reshape(array.shape)
    return f"np.array({_number(array.tolist())}, {kind})"


def _number(value: Any) -> str:
    """The source of a number, or of a nested list of numbers."""
    if isinstance(value, list):
        return _list(map(_number, value))
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return f"float({str(value)!r})"
    if isinstance(value, complex):
        return f"complex({_number(value.real)}, {_number(value.imag)})"
    return repr(value)


def _list(texts: Iterable[str]) -> str:
    return f"[{', '.join(texts)}]"

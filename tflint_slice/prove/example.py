"""Writes a counter-example as a program that runs: both sides on one input, printed."""

from __future__ import annotations

from typing import Any

import numpy as np

from tflint_slice.model import Site
from tflint_slice.prove.contents import Array
from tflint_slice.prove.lift import LAST, RETURNED, Lifted, Side
from tflint_slice.prove.run import TRACED, Tracing
from tflint_slice.prove.sample import Case, Drawn
from tflint_slice.prove.templates import TENSORS, Form

_NAMES = {"tensorflow": "tf", "numpy": "np"}


def program(
    site: Site,
    lifted: Lifted,
    case: Case,
    difference: str,
    mode: str,
    tracing: Tracing | None,
) -> str:
    """The text of the program."""
    names = [item.name for item in lifted.inputs]
    lines = [f'"""{_sentence(difference)}"""', "", *_imports(lifted), ""]
    lines += [f"# {item.name} stands for {item.text}" for item in _renamed(lifted)]
    for hole, values in zip(lifted.holes, case.holes, strict=True):
        lines += ["", *_hole(hole.name, hole.text, values, case, names[0])]
    lines += ["", "", "def inputs():", f"    {names[0]} = {literal(case.inputs[0])}"]
    if case.intrusion is not None:
        lines.insert(-2, "target = []")
        lines.append(f"    target[:] = [{names[0]}]")
    for name, drawn in zip(names[1:], case.inputs[1:], strict=True):
        value = names[0] if drawn.form is Form.TARGET else literal(drawn)
        lines.append(f"    {name} = {value}")
    lines.append(f"    return {', '.join(names)},")
    if lifted.by_reference:
        lines += ["", "", "def arrays():", f"    {names[0]} = {literal(case.inputs[0], plain=True)}"]
        for name, drawn in zip(names[1:], case.inputs[1:], strict=True):
            value = names[0] if drawn.form is Form.TARGET else literal(drawn, plain=True)
            lines.append(f"    {name} = {value}")
        lines.append(f"    return {', '.join(names)},")
    for side, name in ((lifted.original, "original"), (lifted.fixed, "fixed")):
        lines += ["", "", *_function(lifted, side, name)]
    traced = mode == TRACED
    lines += ["", "", *_main(lifted, traced, tracing, case)]
    return "\n".join(lines) + "\n"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].replace('"""', "'''").replace("\\", "\\\\") + "."


def _imports(lifted: Lifted) -> list[str]:
    lines = ["import ml_dtypes", "import numpy as np", "import tensorflow as tf"]
    if any(item.fact.kind.value.startswith("keras3") for item in lifted.inputs):
        lines.insert(0, "import keras")
    for name, path in lifted.modules:
        module, _, member = path.rpartition(".")
        line = f"from {module} import {member} as {name}" if module else f"import {path} as {name}"
        if line not in lines:
            lines.append(line)
    return lines


def _renamed(lifted: Lifted) -> list[Any]:
    return [item for item in lifted.inputs if item.name != item.text]


def _hole(
    name: str, text: str, values: tuple[Drawn, ...], case: Case, target: str
) -> list[str]:
    answers = ", ".join(literal(value) for value in values)
    lines = [f"def {name}(*args, **kwargs):", f"    print('  evaluates', {text!r})"]
    if case.intrusion is not None:
        lines.append(f"    target[0].assign({_array(case.intrusion)})")
    lines += [f"    {name}.calls += 1", f"    return [{answers}][{name}.calls % {len(values)} - 1]"]
    return [*lines, "", "", f"{name}.calls = 0"]


def _function(lifted: Lifted, side: Side, name: str) -> list[str]:
    return lifted.source(side, name).rstrip().splitlines()


def _main(lifted: Lifted, traced: bool, tracing: Tracing | None, case: Case) -> list[str]:
    first = lifted.inputs[0].name
    labels = [label for label, _, _ in lifted.outputs]
    made = "arrays() if side is original else inputs()" if lifted.by_reference else "inputs()"
    call = "side(*given)"
    lines = ["for side in (original, fixed):", f"    given = {made}"]
    for item in lifted.holes:
        lines.append(f"    {item.name}.calls = 0")
    if traced:
        numbers = [
            number
            for number, drawn in enumerate(case.inputs)
            if drawn.form is Form.TENSOR and not (tracing and tracing.captured and number)
        ]
        lines += [
            f"    arguments = {numbers}  # the others come from outside of the traced function",
            "    every = list(given)",
            "",
            "    def traced(*args):",
            "        for number, value in zip(arguments, args):",
            "            every[number] = value",
            "        return side(*every)",
        ]
        relaxed = tracing is not None and tracing.relaxed
        signature = (
            ", input_signature=[tf.TensorSpec([None] * given[n].shape.rank, given[n].dtype)"
            " for n in arguments]"
            if relaxed
            else ""
        )
        traced_call = f"tf.function(traced{signature})(*[given[n] for n in arguments])"
        call = (
            f"side(*given) if side is original else {traced_call}"
            if lifted.by_reference
            else traced_call
        )
    lines += [
        "    try:",
        f"        results = {call}",
        "    except Exception as error:",
        "        print(side.__name__, 'raises', type(error).__name__)",
        "        continue",
        f"    print(side.__name__, {first!r}, given[0])",
    ]
    if labels:
        shown = [_label(label) for label in labels]
        lines += [
            f"    for name, result in zip({shown!r}, results):",
            "        print(side.__name__, name, result)",
        ]
    return lines


def _label(label: str) -> str:
    return {LAST: "computes", RETURNED: "gives"}.get(label, label)


def literal(drawn: Drawn, *, plain: bool = False) -> str:
    """An expression that makes one input; ``plain`` turns tensors into arrays."""
    form = drawn.form
    if form is Form.NONE:
        return "None"
    if form is Form.DTYPE:
        return f"tf.as_dtype({drawn.dtype!r})"
    if form is Form.TARGET:
        return "target[0]"
    if form in (Form.LIST, Form.TUPLE):
        text = _number(drawn.value.tolist())
        return f"tuple({text})" if form is Form.TUPLE else text
    if not isinstance(drawn.value, np.ndarray):
        return _number(drawn.value)
    array = _array(drawn.value)
    if form is Form.SCALAR:
        return f"{array}[()]"
    if form in TENSORS and plain:
        return f"{array}[()]" if drawn.value.ndim == 0 else array
    if form is Form.TENSOR:
        return f"tf.constant({array}, tf.{drawn.dtype})"
    if form is Form.VARIABLE:
        return f"tf.Variable({array}, dtype=tf.{drawn.dtype})"
    if form is Form.KERAS:
        return f"keras.Variable({array}, dtype={drawn.dtype!r})"
    return array


def _array(array: Array) -> str:
    if array.dtype == object:
        return f"np.array({array.tolist()!r}, dtype=object)"
    kind = "ml_dtypes.bfloat16" if array.dtype.name == "bfloat16" else f"np.{array.dtype.name}"
    kind = "bool" if array.dtype.name == "bool" else kind
    if array.dtype.kind in "fcV" and np.isnan(array.astype(np.complex128)).any():
        # Written as bytes: there is more than one NaN.
        return (
            f"np.frombuffer(bytes.fromhex({array.tobytes().hex()!r}), {kind})"
            f".reshape({array.shape}).copy()"
        )
    if array.size == 0:
        return f"np.zeros({array.shape}, {kind})"
    return f"np.array({_number(array.tolist())}, {kind})"


def _number(value: Any) -> str:
    """The Python source of a number or of a nested list of numbers."""
    if isinstance(value, list):
        return f"[{', '.join(map(_number, value))}]"
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return f"float({str(value)!r})"
    return repr(value)

"""TFS202: the round trip of TFS201, there or back by a function of Keras's backend.

``a = K.get_value(v); a[i] = x; K.set_value(v, a)``, also with ``keras.ops.convert_to_numpy`` as the
way there or ``assign`` as the way back. In a traced function ``get_value`` gives what the variable
held when it was traced, so that there the trip means something else than an update.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from tflint_slice.idioms.candidates import Candidate
from tflint_slice.idioms.code import Code
from tflint_slice.idioms.numpy_copies import assigned, assigned_name, copying
from tflint_slice.idioms.numpy_round_trip import round_trip
from tflint_slice.idioms.spellings import Breadth, Spelling
from tflint_slice.model import Kind, Reason, Rule

RULE = Rule(
    "TFS202",
    "backend-round-trip",
    "a variable copied to NumPy by Keras's backend, changed in part, and set again",
)
RULES = (RULE,)
_OPS = "import keras\na = keras.ops.convert_to_numpy({{v}})\n{}\n{{v}}.assign(a)".format
_K = "a = tf.keras.backend.get_value({{v}})\n{}\ntf.keras.backend.set_value({{v}}, a)".format
SPELLINGS = {
    RULE.code: (
        Spelling("ops-set", _OPS("a[{index}] = {value}"), Breadth.FULL),
        Spelling("ops-add", _OPS("a[{index}] += {value}"), Breadth.OPERATOR),
        Spelling("ops-multiply", _OPS("a[{index}] *= {value}"), Breadth.OPERATOR),
        Spelling("ops-mask-of-the-copy", _OPS("a[a > 0.5] = 2.0")),
        Spelling("ops-two-elements", _OPS("a[0] = 2.0\na[2] = 3.0")),
        Spelling("ops-element-twice", _OPS("a[0] = 2.0\na[0] = 3.0")),
        Spelling("ops-loop", _OPS("for k in range(5):\n    a[k] = 2.0")),
        Spelling(
            "numpy-there",
            "a = {v}.numpy()\na[{index}] = {value}\ntf.keras.backend.set_value({v}, a)",
            Breadth.VALUES,
        ),
        Spelling("backend", _K("a[{index}] = {value}"), Breadth.VALUES),
        Spelling("backend-add", _K("a[2] += 2.0")),
        Spelling("backend-two-elements", _K("a[0] = 2.0\na[2] = 3.0")),
        Spelling("assign-back", "a = tf.keras.backend.get_value({v})\na[2] = 2.0\n{v}.assign(a)"),
    )
}

_KERAS_3 = "keras.backend"
_BACKENDS = ("tensorflow.keras.backend", _KERAS_3, "tf_keras.backend")
_GETTERS = frozenset(f"{module}.get_value" for module in _BACKENDS)
_SETTERS = frozenset(f"{module}.set_value" for module in _BACKENDS)
_READERS = _GETTERS | {"keras.ops.convert_to_numpy", "tensorflow.keras.ops.convert_to_numpy"}


def find(code: Code) -> Iterator[Candidate]:
    for statement, call in code.call_statements:
        setter = code.called(call) if code.called(call) in _SETTERS else None
        written = _set(call) if setter else assigned(call)
        if written is not None:
            candidate = _candidate(code, statement, *written, setter)
            if candidate is not None:
                yield candidate


def _set(call: ast.Call) -> tuple[ast.expr, ast.expr] | None:
    """The variable and the value of ``K.set_value(v, a)``."""
    return (call.args[0], call.args[1]) if len(call.args) == 2 and not call.keywords else None


def _candidate(
    code: Code, statement: ast.Expr, receiver: ast.expr, value: ast.expr, setter: str | None
) -> Candidate | None:
    candidate = round_trip(code, RULE, statement, receiver, value, _READERS)
    if candidate is None or candidate.found.target.rank == 0:
        # A scalar has no parts.
        return None
    name = assigned_name(code, value, code.value(receiver).dtype)
    assert name is not None
    read = copying(code, code.block(statement), statement, name, receiver, _READERS)
    assert isinstance(read, ast.Assign)
    named = {code.called(node) for node in ast.walk(read.value)} & _READERS
    if setter is None and not named:
        # NumPy there and ``assign`` back: TFS201.
        return None
    functions = {name for name in (*named, setter) if name is not None}
    hindrance = candidate.hindrance or _hindrance(code, statement, receiver, functions)
    return replace(candidate, hindrance=hindrance)


def _hindrance(
    code: Code, statement: ast.Expr, receiver: ast.expr, functions: set[str]
) -> Reason | None:
    """What stands against the fix although the update itself is clear."""
    keras_3 = code.value(receiver).kind is Kind.KERAS3_VARIABLE
    if any(name.startswith(f"{_KERAS_3}.") for name in functions):
        # Keras 3 has no such function; the code is of Keras 2, or fails.
        return Reason.ALWAYS_RAISES
    keras_2 = code.value(receiver).kind is Kind.KERAS2_WEIGHT
    if keras_2 and "tensorflow.keras.ops.convert_to_numpy" in functions:
        # Where ``tf.keras`` is Keras 2 as well, it has no ``ops``.
        return Reason.ALWAYS_RAISES
    if keras_3 and "tensorflow.keras.backend.set_value" in functions:
        # It asks for the ``name`` of the variable's dtype, which is a string.
        return Reason.ALWAYS_RAISES
    if functions & _GETTERS and not isinstance(code.function(statement), ast.Module):
        # Any function may be traced, and then goes on writing the values of that time.
        return Reason.CHANGES_MEANING
    if keras_3 and not _names_tensorflow(code):
        # Keras may run on another backend, whose variables TensorFlow cannot update.
        return Reason.VARIABLE_CLASS
    return None


def _names_tensorflow(code: Code) -> bool:
    return any(
        known.kind is Kind.FUNCTION and (known.name or "").split(".")[0] == "tensorflow"
        for known in (*code.facts.modules.values(), *code.facts.values.values())
    )

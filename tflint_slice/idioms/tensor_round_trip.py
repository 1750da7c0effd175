"""TFS204: a tensor copied to NumPy, changed in part there, and made a tensor again by its name.

``a = t.numpy(); a[i] = x; t = tf.constant(a)`` in one block. No gradient passes through NumPy, but
one passes through what replaces it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tflint_slice.idioms.candidates import Candidate
from tflint_slice.idioms.code import Code, names_in
from tflint_slice.idioms.numpy_changes import follow
from tflint_slice.idioms.numpy_copies import assigned_name, copying, escape
from tflint_slice.idioms.spellings import Breadth, Spelling
from tflint_slice.idioms.tensor_origin import Origins
from tflint_slice.infer.project import project_root, survey, survey_text
from tflint_slice.model import Effect, Kind, Misuse, Reason, Rule, UpdateSequence

RULE = Rule(
    "TFS204",
    "tensor-round-trip",
    "a tensor copied to NumPy, changed in part, and made a tensor again",
)
RULES = (RULE,)
_TRIP = "t = tf.identity({{v}})\na = t.numpy()\n{}\nt = tf.constant(a)".format
SPELLINGS = {
    RULE.code: (
        Spelling("set", _TRIP("a[{index}] = {value}"), Breadth.FULL),
        Spelling("add", _TRIP("a[{index}] += {value}"), Breadth.OPERATOR),
        Spelling("subtract", _TRIP("a[{index}] -= {value}"), Breadth.OPERATOR),
        Spelling("multiply", _TRIP("a[2] *= 2.0")),
        Spelling("mask-of-the-copy", _TRIP("a[a > 0.5] = 2.0")),
        Spelling("two-elements", _TRIP("a[0] = 2.0\na[2] = 3.0")),
        Spelling("element-twice", _TRIP("a[0] = 2.0\na[0] = 3.0")),
        Spelling("loop", _TRIP("for k in range(5):\n    a[k] = 2.0")),
        Spelling(
            "convert_to_tensor",
            "t = tf.identity({v})\na = t.numpy().copy()\na[2] = 2.0\nt = tf.convert_to_tensor(a)",
        ),
    )
}


def find(code: Code) -> Iterator[Candidate]:
    for statement, call in code.call_assignments:
        candidate = _candidate(code, statement, call)
        if candidate is not None:
            yield candidate


def _candidate(code: Code, statement: ast.Assign, call: ast.Call) -> Candidate | None:
    receiver = statement.targets[0]
    if len(statement.targets) > 1 or not isinstance(receiver, ast.Name):
        return None
    if (code.called(call) or "").rpartition(".")[0] != "tensorflow":
        return None
    block = code.block(statement)
    made = [child for child in call.args[:1] if isinstance(child, ast.Name)]
    read = copying(code, block, statement, made[0].id, receiver) if made else None
    if not isinstance(read, ast.Assign):
        return None
    source = _tensor_of(read)
    if source is None or not Origins(code).is_tensor(source):
        return None
    target = code.operand(source)
    name = assigned_name(code, call, target.dtype)
    if name is None or code.value(read.value).kind is not Kind.NDARRAY:
        return None
    between = block[block.index(read) + 1 : block.index(statement)]
    trip = follow(code, between, name, source)
    if trip.changes == 0:
        return None
    message = f"`{source.id}` goes through NumPy as a whole, there and back, to change a part of it"
    span = code.source.span(statement)
    alone = all(map(code.is_alone, [read, *trip.stores]))
    refusal = trip.refusal or escape(code, read, statement, name)
    if refusal is None and (not trip.updates or not alone or not target.rank):
        refusal = Reason.NO_REWRITE if target.rank or not alone else Reason.UNKNOWN_RANK
    if refusal is not None:
        found = Misuse(target, Effect.REBINDS, span)
        return Candidate(RULE, statement, found, message, refusal=refusal)
    sequence = UpdateSequence(
        target,
        tuple(trip.updates),
        Effect.REBINDS,
        read_first=True,
        atomic=True,
        place=span,
        statements=tuple(code.source.span(gone) for gone in (read, *trip.stores)),
        temporaries=(name,),
    )
    taped = Reason.CHANGES_MEANING if _takes_gradients(code) else None
    hindrance = trip.hindrance or taped
    return Candidate(RULE, statement, sequence, message, hindrance=hindrance)


def _tensor_of(read: ast.Assign) -> ast.Name | None:
    """The ``t`` of ``a = t.numpy()`` and ``a = t.numpy().copy()``."""
    node: ast.expr = read.value
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        node = node.func.value
    return node if isinstance(node, ast.Name) and names_in(read.value) == {node.id} else None


def _takes_gradients(code: Code) -> bool:
    """Whether a gradient may be taken through the tensor, somewhere in the project."""
    project = survey_text(code.source.searchable) | survey(project_root(code.source.path))
    return project.taped

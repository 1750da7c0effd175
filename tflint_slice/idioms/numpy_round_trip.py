"""TFS201: a variable copied to NumPy, changed in part there, and assigned back as a whole.

``a = v.numpy(); a[i] = x; v.assign(a)`` in one block. What is done to the copy in between must be
stores into it alone; anything else that sees the copy makes it more than a detour.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tflint_slice.idioms.candidates import Candidate
from tflint_slice.idioms.code import Code, is_path
from tflint_slice.idioms.numpy_changes import follow
from tflint_slice.idioms.numpy_copies import assigned, assigned_name, copying, escape
from tflint_slice.idioms.spellings import Breadth, Spelling
from tflint_slice.idioms.tracing import is_traced
from tflint_slice.model import Effect, Misuse, Reason, Rule, UpdateSequence

RULE = Rule(
    "TFS201",
    "numpy-round-trip",
    "a variable copied to NumPy, changed in part, and assigned back",
)
RULES = (RULE,)
_TRIP = "a = {{v}}.numpy()\n{}\n{{v}}.assign(a)".format
SPELLINGS = {
    RULE.code: (
        Spelling("set", _TRIP("a[{index}] = {value}"), Breadth.FULL),
        Spelling("add", _TRIP("a[{index}] += {value}"), Breadth.OPERATOR),
        Spelling("subtract", _TRIP("a[{index}] -= {value}"), Breadth.OPERATOR),
        Spelling("multiply", _TRIP("a[{index}] *= {value}"), Breadth.OPERATOR),
        Spelling("divide", _TRIP("a[{index}] /= {value}"), Breadth.OPERATOR),
        Spelling("whole", _TRIP("a[:] = tf.ones([5])")),
        Spelling("floor-divide", _TRIP("a[2] //= 2.0")),
        Spelling("mask-of-the-copy", _TRIP("a[a > 0.5] = 2.0")),
        Spelling("two-elements", _TRIP("a[0] = 2.0\na[2] = 3.0")),
        Spelling("two-sums", _TRIP("a[0] += 2.0\na[2] += 3.0")),
        Spelling("element-twice", _TRIP("a[0] = 2.0\na[0] = 3.0")),
        Spelling("set-then-add", _TRIP("a[0] = 2.0\na[0] += 3.0")),
        Spelling("element-and-slice", _TRIP("a[0] = 2.0\na[2:] = 3.0")),
        Spelling("binding-between", _TRIP("b = tf.ones([])\na[2] = b")),
        Spelling("loop", _TRIP("for k in range(5):\n    a[k] = 2.0")),
        Spelling("fill", _TRIP("a.fill(2.0)")),
        Spelling("np.array", "a = np.array({v})\na[2] = 2.0\n{v}.assign(a)"),
        Spelling("np.copy", "a = np.copy({v})\na[2] = 2.0\n{v}.assign(a)"),
        Spelling("read_value", "a = {v}.read_value().numpy()\na[2] = 2.0\n{v}.assign(a)"),
        Spelling("constant", "a = {v}.numpy()\na[2] = 2.0\n{v}.assign(tf.constant(a))"),
    )
}


def find(code: Code) -> Iterator[Candidate]:
    for statement, call in code.call_statements:
        written = assigned(call)
        if written is not None:
            candidate = round_trip(code, RULE, statement, *written)
            if candidate is not None:
                yield candidate


def round_trip(
    code: Code,
    rule: Rule,
    statement: ast.Expr,
    receiver: ast.expr,
    value: ast.expr,
    readers: frozenset[str] = frozenset(),
) -> Candidate | None:
    """The trip that ends where ``statement`` writes ``value`` to ``receiver``, if it is one.

    ``readers`` are functions that copy a variable to NumPy, besides NumPy's own.
    """
    if not is_path(receiver) or not code.value(receiver).kind.is_variable:
        return None
    name = assigned_name(code, value, code.value(receiver).dtype)
    if name is None:
        return None
    block = code.block(statement)
    read = copying(code, block, statement, name, receiver, readers)
    if read is None:
        return None
    between = block[block.index(read) + 1 : block.index(statement)]
    trip = follow(code, between, name, receiver)
    if trip.changes == 0:
        return None
    if trip.refusal is None:
        trip.refusal = escape(code, read, statement, name)
    short = ast.unparse(receiver)
    message = f"`{short}` goes through NumPy as a whole, there and back, to change a part of it"
    target = code.operand(receiver)
    if trip.refusal is not None or not trip.updates:
        found: UpdateSequence | Misuse = Misuse(target, Effect.WRITES, code.source.span(statement))
        reason = trip.refusal or Reason.NO_REWRITE
        return Candidate(rule, statement, found, message, refusal=reason)
    if code.catches and is_traced(code, statement):
        # The copy raises where it is traced, and a handler sees that.
        trip.hindrance = trip.hindrance or Reason.CAUGHT_EXCEPTION
    alone = all(map(code.is_alone, [read, *trip.stores]))
    sequence = UpdateSequence(
        target,
        tuple(trip.updates),
        Effect.WRITES,
        read_first=True,
        atomic=True,
        place=code.source.span(statement),
        statements=tuple(code.source.span(gone) for gone in (read, *trip.stores)),
        temporaries=(name,),
    )
    return Candidate(
        rule,
        statement,
        sequence,
        message,
        hindrance=trip.hindrance,
        refusal=None if alone else Reason.NO_REWRITE,
    )

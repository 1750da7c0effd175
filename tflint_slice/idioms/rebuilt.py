"""What a whole made anew with a part replaced comes to, and its assignment to a variable."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from tflint_slice.idioms.candidates import Candidate
from tflint_slice.idioms.code import Code, is_path, short
from tflint_slice.idioms.usage import dense_reads_and_partial_writes
from tflint_slice.model import Effect, Misuse, Reason, Rule, Span, Update, UpdateSequence


@dataclass(frozen=True)
class Rebuilt:
    """The updates of a target that an expression, which makes all of it anew, comes to.

    ``function`` is what makes the whole, as a message names it: ``tf.concat``. ``hindrance`` is a
    reason against any safe rewrite and ``refusal`` one against any rewrite at all; without
    ``updates`` there is one. ``read_first`` says that the target is read before indices and values
    are evaluated. ``statements`` vanish with the expression, and ``temporaries`` die with them.
    ``dense_reads`` counts places of the expression that read the target as a whole.
    """

    updates: tuple[Update, ...]
    function: str
    read_first: bool = False
    hindrance: Reason | None = None
    refusal: Reason | None = None
    statements: tuple[Span, ...] = ()
    temporaries: tuple[str, ...] = ()
    dense_reads: int = 0


Recogniser = Callable[[Code, ast.expr, ast.expr], "Rebuilt | None"]
"""Takes an expression and the target that it is assigned to."""

_ASSIGN_OPTIONS = frozenset({"use_locking", "name", "read_value"})


def assigned(code: Code, rule: Rule, recognise: Recogniser) -> Iterator[Candidate]:
    """``v.assign(<all of v made anew>)``, wherever ``recognise`` knows what it comes to.

    It is declined for a variable that the code reads as a whole more often than it writes a part:
    in place, each read after a write copies it.
    """
    for call in code.calls:
        if not isinstance(call.func, ast.Attribute) or call.func.attr != "assign":
            continue
        receiver = call.func.value
        value = _value(call)
        if value is None or not is_path(receiver) or not code.value(receiver).kind.is_variable:
            continue
        found = recognise(code, value, receiver)
        if found is None:
            continue
        reads, writes = dense_reads_and_partial_writes(code, code.text(receiver))
        candidate = _candidate(code, rule, call, receiver, found)
        if not code.is_pure(receiver):
            candidate = replace(candidate, hindrance=Reason.SIDE_EFFECTS)
        if reads - found.dense_reads > writes:
            candidate = replace(candidate, declined=Reason.READ_DENSELY)
        yield candidate


def _candidate(
    code: Code, rule: Rule, call: ast.Call, receiver: ast.expr, found: Rebuilt
) -> Candidate:
    statement = code.statement(call)
    used = not (isinstance(statement, ast.Expr) and statement.value is call)
    target, place, name = code.operand(receiver), code.source.span(call), short(receiver)
    message = f"`{found.function}` makes all of `{name}` anew to change a part of it"
    if not found.updates:
        misuse = Misuse(target, Effect.WRITES, place)
        refusal = found.refusal or Reason.NO_REWRITE
        return Candidate(rule, statement, misuse, message, refusal=refusal)
    several = len(call.args) + len(call.keywords) > 1
    return Candidate(
        rule,
        statement,
        UpdateSequence(
            target,
            found.updates,
            Effect.WRITES,
            read_first=found.read_first,
            atomic=True,
            used=used,
            place=place,
            statements=found.statements,
            temporaries=found.temporaries,
        ),
        message,
        Reason.NO_REWRITE if several else found.hindrance,
        found.refusal,
    )


def _value(call: ast.Call) -> ast.expr | None:
    """The value that ``.assign(...)`` is given, if it is given in a usual way."""
    words = {word.arg: word.value for word in call.keywords}
    if None in words or any(isinstance(arg, ast.Starred) for arg in call.args):
        return None
    if len(call.args) == 1 and set(words) <= _ASSIGN_OPTIONS:
        return call.args[0]
    if not call.args and set(words) <= {"value", *_ASSIGN_OPTIONS}:
        return words.get("value")
    return None

"""TFS101: an item of a variable is assigned, which raises TypeError wherever it runs."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tflint_slice.idioms.candidates import Candidate
from tflint_slice.idioms.code import Code, is_path, same, short
from tflint_slice.idioms.comparisons import compares_alike
from tflint_slice.idioms.regions import region
from tflint_slice.idioms.spellings import Breadth, Spelling
from tflint_slice.model import (
    Effect,
    Mask,
    Misuse,
    Op,
    Reason,
    Rule,
    Update,
    UpdateSequence,
)

RULE = Rule("TFS101", "variable-item-assignment", "an item of a variable assigned to, or deleted")
RULES = (RULE,)
SPELLINGS = {
    RULE.code: (
        Spelling("set", "{v}[{index}] = {value}", Breadth.FULL),
        Spelling("add", "{v}[{index}] += {value}", Breadth.OPERATOR),
        Spelling("subtract", "{v}[{index}] -= {value}", Breadth.OPERATOR),
        Spelling("multiply", "{v}[{index}] *= {value}", Breadth.OPERATOR),
        Spelling("divide", "{v}[{index}] /= {value}", Breadth.OPERATOR),
        Spelling("whole", "{v}[:] = tf.ones([5])"),
        Spelling("floor-divide", "{v}[2] //= 2.0"),
        Spelling("modulo", "{v}[2] %= 2.0"),
        Spelling("power", "{v}[2] **= 2.0"),
        Spelling("chain", "y = {v}[2] = 2.0"),
        Spelling("tuple", "{v}[2], y = 2.0, 3.0"),
        Spelling("delete", "del {v}[2]"),
    )
}

OPS: dict[type[ast.operator], Op] = {
    ast.Add: Op.ADD,
    ast.Sub: Op.SUBTRACT,
    ast.Mult: Op.MULTIPLY,
    ast.Div: Op.DIVIDE,
    ast.FloorDiv: Op.FLOOR_DIVIDE,
    ast.Mod: Op.MODULO,
    ast.Pow: Op.POWER,
    ast.MatMult: Op.MATMUL,
    ast.BitAnd: Op.BITWISE,
    ast.BitOr: Op.BITWISE,
    ast.BitXor: Op.BITWISE,
    ast.LShift: Op.BITWISE,
    ast.RShift: Op.BITWISE,
}


def find(code: Code) -> Iterator[Candidate]:
    for node in code.item_targets:
        if code.value(node.value).kind.is_variable:
            yield _candidate(code, node)


def _candidate(code: Code, node: ast.Subscript) -> Candidate:
    statement = code.statement(node)
    value, op, refusal = None, Op.SET, None
    if isinstance(statement, ast.Assign) and statement.targets == [node]:
        value = statement.value
    elif isinstance(statement, ast.AnnAssign) and statement.target is node:
        value, refusal = statement.value, Reason.NO_REWRITE
    elif isinstance(statement, ast.AugAssign) and statement.target is node:
        value, op = statement.value, OPS[type(statement.op)]
    else:
        # ``v[0], b = ...``, ``a = v[0] = ...``, ``for v[i] in``, ``with f() as v[0]``, ``del``.
        refusal = Reason.NO_REWRITE
    what = "deletes an item of" if isinstance(node.ctx, ast.Del) else "assigns to an item of"
    message = f"`{short(node.value)}[...]` {what} a variable, which raises TypeError"
    if refusal is None and not is_path(node.value):
        refusal = Reason.SIDE_EFFECTS
    if value is None or refusal is not None:
        found = Misuse(code.operand(node.value), Effect.RAISES, code.source.span(statement))
        return Candidate(RULE, statement, found, message, refusal=refusal or Reason.NO_REWRITE)
    return Candidate(
        RULE,
        statement,
        UpdateSequence(
            code.operand(node.value),
            (update_of(code, node, value, op),),
            Effect.RAISES,
            place=code.source.span(statement),
        ),
        message,
        refusal=Reason.SIDE_EFFECTS if op is not Op.SET and not code.is_pure(node.slice) else None,
    )


def update_of(code: Code, node: ast.Subscript, value: ast.expr, op: Op) -> Update:
    """The update that ``node <op>= value`` means in NumPy."""
    place = region(code, node)
    if isinstance(place, Mask):
        test = node.slice
        place = Mask(
            place.mask,
            of_target=isinstance(test, ast.Compare)
            and len(test.comparators) == 1
            and same(test.left, node.value)
            and code.value(test.comparators[0]).kind.is_number,
            alike=compares_alike(code, test),
        )
    span = code.source.span(node.slice)
    return Update(
        place,
        code.operand(value),
        op,
        index=code.source.text[span.start : span.end],
        stable=code.is_stable(value, node.slice) and (op is Op.SET or code.is_pure(value)),
    )

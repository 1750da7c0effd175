"""TFS401: a loop that updates one place of a variable or tensor each turn, and does nothing else.

What the turns come to is one update at all places. Loops whose body is what another rule mends
are only noted, and looked at again once that is done.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tflint_slice.idioms.candidates import Candidate
from tflint_slice.idioms.code import Code, is_literal, is_path, names_in, same, short
from tflint_slice.idioms.loop_batches import described, together
from tflint_slice.idioms.loop_graphs import against_graphs
from tflint_slice.idioms.loop_heads import Head, head_of, outlives
from tflint_slice.idioms.loop_turns import Turn, turn_of
from tflint_slice.idioms.loop_without_turns import against_no_turn
from tflint_slice.idioms.spellings import Breadth, Spelling
from tflint_slice.infer.arrays import is_lazy
from tflint_slice.infer.dims import is_integer_scalar
from tflint_slice.infer.project import is_script
from tflint_slice.infer.values import UNKNOWN, Value
from tflint_slice.model import (
    Effect,
    Kind,
    Reason,
    Rule,
    UpdateSequence,
)
from tflint_slice.syntax.nodes import nodes_of
from tflint_slice.syntax.spots import MOST_STATEMENTS

RULE = Rule(
    "TFS401",
    "scatter-in-loop",
    "one update of a variable or tensor each turn of a loop",
    # A loop that sets items, once each turn is a scatter.
    follows=True,
)
RULES = (RULE,)
_OVER = "for k in range(5):\n    {}".format
_SCATTER = "{{v}}.scatter_nd_{}([[k]], [x])".format
_SUMS = "xs = tf.constant([1.0, 2.0, 3.0])\nfor k, x in enumerate(xs):\n    "
SPELLINGS = {
    RULE.code: (
        Spelling("number", _OVER("{v}[k].assign(2.0)"), Breadth.FULL),
        Spelling("scattered", _OVER("{v}.scatter_nd_update([[k]], [2.0])"), Breadth.FULL),
        Spelling(
            "functional",
            _OVER("{v}.assign(tf.tensor_scatter_nd_update({v}, [[k]], [2.0]))"),
            Breadth.FULL,
        ),
        Spelling("items", "xs = tf.ones([5])\n" + _OVER("{v}[k].assign(xs[k])"), Breadth.FULL),
        Spelling("first-items", "xs = tf.ones([9])\n" + _OVER("{v}[k].assign(xs[k])")),
        Spelling("enumerate", "for k, x in enumerate([1.0, 2.0, 3.0]):\n    {v}[k].assign(x)"),
        Spelling(
            "enumerate-array", "xs = np.ones(3)\nfor k, x in enumerate(xs):\n    {v}[k].assign(x)"
        ),
        Spelling("zip", "for k, x in zip([3, 0], [1.0, 2.0]):\n    {v}[k].assign(x)"),
        Spelling("repeat", "for k, x in zip([1, 1], [1.0, 2.0]):\n    {v}[k].assign(x)"),
        Spelling("negative", "for k in [0, -1]:\n    {v}[k].assign(2.0)"),
        Spelling("beyond-the-end", "for k in range(6):\n    {v}[k].assign(2.0)"),
        Spelling("maybe-repeated", "for k in np.arange(6) % 5:\n    {v}[k].assign(2.0)"),
        Spelling(
            "repeated-sums",
            _SUMS.replace("enumerate(xs)", "zip(tf.constant([2, 0, 2]), xs)") + _SCATTER("add"),
        ),
        Spelling("add", _SUMS + _SCATTER("add")),
        Spelling("sub", _SUMS + _SCATTER("sub")),
        Spelling("max", _SUMS + _SCATTER("max")),
        Spelling("min", _SUMS + _SCATTER("min")),
        Spelling("rows", _OVER("{v}.scatter_update(tf.IndexedSlices([2.0], [k]))")),
        Spelling("tensor-index", "for k in tf.range(5):\n    {v}[k].assign(2.0)"),
        Spelling("computed", _OVER("{v}[k].assign(k * 2.0)")),
        Spelling("seen-afterwards", _OVER("{v}[k].assign(2.0)") + "\nreturn k"),
        Spelling(
            "tensor",
            "t = tf.identity({v})\n"
            + _OVER("t = tf.tensor_scatter_nd_update(t, [[k]], [2.0])")
            + "\n{v}.assign(t)",
        ),
    )
}

# By these the names of a scope are looked up without being written.
_LOOKS_AROUND = re.compile(
    r"\b(?:locals|globals|inspect|builtins|__builtins__|import_module|__import__|gi_frame)\b"
    r"|\bdir\s*\(\s*\)|\bimport __main__|\bfrom __main__|\bco_(?:varnames|names|consts|code)\b"
)
# How calls begin that change a part of something, or end a round trip through NumPy.
_UPDATING = ("assign", "scatter_", "batch_scatter_", "tensor_scatter_", "constant", "convert_to_")


def find(code: Code) -> Iterator[Candidate]:
    for node in nodes_of(code.source.tree).of(ast.For):
        if not node.orelse:
            candidate = _candidate(code, node)
            if candidate is not None:
                yield candidate


def _candidate(code: Code, node: ast.For) -> Candidate | None:
    turn = turn_of(code, node.body[0]) if len(node.body) == 1 else None
    head = head_of(code, node)
    if head is None:
        return None
    if turn is None:
        return _pending(code, head)
    if not _is_loop_of_updates(code, head, turn):
        return None
    target = code.operand(turn.receiver)
    update, refusal = together(code, head, turn)
    if refusal is None and outlives(code, head):
        refusal = Reason.VALUE_ESCAPES
    return Candidate(
        RULE,
        node,
        UpdateSequence(
            target,
            (update,),
            Effect.REBINDS if target.kind is Kind.TENSOR else Effect.WRITES,
            atomic=turn.atomic,
            loop=described(code, head, turn.index, rows=turn.rows),
            place=code.source.span(node),
            temporaries=head.names,
        ),
        f"each turn of the loop updates one place of `{short(turn.receiver)}`; "
        "one scatter updates them all",
        hindrance=_hindrance(code, head, turn),
        refusal=refusal,
    )


def _pending(code: Code, head: Head) -> Candidate | None:
    """A loop whose body may be one update once another rule has mended it: noted, not shown."""
    *_, last = head.node.body
    if any(hasattr(statement, "body") for statement in head.node.body):
        return None
    names = {name for statement in head.node.body for name in names_in(statement)}
    if len(head.node.body) > MOST_STATEMENTS or not names & set(head.names):
        return None
    parts = [part for part in ast.walk(last) if isinstance(part, ast.expr)]
    if not any(map(_may_update, parts)):
        return None
    targets = (
        part
        for part in parts
        if isinstance(part, (ast.Name, ast.Attribute, ast.Subscript)) and is_path(part)
        if _is_changed(code, part) and names_in(part).isdisjoint(head.names)
        if code.value(part).kind.is_variable or code.value(part).kind is Kind.TENSOR
    )
    target = next(targets, None)
    if target is None:
        return None
    return Candidate(
        RULE,
        head.node,
        UpdateSequence(
            code.operand(target),
            (),
            Effect.WRITES,
            loop=described(code, head, target),
            place=code.source.span(head.node),
        ),
        f"each turn of the loop changes a part of `{short(target)}`",
    )


def _is_changed(code: Code, part: ast.expr) -> bool:
    """Whether an item of it is written, or it is given to what scatters: not an item of a list."""
    parent = code.parents[part]
    if isinstance(parent, ast.Subscript) and parent.value is part:
        return not isinstance(parent.ctx, ast.Load) or _is_changed(code, parent)
    if isinstance(parent, ast.Attribute):
        return parent.attr.startswith(("assign", "scatter_", "batch_scatter_"))
    return isinstance(parent, ast.Call) and "scatter" in (code.called(parent) or "")


def _may_update(node: ast.expr) -> bool:
    """Whether the expression is one that an update, or the end of a round trip, is made of."""
    if isinstance(node, ast.Subscript):
        return not isinstance(node.ctx, ast.Load)
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name.startswith(_UPDATING)


def _hindrance(code: Code, head: Head, turn: Turn) -> Reason | None:
    if isinstance(code.function(head.node), ast.Module) and not is_script(code.source.path):
        # The names of a module can be imported.
        return Reason.VALUE_ESCAPES
    if _LOOKS_AROUND.search(code.source.searchable):
        return Reason.NAME_SHADOWED
    if len(head.iterables) > 1 and head.turns(code) is None:
        # The shortest of them ends the loop, and a scalar cannot be walked along at all.
        return Reason.UNKNOWN_SHAPE
    if code.catches and _may_run_short(code, head, turn):
        return Reason.CAUGHT_EXCEPTION
    if _drops_what_may_fail(head, turn):
        return Reason.UNKNOWN_VALUE
    return against_graphs(code, head, turn) or against_no_turn(code, head, turn)


def _drops_what_may_fail(head: Head, turn: Turn) -> bool:
    """Whether the loop runs over something that the new code does not evaluate."""
    used = names_in(turn.index) | names_in(turn.value)
    dropped = [source for name, source in head.entries.items() if name not in used]
    if head.stop is not None and head.counted not in used:
        dropped.append(head.stop)
    return not all(is_path(source) or is_literal(source) for source in dropped)


def _may_run_short(code: Code, head: Head, turn: Turn) -> bool:
    """Whether there may be no ``xs[i]`` at some turn, after others have been made."""
    if not isinstance(turn.value, ast.Subscript):
        return False
    shape = code.value(turn.value.value).shape
    return not shape or shape[0] != head.turns(code)


def _is_loop_of_updates(code: Code, head: Head, turn: Turn) -> bool:
    """Whether the turns are surely updates of one target at places that the loop runs through.

    None of them may look at what another one wrote.
    """
    names = set(head.names)
    if not is_path(turn.receiver) or names & names_in(turn.receiver):
        return False
    index = code.value(turn.index)
    if not names & names_in(turn.index) or index.optional:
        return False
    if not is_integer_scalar(index) and (turn.sliced or index != UNKNOWN):
        return False
    if not all(map(code.is_pure, (turn.index, turn.value, *head.iterables))):
        return False
    if any(_is_used_up(code, part) for part in ast.walk(turn.value)):
        return False
    turns = head.turns(code)
    return not (_reads_target(code, turn) or (isinstance(turns, int) and turns < 2))


def _is_used_up(code: Code, part: ast.AST) -> bool:
    """Whether it is an iterator, which the first turn leaves empty."""
    if not isinstance(part, (ast.Name, ast.Attribute, ast.Subscript)):
        return False
    value = code.value(part)
    return value.kind is Kind.LIST and is_lazy(value)


def _reads_target(code: Code, turn: Turn) -> bool:
    """Whether the value looks at the target, or at a variable that may be the same one.

    The entry of another variable at the very index that is written does not matter.
    """
    for part in ast.walk(turn.value):
        if not isinstance(part, (ast.Name, ast.Attribute, ast.Subscript)):
            continue
        if same(part, turn.receiver) or (part is not turn.value and _may_hold(code, part)):
            return True
        if code.value(part).kind.is_variable and not (
            isinstance(turn.value, ast.Subscript)
            and turn.value.value is part
            and same(turn.value.slice, turn.index)
        ):
            return True
    return False


def _may_hold(code: Code, part: ast.expr) -> bool:
    """Whether it is a list or dict that may hold the target, of which more is used than an item."""
    parent, value = code.parents[part], code.value(part)
    if isinstance(parent, ast.Subscript) and parent.value is part:
        return False
    return value.kind in (Kind.LIST, Kind.TUPLE, Kind.DICT) and not _holds_numbers(value)


def _holds_numbers(value: Value) -> bool:
    if value.items is not None:
        return all(map(_holds_numbers, value.items))
    return value.kind.is_number or value.kind is Kind.NDARRAY

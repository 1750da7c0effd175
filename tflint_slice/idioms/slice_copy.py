"""TFS306: ``v[i].assign(x)``, which reads a slice of the variable before it writes to it.

Once a variable was updated in part, every read of it copies all of it, and so does the one that
``v[i]`` is. In a loop that is so from the second turn on; elsewhere it depends on code that is not
in view.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from math import prod

from tflint_slice.idioms import scatter_loop
from tflint_slice.idioms.candidates import Candidate
from tflint_slice.idioms.code import Code, is_path, same, short
from tflint_slice.idioms.item_assignment import update_of
from tflint_slice.idioms.slice_methods import SliceCall, slice_call
from tflint_slice.idioms.spellings import Breadth, Spelling
from tflint_slice.model import (
    Axes,
    Effect,
    Full,
    Kind,
    Op,
    Point,
    Rest,
    Rule,
    Shape,
    UpdateSequence,
)

RULE = Rule("TFS306", "slice-assign-copy", "a sliced assign that copies the variable to read it")
RULES = (RULE,)
SPELLINGS = {
    RULE.code: (
        Spelling("set", "{v}[{index}].assign({value})", Breadth.FULL),
        Spelling("keyword", "{v}[2].assign(val=2.0)"),
        Spelling("returned", "return {v}[2].assign(2.0)"),
        Spelling("loop", "for _ in range(3):\n    {v}[2].assign(2.0)"),
    )
}

# Below so many elements the copy takes no time that could be measured beside that of the call.
_LARGE = 100_000
_LOOPS = (ast.For, ast.AsyncFor, ast.While)


def find(code: Code) -> Iterator[Candidate]:
    batched: set[ast.AST] | None = None
    for node in code.calls:
        call = slice_call(code, node)
        if call is None or call.method != "assign" or call.read:
            continue
        candidate = _candidate(code, call)
        if candidate is None:
            continue
        if batched is None:
            batched = _batched_loops(code)
        if batched.isdisjoint(code.ancestors(node)):
            yield candidate


def _candidate(code: Code, call: SliceCall) -> Candidate | None:
    target = code.operand(call.variable)
    if target.kind not in (Kind.VARIABLE, Kind.KERAS2_WEIGHT) or not is_path(call.variable):
        return None
    if call.value is None or len(call.subscripts) > 1 or _reads(call.value, call.variable):
        return None
    (subscript,) = call.subscripts
    update = update_of(code, subscript, call.value, Op.SET)
    if not isinstance(update.region, Axes) or not _is_element(update.region):
        return None
    if code.is_shown(code.source.span(call.node)):
        return None
    looped = _is_in_loop(code, call.node)
    name = short(call.variable)
    return Candidate(
        RULE,
        call.node,
        UpdateSequence(
            target,
            # Index and value stay in the order of their evaluation.
            (replace(update, order=("index", "value"), stable=True),),
            Effect.WRITES,
            atomic=True,
            used=not isinstance(code.parents[call.node], ast.Expr),
            place=code.source.span(call.node),
            call=code.operand(call.node),
        ),
        f"`{name}[...].assign` copies all of `{name}` in each turn of a loop to write a part of it"
        if looped
        else f"`{name}[...].assign` may copy all of `{name}` to write a part of it",
        opt_in=not looped or not _may_be_large(target.shape),
    )


def _batched_loops(code: Code) -> set[ast.AST]:
    """Loops of which another rule says that all turns are one update.

    Those without updates it only notes, for what they may be after a fix of their bodies.
    """
    return {
        loop.node
        for loop in scatter_loop.find(code)
        if not isinstance(loop.found, UpdateSequence) or loop.found.updates
    }


def _is_element(region: Axes) -> bool:
    """One element or row: what scatter names by one index."""
    points = [axis for axis in region.axes if isinstance(axis, Point)]
    rest = region.axes[len(points) :]
    whole = all(isinstance(axis, (Full, Rest)) for axis in rest)
    return bool(points) and whole and list(region.axes[: len(points)]) == points


def _reads(value: ast.expr, variable: ast.expr) -> bool:
    """Whether the value reads the variable as well, and may copy it all the same."""
    return any(isinstance(node, ast.expr) and same(node, variable) for node in ast.walk(value))


def _may_be_large(shape: Shape | None) -> bool:
    if shape is None or not all(isinstance(dim, int) for dim in shape):
        return True
    return prod(dim for dim in shape if isinstance(dim, int)) >= _LARGE


def _is_in_loop(code: Code, node: ast.expr) -> bool:
    """Whether a loop of the same function makes the call in each of its turns."""
    function = code.function(node)
    child: ast.AST = node
    for parent in code.ancestors(node):
        if parent is function:
            return False
        if isinstance(parent, _LOOPS) and child in parent.body:
            return True
        child = parent
    return False

"""TFS307: a tensor made anew with a part replaced, and bound to the name that it had.

``t = tf.concat([t[:i], [x], t[i + 1:]], 0)`` and whatever else TFS302 to TFS304 find of a variable.
Old and new code bind the name to another tensor, and the same gradients pass through both.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from tflint_slice.idioms import concat_rebuild, list_rebuild, mask_rebuild
from tflint_slice.idioms.candidates import Candidate
from tflint_slice.idioms.code import Code
from tflint_slice.idioms.rebuilt import Rebuilt
from tflint_slice.idioms.spellings import Breadth, Spelling
from tflint_slice.idioms.tensor_origin import Origins
from tflint_slice.model import (
    Axes,
    Effect,
    Kind,
    Point,
    Points,
    Rule,
    Unrecognised,
    Update,
    UpdateSequence,
)

RULE = Rule("TFS307", "tensor-rebuild", "a tensor made anew as a whole to replace a part of it")
RULES = (RULE,)
_ROWS = "rows = tf.unstack(t)\n{}\nt = tf.stack(rows)"
_LOCAL = "t = tf.identity({{v}})\n{}".format
SPELLINGS = {
    RULE.code: (
        Spelling(
            "concat",
            _LOCAL("t = tf.concat([t[:1], [tf.cast(2, t.dtype)], t[2:]], 0)"),
            Breadth.FULL,
            lacks=("string",),
        ),
        Spelling("unstack", _LOCAL(_ROWS.format("rows[{index}] = {value}")), Breadth.VALUES),
        Spelling("first", _LOCAL("t = tf.concat([[2.0], t[1:]], 0)")),
        Spelling("last", _LOCAL("t = tf.concat([t[:-1], [2.0]], 0)")),
        Spelling("rows", _LOCAL("t = tf.concat([t[:1], tf.ones([2]), t[3:]], 0)")),
        Spelling("stack", _LOCAL("t = tf.stack([t[0], 2.0, t[2], t[3], t[4]])")),
        Spelling(
            "comprehension",
            _LOCAL("t = tf.stack([2.0 if j == 2 else t[j] for j in range(5)])"),
        ),
        Spelling("where", _LOCAL("t = tf.where(tf.range(5) == 2, 2.0, t)")),
    )
}

# The screen of trees lets files through for these, called as members of a module.
_FUNCTIONS = frozenset({"concat", "stack", "where"})
_RECOGNISERS = (concat_rebuild.rebuilt, list_rebuild.rebuilt, mask_rebuild.rebuilt)


def find(code: Code) -> Iterator[Candidate]:
    sites = [site for each in code.call_assignments if (site := _site(code, *each)) is not None]
    # What is bound here is a tensor if the name was one before.
    origins = Origins(code, {site.statement.targets[0] for site in sites})
    for site in sites:
        if origins.is_tensor(site.target):
            yield _candidate(code, site)


@dataclass(frozen=True)
class _Site:
    """A statement, and its target where that still means what it meant before."""

    statement: ast.Assign
    target: ast.Name
    found: Rebuilt


def _site(code: Code, statement: ast.Assign, call: ast.Call) -> _Site | None:
    name = statement.targets[0]
    if len(statement.targets) > 1 or not isinstance(name, ast.Name):
        return None
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in _FUNCTIONS:
        return None
    target = _before(code, statement, name)
    if target is None or code.value(target).kind is not Kind.TENSOR:
        return None
    for recognise in _RECOGNISERS:
        found = recognise(code, call, target)
        if found is not None and found.updates and all(map(_is_scattered, found.updates)):
            return _Site(statement, target, found)
    return None


def _before(code: Code, statement: ast.Assign, name: ast.Name) -> ast.Name | None:
    """The name where it still means what it meant before the statement.

    That is in the statement, or where a list of rows is made in front of it.
    """
    block = code.block(statement)
    for part in (statement.value, *reversed(block[: block.index(statement)])):
        for child in ast.walk(part):
            if isinstance(child, ast.Name) and child.id == name.id:
                return child if isinstance(child.ctx, ast.Load) else None
    return None


def _is_scattered(update: Update) -> bool:
    """Whether single elements or rows change: of longer parts scatter is no gain."""
    if not isinstance(update.region, Axes):
        return isinstance(update.region, Unrecognised)
    first, *rest = update.region.axes
    return isinstance(first, (Point, Points)) and not rest


def _candidate(code: Code, site: _Site) -> Candidate:
    found, name = site.found, site.target.id
    sequence = UpdateSequence(
        code.operand(site.target),
        found.updates,
        Effect.REBINDS,
        read_first=found.read_first,
        atomic=True,
        place=code.source.span(site.statement),
        statements=found.statements,
        temporaries=found.temporaries,
    )
    message = f"`{found.function}` makes all of `{name}` anew to change a part of it"
    return Candidate(RULE, site.statement, sequence, message, found.hindrance, found.refusal)

"""TFS304: a variable taken apart into a list of its rows, of which some are replaced, and stacked.

``rows = tf.unstack(v); rows[i] = x; v.assign(tf.stack(rows))`` in one block, and the comprehension
``tf.stack([x if j == i else v[j] for j in range(n)])``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from tflint_slice.idioms import replacement
from tflint_slice.idioms.candidates import Candidate
from tflint_slice.idioms.code import Body, Code, names_in, same
from tflint_slice.idioms.functional_scatter import binds
from tflint_slice.idioms.numpy_copies import escape
from tflint_slice.idioms.rebuilt import Rebuilt, assigned
from tflint_slice.idioms.regions import region
from tflint_slice.idioms.row_choice import chosen, is_first, rows_of
from tflint_slice.idioms.spellings import Breadth, Spelling
from tflint_slice.infer.values import UNKNOWN
from tflint_slice.model import Axes, Kind, Operand, Point, Reason, Rule, Unrecognised, Update

RULE = Rule("TFS304", "list-rebuild", "a variable made a list of rows, changed there, and stacked")
RULES = (RULE,)
_ROWS = "rows = tf.unstack({{v}})\n{}\n{{v}}.assign(tf.stack(rows))".format
SPELLINGS = {
    RULE.code: (
        Spelling("unstack", _ROWS("rows[{index}] = {value}"), Breadth.VALUES),
        Spelling("last", _ROWS("rows[-1] = 2.0")),
        Spelling("two", _ROWS("rows[0] = 2.0\nrows[2] = 3.0")),
        Spelling("twice", _ROWS("rows[0] = 2.0\nrows[0] = 3.0")),
        Spelling("list", "rows = list({v})\nrows[2] = 2.0\n{v}.assign(tf.stack(rows))"),
        Spelling("bare", "rows = tf.unstack({v})\nrows[2] = 2.0\n{v}.assign(rows)"),
        Spelling(
            "comprehension",
            "{v}.assign(tf.stack([2.0 if j == 2 else {v}[j] for j in range(5)]))",
        ),
        Spelling(
            "enumerate",
            "{v}.assign(tf.stack([r if j != 2 else 2.0 for j, r in enumerate(tf.unstack({v}))]))",
        ),
    )
}


def find(code: Code) -> Iterator[Candidate]:
    yield from assigned(code, RULE, rebuilt)


def rebuilt(code: Code, expression: ast.expr, target: ast.expr) -> Rebuilt | None:
    """What a stack of the target's rows, some of them replaced, comes to as an update of it."""
    rows = _stacked(code, expression)
    if isinstance(rows, ast.Name):
        return _through_a_list(code, expression, rows.id, target)
    if isinstance(rows, ast.ListComp):
        return chosen(code, rows, target)
    return None


def _stacked(code: Code, node: ast.expr) -> ast.expr | None:
    """The list that is made one tensor, or is assigned as it is."""
    if isinstance(node, ast.Name):
        return node if code.value(node).kind in (Kind.LIST, Kind.UNKNOWN) else None
    name = code.called(node)
    if not isinstance(node, ast.Call) or len(node.args) not in (1, 2):
        return None
    words = {word.arg: word.value for word in node.keywords}
    if name == "tensorflow.convert_to_tensor":
        return node.args[0] if len(node.args) == 1 and not words else None
    if name != "tensorflow.stack" or not set(words) <= {"axis"}:
        return None
    axes = [*node.args[1:], *words.values()]
    return node.args[0] if all(is_first(code, axis) for axis in axes) else None


# --- a list that is changed -----------------------------------------------------------------------


@dataclass
class _Changes:
    """What happens to the list between its making and the stack."""

    updates: list[Update] = field(default_factory=list)
    statements: list[ast.stmt] = field(default_factory=list)
    refusal: Reason | None = None
    hindrance: Reason | None = None


def _through_a_list(
    code: Code, expression: ast.expr, name: str, target: ast.expr
) -> Rebuilt | None:
    statement = code.statement(expression)
    block = code.block(statement)
    read = _taken_apart(code, block, statement, name, target)
    if read is None:
        return None
    between = block[block.index(read) + 1 : block.index(statement)]
    changes = _changes(code, between, name, target)
    if changes is None or not changes.updates:
        return None
    values = [update.value for update in changes.updates if update.value is not None]
    against = replacement.against_dtype_of_rows(values, code.operand(target))
    alone = all(map(code.is_alone, [read, *changes.statements]))
    refusal = changes.refusal or escape(code, read, statement, name)
    if not _is_all_of(code, expression, statement):
        refusal = refusal or Reason.STATEMENT_BETWEEN
    count = sum(isinstance(child, ast.Name) and child.id == name for child in ast.walk(statement))
    if count > 1:
        refusal = refusal or Reason.VALUE_ESCAPES
    return Rebuilt(
        tuple(changes.updates),
        "tf.stack" if isinstance(expression, ast.Call) else "assign",
        read_first=True,
        hindrance=changes.hindrance or against,
        refusal=refusal or (None if alone else Reason.NO_REWRITE),
        statements=tuple(code.source.span(gone) for gone in (read, *changes.statements)),
        temporaries=(name,),
        dense_reads=1,
    )


def _is_all_of(code: Code, expression: ast.expr, statement: ast.stmt) -> bool:
    """Whether the statement is the assignment, and does nothing before it and nothing with it."""
    if isinstance(statement, ast.Assign):
        return statement.value is expression
    call = code.parents[expression]
    if isinstance(call, ast.keyword):
        call = code.parents[call]
    return isinstance(statement, ast.Expr) and statement.value is call


def _taken_apart(
    code: Code, block: Body, statement: ast.stmt, name: str, target: ast.expr
) -> ast.stmt | None:
    """``name = tf.unstack(target)`` and its like, the last binding of the name in the block."""
    for earlier in reversed(block[: block.index(statement)]):
        if binds(earlier, name):
            assert isinstance(earlier, ast.Assign)
            source = rows_of(code, earlier.value)
            return earlier if source is not None and same(source, target) else None
    return None


def _changes(code: Code, between: Body, name: str, target: ast.expr) -> _Changes | None:
    """The stores into the list; None if its entries may not stay in their places."""
    changes = _Changes()
    used = names_in(target)
    operand = code.operand(target)
    due = operand.shape[1:] if operand.shape else None
    for statement in between:
        stored = _store(statement, name)
        if stored is None:
            if name in names_in(statement) and not _only_reads(statement, name):
                return None
            changes.refusal = changes.refusal or _against_between(code, statement, name, used)
            continue
        subscript, value = stored
        place = region(code, subscript)
        index = _index(place)
        if isinstance(subscript.slice, ast.Tuple):
            return None
        if index is None or replacement.never_fits(code.operand(value), due):
            return None
        if name in names_in(subscript.slice) | names_in(value):
            changes.refusal = changes.refusal or Reason.VALUE_ESCAPES
        used |= names_in(subscript.slice) | names_in(value)
        stable = code.is_pure(value) and code.is_pure(subscript.slice)
        against = replacement.against_value(code, value, operand, due)
        against = against or _against_graphs(code, subscript.slice, value, operand)
        changes.hindrance = changes.hindrance or (against if stable else Reason.SIDE_EFFECTS)
        changes.statements.append(statement)
        changes.updates.append(Update(place, code.operand(value), index=index.text, stable=stable))
    return changes


def _against_graphs(code: Code, index: ast.expr, value: ast.expr, target: Operand) -> Reason | None:
    """What a list would not take in a graph, where AutoGraph may make tensors of numbers."""
    number = code.value(index)
    if not number.has_const and not _counts(code, index):
        return Reason.UNKNOWN_INDEX
    stored = code.operand(value)
    bare = stored.kind in (Kind.INT, Kind.FLOAT, Kind.BOOL) and not code.value(value).has_const
    return (
        replacement.against_dtype_of_rows([stored], replace(target, shape=(1,))) if bare else None
    )


def _counts(code: Code, node: ast.expr) -> bool:
    """Whether it is what a loop over a Python range counts with."""
    return isinstance(node, ast.Name) and any(
        isinstance(loop, ast.For)
        and isinstance(loop.target, ast.Name)
        and loop.target.id == node.id
        and isinstance(loop.iter, ast.Call)
        and code.called(loop.iter) == "builtins.range"
        for loop in code.ancestors(node)
    )


def _store(statement: ast.stmt, name: str) -> tuple[ast.Subscript, ast.expr] | None:
    """``name[index] = value``."""
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return None
    target = statement.targets[0]
    if not isinstance(target, ast.Subscript) or not isinstance(target.value, ast.Name):
        return None
    return (target, statement.value) if target.value.id == name else None


def _index(place: object) -> Operand | None:
    """The number of one row; of a slice the list may become longer or shorter."""
    if isinstance(place, Axes) and len(place.axes) == 1 and isinstance(place.axes[0], Point):
        index = place.axes[0].index
        return None if index.kind.is_variable else index
    if isinstance(place, Unrecognised) and place.index.kind is Kind.UNKNOWN:
        return None if ":" in place.index.text else place.index
    return None


def _only_reads(statement: ast.stmt, name: str) -> bool:
    """Whether the statement looks at single rows of the list, and at nothing else of it."""
    rows = {
        child.value
        for child in ast.walk(statement)
        if isinstance(child, ast.Subscript)
        and isinstance(child.ctx, ast.Load)
        and isinstance(child.value, ast.Name)
        and not isinstance(child.slice, ast.Slice)
    }
    return isinstance(statement, (ast.Assign, ast.Expr)) and all(
        child in rows
        for child in ast.walk(statement)
        if isinstance(child, ast.Name) and child.id == name
    )


def _against_between(code: Code, statement: ast.stmt, name: str, used: set[str]) -> Reason | None:
    """Anything else that stands between: harmless if it binds a name to a pure expression."""
    if name in names_in(statement):
        return Reason.VALUE_ESCAPES
    if isinstance(statement, ast.Pass):
        return None
    harmless = (
        isinstance(statement, ast.Assign)
        and all(isinstance(target, ast.Name) for target in statement.targets)
        and code.is_pure(statement.value)
    )
    # The stores move to the stack, where a name bound since means something else.
    bound = {name for target in getattr(statement, "targets", []) for name in names_in(target)}
    rebinds = any(code.facts.modules.get(name, UNKNOWN).kind is Kind.FUNCTION for name in bound)
    # An iterator is used up by whoever comes first.
    shared = isinstance(statement, ast.Assign) and bool(names_in(statement.value) & used)
    if not harmless or bound & used or rebinds:
        return Reason.STATEMENT_BETWEEN
    return Reason.STATEMENT_BETWEEN if shared and _may_be_used_up(code, statement) else None


def _may_be_used_up(code: Code, statement: ast.stmt) -> bool:
    """Whether the statement reads a name of something that is neither array nor number."""
    return any(
        isinstance(child, ast.Name)
        and isinstance(child.ctx, ast.Load)
        and code.value(child).kind in (Kind.LIST, Kind.UNKNOWN)
        for child in ast.walk(statement)
    )

"""TFS108 and TFS109: constant indices of a scatter that name no element, or one of them twice.

On a CPU the first raise, on a GPU and under XLA they are silently ignored. Of several updates of
one element a GPU keeps any.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from tflint_slice.idioms.candidates import Candidate
from tflint_slice.idioms.code import Code, is_literal, same
from tflint_slice.idioms.expectations import expects_an_error, is_tested
from tflint_slice.idioms.scatter_calls import ScatterCall, scatter_call
from tflint_slice.idioms.scatter_rows import (
    Row,
    entries_of,
    equal_rows,
    is_certain,
    number,
    numbers_in,
    numpy_statement,
    rows_of,
    target_of,
)
from tflint_slice.idioms.spellings import Breadth, Spelling
from tflint_slice.infer.values import Value
from tflint_slice.model import Dim, Edit, Effect, Kind, Misuse, Op, Reason, Rule, Shape

RANGE = Rule(
    "TFS108", "scatter-index-range", "a constant index of a scatter that is negative or too large"
)
DUPLICATE = Rule(
    "TFS109", "duplicate-scatter-index", "equal constant indices in one scattered update"
)
RULES = (RANGE, DUPLICATE)
_METHOD = "{{v}}.scatter_nd_{}({})".format
_FUNCTION = "y = tf.tensor_scatter_nd_{}({{v}}, {})".format
SPELLINGS = {
    RANGE.code: (
        Spelling("method-update", _METHOD("update", "{rows}, {updates}"), Breadth.FULL, "list"),
        Spelling("function-update", _FUNCTION("update", "[[-2]], [1.5]")),
        Spelling("method-add", _METHOD("add", "[[0], [-1]], [1.5, 2.5]")),
        Spelling("function-sub", _FUNCTION("sub", "[[0], [-1]], [1.5, 2.5]")),
        Spelling("constant", _METHOD("update", "tf.constant([[-1]]), [1.5]")),
        Spelling("method-max", _METHOD("max", "[[-1]], [1.5]")),
        Spelling("function-min", _FUNCTION("min", "[[-1]], [1.5]")),
    ),
    DUPLICATE.code: (
        Spelling("method-update", _METHOD("update", "[[1], [1]], [1.5, 2.5]")),
        Spelling("function-update", _FUNCTION("update", "[[1], [1]], [1.5, 2.5]")),
    ),
}

_CORRECTION = "Count the index from the end"

_UNIFORM = frozenset(
    f"{module}.{name}"
    for module in ("tensorflow", "numpy")
    for name in ("zeros", "ones", "zeros_like", "ones_like")
) | {"tensorflow.fill"}


@dataclass(frozen=True)
class WrongIndex:
    """What is wrong with an index, and the edit that makes it what NumPy takes it for."""

    text: str
    edit: Edit | None = None


def find(code: Code) -> Iterator[Candidate]:
    for node in code.calls:
        call = scatter_call(code, node)
        if call is None or not is_certain(code, call):
            continue
        shape = code.operand(call.indices).shape
        # Whether the entries of a flat list are rows or one coordinate is a matter of TFS107.
        if shape is None or len(shape) < 2:
            continue
        rows = rows_of(code, call.indices, len(shape))
        candidates = [*_out_of_range(code, call, rows), *_repeated(code, call, rows)]
        if candidates and not expects_an_error(code, node):
            yield from candidates


# --- TFS108 ---------------------------------------------------------------------------------------


def _out_of_range(code: Code, call: ScatterCall, rows: list[Row] | None) -> Iterator[Candidate]:
    # Another option may be a policy for bad indices.
    if any(option not in ("name", "use_locking") for option in call.options):
        return
    target = code.operand(target_of(call))
    if rows is None:
        wrong = _wrong_tensor(code, call, target.shape)
    else:
        wrong = _wrong_entries(code, call, rows, target.shape)
    if not wrong:
        return
    edits, reference = _normalised(code, call, rows, wrong)
    statement = code.source.span(code.statement(call.node))
    yield Candidate(
        RANGE,
        call.node,
        Misuse(target, Effect.RAISES, statement, edits, reference, _CORRECTION),
        f"`{call.name}`: {wrong[0].text}; it raises on a CPU and is ignored on a GPU",
        hindrance=Reason.ALWAYS_RAISES,
        refusal=None if edits else Reason.NO_REWRITE,
    )


def _wrong_entries(
    code: Code, call: ScatterCall, rows: list[Row], shape: Shape | None
) -> list[WrongIndex]:
    """The entries that are outside of their axes whenever the call is made."""
    if shape is not None and any(len(row) > len(shape) for row in rows):
        return []
    found = [
        _wrong_entry(code, call, entry, axis, None if shape is None else shape[axis])
        for row in rows
        for axis, entry in enumerate(row)
    ]
    return [wrong for wrong in found if wrong is not None]


def _wrong_entry(
    code: Code, call: ScatterCall, entry: ast.expr, axis: int, size: Dim
) -> WrongIndex | None:
    value = code.value(entry)
    text = ast.unparse(entry)
    if _is_negative(value):
        if is_tested(code, call.node, entry):
            return None
        edit, least = None, number(value)
        if is_literal(entry) and isinstance(size, int) and least is not None and -least <= size:
            edit = Edit(code.source.span(entry), str(size + least))
        return WrongIndex(f"index `{text}` is negative, which scatter does not wrap", edit)
    if _is_beyond(value, size) and not is_tested(code, call.node, entry, target_of(call)):
        return WrongIndex(f"index `{text}` lies outside of axis {axis}, of length {size}")
    return None


def _wrong_tensor(code: Code, call: ScatterCall, shape: Shape | None) -> list[WrongIndex]:
    """The same for indices that are a tensor, all of which lies outside."""
    value = code.value(call.indices)
    # An empty tensor names nothing.
    if not value.shape or any(not isinstance(dim, int) or dim < 1 for dim in value.shape):
        return []
    if is_tested(code, call.node, call.indices, target_of(call)):
        return []
    if _is_negative(value):
        return [WrongIndex("all indices are negative, which scatter does not wrap")]
    depth = value.shape[-1]
    assert isinstance(depth, int)
    if shape is None or depth > len(shape):
        return []
    if all(_is_beyond(value, size) for size in shape[:depth]):
        return [WrongIndex("all indices lie outside of their axes")]
    return []


def _is_negative(value: Value) -> bool:
    return _is_index(value) and isinstance(value.high, int) and value.high <= 0


def _is_beyond(value: Value, size: Dim) -> bool:
    if not _is_index(value) or value.low is None:
        return False
    return isinstance(size, int) and value.low >= size


def _is_index(value: Value) -> bool:
    return value.kind in (Kind.INT, Kind.TENSOR) and not value.optional


def _normalised(
    code: Code, call: ScatterCall, rows: list[Row] | None, wrong: list[WrongIndex]
) -> tuple[tuple[Edit, ...], str | None]:
    """The edits that count negative indices from the end, if that mends the call."""
    edits = tuple(sorted(one.edit for one in wrong if one.edit is not None))
    if rows is None or len(edits) < len(wrong):
        return (), None
    mended = {edit.span: int(edit.content) for edit in edits}
    numbers = [
        [mended.get(code.source.span(entry), number(code.value(entry))) for entry in row]
        for row in rows
    ]
    if call.op is Op.SET and equal_rows(numbers):
        return (), None
    return edits, numpy_statement(call, numbers, code.text(call.updates))


def holds_wrong_index(code: Code, call: ScatterCall) -> bool:
    """Whether indices that lack brackets would be wrong with them, too."""
    indices, updates = code.operand(call.indices).shape, code.operand(call.updates).shape
    rows = rows_of(code, call.indices, len(indices)) if indices else None
    if rows is None:
        return False
    if len(rows) == 1 and updates and indices == updates[:1]:
        rows = [[entry] for entry in rows[0]]
    if call.op is Op.SET and equal_rows(numbers_in(code, rows)):
        return True
    return bool(_wrong_entries(code, call, rows, code.operand(target_of(call)).shape))


# --- TFS109 ---------------------------------------------------------------------------------------


def _repeated(code: Code, call: ScatterCall, rows: list[Row] | None) -> Iterator[Candidate]:
    if call.op is not Op.SET or rows is None:
        return
    numbers = numbers_in(code, rows)
    pairs = [pair for pair in equal_rows(numbers) if not _same_update(code, call, len(rows), pair)]
    if not pairs:
        return
    index = numbers[pairs[0][0]]
    yield Candidate(
        DUPLICATE,
        call.node,
        Misuse(code.operand(target_of(call)), Effect.WRITES),
        f"`{call.name}`: index {index} occurs twice; which update is kept is not defined on a GPU",
        refusal=Reason.NO_REWRITE,
    )


def _same_update(code: Code, call: ScatterCall, count: int, pair: tuple[int, int]) -> bool:
    """Whether both rows get the same, so that their order does not matter."""
    indices, updates = code.operand(call.indices).shape, call.updates
    if code.operand(updates).shape == () or code.called(updates) in _UNIFORM:
        return True
    if isinstance(updates, ast.BinOp) and isinstance(updates.op, ast.Mult):
        sides = (updates.left, updates.right)
        return any(isinstance(side, ast.List) and len(side.elts) == 1 for side in sides)
    assert indices is not None
    entries = entries_of(code, updates, len(indices) - 1)
    if entries is None or len(entries) != count:
        return False
    one, other = (entries[position] for position in pair)
    if is_literal(one) and is_literal(other):
        return bool(ast.literal_eval(one) == ast.literal_eval(other))
    return same(one, other) and code.is_pure(one)

"""TFS305: a tensor as large as the variable added to it, all of which is zero but for a few places.

``v.assign_add(tf.scatter_nd(indices, updates, v.shape))`` and the like. The delta is made, read and
added as a whole, to change what its indices name.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from tflint_slice.idioms.candidates import Candidate
from tflint_slice.idioms.code import Code, same, short
from tflint_slice.idioms.delta_calls import Delta, Scatter, delta, scatter_into_zeros
from tflint_slice.idioms.scatter_calls import ScatterCall, depth
from tflint_slice.idioms.scatter_faults import is_faulty
from tflint_slice.idioms.scatter_rows import equal_rows, numbers_in, rows_of
from tflint_slice.idioms.spellings import Breadth, Spelling
from tflint_slice.idioms.usage import dense_reads_and_partial_writes
from tflint_slice.infer.dims import shape_of
from tflint_slice.infer.dtypes import integer_range
from tflint_slice.infer.values import Value
from tflint_slice.model import (
    Bounds,
    Duplicates,
    Effect,
    IndexTensor,
    Kind,
    Misuse,
    Negative,
    Operand,
    Reason,
    Rule,
    Update,
    UpdateSequence,
)

RULE = Rule("TFS305", "dense-delta", "a dense tensor added to a variable for a sparse change")
RULES = (RULE,)
_NO_SUMS = ("bool", "string")
SPELLINGS = {
    RULE.code: (
        Spelling(
            "add",
            "{v}.assign_add(tf.scatter_nd({rows}, {updates}, {v}.shape))",
            Breadth.FULL,
            "list",
            lacks=_NO_SUMS,
        ),
        Spelling(
            "sub",
            "{v}.assign_sub(tf.scatter_nd({rows}, {updates}, {v}.shape))",
            Breadth.OPERATOR,
            "list",
            lacks=_NO_SUMS,
        ),
        Spelling("sum", "{v}.assign({v} + tf.scatter_nd([[2]], [2.0], tf.shape({v})))"),
        Spelling("difference", "{v}.assign({v} - tf.scatter_nd([[2]], [2.0], {v}.shape))"),
        Spelling(
            "keywords",
            "{v}.assign_add(tf.scatter_nd(shape={v}.shape, updates=[2.0], indices=[[2]]))",
        ),
        Spelling("equal", "{v}.assign_add(tf.scatter_nd([[2], [2]], [1.0, 2.0], {v}.shape))"),
        Spelling("one-hot", "{v}.assign_add(tf.one_hot(2, 5) * 2.0)"),
    )
}

_IN_PLACE = frozenset({Kind.VARIABLE, Kind.KERAS2_WEIGHT, Kind.SOME_VARIABLE})
_COMMA = re.compile(r"\s*,(?:\s|#[^\n]*\n)*")


def find(code: Code) -> Iterator[Candidate]:
    for node in code.calls:
        added = delta(code, node)
        if added is None:
            continue
        scatter = scatter_into_zeros(code, added.delta)
        if scatter is not None:
            candidate = _scattered(code, added, scatter)
            if candidate is not None:
                yield candidate
        elif _is_sparse(code, added.delta) and code.value(added.receiver).kind in _IN_PLACE:
            reported = _reported(code, added)
            if _is_read_densely(code, added.receiver):
                reported = replace(reported, declined=Reason.READ_DENSELY)
            yield reported


# --- tf.scatter_nd --------------------------------------------------------------------------------


def _scattered(code: Code, added: Delta, scatter: Scatter) -> Candidate | None:
    target = code.operand(added.receiver)
    if target.dtype in ("bool", "string"):
        return None
    fits = _is_whole(code, added.receiver, scatter.shape)
    if fits is False:
        return None
    call = _as_functional(code, added, scatter)
    statement = code.statement(added.node)
    indices, updates = code.operand(scatter.indices), code.operand(scatter.updates)
    name = short(added.receiver)
    sequence = UpdateSequence(
        target,
        (
            Update(
                IndexTensor(indices, depth(code.value(scatter.indices))),
                updates,
                added.op,
                Duplicates.ACCUMULATE,
                Negative.RAISE_OR_IGNORE,
                Bounds.RAISE_OR_IGNORE,
                order=("index", "value"),
            ),
        ),
        Effect.WRITES,
        atomic=True,
        used=not (isinstance(statement, ast.Expr) and statement.value is added.node),
        place=code.source.span(added.node),
        call=call,
    )
    return Candidate(
        RULE,
        statement,
        sequence,
        f"`tf.scatter_nd` makes a tensor as large as `{name}` to change a part of it",
        hindrance=_hindrance(code, added, scatter, fits is True),
        refusal=Reason.NO_REWRITE if call is None else _refusal(code, added, scatter),
    )


def _is_whole(code: Code, receiver: ast.expr, shape: ast.expr) -> bool | None:
    """Whether the shape is that of the variable; None if that cannot be seen.

    Of another shape the delta is broadcast, or refused.
    """
    due = code.operand(receiver).shape
    known = due is not None and None not in due
    if isinstance(shape, ast.Call) and code.called(shape) == "tensorflow.shape":
        return True if shape.args and same(shape.args[0], receiver) else None
    if isinstance(shape, ast.Call) and isinstance(shape.func, ast.Attribute) and not shape.args:
        read = shape.func.value if shape.func.attr == "get_shape" else None
    else:
        read = shape.value if isinstance(shape, ast.Attribute) and shape.attr == "shape" else None
    if read is not None and same(read, receiver):
        # Of a variable whose shape may change this is no shape to scatter into.
        return True if known else None
    given = shape_of(code.value(shape))
    if given is None or due is None:
        return None
    pairs = list(zip(given, due, strict=False))
    if len(given) != len(due) or any(
        isinstance(one, int) and isinstance(other, int) and one != other for one, other in pairs
    ):
        return False
    return True if known and given == due else None


def _refusal(code: Code, added: Delta, scatter: Scatter) -> Reason | None:
    """What stands against any rewrite."""
    target = code.operand(added.receiver)
    indices, updates = code.operand(scatter.indices), code.operand(scatter.updates)
    if indices.rank == 1:
        # One coordinate here; to the method it is the first of several rows.
        return Reason.NO_REWRITE
    shape = code.value(scatter.shape)
    pairs = [(updates.dtype, target.dtype)]
    pairs += [(indices.dtype, shape.dtype)] if _is_fixed(indices, shape) else []
    if any(None not in pair and len(set(pair)) > 1 for pair in pairs):
        return Reason.ALWAYS_RAISES
    call = ScatterCall(
        added.node,
        "scatter_nd",
        added.op,
        None,
        added.receiver,
        scatter.indices,
        scatter.updates,
        depth(code.value(scatter.indices)),
        (),
    )
    return Reason.ALWAYS_RAISES if is_faulty(code, call) else None


def _is_fixed(indices: Operand, shape: Value) -> bool:
    """Whether a shape that is a tensor has to be of the dtype that the indices have."""
    return shape.kind is Kind.TENSOR and not indices.constant


def _hindrance(code: Code, added: Delta, scatter: Scatter, fits: bool) -> Reason | None:
    """What stands against a safe rewrite, besides what does for every scatter in place."""
    if added.options or scatter.options:
        return Reason.NO_REWRITE
    if (code.called(scatter.node) or "").startswith("tensorflow.compat.v1."):
        return Reason.GRAPH_MODE
    if not code.is_pure(scatter.shape):
        return Reason.SIDE_EFFECTS
    if not fits:
        return Reason.UNKNOWN_SHAPE
    target = code.operand(added.receiver)
    indices, updates = code.operand(scatter.indices), code.operand(scatter.updates)
    # The delta is of the dtype of its updates, and is not cast to that of the variable.
    if target.dtype is None:
        return Reason.UNKNOWN_DTYPE
    if updates.dtype != target.dtype or _may_hold_arrays(updates):
        return Reason.DTYPE_CAST
    shape = code.value(scatter.shape)
    if _is_fixed(indices, shape) and indices.dtype != shape.dtype:
        return Reason.UNKNOWN_INDEX
    # Equal indices are added up before they meet the variable, which rounds otherwise.
    if integer_range(target.dtype) is None and not _are_distinct(code, scatter.indices, indices):
        return Reason.MAYBE_DUPLICATE_INDEX
    return None


def _may_hold_arrays(updates: Operand) -> bool:
    """Whether a list may take its dtype from scalars of NumPy, which annotations do not show."""
    return updates.kind in (Kind.LIST, Kind.TUPLE) and not updates.constant


def _are_distinct(code: Code, node: ast.expr, indices: Operand) -> bool:
    """Whether no two rows of the indices can be equal."""
    if indices.distinct or (indices.shape is not None and indices.shape[:-1] == (1,)):
        return True
    rows = rows_of(code, node, 2) if indices.rank == 2 else None
    if rows is None:
        return False
    numbers = numbers_in(code, rows)
    return not equal_rows(numbers) and not any(None in row for row in numbers)


def _as_functional(code: Code, added: Delta, scatter: Scatter) -> Operand | None:
    """The call with ``tensor=v`` for its shape: arguments that a functional scatter takes."""
    source, place = code.source, code.source.span(scatter.node)
    span = source.span(scatter.given)
    if not isinstance(scatter.given, ast.keyword):
        before = source.text[source.span(scatter.updates).end : span.start]
        if scatter.node.args[2:] != [scatter.given] or not _COMMA.fullmatch(before):
            return None
    head, tail = source.text[place.start : span.start], source.text[span.end : place.end]
    text = f"{head}tensor={source.segment(added.receiver)}{tail}"
    return replace(code.operand(scatter.node), text=text)


# --- other deltas ---------------------------------------------------------------------------------


def _reported(code: Code, added: Delta) -> Candidate:
    name = short(added.receiver)
    return Candidate(
        RULE,
        code.statement(added.node),
        Misuse(code.operand(added.receiver), Effect.WRITES),
        f"a tensor as large as `{name}` is made to change a part of it",
        refusal=Reason.NO_REWRITE,
    )


def _is_sparse(code: Code, node: ast.expr) -> bool:
    """Whether the delta is certainly zero in most places."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return any(_is_one_hot(code, side) for side in (node.left, node.right))
    if not isinstance(node, ast.Call):
        return False
    words = {word.arg for word in node.keywords}
    name = code.called(node)
    if name == "tensorflow.sparse.to_dense":
        return len(node.args) == 1 and words <= {"validate_indices", "name"}
    if name == "tensorflow.pad":
        return len(node.args) <= 2 and words <= {"tensor", "paddings", "name"}
    if name == "tensorflow.convert_to_tensor" and node.args:
        return code.called(node.args[0]) == "tensorflow.IndexedSlices"
    return name == "tensorflow.IndexedSlices" or _is_one_hot(code, node)


def _is_one_hot(code: Code, node: ast.expr) -> bool:
    """``tf.one_hot(i, n)`` of one index: of a batch it may well be dense."""
    if not isinstance(node, ast.Call) or code.called(node) != "tensorflow.one_hot":
        return False
    words = {word.arg: word.value for word in node.keywords}
    given = node.args[0] if node.args else words.get("indices")
    if given is None or len(node.args) > 2:
        return False
    if not set(words) <= {"indices", "depth", "dtype", "name"}:
        return False
    return code.operand(given).shape == ()


def _is_read_densely(code: Code, receiver: ast.expr) -> bool:
    reads, writes = dense_reads_and_partial_writes(code, code.text(receiver))
    return reads > writes

"""TFS111: scatters that end the whole process, which no handler can stop.

Updates that lack more than one axis fail a check of TensorFlow's kernels that raises nothing. So
does an eager tensor of another dtype than the variable that a traced function takes from outside.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tflint_slice.idioms.candidates import Candidate
from tflint_slice.idioms.captures import dtype_kind, mismatched_capture, name_of_tensorflow
from tflint_slice.idioms.code import Code, is_literal, is_path
from tflint_slice.idioms.expectations import expects_an_error
from tflint_slice.idioms.scatter_calls import ScatterCall, scatter_call
from tflint_slice.idioms.scatter_indices import holds_wrong_index
from tflint_slice.idioms.scatter_rows import (
    is_certain,
    numbers_in,
    numpy_statement,
    rows_of,
    target_of,
)
from tflint_slice.idioms.spellings import Spelling
from tflint_slice.idioms.tracing import is_traced
from tflint_slice.model import Edit, Effect, Kind, Misuse, Op, Operand, Reason, Rule

RULE = Rule("TFS111", "scatter-abort", "a scatter that ends the process without an exception")
RULES = (RULE,)
_FUNCTION = "y = tf.tensor_scatter_nd_{}({{v}}, {}, [1.5])".format
SPELLINGS = {
    RULE.code: (
        Spelling("update", _FUNCTION("update", "[[[0], [2]]]")),
        Spelling("one-entry", _FUNCTION("update", "[[[2]]]")),
        Spelling("add", _FUNCTION("add", "[[[0], [2]]]")),
        Spelling("sub", _FUNCTION("sub", "[[[0], [2]]]")),
        Spelling("max", _FUNCTION("max", "[[[0], [2]]]")),
        Spelling("method", "{v}.scatter_nd_update([[[0], [2]]], [1.5])"),
    )
}

# One update is written out for at most this many entries.
_MOST_SPELLED = 8

_INDEX_DTYPES = frozenset({"int16", "uint16", "int32", "int64"})
_SCATTER_ND = ("tensorflow.scatter_nd", "tensorflow.compat.v1.scatter_nd")


def find(code: Code) -> Iterator[Candidate]:
    for node in code.calls:
        if code.called(node) in _SCATTER_ND:
            yield from _scatter_nd(code, node)
            continue
        call = scatter_call(code, node)
        if call is None:
            continue
        if lacks_axes(code, call):
            yield _lacking(code, call)
        elif call.receiver is not None:
            yield from _captured(code, call, call.receiver)


# --- updates of too low a rank --------------------------------------------------------------------


def lacks_axes(code: Code, call: ScatterCall) -> bool:
    """Whether the updates have too few axes for the indices, but fit as far as they go.

    A function then ends the process. A method raises: it is counted in because other rules turn
    the one into the other. So does all of it where a function is traced, as shapes are checked
    there before anything runs.
    """
    target, updates = code.operand(target_of(call)), code.operand(call.updates)
    if not is_certain(code, call) or not _falls_short(code.operand(call.indices), updates):
        return False
    if target.shape is not None and 0 in target.shape:
        return False
    if call.op is not Op.SET and {target.dtype, updates.dtype} & {"bool", "string"}:
        # There is no kernel, so that it raises.
        return False
    if not _converts(updates, target):
        return False
    return not is_traced(code, call.node) and not expects_an_error(code, call.node)


def _falls_short(indices: Operand, updates: Operand) -> bool:
    outer, inner = indices.shape, updates.shape
    if outer is None or inner is None or indices.dtype not in _INDEX_DTYPES:
        return False
    if any(not isinstance(dim, int) or dim < 1 for dim in (*outer, *inner)):
        return False
    return 0 < len(inner) < len(outer) - 1 and outer[: len(inner)] == inner


def _converts(updates: Operand, target: Operand) -> bool:
    """Whether no difference of dtypes, which would raise, comes before the check."""
    if updates.kind in (Kind.LIST, Kind.TUPLE):
        known = updates.dtype is not None and target.dtype is not None
        return not known or dtype_kind(updates.dtype) <= dtype_kind(target.dtype)
    return updates.dtype == target.dtype or None in (updates.dtype, target.dtype)


def _lacking(code: Code, call: ScatterCall) -> Candidate:
    edits, reference = _flattened(code, call)
    what = _shapes(code.operand(call.indices), code.operand(call.updates))
    in_place = call.receiver is not None
    end = "raise, and as arguments of a function end the process" if in_place else _ENDS
    return Candidate(
        RULE,
        call.node,
        Misuse(
            code.operand(target_of(call)),
            Effect.RAISES if in_place else Effect.ABORTS,
            code.source.span(code.statement(call.node)),
            edits,
            reference,
        ),
        f"`{call.name}`: {what} {end}",
        hindrance=Reason.ALWAYS_RAISES,
        refusal=None if edits else Reason.NO_REWRITE,
    )


_ENDS = "end the process when run eagerly, without an exception"


def _shapes(indices: Operand, updates: Operand) -> str:
    return (
        f"updates of shape {list(updates.shape or ())} "
        f"for indices of shape {list(indices.shape or ())}"
    )


def _flattened(code: Code, call: ScatterCall) -> tuple[tuple[Edit, ...], str | None]:
    """Indices without their outermost brackets, and the one update for each entry in them."""
    indices, updates = call.indices, call.updates
    shape, due = code.operand(indices).shape, code.operand(target_of(call)).shape
    if not isinstance(indices, ast.List) or not isinstance(updates, ast.List) or shape is None:
        return (), None
    if len(shape) != 3 or len(indices.elts) != 1 or due is None or len(due) != shape[2]:
        return (), None
    (inner,), (update,), count = indices.elts, updates.elts, shape[1]
    rows = rows_of(code, inner, 2)
    if rows is None or len(rows) != count or holds_wrong_index(code, call):
        return (), None
    edits = [Edit(code.source.span(indices), code.source.segment(inner))]
    text = code.source.segment(updates)
    if count > 1:
        if count > _MOST_SPELLED or not is_literal(update):
            return (), None
        text = "[" + ", ".join([code.source.segment(update)] * count) + "]"
        edits.append(Edit(code.source.span(updates), text))
    return tuple(sorted(edits)), numpy_statement(call, numbers_in(code, rows), text)


def _scatter_nd(code: Code, node: ast.Call) -> Iterator[Candidate]:
    """The function that scatters into zeros."""
    given = dict(zip(("indices", "updates"), node.args, strict=False))
    given.update({word.arg: word.value for word in node.keywords if word.arg})
    spread = any(isinstance(arg, ast.Starred) for arg in node.args)
    if spread or not {"indices", "updates"} <= set(given):
        return
    indices, updates = code.operand(given["indices"]), code.operand(given["updates"])
    if updates.dtype in ("bool", "string") or not _falls_short(indices, updates):
        return
    if is_traced(code, node) or expects_an_error(code, node):
        return
    yield Candidate(
        RULE,
        node,
        Misuse(code.operand(node), Effect.ABORTS),
        f"`scatter_nd`: {_shapes(indices, updates)} {_ENDS}",
        refusal=Reason.NO_REWRITE,
    )


# --- captured tensors -----------------------------------------------------------------------------


def _captured(code: Code, call: ScatterCall, receiver: ast.expr) -> Iterator[Candidate]:
    """An eager tensor of another dtype that a traced function takes from outside."""
    name = mismatched_capture(code, call, receiver)
    if name is None:
        return
    target, updates = code.operand(receiver), code.operand(name)
    module = name_of_tensorflow(code, call.node)
    edits: tuple[Edit, ...] = ()
    reference = None
    refusal = Reason.NAME_SHADOWED
    if dtype_kind(updates.dtype) > dtype_kind(target.dtype) or not is_path(receiver):
        refusal = Reason.NO_REWRITE
    elif module is not None:
        text = f"{module}.cast({name.id}, {ast.unparse(receiver)}.dtype)"
        edits = (Edit(code.source.span(name), text),)
        rows = rows_of(code, call.indices, 2)
        if rows is not None:
            updated = f"{name.id}.astype({ast.unparse(receiver)}.dtype)"
            reference = numpy_statement(call, numbers_in(code, rows), updated)
    yield Candidate(
        RULE,
        call.node,
        Misuse(
            target,
            Effect.ABORTS,
            code.source.span(code.statement(call.node)),
            edits,
            reference,
            "Cast to the dtype of the variable",
        ),
        f"`{call.name}`: in a traced function `{name.id}`, an eager {updates.dtype} tensor from "
        f"outside, ends the process, as the variable is {target.dtype}",
        hindrance=Reason.DTYPE_CAST,
        refusal=None if edits else refusal,
    )

"""TFS107: indices and updates of a scatter whose known shapes cannot fit together.

Most of these raise. Indices of rank 1 given to a variable's method do not: they silently write
one element and drop the others. Brackets are mended where only one reading fits.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from tflint_slice.idioms.candidates import Candidate
from tflint_slice.idioms.code import Code, is_literal
from tflint_slice.idioms.scatter_abort import lacks_axes
from tflint_slice.idioms.scatter_calls import ScatterCall, scatter_call
from tflint_slice.idioms.scatter_indices import holds_wrong_index
from tflint_slice.idioms.spellings import Breadth, Spelling
from tflint_slice.model import Edit, Effect, Kind, Misuse, Op, Reason, Rule, Shape

RULE = Rule("TFS107", "scatter-shape", "indices and updates of a scatter whose shapes cannot fit")
RULES = (RULE,)
_METHOD = "{{v}}.scatter_nd_{}({{rows}}, {{updates}})".format
_FUNCTION = "y = tf.tensor_scatter_nd_{}({{v}}, {{rows}}, {{updates}})".format
SPELLINGS = {
    RULE.code: (
        Spelling("method-update", _METHOD("update"), Breadth.VALUES),
        Spelling("function-update", _FUNCTION("update"), Breadth.VALUES, tensors=True),
        Spelling("method-add", _METHOD("add"), Breadth.OPERATOR),
        Spelling("function-sub", _FUNCTION("sub"), Breadth.OPERATOR),
        Spelling("method-max", "{v}.scatter_nd_max([2, 3], [2.0, 3.0])"),
        Spelling("function-min", "y = tf.tensor_scatter_nd_min({v}, [[2]], 2.0)"),
    )
}

# A scalar is spelled out for at most this many elements.
_MOST_SPELLED = 8


@dataclass(frozen=True)
class Misfit:
    """What does not fit. ``silent`` says that it runs all the same and drops updates."""

    text: str
    silent: bool = False


def find(code: Code) -> Iterator[Candidate]:
    for node in code.calls:
        call = scatter_call(code, node)
        if call is None:
            continue
        misfit = None if lacks_axes(code, call) else misfit_of(code, call)
        if misfit is None:
            continue
        statement = code.statement(node)
        edits, reference = ((), None) if holds_wrong_index(code, call) else _mended(code, call)
        target = call.receiver or call.tensor
        assert target is not None
        found = Misuse(
            code.operand(target),
            Effect.WRITES if misfit.silent else Effect.RAISES,
            code.source.span(statement),
            edits,
            reference,
        )
        reason = Reason.CHANGES_MEANING if misfit.silent else Reason.ALWAYS_RAISES
        yield Candidate(
            RULE,
            node,
            found,
            f"`{call.name}`: {misfit.text}",
            hindrance=reason,
            refusal=None if edits else Reason.NO_REWRITE,
        )


def misfit_of(code: Code, call: ScatterCall) -> Misfit | None:
    """Why the shapes of a scatter cannot fit, if that is certain."""
    target = call.receiver or call.tensor
    assert target is not None
    value = code.value(target)
    if call.receiver is not None and value.kind not in _SCATTERING:
        return None
    shape, indices = code.operand(target).shape, code.operand(call.indices).shape
    updates = code.operand(call.updates).shape
    if indices is None or not indices:
        return None
    if len(indices) == 1:
        return _rank_one(call, shape, indices, updates)
    depth = indices[-1]
    if shape is None or not isinstance(depth, int):
        return None
    if depth > len(shape):
        return Misfit(f"indices name {depth} axes of a tensor of rank {len(shape)}")
    due = (*indices[:-1], *shape[depth:])
    if updates is None or _may_equal(due, updates):
        return None
    given = f"updates of shape {_text(updates)} where {_text(due)} is due"
    return Misfit(f"{given}; nothing is broadcast")


_SCATTERING = frozenset({Kind.VARIABLE, Kind.KERAS2_WEIGHT, Kind.SOME_VARIABLE})


def _rank_one(
    call: ScatterCall, shape: Shape | None, indices: Shape, updates: Shape | None
) -> Misfit | None:
    (count,) = indices
    if call.receiver is not None:
        if not isinstance(count, int) or count < 2:
            return None
        if updates == ():
            return Misfit("updates must have an axis for the entries, a scalar has none")
        return Misfit(
            f"indices of rank 1 name one element: {count - 1} of the {count} updates are dropped",
            silent=True,
        )
    if not isinstance(count, int) or updates is None:
        return None
    if shape is not None:
        if count > len(shape):
            return Misfit(
                "indices of rank 1 are one coordinate: "
                f"{count} axes of a tensor of rank {len(shape)}"
            )
        due = shape[count:]
        if updates and _may_equal(due, updates):
            return None
        if not updates:
            return Misfit("updates must have an axis for the entries, a scalar has none")
        return Misfit(
            f"indices of rank 1 are one coordinate: updates of shape {_text(updates)} "
            f"where {_text(due)} is due"
        )
    return None


def _mended(code: Code, call: ScatterCall) -> tuple[tuple[Edit, ...], str | None]:
    """The edits of the one reading that fits, and what it means in NumPy's terms."""
    target = call.receiver or call.tensor
    assert target is not None
    shape, indices = code.operand(target).shape, code.operand(call.indices).shape
    updates = code.operand(call.updates).shape
    if shape is None or indices is None or updates is None:
        return (), None
    if any(not isinstance(dim, int) for dim in (*shape, *indices, *updates)):
        return (), None
    if len(indices) == 1:
        return _mend_indices(code, call, shape)
    depth = indices[-1]
    assert isinstance(depth, int)
    if depth > len(shape):
        return (), None
    mended = _mend_updates(code, call.updates, (*indices[:-1], *shape[depth:]))
    if mended is None:
        return (), None
    return (
        (Edit(code.source.span(call.updates), mended),),
        _reference(code, call, code.source.segment(call.indices), mended),
    )


def _mend_indices(
    code: Code, call: ScatterCall, shape: Shape
) -> tuple[tuple[Edit, ...], str | None]:
    """``[2, 4]`` is ``[[2], [4]]`` or ``[[2, 4]]``, by what the updates are made for."""
    if not isinstance(call.indices, ast.List):
        return (), None
    elements = [code.source.segment(element) for element in call.indices.elts]
    updates = code.operand(call.updates).shape
    assert updates is not None
    as_rows = updates == (len(elements), *shape[1:])
    as_point = len(elements) <= len(shape) and updates in (
        (1, *shape[len(elements) :]),
        shape[len(elements) :],
    )
    if as_rows == as_point:
        return (), None
    edits = []
    text = code.source.segment(call.updates)
    if as_rows:
        indices = "[" + ", ".join(f"[{element}]" for element in elements) + "]"
    else:
        indices = "[[" + ", ".join(elements) + "]]"
        if updates == shape[len(elements) :]:
            text = f"[{text}]"
            edits.append(Edit(code.source.span(call.updates), text))
    edits.append(Edit(code.source.span(call.indices), indices))
    return tuple(sorted(edits)), _reference(code, call, indices, text)


def _mend_updates(code: Code, node: ast.expr, due: Shape) -> str | None:
    """The updates with the brackets that ``due`` asks for."""
    shape = code.operand(node).shape
    text = code.source.segment(node)
    assert shape is not None
    if due == (1, *shape):
        return f"[{text}]"
    if not shape and len(due) == 1 and is_literal(node) and due[0] in range(2, _MOST_SPELLED + 1):
        assert isinstance(due[0], int)
        return "[" + ", ".join([text] * due[0]) + "]"
    if not isinstance(node, ast.List):
        return None
    if shape == (1, *due) and len(node.elts) == 1:
        return code.source.segment(node.elts[0])
    if shape == (*due, 1) and len(due) == 1:
        inner = [element.elts[0] for element in node.elts if isinstance(element, ast.List)]
        if len(inner) == len(node.elts):
            return "[" + ", ".join(code.source.segment(element) for element in inner) + "]"
    return None


def _reference(code: Code, call: ScatterCall, indices: str, updates: str) -> str | None:
    """The mended call as NumPy statements on its target."""
    target = call.receiver or call.tensor
    assert target is not None
    name = ast.unparse(target)
    try:
        rows = ast.literal_eval(indices)
    except (ValueError, SyntaxError):
        return None
    if not all(isinstance(row, list) and row and isinstance(row[0], int) for row in rows):
        return None
    place = ", ".join(str(list(column)) for column in zip(*rows, strict=True))
    operator = {Op.SET: "=", Op.ADD: "+=", Op.SUBTRACT: "-="}.get(call.op)
    distinct = len({tuple(row) for row in rows}) == len(rows)
    if operator is None or not (distinct or call.op is Op.SET):
        return None
    return f"{name}[{place}] {operator} {updates}"


def _may_equal(a: Shape, b: Shape) -> bool:
    return len(a) == len(b) and not any(
        isinstance(x, int) and isinstance(y, int) and x != y for x, y in zip(a, b, strict=True)
    )


def _text(shape: Shape) -> str:
    dims = [dim if isinstance(dim, int) else "?" for dim in shape]
    return "[" + ", ".join(map(str, dims)) + "]"

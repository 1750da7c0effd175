"""TFS501: the functions of TensorFlow 1 that write a part of a variable.

Those in ``tf.compat.v1`` still work on the variables of TensorFlow 2, by calling the kernels that
the variable's methods call; under their old names they are gone. Only what is certainly a variable
is looked at. Code that builds graphs is left alone: there the op is what the caller wants.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tflint_slice.idioms.candidates import Candidate
from tflint_slice.idioms.code import Code, is_path
from tflint_slice.idioms.expectations import expects_an_error
from tflint_slice.idioms.graphs import builds_graphs
from tflint_slice.idioms.item_assignment import update_of
from tflint_slice.idioms.scatter_calls import ScatterCall, depth
from tflint_slice.idioms.scatter_faults import is_faulty
from tflint_slice.idioms.scatter_rows import numbers_in, numpy_statement, rows_of
from tflint_slice.idioms.spellings import Breadth, Spelling
from tflint_slice.model import (
    Axes,
    Bounds,
    Duplicates,
    Effect,
    IndexTensor,
    Kind,
    Misuse,
    Negative,
    Op,
    Points,
    Reason,
    Region,
    Rule,
    Update,
    UpdateSequence,
)

RULE = Rule("TFS501", "v1-scatter", "a function of TensorFlow 1 that writes a part of a variable")
RULES = (RULE,)
_ND = "tf.compat.v1.scatter_nd_{}({{v}}, {{rows}}, {{updates}})".format
_ROWS = "tf.compat.v1.scatter_{}({{v}}, [0, 2], [2.0, 3.0])".format
_NO_SUMS = ("bool", "string")
SPELLINGS = {
    RULE.code: (
        Spelling("nd-update", _ND("update"), Breadth.FULL, "list"),
        Spelling("nd-add", _ND("add"), Breadth.OPERATOR, "list", lacks=_NO_SUMS),
        Spelling("nd-sub", _ND("sub"), Breadth.OPERATOR, "list", lacks=_NO_SUMS),
        *(
            Spelling(suffix, _ROWS(suffix))
            for suffix in ("update", "add", "sub", "mul", "div", "min", "max")
        ),
        Spelling("batch", "tf.compat.v1.batch_scatter_update({v}, [0, 2], [2.0, 3.0])"),
        Spelling("slice", "tf.compat.v1.assign({v}[1:3], [2.0, 3.0])"),
        Spelling("keywords", "tf.compat.v1.scatter_nd_add(updates=[2.0], indices=[[2]], ref={v})"),
        Spelling("used", "y = tf.compat.v1.scatter_add({v}, [0, 2], [2.0, 3.0])"),
        Spelling("gone", "tf.scatter_nd_update({v}, [[2]], [2.0])"),
    )
}

_OPS = {
    "update": Op.SET,
    "add": Op.ADD,
    "sub": Op.SUBTRACT,
    "mul": Op.MULTIPLY,
    "div": Op.DIVIDE,
    "min": Op.MINIMUM,
    "max": Op.MAXIMUM,
}
_NAME = re.compile(
    r"tensorflow\.(?P<v1>compat\.v1\.)?"
    r"(?P<name>scatter_nd_(?:update|add|sub)|scatter_(?:update|add|sub|mul|div|min|max)"
    r"|batch_scatter_update|assign)"
)
_SCATTERING = frozenset({Kind.VARIABLE, Kind.KERAS2_WEIGHT, Kind.SOME_VARIABLE})


@dataclass(frozen=True)
class OldCall:
    """``tf.compat.v1.<name>(ref, indices, updates)``; of ``assign`` there are no indices.

    ``gone`` says that it is called by the name that TensorFlow 2 no longer has. ``options``: it
    has other arguments besides.
    """

    node: ast.Call
    name: str
    gone: bool
    ref: ast.expr
    indices: ast.expr | None
    updates: ast.expr
    options: bool

    @property
    def variable(self) -> ast.expr:
        """What is written, of which ``assign`` is given a slice."""
        sliced = self.indices is None and isinstance(self.ref, ast.Subscript)
        return self.ref.value if sliced else self.ref  # type: ignore[attr-defined]


def find(code: Code) -> Iterator[Candidate]:
    for node in code.calls:
        call = old_call(code, node)
        if call is None or code.value(call.variable).kind not in _SCATTERING:
            continue
        if expects_an_error(code, node):
            continue
        candidate = _candidate(code, call)
        if builds_graphs(code):
            candidate = replace(candidate, declined=Reason.GRAPH_MODE)
        yield candidate


def old_call(code: Code, node: ast.Call) -> OldCall | None:
    """The parts of a call of one of the functions, with every argument in view."""
    found = _NAME.fullmatch(code.called(node) or "")
    if found is None or any(isinstance(arg, ast.Starred) for arg in node.args):
        return None
    assigns = found["name"] == "assign"
    names = ("ref", "value") if assigns else ("ref", "indices", "updates")
    given = dict(zip(names, node.args, strict=False))
    given.update({word.arg: word.value for word in node.keywords if word.arg and word.arg in names})
    if len(given) < len(names) or any(word.arg is None for word in node.keywords):
        return None
    if assigns and not isinstance(given["ref"], ast.Subscript):
        # All of it is assigned.
        return None
    return OldCall(
        node,
        found["name"],
        found["v1"] is None,
        given["ref"],
        given.get("indices"),
        given[names[-1]],
        len(node.args) + len(node.keywords) > len(names),
    )


def _candidate(code: Code, call: OldCall) -> Candidate:
    target = code.operand(call.variable)
    shown = f"tf.{call.name}" if call.gone else f"tf.compat.v1.{call.name}"
    text = "is no longer there" if call.gone else "is kept for code of TensorFlow 1 alone"
    message = f"`{shown}` {text}: variables have a method for it"
    effect = Effect.RAISES if call.gone else Effect.WRITES
    refusal = _refusal(code, call)
    if refusal is not None:
        found = Misuse(target, effect, code.source.span(code.statement(call.node)))
        return Candidate(RULE, call.node, found, message, refusal=refusal)
    statement, update = code.statement(call.node), _update(code, call)
    return Candidate(
        RULE,
        call.node,
        UpdateSequence(
            target,
            (update,),
            effect,
            used=not (isinstance(statement, ast.Expr) and statement.value is call.node),
            place=code.source.span(call.node),
            call=code.operand(call.node),
        ),
        message,
        hindrance=_hindrance(code, call, update),
        reference=_reference(code, call) if call.gone else None,
    )


def _hindrance(code: Code, call: OldCall, update: Update) -> Reason | None:
    if call.gone:
        return Reason.ALWAYS_RAISES
    turned = not update.stable and not _names_variable_first(code, call)
    return Reason.EVALUATION_ORDER if turned else None


def _names_variable_first(code: Code, call: OldCall) -> bool:
    """Whether ``ref`` is evaluated before the other arguments, as the receiver of a method is."""
    start = code.source.span(call.ref).start
    others = [part for part in (call.indices, call.updates) if part is not None]
    return all(code.source.span(part).start > start for part in others)


def _reference(code: Code, call: OldCall) -> str | None:
    """What a call that always raises says, in NumPy's terms, where they have a form for it."""
    if call.indices is None:
        return f"{ast.unparse(call.ref)} = {ast.unparse(call.updates)}"
    if call.name == "scatter_update":
        place, value = ast.unparse(call.indices), ast.unparse(call.updates)
        return f"{ast.unparse(call.ref)}[{place}] = {value}"
    rank = code.operand(call.indices).rank
    rows = rows_of(code, call.indices, rank) if rank == 2 else None
    if rows is None or not call.name.startswith("scatter_nd_"):
        return None
    scatter = _scatter(code, call, call.indices)
    return numpy_statement(scatter, numbers_in(code, rows), ast.unparse(call.updates))


def _scatter(code: Code, call: OldCall, indices: ast.expr) -> ScatterCall:
    """The call as a method of its variable."""
    return ScatterCall(
        call.node,
        call.name,
        _OPS[call.name.rpartition("_")[2]],
        None,
        call.variable,
        indices,
        call.updates,
        depth(code.value(indices)),
        (),
    )


def _refusal(code: Code, call: OldCall) -> Reason | None:
    if not is_path(call.variable):
        return Reason.SIDE_EFFECTS
    if call.options:
        return Reason.NO_REWRITE
    if call.indices is None:
        # The slice is evaluated once, before the value, in either form.
        region = _update(code, call).region
        basic = isinstance(region, Axes) and region.is_basic
        return None if basic else Reason.UNKNOWN_INDEX
    if call.name.startswith("scatter_nd_"):
        scatter = _scatter(code, call, call.indices)
        return Reason.ALWAYS_RAISES if is_faulty(code, scatter) else None
    return None


def _update(code: Code, call: OldCall) -> Update:
    if call.indices is None:
        assert isinstance(call.ref, ast.Subscript)
        return replace(update_of(code, call.ref, call.updates, Op.SET), order=("index", "value"))
    op = _OPS[call.name.rpartition("_")[2]]
    indices = code.operand(call.indices)
    region: Region
    if call.name.startswith("scatter_nd_"):
        region = IndexTensor(indices, depth(code.value(call.indices)))
    elif call.name == "batch_scatter_update":
        region = IndexTensor(indices, 1, batch=1)
    else:
        region = Axes((Points(indices),))
    return Update(
        region,
        code.operand(call.updates),
        op,
        Duplicates.LAST_WINS if op is Op.SET else Duplicates.ACCUMULATE,
        Negative.RAISE_OR_IGNORE,
        Bounds.RAISE_OR_IGNORE,
        order=("index", "value"),
        stable=code.is_pure(call.indices) and code.is_pure(call.updates),
    )

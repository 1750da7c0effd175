"""TFS105: ``tf.tensor_scatter_nd_*`` as a statement of its own, whose result is thrown away.

The call changes nothing, so that it is its own evidence, whatever it is given. Code that calls it
for another reason than its result is left alone: to see it raise, to time it, to name an op.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tflint_slice.idioms.candidates import Candidate
from tflint_slice.idioms.code import Code, is_path, short
from tflint_slice.idioms.scatter_calls import FUNCTIONS, ScatterCall, scatter_call
from tflint_slice.idioms.scatter_shape import misfit_of
from tflint_slice.idioms.spellings import Breadth, Spelling
from tflint_slice.model import Edit, Effect, Kind, Misuse, Operand, Reason, Rule, Span

RULE = Rule("TFS105", "discarded-scatter", "the result of a functional scatter thrown away")
RULES = (RULE,)
_CALL = "tf.tensor_scatter_nd_{}({{v}}, {{rows}}, {{updates}})".format
_NO_SUMS = ("bool", "string")
_NO_ORDER = ("bool", "complex64", "string")
SPELLINGS = {
    RULE.code: (
        Spelling("update", _CALL("update"), Breadth.FULL, "list"),
        Spelling("add", _CALL("add"), Breadth.OPERATOR, "list", lacks=_NO_SUMS),
        Spelling("sub", _CALL("sub"), Breadth.OPERATOR, "list", lacks=_NO_SUMS),
        Spelling("min", _CALL("min"), Breadth.OPERATOR, "list", lacks=_NO_ORDER),
        Spelling("max", _CALL("max"), Breadth.OPERATOR, "list", lacks=_NO_ORDER),
        Spelling(
            "keywords",
            "tf.tensor_scatter_nd_update(updates=[2.0], tensor={v}, indices=[[2]])",
        ),
        Spelling(
            "tensor",
            "t = tf.zeros([5])\ntf.tensor_scatter_nd_update(t, [[2]], [2.0])\n{v}.assign(t)",
        ),
    )
}

IN_PLACE = frozenset({Kind.VARIABLE, Kind.KERAS2_WEIGHT})
_MOST_TEXT = 5_000
_LINE_END = re.compile(r"\r\n|\r|\n")
_MEASURES = re.compile(r"bench|perf|profil|timeit|timing|warm_?up", re.IGNORECASE)
_CLOCKS = frozenset(
    {"time", "time_ns", "perf_counter", "perf_counter_ns", "process_time", "monotonic", "timeit"}
)
_RAISES = re.compile(r"raises|xfail", re.IGNORECASE)


def find(code: Code) -> Iterator[Candidate]:
    for statement, node in code.call_statements:
        if code.called(node) in FUNCTIONS and not _is_for_something_else(code, node, statement):
            yield _candidate(code, node, statement)


def _candidate(code: Code, node: ast.Call, statement: ast.Expr) -> Candidate:
    call = scatter_call(code, node)
    name = (code.called(node) or "").rpartition(".")[2]
    tensor = None if call is None else call.tensor
    text = "its tensor" if tensor is None else f"`{short(tensor)}`"
    edits: tuple[Edit, ...] = ()
    correction, reference = "", None
    refusal: Reason | None = Reason.NO_REWRITE
    if call is not None and tensor is not None:
        refusal = against_mending(code, call) or _against_receiver(code, call, statement)
        if refusal is None:
            edits, correction = _mended(code, call, statement)
            reference = f"{ast.unparse(tensor)}[...] = {ast.unparse(node)}"
    target = Operand("") if tensor is None else code.operand(tensor)
    found = Misuse(
        target,
        Effect.NOTHING,
        code.source.span(statement),
        edits,
        reference,
        correction,
    )
    return Candidate(
        RULE,
        statement,
        found,
        f"`{name}` leaves {text} as it was, and its result is thrown away",
        hindrance=hindrance(target),
        refusal=refusal,
    )


# --- calls that are made for something else than their result ------------------------------------


def _is_for_something_else(code: Code, node: ast.Call, statement: ast.Expr) -> bool:
    if any(word.arg == "name" for word in node.keywords) or len(node.args) > 3:
        # In a graph the result may be fetched by its name.
        return True
    inner: ast.AST = statement
    for parent in code.ancestors(statement):
        if isinstance(parent, (ast.With, ast.AsyncWith)):
            if not all(_only_surrounds(code, item.context_expr) for item in parent.items):
                return True
        elif isinstance(parent, ast.Try):
            if inner in parent.body and parent.handlers:
                return True
        elif isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if _measures_or_raises(code, parent) or _is_smoke_test(code, parent, node):
                return True
        elif isinstance(parent, ast.ClassDef) and _MEASURES.search(parent.name):
            return True
        inner = parent
    return _reads_clock(code.function(statement))


def _only_surrounds(code: Code, node: ast.expr) -> bool:
    """Whether a context manager is known to neither expect an exception nor measure anything."""
    function = node.func if isinstance(node, ast.Call) else node
    if isinstance(function, ast.Attribute) and function.attr in ("scope", "as_default"):
        return True
    name = code.facts.qualified_name(function) or ""
    known = name.startswith("tensorflow.") and not name.startswith("tensorflow.profiler.")
    return known or name == "builtins.open"


def _measures_or_raises(code: Code, function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    decorators = " ".join(map(ast.unparse, function.decorator_list))
    if _MEASURES.search(f"{function.name} {decorators}") or _RAISES.search(decorators):
        return True
    return any(
        isinstance(argument, ast.Name)
        and argument.id == function.name
        and re.search(f"{_RAISES.pattern}|{_MEASURES.pattern}", ast.unparse(call.func), re.I)
        for call in code.all_calls
        for argument in (*call.args, *(word.value for word in call.keywords))
    )


def _is_smoke_test(
    code: Code, function: ast.FunctionDef | ast.AsyncFunctionDef, node: ast.Call
) -> bool:
    """Whether a test only sees that the call runs: it does not look at what it was given."""
    if not function.name.lower().startswith("test"):
        return False
    given = node.args[:1] or [word.value for word in node.keywords if word.arg == "tensor"]
    return not (given and is_path(given[0]) and _is_read_after(code, function, given[0], node))


def _reads_clock(scope: ast.AST) -> bool:
    return any(
        isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Attribute) and node.func.attr in _CLOCKS)
            or (isinstance(node.func, ast.Name) and node.func.id in _CLOCKS)
        )
        for node in ast.walk(scope)
    )


def _is_read_after(code: Code, scope: ast.AST, path: ast.expr, node: ast.expr) -> bool:
    """Whether the scope reads ``path`` behind ``node``, or in the next turn of a loop around it."""
    wanted, own = ast.unparse(path), set(ast.walk(node))
    place = code.source.span(node).end
    looped = [
        parent
        for parent in code.ancestors(node)
        if isinstance(parent, (ast.For, ast.AsyncFor, ast.While))
        and code.function(parent) is code.function(node)
    ]
    return any(
        isinstance(child, (ast.Name, ast.Attribute, ast.Subscript))
        and isinstance(child.ctx, ast.Load)
        and child not in own
        and ast.unparse(child) == wanted
        and (
            code.source.span(child).start >= place
            or any(loop in code.ancestors(child) for loop in looped)
        )
        for child in ast.walk(scope)
    )


# --- what to write instead -----------------------------------------------------------------------


def against_mending(code: Code, call: ScatterCall) -> Reason | None:
    """What stands against writing the scatter another way, wherever its result is to go."""
    assert call.tensor is not None
    text = code.source.segment(call.node)
    parts = (call.indices, call.updates)
    if call.graph:
        return Reason.GRAPH_MODE
    if not is_path(call.tensor) or call.options or len(text) > _MOST_TEXT or "\f" in text:
        return Reason.NO_REWRITE
    if any(isinstance(child, ast.NamedExpr) for part in parts for child in ast.walk(part)):
        return Reason.SIDE_EFFECTS
    if misfit_of(code, call) is not None:
        return Reason.ALWAYS_RAISES
    target, given = code.value(call.tensor), code.value(call.updates)
    tensor = given.kind is Kind.TENSOR or given.kind.is_variable
    if tensor and None not in (target.dtype, given.dtype) and target.dtype != given.dtype:
        # The functional form raises; in a traced function the method may end the process.
        return Reason.DTYPE_CAST
    if target.kind in IN_PLACE and code.operand(call.indices).least_rank < 2:
        # The method takes a flat list of indices for something else.
        return Reason.UNKNOWN_RANK
    return None


def hindrance(target: Operand) -> Reason:
    """The assumption to name of a fix that changes what the program does, as all of these do."""
    distributed = target.kind in IN_PLACE and not target.plain
    return Reason.MAYBE_DISTRIBUTED if distributed else Reason.CHANGES_MEANING


def _against_receiver(code: Code, call: ScatterCall, statement: ast.Expr) -> Reason | None:
    assert call.tensor is not None
    value = code.value(call.tensor)
    if value.kind is Kind.SOME_VARIABLE:
        return Reason.VARIABLE_CLASS
    if value.kind.is_variable:
        return None
    if value.kind is not Kind.TENSOR or not isinstance(call.tensor, ast.Name):
        return Reason.NO_REWRITE
    return None if _may_be_rebound(code, call.tensor, statement) else Reason.NO_REWRITE


def _may_be_rebound(code: Code, name: ast.Name, statement: ast.Expr) -> bool:
    """Whether the name is a local that is bound before, and read after, the statement."""
    scope = code.function(statement)
    if isinstance(scope, (ast.ClassDef, ast.Lambda)):
        return False
    declared = [node for node in ast.walk(scope) if isinstance(node, (ast.Global, ast.Nonlocal))]
    if _is_parameter(scope, name.id) or any(name.id in node.names for node in declared):
        return False
    bound = any(
        isinstance(node, ast.Name)
        and node.id == name.id
        and isinstance(node.ctx, ast.Store)
        and isinstance(code.parents[node], ast.Assign)
        and code.function(node) is scope
        for node in ast.walk(scope)
    )
    return bound and _is_read_after(code, scope, name, statement.value)


def _is_parameter(scope: ast.AST, name: str) -> bool:
    arguments = getattr(scope, "args", None)
    return arguments is not None and any(
        isinstance(node, ast.arg) and node.arg == name for node in ast.walk(arguments)
    )


def _mended(code: Code, call: ScatterCall, statement: ast.stmt) -> tuple[tuple[Edit, ...], str]:
    assert call.tensor is not None
    receiver = code.source.segment(call.tensor)
    span = code.source.span(call.node)
    kind = code.value(call.tensor).kind
    if kind is Kind.TENSOR:
        # A call in parentheses begins behind them.
        start = code.source.span(statement).start
        return (Edit(Span(start, start), f"{receiver} = "),), f"Bind `{receiver}` to the result"
    if kind is Kind.KERAS3_VARIABLE:
        first, last = Span(span.start, span.start), Span(span.end, span.end)
        return (Edit(first, f"{receiver}.assign("), Edit(last, ")")), "Assign the result"
    return (Edit(span, in_place(code, call)),), f"Use `{method_of(call)}` in place"


def in_place(code: Code, call: ScatterCall) -> str:
    """The call as a method of its variable, with the line ends of the file."""
    # libcst is imported with it, so only for files with something to mend.
    from tflint_slice.rewrites.concrete import retarget

    assert call.tensor is not None
    receiver = code.source.segment(call.tensor)
    text = retarget(code.source.segment(call.node), f"{receiver}.{method_of(call)}", "tensor")
    return _LINE_END.sub(code.source.newline, text)


def method_of(call: ScatterCall) -> str:
    return call.name.removeprefix("tensor_")

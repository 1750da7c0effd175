"""TFS502: scatter methods called on a Keras 3 variable, which has none of them.

A weight of Keras 2 is a ``tf.Variable`` and has them all, so that such code ran before the move.
Nothing is said of files that may run under either Keras, or look at what they have got.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from tflint_slice.idioms.candidates import Candidate
from tflint_slice.idioms.captures import name_of_tensorflow
from tflint_slice.idioms.code import Code, is_path
from tflint_slice.idioms.expectations import expects_an_error, is_tested
from tflint_slice.idioms.scatter_calls import ScatterCall, scatter_call, update_of
from tflint_slice.idioms.scatter_faults import is_faulty
from tflint_slice.idioms.scatter_rows import numbers_in, numpy_statement, rows_of
from tflint_slice.idioms.spellings import Breadth, Spelling
from tflint_slice.model import (
    Effect,
    Kind,
    Misuse,
    Operand,
    Reason,
    Rule,
    UpdateSequence,
)

RULE = Rule("TFS502", "keras-variable-scatter", "a scatter method called on a Keras 3 variable")
RULES = (RULE,)
_MADE = "import keras\nw = keras.Variable(tf.zeros([5]), dtype='float32')\n"
SPELLINGS = {
    RULE.code: (
        Spelling("update", "{v}.scatter_nd_update({rows}, {updates})", Breadth.FULL, "list"),
        *(
            Spelling(suffix, f"{_MADE}w.scatter_nd_{suffix}([[2], [2]], [2.0, 3.0])")
            for suffix in ("add", "sub", "min", "max")
        ),
        Spelling("keywords", f"{_MADE}w.scatter_nd_update(updates=[2.0], indices=[[2]])"),
        Spelling("used", f"{_MADE}y = w.scatter_nd_update([[2]], [2.0])"),
        Spelling("slices", f"{_MADE}w.scatter_update(tf.IndexedSlices([2.0], [2]))"),
    )
}

_SLICED = frozenset(
    {f"scatter_{suffix}" for suffix in ("update", "add", "sub", "mul", "div", "max", "min")}
    | {"batch_scatter_update"}
)
# How files say that they run under either Keras, or with an old TensorFlow.
_EITHER = re.compile(
    r"\btf_keras\b|TF_USE_LEGACY_KERAS|__version__|\bversion\.parse\b|\bparse_version\b|\bVersion\("
    r"|\bVERSION\b|keras_version|[Kk]eras_?[23]\b"
)


def find(code: Code) -> Iterator[Candidate]:
    for node in code.calls:
        if not isinstance(node.func, ast.Attribute):
            continue
        method, receiver = node.func.attr, node.func.value
        if not (method.startswith("scatter_nd_") or method in _SLICED):
            continue
        if code.value(receiver).kind is not Kind.KERAS3_VARIABLE:
            continue
        if _runs_elsewhere(code, node, receiver):
            continue
        call = scatter_call(code, node)
        if call is not None or method in _SLICED:
            yield _candidate(code, node, receiver, call)


def _runs_elsewhere(code: Code, node: ast.Call, receiver: ast.expr) -> bool:
    """Whether the code may be meant for another Keras, or not be reached with a Keras variable."""
    if (
        _EITHER.search(code.source.searchable)
        or _tries_imports(code)
        or not _is_made_by_keras(code)
    ):
        return True
    assert isinstance(node.func, ast.Attribute)
    if code.is_spelled(node.func.attr) or _is_patched(code, node.func.attr):
        # ``hasattr`` or ``getattr`` asks for the method, or the file adds it.
        return True
    return expects_an_error(code, node) or is_tested(code, node, receiver)


def _is_patched(code: Code, method: str) -> bool:
    return any(
        isinstance(node, ast.Attribute)
        and node.attr == method
        and not isinstance(node.ctx, ast.Load)
        for node in ast.walk(code.source.tree)
    )


def _tries_imports(code: Code) -> bool:
    """Whether an import of Keras or TensorFlow stands under ``try`` or ``if``."""
    return any(
        isinstance(node, (ast.Import, ast.ImportFrom))
        and not isinstance(code.parents[node], (ast.Module, ast.FunctionDef))
        and re.search(r"keras|tensorflow", ast.unparse(node)) is not None
        for node in ast.walk(code.source.tree)
    )


def _is_made_by_keras(code: Code) -> bool:
    """Whether each ``add_weight`` of the file is that of a class that Keras surely is a base of."""
    for call in code.calls:
        if not isinstance(call.func, ast.Attribute) or call.func.attr != "add_weight":
            continue
        owner = next(
            (each for each in code.ancestors(call) if isinstance(each, ast.ClassDef)), None
        )
        if owner is None:
            return False
        key = f"{owner.name}@{owner.lineno}:{owner.col_offset}"
        base = code.facts.classes.framework_base(key)
        if base is None or base.startswith("tf_keras."):
            return False
    return True


def _candidate(
    code: Code, node: ast.Call, receiver: ast.expr, call: ScatterCall | None
) -> Candidate:
    assert isinstance(node.func, ast.Attribute)
    target = code.operand(receiver)
    text = ast.unparse(receiver)
    text = text if len(text) <= 40 else text[:37] + "..."
    message = f"`{text}.{node.func.attr}` always raises: a Keras 3 variable has no such method"
    module = name_of_tensorflow(code, node)
    refusal = Reason.NO_REWRITE if call is None else _refusal(code, call, module)
    if refusal is not None or call is None:
        found = Misuse(target, Effect.RAISES, code.source.span(code.statement(node)))
        return Candidate(RULE, node, found, message, refusal=refusal)
    return Candidate(
        RULE,
        node,
        _sequence(code, call, target),
        message,
        reference=_reference(code, call, module),
    )


def _refusal(code: Code, call: ScatterCall, module: str | None) -> Reason | None:
    assert call.receiver is not None
    if not is_path(call.receiver):
        return Reason.SIDE_EFFECTS
    if call.options:
        return Reason.NO_REWRITE
    if module is None:
        return Reason.NAME_SHADOWED
    scatter = replace(call, tensor=call.receiver, receiver=None)
    return Reason.ALWAYS_RAISES if is_faulty(code, scatter) else None


def _sequence(code: Code, call: ScatterCall, target: Operand) -> UpdateSequence:
    statement = code.statement(call.node)
    return UpdateSequence(
        target,
        (update_of(code, call),),
        Effect.RAISES,
        used=not (isinstance(statement, ast.Expr) and statement.value is call.node),
        place=code.source.span(call.node),
        call=code.operand(call.node),
    )


def _reference(code: Code, call: ScatterCall, module: str | None) -> str:
    """What the method of a ``tf.Variable`` does, to an array.

    Where all is spelled out it is a NumPy assignment, else it is the scatter that the method is
    known to be equal to.
    """
    assert call.receiver is not None
    name = ast.unparse(call.receiver)
    indices, updates = ast.unparse(call.indices), ast.unparse(call.updates)
    rank = code.operand(call.indices).rank
    rows = rows_of(code, call.indices, rank) if rank == 2 else None
    shape, given = code.operand(call.receiver).shape, code.operand(call.updates).shape
    if rows and shape is not None and given == (len(rows), *shape[len(rows[0]) :]):
        statement = numpy_statement(call, numbers_in(code, rows), updates)
        if statement is not None:
            return statement
    return f"{name}[...] = {module}.tensor_{call.name}({name}, {indices}, {updates})"

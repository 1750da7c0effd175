"""Eager tensors that a traced function takes from the scope around it."""

from __future__ import annotations

import ast
import re

from tflint_slice.idioms.code import Code
from tflint_slice.idioms.scatter_calls import ScatterCall
from tflint_slice.idioms.tracing import traced_by
from tflint_slice.infer.scopes import bound_names
from tflint_slice.model import Kind

_CREATIONS = frozenset(
    f"tensorflow.{name}"
    for name in ("constant", "convert_to_tensor", "zeros", "ones", "fill", "range", "linspace")
)
_HARMLESS_WORDS = frozenset({"func", "input_signature", "autograph", "reduce_retracing", "name"})
# Where one of these is spelled, functions may not be traced, there may be no eager tensors, or the
# variable may be one that has no scatter methods.
_NOT_EAGER = re.compile(r"run_functions_eagerly|disable_eager|disable_v2|\bGraph\b|distribute")
# A cast to a later kind loses no more than digits.
_KINDS = ("bool", "uint", "int", "bfloat", "float", "complex")


def dtype_kind(dtype: str | None) -> int:
    """The place of a dtype between bools and complex numbers; beyond them if it is no number."""
    places = (place for place, kind in enumerate(_KINDS) if dtype and dtype.startswith(kind))
    return max(next(places, len(_KINDS)), 0)


def mismatched_capture(code: Code, call: ScatterCall, receiver: ast.expr) -> ast.Name | None:
    """The updates, if they are an eager tensor that surely is not of the variable's dtype."""
    variable, updates = code.operand(receiver), code.operand(call.updates)
    name = call.updates
    if not isinstance(name, ast.Name) or updates.kind is not Kind.TENSOR:
        return None
    if variable.kind is not Kind.VARIABLE or not variable.plain:
        return None
    if variable.dtype == updates.dtype or len(_KINDS) in (
        dtype_kind(variable.dtype),
        dtype_kind(updates.dtype),
    ):
        return None
    indices = code.operand(call.indices).shape
    if variable.shape is None or not indices or not isinstance(indices[-1], int):
        return None
    due = (*indices[:-1], *variable.shape[indices[-1] :])
    # Shapes that do not fit raise before anything else.
    if any(not isinstance(dim, int) for dim in due) or due != updates.shape or len(indices) < 2:
        return None
    return name if _is_traced(code, call.node) and _is_eager(code, name) else None


def name_of_tensorflow(code: Code, node: ast.AST) -> str | None:
    """The name that the module gives TensorFlow, if it means that where ``node`` stands."""
    for name, value in code.facts.modules.items():
        if value.kind is Kind.FUNCTION and value.name == "tensorflow":
            hidden = any(name in _local_names(parent) for parent in code.ancestors(node))
            return None if hidden else name
    return None


def _is_traced(code: Code, node: ast.Call) -> bool:
    """Whether ``tf.function`` traces the function around the call, and XLA does not compile it."""
    tracer = traced_by(code, node)
    function = code.function(node)
    if tracer is None or _NOT_EAGER.search(code.source.searchable):
        return False
    if len(getattr(function, "decorator_list", [])) > 1:
        return False
    if (
        isinstance(tracer, ast.Call)
        and not {word.arg for word in tracer.keywords} <= _HARMLESS_WORDS
    ):
        return False
    for parent in code.ancestors(node):
        if parent is function:
            return True
        # Under others, such as `tf.init_scope`, everything may be eager.
        items = parent.items if isinstance(parent, (ast.With, ast.AsyncWith)) else []
        if not all(_is_tape(code, item.context_expr) for item in items):
            return False
    return False


def _is_tape(code: Code, node: ast.expr) -> bool:
    return code.called(node) in ("tensorflow.GradientTape", "tensorflow.name_scope")


def _is_eager(code: Code, name: ast.Name) -> bool:
    """Whether the only thing that the file calls so is a tensor made outside of any traced code."""
    stores = [node for node in ast.walk(code.source.tree) if _binds(node, name.id)]
    if len(stores) != 1:
        return False
    definition = code.parents[stores[0]]
    if not isinstance(definition, ast.Assign) or len(definition.targets) != 1:
        return False
    scope = code.function(definition)
    around = [code.source.tree, *code.ancestors(name)]
    if scope not in around or isinstance(scope, ast.ClassDef) or traced_by(code, definition):
        return False
    return code.parents[definition] is scope and code.called(definition.value) in _CREATIONS


def _binds(node: ast.AST, name: str) -> bool:
    """Whether the node may bind the name, in whatever scope and way."""
    if isinstance(node, ast.Name):
        return node.id == name and not isinstance(node.ctx, ast.Load)
    if isinstance(node, (ast.Global, ast.Nonlocal)):
        return name in node.names
    if isinstance(node, ast.alias):
        return (node.asname or node.name) in (name, "*")
    # Functions, classes, handlers, patterns, and parameters.
    words = () if isinstance(node, ast.keyword) else ("name", "arg", "rest")
    return any(getattr(node, word, None) == name for word in words)


def _local_names(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Lambda):
        return {arg.arg for arg in ast.walk(node.args) if isinstance(arg, ast.arg)}
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        arguments = {arg.arg for arg in ast.walk(node.args) if isinstance(arg, ast.arg)}
        return arguments | bound_names(node.body)
    if isinstance(node, ast.comprehension):
        return bound_names([ast.Expr(node.target)])
    return set()

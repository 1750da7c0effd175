"""Which function is traced by ``tf.function``, as far as the file shows it."""

from __future__ import annotations

import ast

from tflint_slice.idioms.code import Code

_TRACES = "tensorflow.function"


def is_traced(code: Code, node: ast.AST) -> bool:
    """Whether any function around ``node`` is traced, so that calls in it run on symbols."""
    scope = node
    while not isinstance(scope, ast.Module):
        if traced_by(code, scope) is not None:
            return True
        scope = code.function(scope)
    return False


def traced_by(code: Code, node: ast.AST) -> ast.expr | None:
    """The use of ``tf.function`` that traces the innermost function around ``node``."""
    function = code.function(node)
    if isinstance(function, ast.Lambda):
        around = code.parents[function]
        return around if isinstance(around, ast.Call) and _traces(code, around) else None
    if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return None
    for decorator in function.decorator_list:
        if _traces(code, decorator):
            return decorator
    for call in code.all_calls:
        if call.args and _traces(code, call) and _means(code, call.args[0], function):
            return call
    return None


def _traces(code: Code, node: ast.expr) -> bool:
    """``tf.function`` or a call of it."""
    named = node.func if isinstance(node, ast.Call) else node
    return code.facts.qualified_name(named) == _TRACES


def _means(code: Code, node: ast.expr, function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether ``node``, in the scope that defines the function, names it."""
    return (
        isinstance(node, ast.Name)
        and node.id == function.name
        and code.function(node) is code.function(function)
    )

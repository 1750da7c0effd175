"""Whether code is there for the exception that it raises, or is kept from running by a test."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tflint_slice.idioms.code import Code, names_in

# How tests say that an exception is what they want.
_EXPECTATION = re.compile(r"assert_?raises|raises|xfail|suppress", re.IGNORECASE)


def expects_an_error(code: Code, node: ast.expr) -> bool:
    """Whether the code around a call seems to be there for the exception, as in a test."""
    child: ast.AST = node
    for parent in code.ancestors(node):
        if isinstance(parent, ast.Try) and child in parent.body and parent.handlers:
            return True
        if isinstance(parent, (ast.With, ast.AsyncWith)):
            if any(_expects(item.context_expr) for item in parent.items):
                return True
        elif isinstance(parent, ast.Lambda):
            around = code.parents[parent]
            if isinstance(around, ast.Call) and _expects(around.func):
                return True
        elif isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef)) and (
            _expects(parent) or _is_expected_to_raise(code, parent.name)
        ):
            return True
        child = parent
    return False


def is_tested(code: Code, node: ast.expr, *subjects: ast.expr) -> bool:
    """Whether a test around a call, or anywhere in its function, looks at one of the subjects.

    Such a test may keep the call from being made.
    """
    names = {name for subject in subjects for name in names_in(subject)}
    paths = {ast.unparse(subject) for subject in subjects}
    for test in _tests(code.function(node)):
        for part in ast.walk(test):
            if isinstance(part, ast.Name) and part.id in names - {"self"}:
                return True
            if isinstance(part, ast.expr) and ast.unparse(part) in paths:
                return True
    return False


def _tests(scope: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(scope):
        if isinstance(node, (ast.If, ast.While, ast.IfExp, ast.Assert)):
            yield node.test
        elif isinstance(node, ast.Match):
            yield node.subject
        elif isinstance(node, ast.BoolOp):
            yield from node.values
        elif isinstance(node, ast.comprehension):
            yield from node.ifs


def _is_expected_to_raise(code: Code, name: str) -> bool:
    """Whether the function is handed to ``assertRaises`` or the like."""
    return any(
        _expects(call.func)
        and any(getattr(arg, "id", getattr(arg, "attr", None)) == name for arg in call.args)
        for call in code.all_calls
    )


def _expects(node: ast.AST) -> bool:
    return any(
        _EXPECTATION.match(part.attr if isinstance(part, ast.Attribute) else part.id) is not None
        for part in ast.walk(node)
        if isinstance(part, (ast.Attribute, ast.Name))
    )

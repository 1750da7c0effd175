"""Holds what a function returned and what its names meant then: `main()` leaves nothing else."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

RETURNING = "__tflint_slice_returning__"
LEAVING = "__tflint_slice_leaving__"
CALLS = 10
"""Calls of the function that are held. (It may call itself.)"""


@dataclass
class Ends:
    """The calls of one function, in the order in which they ended."""

    calls: list[tuple[Any, dict[str, Any]]] = field(default_factory=list)
    _results: dict[int, Any] = field(init=False, default_factory=dict)

    @property
    def hooks(self) -> dict[str, Any]:
        """What the compiled code finds under names of its own."""
        return {RETURNING: self._returning, LEAVING: self._leaving}

    def _returning(self, value: Any) -> Any:
        self._results[id(sys._getframe(1))] = value
        return value

    def _leaving(self) -> None:
        frame = sys._getframe(1)
        result = self._results.pop(id(frame), None)
        if len(self.calls) < CALLS:
            self.calls.append((result, dict(frame.f_locals)))


def compiled(text: str, path: str, function: str) -> CodeType:
    """The code of ``text``, in which the function of that name, if it is plain, calls the hooks.

    The tree alone is changed: rows are those of the text, and so is the source that others read.
    """
    tree = ast.parse(text, path)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == function:
            _hold(node)
    code: CodeType = compile(tree, path, "exec", dont_inherit=True)
    return code


def _hold(function: ast.FunctionDef) -> None:
    docstring = int(ast.get_docstring(function) is not None)
    body = function.body[docstring:]
    if not body:
        return
    returns = _Returns()
    body = [returns.visit(statement) for statement in body]
    leaving = ast.Expr(ast.Call(ast.Name(LEAVING, ast.Load()), [], []))
    held = ast.Try(body=body, handlers=[], orelse=[], finalbody=[leaving])
    # On the row of the `def`, so that no statement of the program seems to be run when it is not.
    for node in (held, *ast.walk(leaving)):
        if isinstance(node, (ast.stmt, ast.expr)):
            node.lineno = node.end_lineno = function.lineno
            node.col_offset = node.end_col_offset = function.col_offset
    function.body = [*function.body[:docstring], held]


class _Returns(ast.NodeTransformer):
    """Hands each returned value to the hook; what is defined inside returns to somebody else."""

    def visit_Return(self, node: ast.Return) -> ast.Return:
        if node.value is not None:
            call = ast.Call(ast.Name(RETURNING, ast.Load()), [node.value], [])
            ast.copy_location(call, node.value)
            ast.copy_location(call.func, node.value)
            node.value = call
        return node

    def _leave_alone(self, node: ast.AST) -> ast.AST:
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = visit_Lambda = _leave_alone

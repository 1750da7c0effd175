"""What one scatter evaluates although a loop without a turn does not: receiver and value.

There a name need not be bound yet, and an expression need not have a value.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from tflint_slice.idioms.code import Code, is_literal, same
from tflint_slice.idioms.loop_heads import Head
from tflint_slice.idioms.loop_turns import Turn
from tflint_slice.infer.scopes import bound_names
from tflint_slice.model import Kind, Reason

_FILLED = frozenset({"tensorflow.ones", "tensorflow.zeros", "numpy.ones", "numpy.zeros"})
Function = ast.FunctionDef | ast.AsyncFunctionDef


def against_no_turn(code: Code, head: Head, turn: Turn) -> Reason | None:
    """What speaks against the rewrite if there may be no turn."""
    turns = head.turns(code)
    if isinstance(turns, int) and turns > 0:
        return None
    receiver = code.value(turn.receiver)
    if receiver.kind is Kind.KERAS3_VARIABLE:
        # An assignment is noted, in a StatelessScope for example, even if it changes nothing.
        return Reason.KERAS_VARIABLE
    if receiver.optional or not _is_there(code, head.node, turn.receiver):
        return Reason.VARIABLE_CLASS
    return None if _has_value(code, head, turn.value) else Reason.UNKNOWN_VALUE


def _has_value(code: Code, head: Head, value: ast.expr) -> bool:
    """Whether evaluating the value cannot fail."""
    if isinstance(value, ast.Name) and value.id in head.names:
        return True
    if isinstance(value, ast.Subscript):
        at_turn = isinstance(value.slice, ast.Name) and value.slice.id == head.counted
        return at_turn and _is_there(code, head.node, value.value)
    if is_literal(value):
        return True
    if isinstance(value, ast.Call):
        literal = all(map(is_literal, value.args)) and not value.keywords
        return literal and code.called(value) in _FILLED and code.operand(value).size is not None
    known = code.value(value)
    if known.optional or (known.kind is Kind.INT and not isinstance(known.high, int)):
        # An int may be too large for any dtype.
        return False
    return _is_there(code, head.node, value)


def _is_there(code: Code, node: ast.stmt, path: ast.expr) -> bool:
    """Whether a name, or an attribute of ``self``, is surely bound where ``node`` is reached."""
    if not isinstance(path, (ast.Name, ast.Attribute)):
        return False
    if isinstance(path, ast.Attribute) and not isinstance(path.value, ast.Name):
        return False
    place: ast.stmt = node
    while True:
        scope = code.function(place)
        if isinstance(scope, ast.ClassDef):
            # Its methods do not see the names of its body.
            place = scope
            continue
        if _is_unbound(code, scope, path):
            return False
        if _is_bound_before(code, place, scope, path):
            return True
        if not isinstance(scope, Function):
            return False
        if isinstance(path, ast.Attribute):
            return _is_made_with(code, scope, path)
        if path.id in (arg.arg for arg in ast.walk(scope.args) if isinstance(arg, ast.arg)):
            return True
        if path.id in bound_names(scope.body):
            return False
        place = scope


def _is_unbound(code: Code, scope: ast.AST, path: ast.expr) -> bool:
    """Whether something in the scope may take the name away again."""
    name = path.id if isinstance(path, ast.Name) else None
    for child in ast.walk(scope):
        if isinstance(child, (ast.Name, ast.Attribute)) and isinstance(child.ctx, ast.Del):
            if same(child, path):
                return True
        elif isinstance(child, ast.ExceptHandler) and child.name == name is not None:
            return True
    return False


def _is_bound_before(code: Code, place: ast.stmt, scope: ast.AST, path: ast.expr) -> bool:
    """Whether a statement that is always run before ``place`` binds the name."""
    inner: ast.AST = place
    while inner is not scope:
        if isinstance(inner, ast.stmt):
            block = code.block(inner)
            if inner in block and _binds(block[: block.index(inner)], path):
                return True
        inner = code.parents[inner]
    return False


def _is_made_with(code: Code, method: Function, path: ast.Attribute) -> bool:
    """Whether the constructor of the class binds the attribute of ``self``."""
    owner = code.parents.get(method)
    own = method.args.args[0].arg if method.args.args else None
    if not isinstance(owner, ast.ClassDef) or not isinstance(path.value, ast.Name):
        return False
    return path.value.id == own and any(
        isinstance(other, ast.FunctionDef)
        and other.name == "__init__"
        and [arg.arg for arg in other.args.args[:1]] == [own]
        and not _is_unbound(code, owner, path)
        and _binds(other.body, path)
        for other in owner.body
    )


def _binds(block: Sequence[ast.stmt], path: ast.expr) -> bool:
    return any(same(target, path) for statement in block for target in _targets(statement))


def _targets(statement: ast.stmt) -> Iterator[ast.expr]:
    """What the statement binds whenever it is run to its end."""
    if isinstance(statement, ast.Assign):
        for target in statement.targets:
            yield from (part for part in ast.walk(target) if isinstance(part, ast.expr))
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        yield statement.target
    elif isinstance(statement, (ast.Import, ast.ImportFrom)):
        for alias in statement.names:
            yield ast.Name(alias.asname or alias.name.split(".")[0])

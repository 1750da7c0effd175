"""TFS102: an item of a tensor is assigned, which raises TypeError wherever it runs.

NumPy would change the array itself, for everybody who holds it; new code can only bind the name to
another tensor. That means the same where nobody but this name holds the tensor.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tflint_slice.idioms.candidates import Candidate
from tflint_slice.idioms.code import Code, is_path
from tflint_slice.idioms.expectations import expects_an_error
from tflint_slice.idioms.item_assignment import OPS, update_of
from tflint_slice.idioms.spellings import Breadth, Spelling
from tflint_slice.idioms.tensor_origin import Origins, own_names
from tflint_slice.infer.project import is_script
from tflint_slice.infer.scopes import FunctionNode
from tflint_slice.model import Effect, Kind, Misuse, Op, Reason, Rule, UpdateSequence

RULE = Rule("TFS102", "tensor-item-assignment", "an item of a tensor assigned to, or deleted")
RULES = (RULE,)
_LOCAL = "t = tf.identity({{v}})\n{}".format
SPELLINGS = {
    RULE.code: (
        Spelling("set", _LOCAL("t[{index}] = {value}"), Breadth.FULL),
        Spelling("add", _LOCAL("t[{index}] += {value}"), Breadth.OPERATOR),
        Spelling("subtract", _LOCAL("t[{index}] -= {value}"), Breadth.OPERATOR),
        Spelling("multiply", _LOCAL("t[2] *= 2.0")),
        Spelling("whole", _LOCAL("t[:] = tf.ones([5])")),
        Spelling("alias", _LOCAL("u = t\nt[2] = 2.0")),
        Spelling("chain", _LOCAL("y = t[2] = 2.0")),
        Spelling("delete", _LOCAL("del t[2]")),
    )
}

# Where one of these is spelled, items of tensors may be assigned to: AutoGraph can be told to
# convert that, and the class of tensors can be given the method that it lacks.
_ALLOWED = re.compile(
    r"Feature\s*\.\s*(?:LISTS|ALL)\b|optional_features|autograph_options"
    r"|\.__setitem__\s*=|[\"']__(?:set|del)item__[\"']"
)
# Code that asks for one of these knows that it may be handed something else.
_QUESTIONS = frozenset(
    {"isinstance", "issubclass", "hasattr", "type", "is_tensor", "is_keras_tensor", "callable"}
)
_LAZY = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.GeneratorExp)


def find(code: Code) -> Iterator[Candidate]:
    targets = [
        node
        for node in code.item_targets
        if code.value(node.value).kind is Kind.TENSOR
        and not code.value(node.value).optional
        and is_path(node.value)
    ]
    if not targets or _ALLOWED.search(code.source.searchable):
        return
    origins = Origins(code)
    for node in targets:
        if not origins.is_tensor(node.value) or expects_an_error(code, node):
            continue
        if not _is_asked_about(code, node.value):
            yield _candidate(code, origins, node)


def _candidate(code: Code, origins: Origins, node: ast.Subscript) -> Candidate:
    statement = code.statement(node)
    value: ast.expr | None = None
    op = Op.SET
    if isinstance(statement, ast.Assign) and statement.targets == [node]:
        value = statement.value
    elif isinstance(statement, ast.AugAssign) and statement.target is node:
        value, op = statement.value, OPS[type(statement.op)]
    receiver = " ".join(code.source.segment(node.value).split())
    short = receiver if len(receiver) <= 40 else receiver[:37] + "..."
    what = "deletes an item of" if isinstance(node.ctx, ast.Del) else "assigns to an item of"
    message = f"`{short}[...]` {what} a tensor, which raises TypeError"
    target = code.operand(node.value)
    span = code.source.span(statement)
    refusal, hindrance = _against(code, origins, node)
    if value is None:
        # ``t[0], b = ...``, ``a = t[0] = ...``, ``for t[0] in``, ``t[0]: float = ...``, ``del``.
        refusal = Reason.NO_REWRITE
    elif op is not Op.SET and not code.is_pure(node.slice):
        refusal = refusal or Reason.SIDE_EFFECTS
    if value is None or refusal is not None:
        found = Misuse(target, Effect.RAISES, span)
        return Candidate(RULE, statement, found, message, refusal=refusal)
    update = update_of(code, node, value, op)
    sequence = UpdateSequence(target, (update,), Effect.RAISES, place=span)
    return Candidate(RULE, statement, sequence, message, hindrance=hindrance)


def _is_asked_about(code: Code, receiver: ast.expr) -> bool:
    """Whether the function asks somewhere of what kind the receiver is."""
    text = ast.unparse(receiver)
    for node in ast.walk(code.function(receiver)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else None
        name = node.func.id if isinstance(node.func, ast.Name) else name
        if name in _QUESTIONS and any(ast.unparse(arg) == text for arg in node.args):
            return True
    return False


# --- who else holds the tensor --------------------------------------------------------------------


def _against(
    code: Code, origins: Origins, node: ast.Subscript
) -> tuple[Reason | None, Reason | None]:
    """What stands against binding the name anew: altogether, and against doing so unseen."""
    name = node.value
    if not isinstance(name, ast.Name):
        return Reason.NO_REWRITE, None
    scope = code.function(node)
    if isinstance(scope, ast.Module):
        local = is_script(code.source.path) and not code.is_spelled(name.id)
    else:
        local = isinstance(scope, FunctionNode) and name.id in own_names(scope)
    if not local or origins.scope(name) is not scope or _is_seen_elsewhere(code, scope, name.id):
        return Reason.VALUE_ESCAPES, None
    hindrance = None
    for binding in origins.bindings(name):
        if isinstance(binding, ast.arg):
            if origins.is_annotated(binding):
                # It is the caller's.
                hindrance = Reason.VALUE_ESCAPES
        elif not _binds_its_own(code, origins, binding):
            return Reason.VALUE_ESCAPES, None
    loads = _loads_before(code, origins, scope, node, name.id)
    if any(origins.hands_on(load, name.id) for load in loads):
        return Reason.VALUE_ESCAPES, None
    return None, hindrance


def _is_seen_elsewhere(code: Code, scope: ast.AST, name: str) -> bool:
    """Whether another scope may see, or bind, the name at a time that is not known."""
    for child in ast.walk(code.source.tree):
        if isinstance(child, (ast.Global, ast.Nonlocal)) and name in child.names:
            return True
    for child in ast.walk(scope):
        if not isinstance(child, ast.Name) or child.id != name:
            continue
        for parent in code.ancestors(child):
            if parent is scope:
                break
            if isinstance(parent, FunctionNode) and _is_own_of(parent, child):
                break
            if isinstance(parent, _LAZY):
                return True
    return False


def _is_own_of(function: FunctionNode, name: ast.Name) -> bool:
    """Whether the body of a nested function means a name of its own by it."""
    inside = any(name is part for body in function.body for part in ast.walk(body))
    return inside and name.id in own_names(function)


def _binds_its_own(code: Code, origins: Origins, binding: ast.AST) -> bool:
    """``t = <a tensor that nobody else holds>``; or what surely does not reach the assignment."""
    parent = code.parents[binding]
    if isinstance(parent, ast.AugAssign):
        return True
    if isinstance(parent, ast.Assign):
        alone = parent.targets == [binding]
    else:
        alone = isinstance(parent, ast.AnnAssign)
    value = parent.value if isinstance(parent, (ast.Assign, ast.AnnAssign)) else None
    if not alone or value is None:
        return False
    return code.value(value).kind is not Kind.TENSOR or origins.is_fresh(value)


def _loads_before(
    code: Code, origins: Origins, scope: ast.AST, node: ast.Subscript, name: str
) -> Iterator[ast.Name]:
    """Where the name may have been read by the time that the item is assigned to."""
    statement = code.statement(node)
    loops = [
        parent
        for parent in code.ancestors(statement)
        if isinstance(parent, (ast.For, ast.AsyncFor, ast.While)) and code.function(parent) is scope
    ]
    # The outermost loop around it comes round to everything that stands in it.
    end = code.source.span(loops[-1] if loops else statement).end
    for child in ast.walk(scope):
        if (
            isinstance(child, ast.Name)
            and child.id == name
            and isinstance(child.ctx, ast.Load)
            and origins.scope(child) is scope
            and code.source.span(child).start < end
        ):
            yield child

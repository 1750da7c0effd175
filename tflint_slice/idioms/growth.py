"""TFS402: a tensor that each turn of a loop copies to make it longer.

``t = tf.concat([t, x], 0)`` in a loop that does nothing else with ``t``. Where the loop reads what
it has so far, as a decoder reads its own output, nothing is to be gained; and features that are
joined layer by layer are few.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tflint_slice.idioms.candidates import Candidate
from tflint_slice.idioms.code import Code, is_path, same, short
from tflint_slice.idioms.spellings import Spelling
from tflint_slice.infer.scopes import bound_names
from tflint_slice.model import Effect, Kind, Misuse, Reason, Rule

RULE = Rule("TFS402", "growth-by-concat", "a tensor that grows by `tf.concat` in a loop")
RULES = (RULE,)
_LOOP = "t = {{v}} + 1.0\nfor k in range(9):\n    t = tf.concat({}, 0)".format
SPELLINGS = {
    RULE.code: (
        Spelling("behind", _LOOP("[t, [2.0]]")),
        Spelling("in-front", _LOOP("(tf.ones([1]), t)")),
    )
}

_FUNCTIONS = frozenset({"tensorflow.concat", "tensorflow.compat.v1.concat"})
_FEW_TURNS = 4
_Loop = ast.For | ast.AsyncFor | ast.While
_FUNCTION_NODES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def find(code: Code) -> Iterator[Candidate]:
    for statement, call in code.call_assignments:
        if code.called(call) not in _FUNCTIONS or len(statement.targets) != 1:
            continue
        target = statement.targets[0]
        if not isinstance(target, (ast.Name, ast.Attribute)) or not is_path(target):
            continue
        grown = _grown(code, call, target)
        loop = _loop(code, statement)
        if grown is None or loop is None or _is_short(code, loop):
            continue
        if _is_used(code, loop, statement, target):
            continue
        name = short(target)
        yield Candidate(
            RULE,
            statement,
            Misuse(code.operand(grown), Effect.REBINDS, code.source.span(statement)),
            f"`tf.concat` copies all of `{name}` on each turn of the loop: collect the pieces in a "
            "list or a `tf.TensorArray`, and join them once",
            refusal=Reason.NO_REWRITE,
        )


def _grown(code: Code, call: ast.Call, target: ast.expr) -> ast.expr | None:
    """Where the target stands among what is joined, if it is a tensor that gets longer by it."""
    if any(isinstance(arg, ast.Starred) for arg in call.args):
        return None
    given = dict(zip(("values", "axis", "name"), call.args, strict=False))
    given.update({word.arg: word.value for word in call.keywords if word.arg is not None})
    values, axis = given.get("values"), given.get("axis")
    if not isinstance(values, (ast.List, ast.Tuple)) or axis is None:
        return None
    own = [entry for entry in values.elts if same(entry, target)]
    others = [entry for entry in values.elts if entry not in own]
    # What is joined with a part of itself is a queue, or doubles.
    if len(own) != 1 or not others or any(_mentions(entry, target) for entry in others):
        return None
    tensor, at = code.value(own[0]), code.value(axis)
    if tensor.kind is not Kind.TENSOR or tensor.optional or not isinstance(at.const, int):
        return None
    return own[0] if _is_length(at.const, tensor.rank) else None


def _is_length(axis: int, rank: int | None) -> bool:
    """Whether the axis is certainly not the last of several: that one is for features."""
    if axis == 0 or rank == 1:
        return True
    if rank is None:
        return axis < -1
    return axis % rank != rank - 1


def _loop(code: Code, statement: ast.stmt) -> _Loop | None:
    """The loop of which each turn runs the statement."""
    child: ast.AST = statement
    for parent in code.ancestors(statement):
        if isinstance(parent, (ast.For, ast.AsyncFor, ast.While)):
            ends = any(isinstance(part, (ast.Break, ast.Return, ast.Raise)) for part in parent.body)
            return parent if child in parent.body and not ends else None
        if not isinstance(parent, (ast.With, ast.AsyncWith)):
            return None
        child = parent
    return None


def _is_short(code: Code, loop: _Loop) -> bool:
    return not isinstance(loop, ast.While) and _has_few_turns(code, loop.iter)


def _has_few_turns(code: Code, iterable: ast.expr) -> bool:
    """Whether the code shows that there are only a few turns, or spells out each of them."""
    if isinstance(iterable, (ast.List, ast.Tuple, ast.Set, ast.Dict)):
        return True
    items = code.value(iterable).items
    if items is not None and len(items) <= _FEW_TURNS:
        return True
    if not isinstance(iterable, ast.Call):
        return False
    name = code.called(iterable)
    if name in ("builtins.zip", "builtins.enumerate", "builtins.reversed"):
        return any(_has_few_turns(code, arg) for arg in iterable.args)
    if name in ("builtins.range", "tensorflow.range"):
        bounds = [code.value(arg).const for arg in iterable.args]
        if bounds and all(isinstance(bound, int) for bound in bounds) and bounds[2:] != [0]:
            return len(range(*bounds)[: _FEW_TURNS + 1]) <= _FEW_TURNS
    return False


def _is_used(code: Code, loop: _Loop, statement: ast.Assign, target: ast.expr) -> bool:
    """Whether anything else in the loop may read the target, or bind it anew."""
    root = target
    while isinstance(root, ast.Attribute):
        root = root.value
    if not isinstance(root, ast.Name):
        return True
    function = code.function(statement)
    if isinstance(function, ast.ClassDef) or _is_seen_elsewhere(function, root.id):
        return True
    own = set(ast.walk(statement))
    for node in ast.walk(loop):
        if not isinstance(node, ast.Name) or node.id != root.id or node in own:
            continue
        if isinstance(target, ast.Name):
            if not _is_loop_option(code, node):
                return True
        elif not _is_other_attribute(code, node, target):
            return True
    # What stands beside it in the statement may call a method of the object.
    return isinstance(target, ast.Attribute) and any(
        isinstance(node, ast.Name) and node.id == root.id and not _is_apart(code, node, target)
        for node in own
    )


def _is_seen_elsewhere(function: ast.AST, name: str) -> bool:
    """Whether a function that the loop may call reads the name, or the name lives elsewhere."""
    for node in ast.walk(function):
        if isinstance(node, (ast.Global, ast.Nonlocal)) and name in node.names:
            return True
        if node is function or not isinstance(node, _FUNCTION_NODES):
            continue
        body = [node.body] if isinstance(node, ast.Lambda) else node.body
        local = {arg.arg for arg in ast.walk(node.args) if isinstance(arg, ast.arg)}
        if not isinstance(node, ast.Lambda):
            local |= bound_names(node.body)
        if name not in local and any(
            isinstance(child, ast.Name) and child.id == name
            for part in body
            for child in ast.walk(part)
        ):
            return True
    return False


def _is_loop_option(code: Code, node: ast.Name) -> bool:
    """``tf.autograph.experimental.set_loop_options(shape_invariants=[(t, ...)])``."""
    return any(
        isinstance(parent, ast.Call)
        and code.called(parent) == "tensorflow.autograph.experimental.set_loop_options"
        for parent in code.ancestors(node)
    )


def _is_other_attribute(code: Code, node: ast.Name, target: ast.expr) -> bool:
    """``self.size`` beside ``self.t``, read and not called."""
    parent = code.parents[node]
    if not isinstance(parent, ast.Attribute) or same(parent, target):
        return False
    while isinstance(code.parents[parent], ast.Attribute):
        parent = code.parents[parent]
    user = code.parents[parent]
    return not (isinstance(user, ast.Call) and user.func is parent)


def _is_apart(code: Code, node: ast.Name, target: ast.expr) -> bool:
    parent = code.parents[node]
    if isinstance(parent, ast.Attribute) and ast.unparse(parent) == ast.unparse(target):
        return True
    return _is_other_attribute(code, node, target)


def _mentions(node: ast.expr, target: ast.expr) -> bool:
    return any(
        isinstance(child, type(target)) and ast.unparse(child) == ast.unparse(target)
        for child in ast.walk(node)
    )

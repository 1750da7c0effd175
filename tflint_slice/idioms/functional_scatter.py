"""TFS301: a variable copied by ``tf.tensor_scatter_nd_*`` and assigned back as a whole.

The copy may go through a temporary, and may start from ``v.value()`` and the like. That the same
expression is both scattered and assigned proves it to be a variable of some class.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from tflint_slice.idioms.candidates import Candidate
from tflint_slice.idioms.code import Code, is_path, names_in, same, short
from tflint_slice.idioms.layer_origin import weight_kind
from tflint_slice.idioms.scatter_calls import ScatterCall, scatter_call, update_of
from tflint_slice.idioms.spellings import Breadth, Spelling
from tflint_slice.infer.project import is_script
from tflint_slice.infer.scopes import bound_names
from tflint_slice.model import (
    Effect,
    Kind,
    Operand,
    Reason,
    Rule,
    UpdateSequence,
)

RULE = Rule(
    "TFS301",
    "functional-scatter-assign",
    "a functional scatter assigned back to the variable it copied",
)
RULES = (RULE,)
_ASSIGN = "{{v}}.assign(tf.tensor_scatter_nd_{}({{v}}, {{rows}}, {{updates}}))".format
_UPDATE = "tf.tensor_scatter_nd_update({}, [[2]], [2.0])".format
_NO_SUMS = ("bool", "string")
_NO_ORDER = ("bool", "complex64", "string")
SPELLINGS = {
    RULE.code: (
        Spelling("update", _ASSIGN("update"), Breadth.FULL, "list"),
        Spelling("add", _ASSIGN("add"), Breadth.OPERATOR, "list", lacks=_NO_SUMS),
        Spelling("sub", _ASSIGN("sub"), Breadth.OPERATOR, "list", lacks=_NO_SUMS),
        Spelling("min", _ASSIGN("min"), Breadth.OPERATOR, "list", lacks=_NO_ORDER),
        Spelling("max", _ASSIGN("max"), Breadth.OPERATOR, "list", lacks=_NO_ORDER),
        Spelling("temporary", f"t = {_UPDATE('{v}')}\n{{v}}.assign(t)"),
        Spelling("read_value", f"{{v}}.assign({_UPDATE('{v}.read_value()')})"),
        Spelling("value", f"{{v}}.assign({_UPDATE('{v}.value()')})"),
        Spelling("identity", f"{{v}}.assign({_UPDATE('tf.identity({v})')})"),
        Spelling("returned", f"return {{v}}.assign({_UPDATE('{v}')})"),
        Spelling("option", f"{{v}}.assign({_UPDATE('{v}')}, read_value=False)"),
        Spelling(
            "keywords",
            "{v}.assign(tf.tensor_scatter_nd_update(updates=[2.0], tensor={v}, indices=[[2]]))",
        ),
    )
}

_READS = frozenset({"value", "read_value", "read_value_no_copy"})
_ASSIGN_OPTIONS = frozenset({"use_locking", "name", "read_value"})


def find(code: Code) -> Iterator[Candidate]:
    for node in code.calls:
        candidate = _candidate(code, node)
        if candidate is not None:
            yield candidate


def _candidate(code: Code, node: ast.Call) -> Candidate | None:
    """``receiver.assign(<scatter of receiver>)``."""
    if not isinstance(node.func, ast.Attribute) or node.func.attr != "assign":
        return None
    receiver = node.func.value
    value = _assigned(node)
    if value is None or not is_path(receiver):
        return None
    statement = code.statement(node)
    definition: ast.Assign | None = None
    if isinstance(value, ast.Name):
        definition = _definition(code, value, statement)
        if definition is None:
            return None
        value = definition.value
    call = scatter_call(code, value)
    if call is None or call.tensor is None:
        return None
    read, early = _read_of(code, call.tensor)
    if not same(read, receiver):
        return None
    target = code.operand(receiver)
    if target.kind is Kind.UNKNOWN:
        # It is scattered, so it is no list; it is assigned to, so it is no tensor.
        target = replace(target, kind=weight_kind(code, receiver) or Kind.SOME_VARIABLE)
    if not target.kind.is_variable:
        return None
    return Candidate(
        RULE,
        statement,
        _sequence(code, node, call, target, definition, early),
        f"`{short(receiver)}.assign(tf.{call.name}(...))` copies all of `{short(receiver)}` "
        "to change a part of it",
        hindrance=_hindrance(code, node, call, statement, definition, early),
        refusal=_refusal(code, definition, statement),
    )


def _sequence(
    code: Code,
    node: ast.Call,
    call: ScatterCall,
    target: Operand,
    definition: ast.Assign | None,
    early: bool,
) -> UpdateSequence:
    statement = code.statement(node)
    return UpdateSequence(
        target,
        (update_of(code, call),),
        Effect.WRITES,
        read_first=early or definition is not None,
        atomic=True,
        used=not (isinstance(statement, ast.Expr) and statement.value is node),
        place=code.source.span(node),
        call=code.operand(call.node),
        statements=() if definition is None else (code.source.span(definition),),
        temporaries=() if definition is None else tuple(names_in(definition.targets[0])),
    )


def _assigned(node: ast.Call) -> ast.expr | None:
    """The value that ``.assign(...)`` is given, if it is given in a usual way."""
    words = {word.arg: word.value for word in node.keywords}
    if None in words or any(isinstance(arg, ast.Starred) for arg in node.args):
        return None
    if len(node.args) == 1 and set(words) <= _ASSIGN_OPTIONS:
        return node.args[0]
    if not node.args and set(words) <= {"value", *_ASSIGN_OPTIONS}:
        return words.get("value")
    return None


def _reads_late(code: Code, call: ScatterCall) -> bool:
    """Whether ``tensor=`` stands behind other arguments, which may change what it refers to."""
    assert call.tensor is not None
    start = code.source.span(call.tensor).start
    return any(code.source.span(arg).start < start for arg in (call.indices, call.updates))


def _read_of(code: Code, node: ast.expr) -> tuple[ast.expr, bool]:
    """What is read, and whether it is read before the arguments after it are evaluated."""
    if isinstance(node, ast.Call):
        if (
            isinstance(node.func, ast.Attribute)
            and node.func.attr in _READS
            and not node.args
            and not node.keywords
        ):
            return node.func.value, True
        reads = ("tensorflow.identity", "tensorflow.convert_to_tensor")
        if code.called(node) in reads and len(node.args) == 1 and not node.keywords:
            return node.args[0], True
    # A property of Keras 3 variables; elsewhere it is a method, and this an error.
    if (
        isinstance(node, ast.Attribute)
        and node.attr == "value"
        and code.value(node.value).kind is Kind.KERAS3_VARIABLE
    ):
        return node.value, True
    return node, False


def _definition(code: Code, name: ast.Name, statement: ast.stmt) -> ast.Assign | None:
    """``name = <expression>`` before the statement in its block, if ``name`` lives only between.

    Between the two there may be statements that neither use the name nor leave the block.
    """
    block = code.block(statement)
    place = block.index(statement)
    for position in range(place - 1, -1, -1):
        earlier = block[position]
        if isinstance(earlier, ast.Assign) and binds(earlier, name.id):
            return earlier
        if name.id in names_in(earlier):
            return None
    return None


def _hindrance(
    code: Code,
    node: ast.Call,
    call: ScatterCall,
    statement: ast.stmt,
    definition: ast.Assign | None,
    early: bool,
) -> Reason | None:
    """What stands against moving the write to where the copy is assigned."""
    if node.keywords and any(word.arg != "value" for word in node.keywords):
        return Reason.NO_REWRITE
    if call.options:
        return Reason.NO_REWRITE
    if call.graph:
        return Reason.GRAPH_MODE
    arguments_pure = code.is_pure(call.indices) and code.is_pure(call.updates)
    if (early or definition is not None or _reads_late(code, call)) and not arguments_pure:
        return Reason.SIDE_EFFECTS
    if definition is None:
        return None
    return _moving(code, definition, statement, node)


def _refusal(code: Code, definition: ast.Assign | None, statement: ast.stmt) -> Reason | None:
    """What stands against taking the temporary away at all."""
    if definition is None:
        return None
    if not code.is_alone(definition):
        return Reason.NO_REWRITE
    return None if _dies(code, definition, statement) else Reason.VALUE_ESCAPES


def _moving(
    code: Code, definition: ast.Assign, statement: ast.stmt, node: ast.Call
) -> Reason | None:
    """The scatter is to run where ``statement`` stands instead of where ``definition`` does."""
    block = code.block(statement)
    between = block[block.index(definition) + 1 : block.index(statement)]
    if isinstance(code.function(statement), ast.Module) and not is_script(code.source.path):
        # The names of a module can be imported.
        return Reason.VALUE_ESCAPES
    if between:
        return Reason.STATEMENT_BETWEEN
    if isinstance(statement, ast.Expr) and statement.value is node:
        return None
    # The statement evaluates other things before the assign, which the scatter now comes after.
    others = _before(statement, node)
    if others is None or not all(map(code.is_pure, [*others, definition.value])):
        return Reason.STATEMENT_BETWEEN
    return None


def _before(statement: ast.stmt, node: ast.Call) -> list[ast.expr] | None:
    """What ``return v.assign(t)`` or ``ops.append(v.assign(t))`` evaluates first."""
    value = getattr(statement, "value", None)
    if value is node:
        return []
    if isinstance(value, ast.Call) and node in value.args and isinstance(value.func, ast.Attribute):
        return [value.func.value, *value.args[: value.args.index(node)]]
    return None


def _dies(code: Code, definition: ast.Assign, statement: ast.stmt) -> bool:
    """Whether no other code of the file can read what ``definition`` bound.

    The names of a class are its attributes. Every other use must stand behind another assignment
    in its own block.
    """
    assert isinstance(definition.targets[0], ast.Name)
    name = definition.targets[0].id
    function = code.function(statement)
    if code.is_spelled(name):
        return False
    if isinstance(function, (ast.ClassDef, ast.Lambda)):
        return False
    own = {*ast.walk(definition), *ast.walk(statement)}
    if sum(isinstance(child, ast.Name) and child.id == name for child in ast.walk(statement)) > 1:
        return False
    for child in ast.walk(function):
        if isinstance(child, (ast.Global, ast.Nonlocal)) and name in child.names:
            return False
        if isinstance(child, ast.Name) and child.id == name and child not in own:
            if _is_other_variable(code, child, function):
                continue
            stored = isinstance(child.ctx, ast.Store)
            if stored and not isinstance(code.parents[child], ast.AugAssign):
                continue
            if not _rebound_before(code, child, definition):
                return False
    return True


def _is_other_variable(code: Code, use: ast.Name, function: ast.AST) -> bool:
    """Whether a function inside of ``function`` has a local variable of that name."""
    for parent in code.ancestors(use):
        if parent is function:
            return False
        if isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef)):
            arguments = {arg.arg for arg in ast.walk(parent.args) if isinstance(arg, ast.arg)}
            if use.id in arguments | bound_names(parent.body):
                return True
    return False


def _rebound_before(code: Code, use: ast.Name, definition: ast.Assign) -> bool:
    """Whether the name is assigned, other than by ``definition``, before its use in one block."""
    function = code.function(definition)
    if code.function(use) is not function:
        return False
    statement = code.statement(use)
    block = code.block(statement)
    for earlier in reversed(block[: block.index(statement)]):
        if definition in ast.walk(earlier):
            return False
        if binds(earlier, use.id):
            return True
    return False


def binds(statement: ast.stmt, name: str) -> bool:
    """``name = <expression>``."""
    return (
        isinstance(statement, ast.Assign)
        and len(statement.targets) == 1
        and isinstance(statement.targets[0], ast.Name)
        and statement.targets[0].id == name
    )

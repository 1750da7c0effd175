"""TFS104: a part of a NumPy copy of a variable is changed, and nobody looks at the copy again.

The copy may have no name, as in ``v.numpy()[i] = x``, or one that is used for such changes alone.
Whatever else is done with it may be what it is for, so that nothing is said then.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from tflint_slice.idioms.candidates import Candidate
from tflint_slice.idioms.code import Code, is_path, names_in, short
from tflint_slice.idioms.expectations import expects_an_error
from tflint_slice.idioms.functional_scatter import binds
from tflint_slice.idioms.graphs import builds_graphs
from tflint_slice.idioms.item_assignment import OPS, update_of
from tflint_slice.idioms.numpy_changes import changed, follow
from tflint_slice.idioms.numpy_copies import escape, original
from tflint_slice.idioms.scatter_results import hindrance
from tflint_slice.idioms.spellings import Breadth, Spelling
from tflint_slice.idioms.tracing import is_traced
from tflint_slice.model import Effect, Kind, Misuse, Op, Reason, Rule, UpdateSequence
from tflint_slice.syntax.spots import is_key

RULE = Rule("TFS104", "lost-write", "a NumPy copy of a variable changed, and never looked at again")
RULES = (RULE,)
_DROPPED = "a = {{v}}.numpy()\n{}".format
SPELLINGS = {
    RULE.code: (
        Spelling("set", "{v}.numpy()[{index}] = {value}", Breadth.FULL),
        Spelling("add", "np.array({v})[{index}] += {value}", Breadth.OPERATOR),
        Spelling("multiply", "{v}.numpy()[{index}] *= {value}", Breadth.OPERATOR),
        Spelling("name", _DROPPED("a[{index}] = {value}"), Breadth.OPERATOR),
        Spelling("name-add", _DROPPED("a[{index}] += {value}"), Breadth.OPERATOR),
        Spelling("read_value", "{v}.read_value().numpy()[2] = 2.0"),
        Spelling("whole", "{v}.numpy()[:] = tf.ones([5])"),
        Spelling("mask-of-the-copy", _DROPPED("a[a > 0.5] = 2.0")),
        Spelling("two-elements", _DROPPED("a[0] = 2.0\na[2] = 3.0")),
        Spelling("element-twice", _DROPPED("a[0] = 2.0\na[0] += 3.0")),
        Spelling("loop", _DROPPED("for k in range(5):\n    a[k] = 2.0")),
        Spelling("item-of-item", "{v}.numpy()[1:3][0] = 2.0"),
    )
}

_READS = frozenset({"value", "read_value"})
# What may read a name that is not spelled where it is read.
_LOOKING_UP = frozenset({"locals", "globals", "vars", "eval", "exec", "dir"})


def find(code: Code) -> Iterator[Candidate]:
    for call in code.calls:
        receiver = original(code, call)
        if receiver is None or not _is_of_variable(code, receiver):
            continue
        statement = code.statement(call)
        if binds(statement, _name(statement)) and getattr(statement, "value", None) is call:
            candidate = _of_name(code, statement, receiver)
        else:
            candidate = _of_temporary(code, statement, call, receiver)
        if candidate is not None and not _is_on_purpose(code, call):
            yield candidate


def _is_of_variable(code: Code, receiver: ast.expr) -> bool:
    value = code.value(receiver)
    if not value.kind.is_variable or value.rank == 0:
        # Of rank 0 the copy is a number, of which nothing can be assigned.
        return False
    # Of a Keras 3 variable these are no methods.
    read = getattr(code.parents[receiver], "attr", None) in _READS
    return not (read and value.kind is Kind.KERAS3_VARIABLE)


def is_in_test(code: Code, node: ast.AST) -> bool:
    """Whether a test may be about what the code around ``node`` does not do."""
    return any(
        isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef))
        and parent.name.lower().startswith("test")
        for parent in code.ancestors(node)
    )


def _is_on_purpose(code: Code, node: ast.expr) -> bool:
    """Whether the code is there to see what comes of it, or raises before it changes anything."""
    tested = is_in_test(code, node) or expects_an_error(code, node)
    return tested or is_traced(code, node) or builds_graphs(code)


# --- copies without a name ------------------------------------------------------------------------


def _of_temporary(
    code: Code, statement: ast.stmt, call: ast.Call, receiver: ast.expr
) -> Candidate | None:
    """``v.numpy()[i] = x``, ``v.numpy()[i][j] = x``."""
    item = _item(code, call)
    if item is None or isinstance(item.ctx, ast.Del):
        # Items of an array cannot be deleted.
        return None
    if isinstance(statement, ast.Assign) and statement.targets == [item]:
        value, op = statement.value, Op.SET
    elif isinstance(statement, ast.AugAssign) and statement.target is item:
        value, op = statement.value, OPS[type(statement.op)]
    else:
        # ``v.numpy()[0], b = ...``, ``a = v.numpy()[0] = ...``, ``for v.numpy()[0] in``.
        return _candidate(code, statement, receiver, Reason.NO_REWRITE)
    if item.value is not call:
        return _candidate(code, statement, receiver, Reason.NO_REWRITE)
    if not is_path(receiver) or (op is not Op.SET and not code.is_pure(item.slice)):
        return _candidate(code, statement, receiver, Reason.SIDE_EFFECTS)
    meant = ast.copy_location(ast.Subscript(receiver, item.slice, ast.Store()), item)
    sequence = UpdateSequence(
        code.operand(receiver),
        (update_of(code, meant, value, op),),
        Effect.NOTHING,
        place=code.source.span(statement),
    )
    inside, copy = code.source.span(statement), code.source.span(call)
    text = code.source.text
    reference = text[inside.start : copy.start] + code.text(receiver) + text[copy.end : inside.end]
    return _candidate(code, statement, receiver, None, sequence, reference)


def _item(code: Code, node: ast.expr) -> ast.Subscript | None:
    """The item of ``node``, or of an item of it, that is assigned to or deleted."""
    parent = code.parents[node]
    if not isinstance(parent, ast.Subscript) or parent.value is not node:
        return None
    if isinstance(parent.ctx, ast.Load):
        return _item(code, parent)
    return None if is_key(parent.slice) else parent


# --- copies with a name ---------------------------------------------------------------------------


def _of_name(code: Code, read: ast.stmt, receiver: ast.expr) -> Candidate | None:
    """``a = v.numpy()``, then nothing but changes of ``a`` behind it in its block."""
    name = _name(read)
    block = code.block(read)
    behind = block[block.index(read) + 1 :]
    using = [statement for statement in behind if name in names_in(statement)]
    if not using or escape(code, read, using[-1], name) is not None or _is_looked_up(code, read):
        return None
    uses = list(names_of(using, name))
    if not all(_only_changes(code, use, code.function(read)) for use in uses):
        return None
    if not has_item_changed(code, using, name) or any(expects_an_error(code, use) for use in uses):
        return None
    last = using[-1]
    between = behind[: behind.index(last) + 1]
    trip = follow(code, between, name, receiver)
    refusal = trip.refusal
    if refusal is None and last not in trip.stores:
        refusal = Reason.NO_REWRITE
    if refusal is Reason.VALUE_ESCAPES:
        # It is read for its own changes alone, or changed in another way than by items.
        refusal = Reason.NO_REWRITE
    gone = [read, *(store for store in trip.stores if store is not last)]
    if refusal is None and not (is_path(receiver) and all(map(code.is_alone, gone))):
        refusal = Reason.NO_REWRITE
    if refusal is None and not all(
        update.op is Op.SET or code.is_pure(_index_of(store))
        for update, store in zip(trip.updates, trip.stores, strict=True)
    ):
        refusal = Reason.SIDE_EFFECTS
    if refusal is not None:
        return _candidate(code, last, receiver, refusal)
    sequence = UpdateSequence(
        code.operand(receiver),
        tuple(trip.updates),
        Effect.NOTHING,
        read_first=True,
        place=code.source.span(last),
        statements=tuple(map(code.source.span, gone)),
        temporaries=(name,),
    )
    lines = [ast.unparse(statement) for statement in (read, *between)]
    reference = "\n".join([*lines, f"{ast.unparse(receiver)}[...] = {name}"])
    return _candidate(code, last, receiver, None, sequence, reference)


def names_of(statements: Iterable[ast.stmt], name: str) -> Iterator[ast.Name]:
    """Where the statements spell the name."""
    for statement in statements:
        for part in ast.walk(statement):
            if isinstance(part, ast.Name) and part.id == name:
                yield part


def has_item_changed(code: Code, statements: Iterable[ast.stmt], name: str) -> bool:
    """Whether the statements assign to an item of the array of that name."""
    items = (_item(code, use) for use in names_of(statements, name))
    return any(item is not None and isinstance(item.ctx, ast.Store) for item in items)


def _name(statement: ast.stmt) -> str:
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return targets[0].id if len(targets) == 1 and isinstance(targets[0], ast.Name) else ""


def _index_of(store: ast.stmt) -> ast.expr:
    target = store.targets[0] if isinstance(store, ast.Assign) else getattr(store, "target", None)
    assert isinstance(target, ast.Subscript)
    return target.slice


def _only_changes(code: Code, use: ast.Name, function: ast.AST) -> bool:
    """Whether the use changes the copy, or reads it for such a change and nothing else."""
    if code.function(use) is not function:
        return False
    statement = code.statement(use)
    item = _item(code, use)
    if item is not None:
        return isinstance(item.ctx, ast.Store)
    if changed(code, statement) is use:
        return len(list(names_of([statement], use.id))) == 1
    if not isinstance(statement, (ast.Assign, ast.AugAssign)):
        return False
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    if len(targets) > 1 or not isinstance(targets[0], ast.Subscript):
        return False
    into, index = targets[0].value, targets[0].slice
    own = isinstance(into, ast.Name) and into.id == use.id
    return own and code.is_pure(index) and code.is_pure(statement.value)


def _is_looked_up(code: Code, read: ast.stmt) -> bool:
    return any(
        isinstance(node, ast.Name) and node.id in _LOOKING_UP
        for node in ast.walk(code.function(read))
    )


def _candidate(
    code: Code,
    statement: ast.stmt,
    receiver: ast.expr,
    refusal: Reason | None,
    sequence: UpdateSequence | None = None,
    reference: str | None = None,
) -> Candidate:
    target = code.operand(receiver)
    if refusal is None and target.kind is Kind.SOME_VARIABLE:
        refusal = Reason.VARIABLE_CLASS
    found: UpdateSequence | Misuse | None = sequence
    if found is None or refusal is not None:
        found = Misuse(target, Effect.NOTHING, code.source.span(statement))
    return Candidate(
        RULE,
        statement,
        found,
        f"`{short(receiver)}` stays as it was: only a NumPy copy of it is changed",
        hindrance=hindrance(target),
        refusal=refusal,
        reference=reference,
    )

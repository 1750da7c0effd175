"""TFS205: the name of a variable bound to a new variable, made of a changed copy of the old one.

Who holds the old variable never sees the change. What else than the change may be wanted of a new
variable, such as another dtype, is left alone.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tflint_slice.idioms.bindings import attributes, is_made_here
from tflint_slice.idioms.candidates import Candidate
from tflint_slice.idioms.code import Body, Code, same, short
from tflint_slice.idioms.functional_scatter import binds
from tflint_slice.idioms.graphs import builds_graphs
from tflint_slice.idioms.lost_write import has_item_changed, is_in_test, names_of
from tflint_slice.idioms.numpy_copies import assigned_name, copying, original
from tflint_slice.idioms.scatter_calls import scatter_call
from tflint_slice.idioms.spellings import Spelling
from tflint_slice.model import Effect, Kind, Misuse, Reason, Rule

RULE = Rule(
    "TFS205", "variable-recreated", "a new variable made of a changed copy of the one it replaces"
)
RULES = (RULE,)
_NEW = "global {{v}}\n{}\n{{v}} = tf.Variable({})".format
SPELLINGS = {
    RULE.code: (
        Spelling("numpy", _NEW("a = {v}.numpy()\na[2] = 2.0", "a")),
        Spelling("np.array", _NEW("a = np.array({v})\na[2] += 2.0", "a")),
        Spelling("constant", _NEW("a = {v}.numpy()\na[2] = 2.0", "tf.constant(a)")),
        Spelling("scatter", _NEW("t = {v}", "tf.tensor_scatter_nd_update({v}, [[2]], [2.0])")),
        Spelling("temporary", _NEW("t = tf.tensor_scatter_nd_add({v}, [[2]], [2.0])", "t")),
    )
}

_MAKERS = frozenset({"tensorflow.Variable", "keras.Variable"})
# With these the new variable is the old one in all but its content.
_SAME_OTHERWISE = frozenset({"initial_value", "initializer", "name"})


def find(code: Code) -> Iterator[Candidate]:
    for statement, call in code.call_assignments:
        if code.called(call) not in _MAKERS:
            continue
        value, target = _initial(call), statement.targets[0]
        if value is None or len(statement.targets) > 1:
            continue
        if _is_changed_copy(code, statement, value, target) and _replaces(code, statement, target):
            yield _candidate(code, statement, target)


def _initial(call: ast.Call) -> ast.expr | None:
    """What the new variable is made of, if nothing else is said of it."""
    words = {word.arg: word.value for word in call.keywords}
    if not words.keys() <= _SAME_OTHERWISE or len(call.args) > 1:
        return None
    given = [*call.args, *(value for word, value in words.items() if word != "name")]
    return given[0] if len(given) == 1 and not isinstance(given[0], ast.Starred) else None


def _is_changed_copy(code: Code, statement: ast.Assign, value: ast.expr, target: ast.expr) -> bool:
    block = code.block(statement)
    earlier = block[: block.index(statement)]
    if _is_scatter(code, value, target):
        return True
    name = assigned_name(code, value, None)
    if name is None:
        return False
    read = copying(code, block, statement, name, target)
    if not isinstance(read, ast.Assign):
        made = next((each for each in reversed(earlier) if binds(each, name)), None)
        return isinstance(made, ast.Assign) and _is_scatter(code, made.value, target)
    receiver = original(code, read.value)
    if receiver is None or not code.value(receiver).kind.is_variable:
        return False
    between = block[block.index(read) + 1 : block.index(statement)]
    return has_item_changed(code, between, name) and not _is_reshaped(code, between, name)


def _is_scatter(code: Code, value: ast.expr, target: ast.expr) -> bool:
    call = scatter_call(code, value)
    if call is None or call.tensor is None or not same(call.tensor, target):
        return False
    return code.value(call.tensor).kind.is_variable


def _is_reshaped(code: Code, between: Body, name: str) -> bool:
    """Whether a method or an attribute gives the copy another shape or dtype."""
    owners = (code.parents[use] for use in names_of(between, name))
    return any(
        isinstance(owner, ast.Attribute)
        and (owner.attr == "resize" or isinstance(owner.ctx, ast.Store))
        for owner in owners
    )


def _replaces(code: Code, statement: ast.Assign, target: ast.expr) -> bool:
    """Whether the target certainly means the old variable until then, for others as well."""
    if is_in_test(code, statement) or builds_graphs(code):
        return False
    if isinstance(target, ast.Name):
        return is_made_here(code, statement, target) and _is_held(code, statement, target)
    if not isinstance(target, ast.Attribute) or not isinstance(target.value, ast.Name):
        return False
    if code.value(target.value).kind is not Kind.INSTANCE:
        return False
    makers = [
        code.function(store)
        for store in attributes(code.source.tree)
        if store is not target and isinstance(store.ctx, ast.Store) and same(store, target)
    ]
    # Where the function itself makes the old one nobody need hold it yet.
    return bool(makers) and code.function(statement) not in makers


def _is_held(code: Code, statement: ast.Assign, target: ast.Name) -> bool:
    """Whether anything but the copying may have used the old variable before."""
    scope = code.function(statement)
    if isinstance(scope, ast.Module) or any(
        isinstance(node, ast.Global | ast.Nonlocal) and target.id in node.names
        for node in ast.walk(scope)
    ):
        return True
    uses = [
        node
        for node in ast.walk(scope)
        if isinstance(node, ast.Name) and node.id == target.id and isinstance(node.ctx, ast.Load)
    ]
    # One of them is read by the copy.
    return sum(node.lineno <= statement.lineno for node in uses) > 1


def _candidate(code: Code, statement: ast.Assign, target: ast.expr) -> Candidate:
    name = short(target)
    return Candidate(
        RULE,
        statement,
        Misuse(code.operand(target), Effect.REPLACES, code.source.span(statement)),
        f"`{name}` is bound to a new variable: what holds the old one never sees the change",
        refusal=Reason.CHANGES_MEANING,
    )

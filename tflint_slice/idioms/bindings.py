"""What else the code does with a name or attribute that it binds to a tensor made from it.

Only where all of that fits is the binding a mistake: the attribute is made as a variable in another
function, the name by a call that makes one, and nothing else is ever bound to either.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tflint_slice.idioms.code import Code, same
from tflint_slice.idioms.scatter_calls import scatter_call
from tflint_slice.infer.rebinding import is_arithmetic_of
from tflint_slice.infer.scopes import FunctionNode, bound_names
from tflint_slice.infer.values import Value
from tflint_slice.model import Kind

_MAKERS = frozenset(
    {"tensorflow.Variable", "keras.Variable", "keras.backend.Variable", "tensorflow.keras.Variable"}
)
_WEIGHTS = frozenset({"add_weight", "add_variable"})
_KNOWN_BASES = ("tensorflow.", "keras.", "tf_keras.", "builtins.object", "abc.", "typing.")
_HARMLESS = frozenset({"numpy", "shape", "dtype", "get_shape"})
Binding = ast.Assign | ast.AugAssign


def is_lost(code: Code, node: Binding, target: ast.Attribute) -> bool:
    """Whether the attribute is one of an instance, made as a variable in another function."""
    owner = code.value(target.value)
    if owner.kind is not Kind.INSTANCE or not isinstance(target.value, ast.Name):
        return False
    classes = code.facts.classes
    if owner.name not in classes.classes:
        return False
    family = classes.family(owner.name)
    for facts in family:
        # A base class that is not in view may make of a store what it likes.
        if len(facts.bases) < len(facts.node.bases):
            return False
        if not all(base.startswith(_KNOWN_BASES) or "@" in base for base in facts.bases):
            return False
        # All instances share the variable of a class, until one of them binds its own.
        if target.attr in bound_names(facts.node.body):
            return False
    function = code.function(node)
    others = classes.classes.keys() - {facts.key for facts in family}
    return all(
        _rebinds(code, store) or (_is_made(code, store) and code.function(store) is not function)
        for store in attributes(code.source.tree)
        if store.attr == target.attr
        and not isinstance(store.ctx, ast.Load)
        and code.value(store.value).name not in others
    )


def _is_made(code: Code, store: ast.Attribute) -> bool:
    """Whether the store is of what a call makes, or of None: not of a variable of somebody else."""
    parent = code.parents[store]
    if not isinstance(parent, (ast.Assign, ast.AnnAssign)):
        return False
    value = parent.value
    return isinstance(value, ast.Call) or (isinstance(value, ast.Constant) and value.value is None)


def _rebinds(code: Code, target: ast.Attribute) -> bool:
    """Whether a store computes the attribute from itself; where it is made, it may be by steps."""
    parent = code.parents[target]
    if isinstance(parent, ast.AugAssign):
        return True
    if not isinstance(parent, ast.Assign):
        return False
    call = scatter_call(code, parent.value)
    scattered = call is not None and call.tensor is not None and same(call.tensor, target)
    return scattered or is_arithmetic_of(target, parent.value)


def is_reshaped(code: Code, target: ast.Attribute, value: ast.expr) -> bool:
    """Whether a term has more axes than the variable: what grows is no variable on purpose."""
    rank = creation(code, target).rank
    ranks = [code.value(term).rank for term in terms(value) if code.value(term).is_array]
    return rank is not None and any(other is not None and other > rank for other in ranks)


def terms(value: ast.expr) -> Iterator[ast.expr]:
    """What stands between the operators of an expression."""
    if isinstance(value, ast.BinOp):
        yield from terms(value.left)
        yield from terms(value.right)
    else:
        yield value


def creation(code: Code, target: ast.Attribute) -> Value:
    name = code.value(target.value).name
    assert name is not None
    return code.facts.classes.independently(name, target.attr)


def is_made_here(code: Code, node: ast.Assign, target: ast.Name) -> bool:
    """Whether the name is local, and bound by nothing but calls that make variables, and scatters.

    Under a tape the tensor may be wanted for its gradient.
    """
    scope = code.function(node)
    if not isinstance(scope, (ast.Module, FunctionNode)):
        return False
    for parent in code.ancestors(node):
        if isinstance(parent, ast.With) and any(
            code.called(item.context_expr) == "tensorflow.GradientTape" for item in parent.items
        ):
            return False
    return all(_makes_or_scatters(code, child) for child in _stores(code, scope, target.id))


def _stores(code: Code, scope: ast.AST, name: str) -> Iterator[ast.AST]:
    """Where a name of the scope is bound, as a parameter or a function for example."""
    for child in ast.walk(scope):
        if child is not scope and code.function(child) is not scope:
            continue
        if isinstance(child, ast.Name):
            bound = None if isinstance(child.ctx, ast.Load) else child.id
        elif isinstance(child, ast.arg):
            bound = child.arg
        else:
            # Functions, classes, handlers, patterns and imports.
            bound = getattr(child, "asname", None) or getattr(child, "name", None)
        if bound == name:
            yield child


def _makes_or_scatters(code: Code, store: ast.AST) -> bool:
    statement = code.parents.get(store)
    if not isinstance(statement, ast.Assign) or statement.targets != [store]:
        return False
    value = statement.value
    if not isinstance(value, ast.Call):
        return False
    call = scatter_call(code, value)
    if call is not None and call.tensor is not None and isinstance(store, ast.Name):
        return same(call.tensor, store)
    weight = isinstance(value.func, ast.Attribute) and value.func.attr in _WEIGHTS
    return code.called(value) in _MAKERS or (weight and code.value(value).kind.is_variable)


def is_left_alone(code: Code, node: ast.Assign, target: ast.Name) -> bool:
    """Whether it is the only scatter, and no other use means something else for a variable."""
    own = set(ast.walk(node))
    scope = code.function(node)
    for child in ast.walk(scope):
        if not isinstance(child, ast.Name) or child.id != target.id or child in own:
            continue
        parent = code.parents[child]
        if isinstance(child.ctx, ast.Load) and not _only_reads(code, child, parent):
            return False
        if isinstance(parent, ast.Assign) and scatter_call(code, parent.value) is not None:
            return False
    return True


def _only_reads(code: Code, name: ast.Name, parent: ast.AST) -> bool:
    statement = code.statement(name)
    if isinstance(parent, ast.Attribute):
        kept = isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Delete))
        return parent.attr in _HARMLESS and not kept
    if isinstance(parent, ast.Subscript):
        return parent.value is name and isinstance(parent.ctx, ast.Load)
    if isinstance(parent, ast.Call):
        called = code.called(parent) or ""
        return not called.startswith("numpy.") or not isinstance(statement, ast.Assign)
    return isinstance(parent, (ast.BinOp, ast.Compare, ast.Return, ast.FormattedValue, ast.Expr))


def attributes(node: ast.AST) -> Iterator[ast.Attribute]:
    return (child for child in ast.walk(node) if isinstance(child, ast.Attribute))

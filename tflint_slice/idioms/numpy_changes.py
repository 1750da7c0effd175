"""What the statements between the making of a NumPy copy and its assign do to the copy.

Stores into it become updates of the variable. What else happens there is a reason to leave the
copy as it is: it is seen as a whole, changed in a way that no update says, or a name that a store
needs is bound again before the stores would come.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace

from tflint_slice.idioms.code import Body, Code, names_in
from tflint_slice.idioms.item_assignment import OPS, update_of
from tflint_slice.infer.dtypes import integer_range
from tflint_slice.model import Kind, Mask, Op, Reason, Update
from tflint_slice.syntax.spots import CHANGING_FUNCTIONS, CHANGING_METHODS, is_key

_CHANGING_FUNCTIONS = frozenset(
    {f"numpy.{name}" for name in CHANGING_FUNCTIONS}
    | {f"numpy.{name}.at" for name in ("add", "subtract", "multiply", "maximum", "minimum")}
)


@dataclass
class Trip:
    """What happens to the copy between its making and the assign."""

    updates: list[Update] = field(default_factory=list)
    stores: list[ast.stmt] = field(default_factory=list)
    changes: int = 0
    refusal: Reason | None = None
    hindrance: Reason | None = None


def follow(
    code: Code,
    between: Body,
    name: str,
    receiver: ast.expr,
    part: str | None = None,
    dtype: str | None = None,
) -> Trip:
    """What the statements do to the copy ``name``, or to the ``part`` of it that is the array.

    ``dtype`` is that of the receiver where its value does not show it.
    """
    part = part or name
    dtype = dtype or code.value(receiver).dtype
    trip = Trip()
    used: set[str] = set()
    for statement in between:
        if isinstance(statement, (ast.For, ast.While, ast.If, ast.With)):
            _follow_block(code, statement, name, part, trip)
            continue
        stored = _store(statement, part)
        if stored is None:
            _follow_other(code, statement, name, receiver, trip)
            if _bound(statement) & used:
                # The stores move to the assign, where the name means something else.
                trip.refusal = trip.refusal or Reason.STATEMENT_BETWEEN
            continue
        subscript, value, op = stored
        trip.changes += 1
        trip.stores.append(statement)
        used |= names_in(statement) - {name}
        compared = _is_comparison_of(subscript.slice, part)
        looked_at = [value] if compared else [subscript.slice, value]
        if compared and not _compares_alike(code, subscript.slice, dtype):
            trip.refusal = trip.refusal or Reason.VALUE_OUT_OF_DTYPE
        if any(name in names_in(node) for node in looked_at):
            trip.refusal = trip.refusal or Reason.VALUE_ESCAPES
        if not all(map(code.is_pure, looked_at)):
            trip.hindrance = trip.hindrance or Reason.SIDE_EFFECTS
        update = update_of(code, subscript, value, op)
        if isinstance(update.region, Mask):
            # What compares tensors does so today, and goes on to; of the copy see above.
            mask = update.region.mask
            mask = replace(mask, dtype="bool") if compared else mask
            update = replace(update, region=replace(update.region, mask=mask, alike=True))
        trip.updates.append(_with_receiver(update, part, receiver))
    return trip


def _follow_block(code: Code, statement: ast.stmt, name: str, part: str, trip: Trip) -> None:
    """Stores under a condition or in a loop: a round trip all the same, but to be left alone."""
    stores = [
        child
        for child in ast.walk(statement)
        if isinstance(child, ast.stmt) and _store(child, part) is not None
    ]
    if not stores and name not in names_in(statement):
        trip.refusal = trip.refusal or Reason.STATEMENT_BETWEEN
        return
    trip.changes += len(stores)
    looped = isinstance(statement, (ast.For, ast.While))
    trip.refusal = trip.refusal or (Reason.LOOP_OF_UPDATES if looped else Reason.STATEMENT_BETWEEN)


def _follow_other(
    code: Code, statement: ast.stmt, name: str, receiver: ast.expr, trip: Trip
) -> None:
    """Anything else that stands between: harmless if it binds a name to a pure expression."""
    if name in names_in(statement):
        array = changed(code, statement)
        trip.changes += isinstance(array, ast.Name) and array.id == name
        trip.refusal = trip.refusal or Reason.VALUE_ESCAPES
        return
    if isinstance(statement, ast.Pass):
        return
    harmless = (
        isinstance(statement, ast.Assign)
        and all(isinstance(target, ast.Name) for target in statement.targets)
        and code.is_pure(statement.value)
    )
    if not harmless or _bound(statement) & names_in(receiver):
        trip.refusal = trip.refusal or Reason.STATEMENT_BETWEEN


def changed(code: Code, statement: ast.stmt) -> ast.expr | None:
    """The array that the statement changes through a method or function of NumPy."""
    call = getattr(statement, "value", None)
    if not isinstance(statement, ast.Expr) or not isinstance(call, ast.Call):
        return None
    if code.called(call) in _CHANGING_FUNCTIONS:
        return call.args[0] if call.args else None
    function = call.func
    if not isinstance(function, ast.Attribute) or function.attr not in CHANGING_METHODS:
        return None
    return function.value


def _store(statement: ast.stmt, part: str) -> tuple[ast.Subscript, ast.expr, Op] | None:
    """``part[index] = value`` or ``part[index] <op>= value``."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target, op = statement.targets[0], Op.SET
    elif isinstance(statement, ast.AugAssign):
        target, op = statement.target, OPS[type(statement.op)]
    else:
        return None
    if not isinstance(target, ast.Subscript) or ast.unparse(target.value) != part:
        return None
    return None if is_key(target.slice) else (target, statement.value, op)


def _is_comparison_of(node: ast.expr, part: str) -> bool:
    """``a > 0.5``, which reads the same of the variable: a mask of its own elements."""
    return (
        isinstance(node, ast.Compare)
        and ast.unparse(node.left) == part
        and len(node.comparators) == 1
        and isinstance(node.comparators[0], ast.Constant)
    )


def _compares_alike(code: Code, node: ast.expr, dtype: str | None) -> bool:
    """Whether TensorFlow compares with the constant as NumPy does: it has to fit the dtype."""
    assert isinstance(node, ast.Compare)
    constant = code.value(node.comparators[0])
    limits = integer_range(dtype)
    if constant.kind is Kind.INT and limits is not None:
        return constant.low is not None and limits[0] <= constant.low <= limits[1]
    return constant.kind in (Kind.INT, Kind.FLOAT) and dtype in ("float32", "float64")


def _with_receiver(update: Update, part: str, receiver: ast.expr) -> Update:
    """The update of the variable that the update of its copy stands for."""
    if not isinstance(update.region, Mask) or not update.region.of_target:
        return update
    mask = update.region.mask
    if mask.text.startswith(part):
        text = ast.unparse(receiver) + mask.text[len(part) :]
    else:
        # The copy is spelled otherwise there, as `(a)` or `w[ 0 ]`.
        compared = ast.parse(f"({mask.text})", mode="eval").body
        assert isinstance(compared, ast.Compare) and isinstance(receiver, ast.expr)
        text = ast.unparse(ast.Compare(receiver, compared.ops, compared.comparators))
    return replace(update, region=replace(update.region, mask=replace(mask, text=text)))


def _bound(statement: ast.stmt) -> set[str]:
    return {
        child.id
        for child in ast.walk(statement)
        if isinstance(child, ast.Name) and not isinstance(child.ctx, ast.Load)
    }

"""TFS201: a variable copied to NumPy, changed in part there, and assigned back as a whole.

``a = v.numpy(); a[i] = x; v.assign(a)`` in one block. What is done to the copy in between must be
stores into it alone; anything else that sees the copy makes it more than a detour.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from tflint_slice.idioms.candidates import Candidate
from tflint_slice.idioms.code import Body, Code, is_path, names_in, same
from tflint_slice.idioms.functional_scatter import binds
from tflint_slice.idioms.item_assignment import OPS, update_of
from tflint_slice.idioms.spellings import Breadth, Spelling
from tflint_slice.idioms.tracing import is_traced
from tflint_slice.infer.dtypes import integer_range
from tflint_slice.infer.project import is_script
from tflint_slice.model import Effect, Kind, Mask, Misuse, Op, Reason, Rule, Update, UpdateSequence

RULE = Rule(
    "TFS201",
    "numpy-round-trip",
    "a variable copied to NumPy, changed in part, and assigned back",
)
RULES = (RULE,)
_TRIP = "a = {{v}}.numpy()\n{}\n{{v}}.assign(a)".format
SPELLINGS = {
    RULE.code: (
        Spelling("set", _TRIP("a[{index}] = {value}"), Breadth.FULL),
        Spelling("add", _TRIP("a[{index}] += {value}"), Breadth.OPERATOR),
        Spelling("subtract", _TRIP("a[{index}] -= {value}"), Breadth.OPERATOR),
        Spelling("multiply", _TRIP("a[{index}] *= {value}"), Breadth.OPERATOR),
        Spelling("divide", _TRIP("a[{index}] /= {value}"), Breadth.OPERATOR),
        Spelling("whole", _TRIP("a[:] = tf.ones([5])")),
        Spelling("floor-divide", _TRIP("a[2] //= 2.0")),
        Spelling("mask-of-the-copy", _TRIP("a[a > 0.5] = 2.0")),
        Spelling("two-elements", _TRIP("a[0] = 2.0\na[2] = 3.0")),
        Spelling("two-sums", _TRIP("a[0] += 2.0\na[2] += 3.0")),
        Spelling("element-twice", _TRIP("a[0] = 2.0\na[0] = 3.0")),
        Spelling("set-then-add", _TRIP("a[0] = 2.0\na[0] += 3.0")),
        Spelling("element-and-slice", _TRIP("a[0] = 2.0\na[2:] = 3.0")),
        Spelling("binding-between", _TRIP("b = tf.ones([])\na[2] = b")),
        Spelling("loop", _TRIP("for k in range(5):\n    a[k] = 2.0")),
        Spelling("fill", _TRIP("a.fill(2.0)")),
        Spelling("np.array", "a = np.array({v})\na[2] = 2.0\n{v}.assign(a)"),
        Spelling("np.copy", "a = np.copy({v})\na[2] = 2.0\n{v}.assign(a)"),
        Spelling("read_value", "a = {v}.read_value().numpy()\na[2] = 2.0\n{v}.assign(a)"),
        Spelling("constant", "a = {v}.numpy()\na[2] = 2.0\n{v}.assign(tf.constant(a))"),
    )
}

_COPIES = frozenset({"numpy.array", "numpy.asarray", "numpy.copy", "numpy.asanyarray"})
_CONVERSIONS = frozenset({"tensorflow.constant", "tensorflow.convert_to_tensor"})
_READS = frozenset({"value", "read_value"})
# Changes of the copy that have no counterpart as an update of a region.
_CHANGING_METHODS = frozenset({"fill", "sort", "put", "partition", "itemset"})
_CHANGING_FUNCTIONS = frozenset(
    {"numpy.put", "numpy.copyto", "numpy.fill_diagonal", "numpy.place", "numpy.putmask"}
    | {f"numpy.{name}.at" for name in ("add", "subtract", "multiply", "maximum", "minimum")}
)


@dataclass
class Trip:
    """What happens to the copy between its making and the assign."""

    updates: list[Update] = field(default_factory=list)
    stores: list[ast.stmt] = field(default_factory=list)
    changes: int = 0
    looped: bool = False
    refusal: Reason | None = None
    hindrance: Reason | None = None


def find(code: Code) -> Iterator[Candidate]:
    for call in code.calls:
        statement = code.parents[call]
        written = assigned(call)
        if isinstance(statement, ast.Expr) and written is not None:
            candidate = round_trip(code, RULE, statement, *written)
            if candidate is not None:
                yield candidate


def assigned(call: ast.Call) -> tuple[ast.expr, ast.expr] | None:
    """The variable and the value of ``v.assign(a)``."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr != "assign":
        return None
    return (call.func.value, call.args[0]) if len(call.args) == 1 and not call.keywords else None


def round_trip(
    code: Code,
    rule: Rule,
    statement: ast.Expr,
    receiver: ast.expr,
    value: ast.expr,
    readers: frozenset[str] = frozenset(),
) -> Candidate | None:
    """The trip that ends where ``statement`` writes ``value`` to ``receiver``, if it is one.

    ``readers`` are functions that copy a variable to NumPy, besides NumPy's own.
    """
    if not is_path(receiver) or not code.value(receiver).kind.is_variable:
        return None
    name = assigned_name(code, value, code.value(receiver).dtype)
    if name is None:
        return None
    block = code.block(statement)
    read = copying(code, block, statement, name, receiver, readers)
    if read is None:
        return None
    between = block[block.index(read) + 1 : block.index(statement)]
    trip = follow(code, between, name, receiver)
    if trip.changes == 0:
        return None
    if trip.refusal is None:
        trip.refusal = escape(code, read, statement, name)
    short = ast.unparse(receiver)
    message = f"`{short}` goes through NumPy as a whole, there and back, to change a part of it"
    target = code.operand(receiver)
    if trip.refusal is not None or not trip.updates:
        found: UpdateSequence | Misuse = Misuse(target, Effect.WRITES, code.source.span(statement))
        reason = trip.refusal or Reason.NO_REWRITE
        return Candidate(rule, statement, found, message, refusal=reason)
    if code.catches and is_traced(code, statement):
        # The copy raises where it is traced, and a handler sees that.
        trip.hindrance = trip.hindrance or Reason.CAUGHT_EXCEPTION
    alone = all(map(code.is_alone, [read, *trip.stores]))
    sequence = UpdateSequence(
        target,
        tuple(trip.updates),
        Effect.WRITES,
        read_first=True,
        atomic=True,
        place=code.source.span(statement),
        statements=tuple(code.source.span(gone) for gone in (read, *trip.stores)),
        temporaries=(name,),
    )
    return Candidate(
        rule,
        statement,
        sequence,
        message,
        hindrance=trip.hindrance,
        refusal=None if alone else Reason.NO_REWRITE,
    )


def assigned_name(code: Code, node: ast.expr, dtype: str | None) -> str | None:
    """``a``, also as ``tf.constant(a)`` or ``tf.convert_to_tensor(a)``, with the same dtype."""
    if isinstance(node, ast.Call) and code.called(node) in _CONVERSIONS and node.args:
        options = [*node.args[1:], *(word.value for word in node.keywords if word.arg == "dtype")]
        if len(options) != len(node.args) + len(node.keywords) - 1:
            return None
        if any(dtype is None or code.value(option).const != dtype for option in options):
            return None
        node = node.args[0]
    return node.id if isinstance(node, ast.Name) else None


def copying(
    code: Code,
    block: Body,
    statement: ast.stmt,
    name: str,
    receiver: ast.expr,
    readers: frozenset[str] = frozenset(),
) -> ast.stmt | None:
    """``name = receiver.numpy()`` and its like, the last binding of the name in the block."""
    for earlier in reversed(block[: block.index(statement)]):
        if binds(earlier, name):
            assert isinstance(earlier, ast.Assign)
            copied = original(code, earlier.value, readers)
            return earlier if copied is not None and same(copied, receiver) else None
    return None


def original(code: Code, node: ast.expr, readers: frozenset[str] = frozenset()) -> ast.expr | None:
    """What a writable NumPy copy is made of."""
    if not isinstance(node, ast.Call) or node.keywords:
        return None
    if code.called(node) in readers and len(node.args) == 1:
        return node.args[0]
    if code.called(node) in _COPIES and len(node.args) == 1:
        inner = node.args[0]
        if isinstance(inner, ast.Call):
            return original(code, inner, readers)
        return inner
    if not isinstance(node.func, ast.Attribute) or node.args:
        return None
    if node.func.attr == "copy":
        return original(code, node.func.value, readers)
    if node.func.attr != "numpy":
        return None
    inner = node.func.value
    if (
        isinstance(inner, ast.Call)
        and isinstance(inner.func, ast.Attribute)
        and inner.func.attr in _READS
        and not inner.args
        and not inner.keywords
    ):
        return inner.func.value
    return inner


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
    if not isinstance(function, ast.Attribute) or function.attr not in _CHANGING_METHODS:
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
    return target, statement.value, op


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
    text = ast.unparse(receiver) + mask.text[len(part) :]
    return replace(update, region=replace(update.region, mask=replace(mask, text=text)))


def _bound(statement: ast.stmt) -> set[str]:
    return {
        child.id
        for child in ast.walk(statement)
        if isinstance(child, ast.Name) and not isinstance(child.ctx, ast.Load)
    }


def escape(code: Code, read: ast.stmt, statement: ast.stmt, name: str) -> Reason | None:
    """Whether the copy is seen anywhere but between its making and the assign."""
    function = code.function(statement)
    if isinstance(function, ast.ClassDef):
        return Reason.VALUE_ESCAPES
    if isinstance(function, ast.Module) and not is_script(code.source.path):
        return Reason.VALUE_ESCAPES
    if code.is_spelled(name):
        return Reason.VALUE_ESCAPES
    block = code.block(statement)
    own = {
        child
        for part in block[block.index(read) : block.index(statement) + 1]
        for child in ast.walk(part)
    }
    for child in ast.walk(function):
        if isinstance(child, (ast.Global, ast.Nonlocal)) and name in child.names:
            return Reason.VALUE_ESCAPES
        if isinstance(child, ast.Name) and child.id == name and child not in own:
            return Reason.VALUE_ESCAPES
    return None

"""TFS103, TFS110: methods called on a slice of a variable that has not got them.

A slice ``v[i]`` is a tensor to which TensorFlow lends ``assign`` alone, and that only where the
index is a basic one and the variable itself is subscripted. Whatever else is called on it raises.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tflint_slice.idioms.candidates import Candidate
from tflint_slice.idioms.code import Code, is_literal, is_path, names_in
from tflint_slice.idioms.item_assignment import update_of
from tflint_slice.idioms.regions import region
from tflint_slice.idioms.spellings import Breadth, Spelling
from tflint_slice.infer.dims import is_integer_dtype
from tflint_slice.model import (
    Axes,
    Effect,
    Kind,
    Mask,
    Misuse,
    Op,
    Point,
    Reason,
    Region,
    Rule,
    Shape,
    Update,
    UpdateSequence,
)

MISSING = Rule("TFS103", "slice-method-missing", "a method of a variable called on a slice of it")
FANCY = Rule("TFS110", "fancy-index-assign", "`assign` on what is no slice of a variable")
RULES = (MISSING, FANCY)
SPELLINGS = {
    MISSING.code: (
        Spelling("add", "{v}[{index}].assign_add({value})", Breadth.VALUES),
        Spelling("subtract", "{v}[{index}].assign_sub({value})", Breadth.OPERATOR),
        Spelling("read", "{v}.read_value()[2].assign_add(2.0)"),
        Spelling("keyword", "{v}[2].assign_add(delta=2.0)"),
        Spelling("scatter", "{v}[1:3].scatter_nd_update([[0]], [2.0])"),
        Spelling("used", "y = {v}[2].assign_add(2.0)"),
    ),
    FANCY.code: (
        Spelling("read", "{v}.read_value()[{index}].assign({value})", Breadth.OPERATOR),
        Spelling("value", "{v}.value()[1:3].assign([2.0, 3.0])"),
        Spelling("list", "{v}[[0, 2]].assign([2.0, 3.0])"),
        Spelling("list-of-numbers", "{v}[[0, -1]].assign(2.0)"),
        Spelling("array", "{v}[tf.constant([0, 2])].assign(2.0)"),
        Spelling("mask", "{v}[{v} > 0.5].assign(2.0)"),
        Spelling("chained", "{v}[1:3][0].assign(2.0)"),
    ),
}

# What the method does, and the name of its argument.
_METHODS: dict[str, tuple[Op, frozenset[str]]] = {
    "assign": (Op.SET, frozenset({"val"})),
    "assign_add": (Op.ADD, frozenset({"delta"})),
    "assign_sub": (Op.SUBTRACT, frozenset({"delta"})),
}
_OPERATORS = {Op.SET: "=", Op.ADD: "+=", Op.SUBTRACT: "-="}
_SCATTERS = frozenset(
    {f"scatter_nd_{suffix}" for suffix in ("update", "add", "sub", "max", "min")}
    | {f"scatter_{suffix}" for suffix in ("update", "add", "sub", "mul", "div", "max", "min")}
    | {"batch_scatter_update"}
)
_SOUGHT = _SCATTERS.union(_METHODS)
_READS = frozenset({"value", "read_value"})


@dataclass(frozen=True)
class SliceCall:
    """``variable[index].method(value)``.

    ``subscripts`` are those between the variable and the method, from the variable outwards;
    ``read`` says that they are of ``variable.value()`` or the like. ``value`` is None where the
    arguments are not one value.
    """

    node: ast.Call
    method: str
    variable: ast.expr
    subscripts: tuple[ast.Subscript, ...]
    read: bool
    value: ast.expr | None


def find(code: Code) -> Iterator[Candidate]:
    for node in code.calls:
        call = slice_call(code, node)
        if call is None or _is_asked_for(code, node):
            continue
        if call.method != "assign":
            text = f"`{_short(call)}.{call.method}` always raises: a slice has no such method"
            yield _candidate(code, call, MISSING, text, Effect.RAISES)
        elif fault := _fault(code, call):
            effect, text = fault
            yield _candidate(code, call, FANCY, f"`{_short(call)}.assign` {text}", effect)


def _is_asked_for(code: Code, node: ast.Call) -> bool:
    """Whether the code asks first if there is such a method."""
    tests = (parent.test for parent in code.ancestors(node) if isinstance(parent, ast.If))
    return any("hasattr" in names_in(test) for test in tests)


def slice_call(code: Code, node: ast.Call) -> SliceCall | None:
    """The parts of a call on what is certainly a slice of a variable."""
    function = node.func
    if not isinstance(function, ast.Attribute) or function.attr not in _SOUGHT:
        return None
    inner = function.value
    subscripts: list[ast.Subscript] = []
    while isinstance(inner, ast.Subscript):
        subscripts.insert(0, inner)
        inner = inner.value
        variable = _read_variable(code, inner)
        if variable is not None or code.value(inner).kind.is_variable:
            return SliceCall(
                node,
                function.attr,
                variable or inner,
                tuple(subscripts),
                variable is not None,
                _value(node, function.attr),
            )
    return None


def _read_variable(code: Code, node: ast.expr) -> ast.expr | None:
    """``v`` of ``v.value()`` and ``v.read_value()``."""
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in _READS
        and not node.args
        and not node.keywords
        # Of a Keras 3 variable ``value`` is no method.
        and code.value(node.func.value).kind in (Kind.VARIABLE, Kind.KERAS2_WEIGHT)
    ):
        return node.func.value
    return None


def _value(node: ast.Call, method: str) -> ast.expr | None:
    """The one argument of the call, if it has no other."""
    if method not in _METHODS or len(node.args) + len(node.keywords) != 1:
        return None
    _, names = _METHODS[method]
    if node.args:
        return None if isinstance(node.args[0], ast.Starred) else node.args[0]
    return node.keywords[0].value if node.keywords[0].arg in names else None


def _fault(code: Code, call: SliceCall) -> tuple[Effect, str] | None:
    """What ``assign`` does to what is no slice, if that is certain."""
    if call.read:
        return Effect.RAISES, "always raises: what is read is a tensor, without `assign`"
    if len(call.subscripts) > 1:
        return Effect.RAISES, "always raises: a slice of a slice has no `assign`"
    (subscript,) = call.subscripts
    place = region(code, subscript)
    if isinstance(place, Mask):
        if place.mask.kind is Kind.UNKNOWN:
            # A comparison of unknown things may be anything.
            return None
        return Effect.RAISES, "always raises: what a mask selects has no `assign`"
    if code.value(subscript.slice).kind is Kind.LIST:
        index = subscript.slice
        # What is in a list that has a name, code elsewhere may change.
        return _fault_of_list(code, call, index) if isinstance(index, ast.List) else None
    if isinstance(place, Axes) and not place.is_basic:
        return Effect.RAISES, "always raises: the index of a slice holds no array and no list"
    return None


def _fault_of_list(code: Code, call: SliceCall, index: ast.List) -> tuple[Effect, str] | None:
    """``v[[0, 2]]`` means ``v[0, 2]``, which may exist."""
    entries, literal = code.operand(index), is_literal(index)
    if entries.dtype == "bool" and literal:
        return Effect.RAISES, "always raises: a list of bools is no mask here"
    if entries.shape is None or not is_integer_dtype(entries.dtype):
        return None
    value = None if call.value is None else code.operand(call.value).shape
    target = code.operand(call.variable).shape
    if len(entries.shape) > 1 or _never_fits(len(index.elts), target, value):
        return Effect.RAISES, "always raises: a list in brackets names one place"
    if len(index.elts) > 1 and literal:
        # A list of names may well be meant as the coordinates of one element.
        place = _cut(f"{ast.unparse(call.variable)}[{ast.unparse(index)[1:-1]}]")
        return Effect.WRITES, f"writes to one place, `{place}`, not to several"
    return None


def _never_fits(count: int, target: Shape | None, value: Shape | None) -> bool:
    """Whether ``count`` coordinates name no slice of the target, or one too small for the value.

    A slice takes leading axes of length one that it has not got; one without elements takes all.
    """
    if target is None:
        return False
    if count > len(target):
        return True
    due = target[count:]
    if value is None or not all(isinstance(dim, int) and dim > 0 for dim in due):
        return False
    extra = value[: max(len(value) - len(due), 0)]
    pairs = zip(reversed(value), reversed(due), strict=False)
    return any(isinstance(dim, int) and dim != 1 for dim in extra) or any(
        isinstance(given, int) and given not in (1, dim) for given, dim in pairs
    )


def _candidate(code: Code, call: SliceCall, rule: Rule, message: str, effect: Effect) -> Candidate:
    target = code.operand(call.variable)
    place = code.source.span(call.node)
    subscript = _merged(code, call)
    refusal = _refusal(code, call, subscript, effect)
    if refusal is not None or subscript is None or call.value is None:
        found = Misuse(target, effect, place)
        return Candidate(rule, call.node, found, message, refusal=refusal or Reason.NO_REWRITE)
    op, _ = _METHODS[call.method]
    return Candidate(
        rule,
        call.node,
        UpdateSequence(
            target,
            (_update(code, call, subscript, call.value, op),),
            effect,
            read_first=call.read,
            place=place,
        ),
        message,
        reference=f"{ast.unparse(subscript)} {_OPERATORS[op]} {ast.unparse(call.value)}",
    )


def _refusal(
    code: Code, call: SliceCall, subscript: ast.Subscript | None, effect: Effect
) -> Reason | None:
    if effect is Effect.WRITES:
        return Reason.CHANGES_MEANING
    statement = code.parents[call.node]
    if not isinstance(statement, ast.Expr) or call.value is None or subscript is None:
        # In NumPy's terms it is a statement, which has no value; or it is none of these.
        return Reason.NO_REWRITE
    if not is_path(call.variable):
        return Reason.SIDE_EFFECTS
    if call.method != "assign" and not code.is_pure(subscript.slice):
        return Reason.SIDE_EFFECTS
    return None


def _merged(code: Code, call: SliceCall) -> ast.Subscript | None:
    """All subscripts as one of the variable: ``v[0][1:3]`` is ``v[0, 1:3]``."""
    *leading, last = call.subscripts
    if not leading:
        if not call.read:
            return last
        return ast.copy_location(ast.Subscript(call.variable, last.slice, ast.Load()), last)
    if not all(_is_point(region(code, subscript)) for subscript in leading):
        return None
    place = region(code, last)
    parts = [part for each in call.subscripts for part in _parts(each)]
    if not parts or not isinstance(place, Axes) or not place.is_basic:
        return None
    index = ast.Tuple(parts, ast.Load())
    ast.copy_location(index, last.slice)
    return ast.copy_location(ast.Subscript(call.variable, index, ast.Load()), last)


def _is_point(place: Region) -> bool:
    """Whether it takes one entry of each axis that it names, so that what follows is the rest."""
    return isinstance(place, Axes) and all(
        isinstance(axis, Point) and axis.index.kind is Kind.INT for axis in place.axes
    )


def _parts(subscript: ast.Subscript) -> list[ast.expr]:
    index = subscript.slice
    return index.elts if isinstance(index, ast.Tuple) else [index]


def _update(
    code: Code, call: SliceCall, subscript: ast.Subscript, value: ast.expr, op: Op
) -> Update:
    """The update in NumPy's terms, evaluated in the order of a call."""
    update = replace(update_of(code, subscript, value, op), order=("index", "value"))
    if len(call.subscripts) == 1:
        return update
    return replace(update, index=", ".join(map(code.text, _parts(subscript))))


def _short(call: SliceCall) -> str:
    """The receiver without its indices."""
    return _cut(ast.unparse(call.subscripts[0].value)) + "[...]" * len(call.subscripts)


def _cut(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."

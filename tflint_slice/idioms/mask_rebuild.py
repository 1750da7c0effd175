"""TFS303: a variable made anew by a mask over all of it, of which positions say where it is true.

``v.assign(tf.where(tf.range(n) == i, x, v))`` and ``v.assign(v * (1 - m) + x * m)`` with ``m`` one
hot. Masks that come from the elements, or from elsewhere, are what ``tf.where`` is for.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tflint_slice.idioms.candidates import Candidate
from tflint_slice.idioms.code import Code, same
from tflint_slice.idioms.position_masks import (
    PositionMask,
    arguments,
    axis_of,
    index_dtypes_agree,
    is_scalar,
    made_of,
    position_mask,
)
from tflint_slice.idioms.rebuilt import Rebuilt, assigned
from tflint_slice.idioms.spellings import Breadth, Spelling
from tflint_slice.infer.dims import at_most
from tflint_slice.infer.dtypes import integer_range
from tflint_slice.model import (
    Axes,
    Axis,
    Bounds,
    Dim,
    Full,
    Kind,
    Negative,
    Operand,
    Point,
    Reason,
    Rule,
    Update,
)

RULE = Rule("TFS303", "mask-rebuild", "a variable rebuilt by a mask of positions")
RULES = (RULE,)
_WHERE = "{{v}}.assign(tf.where({}, {}, {{v}}))".format
_SUM = "{{v}}.assign({{v}} * (1 - {0}) + 2.0 * {0})".format
_CAST = "tf.cast(2, {v}.dtype)"
SPELLINGS = {
    RULE.code: (
        Spelling("equal", _WHERE("tf.range(5) == 2", _CAST), Breadth.FULL, lacks=("string",)),
        Spelling("number", _WHERE("tf.range(5) == 2", "2.0"), Breadth.FULL, lacks=("string",)),
        Spelling(
            "prefix", _WHERE("tf.range({v}.shape[0]) < 2", _CAST), Breadth.FULL, lacks=("string",)
        ),
        Spelling("function", _WHERE("tf.equal(2, tf.range({v}.shape[0]))", "2.0")),
        Spelling("not-equal", "{v}.assign(tf.where(tf.range(tf.shape({v})[0]) != 2, {v}, 2.0))"),
        Spelling("loop", "for k in range(5):\n    " + _WHERE("tf.range(5) == k", "2.0")),
        Spelling("one-hot", _WHERE("tf.one_hot(2, 5, True, False)", "2.0")),
        Spelling("one-hot-compared", _WHERE("tf.one_hot(2, 5) > 0", "2.0")),
        Spelling("one-hot-cast", _WHERE("tf.cast(tf.one_hot(2, 5), tf.bool)", "2.0")),
        Spelling("suffix", _WHERE("tf.range(0, 5) >= 2", "2.0")),
        Spelling("sequence", _WHERE("tf.sequence_mask(2, 5)", "2.0")),
        Spelling("reads-itself", _WHERE("tf.range(5) == 2", "{v}[0] + 1.0")),
        Spelling("value", "{v}.assign(tf.where(tf.range(5) == 2, 2.0, {v}.value()))"),
        Spelling("negative", _WHERE("tf.range(5) == -1", "2.0")),
        Spelling("beyond-the-end", _WHERE("tf.range(5) == 5", "2.0")),
        Spelling("returned", "return " + _WHERE("tf.range(5) == 2", "2.0")),
        Spelling("arithmetic", _SUM("tf.one_hot(2, 5)")),
        Spelling("named", "m = tf.one_hot(2, 5)\n" + _SUM("m")),
    )
}

_READS = frozenset({"value", "read_value"})
_COPIES = frozenset({"tensorflow.identity", "tensorflow.convert_to_tensor"})
_NUMBERS = {Kind.FLOAT: "float32", Kind.INT: "int32", Kind.BOOL: "bool"}
"""What TensorFlow makes of a number that it meets before the variable."""


def find(code: Code) -> Iterator[Candidate]:
    for candidate in assigned(code, RULE, rebuilt):
        name = candidate.found.target.text
        message = f"a mask as large as `{name}` is made, and `{name}` anew, to change a part of it"
        yield replace(candidate, message=message)


@dataclass(frozen=True)
class _Choice:
    """``value`` where the mask is true, the target elsewhere.

    ``mask`` is how the mask is written, ``made`` the expression that makes it. ``blended`` says
    that it is a sum of products, and ``exact`` that this makes no difference.
    """

    mask: ast.expr
    made: ast.expr
    places: PositionMask
    value: ast.expr
    blended: bool = False
    exact: bool = True


def rebuilt(code: Code, expression: ast.expr, target: ast.expr) -> Rebuilt | None:
    """The update that a selection by position comes to."""
    choice = _selected(code, expression, target) or _blended(code, expression, target)
    if choice is None:
        return None
    function = f"tf.{_name(code, choice.places.maker)}" if choice.blended else "tf.where"
    found = Rebuilt((), function, read_first=choice.blended, dense_reads=1)
    whole = code.operand(target)
    if integer_range(whole.dtype) is not None:
        # Products with 0 and 1 and their sums are exact.
        choice = replace(choice, exact=True)
    if not is_scalar(code, choice.places):
        # A vector of indices, one for each row, is another matter.
        index = code.value(choice.places.index)
        may_be_one = index.kind is Kind.UNKNOWN and index.shape is None and whole.rank == 1
        return replace(found, refusal=Reason.UNKNOWN_INDEX) if may_be_one else None
    if whole.rank is None:
        return replace(found, refusal=Reason.UNKNOWN_RANK)
    counted = axis_of(code, choice.made, whole.rank)
    if choice.places.entry is None:
        return replace(found, refusal=Reason.NO_REWRITE)
    if counted is None:
        return replace(found, refusal=Reason.UNKNOWN_SHAPE)
    axis, length = counted
    assert whole.shape is not None
    update = _update(code, choice, axis)
    return replace(
        found,
        updates=(update,),
        hindrance=_hindrance(code, choice, whole, axis),
        refusal=_refusal(code, choice, whole, axis, length),
    )


def _update(code: Code, choice: _Choice, axis: int) -> Update:
    entry = choice.places.entry
    assert entry is not None
    axes: tuple[Axis, ...] = (*[Full()] * axis, entry)
    text = code.text(choice.places.index)
    if not isinstance(entry, Point):
        text = f":{text}" if entry.start is None else f"{text}:"
    return Update(
        Axes(axes),
        code.operand(choice.value),
        negative=Negative.IGNORE,
        bounds=Bounds.IGNORE,
        order=("index", "value"),
        index=", ".join([":"] * axis + [text]),
        stable=code.is_stable(choice.value, choice.places.index),
        exact=choice.exact,
    )


# --- what stands against a rewrite ----------------------------------------------------------------


def _refusal(code: Code, choice: _Choice, whole: Operand, axis: int, length: Dim) -> Reason | None:
    value = code.operand(choice.value)
    index = code.operand(choice.places.index)
    assert whole.shape is not None
    dim = whole.shape[axis]
    if length is None or length != dim:
        differ = isinstance(length, int) and isinstance(dim, int)
        return Reason.ALWAYS_RAISES if differ else Reason.UNKNOWN_SHAPE
    if choice.made is not choice.mask:
        return Reason.NO_REWRITE
    if index_dtypes_agree(code, choice.places) is False or _never_meets(code, choice, whole):
        return Reason.ALWAYS_RAISES
    if isinstance(choice.places.entry, Point) and _is_outside(index, dim):
        return Reason.MAYBE_OUT_OF_RANGE
    if index.low is not None and index.high == index.low + 1 and index.low < 0:
        return Reason.MAYBE_NEGATIVE_INDEX
    if value.rank is not None and value.rank > len(whole.shape) - 1 - axis:
        # It is chosen from by position, as the target is.
        return Reason.UNKNOWN_SHAPE
    if choice.blended and not (code.is_pure(choice.made) and code.is_pure(choice.value)):
        return Reason.SIDE_EFFECTS
    return None


def _never_meets(code: Code, choice: _Choice, whole: Operand) -> bool:
    """Whether tensors of two dtypes are put into one."""
    parts = [choice.value, choice.made] if choice.blended else [choice.value]
    operands = [code.operand(part) for part in parts]
    return any(
        (part.kind is Kind.TENSOR or part.kind.is_variable)
        and None not in (part.dtype, whole.dtype)
        and part.dtype != whole.dtype
        for part in operands
    )


def _is_outside(index: Operand, dim: Dim) -> bool:
    """Whether nothing is written: no position is equal to the index."""
    if index.high is not None and isinstance(index.high, int) and index.high <= 0:
        return True
    return index.low is not None and isinstance(dim, int) and index.low >= dim


def _hindrance(code: Code, choice: _Choice, whole: Operand, axis: int) -> Reason | None:
    if not choice.exact:
        return Reason.CHANGES_MEANING
    index, value = code.operand(choice.places.index), code.operand(choice.value)
    assert whole.shape is not None
    dim = whole.shape[axis]
    positive = index.low is not None and index.low >= 0
    if not isinstance(choice.places.entry, Point):
        if not positive:
            return Reason.MAYBE_NEGATIVE_INDEX
    elif not positive or None in (index.high, dim) or not at_most(index.high, dim):
        # The mask is then false everywhere, a scatter raises and a slice counts from the end.
        return Reason.MAYBE_OUT_OF_RANGE
    if index_dtypes_agree(code, choice.places) is None:
        return Reason.UNKNOWN_INDEX
    if not code.is_pure(choice.mask):
        return Reason.SIDE_EFFECTS
    return _against_value(value, whole)


def _against_value(value: Operand, whole: Operand) -> Reason | None:
    """What a selection refuses, in a graph or anywhere, and a scatter may take."""
    if value.kind is Kind.UNKNOWN:
        return Reason.UNKNOWN_VALUE
    if whole.dtype is None:
        return Reason.UNKNOWN_DTYPE
    literal = value.constant or value.kind in (Kind.TENSOR, Kind.NDARRAY) or value.kind.is_variable
    dtype = _NUMBERS.get(value.kind, value.dtype)
    return None if literal and dtype == whole.dtype else Reason.DTYPE_CAST


# --- the two spellings ----------------------------------------------------------------------------


def _selected(code: Code, node: ast.expr, target: ast.expr) -> _Choice | None:
    """``tf.where(mask, x, v)``, or with ``x`` and ``v`` in each other's place."""
    if not isinstance(node, ast.Call) or code.called(node) != "tensorflow.where":
        return None
    parts = arguments(node, ("condition", "x", "y"))
    if parts is None or len(parts) != 3:
        return None
    mask = parts["condition"]
    made = made_of(code, mask)
    places = position_mask(code, made)
    if places is None or code.operand(made).dtype not in (None, "bool"):
        return None
    kept, value = parts["y"], parts["x"]
    if places.inverted:
        kept, value = value, kept
    return _Choice(mask, made, places, value) if _is_read(code, kept, target) else None


def _blended(code: Code, node: ast.expr, target: ast.expr) -> _Choice | None:
    """``v * (1 - m) + x * m``, with sides and factors in any order."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Add):
        return None
    for one, other in ((node.left, node.right), (node.right, node.left)):
        for kept, rest in _factors(one):
            mask = _complemented(code, rest)
            if mask is None or not _is_read(code, kept, target):
                continue
            for value, factor in _factors(other):
                made = made_of(code, mask)
                places = position_mask(code, made) if same(factor, mask) else None
                if places is not None and not places.inverted:
                    return _Choice(mask, made, places, value, blended=True, exact=False)
    return None


def _factors(node: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Mult):
        return []
    return [(node.left, node.right), (node.right, node.left)]


def _complemented(code: Code, node: ast.expr) -> ast.expr | None:
    """The mask of ``1 - mask``."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Sub):
        return None
    one = code.value(node.left).const
    # Of a mask of ints only an int can be taken.
    floats = integer_range(code.operand(node.right).dtype) is None
    kinds = (int, float) if floats else (int,)
    return node.right if type(one) in kinds and one == 1 else None


def _is_read(code: Code, node: ast.expr, target: ast.expr) -> bool:
    if same(node, target):
        return True
    if not isinstance(node, ast.Call) or node.keywords:
        return False
    if isinstance(node.func, ast.Attribute) and node.func.attr in _READS and not node.args:
        return same(node.func.value, target)
    return code.called(node) in _COPIES and len(node.args) == 1 and same(node.args[0], target)


def _name(code: Code, call: ast.Call) -> str:
    return (code.called(call) or "").rsplit(".", 1)[-1]

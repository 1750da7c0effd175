"""Masks made from positions: which entries of one axis a comparison with ``tf.range`` names.

``tf.range(n) == i``, ``tf.one_hot(i, n)`` and ``tf.sequence_mask(k, n)`` are true at places that an
index says, whatever the elements are. Masks of any other origin are none of these.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace

from tflint_slice.idioms.code import Code, names_in
from tflint_slice.idioms.functional_scatter import binds
from tflint_slice.infer.dims import is_integer_scalar
from tflint_slice.model import Dim, Kind, Point, Range

_COMPARISONS: dict[str, type[ast.cmpop]] = {
    "tensorflow.equal": ast.Eq,
    "tensorflow.not_equal": ast.NotEq,
    "tensorflow.less": ast.Lt,
    "tensorflow.less_equal": ast.LtE,
    "tensorflow.greater": ast.Gt,
    "tensorflow.greater_equal": ast.GtE,
}
_MIRRORED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.Eq,
    ast.NotEq: ast.NotEq,
    ast.Lt: ast.Gt,
    ast.Gt: ast.Lt,
    ast.LtE: ast.GtE,
    ast.GtE: ast.LtE,
}
_RESHAPING = {"tensorflow.reshape": "tensor", "tensorflow.expand_dims": "input"}
_INDEX_DTYPES = ("int32", "int64")


@dataclass(frozen=True)
class PositionMask:
    """A mask that is true at one entry of an axis, or at all on one side of it.

    ``entry`` is None where no slice says it as simply (``tf.range(n) <= i``). ``maker`` is the call
    that counts the positions. ``dtype`` is that of the positions where the index is compared with
    them, so that it has to be of the same. ``inverted`` says that the mask is true everywhere else.
    """

    maker: ast.Call
    index: ast.expr
    entry: Point | Range | None
    dtype: str | None = None
    inverted: bool = False


def position_mask(code: Code, node: ast.expr) -> PositionMask | None:
    """What the mask names, if it is made from positions and one index, of bools or of 0 and 1."""
    node = _plain(code, node)
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        return _compared(code, node.left, type(node.ops[0]), node.comparators[0])
    if not isinstance(node, ast.Call):
        return None
    name = code.called(node) or ""
    if name in _COMPARISONS:
        parts = arguments(node, ("x", "y"))
        if parts is None or len(parts) != 2:
            return None
        return _compared(code, parts["x"], _COMPARISONS[name], parts["y"])
    if name == "tensorflow.logical_not":
        parts = arguments(node, ("x",))
        inner = position_mask(code, parts["x"]) if parts else None
        return None if inner is None else replace(inner, inverted=not inner.inverted)
    if name == "tensorflow.sequence_mask":
        parts = arguments(node, ("lengths", "maxlen", "dtype"))
        if parts is None or not {"lengths", "maxlen"} <= set(parts):
            return None
        stop = parts["lengths"]
        return PositionMask(node, stop, Range(stop=code.operand(stop)))
    return _one_hot(code, node)


def made_of(code: Code, mask: ast.expr) -> ast.expr:
    """The expression that makes the mask, if that is a name bound before in the same block."""
    if not isinstance(mask, ast.Name):
        return mask
    statement = code.statement(mask)
    block = code.block(statement)
    bound: set[str] = set()
    for earlier in reversed(block[: block.index(statement)]):
        if binds(earlier, mask.id):
            assert isinstance(earlier, ast.Assign)
            return mask if bound & names_in(earlier.value) else earlier.value
        bound |= {
            child.id
            for child in ast.walk(earlier)
            if isinstance(child, ast.Name) and not isinstance(child.ctx, ast.Load)
        }
        if mask.id in bound:
            return mask
    return mask


def axis_of(code: Code, mask: ast.expr, rank: int) -> tuple[int, Dim] | None:
    """The axis of a target of this rank along which the mask counts, and how far it counts."""
    shape = code.operand(mask).shape
    if shape is None or len(shape) > rank:
        return None
    long = [axis for axis, dim in enumerate(shape) if dim != 1]
    if len(long) != 1:
        return None
    return rank - len(shape) + long[0], shape[long[0]]


def is_scalar(code: Code, mask: PositionMask) -> bool:
    """Whether the index is certainly one integer."""
    return is_integer_scalar(code.value(mask.index))


def index_dtypes_agree(code: Code, mask: PositionMask) -> bool | None:
    """Whether the index is of a dtype that the mask takes; None if that cannot be seen."""
    index = code.operand(mask.index)
    if index.kind in (Kind.INT, Kind.UNKNOWN):
        number = code.value(mask.index)
        if number.has_const:
            fits = isinstance(number.const, int) and abs(number.const) < 2**31
            return True if fits else None
        # AutoGraph may have made an int32 tensor of it, which is not compared with int64.
        small = isinstance(index.high, str) or (isinstance(index.high, int) and index.high <= 2**31)
        return True if small and mask.dtype != "int64" else None
    if index.dtype is None:
        return None
    if mask.dtype is None:
        return True if index.dtype in _INDEX_DTYPES else None
    if index.kind is Kind.NDARRAY:
        # It is converted if its number fits; whether that is so in a graph is another matter.
        return None
    return index.dtype == mask.dtype


def arguments(node: ast.Call, names: tuple[str, ...]) -> dict[str, ast.expr] | None:
    """The arguments by name, if there are no others."""
    if len(node.args) > len(names) or any(isinstance(arg, ast.Starred) for arg in node.args):
        return None
    found = dict(zip(names, node.args, strict=False))
    for word in node.keywords:
        if word.arg is None or word.arg not in names:
            return None
        found[word.arg] = word.value
    return found


def _plain(code: Code, node: ast.expr, *, wide: bool = False) -> ast.expr:
    """The expression without what only adds axes of length 1 or changes its dtype.

    Whether the axes are of length 1 is seen in the shape of the whole. With ``wide`` no dtype on
    the way may be one in which positions could become equal.
    """
    while True:
        if wide and code.value(node).dtype not in ("int32", "int64"):
            return node
        if isinstance(node, ast.Subscript) and _adds_axes(code, node.slice):
            node = node.value
            continue
        if not isinstance(node, ast.Call):
            return node
        name = code.called(node) or ""
        word = "x" if name == "tensorflow.cast" else _RESHAPING.get(name)
        if word is None:
            return node
        given = [item.value for item in node.keywords if item.arg == word]
        if not (node.args or given) or any(isinstance(arg, ast.Starred) for arg in node.args):
            return node
        node = node.args[0] if node.args else given[0]


def _adds_axes(code: Code, index: ast.expr) -> bool:
    """``[:, None]``, ``[tf.newaxis]`` and the like."""
    parts = index.elts if isinstance(index, ast.Tuple) else [index]
    return all(
        part.lower is part.upper is part.step is None
        if isinstance(part, ast.Slice)
        else code.value(part).kind in (Kind.NONE, Kind.ELLIPSIS)
        for part in parts
    )


def _compared(
    code: Code, left: ast.expr, operator: type[ast.cmpop], right: ast.expr
) -> PositionMask | None:
    hot = _plain(code, left)
    if isinstance(hot, ast.Call) and code.called(hot) == "tensorflow.one_hot":
        return (
            _one_hot(code, hot)
            if _picks_ones(code, operator, right, code.value(left).dtype)
            else None
        )
    maker = _positions(code, left)
    index, ranged = right, left
    if maker is None:
        maker, index, ranged = _positions(code, right), left, right
        if operator not in _MIRRORED:
            return None
        operator = _MIRRORED[operator]
    dtype = code.operand(ranged).dtype
    if maker is None or dtype not in _INDEX_DTYPES:
        return None
    if ranged is not maker and not is_integer_scalar(code.value(index)):
        # Positions with axes of their own are compared with a batch of indices.
        return None
    at = code.operand(index)
    entries: dict[type[ast.cmpop], Point | Range | None] = {
        ast.Eq: Point(at),
        ast.NotEq: Point(at),
        ast.Lt: Range(stop=at),
        ast.GtE: Range(start=at),
        ast.LtE: None,
        ast.Gt: None,
    }
    if operator not in entries:
        return None
    return PositionMask(maker, index, entries[operator], dtype, inverted=operator is ast.NotEq)


def _positions(code: Code, node: ast.expr) -> ast.Call | None:
    """``tf.range(n)`` or ``tf.range(0, n)``, with axes of length 1 around it or without."""
    whole = code.value(node)
    if whole.dtype not in ("int32", "int64"):
        return None
    node = _plain(code, node, wide=True)
    if not isinstance(node, ast.Call) or code.called(node) != "tensorflow.range":
        return None
    words = {word.arg: word.value for word in node.keywords}
    if any(isinstance(arg, ast.Starred) for arg in node.args) or not set(words) <= {"dtype"}:
        return None
    if len(node.args) == 2:
        start = code.value(node.args[0])
        return node if start.has_const and start.const == 0 else None
    return node if len(node.args) == 1 else None


def _one_hot(code: Code, node: ast.Call) -> PositionMask | None:
    """``tf.one_hot(i, n)`` of zeros and a one, or of False and a True."""
    if code.called(node) != "tensorflow.one_hot":
        return None
    parts = arguments(node, ("indices", "depth", "on_value", "off_value", "axis", "dtype"))
    if parts is None or not {"indices", "depth"} <= set(parts) or "axis" in parts:
        return None
    for word, due in (("on_value", 1), ("off_value", 0)):
        given = code.value(parts[word]) if word in parts else None
        if given is not None and not (given.has_const and given.const == due):
            return None
    kinds = {code.value(parts[word]).kind for word in ("on_value", "off_value") if word in parts}
    if len(kinds) > 1 or ("dtype" in parts and kinds):
        return None
    if "dtype" in parts and code.value(node).dtype in ("bool", "string"):
        # Of these there is no one to put where nothing else is given.
        return None
    return PositionMask(node, parts["indices"], Point(code.operand(parts["indices"])))


_ORDERED = frozenset({"float16", "float32", "float64", "int32", "int64"})


def _picks_ones(code: Code, operator: type[ast.cmpop], right: ast.expr, hot: str | None) -> bool:
    """Whether ``one_hot <operator> right`` is true where it is 1, and nowhere else.

    ``hot`` is the dtype on the left, which a number of another kind is not compared with.
    """
    bound = code.value(right)
    if not bound.has_const or not isinstance(bound.const, (int, float)) or hot not in _ORDERED:
        return False
    if isinstance(bound.const, bool):
        return False
    if type(bound.const) is float and not hot.startswith("float"):
        return False
    number = float(bound.const)
    if operator is ast.Gt:
        return 0 <= number < 1
    if operator is ast.GtE:
        return 0 < number <= 1
    if operator is ast.Eq:
        return bool(number == 1)
    return operator is ast.NotEq and bool(number == 0)

"""The rows of a target in a comprehension that takes something else for one of them.

``[x if j == i else v[j] for j in range(n)]``, and the same over ``enumerate(tf.unstack(v))``.
"""

from __future__ import annotations

import ast

from tflint_slice.idioms import replacement
from tflint_slice.idioms.code import Code, names_in, same
from tflint_slice.idioms.rebuilt import Rebuilt
from tflint_slice.infer.dims import at_most, dim_of, is_integer_scalar
from tflint_slice.model import Kind, Reason


def chosen(code: Code, node: ast.ListComp, target: ast.expr) -> Rebuilt | None:
    """``[x if j == i else v[j] for j in range(n)]``, and over ``enumerate(tf.unstack(v))``."""
    if len(node.generators) != 1 or not isinstance(node.elt, ast.IfExp):
        return None
    (turn,) = node.generators
    test = node.elt.test
    if turn.ifs or turn.is_async or not isinstance(test, ast.Compare) or len(test.ops) != 1:
        return None
    value, kept = node.elt.body, node.elt.orelse
    if isinstance(test.ops[0], ast.NotEq):
        value, kept = kept, value
    elif not isinstance(test.ops[0], ast.Eq):
        return None
    counter = _counter(code, turn, kept, target)
    sides = [test.left, test.comparators[0]]
    index = next((side for side in sides if not _is_name(side, counter)), None)
    if counter is None or index is None or not any(_is_name(side, counter) for side in sides):
        return None
    own = names_in(turn.target)
    if own & (names_in(value) | names_in(index)):
        return None
    return _at(code, index, value, target, dense=not isinstance(turn.target, ast.Name))


def _at(
    code: Code, index: ast.expr, value: ast.expr, target: ast.expr, *, dense: bool
) -> Rebuilt | None:
    operand, place = code.operand(target), code.operand(index)
    dim = operand.shape[0] if operand.shape else None
    due = operand.shape[1:] if operand.shape else None
    number = code.value(index)
    if not is_integer_scalar(number) and number.kind is not Kind.UNKNOWN:
        return None
    if replacement.never_fits(code.operand(value), due):
        return None
    if isinstance(number.const, int) and (
        number.const < 0 or (isinstance(dim, int) and number.const >= dim)
    ):
        return None
    hindrance = replacement.against_value(code, value, operand, due)
    hindrance = hindrance or replacement.against_dtype_of_rows([code.operand(value)], operand)
    if place.low is None or place.low < 0:
        hindrance = Reason.MAYBE_NEGATIVE_INDEX
    elif place.high is None or dim is None or not at_most(place.high, dim):
        hindrance = Reason.MAYBE_OUT_OF_RANGE
    stable = code.is_pure(value) and code.is_pure(index)
    update = replacement.point(code, 0, place, value, stable)
    return Rebuilt(
        (update,),
        "tf.stack",
        read_first=True,
        hindrance=hindrance if stable else Reason.SIDE_EFFECTS,
        dense_reads=int(dense),
    )


def _counter(code: Code, turn: ast.comprehension, kept: ast.expr, target: ast.expr) -> str | None:
    """The name that counts the rows, where ``kept`` is the row of that number, and all are met."""
    if not isinstance(turn.iter, ast.Call) or turn.iter.keywords or len(turn.iter.args) != 1:
        return None
    name, given = code.called(turn.iter), turn.iter.args[0]
    if name == "builtins.range" and isinstance(turn.target, ast.Name):
        if not isinstance(kept, ast.Subscript) or not same(kept.value, target):
            return None
        counted = _is_name(kept.slice, turn.target.id) and _counts_rows(code, given, target)
        return turn.target.id if counted else None
    if name == "builtins.enumerate" and isinstance(turn.target, ast.Tuple):
        parts = [part.id for part in turn.target.elts if isinstance(part, ast.Name)]
        if len(parts) != 2 or len(turn.target.elts) != 2 or parts[0] == parts[1]:
            return None
        source = rows_of(code, given) or given
        return parts[0] if _is_name(kept, parts[1]) and same(source, target) else None
    return None


def _counts_rows(code: Code, node: ast.expr, target: ast.expr) -> bool:
    """Whether a number is that of the target's rows."""
    shape = code.value(target).shape
    if shape and isinstance(shape[0], int):
        return dim_of(code.value(node)) == shape[0]
    text = ast.unparse(target)
    return ast.unparse(node) in (f"{text}.shape[0]", f"len({text})")


def _is_name(node: ast.expr, name: str | None) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def rows_of(code: Code, node: ast.expr) -> ast.expr | None:
    """What ``tf.unstack(v)``, ``list(v)`` and ``[row for row in v]`` take apart."""
    if isinstance(node, ast.ListComp):
        (turn, *more) = node.generators
        whole = isinstance(turn.target, ast.Name) and same(turn.target, node.elt)
        return turn.iter if whole and not (more or turn.ifs or turn.is_async) else None
    if not isinstance(node, ast.Call) or len(node.args) != 1:
        return None
    name, given = code.called(node), node.args[0]
    if name == "builtins.list" and not node.keywords:
        return rows_of(code, given) or given
    if name != "tensorflow.unstack":
        return None
    words = {word.arg: word.value for word in node.keywords}
    if not set(words) <= {"axis", "num"}:
        return None
    shape = code.value(given).shape
    if "num" in words and not (shape and code.value(words["num"]).const == shape[0]):
        # It has to be as many as there are.
        return None
    return given if "axis" not in words or is_first(code, words["axis"]) else None


def is_first(code: Code, axis: ast.expr) -> bool:
    number = code.value(axis).const
    return type(number) is int and number == 0

"""TFS203: all weights of a layer or model fetched as arrays to change a part of one, and set again.

``w = layer.get_weights(); w[0][i] = x; layer.set_weights(w)`` in one block, also with names for the
arrays (``kernel, bias = layer.get_weights()``). Who replaces whole arrays uses these methods as
they are meant, and is left alone.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tflint_slice.idioms.candidates import Candidate
from tflint_slice.idioms.code import Body, Code, names_in, same, short
from tflint_slice.idioms.layer_origin import LayerOrigins, is_same_twice
from tflint_slice.idioms.numpy_changes import follow
from tflint_slice.idioms.numpy_copies import escape
from tflint_slice.idioms.spellings import Spelling
from tflint_slice.model import Effect, Kind, Misuse, Operand, Reason, Rule, Shape, UpdateSequence

RULE = Rule(
    "TFS203",
    "weights-round-trip",
    "all weights of a layer fetched and set again to change a part of one",
)
RULES = (RULE,)
_TRIP = (
    "layer = tf.keras.layers.Embedding(5, 3)\nlayer.build(None)\n"
    "w = layer.get_weights()\n{}\nlayer.set_weights(w)"
).format
SPELLINGS = {
    RULE.code: (
        Spelling("element", _TRIP("w[0][2, 1] = 2.0")),
        Spelling("add", _TRIP("w[0][2, 1] += 2.0")),
        Spelling("row", _TRIP("w[0][2] = tf.ones([3])")),
        Spelling("row-of-one-number", _TRIP("w[0][2] = 2.0")),
        Spelling("slice", _TRIP("w[0][1:3] = 2.0")),
        Spelling("two-elements", _TRIP("w[0][0, 0] = 2.0\nw[0][2, 1] = 3.0")),
        Spelling("mask", _TRIP("w[0][w[0] < 0.0] = 0.0")),
        Spelling("loop", _TRIP("for k in range(5):\n    w[0][k] = 2.0")),
        Spelling("index-and-index", _TRIP("w[0][2][1] = 2.0")),
        Spelling(
            "named",
            "layer = tf.keras.layers.Embedding(5, 3)\nlayer.build(None)\n"
            "table = layer.get_weights()[0]\ntable[2, 1] = 2.0\nlayer.set_weights([table])",
        ),
        Spelling(
            "unpacked",
            "layer = tf.keras.layers.Dense(3)\nlayer.build([None, 5])\n"
            "kernel, bias = layer.get_weights()\nkernel[kernel < 0.0] = 0.0\n"
            "layer.set_weights([kernel, bias])",
        ),
        Spelling(
            "unknown-shape",
            "layer = tf.keras.layers.Dense(3)\nlayer.build([None, 5])\n"
            "w = layer.get_weights()\nw[0][2, 1] = 2.0\nlayer.set_weights(w)",
        ),
    )
}

# Layers whose weights are all of the float type of Keras, where they are given none.
_FLOATING = frozenset(
    {
        "Dense", "Embedding", "EinsumDense", "Conv1D", "Conv2D", "Conv3D", "DepthwiseConv2D",
        "SeparableConv2D", "Conv2DTranspose", "BatchNormalization", "LayerNormalization",
    }
)  # fmt: skip
_OTHER_FLOATS = re.compile("floatx|policy")


# No code says all about a layer: where it was made, and what a subclass or a strategy does to it.
_ASSUMED = {
    Kind.KERAS2_WEIGHT: Reason.MAYBE_DISTRIBUTED,
    Kind.KERAS3_VARIABLE: Reason.VARIABLE_CLASS,
}


@dataclass(frozen=True)
class Fetched:
    """The statement that fetches the arrays of a layer, and the names that it binds.

    ``listed``: one name, of the list of them.
    """

    read: ast.Assign
    names: tuple[str, ...]
    listed: bool


def find(code: Code) -> Iterator[Candidate]:
    for statement, call in code.call_statements:
        function = call.func
        if (
            isinstance(function, ast.Attribute)
            and function.attr == "set_weights"
            and len(call.args) == 1
            and not call.keywords
        ):
            candidate = _candidate(code, statement, function.value, call.args[0])
            if candidate is not None:
                yield candidate


def _candidate(
    code: Code, statement: ast.Expr, layer: ast.expr, given: ast.expr
) -> Candidate | None:
    block = code.block(statement)
    fetched = _fetched(block, statement, layer, given)
    if fetched is None:
        return None
    between = block[block.index(fetched.read) + 1 : block.index(statement)]
    changed = _changed(between, fetched)
    origins = LayerOrigins(code)
    if not changed or not origins.is_layer(layer):
        return None
    part, number = next(iter(changed.items()))
    target = _weight(code, origins, layer, number)
    message = (
        f"all weights of `{short(layer)}` are fetched, and set again, to change parts of"
        f" {'one' if len(changed) == 1 else 'some'}"
    )
    name = fetched.names[0] if fetched.listed else part
    variable = ast.parse(f"({target.text})", mode="eval").body
    trip = follow(code, between, name, variable, part, target.dtype)
    others = {each for each in fetched.names if each != name}
    refusal = trip.refusal
    if len(changed) > 1:
        refusal = Reason.BATCH_SHAPE
    elif any(others & names_in(each) for each in between):
        refusal = Reason.VALUE_ESCAPES
    elif refusal is Reason.VALUE_OUT_OF_DTYPE and target.dtype is None:
        refusal = Reason.UNKNOWN_DTYPE
    for each in fetched.names:
        refusal = refusal or escape(code, fetched.read, statement, each)
    if refusal is not None or not trip.updates:
        found = Misuse(target, Effect.WRITES, code.source.span(statement))
        reason = refusal or Reason.NO_REWRITE
        return Candidate(RULE, statement, found, message, refusal=reason)
    gone = [fetched.read, *trip.stores]
    word = re.compile(rf"(?<![\w.]){re.escape(part)}(?!\w)")
    sequence = UpdateSequence(
        target,
        tuple(trip.updates),
        Effect.WRITES,
        read_first=True,
        atomic=True,
        place=code.source.span(statement),
        statements=tuple(code.source.span(each) for each in gone),
        temporaries=(name, *sorted(others)),
    )
    return Candidate(
        RULE,
        statement,
        sequence,
        message,
        hindrance=trip.hindrance or _ASSUMED[target.kind],
        refusal=None if all(map(code.is_alone, gone)) else Reason.NO_REWRITE,
        reference="\n".join(word.sub(target.text, ast.unparse(each)) for each in between),
    )


def _fetched(block: Body, statement: ast.stmt, layer: ast.expr, given: ast.expr) -> Fetched | None:
    """What is set again, if it was fetched from the same layer: a list, or a list of its arrays."""
    if isinstance(given, ast.Name):
        names = [given.id]
    elif isinstance(given, ast.List):
        names = [node.id for node in given.elts if isinstance(node, ast.Name)]
        if len(names) < len(given.elts) or len(set(names)) < len(names):
            return None
    else:
        return None
    if not names or not is_same_twice(layer):
        return None
    for earlier in reversed(block[: block.index(statement)]):
        if not set(names).isdisjoint(_bound_by(earlier)):
            if not isinstance(earlier, ast.Assign) or len(earlier.targets) > 1:
                return None
            return _as_fetched(earlier, layer, given, names)
    return None


def _as_fetched(
    read: ast.Assign, layer: ast.expr, given: ast.expr, names: list[str]
) -> Fetched | None:
    (target,), value = read.targets, read.value
    if isinstance(given, ast.Name):
        named = isinstance(target, ast.Name) and _gets(value, layer)
        return Fetched(read, tuple(names), listed=True) if named else None
    if isinstance(target, ast.Name) and len(names) == 1 and isinstance(value, ast.Subscript):
        # ``table = layer.get_weights()[0]`` of a layer that has no other weight.
        first = _literal(value.slice) == 0 and _gets(value.value, layer)
        return Fetched(read, tuple(names), listed=False) if first else None
    if not isinstance(target, (ast.Tuple, ast.List)) or not _gets(value, layer):
        return None
    same_names = [ast.unparse(node) for node in target.elts] == names
    return Fetched(read, tuple(names), listed=False) if same_names else None


def _gets(node: ast.expr, layer: ast.expr) -> bool:
    """``layer.get_weights()``"""
    return (
        isinstance(node, ast.Call)
        and not node.args
        and not node.keywords
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "get_weights"
        and same(node.func.value, layer)
    )


def _bound_by(statement: ast.stmt) -> set[str]:
    return {
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)
    }


def _changed(between: Body, fetched: Fetched) -> dict[str, int]:
    """The arrays of which a part is stored to, by their text; none if any array is replaced."""
    found: dict[str, int] = {}
    for node in (child for statement in between for child in ast.walk(statement)):
        if not isinstance(node, ast.Subscript) or isinstance(node.ctx, ast.Load):
            continue
        path = _path(node)
        root = path[0]
        if not isinstance(root, ast.Name) or root.id not in fetched.names:
            continue
        if not fetched.listed:
            found[root.id] = fetched.names.index(root.id)
            continue
        array = path[1]
        assert isinstance(array, ast.Subscript)
        number = _literal(array.slice)
        if array is node or number is None:
            return {}
        found[ast.unparse(array)] = number
    return found


def _path(node: ast.Subscript) -> list[ast.expr]:
    """``w``, ``w[0]``, ``w[0][i]`` of ``w[0][i]``."""
    path: list[ast.expr] = [node]
    while isinstance(path[0], ast.Subscript):
        path.insert(0, path[0].value)
    return path


def _literal(node: ast.expr) -> int | None:
    try:
        value = ast.literal_eval(node)
    except ValueError:
        return None
    return value if type(value) is int else None


def _weight(code: Code, origins: LayerOrigins, layer: ast.expr, number: int) -> Operand:
    """The variable behind an array, with what the making of the layer says of it."""
    dtype, shape = None, None
    made = origins.creation(layer)
    name = "" if made is None else (code.called(made) or "").rpartition(".")[2]
    if made is not None and name in _FLOATING and not _OTHER_FLOATS.search(code.source.searchable):
        words = {word.arg: word.value for word in made.keywords}
        dtype = None if "dtype" in words or None in words else "float32"
        shape = _table(code, made, words) if name == "Embedding" and number == 0 else None
    text = f"{code.text(layer)}.weights[{number}]"
    return Operand(text, kind=origins.kind(layer), dtype=dtype, shape=shape)


def _table(code: Code, made: ast.Call, words: dict[str | None, ast.expr]) -> Shape | None:
    """The shape of an embedding's table: ``Embedding(input_dim, output_dim)``."""
    given = [*made.args[:2], *(words[key] for key in ("input_dim", "output_dim") if key in words)]
    sizes = [code.value(node).const for node in given]
    if len(sizes) != 2 or not all(type(size) is int for size in sizes):
        return None
    return tuple(int(size) for size in sizes)

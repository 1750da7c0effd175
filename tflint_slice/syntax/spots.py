"""The places of a tree that may change a part of something, by the form that they have.

What they change is for the screens to follow, and for inference to say.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from tflint_slice.syntax.nodes import Nodes, nodes_of, walk
from tflint_slice.syntax.once import once
from tflint_slice.syntax.vocabulary import WRITING

CHANGING_METHODS: Final = frozenset({"fill", "sort", "put", "partition", "itemset"})
"""Methods of an ndarray that change it in a way that no update of a region says."""

CHANGING_FUNCTIONS: Final = frozenset({"put", "copyto", "fill_diagonal", "place", "putmask"})
"""Functions of NumPy that do so to their first argument, as ``numpy.add.at`` does."""

_SCATTER: Final = "scatter_nd"
_CHANGING: Final = CHANGING_METHODS | CHANGING_FUNCTIONS | {"at"}
MOST_STATEMENTS: Final = 3
"""The longest body of a loop that may be one update: a copy, a store into it, and an assign."""


@dataclass(frozen=True)
class Write:
    """A call that may write a part of any of ``parts``.

    ``whole`` is what is assigned to all of each, where only that may show that a part is meant.
    """

    parts: tuple[ast.expr, ...]
    whole: tuple[ast.expr, ...] | None = None


@dataclass(frozen=True)
class Spots:
    """``items`` are bound or deleted, but for those of dictionaries; ``attributes`` are computed
    from themselves.

    ``arrays`` are changed as ndarrays are, by their methods or by functions.
    """

    items: tuple[ast.Subscript, ...]
    writes: tuple[Write, ...]
    attributes: tuple[ast.Attribute, ...]
    arrays: tuple[ast.expr, ...]

    def __bool__(self) -> bool:
        return bool(self.items or self.writes or self.attributes or self.arrays)


@once
def spots_of(tree: ast.Module) -> Spots:
    """The spots of a file, found once for all who ask for them."""
    nodes = nodes_of(tree)
    items = [
        node
        for node in nodes.of(ast.Subscript)
        if not isinstance(node.ctx, ast.Load) and not is_key(node.slice)
    ]
    writes, attributes, arrays = _writes(nodes), _recomputed(nodes), _arrays(nodes)
    return Spots(tuple(items), tuple(writes), tuple(attributes), tuple(arrays))


def may_write(name: str) -> bool:
    """Whether functions or methods of this name write a part of something."""
    return name.startswith(WRITING) or _SCATTER in name


def names_scatters(nodes: Nodes) -> bool:
    """Whether a file names any of the scatter functions of TensorFlow, or their like."""
    words = (node.attr for node in nodes.of(ast.Attribute))
    return any(_SCATTER in word for word in words) or any(
        _SCATTER in alias.name for alias in nodes.of(ast.alias)
    )


def is_key(index: ast.expr) -> bool:
    """A string between the brackets: the receiver is meant to be a dictionary."""
    if isinstance(index, ast.Call):
        return isinstance(index.func, ast.Name) and index.func.id == "str"
    if isinstance(index, ast.BinOp) and isinstance(index.op, (ast.Add, ast.Mod)):
        return is_key(index.left)
    if isinstance(index, ast.JoinedStr):
        return True
    return isinstance(index, ast.Constant) and isinstance(index.value, (str, bytes))


def _writes(nodes: Nodes) -> Iterator[Write]:
    calls, named, renamed = _calls(nodes, may_write)
    turns = _turns(nodes) if named else {}
    for call in calls:
        if isinstance(call.func, ast.Attribute) and call.func in named:
            yield from _written(call, call.func, turns)
        elif renamed:
            yield Write(_given(call))


def _arrays(nodes: Nodes) -> Iterator[ast.expr]:
    calls, named, renamed = _calls(nodes, _CHANGING.__contains__)
    for call in calls:
        if isinstance(call.func, ast.Attribute) and call.func in named:
            yield call.func.value
            yield from call.args[:1]
        elif renamed:
            yield from call.args[:1]


def _calls(
    nodes: Nodes, sought: Callable[[str], bool]
) -> tuple[list[ast.Call], set[ast.Attribute], bool]:
    """All calls, if any may be of a function or method whose name is sought.

    With them the attributes of such names, and whether there may be others under other names.
    """
    named = {node for node in nodes.of(ast.Attribute) if sought(node.attr)}
    renamed = any(sought(alias.name) for alias in nodes.of(ast.alias))
    if not named and not renamed:
        return [], named, renamed
    return nodes.of(ast.Call), named, renamed or names_function(nodes, sought)


def names_function(nodes: Nodes, sought: Callable[[str], bool]) -> bool:
    """Whether a function of some module is named without being called there.

    It may then be called by any name.
    """
    called = {call.func for call in nodes.of(ast.Call)}
    imported = {each.asname or each.name.partition(".")[0] for each in nodes.of(ast.alias)}
    return any(
        sought(node.attr) and node not in called and first_name(node) in imported
        for node in nodes.of(ast.Attribute)
    ) or any(
        sought(node.id) and node.id in imported and node not in called
        for node in nodes.of(ast.Name)
    )


def first_name(node: ast.expr) -> str | None:
    """``tf`` of ``tf.math.add``."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _written(
    call: ast.Call, method: ast.Attribute, turns: dict[ast.AST, frozenset[str]]
) -> Iterator[Write]:
    receiver, given = method.value, _given(call)
    if not method.attr.startswith("assign"):
        yield Write((receiver, *given))
        return
    # ``tf.compat.v1.assign`` is given a slice of what it writes.
    if len(given) > 1:
        yield from (Write((part,), given) for part in given if isinstance(part, ast.Subscript))
    looped = call in turns and turns[call].isdisjoint(_names(receiver)) and any(map(_names, given))
    yield Write((receiver,), None if looped else given)


def _given(call: ast.Call) -> tuple[ast.expr, ...]:
    return (*call.args, *(word.value for word in call.keywords))


def _names(node: ast.AST) -> set[str]:
    return {part.id for part in walk(node) if isinstance(part, ast.Name)}


def _turns(nodes: Nodes) -> dict[ast.AST, frozenset[str]]:
    """The nodes of statements of which each turn of a loop makes one, with what the loop binds."""
    found: dict[ast.AST, frozenset[str]] = {}
    for loop in nodes.of(ast.For):
        if len(loop.body) <= MOST_STATEMENTS and not any(
            hasattr(statement, "body") for statement in loop.body
        ):
            found.update(dict.fromkeys(walk(loop.body[-1]), frozenset(_names(loop.target))))
    return found


def _recomputed(nodes: Nodes) -> Iterator[ast.Attribute]:
    """The attributes that a statement computes from themselves."""
    for change in nodes.of(ast.AugAssign):
        if isinstance(change.target, ast.Attribute):
            yield change.target
    for node in nodes.of(ast.Assign):
        if isinstance(node.value, ast.BinOp):
            targets = [each for each in node.targets if isinstance(each, ast.Attribute)]
            read = {each.attr for each in walk(node.value) if isinstance(each, ast.Attribute)}
            yield from (target for target in targets if target.attr in read)

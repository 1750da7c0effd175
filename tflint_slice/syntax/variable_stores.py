"""The screen of trees for changes of variables, or of copies of them.

A name or attribute may be one if anything that is bound to it leads to what makes variables, by
words alone.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Set
from typing import Final

from tflint_slice.infer.layers import WORDS
from tflint_slice.infer.naming import Naming, is_local, naming_of
from tflint_slice.infer.wording import Words, all_words_in, all_words_of
from tflint_slice.syntax.nodes import nodes_of, walk
from tflint_slice.syntax.spots import is_key, spots_of

MAKERS: Final = frozenset({"Variable", "add_weight", "add_variable", "get_variable", "get_weights"})
_COPYING: Final = frozenset(
    {
        "array", "asanyarray", "asarray", "batch_get_value", "convert_to_numpy", "copy",
        "get_value", "get_weights", "numpy",
    }
)  # fmt: skip
_REBUILDING: Final = frozenset(
    {
        "IndexedSlices", "concat", "one_hot", "pad", "range", "sequence_mask", "stack", "to_dense",
        "where",
    }
)  # fmt: skip
"""Functions that make all of something anew of which a part is meant to change."""


def writes_to_variables(tree: ast.Module) -> bool:
    """Whether a part of what may be a variable, or of a copy of one, is changed."""
    spots = spots_of(tree)
    if not spots:
        return False
    words, naming = all_words_of(tree), naming_of(tree)
    variables = words.leading_to(_known_as(tree, MAKERS | WORDS))

    def may_be_one(*parts: ast.expr) -> bool:
        return not variables.isdisjoint(_words_in(parts, naming))

    if any(map(may_be_one, spots.attributes)):
        return True
    written = [write for write in spots.writes if may_be_one(*write.parts)]
    if written and (
        any(write.whole is None for write in written)
        or _names_rebuilder(tree)
        or any(_rebuilds(tree, write.whole or (), words, naming) for write in written)
    ):
        return True
    items = [item for item in spots.items if may_be_one(item.value)]
    if not all(is_key(item.slice) for item in items):
        return True
    changed = [*(item.value for item in items), *filter(may_be_one, spots.arrays)]
    if not changed:
        return False
    copies = words.leading_to(_known_as(tree, _COPYING))
    return any(not copies.isdisjoint(_words_in([part], naming)) for part in changed)


def _words_in(parts: Iterable[ast.expr], naming: Naming) -> set[str]:
    return {word for part in parts for word in all_words_in(part, naming)}


def _known_as(tree: ast.Module, named: Set[str]) -> frozenset[str]:
    """Names and attributes, and what they are imported as."""
    imported = nodes_of(tree).of(ast.alias)
    return frozenset(named) | {
        alias.asname
        for alias in imported
        if alias.asname and alias.name.rpartition(".")[2] in named
    }


def _rebuilds(tree: ast.Module, parts: Iterable[ast.expr], words: Words, naming: Naming) -> bool:
    """Whether parts of a call, or what their names are bound to, make something anew."""
    nodes = [node for part in parts for node in walk(part)]
    if any(isinstance(node, ast.ListComp) for node in nodes):
        return True
    near = _words_in(parts, naming)
    waiting = [naming.word(node) for node in nodes if isinstance(node, ast.Name)]
    while waiting:
        further = words.bound.get(waiting.pop(), frozenset()) - near
        near |= further
        waiting += filter(is_local, further)
    return not near.isdisjoint(_known_as(tree, _REBUILDING))


def _names_rebuilder(tree: ast.Module) -> bool:
    """Whether a function that makes something anew is named without being called there.

    It may then be called by any name.
    """
    nodes = nodes_of(tree)
    called = {call.func for call in nodes.of(ast.Call)}
    return (
        any(node.attr in _REBUILDING and node not in called for node in nodes.of(ast.Attribute))
        or any(node.id in _REBUILDING and node not in called for node in nodes.of(ast.Name))
        or any(node.value in _REBUILDING for node in nodes.of(ast.Constant))
    )

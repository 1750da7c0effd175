"""The screens of trees for stores into variables: is there anything that a rule could be about?

An item is bound of what may be a variable or a copy of one; or a method assigns something, and
part of it, or what puts pieces together, is in sight.
"""

from __future__ import annotations

import ast
from collections.abc import Set
from typing import Final

from tflint_slice.infer.layers import WORDS
from tflint_slice.infer.wording import all_words_in, all_words_of, may_be_annotation
from tflint_slice.syntax.nodes import Nodes, nodes_of, walk
from tflint_slice.syntax.tensor_stores import ROOTS, is_key

MAKERS: Final = frozenset({"Variable", "add_weight", "add_variable", "get_variable", "get_weights"})
_COPYING: Final = frozenset(
    {
        "array", "asanyarray", "asarray", "batch_get_value", "convert_to_numpy", "copy",
        "get_value", "get_weights", "numpy",
    }
)  # fmt: skip
_PIECING: Final = frozenset(
    {
        # What puts a tensor together, or chooses from two.
        "IndexedSlices", "concat", "one_hot", "pad", "range", "sequence_mask", "stack", "to_dense",
        "where",
        # What changes an array without a store.
        "at", "copyto", "fill", "fill_diagonal", "itemset", "partition", "place", "put", "putmask",
        "sort",
    }
)  # fmt: skip


def stores_into_variables(tree: ast.Module) -> bool:
    """Whether an item of what may be a variable, or a copy of one, is bound or deleted."""
    targets = [each for each in nodes_of(tree).of(ast.Subscript) if not _is_read(each)]
    if not targets:
        return False
    words = all_words_of(tree)
    evidence, copying = (named | _renamed(tree, named) for named in (MAKERS | WORDS, _COPYING))
    for target in targets:
        reached = words.reached(all_words_in(target.value))
        meant_as_key = is_key(target.slice) and copying.isdisjoint(reached)
        if not meant_as_key and not evidence.isdisjoint(reached):
            return True
    return False


def _renamed(tree: ast.Module, named: Set[str]) -> set[str]:
    """What names are imported as."""
    imported = nodes_of(tree).of(ast.alias)
    return {
        alias.asname
        for alias in imported
        if alias.asname and alias.name.rpartition(".")[2] in named
    }


def has_evidence(nodes: Nodes, words: Set[str]) -> bool:
    """Whether anything could make a variable, or is one that a layer has."""
    return (
        not MAKERS.isdisjoint(words)
        or not WORDS.isdisjoint(words)
        or any(node.id in MAKERS for node in nodes.of(ast.Name))
        or any(alias.name.rpartition(".")[2] in MAKERS for alias in nodes.of(ast.alias))
        or any(may_be_annotation(node.value) for node in nodes.of(ast.Constant))
    )


def assigns_pieces(nodes: Nodes, words: Set[str]) -> bool:
    """Whether a method assigns what may be a part, or put together of parts.

    ``words`` are the attributes of the file.
    """
    methods = {node for node in nodes.of(ast.Attribute) if node.attr.startswith("assign")}
    if not methods:
        return False
    names = {node.id for node in nodes.of(ast.Name)} - {"range"}
    names.update(alias.name for alias in nodes.of(ast.alias))
    return (
        not _PIECING.isdisjoint(words | names)
        or ("*" in names and _takes_all_of_tensorflow(nodes))
        or any(_has_piece(node.value) for node in methods)
        or any(_has_piece(call) for call in nodes.of(ast.Call) if call.func in methods)
        or any(_has_piece(each) for each in nodes.of(ast.ListComp, ast.GeneratorExp))
    )


def _takes_all_of_tensorflow(nodes: Nodes) -> bool:
    return any(
        (node.module or "").partition(".")[0] in ROOTS
        for node in nodes.of(ast.ImportFrom)
        if any(alias.name == "*" for alias in node.names)
    )


def _has_piece(node: ast.AST) -> bool:
    """Whether an item is read in it, or an entry chosen."""
    kinds = (ast.Subscript, ast.IfExp) if isinstance(node, _LISTS) else (ast.Subscript, *_LISTS)
    return any(isinstance(part, kinds) for part in walk(node))


_LISTS: Final = (ast.ListComp, ast.GeneratorExp)


def _is_read(node: ast.Subscript) -> bool:
    return isinstance(node.ctx, ast.Load)

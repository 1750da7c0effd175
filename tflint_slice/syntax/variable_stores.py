"""The screen of trees for stores into items of variables, or of copies of them.

A name or attribute may be one if anything that is bound to it, or given together with it to a call,
leads to what makes variables, by words alone.
"""

from __future__ import annotations

import ast
from collections.abc import Set
from typing import Final

from tflint_slice.infer.layers import WORDS
from tflint_slice.infer.wording import all_words_in, all_words_of, may_be_annotation
from tflint_slice.syntax.nodes import Nodes, nodes_of
from tflint_slice.syntax.tensor_stores import is_key

MAKERS: Final = frozenset({"Variable", "add_weight", "add_variable", "get_variable", "get_weights"})
_COPYING: Final = frozenset(
    {
        "array", "asanyarray", "asarray", "batch_get_value", "convert_to_numpy", "copy",
        "get_value", "get_weights", "numpy",
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


def _is_read(node: ast.Subscript) -> bool:
    return isinstance(node.ctx, ast.Load)

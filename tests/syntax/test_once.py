"""Answers about a tree are kept with it."""

from __future__ import annotations

import ast
import gc
import weakref

from tflint_slice.syntax.nodes import nodes_of
from tflint_slice.syntax.once import forget, once


def test_each_tree_is_asked_once_for_each_argument() -> None:
    asked: list[tuple[ast.Module, int]] = []

    @once
    def answer(tree: ast.Module, number: int) -> int:
        asked.append((tree, number))
        return number + 1

    one, two = ast.parse("x"), ast.parse("y")
    assert [answer(one, 1), answer(one, 1), answer(one, 2), answer(two, 1)] == [2, 2, 3, 2]
    assert asked == [(one, 1), (one, 2), (two, 1)]
    forget(one)
    assert answer(one, 1) == 2
    assert asked[3:] == [(one, 1)]


def test_a_tree_goes_without_a_search_for_cycles() -> None:
    tree = ast.parse("def f(x): return x")
    nodes_of(tree)
    gone = weakref.ref(tree)
    gc.disable()
    try:
        del tree
        assert gone() is None
    finally:
        gc.enable()

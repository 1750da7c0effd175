"""The functions of a file that have to do with what it changes: a first look needs no others.

They hold such a change, or bind what it leads to by words alone, or are named on the way.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from tflint_slice.infer.naming import naming_of
from tflint_slice.infer.scopes import FunctionNode
from tflint_slice.infer.wording import all_words_in, all_words_of, bound_by
from tflint_slice.syntax.nodes import nodes_of, walk
from tflint_slice.syntax.spots import spots_of
from tflint_slice.syntax.tensor_rebuilds import rebuilt
from tflint_slice.syntax.variable_stores import changed_parts


@dataclass(frozen=True)
class Relevance:
    """The functions whose bodies may decide what is found in a file, and the words in question."""

    functions: frozenset[FunctionNode]
    words: frozenset[str]


def relevance_of(tree: ast.Module) -> Relevance:
    """What matters of a file for what it changes."""
    nodes, naming = nodes_of(tree), naming_of(tree)
    places = set(_places(tree))
    functions: list[FunctionNode]
    functions = [*nodes.of(ast.FunctionDef), *nodes.of(ast.AsyncFunctionDef)]
    inside = {function: walk(function) for function in functions}
    found = {each for each in functions if not places.isdisjoint(inside[each])}
    seeds = {word for each in found for word in all_words_in(each, naming)}
    within = {node for each in functions for node in inside[each]}
    if not places <= within:
        around = (node for node in walk(tree) if node not in within)
        seeds.update(
            naming.word(node) if isinstance(node, ast.Name) else node.attr
            for node in around
            if isinstance(node, (ast.Name, ast.Attribute))
        )
    reached = all_words_of(tree).reached(seeds)
    relevant = (
        each
        for each in functions
        if each in found
        or naming.word(each) in reached
        or not reached.isdisjoint(bound_by(inside[each], naming))
    )
    return Relevance(frozenset(relevant), reached)


def _places(tree: ast.Module) -> Iterator[ast.AST]:
    """What is changed, or may be."""
    spots = spots_of(tree)
    yield from changed_parts(tree)
    yield from (item.value for item in spots.items)
    yield from spots.arrays
    yield from rebuilt(tree)

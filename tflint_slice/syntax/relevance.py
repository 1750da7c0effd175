"""The functions of a file that have to do with what it changes: a first look needs no others.

They hold such a change, or bind what it leads to by words alone, or are named on the way. The
imports of the project that a first look needs are those that it leads to.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator

from tflint_slice.infer.evidence import Question, imports_with_evidence
from tflint_slice.infer.layers import WORDS
from tflint_slice.infer.modules import Finder
from tflint_slice.infer.naming import naming_of
from tflint_slice.infer.scopes import FunctionNode
from tflint_slice.infer.summaries import DEPTH
from tflint_slice.infer.wording import all_words_in, all_words_of, bound_by
from tflint_slice.syntax.nodes import nodes_of, walk
from tflint_slice.syntax.rebuilding import known_as
from tflint_slice.syntax.spots import may_write, spots_of
from tflint_slice.syntax.tensor_rebuilds import rebuilt
from tflint_slice.syntax.variable_stores import MAKERS, changed_copies, changed_parts


def relevant_functions(tree: ast.Module) -> frozenset[FunctionNode]:
    """The functions whose bodies may decide what is found in the file."""
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
    return frozenset(
        each
        for each in functions
        if each in found
        or naming.word(each) in reached
        or not reached.isdisjoint(bound_by(inside[each], naming))
    )


def _places(tree: ast.Module) -> Iterator[ast.AST]:
    """What is changed, or may be."""
    spots = spots_of(tree)
    yield from changed_parts(tree)
    yield from (item.value for item in spots.items)
    yield from spots.arrays
    yield from rebuilt(tree)


def relevant_imports(tree: ast.Module, path: str, wanted: frozenset[str]) -> frozenset[str]:
    """The names of imports that may decide how variables are changed, and ``wanted`` ones.

    These bring the variables; others bring a part of TensorFlow, a mask or a constant.
    """
    words, naming = all_words_of(tree), naming_of(tree)
    variables = wanted | known_as(tree, MAKERS | WORDS)
    reached: set[str] = set()
    for part in (*changed_parts(tree), *changed_copies(tree)):
        behind = words.reached(all_words_in(part, naming))
        if not behind.isdisjoint(variables):
            reached |= behind
    if not reached:
        return wanted
    for call in nodes_of(tree).of(ast.Call):
        if isinstance(call.func, ast.Attribute) and may_write(call.func.attr):
            reached |= words.reached(all_words_in(call, naming))
    finder, importer = Finder.of(path), os.path.realpath(path)
    question = Question(DEPTH, tensors=True, constants=True)
    return wanted | imports_with_evidence(words, finder, importer, frozenset(reached), question)

"""The screen of trees for variables of other files: which imports may decide what a store changes.

Those are followed that the receiver of a store leads to, or of a method that assigns or scatters.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable

from tflint_slice.infer.evidence import Question, imports_with_evidence
from tflint_slice.infer.modules import Finder
from tflint_slice.infer.naming import naming_of
from tflint_slice.infer.summaries import DEPTH
from tflint_slice.infer.wording import all_words_in, all_words_of, words_of
from tflint_slice.syntax.nodes import nodes_of, walk
from tflint_slice.syntax.spots import names_scatters
from tflint_slice.syntax.tensorflow_names import HANDED_ON, handed_on
from tflint_slice.syntax.variable_stores import MAKERS, changed_copies, changed_parts


def imports_of_stores(tree: ast.Module, path: str) -> frozenset[str]:
    """The names of imports of the project from which what is stored into may come.

    Only those that lead to what makes variables, or to a constant that one is made with. Tensors of
    other files are hardly ever stored to, and following them would cost as much again as all the
    rest.
    """
    parts = (*changed_parts(tree), *changed_copies(tree))
    if not parts:
        return frozenset()
    words, naming = all_words_of(tree), naming_of(tree)
    reached = words.reached({word for part in parts for word in all_words_in(part, naming)})
    # Where the file makes variables itself, it may have TensorFlow from another one, and a size;
    # and what some scatter functions are given is wrong only where that is known.
    made = not MAKERS.isdisjoint(reached)
    sized = made or names_scatters(nodes_of(tree))
    question = Question(DEPTH, tensors=made, constants=sized)
    finder, importer = Finder.of(path), os.path.realpath(path)
    return imports_with_evidence(words, finder, importer, reached, question)


def imports_of_tensorflow(tree: ast.Module, path: str) -> frozenset[str]:
    """The names of imports by which files of the project hand TensorFlow on."""
    named = handed_on(nodes_of(tree))
    if not named:
        return frozenset()
    finder, importer = Finder.of(path), os.path.realpath(path)
    question = Question(DEPTH, tensors=True)
    return imports_with_evidence(
        all_words_of(tree), finder, importer, HANDED_ON.union(named), question
    )


def telling_imports(tree: ast.Module, path: str) -> frozenset[str]:
    """The names of imports that lead to variables, tensors or constants, whatever their use."""
    words = words_of(tree)
    naming = naming_of(tree)
    named = {naming.word(node) for node in nodes_of(tree).of(ast.Name)}
    reached = words.reached(named | words.attributes)
    finder, importer = Finder.of(path), os.path.realpath(path)
    question = Question(DEPTH, tensors=True, constants=True)
    return imports_with_evidence(words, finder, importer, reached, question)


def words_behind(tree: ast.Module, scopes: Iterable[ast.AST]) -> frozenset[str]:
    """The names and attributes that may have to do with what stands in some parts of a tree.

    Arguments are among them: a function may answer with what it is given.
    """
    parts = (node for scope in scopes for node in walk(scope))
    naming = naming_of(tree)
    return all_words_of(tree).reached(
        naming.word(node) if isinstance(node, ast.Name) else node.attr
        for node in parts
        if isinstance(node, (ast.Name, ast.Attribute))
    )

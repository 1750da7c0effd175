"""The screen of trees for variables of other files: which imports may decide what a store changes.

Those are followed that the receiver of a store leads to, or of a method that assigns or scatters.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable, Set
from typing import NamedTuple

from tflint_slice.infer.evidence import Question, imports_with_evidence
from tflint_slice.infer.exports import Origin, exports_of, imported
from tflint_slice.infer.layers import WORDS
from tflint_slice.infer.modules import Finder
from tflint_slice.infer.naming import naming_of
from tflint_slice.infer.summaries import DEPTH
from tflint_slice.infer.wording import all_words_in, all_words_of, words_of
from tflint_slice.syntax.nodes import nodes_of, walk
from tflint_slice.syntax.rebuilding import known_as
from tflint_slice.syntax.spots import first_name, may_write
from tflint_slice.syntax.tensorflow_names import HANDED_ON, handed_on
from tflint_slice.syntax.variable_stores import MAKERS, changed_copies, changed_parts


def imports_of_stores(tree: ast.Module, path: str) -> frozenset[str]:
    """The names of imports of the project from which what is stored into may come.

    Only those that lead to what makes variables. Tensors of other files are hardly ever stored to,
    and following them would cost as much again as all the rest.
    """
    parts = (*changed_parts(tree), *changed_copies(tree))
    if not parts:
        return frozenset()
    words, naming = all_words_of(tree), naming_of(tree)
    reached = words.reached({word for part in parts for word in all_words_in(part, naming)})
    # Where the file makes variables itself, it may have TensorFlow from another one.
    question = Question(DEPTH, tensors=not (MAKERS | WORDS).isdisjoint(reached))
    finder, importer = Finder.of(path), os.path.realpath(path)
    return imports_with_evidence(words, finder, importer, reached, question)


class AtFirst(NamedTuple):
    """The names of imports that a first look needs; of ``constant`` ones numbers and strings."""

    wanted: frozenset[str]
    constant: frozenset[str]


def imports_at_first(
    tree: ast.Module, path: str, wanted: frozenset[str], relevant: frozenset[str]
) -> AtFirst:
    """The imports to look at first: ``wanted`` ones, and what may go with them.

    These are TensorFlow itself, constants among the ``relevant`` words, and tensors that decide how
    a variable is changed; but not functions that answer with tensors, which many files have.
    """
    finder, importer = Finder.of(path), os.path.realpath(path)
    words, used, behind = all_words_of(tree), _used_as_values(tree), _behind_changes(tree, wanted)
    tensors = used & behind | {
        name
        for name in behind & words.imports.keys()
        if any(_is_object(imported(finder, importer, each)) for each in words.imports[name])
    }

    def leading(reached: Set[str], question: Question) -> frozenset[str]:
        if not reached:
            return frozenset()
        return imports_with_evidence(words, finder, importer, frozenset(reached), question)

    named = handed_on(tree)
    made = Question(DEPTH, tensors=True)
    return AtFirst(
        wanted | leading(HANDED_ON | named if named else named, made) | leading(tensors, made),
        leading(used & relevant, Question(DEPTH, variables=False, constants=True)),
    )


def _is_object(found: Origin | None) -> bool:
    """Whether it is neither a module, nor a function or class, of the project."""
    if found is None or found.name is None:
        return False
    exports = exports_of(found.path)
    return exports is not None and found.name not in exports.defined


def _behind_changes(tree: ast.Module, wanted: frozenset[str]) -> set[str]:
    """The words behind changes of what may be a variable, be it one of the ``wanted`` imports."""
    words, naming = all_words_of(tree), naming_of(tree)
    variables = wanted | known_as(tree, MAKERS | WORDS)
    found: set[str] = set()
    for part in (*changed_parts(tree), *changed_copies(tree)):
        behind = words.reached(all_words_in(part, naming))
        if not behind.isdisjoint(variables):
            found |= behind
    if found:
        for call in nodes_of(tree).of(ast.Call):
            if isinstance(call.func, ast.Attribute) and may_write(call.func.attr):
                found |= words.reached(all_words_in(call, naming))
    return found


def _used_as_values(tree: ast.Module) -> set[str]:
    """The names and attributes of which some use is no call and no step to an attribute.

    With an attribute the name is meant that it begins with.
    """
    nodes = nodes_of(tree)
    passed = {call.func for call in nodes.of(ast.Call)}
    passed.update(node.value for node in nodes.of(ast.Attribute))
    found = {node.id for node in nodes.of(ast.Name) if node not in passed}
    for node in nodes.of(ast.Attribute):
        if node not in passed:
            found.update({node.attr, first_name(node) or node.attr})
    return found


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

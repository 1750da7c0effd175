"""Whether a name may hold a variable that is made in another file, looked for before inferring.

Names and attributes are followed back through all that is bound to them, by their words alone and
from file to file, until a word that makes variables is met. Nothing is inferred of other modules
but for names that lead to one.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from tflint_slice.infer.exports import Import, bindings, exports_of, imported, parsed
from tflint_slice.infer.modules import Finder, Stamp, stamp
from tflint_slice.infer.outline import identifier
from tflint_slice.infer.reliance import is_folder, listed, remembered
from tflint_slice.syntax.nodes import children, nodes_of, walk

_MAKERS: Final = frozenset({"Variable", "add_weight", "add_variable", "get_variable"})
_TENSORS: Final = ("tensorflow", "keras", "tf_keras")
_SELF: Final = " self"
"""Stands for the first parameter of any method: what it holds, the bases of its class decide."""

# Functions that answer with their argument, or with what is in it.
_PASSING: Final = frozenset(
    {
        "list", "tuple", "dict", "set", "frozenset", "zip", "enumerate", "reversed", "sorted",
        "iter", "next", "map", "filter", "super", "getattr", "min", "max", "sum", "cast",
    }
)  # fmt: skip
_ADDING: Final = frozenset({"append", "extend", "insert", "update", "setdefault", "add"})


@dataclass(frozen=True)
class Words:
    """The words of one file.

    ``bound`` maps names and attributes to the words of what is bound to them, ``imports`` names to
    what may be imported under them. ``attributes`` are those that are read or bound at all.
    """

    bound: Mapping[str, frozenset[str]]
    imports: Mapping[str, tuple[Import, ...]]
    attributes: frozenset[str]

    def reached(self, seeds: Iterable[str]) -> frozenset[str]:
        """The words that may decide what any of ``seeds`` holds."""
        found: set[str] = set()
        waiting = list(seeds)
        while waiting:
            word = waiting.pop()
            if word not in found:
                found.add(word)
                waiting += self.bound.get(word, ())
        return frozenset(found)


@dataclass(frozen=True)
class Question:
    """What evidence is looked for: how many files away, and of what.

    ``tensors``: what an imported module itself has from TensorFlow is enough. ``any_attribute``:
    the attributes that are asked for are those that the text does not show. ``constants``: the
    numbers and strings of an imported module are enough as well. ``attributes`` are
    asked for in other files, of what comes from here.
    """

    depth: int
    tensors: bool = False
    any_attribute: bool = False
    constants: bool = False
    attributes: frozenset[str] = frozenset()


def imports_with_evidence(
    words: Words, finder: Finder, path: str, reached: frozenset[str], question: Question
) -> frozenset[str]:
    """The imports of the file ``path`` among ``reached`` that lead to a variable."""
    if question.depth == 0:
        return frozenset()
    attributes = (reached & words.attributes | question.attributes) - _MAKERS
    return frozenset(
        name
        for name, sources in words.imports.items()
        if (name in reached or name == "*")
        and any(
            _has_evidence(finder, path, each, reached if name == "*" else attributes, question)
            for each in sources
        )
    )


def _has_evidence(
    finder: Finder, path: str, what: Import, others: frozenset[str], question: Question
) -> bool:
    name = None if what.name == "*" else what.name
    found = imported(finder, path, Import(what.level, what.module, name))
    if found is None:
        # The module may get the name in a way that is not followed.
        found = imported(finder, path, Import(what.level, what.module, None))
    if found is None or found.path == path:
        return False
    named = {each for each in (name, found.name) if each is not None}
    return _leads(finder, found.path, others - _MAKERS | named, question)


def _leads(finder: Finder, path: str, seeds: frozenset[str], question: Question) -> bool:
    known = stamp(path)
    words = None if known is None else _words_of_file(path, known)
    if known is None or words is None:
        return False
    exports = exports_of(path) if question.constants else None
    if exports is not None and not seeds.isdisjoint(exports.constants.keys()):
        return True
    if question.any_attribute:
        seeds |= words.attributes.intersection(words.bound)
    return any(
        _leads(finder, module, seeds, question)
        for module in _modules(finder, path, _submodules(path, words, seeds))
    ) or _decides(finder, path, known, seeds, question)


def _modules(finder: Finder, path: str, names: Iterable[str]) -> Iterator[str]:
    found = (finder.submodule(path, name) for name in names)
    return (module for module in found if module is not None)


def _submodules(path: str, words: Words, seeds: frozenset[str]) -> frozenset[str]:
    """The words that may name modules of a package."""
    folder = path if is_folder(path) else os.path.dirname(path)
    if folder != path and os.path.basename(path) != "__init__.py":
        return frozenset()
    names = {name.partition(".")[0] for name in listed(folder)}
    return (seeds & names).difference(words.bound, words.imports, {"__init__"})


@remembered(65_536)
def _decides(
    finder: Finder, path: str, known: Stamp, seeds: frozenset[str], question: Question
) -> bool:
    words = _words_of_file(path, known)
    if words is None:
        return False
    reached = words.reached(seeds)
    if not _MAKERS.isdisjoint(reached):
        return True
    if question.tensors and any(
        each.module.startswith(_TENSORS) and not each.level
        for name in reached.intersection(words.imports)
        for each in words.imports[name]
    ):
        return True
    further = replace(
        question, depth=question.depth - 1, tensors=False, constants=False, attributes=seeds
    )
    return bool(imports_with_evidence(words, finder, path, reached, further))


@remembered(4096)
def _words_of_file(path: str, known: Stamp) -> Words | None:
    tree = parsed(path)
    return None if tree is None else words_of(tree)


def words_of_file(path: str) -> Words | None:
    """The words of a file of the project."""
    known = stamp(path)
    return None if known is None else _words_of_file(path, known)


# --- the words of a tree --------------------------------------------------------------------------


@lru_cache(maxsize=1)
def words_of(tree: ast.Module) -> Words:
    """Gather the words of a file in one walk."""
    bound: dict[str, set[str]] = {}
    imports: dict[str, list[Import]] = {}

    def bind(names: Iterable[str], *values: ast.AST | None) -> None:
        for name in names:
            words = bound.setdefault(name, set())
            for value in values:
                words.update(() if value is None else words_in(value))

    nodes = nodes_of(tree)
    for node in nodes.of(ast.Assign):
        for target in node.targets:
            bind(_held_by(target), node.value)
    for note in nodes.of(ast.AnnAssign):
        bind(_held_by(note.target), note.value, *_annotation(note.annotation))
    for change in nodes.of(ast.AugAssign):
        bind(_held_by(change.target), change.value)
    for named in nodes.of(ast.NamedExpr):
        bind(_held_by(named.target), named.value)
    turns: list[ast.For | ast.AsyncFor | ast.comprehension]
    turns = [*nodes.of(ast.For), *nodes.of(ast.AsyncFor), *nodes.of(ast.comprehension)]
    for turn in turns:
        bind(_held_by(turn.target), turn.iter)
    for argument in nodes.of(ast.arg):
        bind([argument.arg], *_annotation(argument.annotation))
    for call in nodes.of(ast.Call):
        if isinstance(call.func, ast.Attribute) and call.func.attr in _ADDING:
            bind(_held_by(call.func.value), *call.args)
    functions: list[ast.FunctionDef | ast.AsyncFunctionDef]
    functions = [*nodes.of(ast.FunctionDef), *nodes.of(ast.AsyncFunctionDef)]
    for function in functions:
        bind([function.name], *_returned(function), *_annotation(function.returns))
    for definition in nodes.of(ast.ClassDef):
        bind([definition.name, _SELF], *definition.bases)
        for method in definition.body:
            if isinstance(method, (ast.FunctionDef, ast.AsyncFunctionDef)):
                for first in [*method.args.posonlyargs, *method.args.args][:1]:
                    bound.setdefault(first.arg, set()).add(_SELF)
    statements: list[ast.Import | ast.ImportFrom]
    statements = [*nodes.of(ast.Import), *nodes.of(ast.ImportFrom)]
    for statement in statements:
        for name, what in bindings(statement):
            imports.setdefault(name, []).append(what)
    return Words(
        {name: frozenset(words) for name, words in bound.items()},
        {name: tuple(each) for name, each in imports.items()},
        frozenset(node.attr for node in nodes.of(ast.Attribute)),
    )


def words_in(node: ast.AST) -> Iterator[str]:
    """The names and attributes that decide what an expression is; of calls, the function."""
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, ast.Name):
            yield part.id
        elif isinstance(part, ast.Attribute):
            yield part.attr
            waiting.append(part.value)
        elif isinstance(part, ast.Call):
            waiting.append(part.func)
            if isinstance(part.func, ast.Name) and part.func.id in _PASSING:
                waiting += part.args
        elif isinstance(part, ast.Subscript):
            waiting.append(part.value)
        elif isinstance(part, ast.comprehension):
            waiting.append(part.iter)
        elif isinstance(part, ast.expr) and not isinstance(part, (ast.Constant, ast.Lambda)):
            waiting += children(part)


def _held_by(target: ast.AST) -> Iterator[str]:
    """The names and attributes that a target binds, or an item of."""
    if isinstance(target, (ast.Tuple, ast.List)):
        for element in target.elts:
            yield from _held_by(element)
    elif isinstance(target, ast.expr):
        name = identifier(target.value if isinstance(target, ast.Starred) else target)
        if name is not None:
            yield name


def _returned(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.expr | None]:
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Return):
            yield node.value
        elif isinstance(node, ast.stmt):
            waiting += (
                child
                for child in children(node)
                if isinstance(child, (ast.stmt, ast.ExceptHandler, ast.match_case))
            )
        elif isinstance(node, (ast.ExceptHandler, ast.match_case)):
            waiting += node.body


def _annotation(node: ast.expr | None) -> Iterator[ast.expr]:
    """The names in an annotation, and those in the strings of it."""
    for child in walk(node) if node is not None else ():
        if isinstance(child, ast.Constant) and isinstance(child.value, str):
            try:
                yield from _annotation(ast.parse(child.value, mode="eval").body)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                continue
        elif isinstance(child, (ast.Name, ast.Attribute)):
            yield child

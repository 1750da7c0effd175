"""What one file of a project binds: its classes with their attributes, and those of others."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from tflint_slice.infer.modules import LIBRARIES, Stamp, stamp
from tflint_slice.infer.project import read
from tflint_slice.infer.replacing import (
    SPECIAL,
    first_word,
    last_word,
    makes_class,
    sets_attribute,
    texts_in,
    words_in,
)
from tflint_slice.infer.scopes import bound_names
from tflint_slice.syntax.nodes import Nodes, walk

ANY: Final = "*"
"""Stands for every attribute, where the text does not show which."""

Binder: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.For
_MAKERS: Final = frozenset({"Variable", "add_weight", "add_variable", "get_variable"})
_SELF: Final = frozenset({"self", "cls"})
_IMPORTING: Final[tuple[type[ast.AST], ...]] = (ast.alias, ast.ImportFrom, ast.arg)
_MOCKING: Final = frozenset({"mock", "mocker", "monkeypatch"})
WHOLE: Final = SPECIAL | {"__init__", "__class__", "__dict__"}
_NAMING: Final = (
    ast.Name, ast.Attribute, ast.Subscript, ast.IfExp, ast.BoolOp, ast.List, ast.Tuple, ast.Dict,
)  # fmt: skip
"""Expressions that may give a class another name."""


@dataclass(frozen=True)
class Class:
    """A class statement: its place, the words for its bases, and the attributes it binds.

    Of an attribute it is said whether it is made as a variable wherever the class binds it.
    """

    key: str
    bases: frozenset[str]
    attributes: Mapping[str, bool]

    @property
    def name(self) -> str:
        return name_of(self.key)


@dataclass(frozen=True)
class File:
    """``renamed`` maps names of the file to what they stand for. ``stores``: attributes bound of
    other things than the object of a class, or under a name in a string, with whether as a
    variable."""

    classes: tuple[Class, ...]
    renamed: tuple[tuple[str, str], ...]
    stores: Mapping[str, bool]


def name_of(key: str) -> str:
    return key.partition("@")[0]


def file_at(path: str) -> File | None:
    """None for what cannot be parsed."""
    known = stamp(path)
    return None if known is None else _look(path, known)


@lru_cache(maxsize=2)  # two questions may follow each other
def tree_at(path: str, known: Stamp) -> ast.Module | None:
    """None for what cannot be parsed."""
    from tflint_slice.files.reading import UnreadableError, decode
    from tflint_slice.syntax.source import parse_tree

    try:
        return parse_tree(decode(read(path)).text, path)
    except (UnreadableError, SyntaxError):
        return None


@lru_cache(maxsize=4096)
def _look(path: str, known: Stamp) -> File | None:
    tree = tree_at(path, known)
    if tree is None:
        return None
    nodes = Nodes(tree)
    foreign: set[str] = set()
    renamed: list[tuple[str, str]] = []
    statements: list[ast.Import | ast.ImportFrom]
    statements = [*nodes.of(ast.Import), *nodes.of(ast.ImportFrom)]
    for statement in statements:
        for alias in statement.names:
            module = alias.name if isinstance(statement, ast.Import) else statement.module or ""
            name = alias.asname or alias.name.partition(".")[0]
            if module.partition(".")[0] in LIBRARIES and not getattr(statement, "level", 0):
                foreign.add(name)
            elif alias.asname:
                renamed.append((name, alias.name.rpartition(".")[2]))
    bases = {
        word for node in nodes.of(ast.ClassDef) for base in node.bases for word in words_in(base)
    }
    for target, value in _assigned(nodes):
        if isinstance(value, _NAMING):
            renamed += ((name, old) for name in _target_words(target) for old in words_in(value))
        elif isinstance(value, ast.Call):
            # A class may be made, or chosen, by a call.
            new = _target_words(target) & bases
            renamed += ((name, old) for name in new for old in words_in(value))
    classes = [(node, Nodes(node)) for node in nodes.of(ast.ClassDef)]
    inside = {each for _, below in classes for each in _storing(below)}
    stores: list[tuple[str, bool]] = []
    for each in _storing(nodes):
        stores += ((name, False) for name in _stored_by(each, of_self=False))
        if each not in inside:
            # What is called ``self`` in a function may be the object of any class.
            stores += ((name, False) for name in _stored_by(each, of_self=True))
    if any(map(_mocks, nodes.of(*_IMPORTING))):
        strings = (node.value for node in nodes.of(ast.Constant) if isinstance(node.value, str))
        stores += ((text.rpartition(".")[2], False) for text in strings)
    found = tuple(_class_of(node, below, foreign) for node, below in classes)
    binders: list[Binder]
    binders = [
        *nodes.of(ast.FunctionDef),
        *nodes.of(ast.AsyncFunctionDef),
        *nodes.of(ast.For),
    ]
    for (definition, _), facts in zip(classes, found, strict=True):
        if _derives_from_any(definition, binders):
            # Of any class at all, perhaps.
            stores += facts.attributes.items()
    return File(found, tuple(renamed), _joined(stores))


def _assigned(nodes: Nodes) -> Iterator[tuple[ast.expr, ast.expr]]:
    """What is assigned to, each with the value."""
    for node in nodes.of(ast.Assign):
        yield from ((target, node.value) for target in node.targets)
    for noted in nodes.of(ast.AnnAssign):
        if noted.value is not None:
            yield noted.target, noted.value


def _target_words(target: ast.expr) -> set[str]:
    """The words for what an assignment changes: ``b`` of ``a.b``, of ``a.b[i]`` and of ``a.b()``.

    What is read back later goes by these, and not by ``a`` or ``i``.
    """
    if isinstance(target, ast.Subscript):
        return _target_words(target.value)
    if isinstance(target, (ast.Tuple, ast.List)):
        return set[str]().union(*map(_target_words, target.elts))
    if isinstance(target, ast.Call):
        arguments = [*target.args, *(word.value for word in target.keywords)]
        return _target_words(target.func).union(*map(words_in, arguments))
    return words_in(target)


def _storing(nodes: Nodes) -> list[ast.Attribute | ast.Call]:
    """What may bind attributes."""
    attributes = [
        node
        for node in nodes.of(ast.Attribute)
        if node.ctx.__class__ is not ast.Load or node.attr == "__dict__"
    ]
    return [*attributes, *nodes.of(ast.Call)]


def _mocks(node: ast.AST) -> bool:
    """Whether a file that names it may replace what it mentions in a string."""
    if isinstance(node, ast.alias):
        return not _MOCKING.isdisjoint(node.name.split("."))
    if isinstance(node, ast.ImportFrom):
        return not _MOCKING.isdisjoint((node.module or "").split("."))
    return isinstance(node, ast.arg) and node.arg in _MOCKING


def _derives_from_any(node: ast.ClassDef, binders: list[Binder]) -> bool:
    """``def make(base): class Made(base): ...``, or in a loop over bases."""
    if not node.col_offset or not node.bases:
        return False
    bases = set(map(first_word, node.bases))
    return any(
        not bases.isdisjoint(_given_by(each))
        for each in binders
        if each.lineno <= node.lineno <= (each.end_lineno or 0)
    )


def _given_by(binder: Binder) -> set[str]:
    """The parameters of a function, or the targets of a loop."""
    given = binder.target if isinstance(binder, ast.For) else binder.args
    return {
        each.arg if isinstance(each, ast.arg) else each.id
        for each in walk(given)
        if isinstance(each, (ast.arg, ast.Name))
    }


def _class_of(node: ast.ClassDef, nodes: Nodes, foreign: set[str]) -> Class:
    words = [words_in(base) for base in node.bases if first_word(base) not in foreign]
    bound = [(name, False) for name in bound_names(node.body)]
    bound += ((ANY, False) for name in bound_names(node.body) if name in SPECIAL)
    made: set[ast.AST] = set()
    for assigned in nodes.of(ast.Assign):
        if _makes_variable(assigned.value):
            made.update(assigned.targets)
    for noted in nodes.of(ast.AnnAssign):
        if _makes_variable(noted.value):
            made.add(noted.target)
    for each in _storing(nodes):
        bound += ((name, each in made) for name in _stored_by(each, of_self=True))
    return Class(
        f"{node.name}@{node.lineno}:{node.col_offset}",
        frozenset().union(*words),
        _joined(bound),
    )


def _stored_by(node: ast.AST, *, of_self: bool) -> Iterator[str]:
    """The attributes that a node binds, by a statement or by a string."""
    if isinstance(node, ast.Attribute):
        if _is_self(node.value) is of_self:
            stored = not isinstance(node.ctx, ast.Load)
            if node.attr == "__dict__" or (stored and node.attr in WHOLE):
                yield ANY
            elif stored:
                yield node.attr
    elif isinstance(node, ast.Call):
        function = last_word(node.func)
        about_self = function == "__setattr__" or (bool(node.args) and _is_self(node.args[0]))
        if sets_attribute(function):
            if about_self is of_self:
                yield from texts_in(node) or [ANY]
        elif function == "vars":
            if about_self is of_self:
                yield ANY
        elif not of_self:
            if makes_class(node):
                yield ANY
                yield from texts_in(node)
                words = (each.arg for each in walk(node) if isinstance(each, ast.keyword))
                yield from filter(None, words)
            if _names(node.func, "patch"):
                yield from texts_in(node)


def _names(node: ast.expr, word: str) -> bool:
    """Whether a word occurs in an expression."""
    while isinstance(node, ast.Attribute):
        if node.attr == word:
            return True
        node = node.value
    if isinstance(node, ast.Name):
        return node.id == word
    return any(last_word(each) == word for each in walk(node) if isinstance(each, ast.expr))


def _makes_variable(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Call) and last_word(node.func) in _MAKERS


def _joined(stores: Iterable[tuple[str, bool]]) -> dict[str, bool]:
    result: dict[str, bool] = {}
    for name, variable in stores:
        result[name] = result.get(name, True) and variable
    return result


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in _SELF

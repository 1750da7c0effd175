"""What other files of the project do to the classes and names that the facts of one file rest on.

A subclass may bind an attribute to something else, a test may replace a name of a module. Files are
searched as bytes, and read as trees where they name what is in question.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tflint_slice.infer import project
from tflint_slice.infer.classes import ClassTable, Doubts
from tflint_slice.infer.evaluator import Facts
from tflint_slice.infer.modules import LIBRARIES, Finder, Stamp, stamp
from tflint_slice.infer.project import read, sources
from tflint_slice.infer.reliance import ANYTHING, Question, asked, remembered
from tflint_slice.infer.scopes import bound_names
from tflint_slice.infer.values import UNKNOWN, Value
from tflint_slice.model import Kind

_SOME_VARIABLE: Final = Value(Kind.SOME_VARIABLE)
_MAKERS: Final = frozenset({"Variable", "add_weight", "add_variable", "get_variable"})
_SELF: Final = frozenset({"self", "cls"})
_OF_CLASSES: Final = (Kind.CLASS, Kind.INSTANCE)
_STORED: Final = re.compile(rb"\.[ \t]*(\w+)[ \t]*(?:[-+*/%&|^@<>]{0,3}=(?!=)|[,:)\\]|in\b)")
_PATCHED: Final = re.compile(rb"patch|setattr|delattr|__dict__|\bdel\b")
_INHERITING: Final = "inheriting"
_STORING: Final = "storing"
_ANY: Final = "*"
"""Stands for every attribute, where the text does not show which."""


@dataclass(frozen=True)
class _Class:
    """A class statement: its place, the last word of each base, and the attributes it binds.

    Of an attribute it is said whether it is made as a variable wherever the class binds it.
    """

    key: str
    bases: frozenset[str]
    attributes: Mapping[str, bool]

    @property
    def name(self) -> str:
        return _name_of(self.key)


@dataclass(frozen=True)
class _File:
    """``renamed`` maps names of the file to what they stand for. ``stores``: attributes bound of
    other things than ``self``, or under a name in a string, with whether as a variable."""

    classes: tuple[_Class, ...]
    renamed: tuple[tuple[str, str], ...]
    stores: Mapping[str, bool]


def doubts(facts: Facts, path: str, wanted: Set[str]) -> Doubts:
    """What is not to be relied on in the facts of the file ``path``.

    ``wanted`` are the names and attributes that matter.
    """
    table, path = facts.classes, os.path.realpath(path)
    beside = _Project.beside(path)
    if beside is None:
        return _everything(table)
    attributes: dict[tuple[str, str], Value] = {}
    for key in {value.name for value in facts.values.values() if value.kind in _OF_CLASSES}:
        if key in table.classes:
            for name, variable in _bound(key, table, beside, wanted).items():
                attributes[key, name] = _SOME_VARIABLE if variable else UNKNOWN
    own = {(path, name) for name in facts.exported if name in wanted}
    rebound = frozenset(beside.rebound(own | facts.used))
    return Doubts(attributes, frozenset(name for _, name in rebound & own), rebound)


@dataclass
class _Project:
    """The files of the project beside the one under check: what they hold, by path."""

    finder: Finder
    data: Mapping[str, bytes]
    found: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def beside(cls, path: str) -> _Project | None:
        """None if there are too many files."""
        finder = Finder.of(path)
        data: dict[str, bytes] = {}
        for other, held in sources(Path(finder.root)):
            if held is None:
                asked(*ANYTHING)
                return None
            data[os.path.realpath(other)] = held
        data.pop(path, None)
        return cls(finder, data)

    def inheriting(self, name: str) -> Iterator[tuple[str, _File]]:
        """The files in which a class may have one of that name as its base, or rename it."""
        asked(_INHERITING, name)
        likely = _likely_to_inherit(name)
        for path in self._holding(name):
            file = _file(path) if likely.search(self.data[path]) else None
            if file is not None:
                yield path, file

    def storing(self, name: str, attributes: Set[str]) -> Iterator[tuple[str, _File]]:
        """The files that hold a name, and may bind one of these attributes of something."""
        asked(_STORING, name, *sorted(attributes))
        for path in self._holding(name):
            file = _file(path) if _may_store(self.data[path], attributes) else None
            if file is not None:
                yield path, file

    def _holding(self, word: str) -> tuple[str, ...]:
        if word not in self.found:
            sought = os.fsencode(word)
            self.found[word] = tuple(path for path, held in self.data.items() if sought in held)
        return self.found[word]

    def rebound(self, names: Set[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        """The names of modules that other files bind."""
        for module in {path for path, _ in names}:
            sought = {name for path, name in names if path == module}
            for path, file in self.storing(_stem(module), sought):
                if path != module:
                    yield from ((module, name) for name in sought & file.stores.keys())


def _likely_to_inherit(name: str) -> re.Pattern[bytes]:
    word = os.fsencode(re.escape(name))
    return re.compile(
        rb"\bclass\b[^:(]*\([^:)]*\b%b\b|\b%b[ \t]+as\b|=[ \t\w.]*\b%b\b" % (word, word, word)
    )


def _may_store(held: bytes, attributes: Set[str]) -> bool:
    if not any(name.encode() in held for name in attributes) and b"setattr" not in held:
        return False
    stored = {match.decode() for match in _STORED.findall(held)}
    return not stored.isdisjoint(attributes) or _PATCHED.search(held) is not None


def bears_on(held: bytes, question: Question) -> bool:
    """Whether a file that holds these bytes is a hit of a search through the project."""
    kind, *words = question
    if kind == _INHERITING:
        return os.fsencode(words[0]) in held and bool(_likely_to_inherit(words[0]).search(held))
    if kind == _STORING:
        return os.fsencode(words[0]) in held and _may_store(held, frozenset(words[1:]))
    return project.bears_on(held, question)


def _file(path: str) -> _File | None:
    known = stamp(path)
    return None if known is None else _look(path, known)


def _everything(table: ClassTable) -> Doubts:
    return Doubts(
        {
            (key, name): _SOME_VARIABLE
            for key in table.classes
            for facts in table.family(key)
            for name in facts.attributes.keys() | facts.methods.keys()
        }
    )


def _bound(key: str, table: ClassTable, beside: _Project, wanted: Set[str]) -> dict[str, bool]:
    """The attributes of a class that files beside its own bind, with whether as variables."""
    family = table.family(key)
    held = {name for facts in family for name in facts.attributes.keys() | facts.methods.keys()}
    held &= wanted
    if not held:
        return {}
    related = {facts.key for facts in family}
    homes = {each.rpartition("@")[2] for each in related}
    result: dict[str, bool] = {}

    def add(found: Mapping[str, bool]) -> None:
        for name in held if _ANY in found else held & found.keys():
            result[name] = result.get(name, True) and found.get(name, False)

    names = {_name_of(each) for each in related}
    waiting = [_name_of(key)]
    while waiting:
        name = waiting.pop()
        for path, file in beside.inheriting(name):
            here = {name} | {new for new, old in file.renamed if old == name}
            for each in file.classes:
                place = beside.finder.place(path)
                if each.bases & here and f"{each.key}@{place}" not in related:
                    add(each.attributes)
                    if each.name not in names:
                        names.add(each.name)
                        waiting.append(each.name)
    for name in names:
        for path, file in beside.storing(name, held):
            if beside.finder.place(path) not in homes:
                add(file.stores)
    if result and key.count("@") > 1:
        # What its methods return was worked out without knowing that.
        result |= {name: False for facts in family for name in facts.methods}
    return result


def _name_of(key: str) -> str:
    return key.partition("@")[0]


@remembered(4096)
def _look(path: str, known: Stamp) -> _File | None:
    """None for what cannot be parsed."""
    from tflint_slice.files.reading import UnreadableError, decode
    from tflint_slice.syntax.source import parse_tree

    try:
        tree = parse_tree(decode(read(path)).text, path)
    except (UnreadableError, SyntaxError):
        return None
    foreign: set[str] = set()
    renamed: list[tuple[str, str]] = []
    classes: list[ast.ClassDef] = []
    stores: list[tuple[str, bool]] = []
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                module = alias.name if isinstance(node, ast.Import) else node.module or ""
                name = alias.asname or alias.name.partition(".")[0]
                if module.partition(".")[0] in LIBRARIES and not getattr(node, "level", 0):
                    foreign.add(name)
                elif alias.asname:
                    renamed.append((name, alias.name.rpartition(".")[2]))
        elif isinstance(node, ast.ClassDef):
            classes.append(node)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            old = _last_word(node.value)
            if old is not None:
                renamed.append((node.targets[0].id, old))
        stores += ((name, False) for name in _stored_by(node, of_self=False))
    return _File(tuple(_class(node, foreign) for node in classes), tuple(renamed), _joined(stores))


def _class(node: ast.ClassDef, foreign: set[str]) -> _Class:
    bases = {_last_word(base) for base in node.bases if _first_word(base) not in foreign}
    bound = [(name, False) for name in bound_names(node.body)]
    made: set[ast.AST] = set()
    for child in ast.walk(node):
        if isinstance(child, ast.Assign) and _makes_variable(child.value):
            made.update(child.targets)
        elif isinstance(child, ast.AnnAssign) and _makes_variable(child.value):
            made.add(child.target)
    for child in ast.walk(node):
        bound += ((name, child in made) for name in _stored_by(child, of_self=True))
    return _Class(
        f"{node.name}@{node.lineno}:{node.col_offset}",
        frozenset(base for base in bases if base is not None),
        _joined(bound),
    )


def _stored_by(node: ast.AST, *, of_self: bool) -> Iterator[str]:
    """The attributes that a node binds, by a statement or by a string."""
    if isinstance(node, ast.Attribute):
        if _is_self(node.value) is of_self:
            if node.attr == "__dict__":
                yield _ANY
            elif not isinstance(node.ctx, ast.Load):
                yield node.attr
    elif isinstance(node, ast.Call):
        function = _last_word(node.func) or ""
        texts = [
            arg.value.rpartition(".")[2]
            for arg in node.args[:2]
            if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
        ]
        about_self = bool(node.args) and _is_self(node.args[0])
        about_self = about_self or function == "__setattr__"
        if function.strip("_") in ("setattr", "delattr"):
            if about_self is of_self:
                yield from texts or [_ANY]
        elif "patch" in ast.unparse(node.func) and not of_self:
            yield from texts
            yield from (word.arg for word in node.keywords if word.arg is not None)


def _makes_variable(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Call) and _last_word(node.func) in _MAKERS


def _joined(stores: Iterable[tuple[str, bool]]) -> dict[str, bool]:
    result: dict[str, bool] = {}
    for name, variable in stores:
        result[name] = result.get(name, True) and variable
    return result


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in _SELF


def _last_word(node: ast.expr) -> str | None:
    if isinstance(node, ast.Subscript):
        # ``Base[int]``
        node = node.value
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None


def _first_word(node: ast.expr) -> str | None:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _stem(path: str) -> str:
    """What a module is called where it is imported."""
    folder, file = os.path.split(path)
    return os.path.basename(folder) if file == "__init__.py" else file.removesuffix(".py")

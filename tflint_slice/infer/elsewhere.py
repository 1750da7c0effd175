"""What other files of the project do to the classes and names that the facts of one file rest on.

A subclass may bind an attribute to something else, a test may replace a name of a module. Files are
searched as bytes, and read as trees where they name what is in question.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tflint_slice.infer.classes import ClassFacts, ClassTable, Doubts
from tflint_slice.infer.evaluator import Facts
from tflint_slice.infer.modules import LIBRARIES, Finder, stamp
from tflint_slice.infer.project import bears_on as project_bears_on
from tflint_slice.infer.project import sources
from tflint_slice.infer.reliance import ANYTHING, Question, asked, seen
from tflint_slice.infer.replacing import words_in
from tflint_slice.infer.stores import ANY, File, file_at, name_of, words_bound, words_stored
from tflint_slice.infer.values import UNKNOWN, Value
from tflint_slice.model import Kind
from tflint_slice.timing import Stage, timed

_SOME_VARIABLE: Final = Value(Kind.SOME_VARIABLE)
_OF_CLASSES: Final = (Kind.CLASS, Kind.INSTANCE)
_DEFINED: Final = (Kind.FUNCTION, Kind.CLASS)


@timed(Stage.OTHERS)
def doubts(facts: Facts, path: str, wanted: Set[str]) -> Doubts:
    """What is not to be relied on in the facts of the file ``path``.

    ``wanted`` are the names and attributes that matter.
    """
    table, path = facts.classes, os.path.realpath(path)
    project = _Project.beside(path)
    if project is None:
        return _everything(table)
    attributes: dict[tuple[str, str], Value] = {}
    for key in {value.name for value in facts.values.values() if value.kind in _OF_CLASSES}:
        if key in table.classes:
            for name, variable in _bound(key, table, project, wanted).items():
                attributes[key, name] = _SOME_VARIABLE if variable else UNKNOWN
    own = {(path, name) for name in facts.exported if name in wanted}
    # A name that the text does not show is hardly that of a library, a function or a class.
    data = {(path, name) for _, name in own if facts.exported[name].kind not in _DEFINED}
    rebound = frozenset(project.rebound(own | facts.used, data | facts.used))
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

    def inheriting(self, name: str) -> Iterator[tuple[str, File]]:
        """The files in which a class may have one of that name as its base, or rename it."""
        asked(_INHERITING, name)
        likely = _inheriting(name)
        for path in self.holding(name):
            file = file_at(path) if likely.search(self.data[path]) else None
            if file is not None:
                yield path, file

    def defining(self, name: str) -> Iterator[tuple[str, File]]:
        """The files that may hold a class of that name."""
        asked(_DEFINING, name)
        likely = _defining(name)
        for path in self.holding(name):
            file = file_at(path) if likely.search(self.data[path]) else None
            if file is not None:
                yield path, file

    def storing(
        self, attributes: Set[str], paths: Set[str], naming: Set[str], guessed: Set[str]
    ) -> Iterator[tuple[str, Mapping[str, bool]]]:
        """What files may bind of these attributes, of anything at all.

        Where the text does not show the attribute, it may be any of ``guessed``, if the file is
        one of those ``naming`` the owner.
        """
        asked(_BINDING, *sorted(attributes))
        for path in sorted(paths):
            file = file_at(path) if self._stores(path, attributes, path in naming) else None
            if file is None:
                continue
            stores = {name: file.stores[name] for name in attributes & file.stores.keys()}
            if path in naming and ANY in file.stores:
                stores |= dict.fromkeys(guessed, False)
            if stores:
                yield path, stores

    def _names_of(self, module: str) -> set[str]:
        """What a module is called, here or there."""
        asked(_RENAMING, module)
        names = {module}
        for path in self.holding(module):
            found = _renaming(module).findall(self.data[path])
            if found:
                seen(path, present=True)
                names.update(map(os.fsdecode, found))
        return names

    def bases_out_of_view(self, facts: ClassFacts) -> set[str]:
        """The names of bases of a class that were not looked at, as they lead to no variable."""
        _, _, place = facts.key.partition("@")[2].partition("@")
        file = file_at(os.path.join(self.finder.root, place)) if place else None
        here = [] if file is None else file.classes
        bases = {name for each in here if f"{each.key}@{place}" == facts.key for name in each.bases}
        if not place:
            bases.update(*map(words_in, facts.node.bases))
        seen = (base for base in facts.bases if "@" in base or base.partition(".")[0] in LIBRARIES)
        return bases - {name_of(base).rpartition(".")[2] for base in seen}

    def holding(self, word: str) -> tuple[str, ...]:
        """The files in which a word occurs."""
        if word not in self.found:
            sought = os.fsencode(word)
            self.found[word] = tuple(path for path, held in self.data.items() if sought in held)
        return self.found[word]

    @staticmethod
    def _stores(path: str, attributes: Set[str], named: bool) -> bool:
        known = stamp(path)
        stored = frozenset[str]() if known is None else words_stored(path, known)
        return (named and ANY in stored) or not stored.isdisjoint(attributes)

    def rebound(
        self, names: Set[tuple[str, str]], guessed: Set[tuple[str, str]]
    ) -> Iterator[tuple[str, str]]:
        """The names of modules that other files bind; ``guessed`` without showing the name."""
        for module in {path for path, _ in names}:
            sought = {name for path, name in names if path == module}
            called = self._names_of(_stem(module))
            naming = {path for name in called for path in self.holding(name)} - {module}
            unseen = {name for path, name in guessed if path == module}
            for path, stores in self.storing(sought, naming, naming, unseen):
                if path != module:
                    yield from ((module, name) for name in stores)


# --- what the searches look for -------------------------------------------------------------------


def _inheriting(name: str) -> re.Pattern[bytes]:
    word = os.fsencode(re.escape(name))
    return re.compile(
        rb"\bclass\b[^:(]*\((?:[^:)#]|#[^\n]*\n)*\b%b\b|\b%b[ \t]+as\b|=[^=\n(]*\b%b\b"
        % (word, word, word)
    )


def _defining(name: str) -> re.Pattern[bytes]:
    return re.compile(rb"\bclass\s+%b\b" % os.fsencode(re.escape(name)))


def _renaming(module: str) -> re.Pattern[bytes]:
    return re.compile(rb"\b%b[ \t]+as[ \t]+(\w+)" % os.fsencode(re.escape(module)))


_INHERITING: Final = "inheriting"
_DEFINING: Final = "defining"
_RENAMING: Final = "renaming"
_BINDING: Final = "binding"
_SEARCHES: Final = {_INHERITING: _inheriting, _DEFINING: _defining, _RENAMING: _renaming}


def bears_on(held: bytes, question: Question) -> bool:
    """Whether a file that holds these bytes may be a hit of a search through the project."""
    kind, *words = question
    if kind in _SEARCHES:
        return _SEARCHES[kind](words[0]).search(held) is not None
    if kind == _BINDING:
        return not words_bound(held).isdisjoint((ANY, *words))
    return project_bears_on(held, question)


def _everything(table: ClassTable) -> Doubts:
    return Doubts(
        {
            (key, name): _SOME_VARIABLE
            for key in table.classes
            for facts in table.family(key)
            for name in facts.attributes.keys() | facts.methods.keys()
        }
    )


def _bound(key: str, table: ClassTable, project: _Project, wanted: Set[str]) -> dict[str, bool]:
    """The attributes of a class that files beside its own bind, with whether as variables."""
    family = table.family(key)
    held = {name for facts in family for name in _known(facts) if name in wanted}
    if not held:
        return {}
    related = {facts.key for facts in family}
    homes = {each.rpartition("@")[2] for each in related}
    result: dict[str, bool] = {}

    def add(found: Mapping[str, bool]) -> None:
        for name in held if ANY in found else held & found.keys():
            result[name] = result.get(name, True) and found.get(name, False)

    names = {name_of(each) for each in related}
    # Names that may mean the class or one derived from it, and what else those derive from.
    waiting, sought = [name_of(key)], {name_of(key)}
    beside = set[str]().union(*(project.bases_out_of_view(facts) for facts in family))
    while waiting:
        name = waiting.pop()
        for path, file in project.inheriting(name):
            here = {name} | {new for new, old in file.renamed if old == name}
            for each in file.classes:
                place = project.finder.place(path)
                if each.bases & here and f"{each.key}@{place}" not in related:
                    add(each.attributes)
                    beside |= each.bases - here
                    names.add(each.name)
                    here.add(each.name)
            waiting += here - sought
            sought |= here
    for attributes in _inherited(beside - names, table, project):
        add(attributes)
    naming = {path for name in names for path in project.holding(name)}
    paths = {path for name in held for path in project.holding(name)}
    for path, stores in project.storing(held, naming | paths, naming, held):
        if project.finder.place(path) not in homes:
            add(stores)
    if result and key.count("@") > 1:
        # What its methods return was worked out without knowing that.
        result |= {name: False for facts in family for name in facts.methods}
    return result


def _known(facts: ClassFacts) -> Iterator[str]:
    """The attributes and methods of which something is known."""
    yield from facts.properties
    for values in (facts.attributes, facts.methods, facts.independent):
        yield from (name for name, value in values.items() if value.kind is not Kind.UNKNOWN)


def _inherited(
    names: set[str], table: ClassTable, project: _Project
) -> Iterator[Mapping[str, bool]]:
    """The attributes of classes of these names, and of what they derive from."""
    waiting, seen = list(names), set(names)
    while waiting:
        name = waiting.pop()
        for key, facts in table.classes.items():
            if name_of(key) == name:
                yield {each: value.kind.is_variable for each, value in facts.attributes.items()}
        for _, file in project.defining(name):
            for each in file.classes:
                if each.name == name:
                    yield each.attributes
                    waiting += each.bases - seen
                    seen |= each.bases


def _stem(path: str) -> str:
    """What a module is called where it is imported."""
    folder, file = os.path.split(path)
    return os.path.basename(folder) if file == "__init__.py" else file.removesuffix(".py")

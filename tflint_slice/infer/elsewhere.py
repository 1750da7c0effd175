"""What other files of the project do to the classes and names that the facts of one file rest on.

A subclass may bind an attribute to something else, a test may replace a name of a module. Files are
searched as bytes, and read as trees where they name what is in question.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Final

from tflint_slice.infer import borrowing, handing, searches
from tflint_slice.infer.classes import ClassFacts, ClassTable, Doubts
from tflint_slice.infer.concordance import (
    BINDING,
    DEFINING,
    HELD,
    INHERITING,
    RENAMING,
    Concordance,
    concordance,
)
from tflint_slice.infer.evaluator import Facts
from tflint_slice.infer.imports import bound_by_itself
from tflint_slice.infer.modules import LIBRARIES, Finder
from tflint_slice.infer.outline import own_methods
from tflint_slice.infer.project import searchable
from tflint_slice.infer.reliance import ANYTHING, asked, seen
from tflint_slice.infer.replacing import words_in
from tflint_slice.infer.search_path import uncertain
from tflint_slice.infer.stores import ANY, File, file_at, name_of
from tflint_slice.infer.values import UNKNOWN, Value
from tflint_slice.model import Kind
from tflint_slice.timing import Stage, timed

_SOME_VARIABLE: Final = Value(Kind.SOME_VARIABLE)
_OF_CLASSES: Final = (Kind.CLASS, Kind.INSTANCE)
_DEFINED: Final = (Kind.FUNCTION, Kind.CLASS)


@timed(Stage.OTHERS)
def doubts(tree: ast.Module, facts: Facts, path: str, wanted: Set[str]) -> Doubts:
    """What is not to be relied on in the facts of the file ``path``, whose tree is at hand.

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
    rebound |= uncertain(facts.used, project.finder, project.words)
    by_itself = bound_by_itself(tree, _stem(path))
    rebound |= {each for each in own if each[1] in by_itself}
    return Doubts(attributes, frozenset(name for _, name in rebound & own), rebound)


@dataclass(frozen=True)
class _Project:
    """The files of the project beside the one under check, and which words they hold."""

    finder: Finder
    path: str
    words: Concordance

    @classmethod
    def beside(cls, path: str) -> _Project | None:
        """None if there are too many files."""
        finder = Finder.of(path)
        words = concordance(finder.root)
        if not words.look(finder.root):
            asked(*ANYTHING)
            return None
        return cls(finder, path, words)

    def inheriting(self, name: str) -> Iterator[tuple[str, File]]:
        """The files in which a class may have one of that name as its base, or rename it."""
        return self._trees(name, INHERITING, RENAMING)

    def defining(self, name: str) -> Iterator[tuple[str, File]]:
        """The files that may hold a class of that name."""
        return self._trees(name, DEFINING)

    def _trees(self, name: str, *roles: str) -> Iterator[tuple[str, File]]:
        for role in roles:
            asked(role, name)
        for path in set[str]().union(*(self._beside(role, name) for role in roles)):
            file = file_at(path)
            if file is not None:
                yield path, file

    def holding(self, word: str) -> set[str]:
        """The files in which a word occurs."""
        return self._beside(HELD, word)

    def _beside(self, role: str, word: str) -> set[str]:
        return set(self.words.files(role, word)) - {self.path}

    def storing(
        self, attributes: Set[str], paths: Set[str], naming: Set[str], guessed: Set[str]
    ) -> Iterator[tuple[str, Mapping[str, bool]]]:
        """What files may bind of these attributes, of anything at all.

        Where the text does not show the attribute, it may be any of ``guessed``, if the file is
        one of those ``naming`` the owner.
        """
        asked(BINDING, *sorted(attributes))
        likely = set[str]().union(*(self._beside(BINDING, name) for name in attributes)) & paths
        likely |= self._beside(BINDING, ANY) & paths & naming
        for path in sorted(likely):
            file = file_at(path)
            if file is None:
                continue
            stores = {name: file.stores[name] for name in attributes if name in file.stores}
            if path in naming and ANY in file.stores:
                stores |= dict.fromkeys(guessed, False)
            if stores:
                yield path, stores

    def borrows(self, names: Set[str], methods: Set[str]) -> bool:
        """Whether a file takes one of these methods from a class that goes by one of the names."""
        if not methods:
            return False
        asked(borrowing.QUESTION, *borrowing.as_words(names, methods))
        taken = set[str]().union(*map(self.holding, methods))
        return any(
            borrowing.bears_on(searchable(path), names, methods)
            and borrowing.borrows(path, names, methods)
            for path in set[str]().union(*map(self.holding, names)) & taken
        )

    def _names_of(self, module: str) -> set[str]:
        """What a module is called, here or there."""
        asked(RENAMING, module)
        names = {module}
        for path in self._beside(RENAMING, module):
            seen(path, present=True)
            names.update(map(os.fsdecode, searches.renaming(module).findall(searchable(path))))
        return names

    def bases_out_of_view(self, facts: ClassFacts) -> set[str]:
        """The names of bases of a class that were not looked at, as they lead to no variable."""
        place = _place(facts)
        file = file_at(os.path.join(self.finder.root, place)) if place else None
        here = [] if file is None else file.classes
        bases = {name for each in here if f"{each.key}@{place}" == facts.key for name in each.bases}
        if not place:
            bases.update(*map(words_in, facts.node.bases))
        seen = (base for base in facts.bases if "@" in base or base.partition(".")[0] in LIBRARIES)
        return bases - {name_of(base).rpartition(".")[2] for base in seen}

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
            yield from ((module, name) for name in self._bound_blindly(unseen, called, naming))

    def _bound_blindly(self, sought: Set[str], called: Set[str], naming: Set[str]) -> set[str]:
        """The names of a module that files bind which do not name it, if they may mean it."""
        others = set[str]().union(*(self._beside(BINDING, name) for name in sought)) - naming
        certain, possible = set[str](), set[str]()
        for path, stores in self.storing(sought, others, frozenset(), frozenset()):
            computed = handing.computes_imports(searchable(path))
            (certain if computed else possible).update(stores)
        if possible - certain and self._handed_out(called, naming):
            return certain | possible
        return certain

    def _handed_out(self, called: Set[str], naming: Set[str]) -> bool:
        """Whether a file uses a module that goes by these names as an object."""
        for name in sorted(called):
            asked(handing.QUESTION, name)
        return any(
            any(handing.may_hand_out(searchable(path), name) for name in called)
            and handing.hands_out(path, called)
            for path in sorted(naming | {self.path})
        )


def _place(facts: ClassFacts) -> str:
    """The file of a class; nothing for one of the file under check."""
    return facts.key.partition("@")[2].partition("@")[2]


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
        for name in held if ANY in found else held.intersection(found):
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
    # What is found in a method of this file may be about another object.
    own = (own_methods(facts.node) for facts in family if not _place(facts))
    if project.borrows(names | sought, set().union(*own)):
        add({ANY: False})
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

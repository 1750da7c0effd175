"""The files of a project beside the one under check: which may bear on it, and what they bind.

They are searched as bytes, and read as trees where they name what is in question.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass

from tflint_slice.infer import borrowing, handing, searches
from tflint_slice.infer.classes import ClassFacts
from tflint_slice.infer.concordance import (
    BINDING,
    DEFINING,
    HELD,
    INHERITING,
    RENAMING,
    Concordance,
    concordance,
)
from tflint_slice.infer.modules import LIBRARIES, Finder
from tflint_slice.infer.project import searchable
from tflint_slice.infer.reliance import ANYTHING, asked, seen
from tflint_slice.infer.replacing import words_in
from tflint_slice.infer.stores import ANY, File, file_at, name_of


@dataclass(frozen=True)
class OtherFiles:
    """Those beside the file ``path``, and which words they hold."""

    finder: Finder
    path: str
    words: Concordance

    @classmethod
    def beside(cls, path: str) -> OtherFiles | None:
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
        one of those ``naming`` the owner: these come first, as one of them may decide everything.
        Whoever has seen enough of an attribute takes it out of ``attributes`` and ``guessed``.
        """
        asked(BINDING, *sorted(attributes))
        binding = {name: self._beside(BINDING, name) & paths for name in attributes}
        blindly = self._beside(BINDING, ANY) & paths & naming
        openly = set[str]().union(*binding.values()) - blindly
        for path in (*sorted(blindly), *sorted(openly)):
            guesses = path in blindly and bool(guessed)
            if not guesses and not any(path in binding[name] for name in attributes):
                continue
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
        place = place_of(facts)
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
            called = self._names_of(stem_of(module))
            naming = {path for name in called for path in self.holding(name)} - {module}
            unseen = {name for path, name in guessed if path == module}
            for _, stores in self.storing(sought, naming, naming, unseen):
                yield from ((module, name) for name in stores)
                sought.difference_update(stores)
                unseen.difference_update(stores)
            if unseen:
                blindly = self._bound_blindly(unseen, called, naming)
                yield from ((module, name) for name in blindly)

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


def place_of(facts: ClassFacts) -> str:
    """The file of a class; nothing for one of the file under check."""
    return facts.key.partition("@")[2].partition("@")[2]


def stem_of(path: str) -> str:
    """What a module is called where it is imported."""
    folder, file = os.path.split(path)
    return os.path.basename(folder) if file == "__init__.py" else file.removesuffix(".py")

"""What other files of the project do to the classes and names that the facts of one file rest on.

A subclass may bind an attribute to something else, a test may replace a name of a module.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Final

from tflint_slice.infer.classes import ClassFacts, ClassTable, Doubts
from tflint_slice.infer.evaluator import Facts
from tflint_slice.infer.imports import bound_by_itself
from tflint_slice.infer.other_files import OtherFiles, place_of, stem_of
from tflint_slice.infer.outline import own_methods
from tflint_slice.infer.search_path import uncertain
from tflint_slice.infer.stores import ANY, name_of
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
    project = OtherFiles.beside(path)
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
    by_itself = bound_by_itself(tree, stem_of(path))
    rebound |= {each for each in own if each[1] in by_itself}
    return Doubts(attributes, frozenset(name for _, name in rebound & own), rebound)


def _everything(table: ClassTable) -> Doubts:
    return Doubts(
        {
            (key, name): _SOME_VARIABLE
            for key in table.classes
            for facts in table.family(key)
            for name in facts.attributes.keys() | facts.methods.keys()
        }
    )


def _bound(key: str, table: ClassTable, project: OtherFiles, wanted: Set[str]) -> dict[str, bool]:
    """The attributes of a class that files beside its own bind, with whether as variables."""
    family = table.family(key)
    held = _Held({name for facts in family for name in _known(facts) if name in wanted})
    if held.open:
        for attributes in _bindings(key, family, table, project, held):
            held.add(attributes)
            if not held.open:
                # The rest is not asked, and the answer does not rest on it.
                break
    if held.bound and key.count("@") > 1:
        # What its methods return was worked out without knowing that.
        return held.bound | {name: False for facts in family for name in facts.methods}
    return held.bound


class _Held:
    """The attributes of a class that matter: those that are bound, and with whether as variables.

    What one file binds to something else than a variable stays so, whatever the others do: only
    those that are ``open`` are still to be looked for.
    """

    def __init__(self, names: Set[str]) -> None:
        self.open = set(names)
        self.bound: dict[str, bool] = {}

    def add(self, found: Mapping[str, bool]) -> None:
        for name in self.open.copy() if ANY in found else self.open.intersection(found):
            self.bound[name] = self.bound.get(name, True) and found.get(name, False)
            if not self.bound[name]:
                self.open.remove(name)


def _bindings(
    key: str, family: Sequence[ClassFacts], table: ClassTable, project: OtherFiles, held: _Held
) -> Iterator[Mapping[str, bool]]:
    """What may be bound of the objects of a class, what is found soonest first."""
    related = {facts.key for facts in family}
    homes = {each.rpartition("@")[2] for each in related}
    names = {name_of(each) for each in related}
    paths = {path for name in held.open for path in project.holding(name)}

    def stored(naming: Set[str]) -> Iterator[Mapping[str, bool]]:
        for path, stores in project.storing(held.open, naming | paths, naming, held.open):
            if project.finder.place(path) not in homes:
                yield stores

    naming = {path for name in names for path in project.holding(name)}
    yield from stored(naming)
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
                    yield each.attributes
                    beside |= each.bases - here
                    names.add(each.name)
                    here.add(each.name)
            waiting += here - sought
            sought |= here
    yield from _inherited(beside - names, table, project)
    # What is found in a method of this file may be about another object.
    own = (own_methods(facts.node) for facts in family if not place_of(facts))
    if project.borrows(names | sought, set().union(*own)):
        yield {ANY: False}
    yield from stored({path for name in names for path in project.holding(name)} - naming)


def _known(facts: ClassFacts) -> Iterator[str]:
    """The attributes and methods of which something is known."""
    yield from facts.properties
    for values in (facts.attributes, facts.methods, facts.independent):
        yield from (name for name, value in values.items() if value.kind is not Kind.UNKNOWN)


def _inherited(
    names: set[str], table: ClassTable, project: OtherFiles
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

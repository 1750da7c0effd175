"""What the attributes of a file's classes hold, joined over every place that stores to them."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from tflint_slice.infer.values import UNKNOWN, Value, join, join_all
from tflint_slice.model import Kind

_FRAMEWORK_LAYERS = ("keras.", "tf_keras.", "tensorflow.keras.")


# More than any number of stores that are told apart.
_MANY = 2

Assumptions = dict[tuple[str, str], Value]
"""What is assumed of attributes, by class and name."""


@dataclass(frozen=True)
class Doubts:
    """What other files do to the classes and names of one file.

    ``attributes``: what is left to say of an attribute, by class and name. ``names``: names of
    the module that are bound from elsewhere; ``imported``: such names of modules, by path.
    """

    attributes: Mapping[tuple[str, str], Value] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    imported: frozenset[tuple[str, str]] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.attributes or self.imported)


NO_DOUBTS: Final = Doubts()


@dataclass
class ClassFacts:
    """One class. ``bases`` are qualified names, or the keys of classes in view."""

    key: str
    node: ast.ClassDef
    bases: tuple[str, ...] = ()
    attributes: dict[str, Value] = field(default_factory=dict)
    methods: dict[str, Value] = field(default_factory=dict)
    properties: dict[str, Value] = field(default_factory=dict)
    """The functions that compute attributes; among the methods they are unknown."""
    stores: dict[str, int] = field(default_factory=dict)
    independent: dict[str, Value] = field(default_factory=dict)
    """The attributes as if they were never computed from themselves."""
    dynamic: bool = False

    def store(self, name: str, value: Value, circular: bool = False, initial: bool = False) -> None:
        before = self.attributes.get(name)
        self.attributes[name] = value if before is None else join(before, value)
        self.stores[name] = self.stores.get(name, 0) + (1 if initial else _MANY)
        if not circular:
            before = self.independent.get(name)
            self.independent[name] = value if before is None else join(before, value)


class ClassTable:
    """The classes in view of one file: its own, and those of other files that it imports.

    Attributes are shared along inheritance: ``self`` may be either.
    """

    def __init__(self, doubts: Mapping[tuple[str, str], Value] = NO_DOUBTS.attributes) -> None:
        self.classes: dict[str, ClassFacts] = {}
        self._doubts = doubts
        # Both hold for as long as no class is added.
        self._families: dict[str, list[ClassFacts]] = {}
        self._heirs: dict[str, list[str]] = {}

    def adopt(self, other: ClassFacts, dynamic: bool) -> None:
        """Take in a class of another file, to which this file may store attributes as well."""
        if other.key not in self.classes:
            self._forget()
            self.classes[other.key] = replace(
                other,
                attributes=dict(other.attributes),
                stores=dict(other.stores),
                independent=dict(other.independent),
                dynamic=other.dynamic or dynamic,
            )

    def define(
        self, key: str, node: ast.ClassDef, bases: tuple[str, ...], dynamic: bool
    ) -> ClassFacts:
        facts = self.classes.get(key)
        if facts is None:
            facts = self.classes[key] = ClassFacts(key, node, dynamic=dynamic)
        facts.bases = bases
        self._forget()
        return facts

    def _forget(self) -> None:
        self._families.clear()
        self._heirs.clear()

    def family(self, key: str) -> list[ClassFacts]:
        """The class, its ancestors and its descendants, as far as the file shows them."""
        found = self._families.get(key)
        if found is None:
            found = self._families[key] = self._family(key)
        return found

    def _family(self, key: str) -> list[ClassFacts]:
        related = {key}
        for descendant in {key} | self._descendants(key):
            related |= {descendant} | self._ancestors(descendant)
        return [self.classes[name] for name in sorted(related) if name in self.classes]

    def attribute(self, key: str, name: str) -> Value:
        """What ``self.name`` may be in a method of the class."""
        value = self._attribute(key, name)
        doubt = self._doubts.get((key, name))
        if doubt is None:
            return value
        return doubt if value.kind.is_variable else UNKNOWN

    def _attribute(self, key: str, name: str) -> Value:
        result: Value | None = None
        family = self.family(key)
        methods = [facts.methods[name] for facts in family if name in facts.methods]
        if any(facts.dynamic for facts in family):
            return UNKNOWN
        if methods:
            # Which of several is called depends on the class of the object.
            stored = any(name in facts.attributes for facts in family)
            return methods[0] if len(methods) == 1 and not stored else UNKNOWN
        for facts in family:
            if name in facts.attributes:
                value = facts.attributes[name]
                result = value if result is None else join(result, value)
        return UNKNOWN if result is None else result

    def property(self, key: str, name: str) -> Value | None:
        """The function that computes ``self.name``, if it is that one whatever ``self`` is."""
        family = self.family(key)
        found = [facts for facts in family if name in facts.methods]
        unsure = any(facts.dynamic or name in facts.attributes for facts in family)
        if len(found) != 1 or unsure or (key, name) in self._doubts:
            return None
        return found[0].properties.get(name)

    def independently(self, key: str, name: str) -> Value:
        """What ``self.name`` is made as, whatever is computed from it later."""
        if (key, name) in self._doubts:
            return UNKNOWN
        family = self.family(key)
        made = [facts.independent[name] for facts in family if name in facts.independent]
        return join_all(tuple(made)) if made else UNKNOWN

    def stored_once_in_init(self, key: str, name: str) -> bool:
        stores = sum(facts.stores.get(name, 0) for facts in self.family(key))
        return stores == 1 and (key, name) not in self._doubts

    def owners(self, name: str) -> list[ClassFacts]:
        return [facts for facts in self.classes.values() if name in facts.attributes]

    def defines(self, key: str, name: str) -> bool:
        return any(name in facts.methods for facts in self.family(key))

    def holds(self, key: str, name: str) -> bool:
        """Whether a class of the family, or code that cannot be seen, gives the attribute."""
        family = self.family(key)
        stored = any(name in facts.attributes or facts.dynamic for facts in family)
        return stored or self.defines(key, name) or (key, name) in self._doubts

    def bases(self) -> dict[str, tuple[str, ...]]:
        return {key: facts.bases for key, facts in self.classes.items()}

    def holds_the_same(self, other: ClassTable) -> bool:
        return {key: facts.attributes for key, facts in self.classes.items()} == {
            key: facts.attributes for key, facts in other.classes.items()
        }

    def assumptions(self) -> Assumptions:
        """Attributes that are ints unless they are made otherwise out of themselves."""
        found: Assumptions = {}
        for key, facts in self.classes.items():
            for name, value in facts.attributes.items():
                related = [f.independent[name] for f in self.family(key) if name in f.independent]
                ints = bool(related) and all(v.kind is Kind.INT for v in related)
                if value.kind is Kind.UNKNOWN and ints and not facts.dynamic:
                    found[key, name] = Value(Kind.INT)
        return found

    def confirms(self, key: tuple[str, str], value: Value) -> bool:
        """Whether a run under the assumption stored nothing else."""
        return self.attribute(*key).kind is value.kind

    def framework_base(self, key: str) -> str | None:
        """The first base from Keras, by qualified name."""
        for facts in self.family(key):
            for base in facts.bases:
                if base.startswith(_FRAMEWORK_LAYERS):
                    return base
        return None

    def library_base(self, key: str) -> str | None:
        """The one base from Keras or TensorFlow, if no other is out of sight."""
        found: set[str] = set()
        for name in {key} | self._ancestors(key):
            facts = self.classes.get(name)
            if facts is None:
                found.add(name)
            elif len(facts.bases) < len(facts.node.bases):
                return None
        base = found.pop() if len(found) == 1 else None
        known = base is not None and base.startswith((*_FRAMEWORK_LAYERS, "tensorflow."))
        return base if known else None

    def _ancestors(self, key: str) -> set[str]:
        found: set[str] = set()
        todo = [key]
        while todo:
            facts = self.classes.get(todo.pop())
            for base in facts.bases if facts else ():
                if base not in found:
                    found.add(base)
                    todo.append(base)
        return found

    def _descendants(self, key: str) -> set[str]:
        if not self._heirs:
            for facts in self.classes.values():
                for base in facts.bases:
                    self._heirs.setdefault(base, []).append(facts.key)
        found: set[str] = set()
        todo = [key]
        while todo:
            for heir in self._heirs.get(todo.pop(), ()):
                if heir not in found:
                    found.add(heir)
                    todo.append(heir)
        return found

"""What the attributes of a file's classes hold, joined over every place that stores to them."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from tflint_slice.infer.values import UNKNOWN, Value, join, join_all
from tflint_slice.model import Kind

_FRAMEWORK_LAYERS = ("keras.", "tf_keras.", "tensorflow.keras.")


# More than any number of stores that are told apart.
_MANY = 2

Assumptions = dict[tuple[str, str], Value]
"""What is assumed of attributes, by class and name."""


@dataclass
class ClassFacts:
    """One class. ``bases`` are qualified names, or the keys of classes of the same file."""

    key: str
    node: ast.ClassDef
    bases: tuple[str, ...] = ()
    attributes: dict[str, Value] = field(default_factory=dict)
    methods: dict[str, Value] = field(default_factory=dict)
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
    """The classes of one file. Attributes are shared along inheritance: ``self`` may be either."""

    def __init__(self) -> None:
        self.classes: dict[str, ClassFacts] = {}

    def define(self, node: ast.ClassDef, bases: tuple[str, ...], dynamic: bool) -> ClassFacts:
        key = f"{node.name}@{node.lineno}:{node.col_offset}"
        facts = self.classes.get(key)
        if facts is None:
            facts = self.classes[key] = ClassFacts(key, node, dynamic=dynamic)
        facts.bases = bases
        return facts

    def family(self, key: str) -> list[ClassFacts]:
        """The class, its ancestors and its descendants, as far as the file shows them."""
        related = {key}
        for descendant in {key} | self._descendants(key):
            related |= {descendant} | self._ancestors(descendant)
        return [self.classes[name] for name in sorted(related) if name in self.classes]

    def attribute(self, key: str, name: str) -> Value:
        """What ``self.name`` may be in a method of the class."""
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

    def independently(self, key: str, name: str) -> Value:
        """What ``self.name`` is made as, whatever is computed from it later."""
        family = self.family(key)
        made = [facts.independent[name] for facts in family if name in facts.independent]
        return join_all(tuple(made)) if made else UNKNOWN

    def stored_once_in_init(self, key: str, name: str) -> bool:
        return sum(facts.stores.get(name, 0) for facts in self.family(key)) == 1

    def owners(self, name: str) -> list[ClassFacts]:
        return [facts for facts in self.classes.values() if name in facts.attributes]

    def defines(self, key: str, name: str) -> bool:
        return any(name in facts.methods for facts in self.family(key))

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
        found: set[str] = set()
        grew = True
        while grew:
            grew = False
            for facts in self.classes.values():
                if facts.key not in found and (key in facts.bases or found & set(facts.bases)):
                    found.add(facts.key)
                    grew = True
        return found

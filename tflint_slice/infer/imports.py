"""What one file gets from the modules of its project that it imports.

Only what was asked for is looked at: nothing happens before an expression needs a name.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tflint_slice.infer.classes import ClassFacts
from tflint_slice.infer.exports import Import, Origin, exports_of, imported, origin
from tflint_slice.infer.modules import Finder
from tflint_slice.infer.names import canonical, member
from tflint_slice.infer.values import UNKNOWN, Value, constant, symbol
from tflint_slice.model import Kind
from tflint_slice.syntax.nodes import nodes_of


@dataclass(frozen=True)
class Summary:
    """What other modules may know of one: its names, its classes, and what its functions return.

    ``classes`` and ``returns`` hold what is named by a value in any of the three. ``used`` are
    the names of other modules that went into it, each with the module that defines it.
    """

    names: Mapping[str, Value]
    classes: Mapping[str, ClassFacts]
    returns: Mapping[str, Value]
    used: frozenset[tuple[str, str]]


@dataclass
class Imports:
    """The imports of the file ``path``.

    ``summary_of`` answers for a file of the project. ``wanted`` are the names to look up.
    ``rebound`` are attributes that the file binds of what may be modules. Of ``constant`` names
    only numbers and strings are looked up, which takes no summary: their modules are ``plain``.
    """

    finder: Finder
    path: str
    summary_of: Callable[[str], Summary | None]
    wanted: frozenset[str]
    rebound: frozenset[str]
    constant: frozenset[str] = frozenset()
    classes: dict[str, ClassFacts] = field(default_factory=dict)
    returns: dict[str, Value] = field(default_factory=dict)
    used: set[tuple[str, str]] = field(default_factory=set)
    """What went into what was looked up: names, each with the module that defines it."""
    doubted: frozenset[tuple[str, str]] = frozenset()
    _taken: set[str] = field(default_factory=set)

    def bound(self, name: str, what: Import) -> Value | None:
        """What an import binds ``name`` to, or None if that is no business of the project."""
        if name not in self.wanted and name not in self.constant:
            return None
        if what.name in self.rebound:
            return UNKNOWN
        found = imported(self.finder, self.path, what)
        return self._value(found, whole=name in self.wanted)

    def member(self, module: str, name: str, *, whole: bool = True) -> Value:
        """``module.name``, of a module of the project."""
        if name in self.rebound:
            return UNKNOWN
        return self._value(origin(self.finder, module, name), whole=whole) or UNKNOWN

    def starred(self, what: Import) -> dict[str, Value]:
        """The names that ``from module import *`` binds, as far as they are known."""
        found = imported(self.finder, self.path, Import(what.level, what.module, None))
        exports = None if found is None else exports_of(found.path)
        whole = "*" in self.wanted
        if found is None or exports is None or not (whole or "*" in self.constant):
            return {}
        return {name: self.member(found.path, name, whole=whole) for name in sorted(exports.public)}

    def _value(self, found: Origin | None, *, whole: bool) -> Value | None:
        if found is None or found.path == self.path:
            return None
        if found.name is None:
            return Value(Kind.MODULE, name=found.path, plain=not whole)
        exports = exports_of(found.path)
        value = None if found.library is None else of_library(found.library)
        if exports is not None and found.name in exports.constants:
            value = constant(exports.constants[found.name])
        if value is not None:
            self.used.add((found.path, found.name))
            return UNKNOWN if (found.path, found.name) in self.doubted else value
        summary = self.summary_of(found.path) if whole else None
        if summary is None:
            return None
        used = summary.used | {(found.path, found.name)}
        self.used |= used
        if used & self.doubted:
            return UNKNOWN
        if found.path not in self._taken:
            self._taken.add(found.path)
            self.classes = {**summary.classes, **self.classes}
            self.returns = {**summary.returns, **self.returns}
        return summary.names.get(found.name, UNKNOWN)


def of_library(what: Import) -> Value:
    """What an import binds a name to that is no business of the project."""
    module = canonical(what.module)
    return symbol(module) if what.name is None else member(module, what.name)


def rebound_attributes(tree: ast.Module) -> frozenset[str]:
    """Attributes that are bound or deleted of anything but ``self``."""
    return frozenset(
        node.attr
        for node in nodes_of(tree).of(ast.Attribute)
        if not isinstance(node.ctx, ast.Load)
        and not (isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"))
    )


def bound_by_itself(tree: ast.Module, name: str) -> frozenset[str]:
    """The attributes that a module of that name may bind of itself, if it may import itself."""
    nodes = nodes_of(tree)
    words = {node.attr for node in nodes.of(ast.Attribute)}
    words.update(word for node in nodes.of(ast.alias) for word in node.name.split("."))
    words.update(word for node in nodes.of(ast.ImportFrom) for word in str(node.module).split("."))
    return rebound_attributes(tree) if name in words else frozenset()

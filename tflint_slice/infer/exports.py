"""What the names of a module are bound by, as far as one look at its statements tells.

A name that a package only hands on is followed to where it is defined, without inferring anything.
"""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from tflint_slice.infer.modules import LIBRARIES, Finder, Stamp, stamp
from tflint_slice.infer.reliance import remembered
from tflint_slice.infer.scopes import outer_parts
from tflint_slice.syntax.nodes import children, nodes_of

_DYNAMIC = re.compile(
    r"\b(?:exec|eval|globals|locals|vars)\s*\(|_getframe|f_locals|f_globals|sys\.modules"
    r"|^def[ \t]+__getattr__\b",
    re.MULTILINE,
)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_NAMED = (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)


@dataclass(frozen=True)
class Import:
    """``from module import name``; without ``name`` it is ``import module``, or its first part."""

    level: int
    module: str
    name: str | None


@dataclass(frozen=True)
class Exports:
    """``imports``: names that one import binds and nothing else. ``others``: other bound names.

    ``stars``: what ``from module import *`` names. ``listed``: ``__all__``, where it is a literal.
    ``constants``: names that one assignment binds to a number or a string, and nothing else.
    ``defined``: names of functions and classes, which nothing but definitions binds.
    """

    imports: Mapping[str, Import] = field(default_factory=dict)
    others: frozenset[str] = frozenset()
    stars: tuple[Import, ...] = ()
    listed: frozenset[str] | None = None
    constants: Mapping[str, object] = field(default_factory=dict)
    defined: frozenset[str] = frozenset()

    @property
    def public(self) -> frozenset[str]:
        """What ``from module import *`` binds, but for what the module's own stars do."""
        if self.listed is not None:
            return self.listed
        return frozenset(
            name for name in self.others.union(self.imports) if not name.startswith("_")
        )


@dataclass(frozen=True)
class Origin:
    """Where a name is defined: in the module ``path``, or it is that module (``name=None``).

    ``library``: what that module imports under the name, where it is no module of the project.
    """

    path: str
    name: str | None
    library: Import | None = None


def origin(
    finder: Finder, module: str, name: str, seen: frozenset[tuple[str, str]] = frozenset()
) -> Origin | None:
    """What ``module.name`` is, or None where it is nothing that the project shows."""
    submodule = finder.submodule(module, name)
    if (module, name) in seen:
        # ``from . import name`` in the package itself.
        return None if submodule is None else Origin(submodule, None)
    exports = exports_of(module)
    if exports is None:
        return None
    seen |= {(module, name)}
    if name in exports.imports and not exports.stars:
        what = exports.imports[name]
        if _is_library(what):
            return Origin(module, name, what) if submodule is None else None
        return imported(finder, module, what, seen)
    if name in exports.others or name in exports.imports:
        return Origin(module, name)
    if submodule is not None:
        return Origin(submodule, None)
    if len(exports.stars) == 1 and not name.startswith("_"):
        (star,) = exports.stars
        starred = _module(finder, module, star)
        listed = None if starred is None else exports_of(starred)
        if starred is not None and listed is not None:
            shown = listed.listed is None or name in listed.listed
            return origin(finder, starred, name, seen) if shown else None
    return None


def imported(
    finder: Finder, importer: str, what: Import, seen: frozenset[tuple[str, str]] = frozenset()
) -> Origin | None:
    """What an import statement of the file ``importer`` binds its name to."""
    module = _module(finder, importer, what)
    if module is None:
        return None
    return Origin(module, None) if what.name is None else origin(finder, module, what.name, seen)


def _is_library(what: Import) -> bool:
    return not what.level and what.module.partition(".")[0] in LIBRARIES


def _module(finder: Finder, importer: str, what: Import) -> str | None:
    if what.level:
        return finder.relative(importer, what.level, what.module)
    return finder.absolute(importer, what.module)


def bindings(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, Import]]:
    """The names that an import statement binds; a star binds ``*``."""
    for alias in node.names:
        if isinstance(node, ast.ImportFrom):
            yield alias.asname or alias.name, Import(node.level, node.module or "", alias.name)
        elif alias.asname:
            yield alias.asname, Import(0, alias.name, None)
        else:
            root = alias.name.partition(".")[0]
            yield root, Import(0, root, None)


def exports_of(path: str) -> Exports | None:
    """None for a file that cannot be parsed, or that binds names which its text does not show."""
    known = stamp(path)
    return None if known is None else _exports(path, known)


@remembered(4096)
def _exports(path: str, known: Stamp) -> Exports | None:
    tree = parsed(path)
    return None if tree is None else _collect(tree)


def parsed(path: str) -> ast.Module | None:
    """The tree of a module whose names are all to be seen; that of a folder is empty."""
    known = stamp(path)
    return None if known is None else _parsed(path, known)


@lru_cache(maxsize=8)  # several ask for the same one in a row
def _parsed(path: str, known: Stamp) -> ast.Module | None:
    from tflint_slice.files.reading import UnreadableError, decode
    from tflint_slice.infer.project import read
    from tflint_slice.syntax.source import parse_tree

    if path.endswith(".py"):
        try:
            text = decode(read(path)).text
            if _DYNAMIC.search(unicodedata.normalize("NFKC", text)):
                return None
            return parse_tree(text, path)
        except (UnreadableError, SyntaxError):
            return None
    return ast.Module([], [])


def _collect(tree: ast.Module) -> Exports:
    imports: dict[str, Import] = {}
    others: set[str] = set()
    stars: list[Import] = []
    bound: list[str] = []
    defined: set[str] = set()
    listed: frozenset[str] | None = None
    for node in module_nodes(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for name, what in bindings(node):
                if name == "*":
                    stars.append(what)
                elif imports.get(name, what) != what:
                    others.add(name)
                imports[name] = what
        elif isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Load):
                bound.append(node.id)
        elif isinstance(node, _DEFINITIONS):
            defined.add(node.name)
        elif isinstance(node, _NAMED):
            bound += [node.name] if node.name else []
        elif isinstance(node, ast.MatchMapping) and node.rest:
            others.add(node.rest)
    for declared in nodes_of(tree).of(ast.Global):
        others.update(declared.names)
    constants = {
        statement.targets[0].id: statement.value.value
        for statement in tree.body
        if isinstance(statement, ast.Assign)
        and isinstance(statement.targets[0], ast.Name)
        and isinstance(statement.value, ast.Constant)
        and bound.count(statement.targets[0].id) == 1
        and statement.targets[0].id not in others | defined | imports.keys()
        and not stars
    }
    others.update(bound)
    only = defined - others - imports.keys()
    others |= defined
    if "__all__" in others:
        listed = _listed(tree)
    imports = {name: what for name, what in imports.items() if name not in others and name != "*"}
    return Exports(imports, frozenset(others), tuple(stars), listed, constants, frozenset(only))


def module_nodes(tree: ast.Module) -> Iterator[ast.AST]:
    """The nodes of the module's own scope."""
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, (*_DEFINITIONS, ast.Lambda)):
            waiting += outer_parts(node)
        else:
            waiting += children(node)


def _listed(tree: ast.Module) -> frozenset[str]:
    """The strings in ``__all__``; nothing where it is put together in another way than by one."""
    found = [node for node in nodes_of(tree).of(ast.Name) if node.id == "__all__"]
    assigned = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and [getattr(target, "id", "") for target in node.targets] == ["__all__"]
        and isinstance(node.value, (ast.List, ast.Tuple))
    ]
    if len(found) != 1 or len(assigned) != 1:
        return frozenset()
    return frozenset(
        element.value
        for element in assigned[0].elts
        if isinstance(element, ast.Constant) and isinstance(element.value, str)
    )

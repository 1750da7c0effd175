"""The nodes of a tree: one walk for all who ask, and several times as fast as ``ast.walk``.

Contexts and operators, which are two fifths of the nodes of a tree, are left out.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import chain
from typing import Final, TypeVar, cast

from tflint_slice.syntax.once import once

Node = TypeVar("Node", bound=ast.AST)

_LEAVES: Final = frozenset(
    {
        "arg", "asname", "attr", "conversion", "ctx", "id", "is_async", "kind", "kwd_attrs",
        "level", "module", "name", "op", "ops", "rest", "simple", "str", "tag", "type_comment",
        "type_ignores",
        # Elsewhere these do hold nodes.
        "Constant.value", "Global.names", "MatchSingleton.value", "Nonlocal.names",
    }
)  # fmt: skip
"""The fields of nodes that hold no nodes, or none that anybody asks for."""


def _fields(kind: type[ast.AST]) -> tuple[str, ...]:
    own = kind.__name__
    return tuple(
        name
        for name in kind._fields
        if _LEAVES.isdisjoint({name, f"{own}.{name}"}) or (own, name) == ("TypeAlias", "name")
    )


def _kinds(kind: type[ast.AST]) -> Iterator[type[ast.AST]]:
    yield kind
    for each in kind.__subclasses__():
        yield from _kinds(each)


_FIELDS: Final = {kind: _fields(kind) for kind in _kinds(ast.AST)}


def children(node: ast.AST) -> list[ast.AST]:
    """The nodes right below a node, in order."""
    found: list[ast.AST] = []
    for name in _FIELDS[node.__class__]:
        held = getattr(node, name)
        if held.__class__ is list:
            found += held if None not in held else [each for each in held if each is not None]
        elif held is not None:
            found.append(held)
    return found


def walk(root: ast.AST) -> list[ast.AST]:
    """A node and all below it, those nearest to it first, as ``ast.walk`` gives them."""
    found = [root]
    fields = _FIELDS
    for node in found:
        for name in fields[node.__class__]:
            held = getattr(node, name)
            if held.__class__ is list:
                found += held if None not in held else [each for each in held if each is not None]
            elif held is not None:
                found.append(held)
    return found


class Nodes:
    """All nodes of a tree by what they are, each kind in the order of ``walk``.

    The module itself, which keeps them, is not among them: it would keep itself.
    """

    def __init__(self, tree: ast.AST) -> None:
        self._of: dict[type[ast.AST], list[ast.AST]] = {}
        for node in walk(tree):
            try:
                self._of[node.__class__].append(node)
            except KeyError:
                self._of[node.__class__] = [node]
        self._of.pop(ast.Module, None)

    def of(self, *kinds: type[Node]) -> list[Node]:
        """All nodes of one kind, then all of the next one; of these very types, not of others."""
        found = [self._of.get(kind, []) for kind in kinds]
        return cast("list[Node]", found[0] if len(found) == 1 else [*chain.from_iterable(found)])


@once
def nodes_of(tree: ast.Module) -> Nodes:
    """The nodes of a tree, walked once for all who ask for them."""
    return Nodes(tree)


@once
def attributes_of(tree: ast.Module) -> frozenset[str]:
    """The attributes that are read or bound in a tree, of whatever."""
    return frozenset({node.attr for node in nodes_of(tree).of(ast.Attribute)})

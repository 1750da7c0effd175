"""What the names of a file are called where its words are followed: ``x`` of two functions is two.

A name that only one function can bind is the word ``x 3`` there, of the third function. Any other
name is its own word, as attributes are: what a module or a class binds is reached by them as well.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from tflint_slice.infer.scopes import outer_parts
from tflint_slice.syntax.nodes import children, nodes_of
from tflint_slice.syntax.once import once

Named: TypeAlias = ast.Name | ast.arg | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_Comprehension: TypeAlias = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_Scope: TypeAlias = (
    ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda | _Comprehension
)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_INNER = frozenset({*_FUNCTIONS, ast.ClassDef, ast.Lambda, *_COMPREHENSIONS})


class Naming:
    """The words of the names of one file.

    ``links`` maps names that the body of a class binds to the words that they may mean before.
    """

    def __init__(self, tree: ast.Module) -> None:
        self.links: dict[str, set[str]] = {}
        self._words: dict[ast.AST, str] = {}
        self._count = 0
        self._everywhere = _bound_from_afar(tree)
        waiting: list[tuple[_Scope, Mapping[str, str]]] = [(tree, {})]
        while waiting:
            waiting += self._look(*waiting.pop())

    def word(self, node: Named) -> str:
        """What the name is called that a node reads or binds."""
        return self._words.get(node) or _name(node)

    def _look(
        self, scope: _Scope, outer: Mapping[str, str]
    ) -> list[tuple[_Scope, Mapping[str, str]]]:
        """Name what stands in a scope; the scopes inside of it, and what names mean around them."""
        inside = _contents(scope)
        bound = inside.bound - self._everywhere
        visible = outer
        if isinstance(scope, ast.ClassDef):
            for each in bound & outer.keys():
                self.links.setdefault(each, set()).add(outer[each])
            visible = {each: word for each, word in outer.items() if each not in bound}
        elif not isinstance(scope, ast.Module) and bound:
            self._count += 1
            visible = {**outer, **{each: f"{each} {self._count}" for each in bound}}
        if visible:
            for name in inside.names:
                if name.id in visible:
                    self._words[name] = visible[name.id]
            for other in inside.others:
                if _name(other) in visible:
                    self._words[other] = visible[_name(other)]
        around = outer if isinstance(scope, ast.ClassDef) else visible
        return [(each, around) for each in inside.scopes]


def is_local(word: str) -> bool:
    """Whether it is a name that one function binds."""
    return " " in word


@once
def naming_of(tree: ast.Module) -> Naming:
    """The words of a file's names, worked out once for all who ask for them."""
    return Naming(tree)


def _name(node: Named) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.arg if isinstance(node, ast.arg) else node.name


def _bound_from_afar(tree: ast.Module) -> set[str]:
    """The names that are imported, or that statements and expressions bind in a scope around."""
    nodes = nodes_of(tree)
    found = {each.asname or each.name.partition(".")[0] for each in nodes.of(ast.alias)}
    found.update(*(each.names for each in nodes.of(ast.Global)))
    found.update(*(each.names for each in nodes.of(ast.Nonlocal)))
    found.update(each.target.id for each in nodes.of(ast.NamedExpr))
    return found


class _Contents(NamedTuple):
    """What stands in a scope: names that are read or bound, and parameters and definitions.

    ``bound`` is what any of them bind, ``scopes`` are those right inside of it.
    """

    names: list[ast.Name]
    others: list[ast.arg | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]
    bound: set[str]
    scopes: list[_Scope]


def _contents(scope: _Scope) -> _Contents:
    found = _Contents([], [], set(), [])
    names, others, bound, scopes = found
    waiting: list[ast.AST]
    if isinstance(scope, _COMPREHENSIONS):
        # The first iterable is evaluated around it.
        first = scope.generators[0].iter
        waiting = [each for each in children(scope) if not isinstance(each, ast.comprehension)]
        parts = (part for each in scope.generators for part in children(each))
        waiting += (part for part in parts if part is not first)
    elif isinstance(scope, ast.Lambda):
        waiting = [scope.body]
    else:
        waiting = list(scope.body)
    if isinstance(scope, (*_FUNCTIONS, ast.Lambda)):
        others += _parameters(scope.args)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name):
            names.append(node)
            if not isinstance(node.ctx, ast.Load):
                bound.add(node.id)
        elif isinstance(node, ast.Attribute):
            waiting.append(node.value)
        elif node.__class__ not in _INNER:
            if not isinstance(node, ast.Constant):
                waiting += children(node)
        elif isinstance(node, _COMPREHENSIONS):
            scopes.append(node)
            waiting.append(node.generators[0].iter)
        else:
            assert isinstance(node, (*_FUNCTIONS, ast.ClassDef, ast.Lambda))
            scopes.append(node)
            waiting += outer_parts(node)
            if not isinstance(node, ast.Lambda):
                others.append(node)
            if isinstance(node, _FUNCTIONS):
                waiting += filter(None, (node.returns, *_annotations(node.args)))
    bound.update(map(_name, others))
    return found


def _parameters(node: ast.arguments) -> list[ast.arg]:
    starred = filter(None, (node.vararg, node.kwarg))
    return [*node.posonlyargs, *node.args, *node.kwonlyargs, *starred]


def _annotations(node: ast.arguments) -> list[ast.expr | None]:
    return [each.annotation for each in _parameters(node)]

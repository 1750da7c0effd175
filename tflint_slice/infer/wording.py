"""The words of a file: to which names and attributes what is bound, by words alone."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Final, TypeGuard

from tflint_slice.infer.exports import Import, bindings
from tflint_slice.infer.naming import Naming, naming_of
from tflint_slice.infer.outline import identifier
from tflint_slice.syntax.nodes import Nodes, attributes_of, children, nodes_of, walk
from tflint_slice.syntax.once import once
from tflint_slice.syntax.spots import first_name
from tflint_slice.syntax.tensorflow_names import names_of_tensorflow

_TEST: Final = "isinstance"
_SELF: Final = " self"
"""Stands for the first parameter of any method: what it holds, the bases of its class decide."""

# Functions that answer with their argument, or with what is in it.
_PASSING: Final = frozenset(
    {
        "list", "tuple", "dict", "set", "frozenset", "zip", "enumerate", "reversed", "sorted",
        "iter", "next", "map", "filter", "super", "getattr", "min", "max", "sum", "cast",
    }
)  # fmt: skip
COPYING: Final = frozenset(
    {
        "array", "asanyarray", "asarray", "ascontiguousarray", "batch_get_value",
        "convert_to_numpy", "copy", "get_value", "get_weights", "numpy",
    }
)  # fmt: skip
"""Functions and methods that answer with a copy of a variable or tensor as ndarrays."""

_ADDING: Final = frozenset({"append", "extend", "insert", "update", "setdefault", "add"})


@dataclass(frozen=True)
class Words:
    """The words of one file.

    ``bound`` maps names, as ``Naming`` calls them, and attributes to the words of what is bound to
    them, ``imports`` names to what may be imported under them. ``attributes`` are those that are
    read or bound at all.
    """

    bound: Mapping[str, tuple[str, ...]]
    imports: Mapping[str, tuple[Import, ...]]
    attributes: frozenset[str]

    def reached(self, seeds: Iterable[str]) -> frozenset[str]:
        """The words that may decide what any of ``seeds`` holds."""
        return _followed(seeds, self.bound)

    def leading_to(self, ends: Iterable[str]) -> frozenset[str]:
        """The words that reach any of ``ends``, with these."""
        binding: dict[str, list[str]] = {}
        for word, others in self.bound.items():
            for other in others:
                binding.setdefault(other, []).append(word)
        return _followed(ends, binding)


def _followed(seeds: Iterable[str], further: Mapping[str, Iterable[str]]) -> frozenset[str]:
    found: set[str] = set()
    waiting = list(seeds)
    while waiting:
        word = waiting.pop()
        if word not in found:
            found.add(word)
            waiting += further.get(word, ())
    return frozenset(found)


class _Bound(Mapping[str, tuple[str, ...]]):
    """The words of what is bound to names, worked out for those that are asked for.

    ``plain`` are words that no expression says.
    """

    def __init__(
        self,
        values: Mapping[str, Sequence[ast.AST]],
        plain: Mapping[str, Set[str]],
        words: Callable[[ast.AST], Iterable[str]],
    ) -> None:
        self._values = values
        self._plain = plain
        self._words = words
        self._known: dict[str, tuple[str, ...]] = {}

    def __getitem__(self, name: str) -> tuple[str, ...]:
        known = self._known.get(name)
        if known is None:
            found = set(self._plain.get(name, ()))
            for value in self._values[name]:
                found.update(self._words(value))
            known = self._known[name] = tuple(found)
        return known

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


@once
def words_of(tree: ast.Module) -> Words:
    """The words of a file; those in an expression are the ones of ``words_in``."""
    values, plain = _bindings(tree)
    naming = naming_of(tree)
    return _words(tree, _Bound(values, plain, lambda node: words_in(node, naming)))


@once
def all_words_of(tree: ast.Module) -> Words:
    """The words of a file, those of arguments as well, whatever becomes of them.

    A function of the file may answer with its argument; a test may tell what a name holds.
    """
    values, plain = _bindings(tree)
    naming, nodes = naming_of(tree), nodes_of(tree)
    more: dict[str, list[ast.AST]] = {}
    for item in nodes.of(ast.withitem):
        for name in () if item.optional_vars is None else _held_by(item.optional_vars, naming):
            more.setdefault(name, []).append(item.context_expr)
    for subject, classes in tested(nodes):
        for name in _held_by(subject, naming):
            more.setdefault(name, []).append(classes)
    for given in nodes.of(ast.arguments):
        pairs = [
            *zip(
                reversed([*given.posonlyargs, *given.args]), reversed(given.defaults), strict=False
            ),
            *zip(given.kwonlyargs, given.kw_defaults, strict=True),
        ]
        for argument, default in pairs:
            if default is not None:
                more.setdefault(naming.word(argument), []).append(default)
    together = {**values, **{name: [*values.get(name, ()), *added] for name, added in more.items()}}
    return _words(tree, _Bound(together, plain, lambda node: all_words_in(node, naming)))


def for_good(words: Words) -> Words:
    """The same words, without the tree that they are of."""
    # Many of these are kept, and cyclic garbage is not looked for in tuples of texts.
    return replace(words, bound=dict(words.bound))


def tested(nodes: Nodes) -> Iterator[tuple[ast.expr, ast.expr]]:
    """What ``isinstance`` is asked about, and for which classes; whatever name it goes by."""
    calls = [call for call in nodes.of(ast.Call) if len(call.args) == 2]
    asking = [call for call in calls if identifier(call.func) == _TEST]
    spelled = sum(node.id == _TEST for node in nodes.of(ast.Name))
    spelled += sum(node.attr == _TEST for node in nodes.of(ast.Attribute))
    renamed = spelled > len(asking) or any(each.name == _TEST for each in nodes.of(ast.alias))
    for call in calls if renamed else asking:
        subject, classes = call.args
        yield subject, classes


def _words(tree: ast.Module, bound: Mapping[str, tuple[str, ...]]) -> Words:
    nodes = nodes_of(tree)
    imports: dict[str, list[Import]] = {}
    statements: list[ast.Import | ast.ImportFrom]
    statements = [*nodes.of(ast.Import), *nodes.of(ast.ImportFrom)]
    for statement in statements:
        for name, what in bindings(statement):
            imports.setdefault(name, []).append(what)
    return Words(
        bound,
        {name: tuple(each) for name, each in imports.items()},
        attributes_of(tree),
    )


@once
def _bindings(tree: ast.Module) -> tuple[dict[str, list[ast.AST]], dict[str, set[str]]]:
    """What is bound to names and attributes, and the words besides that are."""
    naming = naming_of(tree)
    plain = {name: set(words) for name, words in naming.links.items()}
    values: dict[str, list[ast.AST]] = {name: [] for name in plain}

    def bind(names: Iterable[str], *given: ast.AST | None) -> None:
        for name in names:
            values.setdefault(name, []).extend(each for each in given if each is not None)

    nodes = nodes_of(tree)
    for node in nodes.of(ast.Assign):
        for target in node.targets:
            bind(_held_by(target, naming), node.value)
    for note in nodes.of(ast.AnnAssign):
        bind(_held_by(note.target, naming), note.value, *_annotation(note.annotation))
    for change in nodes.of(ast.AugAssign):
        bind(_held_by(change.target, naming), change.value)
    for named in nodes.of(ast.NamedExpr):
        bind(_held_by(named.target, naming), named.value)
    turns: list[ast.For | ast.AsyncFor | ast.comprehension]
    turns = [*nodes.of(ast.For), *nodes.of(ast.AsyncFor), *nodes.of(ast.comprehension)]
    for turn in turns:
        bind(_held_by(turn.target, naming), turn.iter)
    for argument in nodes.of(ast.arg):
        bind([naming.word(argument)], *_annotation(argument.annotation))
    modules = _modules(tree)
    for call in nodes.of(ast.Call):
        if _adds(call.func) and first_name(call.func.value) not in modules:
            words = (word.value for word in call.keywords)
            bind(_held_by(call.func.value, naming), *call.args, *words)
    functions: list[ast.FunctionDef | ast.AsyncFunctionDef]
    functions = [*nodes.of(ast.FunctionDef), *nodes.of(ast.AsyncFunctionDef)]
    for function in functions:
        bind([naming.word(function)], *_returned(function), *_annotation(function.returns))
    for definition in nodes.of(ast.ClassDef):
        bind([naming.word(definition), _SELF], *definition.bases)
        for method in definition.body:
            if isinstance(method, (ast.FunctionDef, ast.AsyncFunctionDef)):
                for first in [*method.args.posonlyargs, *method.args.args][:1]:
                    bind([naming.word(first)])
                    plain.setdefault(naming.word(first), set()).add(_SELF)
    return values, plain


def _modules(tree: ast.Module) -> set[str]:
    """The names of modules alone, whose ``append`` or ``add`` puts nothing into them."""
    nodes = nodes_of(tree)
    found = {
        alias.asname or alias.name.partition(".")[0]
        for node in nodes.of(ast.Import)
        for alias in node.names
    }
    bound = {node.id for node in nodes.of(ast.Name) if not isinstance(node.ctx, ast.Load)}
    bound.update(node.arg for node in nodes.of(ast.arg))
    return (found | names_of_tensorflow(tree)) - bound


def words_in(node: ast.AST, naming: Naming) -> Iterator[str]:
    """The names and attributes that decide what an expression is; of most calls, the function."""
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, ast.Name):
            yield naming.word(part)
        elif isinstance(part, ast.Attribute):
            yield part.attr
            waiting.append(part.value)
        elif isinstance(part, ast.Call):
            waiting.append(part.func)
            name = identifier(part.func)
            if name in COPYING or (name in _PASSING and isinstance(part.func, ast.Name)):
                waiting += part.args
        elif isinstance(part, ast.Subscript):
            waiting.append(part.value)
        elif isinstance(part, ast.comprehension):
            waiting.append(part.iter)
        elif isinstance(part, ast.expr) and not isinstance(part, ast.Constant):
            waiting += children(part)


def all_words_in(node: ast.AST, naming: Naming) -> Iterator[str]:
    """All names and attributes in an expression, and those in annotations in strings."""
    for part in walk(node):
        if isinstance(part, ast.Name):
            yield naming.word(part)
        elif isinstance(part, ast.Attribute):
            yield part.attr
        elif isinstance(part, ast.Constant) and may_be_annotation(part.value):
            for quoted in _annotation(part):
                yield from words_in(quoted, naming)


def bound_by(nodes: Iterable[ast.AST], naming: Naming) -> set[str]:
    """The names and attributes that nodes bind, or put something into."""
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
            if not isinstance(node.ctx, ast.Load):
                found.update(_held_by(node, naming))
        elif isinstance(node, ast.Call) and _adds(node.func):
            found.update(_held_by(node.func.value, naming))
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            # Imports and definitions may bind these as well.
            found.update(node.names)
    return found


def _adds(function: ast.expr) -> TypeGuard[ast.Attribute]:
    """Whether it is a method that puts its arguments into a container."""
    return isinstance(function, ast.Attribute) and function.attr in _ADDING


def may_be_annotation(value: object) -> bool:
    """Whether a constant may say that something is a variable; a text of more lines does not."""
    return isinstance(value, str) and "Variable" in value and "\n" not in value


def _held_by(target: ast.AST, naming: Naming) -> Iterator[str]:
    """The names and attributes that a target binds, or an item of."""
    if isinstance(target, (ast.Tuple, ast.List)):
        for element in target.elts:
            yield from _held_by(element, naming)
    elif isinstance(target, (ast.Starred, ast.Subscript)):
        yield from _held_by(target.value, naming)
    elif isinstance(target, ast.Name):
        yield naming.word(target)
    elif isinstance(target, ast.Attribute):
        yield target.attr


def _returned(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.expr | None]:
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Return):
            yield node.value
        elif isinstance(node, ast.stmt):
            waiting += (
                child
                for child in children(node)
                if isinstance(child, (ast.stmt, ast.ExceptHandler, ast.match_case))
            )
        elif isinstance(node, (ast.ExceptHandler, ast.match_case)):
            waiting += node.body


def _annotation(node: ast.expr | None) -> Iterator[ast.expr]:
    """The names in an annotation, and those in the strings of it."""
    for child in walk(node) if node is not None else ():
        if isinstance(child, ast.Constant) and isinstance(child.value, str):
            try:
                yield from _annotation(ast.parse(child.value, mode="eval").body)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                continue
        elif isinstance(child, (ast.Name, ast.Attribute)):
            yield child

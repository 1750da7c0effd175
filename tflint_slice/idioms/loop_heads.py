"""The head of a ``for`` loop: which of its names counts the turns, and which walk along an array.

``zip`` and ``enumerate`` are taken apart, however they are nested. Whether names outlive the loop
is answered here as well.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from tflint_slice.idioms.code import Code, names_in
from tflint_slice.infer.arrays import is_lazy
from tflint_slice.infer.dims import dim_of
from tflint_slice.infer.scopes import bound_names
from tflint_slice.model import Dim, Kind

_RANGES = frozenset({"builtins.range", "tensorflow.range"})


@dataclass
class Head:
    """``for names in iterable``.

    ``counted`` counts the turns from zero: up to ``stop``, or through ``sources`` where that is
    None. ``entries`` says which array a name holds one entry of. ``open`` is true where an
    iterable was not understood, so that it may be consumed, or end early.
    """

    node: ast.For
    names: tuple[str, ...]
    counted: str | None = None
    stop: ast.expr | None = None
    entries: dict[str, ast.expr] = field(default_factory=dict)
    sources: list[ast.expr] = field(default_factory=list)
    open: bool = False

    @property
    def iterables(self) -> list[ast.expr]:
        """All expressions that the head evaluates, once each."""
        return self.sources if self.stop is None else [*self.sources, self.stop]

    def lengths(self, code: Code) -> list[Dim]:
        """How many turns there are by each of the iterables, which end with the shortest."""
        found = [length(code, source) for source in self.sources]
        return found if self.stop is None else [*found, dim_of(code.value(self.stop))]

    def turns(self, code: Code) -> Dim:
        """How many turns there are, if all iterables are known to be of one length."""
        lengths = set(self.lengths(code))
        return lengths.pop() if len(lengths) == 1 and not self.open else None


def head_of(code: Code, node: ast.For) -> Head | None:
    """The parts of a loop's head, if it binds names alone, each of them once."""
    if any(
        isinstance(part, ast.expr) and not isinstance(part, (ast.Name, ast.Tuple, ast.List))
        for part in ast.walk(node.target)
    ):
        return None
    names = tuple(part.id for part in ast.walk(node.target) if isinstance(part, ast.Name))
    if len(set(names)) < len(names):
        return None
    head = Head(node, names)
    _follow(code, head, node.target, node.iter)
    return head


def _follow(code: Code, head: Head, target: ast.expr, iterable: ast.expr) -> None:
    """Note what ``for target in iterable`` says of the names in ``target``."""
    inner = _inner(code, head, target, iterable)
    if inner is not None:
        for part, source in inner:
            _follow(code, head, part, source)
        return
    if isinstance(target, ast.Name) and head.counted is None:
        stop = _stop(code, iterable)
        if stop is not None:
            head.counted, head.stop = target.id, stop
            return
    if not isinstance(target, ast.Name) or not is_array(code, iterable):
        head.open = True
        head.sources.append(iterable)
        return
    head.entries[target.id] = iterable
    head.sources.append(iterable)


def _inner(
    code: Code, head: Head, target: ast.expr, iterable: ast.expr
) -> list[tuple[ast.expr, ast.expr]] | None:
    """The parts of a target and what they walk along, for ``zip`` and ``enumerate``."""
    if not isinstance(iterable, ast.Call) or not isinstance(target, (ast.Tuple, ast.List)):
        return None
    if any(isinstance(arg, ast.Starred) for arg in iterable.args):
        return None
    called, words = code.called(iterable), {word.arg for word in iterable.keywords}
    fixed = all(isinstance(word.value, ast.Constant) for word in iterable.keywords)
    if called == "builtins.zip" and words <= {"strict"} and fixed:
        even = len(target.elts) == len(iterable.args)
        return list(zip(target.elts, iterable.args, strict=True)) if even else None
    if called != "builtins.enumerate" or words or len(iterable.args) != 1:
        return None
    if len(target.elts) != 2 or head.counted is not None:
        return None
    count, part = target.elts
    if not isinstance(count, ast.Name):
        return None
    head.counted = count.id
    return [(part, iterable.args[0])]


def _stop(code: Code, call: ast.expr) -> ast.expr | None:
    """``n`` of ``range(n)`` and ``range(0, n)``."""
    if not isinstance(call, ast.Call) or code.called(call) not in _RANGES:
        return None
    if call.keywords or not 1 <= len(call.args) <= 2:
        return None
    if len(call.args) == 2:
        start = code.value(call.args[0])
        # 0.0 is no start of a range.
        if start.kind is not Kind.INT or start.const != 0:
            return None
    stop = call.args[-1]
    value = code.value(stop)
    # With an annotation alone it may be anything; what cannot be counted up to raises either way.
    counts = value.kind is Kind.INT or value.shape == ()
    return stop if counts and not value.optional else None


def is_array(code: Code, node: ast.expr) -> bool:
    """Whether the value can be walked along again and again, and comes to an end.

    What is called a list is one only if its length is known: it may be a generator.
    """
    value = code.value(node)
    if value.optional or is_lazy(value):
        return False
    if value.kind in (Kind.LIST, Kind.TUPLE):
        return length(code, node) is not None
    return value.kind in (Kind.NDARRAY, Kind.TENSOR)


def length(code: Code, node: ast.expr) -> Dim:
    shape = code.operand(node).shape
    return shape[0] if shape else None


# --- the names afterwards -------------------------------------------------------------------------


def outlives(code: Code, head: Head) -> bool:
    """Whether what the last turn leaves in a name of the loop may be looked at."""
    scope = code.function(head.node)
    if isinstance(scope, ast.ClassDef) or any(map(code.is_spelled, head.names)):
        return True
    if set(head.names) & names_in(head.node.iter):
        # A loop around this one may come here again.
        return True
    own = set(ast.walk(head.node))
    for child in ast.walk(scope):
        if child in own:
            continue
        if isinstance(child, (ast.Global, ast.Nonlocal)) and set(head.names) & set(child.names):
            return True
        if not isinstance(child, ast.Name) or child.id not in head.names:
            continue
        updated = isinstance(code.parents[child], ast.AugAssign)
        if isinstance(child.ctx, ast.Store) and not updated:
            continue
        if not _is_bound_anew(code, child, head.node, scope):
            return True
    return False


def _is_bound_anew(code: Code, use: ast.Name, loop: ast.For, scope: ast.AST) -> bool:
    """Whether another loop, comprehension or function gives the name a value of its own there.

    A loop around this one gave it its value before.
    """
    inner: ast.AST = use
    around = set(code.ancestors(loop))
    for parent in code.ancestors(use):
        if parent is scope:
            return False
        if isinstance(parent, (ast.For, ast.AsyncFor)):
            bound = _stored_in(parent.target)
            if use.id in bound and inner in parent.body and parent not in around:
                return True
        elif isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if inner in parent.body and use.id in {*_parameters(parent), *bound_names(parent.body)}:
                return True
        elif isinstance(parent, ast.Lambda):
            if inner is parent.body and use.id in _parameters(parent):
                return True
        elif isinstance(parent, (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)):
            # The first iterable is evaluated outside.
            bound = {name for part in parent.generators for name in _stored_in(part.target)}
            first = parent.generators[0]
            if use.id in bound and use not in ast.walk(first.iter):
                return True
        inner = parent
    return False


def _stored_in(target: ast.expr) -> set[str]:
    """The names that a target binds: of ``a[i]`` none."""
    names = (part for part in ast.walk(target) if isinstance(part, ast.Name))
    return {name.id for name in names if isinstance(name.ctx, ast.Store)}


def _parameters(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Iterator[str]:
    return (child.arg for child in ast.walk(function.args) if isinstance(child, ast.arg))

"""Names and what they hold: one environment along the flow, one summary for whoever looks later."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field

from tflint_slice.infer.values import UNKNOWN, Value, join, without_bounds
from tflint_slice.model import Kind
from tflint_slice.syntax.nodes import children

Environment = dict[str, Value]
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
_NAMING = frozenset(
    {
        ast.Name, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.alias,
        ast.ExceptHandler, ast.MatchAs, ast.MatchStar, ast.MatchMapping,
    }
)  # fmt: skip
"""The nodes that bind names, or that begin another scope."""


@dataclass
class Scope:
    """A module, class or function body while it is evaluated.

    ``env`` changes from statement to statement. ``bindings`` joins every value that a name was
    given anywhere in the scope: closures see that, since they run at a time nobody knows.
    ``foreign`` are names that another scope may rebind (``nonlocal``, ``global``), so that no
    statement of this scope can be sure of them. ``globals`` are names declared ``global`` or
    ``nonlocal`` here, ``nonlocals`` those of the second kind. ``turned`` are the names that the
    loops around a statement bind: a turn before may have done so.
    """

    node: ast.AST
    parent: Scope | None = None
    env: Environment = field(default_factory=dict)
    bindings: Environment = field(default_factory=dict)
    foreign: frozenset[str] = frozenset()
    globals: set[str] = field(default_factory=set)
    nonlocals: set[str] = field(default_factory=set)
    returns: Value | None = None
    exits: list[tuple[str, Environment]] = field(default_factory=list)
    loops: int = 0
    turned: frozenset[str] = frozenset()

    @property
    def is_class(self) -> bool:
        return isinstance(self.node, ast.ClassDef)

    @property
    def is_function(self) -> bool:
        return isinstance(self.node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))

    def bind(self, name: str, value: Value) -> None:
        self.env[name] = value
        before = self.bindings.get(name)
        self.bindings[name] = value if before is None else join(before, value)


def join_environments(environments: Iterable[Environment]) -> Environment:
    """What names hold where paths meet. A name bound on some paths only keeps its value.

    (On the other paths using it raises NameError, before anything of interest can happen.)
    """
    result: Environment = {}
    for env in environments:
        if not result:
            result = dict(env)
            continue
        for name, value in env.items():
            known = result.get(name)
            if known is not value:
                result[name] = value if known is None else join(known, value)
    return result


def widen_changes(before: Environment, after: Environment) -> Environment:
    """``before`` with the bounds and constants that still move given up, and all else kept."""
    result = dict(before)
    for name, value in after.items():
        known = before.get(name)
        if known != value:
            result[name] = value if known is None else without_bounds(join(known, value))
    return result


def forget_changes(before: Environment, after: Environment) -> Environment:
    """``before`` with every name that ``after`` holds otherwise made unknown."""
    result = dict(before)
    for name, value in after.items():
        if before.get(name) != value:
            result[name] = UNKNOWN
    return result


def forget_all(before: Environment, after: Environment) -> Environment:
    """Nothing but what modules are called: for loops that turn many names over."""
    return {
        name: value if value.kind is Kind.FUNCTION and before.get(name) == value else UNKNOWN
        for name, value in after.items()
    }


def outer_parts(
    node: FunctionNode | ast.ClassDef | ast.Lambda,
) -> list[ast.expr]:
    """What of a definition is evaluated where it stands: decorators, defaults, base classes."""
    if isinstance(node, ast.ClassDef):
        return [*node.decorator_list, *node.bases, *(word.value for word in node.keywords)]
    decorators = [] if isinstance(node, ast.Lambda) else node.decorator_list
    return [*decorators, *node.args.defaults, *filter(None, node.args.kw_defaults)]


def bound_names(statements: Iterable[ast.stmt]) -> set[str]:
    """Names that the statements bind in their own scope."""
    names: set[str] = set()
    stack: list[ast.AST] = list(statements)
    while stack:
        node = stack.pop()
        if node.__class__ not in _NAMING:
            # That is what most nodes are, and told by one look.
            stack += children(node)
            continue
        if isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Load):
                names.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
            stack += outer_parts(node)
            continue
        elif isinstance(node, ast.Lambda):
            stack += outer_parts(node)
            continue
        elif isinstance(node, ast.alias):
            names.add(node.asname or node.name.split(".")[0])
        elif (isinstance(node, ast.ExceptHandler) and node.name) or (
            isinstance(node, (ast.MatchAs, ast.MatchStar)) and node.name
        ):
            names.add(node.name)
        elif isinstance(node, ast.MatchMapping) and node.rest:
            names.add(node.rest)
        stack += children(node)
    return names

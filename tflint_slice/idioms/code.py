"""One file as the idioms see it: a tree with parents and values, and what surrounds a statement."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from tflint_slice.idioms.purity import is_pure, is_random
from tflint_slice.infer import api
from tflint_slice.infer.arrays import as_tensor
from tflint_slice.infer.evaluator import Facts
from tflint_slice.infer.scopes import FunctionNode
from tflint_slice.infer.values import Value
from tflint_slice.model import Kind, Operand, Span
from tflint_slice.syntax.nodes import children, nodes_of, walk
from tflint_slice.syntax.source import SourceText
from tflint_slice.syntax.spots import is_key
from tflint_slice.timing import Stage, timed

_TRY: tuple[type[ast.Try], ...] = tuple(
    getattr(ast, name) for name in ("Try", "TryStar") if hasattr(ast, name)
)
_FORMATTED: tuple[type[ast.expr], ...] = tuple(
    getattr(ast, name) for name in ("JoinedStr", "TemplateStr") if hasattr(ast, name)
)
Body = Sequence[ast.stmt]
_Statement = TypeVar("_Statement", ast.Expr, ast.Assign)


@dataclass(frozen=True, eq=False)
class Code:
    """A parsed file with its inferred values."""

    source: SourceText
    facts: Facts

    def value(self, node: ast.expr) -> Value:
        return self.facts.value(node)

    def called(self, node: ast.AST) -> str | None:
        """The qualified name of the function that a call calls."""
        return self.facts.qualified_name(node.func) if isinstance(node, ast.Call) else None

    def operand(self, node: ast.expr) -> Operand:
        """The expression as the model describes it."""
        value = self.value(node)
        kind, least_rank = value.kind, value.surest_rank
        if kind in (Kind.LIST, Kind.TUPLE):
            # What TensorFlow makes of a sequence; the kind still says that it is one.
            value = as_tensor(value)
        if value.optional and not kind.is_variable:
            kind = Kind.UNKNOWN
        return Operand(
            self.text(node),
            self.source.span(node),
            kind=kind,
            dtype=value.dtype,
            shape=() if kind.is_number else value.shape,
            plain=value.plain,
            low=value.low,
            high=value.high,
            distinct=value.distinct,
            constant=is_literal(node) or (kind.is_number and value.has_const),
            pure=self.is_pure(node),
            least_rank=max(least_rank, value.surest_rank),
            captured=not self._is_computed_here(node),
        )

    def text(self, node: ast.expr) -> str:
        """The expression as written, in parentheses if it cannot stand everywhere without them."""
        span = self.source.span(node)
        text = self.source.text[span.start : span.end]
        if isinstance(node, (ast.NamedExpr, ast.Yield, ast.YieldFrom)):
            return f"({text})"
        if isinstance(node, ast.Tuple) and (
            not text.startswith("(") or (node.elts and self.source.span(node.elts[0]) == span)
        ):
            return f"({text})"
        return text

    def _is_computed_here(self, node: ast.expr) -> bool:
        """Whether a traced function computes the tensor itself, instead of capturing an eager one.

        Conversions do not count: they hand on what they are given if its dtype is right.
        """
        if isinstance(node, (ast.BinOp, ast.UnaryOp)):
            return True
        name = self.called(node)
        if name is None or not name.startswith("tensorflow.") or not api.is_pure(name):
            return False
        return name.rsplit(".", 1)[-1] not in _HANDED_ON

    # --- the tree ---------------------------------------------------------------------------------

    @cached_property
    @timed(Stage.IDIOMS)  # for no rule: it would be for the one that comes first
    def parents(self) -> dict[ast.AST, ast.AST]:
        return {child: node for node in walk(self.source.tree) for child in children(node)}

    @cached_property
    def calls(self) -> list[ast.Call]:
        """The calls that were evaluated: of others nothing is known, and nothing found."""
        return [call for call in self.all_calls if call in self.facts.values]

    @cached_property
    def call_statements(self) -> list[tuple[ast.Expr, ast.Call]]:
        """Those of them that are statements."""
        return self._with_calls(ast.Expr)

    @cached_property
    def call_assignments(self) -> list[tuple[ast.Assign, ast.Call]]:
        """Those of them whose value is assigned."""
        return self._with_calls(ast.Assign)

    def _with_calls(self, kind: type[_Statement]) -> list[tuple[_Statement, ast.Call]]:
        return [
            (statement, statement.value)
            for statement in nodes_of(self.source.tree).of(kind)
            if isinstance(statement.value, ast.Call) and statement.value in self.facts.values
        ]

    @property
    def all_calls(self) -> list[ast.Call]:
        return nodes_of(self.source.tree).of(ast.Call)

    @cached_property
    def item_targets(self) -> list[ast.Subscript]:
        """``v[i]`` wherever it is assigned, deleted, or bound by a loop or ``with``.

        Not with a string as its index, as a dictionary is meant then.
        """
        return [
            node
            for node in nodes_of(self.source.tree).of(ast.Subscript)
            if not isinstance(node.ctx, ast.Load) and not is_key(node.slice)
        ]

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        parent = self.parents.get(node)
        while parent is not None:
            yield parent
            parent = self.parents.get(parent)

    def is_shown(self, span: Span) -> bool:
        """Whether it lies in an f-string or t-string: ``f"{v.assign(x)=}"`` prints its source."""
        return any(each.start <= span.start and span.end <= each.end for each in self._formatted)

    @cached_property
    def _formatted(self) -> list[Span]:
        return [self.source.span(node) for node in nodes_of(self.source.tree).of(*_FORMATTED)]

    def statement(self, node: ast.AST) -> ast.stmt:
        """The innermost statement around an expression, or the statement itself."""
        if isinstance(node, ast.stmt):
            return node
        return next(parent for parent in self.ancestors(node) if isinstance(parent, ast.stmt))

    def block(self, statement: ast.stmt) -> Body:
        """The statements among which this one stands."""
        parent = self.parents[statement]
        for name in ("body", "orelse", "finalbody"):
            body = getattr(parent, name, None)
            if isinstance(body, list) and statement in body:
                return body
        return [statement]

    def function(self, node: ast.AST) -> ast.Module | FunctionNode | ast.Lambda | ast.ClassDef:
        """The scope around a node."""
        for parent in self.ancestors(node):
            if isinstance(
                parent, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
            ):
                return parent
        return self.source.tree

    def is_alone(self, statement: ast.stmt) -> bool:
        """Whether the statement has its lines for itself: no ``;``, no ``if x: statement``."""
        line = self.source.line(statement.lineno)
        start = self.source.span(statement).start - self.source.line_start(statement.lineno)
        end_row = statement.end_lineno or statement.lineno
        end = self.source.span(statement).end - self.source.line_start(end_row)
        rest = self.source.line(end_row)[end:].strip()
        return not line[:start].strip() and (not rest or rest.startswith("#"))

    def is_spelled(self, name: str) -> bool:
        """Whether a string of the file is the name, so that it may be looked up by it."""
        return name in self._strings

    @cached_property
    def _strings(self) -> frozenset[str]:
        return frozenset(
            node.value
            for node in nodes_of(self.source.tree).of(ast.Constant)
            if isinstance(node.value, str)
        )

    # --- what surrounds a statement ---------------------------------------------------------------

    @cached_property
    def catches(self) -> bool:
        """Whether code of the file may carry on after an exception that an update raises.

        Not only the handlers around a statement count: a caller further down may have one.
        Handlers of exceptions that TensorFlow and NumPy do not raise here do not count.
        """
        if _CONCURRENT.search(self.source.searchable):
            # Another thread or task ends alone.
            return True
        for node in walk(self.source.tree):
            if isinstance(node, _TRY):
                if all(isinstance(child, (ast.Import, ast.ImportFrom)) for child in node.body):
                    continue
                if node.finalbody or any(self._may_catch(item.type) for item in node.handlers):
                    return True
            elif isinstance(node, ast.withitem):
                if self._may_swallow(node.context_expr):
                    return True
            elif isinstance(node, ast.Attribute) and node.attr.startswith("assertRaises"):
                return True
        return False

    def _may_catch(self, node: ast.expr | None) -> bool:
        if isinstance(node, ast.Tuple):
            return any(map(self._may_catch, node.elts))
        return node is None or self.facts.qualified_name(node) not in _FOREIGN_EXCEPTIONS

    def _may_swallow(self, node: ast.expr) -> bool:
        """Whether a context manager may stop an exception: any but those known not to."""
        function = node.func if isinstance(node, ast.Call) else node
        if isinstance(function, ast.Attribute) and function.attr in ("scope", "as_default"):
            return False
        name = self.facts.qualified_name(function) or ""
        return not (name == "builtins.open" or name.startswith("tensorflow."))

    # --- expressions ------------------------------------------------------------------------------

    def is_pure(self, node: ast.expr) -> bool:
        return is_pure(self.facts, node)

    def is_stable(self, value: ast.expr, index: ast.expr) -> bool:
        """Whether ``value`` and ``index`` may be evaluated in either order."""
        if is_literal(value):
            return True
        return self.is_pure(index) and (self.is_pure(value) or is_random(self.facts, value))


def is_literal(node: ast.expr) -> bool:
    """A number, string, None, or a list or tuple of such."""
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        return isinstance(node.operand, ast.Constant)
    if isinstance(node, (ast.List, ast.Tuple)):
        return all(map(is_literal, node.elts))
    return False


def short(node: ast.expr) -> str:
    """The expression on one line, cut where it would make a message long."""
    text = ast.unparse(node)
    return text if len(text) <= 40 else text[:37] + "..."


def same(a: ast.expr, b: ast.expr) -> bool:
    """Whether two expressions are spelled alike, whatever their layout."""
    return ast.unparse(a) == ast.unparse(b)


def is_path(node: ast.expr) -> bool:
    """A name, a dotted name, or a subscript of one by names and literals: gives the same twice."""
    if isinstance(node, ast.Name):
        return True
    if isinstance(node, ast.Attribute):
        return is_path(node.value)
    if isinstance(node, ast.Subscript):
        key = node.slice
        return is_path(node.value) and (is_literal(key) or is_path(key))
    return False


def names_in(node: ast.AST) -> set[str]:
    return {child.id for child in walk(node) if isinstance(child, ast.Name)}


def statement_lines(statement: ast.stmt) -> tuple[int, int]:
    """First and last physical line; of a compound statement, those of its header."""
    body = getattr(statement, "body", None)
    last = statement.end_lineno or statement.lineno
    if isinstance(body, list) and body and isinstance(body[0], ast.stmt):
        last = max(statement.lineno, body[0].lineno - 1)
    return statement.lineno, last


_HANDED_ON = frozenset({"cast", "convert_to_tensor", "constant", "saturate_cast", "identity_n"})
_FOREIGN_EXCEPTIONS = frozenset(
    {
        "builtins.ImportError", "builtins.ModuleNotFoundError", "builtins.KeyError",
        "builtins.KeyboardInterrupt", "builtins.StopIteration", "builtins.StopAsyncIteration",
        "builtins.GeneratorExit", "builtins.SystemExit", "builtins.OSError", "builtins.IOError",
        "builtins.EnvironmentError", "builtins.FileNotFoundError", "builtins.FileExistsError",
        "builtins.PermissionError", "builtins.UnicodeDecodeError", "builtins.EOFError",
        "json.JSONDecodeError", "tensorflow.errors.OutOfRangeError",
    }
)  # fmt: skip
_CONCURRENT = re.compile(r"\b(?:threading|concurrent|asyncio|multiprocessing|ExitStack)\b")

"""From new code to edits of the text, and to the statements before and after that a proof runs."""

from __future__ import annotations

import ast
import re
import textwrap
import tokenize
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tflint_slice.apply import apply_edits
from tflint_slice.idioms.code import Code
from tflint_slice.model import Edit, Kind, Operand, Site, Span, UpdateSequence
from tflint_slice.rewrites.context import Rewritten
from tflint_slice.syntax.source import tokens

_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Draft:
    """Edits in order, and what they do in words."""

    edits: tuple[Edit, ...]
    message: str


def draft_edits(
    code: Code, sequence: UpdateSequence, rewritten: Rewritten, imported: bool
) -> Draft | None:
    """The edits that put ``rewritten`` in the place of ``sequence``; None if a comment got lost."""
    source = code.source
    assert sequence.place is not None
    row = source.location(sequence.place.start).row
    line = source.line(row)
    indent = line[: len(line) - len(line.lstrip(" \t\f"))]
    # libcst writes its own line ends; the file keeps the one it has.
    content = _LINE_END.sub(source.newline, ("\n" + indent).join(rewritten.code))
    edits = [Edit(sequence.place, content)]
    edits += [Edit(_whole_lines(code, span), "") for span in sequence.statements]
    if lost_comments(code, edits) or any("\f" in _old(code, edit) for edit in edits):
        return None
    if imported and "tf." in content:
        edits.append(_import(code))
    return Draft(tuple(sorted(edits)), rewritten.message)


def _whole_lines(code: Code, span: Span) -> Span:
    """The lines of a statement that has them for itself, with its line end."""
    source = code.source
    first, last = source.location(span.start).row, source.location(span.end).row
    return Span(source.line_start(first), source.line_start(last) + len(source.line(last)))


def lost_comments(code: Code, edits: Iterable[Edit]) -> bool:
    """Whether a comment inside of what is replaced is not in what replaces it."""
    gone: Counter[str] = Counter()
    for edit in edits:
        gone.update(code.source.comments_in(edit.span))
        gone.subtract(_comments(edit.content))
    return any(count > 0 for count in gone.values())


def _comments(content: str) -> Iterator[str]:
    try:
        for token in tokens(content):
            if token.type == tokenize.COMMENT:
                yield token.string
    except SyntaxError:
        # It may be a part of something.
        return


def _old(code: Code, edit: Edit) -> str:
    return code.source.text[edit.span.start : edit.span.end]


def _import(code: Code) -> Edit:
    """``import tensorflow as tf`` after the docstring and ``from __future__`` imports."""
    row = import_place(code)
    assert row is not None
    start = code.source.line_start(row)
    return Edit(Span(start, start), f"import tensorflow as tf{code.source.newline}")


def import_place(code: Code) -> int | None:
    """The row of the first statement that an import may stand before, if it begins its line."""
    previous = 0
    if any(isinstance(node, ast.alias) and node.name == "*" for node in ast.walk(code.source.tree)):
        # A star import may bind the name again.
        return None
    for statement in code.source.tree.body:
        docstring = (
            previous == 0
            and isinstance(statement, ast.Expr)
            and isinstance(statement.value, ast.Constant)
        )
        future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
        decorators = getattr(statement, "decorator_list", [])
        row: int = min([statement.lineno, *(decorator.lineno for decorator in decorators)])
        if not docstring and not future:
            return row if row > previous else None
        previous = statement.end_lineno or row
    return None


def site_of(
    code: Code,
    statements: Sequence[ast.stmt],
    draft: Draft,
    target: str,
    modules: Iterable[tuple[str, str]],
    reference: str | None = None,
    numpy_reference: bool = False,
    dead: tuple[str, ...] = (),
) -> Site | None:
    """What a proof of the draft runs; None where these are neither whole simple ones nor a loop.

    ``numpy_reference``: the statements always raise, and mean what NumPy would make of them.
    """
    looped = len(statements) == 1 and isinstance(statements[0], ast.For)
    if any(hasattr(statement, "body") for statement in statements) and not looped:
        return None
    source = code.source
    start = source.line_start(statements[0].lineno)
    first = source.span(statements[0]).start
    if source.text[start:first].strip():
        # Another statement stands before it on its line.
        start = first
    end = source.span(statements[-1]).end
    inside = [
        Edit(Span(edit.span.start - start, edit.span.end - start), edit.content)
        for edit in draft.edits
        if start <= edit.span.start and edit.span.end <= end
    ]
    before = source.text[start:end]
    after = apply_edits(before, inside)
    names = {
        node.id
        for statement in statements
        for node in ast.walk(statement)
        if isinstance(node, ast.Name)
    }
    return Site(
        _dedented(before),
        _dedented(after),
        target,
        facts=_facts(code, statements),
        modules=tuple(
            (name, qualified)
            for name, qualified in modules
            if name in names or name in after or name in (reference or "")
        ),
        reference=_dedented(before) if numpy_reference else reference,
        dead=dead,
    )


def _dedented(text: str) -> str:
    return textwrap.dedent(text.replace("\r\n", "\n").replace("\r", "\n")).strip("\n")


def _facts(code: Code, statements: Sequence[ast.stmt]) -> tuple[tuple[str, Operand], ...]:
    """What is known of every expression in the statements, by its text."""
    found: dict[str, Operand] = {}
    for statement in statements:
        for node in ast.walk(statement):
            if isinstance(node, ast.expr) and not isinstance(node, (ast.Slice, ast.Starred)):
                operand = code.operand(node)
                if operand.kind not in (Kind.UNKNOWN, Kind.FUNCTION):
                    found.setdefault(ast.unparse(node), operand)
    return tuple(sorted(found.items()))

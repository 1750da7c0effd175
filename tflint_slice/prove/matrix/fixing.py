"""What the linter makes of the programs of a matrix: it finds, fixes, and hands over the sites."""

from __future__ import annotations

import ast
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from tflint_slice.apply import apply_edits
from tflint_slice.engine import examine
from tflint_slice.model import Site
from tflint_slice.prove.matrix.design import Case
from tflint_slice.prove.matrix.rungs import rung
from tflint_slice.settings import Settings

NO_FINDING = "no finding"
NONE = "none"
DECLINED = "declined"
_FUNCTION = "change"


@dataclass(frozen=True)
class Answer:
    """What is said of one program before anything is run.

    ``applicability`` is that of the fix, or ``none``, or ``declined``. ``site`` is what a proof
    needs of the fix, where the statements can be taken out of the program.
    """

    case: Case
    before: str
    after: str = ""
    rung: str = ""
    applicability: str = NONE
    reason: str = ""
    site: Site | None = None


def answers(cases: Iterable[Case]) -> list[Answer]:
    """Analyse each program as a project of its own."""
    with tempfile.TemporaryDirectory() as folder:
        # Nothing of the directory that this runs in may bear on what is said of the programs.
        Path(folder, "pyproject.toml").touch()
        return [_answer(case, str(Path(folder, "program.py"))) for case in cases]


def _answer(case: Case, path: str) -> Answer:
    text = case.program
    before = _body(text, case)
    found = [
        finding
        # Some findings are for those who ask for their rule.
        for finding in examine(text, path, Settings(select=(case.code,))).findings
        if finding.rule.code == case.code
    ]
    if not found:
        return Answer(case, before, reason=NO_FINDING)
    (finding,) = found
    reason = finding.reason.value if finding.reason is not None else ""
    fix = finding.fix
    if fix is None:
        return Answer(
            case, before, applicability=DECLINED if finding.declined else NONE, reason=reason
        )
    after = _body(apply_edits(text, list(fix.edits)), case)
    return Answer(
        case,
        before,
        after,
        rung(after, case.receiver.text),
        fix.applicability.value,
        reason,
        fix.site,
    )


def _body(text: str, case: Case) -> str:
    """The statements of the function that changes the variable, without the loop around them."""
    (function,) = (
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and node.name == _FUNCTION
    )
    body = function.body
    if case.index.loop:
        (loop,) = body
        assert isinstance(loop, ast.For)
        body = loop.body
    last = body[-1].end_lineno
    return dedent("\n".join(text.splitlines()[body[0].lineno - 1 : last]))

"""Programs that are inferred and run: what is claimed where they print, and what is printed."""

from __future__ import annotations

import ast
import re
import textwrap
from dataclasses import dataclass
from typing import Any

from claims import violations

from tflint_slice.infer.evaluator import infer
from tflint_slice.infer.values import Value, without_symbols
from tflint_slice.model import Kind

_PREAMBLE = "import numpy as np\nimport tensorflow as tf\n"


@dataclass(frozen=True)
class Probe:
    """One ``print(expression)  # expected``: what is claimed, and everything it printed."""

    text: str
    expected: str
    claim: Value
    real: list[Any]

    @property
    def contradictions(self) -> list[str]:
        claim = without_symbols(self.claim)
        return [found for value in self.real for found in violations(claim, value, {})]


def probes(program: str, weight_kind: Kind = Kind.KERAS3_VARIABLE) -> list[Probe]:
    """Infer a program and run it. Every call of ``print`` has one argument, and is one probe."""
    source = _PREAMBLE + textwrap.dedent(program)
    tree = ast.parse(source)
    facts = infer(tree, weight_kind)
    lines = source.splitlines()
    found: dict[int, Probe] = {}
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        if node.func.id == "print":
            (argument,) = node.args
            comment = re.search(r"# (.*)", lines[node.lineno - 1])
            expected = comment[1] if comment else ""
            probe = Probe(ast.unparse(argument), expected, facts.value(argument), [])
            found[node.lineno] = probe
            node.args.append(ast.copy_location(ast.Constant(node.lineno), node))

    def seen(value: object, line: int) -> None:
        found[line].real.append(value)

    exec(compile(ast.fix_missing_locations(tree), "program.py", "exec"), {"print": seen})
    return list(found.values())

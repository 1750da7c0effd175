"""The proof of a program, as lines for people or as one JSON object."""

from __future__ import annotations

import json as json_format
from collections.abc import Iterator

from tflint_slice.model import Verdict
from tflint_slice.prove.program.proof import ProgramProof

_NOTHING = "nothing to fix, and so nothing to prove"


def nothing_to_fix(path: str, *, json: bool) -> str:
    if not json:
        return f"{path}: {_NOTHING}"
    return _object({"program": path, "fixes": 0, "verdict": None, "reason": _NOTHING})


def render(path: str, fixes: int, proof: ProgramProof, *, json: bool) -> str:
    if not json:
        return "\n".join(_lines(path, fixes, proof))
    return _object({"program": path, "fixes": fixes, **proof.as_dict()})


def _lines(path: str, fixes: int, proof: ProgramProof) -> Iterator[str]:
    details = [_count(fixes, "fix", "fixes"), proof.reason]
    if proof.verdict is Verdict.PROVED:
        details.append(
            f"{_count(proof.lines, 'line')} of output and {_count(proof.objects, 'object')} alike"
        )
    if proof.devices:
        details.append(f"on {', '.join(proof.devices)}")
    elif proof.listed:
        details.append(f"on the default device of {', '.join(proof.listed)}")
    if proof.exceptions:
        details.append(f"but for {' and '.join(proof.exceptions)}")
    yield f"{path}: {proof.verdict.value}: {', '.join(detail for detail in details if detail)}"
    for line in (*proof.differences, *proof.notes):
        yield f"  {line}"
    if proof.unreached:
        rows = ", ".join(f"row {row}" for row in proof.unreached)
        yield f"  not run, and so not proved: what the fixes change at {rows}"


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _object(values: dict[str, object]) -> str:
    return json_format.dumps(values, indent=2, ensure_ascii=False)

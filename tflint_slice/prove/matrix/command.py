"""Proves the matrix of each rule that is asked for, says what came of it, and stores it."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import click

from tflint_slice.commands.status import CLEAN, ERROR, FINDINGS
from tflint_slice.prove.matrix import design
from tflint_slice.prove.matrix.fixing import answers
from tflint_slice.prove.matrix.proving import Provers
from tflint_slice.prove.matrix.store import Matrix, row_of, to_json, versions
from tflint_slice.prove.matrix.tables import markdown, short
from tflint_slice.prove.prover import ProverUnavailable
from tflint_slice.settings import nearest


def prove_rules(
    codes: tuple[str, ...], *, devices: tuple[str, ...], output_dir: Path | None, jobs: int
) -> int:
    """The exit status: whether every safe fix in the matrices of the rules has been proved."""
    known = design.codes()
    for code in codes:
        if code not in known:
            click.echo(f"Error: there is no matrix of {code!r}{nearest(code, known)}", err=True)
            return ERROR
    status = CLEAN
    try:
        with Provers(devices, jobs) as provers:
            for code in codes:
                matrix = _proved(code, provers)
                click.echo(short(matrix))
                if output_dir is not None:
                    output_dir.mkdir(parents=True, exist_ok=True)
                    _write(output_dir / f"{code}.json", to_json(matrix))
                    _write(output_dir / f"{code}.md", markdown(matrix))
                if any(row.is_broken_promise for row in matrix.rows):
                    status = FINDINGS
    except (ProverUnavailable, OSError) as error:
        click.echo(f"Error: {error}", err=True)
        return ERROR
    return status


def _proved(code: str, provers: Provers) -> Matrix:
    """All rows of a matrix, in the order of its design."""
    found = answers(design.cases(code))
    sites = {answer.case.id: answer.site for answer in found if answer.site is not None}
    proofs = {}
    for name, proof in provers.prove(sites):
        proofs[name] = proof
        if sys.stderr.isatty():
            end = "\n" if len(proofs) == len(sites) else ""
            click.echo(f"\r{code}: {len(proofs)} of {len(sites)} proofs{end}", nl=False, err=True)
    rows = tuple(row_of(answer, proofs.get(answer.case.id)) for answer in found)
    return Matrix(code, versions(), rows)


def _write(path: Path, text: str) -> None:
    """In one step: an interrupt leaves the old file or the new one."""
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with open(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise

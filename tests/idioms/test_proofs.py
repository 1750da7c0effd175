"""Every safe rewrite of the tables is proved by running it, in TensorFlow, against the original."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from _pytest.mark.structures import ParameterSet
from idioms import test_functional_scatter as functional_scatter
from idioms import test_item_assignment as item_assignment
from idioms import test_numpy_round_trip as numpy_round_trip
from idioms import test_scatter_shape as scatter_shape
from idioms.conftest import Look

from tflint_slice.model import Verdict
from tflint_slice.prove.prover import Prover


def rows() -> Iterator[ParameterSet]:
    for table, head, name in (
        (functional_scatter.SAFE, functional_scatter.HEAD, "TFS301"),
        (item_assignment.SAFE, item_assignment.HEAD, "TFS101"),
        (numpy_round_trip.SAFE, numpy_round_trip.HEAD, "TFS201"),
        (scatter_shape.MENDED, scatter_shape.HEAD, "TFS107"),
    ):
        for row in table:
            yield pytest.param(head + str(row.values[0]), id=f"{name}-{row.id}")


@pytest.fixture(scope="module")
def prover() -> Iterator[Prover]:
    with Prover() as running:
        yield running


@pytest.mark.parametrize("text", rows())
def test_the_rewrite_is_proved(look: Look, prover: Prover, text: str) -> None:
    findings = look(text)
    assert findings
    for found in findings:
        assert found.fix is not None
        assert found.fix.site is not None, "nothing to prove the fix by"
        proof = prover.prove(found.fix.site)
        assert proof.verdict is Verdict.PROVED, f"{proof.reason}\n{proof.counterexample}"
        assert proof.samples > 0
        assert "eager" in proof.modes

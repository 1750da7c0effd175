"""Every safe rewrite of the tables is proved by running it, in TensorFlow, against the original."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from _pytest.mark.structures import ParameterSet
from idioms import test_backend_round_trip as backend_round_trip
from idioms import test_concat_rebuild as concat_rebuild
from idioms import test_dense_delta as dense_delta
from idioms import test_functional_scatter as functional_scatter
from idioms import test_item_assignment as item_assignment
from idioms import test_list_rebuild as list_rebuild
from idioms import test_mask_rebuild as mask_rebuild
from idioms import test_moved_methods as moved_methods
from idioms import test_numpy_round_trip as numpy_round_trip
from idioms import test_scatter_loop as scatter_loop
from idioms import test_scatter_shape as scatter_shape
from idioms import test_slice_copy as slice_copy
from idioms import test_slice_methods as slice_methods
from idioms import test_tensor_items as tensor_items
from idioms import test_tensor_rebuild as tensor_rebuild
from idioms import test_tensor_round_trip as tensor_round_trip
from idioms.conftest import Look

from tflint_slice.model import Verdict
from tflint_slice.prove.prover import Prover


def rows() -> Iterator[ParameterSet]:
    for table, head, name in (
        (functional_scatter.SAFE, functional_scatter.HEAD, "TFS301"),
        (item_assignment.SAFE, item_assignment.HEAD, "TFS101"),
        (numpy_round_trip.SAFE, numpy_round_trip.HEAD, "TFS201"),
        (scatter_shape.MENDED, scatter_shape.HEAD, "TFS107"),
        (slice_methods.MISSING, slice_methods.HEAD, "TFS103"),
        (slice_methods.FANCY, slice_methods.HEAD, "TFS110"),
        (tensor_items.SAFE, tensor_items.HEAD, "TFS102"),
        (tensor_round_trip.SAFE, tensor_round_trip.HEAD, "TFS204"),
        (concat_rebuild.SAFE, concat_rebuild.HEAD, "TFS302"),
        (mask_rebuild.SAFE, mask_rebuild.HEAD, "TFS303"),
        (list_rebuild.SAFE, list_rebuild.HEAD, "TFS304"),
        (tensor_rebuild.SAFE, tensor_rebuild.HEAD, "TFS307"),
        (backend_round_trip.SAFE, backend_round_trip.HEAD, "TFS202"),
        (slice_copy.SAFE, slice_copy.HEAD, "TFS306"),
        (scatter_loop.SAFE, scatter_loop.HEAD, "TFS401"),
        (dense_delta.SAFE, dense_delta.HEAD, "TFS305"),
        (moved_methods.V1_SAFE, moved_methods.V1_HEAD, "TFS501"),
        (moved_methods.SAFE, moved_methods.HEAD, "TFS502"),
    ):
        for row in table:
            yield pytest.param(name, head + str(row.values[0]), id=f"{name}-{row.id}")


@pytest.fixture(scope="module")
def prover() -> Iterator[Prover]:
    with Prover() as running:
        yield running


@pytest.mark.parametrize(("code", "text"), rows())
def test_the_rewrite_is_proved(look_at_all: Look, prover: Prover, code: str, text: str) -> None:
    findings = [found for found in look_at_all(text) if found.rule.code == code]
    assert findings
    for found in findings:
        assert found.fix is not None
        assert found.fix.site is not None, "nothing to prove the fix by"
        proof = prover.prove(found.fix.site)
        assert proof.verdict is Verdict.PROVED, f"{proof.reason}\n{proof.counterexample}"
        assert proof.samples > 0
        assert "eager" in proof.modes


def test_a_program_may_import_a_module_that_the_prover_has_guarded(
    look: Look, prover: Prover
) -> None:
    # Both sides read memory that nobody wrote where the updates are too short for a row. That must
    # be seen of the function of TensorFlow 1, too, once tf_keras has imported its module by name.
    trip = backend_round_trip.trip("a[1] = 2.0", **backend_round_trip.BY_TF_KERAS)
    for text in (
        backend_round_trip.HEAD + trip,
        moved_methods.V1_HEAD + "def f(rows, x):\n    tf.compat.v1.scatter_sub(m, rows, x)\n",
    ):
        (found,) = look(text)
        assert found.fix is not None
        assert found.fix.site is not None
        assert prover.prove(found.fix.site).verdict is Verdict.PROVED

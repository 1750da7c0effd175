"""What the tests of the proof share: one worker with TensorFlow in it for all of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tflint_slice.prove.prover import Prover


@pytest.fixture(scope="session")
def prover() -> Iterator[Prover]:
    with Prover() as shared:
        yield shared

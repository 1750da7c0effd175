"""The worker: it dies, hangs and is missing, and the next proof goes on."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import pytest
from proof_sites import FLOAT, indices, integer, site, tensor, variable

from tflint_slice.model import Site, Verdict
from tflint_slice.prove.prover import Prover, ProverUnavailable

RIGHT = site("v[1] = x", "v.scatter_nd_update([[1]], [x])", v=variable(5), x=FLOAT)

# Indices of rank 3 with updates of rank 1: a failed CHECK of TensorFlow 2.21, and no exception.
# (By the name of the raw op, which the guards do not know.)
_ABORT = "tf.raw_ops.TensorScatterUpdate(tensor=v, indices=ix[:, None, None], updates=x)"
_FACTS = {"v": variable(5), "ix": indices("k", low=0, high=5), "x": tensor("k")}
ABORTING_ORIGINAL = site(f"v.assign({_ABORT})", "v.scatter_nd_update(ix[:, None], x)", **_FACTS)
ABORTING_FIX = site("v.scatter_nd_update(ix[:, None], x)", f"v.assign({_ABORT})", **_FACTS)
HANGING_FIX = site("v.assign(x)", "v.assign(x)\nwhile True:\n    pass", v=variable(3), x=tensor(3))


def test_a_worker_that_dies_or_hangs_is_a_verdict_and_the_next_proof_goes_on() -> None:
    with Prover(limit=20.0) as prover:
        died = prover.prove(ABORTING_ORIGINAL)
        assert died.verdict is Verdict.UNPROVED
        assert died.reason.startswith("worker died while it ran the original (eager): Check failed")
        assert prover.prove(RIGHT).verdict is Verdict.PROVED

        died = prover.prove(ABORTING_FIX)
        assert died.verdict is Verdict.REFUTED
        assert died.reason.startswith(
            "the original returns, the fix aborts the process (Check failed"
        )
        assert "tf.raw_ops.TensorScatterUpdate" in died.counterexample
        assert prover.prove(RIGHT).verdict is Verdict.PROVED

        prover.limit = 3.0
        hung = prover.prove(HANGING_FIX)
        assert hung.verdict is Verdict.UNPROVED
        assert hung.reason == "timed out while it ran the fix (eager)"
        prover.limit = 60.0
        assert prover.prove(RIGHT).verdict is Verdict.PROVED


def test_the_same_site_gets_the_same_proof_from_every_worker(prover: Prover) -> None:
    sites = [
        RIGHT,
        site("v[i] = x", "v[i].assign(x)", v=variable("n"), i=integer(), x=FLOAT),
        site("v.assign(tf.tensor_scatter_nd_update(v, i, x))", "v.scatter_nd_update(i, x)"),
    ]
    first = [prover.prove(item) for item in sites]
    with Prover() as other:
        assert [other.prove(item) for item in reversed(sites)] == first[::-1]
    assert [prover.prove(item) for item in sites] == first
    assert [proof.verdict for proof in first] == [Verdict.PROVED, Verdict.PROVED, Verdict.REFUTED]


def test_without_tensorflow_there_is_a_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with Prover() as prover, pytest.raises(ProverUnavailable, match="tensorflow is not installed"):
        prover.prove(RIGHT)


def test_a_tensorflow_that_does_not_start_is_said_to_be_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tensorflow.py").write_text("raise ImportError('no such symbol: AVX512')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with Prover() as prover, pytest.raises(ProverUnavailable, match="no such symbol: AVX512"):
        prover.prove(RIGHT)


def test_the_worker_runs_in_a_folder_of_its_own_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not on the table of pure calls is never run, whatever it is called with."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.chdir(tmp_path)
    kept = tmp_path / "kept"
    kept.mkdir()
    remove = f"shutil.rmtree({str(kept)!r})"
    with Prover() as prover:
        proof = prover.prove(
            Site(
                f"v.assign(tf.tensor_scatter_nd_update(v, [[1]], [{remove}]))",
                f"v.scatter_nd_update([[1]], [{remove}])",
                "v",
                facts=(("v", variable(4)),),
                modules=(("tf", "tensorflow"), ("shutil", "shutil")),
            )
        )
    assert proof.verdict is Verdict.PROVED
    assert kept.is_dir()
    assert os.listdir(tmp_path) in (["kept", "temporary"], ["temporary", "kept"])
    assert list(temporary.iterdir()) == []

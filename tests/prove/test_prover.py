"""Workers die, hang, take all memory, or are missing: what is said of it, and how it goes on."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from proof_sites import FLOAT, indices, integer, site, tensor, variable

from tflint_slice.model import Kind, Operand, Site, Verdict
from tflint_slice.prove.prover import Prover, ProverUnavailable, chosen

RIGHT = site("v[1] = x", "v.scatter_nd_update([[1]], [x])", v=variable(5), x=FLOAT)

# Indices of rank 3 with updates of rank 1: a failed CHECK of TensorFlow 2.21, and no exception.
# (By the name of the raw op, which the guards do not know.)
_ABORT = "tf.raw_ops.TensorScatterUpdate(tensor=v, indices=ix[:, None, None], updates=x)"
_FACTS = {"v": variable(5), "ix": indices("k", low=0, high=5), "x": tensor("k")}
ABORTING_ORIGINAL = site(f"v.assign({_ABORT})", "v.scatter_nd_update(ix[:, None], x)", **_FACTS)
ABORTING_FIX = site("v.scatter_nd_update(ix[:, None], x)", f"v.assign({_ABORT})", **_FACTS)
HANGING_FIX = site("v.assign(x)", "v.assign(x)\nwhile True:\n    pass", v=variable(3), x=tensor(3))

_LOOP = "held = []\nwhile True:\n    held = held + [tf.zeros([10**6]) + 1.0]"
TAKES_MEMORY = site("v.assign(x)", f"v.assign(x)\n{_LOOP}", v=variable(3), x=tensor(3))
TAKES_ALL_AT_ONCE = site(
    "v.assign(tf.zeros([4 * 10**9])[:3] + x)", "v.assign(x)", v=variable(3), x=tensor(3)
)


@pytest.fixture(scope="module")
def mortal() -> Iterator[Prover]:
    """A prover whose workers do not live long."""
    with Prover(memory=500 * 2**20) as prover:
        yield prover


@pytest.mark.parametrize(
    ("deadly", "limit", "verdict", "reason"),
    [
        pytest.param(
            ABORTING_ORIGINAL, 60.0, Verdict.UNPROVED,
            "worker died while it ran the original (eager): Check failed", id="original aborts",
        ),
        pytest.param(
            ABORTING_FIX, 60.0, Verdict.REFUTED,
            "the original returns, the fix aborts the process (Check failed", id="fix aborts",
        ),
        pytest.param(
            HANGING_FIX, 3.0, Verdict.UNPROVED,
            "timed out while it ran the fix (eager)", id="fix hangs",
        ),
        pytest.param(
            TAKES_MEMORY, 60.0, Verdict.UNPROVED,
            "out of memory (more than 500 MB) while it ran the fix (eager)", id="fix takes memory",
        ),
        pytest.param(
            TAKES_ALL_AT_ONCE, 60.0, Verdict.UNPROVED,
            "out of memory (more than 500 MB) while it ran the original (eager)",
            id="original takes memory at once",
        ),
    ],
)  # fmt: skip
def test_a_worker_that_is_lost_is_a_verdict_and_the_next_proof_goes_on(
    mortal: Prover, deadly: Site, limit: float, verdict: Verdict, reason: str
) -> None:
    mortal.limit = limit
    proof = mortal.prove(deadly)
    assert proof.verdict is verdict
    assert proof.reason.startswith(reason)
    assert ("tf.raw_ops.TensorScatterUpdate" in proof.counterexample) == (
        verdict is Verdict.REFUTED
    )
    mortal.limit = 60.0
    assert mortal.prove(RIGHT).verdict is Verdict.PROVED


_LOW = "v.assign(tf.tensor_scatter_nd_update(v, ix[:, None, None], x))"
_FULL = "v.scatter_nd_update(ix[:, None], x)"
_CAPTURED = {"v": variable(5), "x": tensor(1, dtype="float64")}
_CAST = "v.scatter_nd_update([[1]], tf.cast(x, v.dtype))"
_BARE = "v.scatter_nd_update([[1]], x)"


@pytest.mark.parametrize(
    ("recipe", "verdict", "reason"),
    [
        pytest.param(
            site(_LOW, _FULL, **_FACTS), Verdict.UNPROVED, "no input found", id="rank, original"
        ),
        pytest.param(
            site(_FULL, _LOW, **_FACTS), Verdict.REFUTED,
            "the original returns, the fix aborts the process", id="rank, fix",
        ),
        pytest.param(
            site(_BARE, _CAST, **_CAPTURED), Verdict.UNPROVED, "no input found",
            id="captured tensor of another dtype, original",
        ),
        pytest.param(
            site(_CAST, _BARE, **_CAPTURED), Verdict.REFUTED,
            "the original returns, the fix raises", id="captured tensor of another dtype, fix",
        ),
    ],
)  # fmt: skip
def test_what_is_known_to_abort_tensorflow_is_a_verdict(
    prover: Prover, recipe: Site, verdict: Verdict, reason: str
) -> None:
    proof = prover.prove(recipe)
    assert proof.verdict is verdict
    assert proof.reason.startswith(reason)


@pytest.mark.parametrize(
    ("names", "devices"),
    [
        pytest.param([], [], id="none"),
        pytest.param(["cpu:0"], ["CPU:0"], id="one, in any case"),
        pytest.param(["GPU"], ["GPU:0", "GPU:1"], id="all of a kind"),
        pytest.param(
            ["gpu:1", "CPU", "GPU:1"], ["CPU:0", "GPU:1"], id="in the order of TensorFlow"
        ),
    ],
)
def test_names_of_devices(names: list[str], devices: list[str]) -> None:
    assert chosen(names, ["CPU:0", "GPU:0", "GPU:1"]) == devices


def test_proofs_are_made_on_the_devices_that_are_named(
    prover: Prover, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prover, "devices", ("cpu:0",))
    assert prover.prove(RIGHT).devices == ("CPU:0",)
    monkeypatch.setattr(prover, "devices", ("cpu:0", "TPU"))
    with pytest.raises(ProverUnavailable, match=r"there is no device 'TPU' here, only CPU:0"):
        prover.prove(RIGHT)


def test_the_same_site_gets_the_same_proof_from_every_worker(
    prover: Prover, mortal: Prover
) -> None:
    sites = [
        RIGHT,
        site("v[i] = x", "v[i].assign(x)", v=variable("n"), i=integer(), x=FLOAT),
        site("v.assign(tf.tensor_scatter_nd_update(v, i, x))", "v.scatter_nd_update(i, x)"),
    ]
    first = [prover.prove(item) for item in sites]
    assert [mortal.prove(item) for item in reversed(sites)] == first[::-1]
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


def test_workers_run_in_folders_of_their_own_and_leave_nothing(
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
    before = _workers()
    with Prover() as prover:
        # What `tf.keras` means is decided when TensorFlow is imported: Keras 2 takes another one.
        for kind, count in ((Kind.VARIABLE, 1), (Kind.KERAS2_WEIGHT, 2), (Kind.VARIABLE, 2)):
            proof = prover.prove(
                Site(
                    f"v.assign(tf.tensor_scatter_nd_update(v, [[1]], [{remove}]))",
                    f"v.scatter_nd_update([[1]], [{remove}])",
                    "v",
                    facts=(("v", Operand("", kind=kind, dtype="float32", shape=(4,), plain=True)),),
                    modules=(("tf", "tensorflow"), ("shutil", "shutil")),
                )
            )
            assert proof.verdict is Verdict.PROVED
            assert len(list(temporary.iterdir())) == count
        workers = _workers() - before
        assert sorted(legacy_keras for _, legacy_keras in workers) == ["0", "1"]
    assert kept.is_dir()
    assert sorted(os.listdir(tmp_path)) == ["kept", "temporary"]
    assert list(temporary.iterdir()) == []
    assert _workers() == before


def _workers() -> set[tuple[int, str]]:
    """Workers of this process, by number, and whether `tf.keras` is Keras 2 there."""
    return {
        (child.pid, child.environ()["TF_USE_LEGACY_KERAS"])
        for child in psutil.Process().children()
        if "tflint_slice.prove.worker" in child.cmdline()
    }

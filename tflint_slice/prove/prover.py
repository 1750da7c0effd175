"""The side of the proof that the linter sees: starts a worker, asks it, and outlives it.

TensorFlow runs in the worker alone. If it dies or hangs there, that is the verdict on the site
that did it, and the next site gets a new worker.
"""

from __future__ import annotations

from types import TracebackType

from tflint_slice.model import Proof, Site, Verdict
from tflint_slice.prove.process import Died, ProverUnavailable, Worker
from tflint_slice.prove.wire import proof_from_json, site_to_json

__all__ = ["Prover", "ProverUnavailable"]

LIMIT = 60.0
"""Seconds that one proof may take. (A warm worker takes less than one.)"""
LIVES = 3
"""Workers that one site may cost. An input of many may abort where the others do not."""
PROOFS_PER_WORKER = 300
"""TensorFlow keeps what it has traced; a new worker now and then keeps memory in bounds."""


class Prover:
    """Proves sites one after the other, in a worker that is started for the first of them."""

    def __init__(self, limit: float = LIMIT) -> None:
        self.limit = limit
        self._worker: Worker | None = None

    def __enter__(self) -> Prover:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        if self._worker is not None:
            self._worker.end()
            self._worker = None

    def prove(self, site: Site) -> Proof:
        """Run both sides of ``site`` and compare; raises ``ProverUnavailable`` only."""
        deaths: list[tuple[int, str]] = []
        while True:
            worker = self._ready()
            request = {"task": "prove", "site": site_to_json(site), "deaths": deaths}
            try:
                answer = worker.ask(request, self.limit)
            except Died as death:
                self.close()
                side, mode, number = worker.running
                where = f" while it ran the {'fix' if side == 'fixed' else side} ({mode})"
                if death.timed_out:
                    return Proof(Verdict.UNPROVED, f"timed out{where if side else ''}")
                if not side or len(deaths) + 1 >= LIVES:
                    words = f": {worker.last_words}" if worker.last_words else ""
                    return Proof(Verdict.UNPROVED, f"worker died{where if side else ''}{words}")
                # What was about to run is passed over by the next worker, and counts as an abort.
                deaths.append((number, worker.last_words or "for no stated reason"))
            except BaseException:
                # Interrupted: what the worker says from now on answers a question nobody asks.
                self.close()
                raise
            else:
                if "fault" in answer:
                    return Proof(Verdict.UNPROVED, f"the harness failed: {answer['fault']}")
                return proof_from_json(answer["answer"])

    def _ready(self) -> Worker:
        if self._worker is not None and self._worker.answered >= PROOFS_PER_WORKER:
            self.close()
        if self._worker is None:
            self._worker = Worker()
        return self._worker

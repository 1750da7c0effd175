"""The side of the proof that the linter sees: starts workers, asks them, and outlives them.

TensorFlow runs in the workers alone. If it dies or hangs there, or takes too much memory, that is
the verdict on the site that did it, and the next site gets a new worker.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType

from tflint_slice.model import Kind, Proof, Site, Verdict
from tflint_slice.prove.process import Died, Ending, ProverUnavailable, Worker
from tflint_slice.prove.wire import proof_from_json, site_to_json

__all__ = ["Prover", "ProverUnavailable", "chosen"]

LIMIT = 60.0
"""Seconds that one proof may take. (A warm worker takes less than one.)"""
LIVES = 3
"""Workers that one site may cost. An input of many may abort where the others do not."""
PROOFS_PER_WORKER = 300
"""TensorFlow keeps what it has traced; a new worker now and then keeps memory in bounds."""


class Prover:
    """Proves sites one after the other, in workers that are started for the first that need them.

    There are two at most: what ``tf.keras`` means is decided when TensorFlow is imported, and code
    for Keras 2 gets a worker of its own. ``devices`` are those to run on; none means all there are.
    ``memory`` is what a worker may take, in bytes beyond what it holds when it is ready.
    """

    def __init__(
        self,
        limit: float = LIMIT,
        *,
        memory: int | None = None,
        devices: Sequence[str] = (),
    ) -> None:
        self.limit = limit
        self.memory = memory
        self.devices = tuple(devices)
        self._workers: dict[bool, Worker] = {}

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
        for legacy_keras in tuple(self._workers):
            self._end(legacy_keras)

    def prove(self, site: Site) -> Proof:
        """Run both sides of ``site`` and compare; raises ``ProverUnavailable`` only."""
        legacy_keras = any(fact.kind is Kind.KERAS2_WEIGHT for _, fact in site.facts)
        deaths: list[tuple[int, str]] = []
        while True:
            worker = self._ready(legacy_keras)
            request = {
                "task": "prove",
                "site": site_to_json(site),
                "deaths": deaths,
                "devices": chosen(self.devices, worker.ready),
            }
            try:
                answer = worker.ask(request, self.limit)
            except Died as death:
                self._end(legacy_keras)
                if death.reason is Ending.OUT_OF_MEMORY and worker.answered:
                    continue  # what others have left behind there must not decide about this one
                side, mode, number = worker.running
                where = f" while it ran the {'fix' if side == 'fixed' else side} ({mode})"
                verdict = f"{death}{where if side else ''}"
                if death.reason is not Ending.DIED:
                    return Proof(Verdict.UNPROVED, verdict)
                if not side or len(deaths) + 1 >= LIVES:
                    words = f": {worker.last_words}" if worker.last_words else ""
                    return Proof(Verdict.UNPROVED, f"{verdict}{words}")
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

    def _ready(self, legacy_keras: bool) -> Worker:
        worker = self._workers.get(legacy_keras)
        if worker is not None and worker.answered >= PROOFS_PER_WORKER:
            self._end(legacy_keras)
            worker = None
        if worker is None:
            worker = Worker(legacy_keras=legacy_keras, memory=self.memory)
            self._workers[legacy_keras] = worker
        return worker

    def _end(self, legacy_keras: bool) -> None:
        self._workers[legacy_keras].end()
        del self._workers[legacy_keras]


def chosen(names: Sequence[str], there: Sequence[str]) -> list[str]:
    """Of the devices that are there, those meant by ``names``: ``cpu:0``, or ``GPU`` for all GPUs.

    Raises:
        ProverUnavailable: a name means none of them.
    """
    found: set[str] = set()
    for name in names:
        meant = {
            device
            for device in there
            if name.upper() in (device.upper(), device.upper().partition(":")[0])
        }
        if not meant:
            raise ProverUnavailable(f"there is no device {name!r} here, only {', '.join(there)}")
        found |= meant
    return [device for device in there if device in found]

"""Provers side by side in threads, each with its worker, for the many sites of a matrix."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType

from tflint_slice.model import Proof, Site
from tflint_slice.prove.prover import Prover


class Provers:
    """``jobs`` provers that share one queue; they live for as many matrices as there are."""

    def __init__(self, devices: Sequence[str], jobs: int) -> None:
        self.devices = tuple(devices)
        self._asked: queue.SimpleQueue[tuple[str, Site] | None] = queue.SimpleQueue()
        self._answered: queue.SimpleQueue[tuple[str, Proof | Exception]] = queue.SimpleQueue()
        # Not waited for when this process is interrupted: the workers notice that it is gone.
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(jobs)]

    def __enter__(self) -> Provers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with contextlib.suppress(queue.Empty):
            while True:
                self._asked.get_nowait()
        for _ in self._threads:
            self._asked.put(None)
        if error is None:
            for thread in self._threads:
                thread.join()

    def prove(self, sites: Mapping[str, Site]) -> Iterator[tuple[str, Proof]]:
        """The proof of each site under its name, in the order in which they are done.

        Raises:
            ProverUnavailable: TensorFlow or a device is not there.
        """
        for item in sites.items():
            self._asked.put(item)
        for _ in sites:
            name, answer = self._answered.get()
            if isinstance(answer, Exception):
                raise answer
            yield name, answer

    def _work(self) -> None:
        with Prover(devices=self.devices) as prover:
            while (asked := self._asked.get()) is not None:
                name, site = asked
                answer: Proof | Exception
                try:
                    answer = prover.prove(site)
                except Exception as error:
                    # Whatever it is: the one who waits for the answer has to be told.
                    answer = error
                self._answered.put((name, answer))

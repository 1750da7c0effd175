"""Runs one side on one case and notes all that can be seen of it from outside."""

from __future__ import annotations

import importlib
import linecache
import re
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tflint_slice.prove import exposures
from tflint_slice.prove.cases import HOLE_VALUES, Case, Drawn, Oddity
from tflint_slice.prove.drive import drive, surroundings
from tflint_slice.prove.exposures import Exposure
from tflint_slice.prove.guards import Undefined, WouldAbort
from tflint_slice.prove.inputs import Hole
from tflint_slice.prove.lift import Lifted
from tflint_slice.prove.modes import EAGERLY, Mode, Way
from tflint_slice.prove.runtime import (
    Snapshot,
    build,
    build_array,
    is_variable,
    mirrored,
    same_bits,
    snapshot,
    tf,
)
from tflint_slice.prove.statements import Side

ORIGINAL = "original"
FIXED = "fixed"
FAILING = "failing"

ABORTS = "aborts the process"
UNDEFINED = "has no defined result"

LONGEST = 120
"""Characters of an error message that are kept."""


@dataclass
class Outcome:
    """What one run came to.

    ``raised`` is the class of the exception, ``ABORTS`` or ``UNDEFINED``. ``state`` is what the
    target holds afterwards, ``changed`` whether that is not what it held before, ``inputs`` what
    the other arrays and variables hold, and ``views`` what views hold that were taken before.
    ``live`` tells for each output whether a later write to the target shows in it. ``log`` holds
    every evaluation of a hole, ``exposed`` what the run met of which devices make different things.
    """

    raised: str | None = None
    message: str = ""
    state: Snapshot | None = None
    changed: bool = False
    outputs: tuple[Snapshot, ...] = ()
    live: tuple[bool, ...] = ()
    inputs: tuple[Snapshot | None, ...] = ()
    views: tuple[Snapshot, ...] = ()
    gradients: tuple[Snapshot, ...] = ()
    exposed: frozenset[Exposure] = frozenset()
    log: list[tuple[str, Any, Any]] = field(default_factory=list)

    @property
    def returned(self) -> bool:
        return self.raised is None

    @property
    def counts(self) -> bool:
        """Whether the outcome is one that the code alone decides."""
        return self.raised not in (ABORTS, UNDEFINED)


Note = Callable[[str, str, int], object]
"""Called before each run with the side, the mode and the number of the run."""


class Runner:
    """Both sides of one site, compiled once.

    Runs are counted, and what runs is the same each time: a run that ended a process is known by
    its number in the next one. ``died`` says that the fixed side was met in such a run.
    """

    def __init__(self, lifted: Lifted, note: Note, deaths: Mapping[int, str]) -> None:
        self.lifted = lifted
        self.note = note
        self.deaths = deaths
        self.count = 0
        self.died = False
        self._calls: dict[str, Callable[..., Any]] = {}
        namespace: dict[str, Any] = {name: member(path) for name, path in lifted.modules}
        for hole in lifted.holes:
            namespace[hole.name] = self._hole(hole)
        sides = {ORIGINAL: lifted.original, FIXED: lifted.fixed, FAILING: lifted.failing}
        self._functions = {
            name: compiled(lifted, side, name, namespace)
            for name, side in sides.items()
            if side is not None
        }

    def _hole(self, hole: Hole) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            return self._calls[hole.name](*args, **kwargs)

        unconverted: Callable[..., Any] = tf.autograph.experimental.do_not_convert(call)
        return unconverted

    def run(self, side: str, case: Case, device: str, way: Way = EAGERLY) -> Outcome:
        """Run one side; a reference in NumPy's terms runs as it is, whatever the way."""
        self.count += 1
        if self.count in self.deaths:
            self.died = self.died or side == FIXED
            return Outcome(ABORTS, self.deaths[self.count])
        self.note(side, str(way), self.count)
        by_reference = self.lifted.by_reference and side == ORIGINAL
        way = EAGERLY if by_reference else way
        outcome = Outcome()
        function = self._functions[side]
        exposures.clear()
        with surroundings(way, device):
            make = build_array if by_reference else build
            with mirrored().scope() if way.mode is Mode.MIRRORED else nullcontext():
                target = make(case.inputs[0], None)
            inputs: list[Any] = [target]
            inputs += [make(drawn, target) for drawn in case.inputs[1:]]
            self._arm(case, outcome, target, make)
            views = _views(target) if case.oddity is Oddity.VIEW and not by_reference else ()
            results: list[Any] = []
            try:
                results, outcome.gradients = drive(
                    function, case, inputs, way, branches=self.lifted.branches
                )
            except Undefined as undefined:
                outcome.raised, outcome.message = UNDEFINED, str(undefined)
            except WouldAbort as abort:
                outcome.raised, outcome.message = ABORTS, str(abort)
            except Exception as error:
                outcome.raised = type(error).__name__
                outcome.message = _first_line(str(error))
                # The traceback keeps every tensor of the failed run alive.
                error.__traceback__ = None
            else:
                outcome.outputs = tuple(map(snapshot, results))
            outcome.state = snapshot(target)
            outcome.views = tuple(map(snapshot, views))
            outcome.exposed = frozenset(exposures.found)
            outcome.changed = not same_bits(outcome.state.content, case.inputs[0].value)
            outcome.inputs = tuple(
                snapshot(value) if isinstance(value, np.ndarray) or is_variable(value) else None
                for value in inputs[1:]
            )
            if outcome.returned and results and way.mode is Mode.EAGER:
                outcome.live = _live(target, results)
        return outcome

    def _arm(
        self, case: Case, outcome: Outcome, target: Any, make: Callable[[Drawn, Any], Any]
    ) -> None:
        """Load the holes with the values of this case."""
        for hole, values in zip(self.lifted.holes, case.holes, strict=True):
            self._calls[hole.name] = _answers(hole.text, values, case, outcome, target, make)


def _answers(
    text: str,
    values: tuple[Drawn, ...],
    case: Case,
    outcome: Outcome,
    target: Any,
    make: Callable[[Drawn, Any], Any],
) -> Callable[..., Any]:
    """A hole: it notes that it was called, with what, and what the target held just then."""
    count = 0

    def call(*args: Any, **kwargs: Any) -> Any:
        nonlocal count
        given = snapshot([*args, *(kwargs[key] for key in sorted(kwargs))])
        outcome.log.append((text, given, snapshot(target)))
        value = make(values[count % HOLE_VALUES], target)
        count += 1
        if case.intrusion is not None:
            _write(target, case.intrusion)
        return value

    return call


def _write(target: Any, array: np.ndarray[Any, Any]) -> None:
    if isinstance(target, np.ndarray):
        target[...] = array
    elif is_variable(target):
        target.assign(array)


def _views(target: Any) -> tuple[Any, ...]:
    """What code elsewhere may have taken from the target before the statements run."""
    if isinstance(target, np.ndarray):
        return ()
    tensor = tf.convert_to_tensor(target)
    return (tensor, target[...], np.asarray(tensor))


def _live(target: Any, results: list[Any]) -> tuple[bool, ...]:
    """Which results show it when the target is written to after the statements have run."""
    before = [snapshot(value) for value in results]
    if not (isinstance(target, np.ndarray) or is_variable(target)):
        return ()
    content = snapshot(target).content
    _write(target, np.full(content.shape, b"" if content.dtype == object else 0, content.dtype))
    changed = [snapshot(value) for value in results]
    return tuple(str(old) != str(new) for old, new in zip(before, changed, strict=True))


def _first_line(message: str) -> str:
    """What an error says, without the name of the node that says it."""
    text = re.sub(r"\{\{.*?\}\}\s*|\[Op:.*", "", message.strip())
    line = text.strip().split("\n")[0]
    return line if len(line) <= LONGEST else line[:LONGEST].rpartition(" ")[0] + " ..."


def member(path: str) -> Any:
    """The module or member of a module that a name stands for; None for what is never run."""
    parts = path.split(".")
    for split in range(len(parts), 0, -1):
        try:
            value: Any = importlib.import_module(".".join(parts[:split]))
        except ImportError:
            continue
        for part in parts[split:]:
            value = getattr(value, part, None)
        return value
    return None


def compiled(
    lifted: Lifted, side: Side, name: str, namespace: dict[str, Any]
) -> Callable[..., Any]:
    source = lifted.source(side, name)
    file = f"<{name}>"
    # AutoGraph reads the source of what it converts.
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    scope = dict(namespace)
    exec(compile(source, file, "exec"), scope)
    function: Callable[..., Any] = scope[name]
    return function

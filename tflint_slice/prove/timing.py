"""Times both sides of one site at one size: the part of `bench` that runs in the worker.

Both are timed in turns, A B A B, and each of them on inputs of its own: an in-place scatter leaves
its variable in a state in which dense reads copy it, and the other side must not inherit that.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from math import ceil
from typing import Any

from tflint_slice.model import Kind, Operand, Site
from tflint_slice.prove.cases import Case, Drawn
from tflint_slice.prove.contents import DRAWN
from tflint_slice.prove.growth import Pattern
from tflint_slice.prove.guards import WouldAbort, modules
from tflint_slice.prove.lift import lift
from tflint_slice.prove.places import Unliftable
from tflint_slice.prove.run import compiled, member
from tflint_slice.prove.runtime import build, has_keras_3, tf
from tflint_slice.prove.sample import Sampler
from tflint_slice.prove.scaling import Model, Unscalable, scalings
from tflint_slice.prove.templates import Form
from tflint_slice.prove.wire import Message, site_from_json

BEFORE, AFTER = "original", "fixed"

SMALLEST = 1_000
"""Elements with which it is tried whether the inputs can grow."""
TRIES = 150
MODELS = 12
"""Cases on which the original returns that are tried to be made larger."""

FEWEST, MOST = 3, 15
"""Repetitions of the pair: as many as the budget of seconds allows, but so many at least."""
BATCH = 5e-3
"""Seconds that one measurement takes at least, as far as ``LONGEST_BATCH`` steps go."""
LONGEST_BATCH = 500

Step = Callable[[], object]
Note = Callable[[str, str, int], object]


class NotTimed(Exception):
    """There is nothing to time, for this reason."""


def answer(request: Message, note: Note) -> Message:
    """What the worker says when it is asked for the times at one size."""
    try:
        stand = Stand(site_from_json(request["site"]), request["device"], request["mode"], note)
        return stand.times(request["elements"], request["budget"])
    except NotTimed as reason:
        return {"reason": str(reason)}


class Stand:
    """Both sides of one site, ready to be timed; raises ``NotTimed`` where that cannot be."""

    def __init__(self, site: Site, device: str, mode: str, note: Note) -> None:
        site = _with_dtype(site)
        try:
            self.lifted = lift(site)
        except Unliftable as error:
            raise NotTimed(f"not timed: {error}") from error
        if self.lifted.by_reference:
            raise NotTimed("nothing to compare: the original does not do what the fix does")
        facts = [item.fact for item in self.lifted.inputs]
        facts += [hole.fact for hole in self.lifted.holes]
        odd = sorted({fact.dtype or "" for fact in facts} - {*DRAWN, ""})
        if odd:
            raise NotTimed(f"not timed: values of dtype {odd[0]} cannot be drawn")
        kind = self.lifted.target.fact.kind
        if kind in (Kind.TENSOR, Kind.NDARRAY):
            raise NotTimed("not timed: what is updated is no variable")
        if kind is Kind.KERAS3_VARIABLE and not has_keras_3():
            raise NotTimed("not timed: Keras 3 is not installed")
        self.device, self.note = device, note
        self.traced = mode == "tf.function"
        self.mode = mode
        self.answers: dict[str, Any] = {}
        self.functions = self._functions()
        with tf.device(device):
            self.model = self._model(site)

    def _functions(self) -> dict[str, Callable[..., Any]]:
        namespace = {name: member(path) for name, path in self.lifted.modules}
        namespace |= {hole.name: self._hole(hole.name) for hole in self.lifted.holes}
        return {
            name: compiled(self.lifted, side, name, namespace)
            for name, side in ((BEFORE, self.lifted.original), (AFTER, self.lifted.fixed))
        }

    def _hole(self, name: str) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            return self.answers[name]

        unconverted: Callable[..., Any] = tf.autograph.experimental.do_not_convert(call)
        return unconverted

    # --- inputs -----------------------------------------------------------------------------------

    def _model(self, site: Site) -> Model:
        reason = "no input found on which the original returns"
        for small in (True, False):
            sampler = Sampler(site, self.lifted, small)
            found = 0
            for _ in range(TRIES if sampler.is_feasible() else 0):
                case = sampler.case(sampler.plan())
                if self._failure(BEFORE, case, traced=False) is not None:
                    continue
                found += 1
                reason = "no axis of the variable can be made longer while the rest fits"
                for scaling in scalings(case.plan):
                    model = Model(case, scaling, sampler)
                    try:
                        larger = model.at(max(SMALLEST, 2 * case.inputs[0].size))
                    except Unscalable as error:
                        reason = str(error)
                        continue
                    if self._failure(BEFORE, larger, traced=False) is not None:
                        continue
                    failure = self._failure(AFTER, larger, traced=False)
                    if failure is None:
                        self._check_traced(larger)
                        return model
                    reason = f"the fix raises {failure} where the original returns"
                if found >= MODELS:
                    break
        raise NotTimed(f"not timed: {reason}")

    def _check_traced(self, case: Case) -> None:
        for side in (BEFORE, AFTER) if self.traced else ():
            failure = self._failure(side, case, traced=True)
            if failure is not None:
                name = "fix" if side == AFTER else side
                raise NotTimed(f"not applicable: the {name} raises {failure} in tf.function")

    def _failure(self, side: str, case: Case, *, traced: bool) -> str | None:
        """The class of the exception that the side raises, if it does."""
        self.note(side, self.mode, 0)
        try:
            self._step(side, case, Pattern.ALONE, traced=traced)()
        except (Exception, WouldAbort) as error:
            # The code is the user's, on inputs that may not fit it: it may raise anything.
            return type(error).__name__
        return None

    def _step(self, side: str, case: Case, pattern: Pattern, *, traced: bool) -> Step:
        """One step of the pattern on inputs that nothing has touched yet."""
        target = build(case.inputs[0], None)
        inputs = [target, *(build(drawn, target) for drawn in case.inputs[1:])]
        for hole, values in zip(self.lifted.holes, case.holes, strict=True):
            self.answers[hole.name] = build(values[0], target)
        update = partial(self.functions[side], *inputs)
        read = partial(_read, target.value if case.inputs[0].form is Form.KERAS else target)
        if traced:
            return self._traced(
                side, inputs, case.inputs, read if pattern is Pattern.READ else None
            )
        if pattern is Pattern.ALONE:
            return update

        def step() -> object:
            update()
            return read()

        return step

    def _traced(
        self, side: str, inputs: list[Any], drawn: tuple[Drawn, ...], read: Step | None
    ) -> Step:
        function = self.functions[side]
        numbers = [number for number, item in enumerate(drawn) if item.form is Form.TENSOR]

        def traced(*tensors: Any) -> Any:
            given = list(inputs)
            for number, tensor in zip(numbers, tensors, strict=True):
                given[number] = tensor
            results = function(*given)
            # To return a variable would be to read it.
            kept = [result for result in results if isinstance(result, tf.Tensor)]
            return kept if read is None else [*kept, read()]

        compiled = tf.function(traced, autograph=self.lifted.branches)
        return partial(compiled, *(inputs[number] for number in numbers))

    # --- times ------------------------------------------------------------------------------------

    def times(self, elements: int, budget: float) -> Message:
        try:
            case = self.model.at(elements)
        except Unscalable as error:
            raise NotTimed(f"not timed: {error}") from error
        target = case.inputs[0]
        message: Message = {"shape": list(target.value.shape), "dtype": target.dtype}
        with tf.device(self.device), _without_guards():
            self.functions = self._functions()  # imported names stand for the bare ones as well
            for pattern in Pattern:
                before, after = self._pairs(case, pattern, budget)
                message[pattern.name] = {"before": before, "after": after}
        return message

    def _pairs(
        self, case: Case, pattern: Pattern, budget: float
    ) -> tuple[list[float], list[float]]:
        """Microseconds of a step, for each repetition of both sides."""
        end = time.monotonic() + budget
        counts: dict[str, int] = {}
        taken: dict[str, list[float]] = {BEFORE: [], AFTER: []}
        for number in range(MOST):
            if number >= FEWEST and time.monotonic() > end:
                break
            for side, times in taken.items():
                self.note(side, self.mode, number)
                try:
                    times.append(self._measured(side, case, pattern, counts))
                except Exception as error:
                    # The code is the user's; what it takes in small, it may refuse in large.
                    name = "fix" if side == AFTER else side
                    words = f"not timed: the {name} raises {type(error).__name__}"
                    raise NotTimed(words) from error
        return taken[BEFORE], taken[AFTER]

    def _measured(self, side: str, case: Case, pattern: Pattern, counts: dict[str, int]) -> float:
        step = self._step(side, case, pattern, traced=self.traced)
        step()
        self._wait()
        if side not in counts:
            once = self._seconds(step, 1)
            counts[side] = min(max(1, ceil(BATCH / once)), LONGEST_BATCH)
        return self._seconds(step, counts[side]) / counts[side] * 1e6

    def _seconds(self, step: Step, count: int) -> float:
        gc.disable()
        try:
            start = time.perf_counter()
            for _ in range(count):
                step()
            self._wait()
            return time.perf_counter() - start
        finally:
            gc.enable()

    def _wait(self) -> None:
        """A CPU has done what it was told to when the call returns, a GPU has not."""
        if not self.device.startswith("CPU"):
            tf.test.experimental.sync_devices()


def _read(variable: Any) -> Any:
    """A dense read; all elements are looked at."""
    return tf.reduce_any(variable) if variable.dtype == tf.bool else tf.reduce_sum(variable)


def _with_dtype(site: Site) -> Site:
    """The site with a target of the commonest dtype, if its dtype is not known."""
    facts = dict(site.facts)
    known = facts.get(site.target, Operand(""))
    if known.dtype is not None:
        return site
    facts[site.target] = replace(known, dtype="float32")
    return replace(site, facts=tuple(facts.items()))


@contextmanager
def _without_guards() -> Iterator[None]:
    """TensorFlow as users have it: what we have put around its functions takes time as well."""
    changed: list[tuple[Any, str, Any]] = []
    for holder in (*modules(tf), *type(tf.Variable(0.0)).__mro__[:-1]):
        for name, value in list(vars(holder).items()):
            if _is_ours(value):
                changed.append((holder, name, value))
                bare = value
                while _is_ours(bare):
                    bare = bare.__wrapped__
                setattr(holder, name, bare)
    try:
        yield
    finally:
        for holder, name, value in changed:
            setattr(holder, name, value)


def _is_ours(function: Any) -> bool:
    module = getattr(function, "__globals__", {}).get("__name__", "")
    return str(module).startswith("tflint_slice.") and hasattr(function, "__wrapped__")

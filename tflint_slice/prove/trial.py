"""The proof of one site, start to end: finds inputs, runs both sides on them, and judges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tflint_slice.model import Kind, Proof, Site, Verdict
from tflint_slice.prove.cases import Case, Oddity, Plan
from tflint_slice.prove.compare import NO_ROOM, Comparison, compare
from tflint_slice.prove.contents import DRAWN
from tflint_slice.prove.example import program
from tflint_slice.prove.inputs import Role
from tflint_slice.prove.lift import lift
from tflint_slice.prove.numeric import DENORMAL
from tflint_slice.prove.places import Unliftable
from tflint_slice.prove.run import (
    ABORTS,
    EAGER,
    FAILING,
    FIXED,
    ORIGINAL,
    TRACED,
    Note,
    Outcome,
    Runner,
    Tracing,
)
from tflint_slice.prove.runtime import devices, has_keras_3
from tflint_slice.prove.search import Search, Tried
from tflint_slice.prove.statements import LAST
from tflint_slice.prove.templates import Form
from tflint_slice.prove.wire import Message, proof_to_json, site_from_json

NEEDED = 6
"""Cases on which the original returns, without which nothing is proved."""
TRACES = 3
"""Functions traced for each side; tracing is what takes the time."""


def answer(request: Message, note: Note) -> Message:
    """What the worker says when it is asked for a proof."""
    deaths = dict(request["deaths"])
    return proof_to_json(Trial(site_from_json(request["site"]), note, deaths).prove())


@dataclass(frozen=True)
class Failure:
    """A case on which the sides differ."""

    case: Case
    number: int
    difference: str
    device: str
    tracing: Tracing | None
    returns: bool
    """Whether the original returns on it; what it raises on matters less."""

    @property
    def mode(self) -> str:
        return EAGER if self.tracing is None else TRACED

    @property
    def rank(self) -> tuple[bool, bool, int, int]:
        """The simplest failure is the least one. (Empty arrays show nothing to a reader.)"""
        return not self.returns, self.case.is_empty, self.case.size, self.number


@dataclass
class Trial:
    """One proof while it is made.

    ``note`` hears what is about to run, in case that it is the last thing that this process does.
    ``deaths`` are the numbers of runs that ended a process before, and its last words.
    """

    site: Site
    note: Note
    deaths: Mapping[int, str] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    exceptions: set[str] = field(default_factory=set)
    notes: set[str] = field(default_factory=set)
    modes: list[str] = field(default_factory=list)
    samples: int = 0

    def prove(self) -> Proof:
        try:
            self.prepare()
        except Unliftable as error:
            return Proof(Verdict.UNPROVED, str(error))
        if self.lifted.target.fact.kind is Kind.KERAS3_VARIABLE and not has_keras_3():
            return Proof(Verdict.UNPROVED, "Keras 3 is not installed")
        search = Search(self.site, self.runner, self.devices[0])
        cases = search.cases()
        if not search.feasible:
            return Proof(Verdict.UNPROVED, "the variable is too large to try")
        if len(search.returning) < NEEDED:
            return Proof(Verdict.UNPROVED, "no input found on which the original returns")
        for device in self.devices:
            self.run_eagerly(cases, device)
        if not any(failure.returns for failure in self.failures):
            for device in self.devices:
                self.run_traced(cases, device)
        return self.verdict()

    def prepare(self) -> None:
        self.lifted = lift(self.site)
        facts = [item.fact for item in self.lifted.inputs]
        facts += [hole.fact for hole in self.lifted.holes]
        for fact in facts:
            if fact.dtype not in (None, *DRAWN):
                raise Unliftable(f"values of dtype {fact.dtype} cannot be drawn")
        self.runner = Runner(self.lifted, self.note, self.deaths)
        self.devices = devices()

    def verdict(self) -> Proof:
        remarks = ["for a plain tf.Variable"] if self.is_assumed_plain() else []
        remarks += [NO_ROOM] if NO_ROOM in self.notes else []
        reason, text = "; ".join(remarks), ""
        if self.failures:
            worst = min(self.failures, key=lambda failure: failure.rank)
            reason = f"{worst.difference} ({worst.mode}, {worst.device})"
            if not worst.returns:
                reason += "; where the original returns they agree"
            text = program(self.lifted, worst.case, worst.difference, worst.tracing)
        return Proof(
            Verdict.REFUTED if self.failures else Verdict.PROVED,
            reason,
            devices=self.devices,
            modes=tuple(self.modes),
            samples=self.samples,
            counterexample=text,
            exceptions=() if self.failures else tuple(sorted(self.exceptions)),
        )

    def is_assumed_plain(self) -> bool:
        fact = self.lifted.target.fact
        if fact.kind in (Kind.TENSOR, Kind.NDARRAY, Kind.KERAS3_VARIABLE):
            return False
        return not (fact.kind is Kind.VARIABLE and fact.plain)

    # --- running ----------------------------------------------------------------------------------

    def run_eagerly(self, cases: list[Tried], device: str) -> None:
        self.modes = [EAGER]
        for number, (case, known) in enumerate(cases):
            original = known
            if device != self.devices[0]:
                original = self.runner.run(ORIGINAL, case, device)
            fixed = self.runner.run(FIXED, case, device)
            self.judge(case, number, original, fixed, device)
            if self.runner.died:
                return  # it would die of the next case as well
        self.samples = len(cases)

    def run_traced(self, cases: list[Tried], device: str) -> None:
        compared = 0
        for number, tracing in self.traced_cases(cases):
            case, eager = cases[number]
            original = self.runner.run(ORIGINAL, case, device, tracing)
            if original.raised == ABORTS or (eager.returned and not original.returned):
                continue  # the original itself does not run in this mode
            fixed = self.runner.run(FIXED, case, device, tracing)
            if not fixed.returned and original.returned and self.needs_eager(case, device, tracing):
                continue
            self.judge(case, number, original, fixed, device, tracing)
            compared += original.returned
        if compared and TRACED not in self.modes:
            self.modes.append(TRACED)

    def needs_eager(self, case: Case, device: str, tracing: Tracing) -> bool:
        """Whether code that always raises fails otherwise when traced: for what it stores, say."""
        if self.lifted.failing is None:
            return False
        eager = self.runner.run(FAILING, case, device)
        traced = self.runner.run(FAILING, case, device, tracing)
        return _error_class(eager) != _error_class(traced)

    def traced_cases(self, cases: list[Tried]) -> list[tuple[int, Tracing]]:
        """A few cases of different plans, with each way of handing in tensors at least once."""
        ways = (Tracing(), Tracing(captured=True), Tracing(relaxed=True))
        chosen: dict[Plan, int] = {}
        for number, (case, outcome) in enumerate(cases):
            if outcome.returned and case.oddity is not Oddity.INTRUSION:
                chosen.setdefault(case.plan, number)
        numbers = sorted(chosen.values())[:TRACES]
        numbers += [
            number
            for number, (case, outcome) in enumerate(cases)
            if outcome.returned and number not in numbers and case.oddity is not Oddity.INTRUSION
        ][: TRACES - len(numbers)]
        traced = [(number, ways[place % len(ways)]) for place, number in enumerate(numbers)]
        for number, (case, _) in enumerate(cases):
            if self.may_be_captured(case):
                return [*traced, (number, Tracing(captured=True))]
        return traced

    def may_be_captured(self, case: Case) -> bool:
        """Whether a stored tensor of another dtype than the target's may come from outside."""
        return any(
            item.role is Role.VALUE
            and drawn.form is Form.TENSOR
            and drawn.dtype != case.inputs[0].dtype
            and item.fact.captured
            for item, drawn in zip(self.lifted.inputs[1:], case.inputs[1:], strict=True)
        )

    def judge(
        self,
        case: Case,
        number: int,
        original: Outcome,
        fixed: Outcome,
        device: str,
        tracing: Tracing | None = None,
    ) -> None:
        result = self.compared(case, original, fixed)
        self.exceptions |= result.exceptions
        self.notes |= result.notes
        if result.differences and self.is_of_denormals(case, device, tracing):
            self.exceptions.add(DENORMAL)
        elif result.differences:
            difference = result.differences[0]
            self.failures.append(
                Failure(case, number, difference, device, tracing, original.returned)
            )

    def compared(self, case: Case, original: Outcome, fixed: Outcome) -> Comparison:
        labels = tuple(label for label, _, _ in self.lifted.outputs)
        return compare(
            original,
            fixed,
            labels,
            state=case.inputs[0].form is not Form.TENSOR and LAST not in labels,
            plain=self.lifted.by_reference,
        )

    def is_of_denormals(self, case: Case, device: str, tracing: Tracing | None) -> bool:
        """Whether the sides agree once the case has zeros where it had denormal numbers."""
        flushed = case.without_denormals()
        if repr(flushed.inputs) == repr(case.inputs) and repr(flushed.holes) == repr(case.holes):
            return False
        outcomes = [self.runner.run(side, flushed, device, tracing) for side in (ORIGINAL, FIXED)]
        return outcomes[0].returned and not self.compared(flushed, *outcomes).differences


def _error_class(outcome: Outcome) -> str | None:
    """The class of the exception; a shape is found wrong by another one when it is traced."""
    return "ValueError" if outcome.raised == "InvalidArgumentError" else outcome.raised

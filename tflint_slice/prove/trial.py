"""The proof of one site, start to end: finds inputs, runs both sides on them, and judges."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
    Outcome,
    Runner,
    Tracing,
)
from tflint_slice.prove.runtime import devices, has_keras_3
from tflint_slice.prove.sample import Sampler
from tflint_slice.prove.statements import LAST
from tflint_slice.prove.templates import Form

EXPLORED = 300
"""Plans tried at most, to find some on which the original returns."""
PLANS = 12
"""Plans that are enough."""
WIDELY = 120
"""Plans tried at least where the facts leave much open: also those on which the original raises."""
ROUNDS = 5
"""How often each oddity is drawn."""
RETURNING = 72
RAISING = 120
"""Cases kept for the comparison at most, on which the original returns and raises."""
NEEDED = 6
"""Cases on which the original returns, without which nothing is proved."""
TRACES = 3
"""Functions traced for each side; tracing is what takes the time."""

Note = Callable[[str, str, int], object]
"""Called before each run with the side, the mode and the number of the case."""


BEFORE_ALL = -1
"""The number of a case that is tried before any comparison."""


@dataclass
class Kept:
    """The cases to compare on, with what the original came to."""

    returning: list[tuple[Case, Outcome]] = field(default_factory=list)
    raising: list[tuple[Case, Outcome]] = field(default_factory=list)

    def add(self, case: Case, outcome: Outcome, *, returning: int, raising: int) -> None:
        """Keep the case, if there are not too many of its kind and the original does not abort."""
        if outcome.returned and len(self.returning) < returning:
            self.returning.append((case, outcome))
        elif outcome.raised not in (None, ABORTS) and len(self.raising) < raising:
            self.raising.append((case, outcome))


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
    """One proof while it is made."""

    site: Site
    note: Note
    failures: list[Failure] = field(default_factory=list)
    exceptions: set[str] = field(default_factory=set)
    notes: set[str] = field(default_factory=set)
    modes: list[str] = field(default_factory=list)
    samples: int = 0
    feasible: bool = True

    def prove(self) -> Proof:
        try:
            self.prepare()
        except Unliftable as error:
            return Proof(Verdict.UNPROVED, str(error))
        if self.lifted.target.fact.kind is Kind.KERAS3_VARIABLE and not has_keras_3():
            return Proof(Verdict.UNPROVED, "Keras 3 is not installed")
        cases = self.cases()
        if sum(outcome.returned for _, outcome in cases) < NEEDED:
            reason = "no input found on which the original returns"
            return Proof(
                Verdict.UNPROVED, reason if self.feasible else "the variable is too large to try"
            )
        for device in self.devices:
            self.run_eagerly(cases, device)
        if not any(failure.returns for failure in self.failures):
            for device in self.devices:
                self.run_traced(cases, device)
        return self.verdict()

    def example(self, mode: str, number: int) -> str:
        """The program for one case of a proof that was not survived."""
        self.prepare()
        cases = self.cases()
        tracing = dict(self.traced_cases(cases)).get(number) if mode == TRACED else None
        difference = "the fix aborts the process"
        return program(self.lifted, cases[number][0], difference, tracing)

    def prepare(self) -> None:
        self.lifted = lift(self.site)
        facts = [item.fact for item in self.lifted.inputs]
        facts += [hole.fact for hole in self.lifted.holes]
        for fact in facts:
            if fact.dtype not in (None, *DRAWN):
                raise Unliftable(f"values of dtype {fact.dtype} cannot be drawn")
        self.runner = Runner(self.lifted)
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

    # --- finding inputs ---------------------------------------------------------------------------

    def cases(self) -> list[tuple[Case, Outcome]]:
        """Cases with what the original makes of them, those on which it returns first.

        Lengths known to be great are tried as such only if smaller ones will not do.
        """
        return self.drawn(small=True) or self.drawn(small=False)

    def drawn(self, *, small: bool) -> list[tuple[Case, Outcome]]:
        sampler = Sampler(self.site, self.lifted, small)
        self.feasible = sampler.is_feasible()
        if not self.feasible:
            return []
        kept = Kept()
        models: list[Case] = []
        for number in range(EXPLORED):
            case = sampler.case(sampler.plan())
            outcome = self.original(case)
            kept.add(case, outcome, returning=RETURNING // 3, raising=RAISING // 2)
            if outcome.returned and case.plan not in (model.plan for model in models):
                models.append(case)
            if len(models) >= PLANS and number >= WIDELY:
                break
            if models and not sampler.is_open and number >= WIDELY // 3:
                break
        for number, oddity in enumerate(self.oddities() if models else ()):
            model = models[number % len(models)]
            plan = sampler.varied(model.plan) if oddity is Oddity.OTHER else model.plan
            # Lengths that are known to go together, two times out of three.
            case = sampler.case(plan, oddity, model.lengths if number % 3 else ())
            outcome = self.original(case)
            kept.add(case, outcome, returning=RETURNING, raising=RAISING)
            if oddity is Oddity.OTHER and outcome.returned:
                models.append(case)
        return kept.returning + kept.raising

    def oddities(self) -> Iterator[Oddity]:
        every: list[Oddity] = [oddity for oddity in Oddity if oddity is not Oddity.INTRUSION]
        if self.lifted.holes:
            every.append(Oddity.INTRUSION)
        for _ in range(ROUNDS):
            yield from every
            yield from (Oddity.NONE, Oddity.OTHER, Oddity.OTHER, Oddity.SPECIAL, Oddity.SPECIAL)

    def original(self, case: Case) -> Outcome:
        return self.run(ORIGINAL, BEFORE_ALL, case, self.devices[0])

    # --- running ----------------------------------------------------------------------------------

    def run(
        self, side: str, number: int, case: Case, device: str, tracing: Tracing | None = None
    ) -> Outcome:
        self.note(side, EAGER if tracing is None else TRACED, number)
        return self.runner.run(side, case, device, tracing)

    def run_eagerly(self, cases: list[tuple[Case, Outcome]], device: str) -> None:
        self.modes = [EAGER]
        for number, (case, known) in enumerate(cases):
            original = known
            if device != self.devices[0]:
                original = self.run(ORIGINAL, number, case, device)
            fixed = self.run(FIXED, number, case, device)
            self.judge(case, number, original, fixed, device)
        self.samples = len(cases)

    def run_traced(self, cases: list[tuple[Case, Outcome]], device: str) -> None:
        compared = 0
        for number, tracing in self.traced_cases(cases):
            case, eager = cases[number]
            original = self.run(ORIGINAL, number, case, device, tracing)
            if original.raised == ABORTS or (eager.returned and not original.returned):
                continue  # the original itself does not run in this mode
            fixed = self.run(FIXED, number, case, device, tracing)
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
        eager = self.run(FAILING, BEFORE_ALL, case, device)
        traced = self.run(FAILING, BEFORE_ALL, case, device, tracing)
        return _error_class(eager) != _error_class(traced)

    def traced_cases(self, cases: list[tuple[Case, Outcome]]) -> list[tuple[int, Tracing]]:
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
        outcomes = [
            self.run(side, BEFORE_ALL, flushed, device, tracing) for side in (ORIGINAL, FIXED)
        ]
        return outcomes[0].returned and not self.compared(flushed, *outcomes).differences


def _error_class(outcome: Outcome) -> str | None:
    """The class of the exception; a shape is found wrong by another one when it is traced."""
    return "ValueError" if outcome.raised == "InvalidArgumentError" else outcome.raised

"""The proof of one site, start to end: finds inputs, runs both sides on them, and judges."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from tflint_slice.model import Kind, Proof, Site, Verdict
from tflint_slice.prove.compare import Comparison, compare
from tflint_slice.prove.example import program
from tflint_slice.prove.expressions import Unliftable
from tflint_slice.prove.lift import LAST, Lifted, lift
from tflint_slice.prove.run import ABORTS, EAGER, TRACED, Outcome, Runner, Tracing
from tflint_slice.prove.runtime import devices, has_keras_3
from tflint_slice.prove.sample import Case, Oddity, Sampler
from tflint_slice.prove.templates import Form

EXPLORED = 300
"""Plans tried at most, to find some on which the original returns."""
PLANS = 12
"""Plans that are enough."""
ROUNDS = 5
"""How often each oddity is drawn."""
RETURNING = 48
RAISING = 20
"""Cases kept for the comparison, on which the original returns and raises."""
NEEDED = 6
"""Cases on which the original returns, without which nothing is proved."""
TRACES = 3
"""Functions traced for each side; tracing is what takes the time."""

Note = Callable[[str, str, int], None]
"""Called before each run with the side, the mode and the number of the case."""


@dataclass(frozen=True)
class Failure:
    """A case on which the sides differ."""

    case: Case
    number: int
    difference: str
    mode: str
    device: str
    tracing: Tracing | None = None


@dataclass
class Trial:
    """One proof while it is made."""

    site: Site
    note: Note
    failures: list[Failure] = field(default_factory=list)
    exceptions: set[str] = field(default_factory=set)
    modes: list[str] = field(default_factory=list)
    samples: int = 0

    def prove(self) -> Proof:
        try:
            lifted = lift(self.site)
        except Unliftable as error:
            return Proof(Verdict.UNPROVED, str(error))
        if lifted.target.fact.kind is Kind.KERAS3_VARIABLE and not has_keras_3():
            return Proof(Verdict.UNPROVED, "Keras 3 is not installed")
        self.lifted, self.runner, self.devices = lifted, Runner(lifted), devices()
        cases = self.cases(small=True) or self.cases(small=False)
        returning = [case for case, outcome in cases if outcome.returned]
        if len(returning) < NEEDED:
            return Proof(Verdict.UNPROVED, "no input found on which the original returns")
        for device in self.devices:
            self.run_eagerly(cases, device)
        if not self.failures:
            for device in self.devices:
                self.run_traced(cases, device)
        return self.verdict()

    def verdict(self) -> Proof:
        places = {"devices": self.devices, "modes": tuple(self.modes), "samples": self.samples}
        if self.failures:
            worst = min(self.failures, key=lambda failure: (failure.case.size, failure.number))
            reason = f"{worst.difference} ({worst.mode}, {worst.device})"
            text = program(
                self.site, self.lifted, worst.case, worst.difference, worst.mode, worst.tracing
            )
            return Proof(Verdict.REFUTED, reason, counterexample=text, **places)  # type: ignore[arg-type]
        reason = "for a plain tf.Variable" if self.is_assumed_plain() else ""
        return Proof(
            Verdict.PROVED, reason, exceptions=tuple(sorted(self.exceptions)), **places  # type: ignore[arg-type]
        )

    def is_assumed_plain(self) -> bool:
        fact = self.lifted.target.fact
        if fact.kind in (Kind.TENSOR, Kind.NDARRAY, Kind.KERAS3_VARIABLE):
            return False
        return not (fact.kind is Kind.VARIABLE and fact.plain)

    # --- finding inputs ---------------------------------------------------------------------------

    def cases(self, *, small: bool) -> list[tuple[Case, Outcome]]:
        """Cases with what the original makes of them, those on which it returns first."""
        sampler = Sampler(self.site, self.lifted, small)
        if not sampler.is_feasible():
            return []
        plans = []
        raising: list[tuple[Case, Outcome]] = []
        for _ in range(EXPLORED):
            plan = sampler.plan()
            case = sampler.case(plan)
            outcome = self.original(case)
            if outcome.returned and plan not in plans:
                plans.append(plan)
            elif outcome.raised not in (None, ABORTS) and len(raising) < RAISING // 3:
                raising.append((case, outcome))
            if len(plans) == PLANS:
                break
        if not plans:
            return []
        returning: list[tuple[Case, Outcome]] = []
        for number, oddity in enumerate(self.oddities()):
            plan = plans[number % len(plans)]
            if oddity is Oddity.OTHER:
                plan = sampler.varied(plan)
            case = sampler.case(plan, oddity)
            outcome = self.original(case)
            if outcome.returned and len(returning) < RETURNING:
                returning.append((case, outcome))
                if oddity is Oddity.OTHER and plan not in plans:
                    plans.append(plan)
            elif outcome.raised not in (None, ABORTS) and len(raising) < RAISING:
                raising.append((case, outcome))
        return returning + raising

    def oddities(self) -> Iterator[Oddity]:
        every = [oddity for oddity in Oddity if oddity is not Oddity.INTRUSION]
        if self.lifted.holes:
            every.append(Oddity.INTRUSION)
        for _ in range(ROUNDS):
            yield from every
            yield Oddity.NONE
            yield Oddity.OTHER
            yield Oddity.OTHER

    def original(self, case: Case) -> Outcome:
        self.note("original", EAGER, -1)
        return self.runner.run(case, fixed=False, device=self.devices[0])

    # --- running ----------------------------------------------------------------------------------

    def run_eagerly(self, cases: list[tuple[Case, Outcome]], device: str) -> None:
        self.modes = [EAGER]
        for number, (case, known) in enumerate(cases):
            outcome = known
            if device != self.devices[0]:
                self.note("original", EAGER, number)
                outcome = self.runner.run(case, fixed=False, device=device)
            self.note("fixed", EAGER, number)
            fixed = self.runner.run(case, fixed=True, device=device)
            self.judge(case, number, outcome, fixed, EAGER, device, None)
        self.samples = len(cases)

    def run_traced(self, cases: list[tuple[Case, Outcome]], device: str) -> None:
        for number, tracing in self.traced_cases(cases):
            case, eager = cases[number]
            self.note("original", TRACED, number)
            original = self.runner.run(case, fixed=False, device=device, tracing=tracing)
            if eager.returned and not original.returned and original.raised != ABORTS:
                continue  # the original itself does not run in this mode
            self.note("fixed", TRACED, number)
            fixed = self.runner.run(case, fixed=True, device=device, tracing=tracing)
            if self.lifted.by_reference and original.returned and fixed.raised not in (None, ABORTS):
                continue  # nothing is lost: the original runs in no mode
            self.judge(case, number, original, fixed, TRACED, device, tracing)
            if original.returned and TRACED not in self.modes:
                self.modes.append(TRACED)

    def traced_cases(self, cases: list[tuple[Case, Outcome]]) -> list[tuple[int, Tracing]]:
        """A few cases of different plans, with each way of handing in tensors at least once."""
        chosen: list[tuple[int, Tracing]] = []
        seen = set()
        for number, (case, outcome) in enumerate(cases):
            if not outcome.returned or case.plan in seen or case.oddity is Oddity.INTRUSION:
                continue
            seen.add(case.plan)
            ways = (Tracing(), Tracing(captured=True), Tracing(relaxed=True))
            chosen.append((number, ways[len(chosen) % len(ways)]))
            if len(chosen) == TRACES:
                break
        for number, (case, outcome) in enumerate(cases):
            if not outcome.returned and self.may_be_captured(case):
                chosen.append((number, Tracing(captured=True)))
                break
        return chosen

    def may_be_captured(self, case: Case) -> bool:
        """Whether a tensor of another dtype than the target's may come from outside."""
        return any(
            drawn.form is Form.TENSOR and drawn.dtype != case.inputs[0].dtype and item.fact.captured
            for item, drawn in zip(self.lifted.inputs[1:], case.inputs[1:], strict=True)
        )

    def judge(
        self,
        case: Case,
        number: int,
        original: Outcome,
        fixed: Outcome,
        mode: str,
        device: str,
        tracing: Tracing | None,
    ) -> Comparison:
        labels = tuple(label for label, _, _ in self.lifted.outputs)
        result = compare(
            original,
            fixed,
            labels,
            state=case.inputs[0].form is not Form.TENSOR and LAST not in labels,
            plain=self.lifted.by_reference,
        )
        self.exceptions |= result.exceptions
        if result.differences:
            self.failures.append(
                Failure(case, number, result.differences[0], mode, device, tracing)
            )
        return result


def prove(site: Site, note: Note) -> Proof:
    """Prove one site. ``note`` hears what is about to run, in case that it is the last thing."""
    return Trial(site, note).prove()


def without_places(site: Site) -> Site:
    """The site without where it stands: the same statements are given the same inputs."""
    facts = tuple((text, replace(fact, span=None)) for text, fact in site.facts)
    return replace(site, facts=facts)


__all__ = ["Lifted", "prove", "without_places"]

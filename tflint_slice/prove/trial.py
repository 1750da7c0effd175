"""The proof of one site, start to end: finds inputs, runs both sides on them, and judges."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from tflint_slice.model import Kind, Proof, Reason, Site, Verdict
from tflint_slice.prove import choose, shrink
from tflint_slice.prove.cases import Case
from tflint_slice.prove.compare import Comparison, compare
from tflint_slice.prove.contents import DRAWN
from tflint_slice.prove.example import program
from tflint_slice.prove.exposures import Exposure
from tflint_slice.prove.facets import separation
from tflint_slice.prove.lift import lift
from tflint_slice.prove.modes import EAGERLY, Mode, Way
from tflint_slice.prove.numeric import DENORMAL
from tflint_slice.prove.places import Unliftable
from tflint_slice.prove.run import FAILING, FIXED, ORIGINAL, Note, Outcome, Runner
from tflint_slice.prove.runtime import devices, has_keras_2, has_keras_3
from tflint_slice.prove.search import Search, Tried
from tflint_slice.prove.statements import LAST
from tflint_slice.prove.templates import Form, target_form
from tflint_slice.prove.wire import Message, proof_to_json, site_from_json

NEEDED = 6
"""Cases on which the original returns, without which nothing is proved."""


def answer(request: Message, note: Note) -> Message:
    """What the worker says when it is asked for a proof."""
    trial = Trial(
        site_from_json(request["site"]),
        note,
        dict(request["deaths"]),
        request.get("devices", ()),
    )
    return proof_to_json(trial.prove())


@dataclass(frozen=True)
class Failure:
    """A case on which the sides differ.

    ``returns`` says whether the original returns on it; what it raises on matters less.
    ``waived`` is what the fix leaves out by its own word, so that it is not refuted by this.
    """

    case: Case
    number: int
    difference: str
    device: str
    way: Way
    returns: bool
    waived: str = ""

    @property
    def rank(self) -> tuple[bool, int, bool, int, int]:
        """The simplest failure is the least one. (Empty arrays show nothing to a reader.)"""
        mode = list(Mode).index(self.way.mode)
        return not self.returns, mode, self.case.is_empty, self.case.size, self.number


Judged = tuple[Case, str, Way, bool, bool]
"""A case, device and way; whether the original returned there, and whether the sides differ."""


@dataclass
class Trial:
    """One proof while it is made.

    ``note`` hears what is about to run, in case that it is the last thing that this process does.
    ``deaths`` are the numbers of runs that ended a process before, and its last words. ``wanted``
    are the devices to run on; none means all.
    """

    site: Site
    note: Note
    deaths: Mapping[int, str] = field(default_factory=dict)
    wanted: Collection[str] = ()
    failures: list[Failure] = field(default_factory=list)
    exceptions: set[str] = field(default_factory=set)
    notes: set[str] = field(default_factory=set)
    modes: list[Mode] = field(default_factory=list)
    inapplicable: list[Mode] = field(default_factory=list)
    samples: int = 0
    judged: list[Judged] = field(default_factory=list)

    def prove(self) -> Proof:
        try:
            self.prepare()
        except Unliftable as error:
            return Proof(Verdict.UNPROVED, str(error))
        self.search = search = Search(self.site, self.runner, self.devices[0])
        cases = search.cases()
        if not search.feasible:
            return Proof(Verdict.UNPROVED, "the variable is too large to try")
        if len(search.returning) < NEEDED:
            return Proof(Verdict.UNPROVED, "no input found on which the original returns")
        for device in self.devices:
            self.run_eagerly(cases, device)
        if not any(failure.returns for failure in self.refuting()):
            for device in self.devices:
                self.run_otherwise(cases, device)
        return self.verdict()

    def prepare(self) -> None:
        self.lifted = lift(self.site)
        facts = [item.fact for item in self.lifted.inputs]
        facts += [hole.fact for hole in self.lifted.holes]
        for fact in facts:
            if fact.dtype not in (None, *DRAWN):
                raise Unliftable(f"values of dtype {fact.dtype} cannot be drawn")
        kinds = {fact.kind for fact in facts}
        if Kind.KERAS3_VARIABLE in kinds and not has_keras_3():
            raise Unliftable("Keras 3 is not installed")
        if Kind.KERAS2_WEIGHT in kinds and not has_keras_2():
            raise Unliftable("Keras 2 (tf_keras) is not installed")
        self.runner = Runner(self.lifted, self.note, self.deaths)
        self.devices = tuple(
            device for device in devices() if not self.wanted or device in self.wanted
        )

    # --- running ----------------------------------------------------------------------------------

    def run_eagerly(self, cases: list[Tried], device: str) -> None:
        self.modes = [Mode.EAGER]
        for number, (case, known) in enumerate(cases):
            if self.is_up_to(device, known):
                continue
            original = known
            if device != self.devices[0]:
                original = self.runner.run(ORIGINAL, case, device)
            fixed = self.runner.run(FIXED, case, device)
            self.judge(case, number, original, fixed, device)
            if self.runner.died:
                return  # it would die of the next case as well
        self.samples = len(cases)

    def run_otherwise(self, cases: list[Tried], device: str) -> None:
        """Run a choice of the cases in all other modes."""
        traced = choose.traced(cases, self.lifted)
        self.run_ways(Mode.TRACED, cases, traced, device)
        self.run_ways(Mode.COMPILED, cases, choose.compiled(cases, traced), device, enough=1)
        taped = [] if self.lifted.by_reference else choose.taped(cases)
        self.run_ways(Mode.TAPED, cases, taped, device)
        if self.may_be_distributed() and device == self.devices[0]:
            self.run_ways(Mode.MIRRORED, cases, choose.mirrored(cases, self.lifted), device)
        if self.lifted.target.fact.kind is Kind.SOME_VARIABLE and has_keras_3():
            as_keras = [(choose.as_keras(case), known) for case, known in cases]
            pairs = [(number, EAGERLY) for number in choose.ordinary(cases)]
            self.run_ways(Mode.EAGER, as_keras, pairs, device)

    def run_ways(
        self,
        mode: Mode,
        cases: list[Tried],
        pairs: Iterable[tuple[int, Way]],
        device: str,
        *,
        enough: int | None = None,
    ) -> None:
        """Compare on the numbered cases, in these ways, until ``enough`` have been compared."""
        compared = 0
        for number, way in pairs:
            case, eager = cases[number]
            if self.is_up_to(device, eager):
                continue
            original = self.runner.run(ORIGINAL, case, device, way)
            if not original.counts or (eager.returned and not original.returned):
                continue  # the original itself does not run in this mode
            fixed = self.runner.run(FIXED, case, device, way)
            if not fixed.returned and original.returned and self.needs_eager(case, device, way):
                continue
            self.judge(case, number, original, fixed, device, way)
            compared += original.returned
            if compared == enough:
                break
        known = self.modes if compared else self.inapplicable
        if mode not in (*self.modes, *self.inapplicable):
            known.append(mode)

    def is_up_to(self, device: str, original: Outcome) -> bool:
        """Whether the device may choose the result of the original, so that no fix can be wrong."""
        if device.startswith("CPU") or Exposure.REPEATED not in original.exposed:
            return False
        self.notes.add(f"but for elements named twice, of which {device} keeps either")
        return True

    def needs_eager(self, case: Case, device: str, way: Way) -> bool:
        """Whether code that always raises fails otherwise in this mode: for what it stores, say."""
        if self.lifted.failing is None:
            return False
        eager = self.runner.run(FAILING, case, device)
        traced = self.runner.run(FAILING, case, device, way)
        return _error_class(eager) != _error_class(traced)

    def is_as_today(self, case: Case, fixed: Outcome, device: str) -> bool:
        """Whether the fix takes or refuses inputs as today's code does, if that runs at all.

        A reference in NumPy's terms takes other dtypes and shapes than TensorFlow.
        """
        if not self.runs_today:
            return False
        return self.runner.run(FAILING, case, device).returned == fixed.returned

    @cached_property
    def runs_today(self) -> bool:
        """Whether what the fix mends does run, although it is not what is meant."""
        if self.lifted.failing is None:
            return False
        tried = [case for case, _ in self.search.returning]
        return any(self.runner.run(FAILING, case, self.devices[0]).returned for case in tried)

    def may_be_distributed(self) -> bool:
        fact = self.lifted.target.fact
        seen = fact.plain and self.site.assumes is not Reason.MAYBE_DISTRIBUTED
        return fact.kind.is_variable and not seen and not self.site.local

    # --- judging ----------------------------------------------------------------------------------

    def judge(
        self,
        case: Case,
        number: int,
        original: Outcome,
        fixed: Outcome,
        device: str,
        way: Way = EAGERLY,
    ) -> None:
        if not (original.returned and fixed.returned) and self.is_as_today(case, fixed, device):
            return
        result = self.compared(case, original, fixed)
        self.exceptions |= result.exceptions
        self.notes |= result.notes
        differences = result.differences
        waived = self.waiver(way, case)
        if not differences and result.caught and self.site.caught and not self.lifted.by_reference:
            differences = result.caught
            if self.site.assumes is Reason.CAUGHT_EXCEPTION:
                waived = "where no handler sees what the fix raises, and the state it leaves"
        is_denormal = bool(differences) and self.is_of_denormals(case, device, way)
        differs = bool(differences) and not is_denormal
        self.judged.append((case, device, way, original.returned, differs))
        if is_denormal:
            self.exceptions.add(DENORMAL)
        if not differs:
            return
        self.failures.append(
            Failure(case, number, differences[0], device, way, original.returned, waived)
        )

    def waiver(self, way: Way, case: Case) -> str:
        """What the fix does not claim to be right for, if the case or the mode is such a thing."""
        assumes = self.site.assumes
        if way.mode is Mode.MIRRORED and assumes in _FOR_ONE_CLASS:
            return "for a variable that is not distributed"
        if case.inputs[0].form is not self.form and assumes in _FOR_ONE_CLASS:
            return "for a tf.Variable"
        if way.mode is Mode.COMPILED and (
            not self.site.compiled or assumes is Reason.NO_XLA_KERNEL
        ):
            return "without jit_compile"
        if way.mode is Mode.TAPED and not self.site.taped:
            return "where no gradient is taken through it"
        return ""

    @property
    def form(self) -> Form:
        """What the target was drawn as, before it was turned into another kind of variable."""
        return target_form(self.lifted.target.fact.kind)

    def compared(self, case: Case, original: Outcome, fixed: Outcome) -> Comparison:
        labels = tuple(label for label, _, _ in self.lifted.outputs)
        result = compare(
            original,
            fixed,
            labels,
            state=case.inputs[0].form is not Form.TENSOR and LAST not in labels,
            plain=self.lifted.by_reference,
        )
        if LAST in labels and fixed.changed:
            result.differences.append("the fix writes the target, which the original only reads")
        return result

    def is_of_denormals(self, case: Case, device: str, way: Way) -> bool:
        """Whether the sides agree once the case has zeros where it had denormal numbers."""
        flushed = case.without_denormals()
        if repr(flushed.inputs) == repr(case.inputs) and repr(flushed.holes) == repr(case.holes):
            return False
        outcomes = [self.runner.run(side, flushed, device, way) for side in (ORIGINAL, FIXED)]
        return outcomes[0].returned and not self.compared(flushed, *outcomes).differences

    def alike(self, failure: Failure) -> list[tuple[Case, bool]]:
        """All cases that were run as the failure was, on which the original did as it did there."""
        ran = (failure.device, failure.way, failure.returns)
        return [
            (case, differs)
            for case, device, way, returned, differs in self.judged
            if (device, way, returned) == ran
        ]

    def shrunk(self, failure: Failure) -> Failure:
        """The failure on the smallest case on which the sides differ in the same way."""
        if self.deaths or self.runner.died:
            return failure  # each case that is tried may end this process as well
        found: dict[int, tuple[Case, str]] = {}

        def fails(case: Case) -> bool:
            original, fixed = (
                self.runner.run(side, case, failure.device, failure.way)
                for side in (ORIGINAL, FIXED)
            )
            if original.returned is not failure.returns or self.is_up_to(failure.device, original):
                return False
            result = self.compared(case, original, fixed)
            differences = [
                difference
                for difference in (result.differences or result.caught)[:1]
                if _sense(difference) == _sense(failure.difference)
            ]
            if not differences or self.is_of_denormals(case, failure.device, failure.way):
                return False
            found[id(case)] = case, differences[0]
            return True

        budget = _BUDGETS.get(failure.way.mode, shrink.TRACED)
        case = shrink.smallest(self.search.sampler, failure.case, fails, budget)
        _, difference = found.get(id(case), (case, failure.difference))
        return replace(failure, case=case, difference=difference)

    def refuting(self) -> list[Failure]:
        return [failure for failure in self.failures if not failure.waived]

    def verdict(self) -> Proof:
        refuting = self.refuting()
        waived = [failure for failure in self.failures if failure.waived]
        remarks = sorted({f"only {failure.waived}" for failure in waived})
        # A mode in which the fix is not right is none to name in its favour.
        broken = {failure.way.mode for failure in waived} - {Mode.EAGER}
        if not remarks and self.is_assumed_plain():
            remarks = ["for a plain tf.Variable"]
        remarks += sorted(self.notes)
        reason, text = "; ".join(remarks), ""
        if refuting:
            worst = min(refuting, key=lambda failure: failure.rank)
            where = separation(self.lifted, self.alike(worst))
            worst = self.shrunk(worst)
            reason = f"{worst.difference} ({worst.way}, {worst.device})"
            reason += f"; {where}" if where else ""
            if not worst.returns:
                reason += "; where the original returns they agree"
            text = program(self.lifted, worst.case, worst.difference, worst.way)
        return Proof(
            Verdict.REFUTED if refuting else Verdict.PROVED,
            reason,
            devices=self.devices,
            modes=tuple(mode.value for mode in self.modes if mode not in broken),
            samples=self.samples,
            counterexample=text,
            exceptions=() if refuting else tuple(sorted(self.exceptions)),
            inapplicable=tuple(mode.value for mode in self.inapplicable),
        )

    def is_assumed_plain(self) -> bool:
        """Whether nothing but an ordinary variable was tried, and the code does not show one."""
        fact = self.lifted.target.fact
        if fact.kind in (Kind.TENSOR, Kind.NDARRAY, Kind.KERAS3_VARIABLE):
            return False
        if Mode.MIRRORED in self.modes or fact.kind is Kind.KERAS2_WEIGHT:
            return False
        return not (fact.kind is Kind.VARIABLE and fact.plain)


_BUDGETS = {Mode.EAGER: shrink.EAGERLY, Mode.COMPILED: shrink.COMPILED}

_FOR_ONE_CLASS = (Reason.MAYBE_DISTRIBUTED, Reason.VARIABLE_CLASS)


def _error_class(outcome: Outcome) -> str | None:
    """The class of the exception; a shape is found wrong by another one when it is traced."""
    return "ValueError" if outcome.raised == "InvalidArgumentError" else outcome.raised


def _sense(difference: str) -> str:
    """What a difference is about, without the numbers of one case."""
    return difference.partition(":")[0].partition(" (")[0]

"""Finds inputs for a proof: tries the original on many, and keeps a choice of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tflint_slice.model import Site
from tflint_slice.prove.cases import Case, Oddity
from tflint_slice.prove.run import ORIGINAL, Outcome, Runner
from tflint_slice.prove.sample import Sampler

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


Tried = tuple[Case, Outcome]
"""A case, and what the original came to on it."""


@dataclass
class Search:
    """The cases kept so far, those on which the original returns apart from the others.

    ``feasible`` says that the variable is not too large to be tried at all. ``sampler`` is what
    the cases were drawn from.
    """

    site: Site
    runner: Runner
    device: str
    returning: list[Tried] = field(default_factory=list)
    raising: list[Tried] = field(default_factory=list)
    feasible: bool = True
    sampler: Sampler = field(init=False)

    def cases(self) -> list[Tried]:
        """Cases to compare on, those on which the original returns first.

        Lengths known to be great are tried as such only if smaller ones will not do.
        """
        for small in (True, False):
            self.sampler = Sampler(self.site, self.runner.lifted, small)
            self.feasible = self.sampler.is_feasible()
            if self.feasible:
                self.returning, self.raising = [], []
                self._exploit(self.sampler, self._explore(self.sampler))
            if self.returning:
                break
        return self.returning + self.raising

    def _explore(self, sampler: Sampler) -> list[Case]:
        """Try plans of all sorts; the answer is one case for each plan that the original takes."""
        models: list[Case] = []
        for number in range(EXPLORED):
            case = sampler.case(sampler.plan())
            # Where nothing is open the plans are all the same.
            share = 3 if sampler.is_open else 6
            outcome = self._try(case, returning=RETURNING // share, raising=RAISING // 2)
            if outcome.returned and case.plan not in (model.plan for model in models):
                models.append(case)
            if len(models) >= PLANS and number >= WIDELY:
                break
            if models and not sampler.is_open and number >= WIDELY // 3:
                break
        return models

    def _exploit(self, sampler: Sampler, models: list[Case]) -> None:
        """Draw from plans that are known to do, with one thing made odd each time."""
        for number, oddity in enumerate(self._oddities() if models else ()):
            model = models[number % len(models)]
            plan = sampler.varied(model.plan) if oddity is Oddity.OTHER else model.plan
            # Lengths that are known to go together, two times out of three.
            case = sampler.case(plan, oddity, model.lengths if number % 3 else ())
            outcome = self._try(case, returning=RETURNING, raising=RAISING)
            if oddity is Oddity.OTHER and outcome.returned:
                models.append(case)

    def _oddities(self) -> Iterator[Oddity]:
        every: list[Oddity] = [oddity for oddity in Oddity if oddity is not Oddity.INTRUSION]
        if self.runner.lifted.holes:
            every.append(Oddity.INTRUSION)
        for _ in range(ROUNDS):
            yield from every
            yield from (Oddity.NONE, Oddity.OTHER, Oddity.OTHER, Oddity.SPECIAL, Oddity.SPECIAL)

    def _try(self, case: Case, *, returning: int, raising: int) -> Outcome:
        """Run the original, and keep the case if there is room for one of its kind."""
        outcome = self.runner.run(ORIGINAL, case, self.device)
        if outcome.returned and len(self.returning) < returning:
            self.returning.append((case, outcome))
        elif not outcome.returned and outcome.counts and len(self.raising) < raising:
            self.raising.append((case, outcome))
        return outcome

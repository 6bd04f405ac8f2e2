"""Which runs a request still needs, and which of those in hand count; nothing is read or trained here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from convergence.errors import UserError
from convergence.model import WITHOUT_STATISTICS, Recipe
from convergence.results import ErrorKind, TrialError, TrialResult
from convergence.trial import Trial
from release_tools.jobs.subject import Subject

if TYPE_CHECKING:
    from convergence import campaign

MOST_JOBS = 256  # of a matrix on GitHub
LONGEST_NAME = 60
LOST = "no machine brought a result"


@dataclass(frozen=True)
class Run:
    """One run of a recipe: the trials from the uncompressed one to the recipe's own."""

    recipe: Recipe
    index: int
    chain: tuple[Trial, ...]

    @property
    def job(self) -> str:
        """A name that may be part of any other, unique among the plan's runs."""
        words = re.sub(r"[^A-Za-z0-9]+", "-", f"{self.recipe.technique}-{self.recipe.name}").lower()
        return f"{words[:LONGEST_NAME].strip('-')}-{self.index}-{self.chain[-1].digest[:8]}"

    @property
    def seed(self) -> int:
        """Of all its trials."""
        return self.chain[-1].seed


@dataclass(frozen=True)
class Standing:
    """A request after some results.

    Attributes:
      state: the results that count.
      made: runs of which there is any result.
      missing: runs that are needed and have no result, in the order in which they are to be made.
      refused: digests of results that no planned run has.
    """

    subject: Subject
    plan: campaign.Plan
    state: campaign.State
    made: tuple[Run, ...]
    missing: tuple[Run, ...]
    refused: tuple[str, ...]

    def matrix(self) -> list[dict[str, str | int]]:
        """The jobs of a wave, in the order in which they should begin; what is too much comes with the next.

        The longest go first. One that starts from what another trains goes last: it would only wait.
        """
        jobs = sorted(self.missing[:MOST_JOBS], key=lambda run: -run.recipe.cost)
        begun = set[str]()
        ready, waiting = list[Run](), list[Run]()
        for run in jobs:
            digests = [trial.digest for trial in run.chain]
            (waiting if begun.intersection(digests[:-1]) else ready).append(run)
            begun.update(digests)
        jobs = ready + waiting
        return [{"job": run.job, "recipe": run.recipe.id, "index": run.index} for run in jobs]

    def require_no_extras(self) -> None:
        """Refuses results of runs that nobody planned: picking among more seeds would be easy.

        Raises:
          UserError: extra-result.
        """
        if self.refused:
            others = f" and {len(self.refused) - 1} more" if self.refused[1:] else ""
            hint = "give the results of this request's waves only"
            raise UserError("extra-result", f"{self.refused[0]}{others} is of no planned run", hint=hint)


def run(subject: Subject, recipe_id: str, index: int) -> Run:
    """A run by the recipe's id.

    Raises:
      UserError: unknown-recipe.
    """
    recipe = subject.plan.recipes.get(recipe_id)
    if recipe is None or not recipe.claims:
        known = ", ".join(name for name, one in subject.plan.recipes.items() if one.claims)
        raise UserError("unknown-recipe", f'the plan judges no "{recipe_id}"', hint=f"known: {known}")
    return Run(recipe, index, tuple(subject.campaign().chain(recipe, index)))


def stand(subject: Subject, results: Mapping[str, TrialResult]) -> Standing:
    """Where a request stands with these results, by digest.

    A look's runs count only when those before them are there, so that nothing is gained by leaving one out.
    """
    from convergence import campaign

    plan = subject.campaign()
    state = campaign.State()
    chains = _Chains(plan)
    while True:
        wanted = [
            run for recipe in plan.recipes.values() for run in _wanted(subject, plan, state, recipe, chains)
        ]
        found = {
            trial.digest: results[trial.digest]
            for run in wanted
            for trial in run.chain
            if trial.digest in results and trial.digest not in state.results
        }
        if not found:
            break
        state.results.update(found)
    missing = tuple(run for run in wanted if not _finished(run, state))
    made = tuple(run for run in chains.all() if any(trial.digest in state.results for trial in run.chain))
    refused = tuple(sorted(results.keys() - state.results.keys()))
    return Standing(subject, plan, state, made, missing, refused)


def lost(standing: Standing, wave: int) -> list[TrialResult]:
    """Results that say of each run which this wave should have brought that it did not."""
    error = TrialError(ErrorKind.INFRASTRUCTURE, LOST)
    due = {recipe.id: _due(standing, recipe, wave) for recipe in standing.plan.recipes.values()}
    return [run.chain[-1].result(error=error) for run in standing.missing if run.index < due[run.recipe.id]]


def _due(standing: Standing, recipe: Recipe, wave: int) -> int:
    """How many runs of a recipe its waves should have brought: one look each, as far as it was needed."""
    from convergence import campaign

    due = 0
    for claim in recipe.claims:
        evidence = campaign.judge(standing.plan, standing.state, claim).evidence
        needed = evidence.next_look or evidence.seeds
        looks = evidence.looks or (needed,)
        due = max(due, min(needed, looks[min(wave, len(looks)) - 1]))
    return due + standing.subject.plan.seeds_extra


class _Chains:
    """The chains of a plan, each made once: their digests take time."""

    def __init__(self, plan: campaign.Plan) -> None:
        self._plan, self._made = plan, dict[tuple[str, int], Run]()

    def run(self, recipe: Recipe, index: int) -> Run:
        """A run, made when it is first wanted."""
        key = recipe.id, index
        if key not in self._made:
            self._made[key] = Run(recipe, index, tuple(self._plan.chain(recipe, index)))
        return self._made[key]

    def all(self) -> list[Run]:
        """Those that were ever wanted."""
        return list(self._made.values())


def _wanted(
    subject: Subject, plan: campaign.Plan, state: campaign.State, recipe: Recipe, chains: _Chains
) -> Iterator[Run]:
    """The runs up to the next look, or to the one that decided, and those that were asked for beyond."""
    from convergence import campaign

    if not recipe.claims:
        return
    verdicts = [campaign.judge(plan, state, claim) for claim in recipe.claims]
    looks = [verdict.evidence.next_look or 0 for verdict in verdicts]
    decided = [v.evidence.seeds for v in verdicts if v.claim.kind not in WITHOUT_STATISTICS]
    needed = max([1, *looks, *decided]) + subject.plan.seeds_extra
    for index in range(needed):
        yield chains.run(recipe, index)


def _finished(run: Run, state: campaign.State) -> bool:
    """Whether a run has its result, or one of its trials has failed."""
    found = [state.results.get(trial.digest) for trial in run.chain]
    return found[-1] is not None or any(one is not None and one.error is not None for one in found)

"""A campaign: trials until every claim is decided, nothing trained twice, no seed picked."""

from __future__ import annotations

import functools
import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar

from convergence import trial as trials
from convergence import verdict as verdicts
from convergence import workers
from convergence.errors import UserError
from convergence.model import STRICT, Claim, Outcome, Recipe, Verdict
from convergence.results import ErrorKind, TrialResult
from convergence.trial import Trial

ATTEMPTS = 2  # of a trial whose worker died; what diverges or crashes is never tried again
POLL_SECONDS = 0.5


@dataclass(frozen=True)
class Plan:
    """Everything that is fixed before training.

    Attributes:
      recipes: those to judge and those that they start from, by id.
      content_digest: of the TFMOT under test.
      data_root: folder of data that the user provides.
      harness: digest of the code that trains and measures.
      seeds_from: what the seeds follow from; the content digest, unless reference runs are made.
      looks: cumulative numbers of runs after which claims are judged; None for after each run.
      alpha: admitted chance of a false pass.
      beta: admitted chance that any claim of the campaign fails falsely.
      harnesses: in place of `harness`, of recipes that other code than ours trains, by recipe id.
    """

    __pydantic_config__: ClassVar = STRICT

    recipes: Mapping[str, Recipe]
    content_digest: str
    harness: str
    versions: Mapping[str, str]
    seeds_from: str
    data_root: str = ""
    looks: tuple[int, ...] | None = None
    alpha: float = 0.05
    beta: float = 0.05
    harnesses: Mapping[str, str] = field(default_factory=dict)

    @property
    def judged_together(self) -> int:
        """The claims that share the chance of a false fail: exact ones never fail falsely."""
        return verdicts.judged_together(self.claims)

    @property
    def claims(self) -> list[Claim]:
        """All claims that are judged together."""
        return [claim for recipe in self.recipes.values() for claim in recipe.claims]

    def chain(self, recipe: Recipe, index: int) -> Sequence[Trial]:
        """The trials of run number `index`, from the uncompressed one to the recipe's own."""
        if recipe is not self.recipes.get(recipe.id):
            return self._chain(recipe, index)
        key = recipe.id, index
        if key not in self._chains:  # judging asks for each again and again, and digests take time
            self._chains[key] = self._chain(recipe, index)
        return self._chains[key]

    @functools.cached_property
    def _chains(self) -> dict[tuple[str, int], tuple[Trial, ...]]:
        return {}

    def _chain(self, recipe: Recipe, index: int) -> tuple[Trial, ...]:
        seed = trials.seed(self.recipes, recipe, self.seeds_from, index)
        links = [recipe]
        while links[0].start:
            links.insert(0, self.recipes[links[0].start])
        chain: list[Trial] = []
        harness = self.harnesses.get(recipe.id, self.harness)
        for link in links:
            start = chain[-1].digest if chain else ""
            data = "" if link.data else self.data_root
            chain.append(Trial(link, seed, start, self.content_digest, harness, self.versions, data))
        return tuple(chain)


@dataclass(frozen=True)
class CampaignResult:
    """What a campaign found.

    Attributes:
      verdicts: one a claim, in the order of the plan.
      trials: digests of the trials that the verdicts rest on.
      infrastructure_failures: workers that died on the way.
      seconds: wall time of this campaign, without what was stored before.
    """

    __pydantic_config__: ClassVar = STRICT

    plan: Plan
    verdicts: tuple[Verdict, ...]
    trials: tuple[str, ...]
    infrastructure_failures: int
    seconds: float


@dataclass
class State:
    """How far a campaign is: finished trials and lost workers, by trial digest."""

    results: dict[str, TrialResult] = field(default_factory=dict)
    losses: Counter[str] = field(default_factory=Counter)


Notify = Callable[[State, Sequence[Trial], Sequence[Trial]], None]


Needed = Callable[[State, Recipe], int]


def run(plan: Plan, store: Path, submit: workers.Submit, notify: Notify) -> CampaignResult:
    """Runs trials until every claim of the plan is decided or its looks are used up.

    Args:
      store: folder of results; those of equal trials are taken from it.
      submit: starts a trial, e.g. `Workers.submit`.
      notify: called about twice a second with the state, the trials in flight, and all trials needed so far.

    Raises:
      UserError: from a trial, for what the user can mend; results stored until then stay.
    """
    began = time.monotonic()
    state = work(plan, store, submit, notify, lambda state, recipe: _runs_needed(plan, state, recipe))
    return CampaignResult(
        plan=plan,
        verdicts=tuple(judge(plan, state, claim) for claim in plan.claims),
        trials=tuple(sorted(state.results)),
        infrastructure_failures=sum(state.losses.values()),
        seconds=round(time.monotonic() - began, 1),
    )


def work(plan: Plan, store: Path, submit: workers.Submit, notify: Notify, needed: Needed) -> State:
    """Runs trials until each recipe has the runs that `needed` asks for; arguments as for `run`."""
    state = State()
    flight: dict[Future[TrialResult], Trial] = {}
    while True:
        chains = _chains(plan, state, needed)
        running = {trial.digest for trial in flight.values()}
        for trial in _next(chains, state, store):
            if trial.digest not in running:
                flight[submit(trial)] = trial
                running.add(trial.digest)
        if not flight:
            return state
        done: set[Future[TrialResult]] = set()
        while not done:
            done, _ = wait(flight, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED)
            notify(state, list(flight.values()), [trial for chain in chains for trial in chain])
        for future in done:
            _collect(state, flight.pop(future), future, store)


def judge(plan: Plan, state: State, claim: Claim) -> Verdict:
    """The verdict on what is there of the claim's planned runs, in their order.

    A run that diverged or crashed counts as a run that failed, and the line says which it was.
    """
    recipe = plan.recipes[f"{claim.technique}/{claim.recipe}"]
    # A run that no machine finished leaves a gap, and what lies behind a gap is not looked at.
    made = list(itertools.takewhile(_says_something, runs(plan, state, recipe)))
    values = [_value(claim, run) for run in made]
    verdict = verdicts.judge(
        claim, values, looks=plan.looks, claims_judged=plan.judged_together, alpha=plan.alpha, beta=plan.beta
    )
    failed = next((run for run in runs(plan, state, recipe) if run.error is not None), None)
    if failed is None or failed.error is None:
        return verdict
    said = f"seed {failed.seed} {failed.error.kind.value}: {failed.error.message}"
    if verdict.outcome is Outcome.NOT_REPRODUCED and _says_something(failed):
        return replace(verdict, line=f"{verdict.line}; {said}")
    if verdict.outcome is Outcome.INCONCLUSIVE and not _says_something(failed):
        evidence = replace(verdict.evidence, next_look=None)
        return replace(
            verdict, outcome=Outcome.INFRASTRUCTURE, line=f"INFRASTRUCTURE — {said}", evidence=evidence
        )
    return verdict


def exit_status(result: CampaignResult) -> int:
    """0 all reproduced, 1 a claim was not, 3 inconclusive, 4 infrastructure."""
    outcomes = {verdict.outcome for verdict in result.verdicts}
    if Outcome.NOT_REPRODUCED in outcomes:
        return 1
    if outcomes & {Outcome.INFRASTRUCTURE, Outcome.CANCELLED}:
        return 4
    return 3 if Outcome.INCONCLUSIVE in outcomes else 0


def _chains(plan: Plan, state: State, needed: Needed) -> list[Sequence[Trial]]:
    """The trials of every run that is needed now."""
    return [
        plan.chain(recipe, index)
        for recipe in plan.recipes.values()
        for index in range(needed(state, recipe))
    ]


def _next(chains: Iterable[Sequence[Trial]], state: State, store: Path) -> Iterator[Trial]:
    """The next trial of each run; what is stored of it already is taken into the state on the way."""
    for chain in chains:
        for trial in chain:
            result = state.results.get(trial.digest) or trials.stored(store, trial)
            if result is None:
                yield trial
                break
            state.results[trial.digest] = result
            if result.error is not None:
                break


def _runs_needed(plan: Plan, state: State, recipe: Recipe) -> int:
    looks = [judge(plan, state, claim).evidence.next_look for claim in recipe.claims]
    return max((look for look in looks if look is not None), default=0)


def runs(plan: Plan, state: State, recipe: Recipe) -> Iterator[TrialResult]:
    """The finished runs of a recipe in planned order, up to the first that is missing.

    A run whose uncompressed stage failed has that stage's result.
    """
    index = 0
    while True:
        chain = [state.results.get(trial.digest) for trial in plan.chain(recipe, index)]
        failed = next((result for result in chain if result is not None and result.error is not None), None)
        result = failed or chain[-1]
        if result is None:
            return
        yield result
        index += 1


def _says_something(run: TrialResult) -> bool:
    """Whether a finished run says anything of its claims; one that no machine finished does not."""
    return run.error is None or run.error.kind is not ErrorKind.INFRASTRUCTURE


def _value(claim: Claim, run: TrialResult) -> float:
    if run.error is not None:
        return float("nan")
    try:
        return claim.value(run.measured)
    except KeyError as error:
        known = ", ".join(sorted(run.measured))
        raise UserError(
            "claim-metric", f"no metric {error} was measured", where=claim.id, hint=f"known: {known}"
        ) from error


def _collect(state: State, trial: Trial, future: Future[TrialResult], store: Path) -> None:
    """Keeps a finished trial's result; a lost worker's trial is tried again, then given up."""
    failure = future.exception()
    if failure is None:
        state.results[trial.digest] = future.result()
        return
    error = workers.lost(failure, store / trial.digest)
    if error is None:
        raise failure
    state.losses[trial.digest] += 1
    if state.losses[trial.digest] >= ATTEMPTS:
        state.results[trial.digest] = trial.result(error=error)

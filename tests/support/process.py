"""A technique's facts, put together in memory: people with roles, what they said, and what was found out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import asked

from convergence.model import Claim, Outcome, Recipe, Status
from release_tools import approvals
from release_tools.approvals.facts import (
    Facts,
    Installed,
    Landing,
    Likeness,
    Minimum,
    Published,
    Push,
)
from release_tools.approvals.steps import Progress, Step, StepState, TechniqueState
from release_tools.jobs.history import Believed, Found, Record
from release_tools.model import (
    Check,
    IssueComment,
    Person,
    PullRequest,
    Review,
    ReviewState,
    Snapshot,
)
from release_tools.plan import Commit
from release_tools.policy import Converge, Policy, Repositories, Roles, Technique

HEAD, OLD, OTHER = "1f0c" * 10, "01d0" * 10, "077e" * 10
DIGEST, ANOTHER = "d16e" * 16, "a07e" * 16
BEGAN = datetime(2026, 3, 1, 9, tzinfo=UTC)

CARL = Person("carl", 1)  # contributes
MONA, MARK = Person("mona", 2), Person("mark", 3)  # MOT, by login and by team
OLGA, OMAR = Person("olga", 4), Person("omar", 5)  # Official Models, by login and by team
OWEN = Person("owen", 6)  # owns the technique
STAN = Person("stan", 7)  # a stranger
BOTH = Person("bob", 8)  # in both teams
BOT = Person("helpful[bot]", 9, bot=True)
BUTLER = Person("google-ml-butler", 10)
GHOST = Person("ghost", 0)

MOT_TEAM, OFFICIAL_TEAM = "tensorflow/mot", "tensorflow/official"
TEAMS = {MOT_TEAM: frozenset({MARK.id, BOTH.id}), OFFICIAL_TEAM: frozenset({OMAR.id, BOTH.id})}
HEADLINE = replace(asked.ACCURACY, recipe="imagenet", source="a guide")
FULL = replace(asked.TINY, name="imagenet", tier="full", claims=(HEADLINE,))
SMOKE = asked.TINY
RECIPES = {recipe.id: recipe for recipe in (asked.BASE, SMOKE, FULL)}
POLICY = Policy(
    repositories=Repositories(fork="tensorflow/models-mot"),
    roles=Roles(mot=("mona", MOT_TEAM), official=("olga", OFFICIAL_TEAM)),
    techniques={"pruning": Technique(owners=("owen",))},
)
REHEARSAL = replace(POLICY, converge=Converge(evidence_tier="smoke"))
BODY = f"""Pruning for MobileNetV2.

    wheel    dist/tensorflow_model_optimization-0.8.2.dev0-py2.py3-none-any.whl
    sha256   {"5a" * 32}

```toml claims pruning
[[recipes]]
name = "imagenet"
tier = "full"
experiment = "mobilenet_imagenet"
module = "official.vision"

[recipes.optimization.pruning]

[[recipes.claims]]
name = "accuracy"
kind = "at least"
metric = "tflite_float_accuracy"
target = 0.709
margin = 0.005
source = "a guide"
measured = "three runs"
sigma = 0.001
sigma_dof = 2
headline = true
```
"""


def at(minutes: float) -> datetime:
    return BEGAN + timedelta(minutes=minutes)


def found(of: Claim = HEADLINE, outcome: Outcome = Outcome.REPRODUCED, **changes: Any) -> Found:
    tier = next(recipe.tier for recipe in RECIPES.values() if of.id in {one.id for one in recipe.claims})
    return replace(
        Found(of.id, of.technique, tier, Status.ACCEPTED, True, outcome, "a line", told=False),
        **changes,
    )


def record(
    *results: Found, head: str = HEAD, digest: str = DIGEST, minutes: float = 60, **changes: Any
) -> Believed:
    made = Record(
        request_id=f"{int(minutes * 60):016x}",
        repository="tensorflow/models",
        pull_request=3,
        requested_by="mona",
        head_sha=head,
        tfmot=Commit("tensorflow/model-optimization", "c0de" * 10),
        models=Commit("tensorflow/models", head),
        content_digest=digest,
        wheel_sha256="5a" * 32,
        harness="h",
        harness_commit="5" * 40,
        found=results or (found(),),
        trials=(),
        infrastructure_failures=0,
        versions={},
        run=f"https://github.com/tensorflow/models/actions/runs/{int(minutes)}",
    )
    return Believed(replace(made, **changes), at(minutes))


@dataclass
class Process:
    """A pull request of carl's on which people say things, one a minute; `facts` is what there is of it.

    Attributes:
      minute: of what is said next.
    """

    policy: Policy = POLICY
    recipes: dict[str, Recipe] = field(default_factory=lambda: dict(RECIPES))
    minute: float = 0
    facts: Facts = field(
        default_factory=lambda: Facts(
            technique="pruning",
            snapshot=Snapshot(
                PullRequest(
                    repository="tensorflow/models",
                    number=3,
                    author=CARL,
                    title="Pruning",
                    body=BODY,
                    state="open",
                    merged=False,
                    base_ref="master",
                    base_sha="ba5e" * 10,
                    head_ref="pruning",
                    head_sha=HEAD,
                    head_repository="carl/models",
                    labels=(),
                    url="https://github.com/tensorflow/models/pull/3",
                )
            ),
            teams=TEAMS,
            pushes=(Push(BEGAN - timedelta(days=1), HEAD),),
        )
    )

    def now(self) -> datetime:
        self.minute += 1
        return at(self.minute)

    def say(self, who: Person, body: str, **changes: Any) -> IssueComment:
        when = self.now()
        number = int(self.minute)
        url = f"https://github.com/tensorflow/models/pull/3#issuecomment-{number}"
        said = replace(IssueComment(number, who, body, when, url), **changes)
        self._snapshot(comments=(*self.facts.snapshot.comments, said))
        return said

    def review(
        self, who: Person, state: ReviewState = ReviewState.APPROVED, sha: str = HEAD, **changes: Any
    ) -> Review:
        when = self.now()
        number = int(self.minute)
        url = f"https://github.com/tensorflow/models/pull/3#pullrequestreview-{number}"
        given = replace(Review(number, who, state, sha, when, url), **changes)
        self._snapshot(reviews=(*self.facts.snapshot.reviews, given))
        return given

    def green(self, sha: str = HEAD, **changes: Any) -> None:
        """`check-example` has passed."""
        number = len(self.facts.snapshot.checks) + 1
        check = Check(
            number, "MOT example standards", sha, f"standards:{sha}", "completed", "success",
            "https://github.com/tensorflow/models/runs/7", "github-actions", "PASSED — nothing to mend",
        )  # fmt: skip
        self._snapshot(checks=(*self.facts.snapshot.checks, replace(check, **changes)))

    def know(self, **changes: Any) -> None:
        self.facts = replace(self.facts, **changes)

    def pull(self, **changes: Any) -> None:
        self._snapshot(pull_request=replace(self.facts.pull_request, **changes))

    def recorded(self, *records: Believed) -> None:
        known = self.facts.records if isinstance(self.facts.records, tuple) else ()
        self.know(records=(*known, *records))
        self.minute = max(
            [self.minute, *((one.at - BEGAN).total_seconds() / 60 for one in records if one.at)]
        )

    def push(self, sha: str, likeness: Likeness = Likeness.OTHER, *, example: bool | None = None) -> None:
        """Carl pushes; the diff compares with all before as it says, the example is the same unless OTHER."""
        before = self.facts.head
        same = likeness is not Likeness.OTHER if example is None else example
        examples = dict(self.facts.examples) or {before: "0"}
        examples[sha] = examples[before] if same else str(len(examples))
        order = list(Likeness)
        alike = {one: max(known, likeness, key=order.index) for one, known in self.facts.likeness.items()}
        pushes = self.facts.pushes if isinstance(self.facts.pushes, tuple) else ()
        self.pull(head_sha=sha)
        self.know(
            likeness={**alike, before: likeness}, examples=examples, pushes=(*pushes, Push(self.now(), sha))
        )

    def _snapshot(self, **changes: Any) -> None:
        self.facts = replace(self.facts, snapshot=replace(self.facts.snapshot, **changes))

    def state(self) -> TechniqueState:
        return approvals.decide(self.policy, self.recipes, self.facts)

    def step(self, step: Step) -> StepState:
        return self.state().steps[step.number - 1]

    def progress(self) -> str:
        """A letter a step."""
        return "".join(LETTERS[one.progress] for one in self.state().steps)


LETTERS = {Progress.DONE: "d", Progress.WAITING: "w", Progress.STALE: "s", Progress.BLOCKED: "b"}


def decided(home: str = "official") -> Process:
    """Home is decided, the standards are met, the numbers are reproduced by contributor and record."""
    process = Process()
    if home == "fork":
        process.pull(repository="tensorflow/models-mot")
    process.say(OLGA, f"/home {home} users ask for it")
    process.green()
    process.recorded(record())
    return process


def approved(home: str = "official") -> Process:
    """And everybody has approved."""
    process = decided(home)
    process.review(MONA)
    if home == "official":
        process.say(OLGA, f"/approve @{HEAD}")
    return process


def released(home: str = "official") -> Process:
    """And there is a release."""
    process = approved(home)
    process.know(published=Published("0.8.2", DIGEST))
    return process


def bumped(home: str = "official") -> Process:
    """And the head requires it, finally approved."""
    process = released(home)
    process.know(minimum=Minimum(True, "official/requirements.txt: >=0.8.2"))
    process.review(OLGA if home == "official" else MARK)
    return process


def landed(home: str = "official") -> Process:
    """And it has landed."""
    process = bumped(home)
    process.pull(state="closed", merged=True)
    process.know(landing=Landing("merged", HEAD), installed=Installed(True, "pip installs 0.8.2"))
    return process


def lines(state: StepState) -> Sequence[str]:
    return [one.what for one in state.evidence]

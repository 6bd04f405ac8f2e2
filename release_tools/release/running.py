"""Runs a plan step by step: looks at the truth, acts, looks again; goes on wherever it was stopped.

The truth is GitHub, git and the index. The audit says who did what; of it is believed only what it alone can
tell (what was verified, and with which wheel), and that is bound to a digest.
"""

from __future__ import annotations

import enum
import functools
import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from convergence import members, records
from convergence.errors import UserError
from convergence.model import Recipe
from release_tools.gates import Override
from release_tools.model import Effect
from release_tools.offers import Content, OpenPullRequest, Standing
from release_tools.policy import Policy
from release_tools.publications import PublishedRelease
from release_tools.release import evidence, printed, steps
from release_tools.release.audit import ABORTED, BEGUN, DONE, FOUND, OVERRIDE, REFUSED, WAITING, Audit
from release_tools.release.index import Index
from release_tools.release.nouns import ReleasePlan
from release_tools.wheel import environment


class State(enum.Enum):
    """How a step stands."""

    DONE = "done"
    ABSENT = "absent"
    WAITING = "waiting"
    REFUSED = "refused"


@dataclass(frozen=True)
class Seen:
    """What there is of a step.

    Attributes:
      what: one line.
      digest: of what it is about: a commit, or the sha256 of a wheel.
    """

    state: State
    what: str = ""
    digest: str = ""
    link: str = ""


ABSENT = Seen(State.ABSENT)


class Hub(evidence.Reader, Protocol):
    """What is asked of GitHub."""

    @property
    def login(self) -> str:
        """Whose token it is."""

    def clone_address(self, repository: str) -> str:
        """Where git fetches it from."""

    def standing(self, offer: OpenPullRequest) -> Standing:
        """What there is of an offer."""

    def tag(self, repository: str, name: str) -> str:
        """The commit that a tag names now."""

    def release(self, repository: str, tag: str) -> PublishedRelease | None:
        """The release of a tag."""

    def perform(self, effect: Effect) -> None:
        """Has the effect."""


@dataclass(frozen=True)
class Settings:
    """How this run goes on.

    Attributes:
      index: where it is published, and `rehearsal` where that is tried before; None leaves the trial out.
      built: folder of a wheel that another job has built from the tag; None to build it here.
      base: under the environment in which the wheel is imported.
      bump: raises the minimum in a repository: the pull request's address, and why not.
      adopt: whether to go on with what is public although the audit does not say who made it.
      patience: seconds to wait for an index that is late, before somebody runs it again.
    """

    index: Index
    rehearsal: Index | None
    source: str = ""
    built: Path | None = None
    base: environment.Base | None = None
    bump: Callable[[ReleasePlan, str], tuple[str, str]] = lambda _, __: ("", "not set up")
    adopt: bool = False
    patience: Sequence[float] = (5, 10, 20, 40, 60)
    wait: Callable[[float], None] = time.sleep


@dataclass
class Run:
    """A plan on its way.

    Attributes:
      folder: has the plan, the audit and the wheel.
      landed: the commit that the content landed as, once that is known.
    """

    plan: ReleasePlan
    folder: Path
    hub: Hub
    audit: Audit
    settings: Settings
    policy: Policy
    recipes: Mapping[str, Recipe]
    known: evidence.Known
    say: Callable[[str], None] = lambda _: None
    landed: str = field(default="", init=False)

    @functools.cached_property
    def source(self) -> str:
        """Where git fetches TFMOT from."""
        return self.settings.source or self.hub.clone_address(self.plan.repository)

    @property
    def wheel(self) -> Path:
        """The wheel to publish."""
        return self.folder / "dist" / self.plan.wheel.name

    @property
    def verified(self) -> str:
        """The sha256 of the wheel that was verified; empty before."""
        entry = self.audit.last("verify", DONE)
        return entry.digest if entry else ""

    @property
    def offer(self) -> OpenPullRequest:
        """The release pull request."""
        plan = self.plan
        return OpenPullRequest(
            repository=plan.repository,
            branch=f"release-{plan.release}",
            base=plan.branch,
            base_sha=plan.base,
            title=f"Release TFMOT {plan.release}",
            body=printed.proposal(plan),
            message=plan.message,
            files=tuple(Content(one.path, one.content.encode(), one.mode) for one in plan.files),
        )

    @property
    def overrides(self) -> tuple[Override, ...]:
        """The gates that somebody has taken on themselves, as the audit keeps it."""
        entries = [one for one in self.audit.entries if one.state == OVERRIDE]
        return tuple(Override(one.step, one.digest, one.what) for one in entries)

    def wheel_on_disk(self) -> str:
        """The sha256 of the wheel's file as it is now; empty where there is none."""
        return hashlib.sha256(self.wheel.read_bytes()).hexdigest() if self.wheel.is_file() else ""

    def require_verified(self) -> None:
        """Raise a UserError unless the file is, bit for bit, the wheel that was verified."""
        if not self.verified or self.wheel_on_disk() != self.verified:
            raise UserError(
                "wheel-changed",
                f"the file is not the wheel that was verified ({self.verified[:12] or 'none was'})",
                where=str(self.wheel),
                hint="delete it: it is built again from the tag, and must come out the same to the bit",
            )


class Step(Protocol):
    """A module of `steps/`. `ORDER` says when its turn is; a true `PUBLIC`, that others see what it makes."""

    ORDER: int
    __name__: str

    def look(self, run: Run) -> Seen:
        """What there is; changes nothing."""

    def act(self, run: Run) -> Seen | None:
        """Has it there; what came of it, where a further look would not tell."""


@dataclass(frozen=True)
class Progress:
    """One step, by name, and what was seen of it last."""

    step: str
    seen: Seen
    acted: bool = False


def all_steps() -> list[Step]:
    """The steps in their order."""
    found = [members.load(steps.__name__, name) for name in members.names(steps.__name__)]
    return sorted(found, key=lambda module: module.ORDER)


def name_of(step: Step) -> str:
    """What a step is called."""
    return step.__name__.rpartition(".")[2]


def run(run_: Run, until: str = "", *, dry: bool = False) -> list[Progress]:
    """Go on until a step has to wait, is refused, or all is done.

    Args:
      until: the last step to do; all by default.
      dry: only look, and stop where there is something to do.

    Raises:
      UserError: what a person has to mend; the step is tried again next time.
    """
    require_plan(run_)
    made: list[Progress] = []
    for step in all_steps():
        made.append(_look_and_act(step, run_, dry=dry))
        if made[-1].seen.state is not State.DONE or name_of(step) == until:
            break
    return made


def _look_and_act(step: Step, run_: Run, *, dry: bool) -> Progress:
    name = name_of(step)
    run_.say(name.capitalize())
    seen, acted = step.look(run_), False
    if seen.state is State.DONE and getattr(step, "PUBLIC", False):
        _require_told(run_, name, seen, dry=dry)
    if seen.state is State.ABSENT and not dry:
        run_.audit.append(name, BEGUN)
        acted = True
        seen = step.act(run_) or step.look(run_)
        if seen.state is State.ABSENT:
            seen = Seen(State.WAITING, "it was asked for and does not show yet")
    if not dry:
        states = {State.DONE: DONE, State.WAITING: WAITING, State.REFUSED: REFUSED}
        run_.audit.once(name, states[seen.state], seen.what, seen.digest, seen.link)
    return Progress(name, seen, acted)


def _require_told(run_: Run, name: str, seen: Seen, *, dry: bool) -> None:
    """Stop where something is public and the audit does not say that it was begun here.

    Lines are bound to those before, so that only the last ones can be taken away without a trace in the file.
    """
    told = {BEGUN, DONE, FOUND}
    if any(one.step == name and one.state in told for one in run_.audit.entries):
        return
    if not run_.settings.adopt:
        raise UserError(
            "audit-short",
            f"{name} is done ({seen.what or seen.digest[:12]}), and the audit does not say by whom",
            where=str(run_.audit.path),
            hint="put the whole file back; --adopt goes on, where it was done elsewhere or by hand",
        )
    if not dry:
        run_.audit.append(name, FOUND, "no line before says who made it", seen.digest, seen.link)


def digest(plan: ReleasePlan) -> str:
    """The plan's own digest."""
    return hashlib.sha256(records.text(plan).encode()).hexdigest()


def require_plan(run_: Run) -> None:
    """Raise a UserError where the audit is another plan's, or the release was aborted."""
    first = next(iter(run_.audit.entries), None)
    if first and (first.step, first.digest) != ("plan", digest(run_.plan)):
        raise UserError(
            "another-plan",
            "the audit beside the plan is another plan's",
            where=str(run_.audit.path),
            hint="give each plan a folder of its own",
        )
    ended = next((one for one in run_.audit.entries if one.state == ABORTED), None)
    if ended:
        raise UserError(
            "aborted",
            f"this release was aborted by {ended.by} at {ended.at}",
            where=str(run_.folder),
            hint="plan anew",
        )

"""One run over a repository: reads, decides, shows; before it shows anything it looks at the policy again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convergence import claims, records
from convergence.errors import UserError
from convergence.model import Recipe
from release_tools import effects
from release_tools.approvals import frame, reading, shown, ties, words
from release_tools.approvals.outside import Nowhere
from release_tools.approvals.reading import Outside, Reading
from release_tools.approvals.steps import Progress, Step, TechniqueState
from release_tools.jobs import connection
from release_tools.model import PullRequest, Snapshot

if TYPE_CHECKING:
    from release_tools.github import GitHub
    from release_tools.policy import Policy

UNTOLD = 3
MOST_NUMBER = 2**31 - 1  # that GitHub gives a pull request


class Run:
    """What is seen in one go, so that showing it costs no second look."""

    def __init__(
        self,
        github: GitHub,
        repository: str,
        policy: Path | None = None,
        outside: Outside | None = None,
        recipes: Mapping[str, Recipe] | None = None,
    ) -> None:
        self._github, self._repository, self._path = github, repository, policy
        self._policy = connection.policy(github, repository, policy)
        self._reading = Reading(github, outside or Nowhere(), self._policy, recipes or claims.load())
        self._seen: list[tuple[Snapshot, list[TechniqueState]]] = []

    def look(self, what: str = "") -> list[TechniqueState]:
        """The states of all open pull requests, of one by its number, or of one technique.

        Raises:
          UserError: unknown-technique, and those of GitHub.
        """
        number = what.removeprefix("#")
        if number.isdecimal() and len(number) < len(str(MOST_NUMBER)):
            found = self.look_at(int(number))
            if not found:
                raise UserError("no-technique", f"#{number} is about no technique", hint=frame.NO_TECHNIQUE)
            return found
        self._seen = [self._one(pull) for pull in candidates(self._github, self._repository, self._policy)]
        everything = sorted((one for _, states in self._seen for one in states), key=_order)
        return [reading.find(self._repository, everything, what)] if what else everything

    def look_at(self, number: int) -> list[TechniqueState]:
        """The states of a pull request; none where it is about no technique."""
        snapshot = self._github.snapshot(self._repository, number)
        self._seen = [(snapshot, self._reading.states(snapshot))]
        return self._seen[0][1]

    def publish(self, *, dry_run: bool) -> Iterator[str]:
        """Shows what is not shown yet; a line for each.

        Raises:
          UserError: moved-meanwhile, where the policy has changed since it was read; run again then.
        """
        due = [one for snapshot, states in self._seen for one in self._effects(snapshot, states)]
        if due and connection.policy(self._github, self._repository, self._path) != self._policy:
            hint = "run it again"
            raise UserError(
                "moved-meanwhile", "the policy changed while this was read", where=self._repository, hint=hint
            )
        for one in due:
            if not dry_run:
                self._github.perform(one)
            yield effects.describe(one)

    def _effects(self, snapshot: Snapshot, states: list[TechniqueState]) -> Iterator[Any]:
        return shown.effects(states, snapshot, self._policy, self._github.login)

    def _one(self, pull: PullRequest) -> tuple[Snapshot, list[TechniqueState]]:
        snapshot = self._github.snapshot_of(pull)
        return snapshot, self._reading.states(snapshot)


def candidates(github: GitHub, repository: str, policy: Policy) -> list[PullRequest]:
    """The open ones that may be about a technique, and closed ones with our label: they may land yet.

    Which those are is told by the list itself: a repository has thousands, and each would take calls. One
    that is tied by a comment alone has our label since the comment's own event.
    """
    prefix = policy.labels.prefix
    listed = [*github.pulls(repository), *github.pulls(repository, "closed")]
    return [
        one
        for one in listed
        if any(label.startswith(prefix) for label in one.labels)
        or (one.state == "open" and ties.perhaps(one))
    ]


def standing(
    github: GitHub, policy: Policy, technique: str, outside: Outside | None = None
) -> tuple[TechniqueState, str] | None:
    """Where a technique stands in its home, Official Models or the fork, and its pull request's address.

    Of several pull requests the one that is furthest, the latest of those; None where there is none.
    """
    homes = {"official": policy.repositories.models, "fork": policy.repositories.fork}
    repository = homes.get(policy.technique(technique).home) or policy.repositories.models
    look = Reading(github, outside or Nowhere(), policy, claims.load())
    found: list[tuple[TechniqueState, str]] = []
    for pull in candidates(github, repository, policy):
        snapshot = github.snapshot_of(pull)
        if technique in ties.techniques(snapshot, look.known, github.login):
            found.append((look.state(snapshot, technique), pull.url))
    return max(found, key=lambda one: _how_far(one[0]), default=None)


def _how_far(state: TechniqueState) -> tuple[int, int]:
    return sum(map(state.complete_to, Step)), state.pull_request


def numbered(event: Path) -> int:
    """The pull request that an event names; 0 for none.

    Raises:
      UserError: event.
    """
    try:
        payload = json.loads(event.read_text(encoding="utf-8"))
        issue = payload.get("issue") or {}
        pull = payload.get("pull_request") or (issue if "pull_request" in issue else {})
        number = int(pull.get("number") or 0)
    except (OSError, ValueError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise _no_event(event, f"cannot be read: {error}") from error
    if not 0 <= number <= MOST_NUMBER:
        raise _no_event(event, f"cannot be read: {number} numbers no pull request")
    return number


def _no_event(event: Path, what: str) -> UserError:
    return UserError("event", f"{event} {what}", hint="give the payload of an event of GitHub's")


def _order(state: TechniqueState) -> tuple[str, int]:
    return state.technique, state.pull_request


def as_json(states: Sequence[TechniqueState]) -> str:
    """The states for machines, each as a record with schema and version."""
    return json.dumps([json.loads(records.text(state)) for state in states], indent=2, ensure_ascii=False)


def exit_status(states: Sequence[TechniqueState]) -> int:
    """0 where all is well; 1 where something is blocked, 3 where it hangs on what cannot be told."""
    current = [state.current for state in states if state.current]
    if any(one.progress is Progress.BLOCKED for one in current):
        return 1
    return UNTOLD if any(one.why.startswith(words.untold("")) for one in current) else 0

"""Gathers the facts of techniques: from GitHub in few calls, from elsewhere only when a step's turn comes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from convergence.errors import UserError
from convergence.model import Recipe
from release_tools import approvals, plan
from release_tools.approvals import evidence, landing, patches, reviews, ties, words
from release_tools.approvals.facts import (
    Facts,
    Installed,
    Landing,
    Likeness,
    Minimum,
    Published,
    Push,
    Unknown,
)
from release_tools.approvals.landing import Logged
from release_tools.approvals.patches import Changed
from release_tools.approvals.people import Case
from release_tools.approvals.steps import Step, TechniqueState
from release_tools.approvals.verbal import WHOLE
from release_tools.jobs import history
from release_tools.jobs.history import Believed
from release_tools.model import PullRequest, Role, Snapshot
from release_tools.policy import Policy

NAMED = re.compile(r"@([0-9a-f]{40})\b")
REQUEST = re.compile(r"\b[0-9a-f]{16}\b")
MOST_COMMITS = 20  # that are compared with the head; beyond, it cannot be told
PUSHES_HIDDEN = Unknown("the pushes to the branch cannot be read: contents: read on its repository")
MANY_FILES = Unknown("the history branch holds more files than GitHub lists")


class Reader(history.Reader, Protocol):
    """What is asked of GitHub."""

    @property
    def login(self) -> str:
        """Whose token it is."""

    def pulls(self, repository: str, state: str = "open") -> tuple[PullRequest, ...]:
        """The open pull requests, or those closed last."""

    def snapshot(self, repository: str, number: int) -> Snapshot:
        """A pull request with all that was said of it."""

    def snapshot_of(self, pull: PullRequest) -> Snapshot:
        """The same of one that is known from a list."""

    def members(self, team: str) -> frozenset[int] | None:
        """Ids of who is in a team; None where it cannot be read."""

    def changed(self, repository: str, base: str, head: str) -> tuple[Changed, ...] | None:
        """What a commit changes; None where that cannot be told."""

    def tree(self, repository: str, ref: str) -> Mapping[str, str] | None:
        """Blobs by path; None where not all can be told."""

    def pushes(self, repository: str, branch: str) -> tuple[Push, ...] | None:
        """What the branch was at, and since when."""

    def log(self, repository: str, branch: str) -> tuple[Logged, ...]:
        """The latest commits of a branch, newest first."""


class Outside(Protocol):
    """What the index, git and pip say; each answer may be that it cannot be told."""

    def release(self, technique: str, content_digest: str) -> Published | Unknown | None:
        """The stable release with this content, or else the newest; None where there is none."""

    def minimum(self, pull: PullRequest, version: str) -> Minimum | Unknown:
        """Whether the head's declared minimum is that version or later."""

    def installed(self, pull: PullRequest, version: str, files: Sequence[str]) -> Installed | Unknown:
        """Whether pip installs that version and it has all that these files import."""


@dataclass
class Reading:
    """One reading of a repository: what techniques share is asked for once."""

    reader: Reader
    outside: Outside
    policy: Policy
    recipes: Mapping[str, Recipe]
    _teams: dict[str, frozenset[int] | None] = field(default_factory=dict)
    _changed: dict[tuple[str, str], tuple[Changed, ...] | None] = field(default_factory=dict)
    _trees: dict[tuple[str, str], Mapping[str, str] | None] = field(default_factory=dict)
    _believed: dict[str, Believed | None] = field(default_factory=dict)

    @property
    def known(self) -> set[str]:
        """Techniques that somebody has accepted: with claims, or in the policy."""
        return {one.technique for one in self.recipes.values() if one.claims} | set(self.policy.techniques)

    def states(self, snapshot: Snapshot) -> list[TechniqueState]:
        """Where every technique of a pull request stands."""
        names = ties.techniques(snapshot, self.known, self.reader.login)
        return [self.state(snapshot, name) for name in names]

    def state(self, snapshot: Snapshot, technique: str) -> TechniqueState:
        """Where a technique stands."""
        return self._decide(self.facts(snapshot, technique))

    def facts(self, snapshot: Snapshot, technique: str) -> Facts:
        """Everything, asked for step by step: what is not a step's turn yet is not asked for."""
        found = self._on_github(Facts(technique, snapshot))
        state = self._decide(found)
        if state.complete_to(Step.APPROVED):
            digest = evidence.prove(Case(self.policy, self.recipes, found)).content_digest
            found = replace(found, published=self.outside.release(technique, digest))
            state = self._decide(found)
        if isinstance(found.published, Published) and state.complete_to(Step.RELEASED):
            version, pull = found.published.version, found.pull_request
            found = replace(found, minimum=self.outside.minimum(pull, version))
            if self._decide(found).complete_to(Step.BUMPED):
                found = replace(found, landing=self._landing(pull))
                if isinstance(found.landing, Landing):
                    found = replace(found, installed=self._installed(pull, version))
        return found

    def _decide(self, facts: Facts) -> TechniqueState:
        return approvals.decide(self.policy, self.recipes, facts)

    def _on_github(self, bare: Facts) -> Facts:
        technique = bare.technique
        names = {name for role in Role for name in self.policy.holders(role, technique) if "/" in name}
        found = replace(bare, teams={name: self._team(name) for name in sorted(names)})
        case = Case(self.policy, self.recipes, found)
        found = replace(found, records=self._records(found))
        if any(case.voice(one.author, Role.MOT).speaks for one, _ in case.commands("record-approval")):
            found = replace(found, pushes=self._pushes(bare.pull_request))
        compared = list(dict.fromkeys(_approved(case, found.pushes)))[:MOST_COMMITS]
        return replace(found, likeness=self._likeness(found, compared), examples=self._examples(found))

    def _landing(self, pull: PullRequest) -> Landing | Unknown | None:
        if pull.merged:
            return landing.find(pull, (), None, None)
        log = self.reader.log(pull.repository, pull.base_ref)
        changed = self._changes(pull, pull.head_sha)
        return landing.find(pull, log, changed, self.reader.tree(pull.repository, pull.base_ref))

    def _installed(self, pull: PullRequest, version: str) -> Installed | Unknown:
        changed = self._changes(pull, pull.head_sha)
        if changed is None:
            return Unknown(words.FILES_UNKNOWN)
        kept = [one.path for one in changed if one.path.endswith(".py") and one.status != "removed"]
        return self.outside.installed(pull, version, kept)

    def _team(self, name: str) -> frozenset[int] | None:
        if name not in self._teams:
            self._teams[name] = self.reader.members(name)
        return self._teams[name]

    def _pushes(self, pull: PullRequest) -> tuple[Push, ...] | Unknown:
        if not pull.head_repository:
            return PUSHES_HIDDEN
        found = self.reader.pushes(pull.head_repository, pull.head_ref)
        return PUSHES_HIDDEN if found is None else found

    def _likeness(self, facts: Facts, commits: Iterable[str]) -> dict[str, Likeness]:
        others = [sha for sha in commits if sha and sha != facts.head]
        here = self._changes(facts.pull_request, facts.head) if others else None
        if here is None:
            return {}
        theirs = {sha: self._changes(facts.pull_request, sha) for sha in others}
        return {sha: patches.likeness(there, here) for sha, there in theirs.items() if there is not None}

    def _examples(self, facts: Facts) -> dict[str, str]:
        """Identities at the commits that records are of, where those are not the head."""
        records = facts.records if isinstance(facts.records, tuple) else ()
        others = {one.record.head_sha for one in records} - {facts.head}
        found = {}
        for sha in sorted(others)[:MOST_COMMITS] + [facts.head] * bool(others):
            changed, tree = (
                self._changes(facts.pull_request, sha),
                self._tree(facts.pull_request.repository, sha),
            )
            if changed is not None and tree:
                found[sha] = patches.example(changed, tree)
        return found

    def _changes(self, pull: PullRequest, sha: str) -> tuple[Changed, ...] | None:
        key = (f"{pull.repository}@{pull.base_sha}", sha)
        if key not in self._changed:
            self._changed[key] = self.reader.changed(pull.repository, pull.base_sha, sha)
        return self._changed[key]

    def _tree(self, repository: str, ref: str) -> Mapping[str, str] | None:
        if (repository, ref) not in self._trees:
            self._trees[repository, ref] = self.reader.tree(repository, ref)
        return self._trees[repository, ref]

    def _records(self, facts: Facts) -> tuple[Believed, ...] | Unknown:
        """All believed records of every content that this pull request was tested with, whoever asked."""
        repository = facts.pull_request.repository
        asked = set(_requests(facts, self.reader.login))
        if not asked:
            return ()
        tree = self._tree(repository, self.policy.storage.history)
        if tree is None:
            return MANY_FILES
        folders = {path.rpartition("/")[0] for path in tree if path.rpartition("/")[2][:16] in asked}
        files = sorted(path for path in tree if path.rpartition("/")[0] in folders)
        self._believe(repository, [path for path in files if path not in self._believed])
        found = [one for path in files if (one := self._believed[path]) is not None]
        return tuple(one for one in found if any(f.technique == facts.technique for f in one.record.found))

    def _believe(self, repository: str, paths: Sequence[str]) -> None:
        """Reads those files, and remembers of each whether it is a record that counts."""
        found = history.believed(self.reader, repository, self.policy.storage.history, paths) if paths else []
        self._believed |= dict.fromkeys(paths) | {one.record.path: one for one in found}


def _approved(case: Case, pushes: tuple[Push, ...] | Unknown) -> Iterator[str]:
    """Commits that somebody who may have a say has approved; those of others are not looked at."""
    for review in reviews.latest(case.facts.snapshot.reviews):
        if any(case.voice(review.author, role).speaks is not False for role in (Role.MOT, Role.OFFICIAL)):
            yield review.sha
    for comment, request in case.commands("approve"):
        if len(request.sha) == WHOLE and case.voice(comment.author, Role.OFFICIAL).speaks is not False:
            yield request.sha
    if isinstance(pushes, tuple):
        yield from (push.sha for push in reversed(pushes))


def _requests(facts: Facts, login: str) -> Iterator[str]:
    """Ids of requests for tests: those that our replies name, and those that follow from the comments."""
    newest = sorted(facts.snapshot.reviews, key=lambda one: one.submitted_at, reverse=True)
    shas = list(dict.fromkeys([facts.head, *(one.sha for one in newest if one.sha)]))[:MOST_COMMITS]
    for comment in facts.snapshot.comments:
        if comment.body.lstrip().lower().startswith("/converge"):  # also one of whoever looks now
            yield from (plan.request_id(comment.id, sha) for sha in (*shas, *NAMED.findall(comment.body)))
        elif comment.author.login.lower() == login.lower():
            yield from REQUEST.findall(comment.body)


def find(repository: str, states: Iterable[TechniqueState], technique: str) -> TechniqueState:
    """The technique among those with an open pull request.

    Raises:
      UserError: unknown-technique.
    """
    known = list(states)
    found = next((one for one in known if one.technique == technique), None)
    if found is None:
        names = ", ".join(sorted({one.technique for one in known})) or "none"
        hint = f"with one: {names}; a closed one is found by its number"
        raise UserError(
            "unknown-technique", f"no open pull request is about {technique!r}", where=repository, hint=hint
        )
    return found

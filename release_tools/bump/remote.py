"""One bump of a repository on GitHub from end to end: fetch, decide, offer; shows nothing, pushes nothing."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from convergence.errors import UserError
from release_tools import offers
from release_tools.bump import Change, Decision, hunks, minimum
from release_tools.bump import report as bump_report
from release_tools.bump import words as bump_words
from release_tools.bump.minimum import Outcome, Request
from release_tools.bump.refusal import Code, Reason, Refusal
from release_tools.model import Comment, Effect, Snapshot
from release_tools.offers import Content, OpenPullRequest, Standing, Suggest, Suggestion

Fetch = Callable[[str, str, Path], str]
EXECUTABLE = 0o100


class Hub(Protocol):
    """What is asked of GitHub here."""

    @property
    def login(self) -> str:
        """Whose token it is."""

    def read_file(self, repository: str, path: str, ref: str) -> bytes | None:
        """A file's bytes at a commit."""

    def default_branch(self, repository: str) -> str:
        """The branch that counts."""

    def clone_address(self, repository: str) -> str:
        """Where git fetches it from."""

    def standing(self, offer: OpenPullRequest) -> Standing:
        """What there is of an offer."""

    def snapshot(self, repository: str, number: int) -> Snapshot:
        """A pull request as it is."""

    def patches(self, repository: str, number: int) -> Mapping[str, str]:
        """What a pull request shows of each file."""

    def perform(self, effect: Effect) -> None:
        """Has the effect."""


@dataclass(frozen=True)
class Place:
    """Where the change goes.

    Attributes:
      base: branch that a pull request of ours goes to; by default the repository's own.
      pull_request: somebody's pull request, which gets suggestions instead; 0 for one of ours.
      proven: a campaign's verdicts, as evidence.
    """

    repository: str
    base: str = ""
    pull_request: int = 0
    labels: tuple[str, ...] = ()
    proven: tuple[str, ...] = ()


@dataclass(frozen=True)
class Contribution:
    """What came of it.

    Attributes:
      effects: what was done, or what `--dry-run` would do.
      state: `opened`, `updated`, `as before`, `suggested`; empty where nothing was offered.
      url: of the pull request.
    """

    outcome: Outcome
    effects: tuple[Effect, ...] = ()
    state: str = ""
    url: str = ""


@dataclass(frozen=True)
class Found:
    """What is to change at a commit of a branch; `contents` stand beside the decision's changes."""

    outcome: Outcome
    decision: Decision
    base: str
    sha: str
    contents: tuple[Content, ...]

    @property
    def evidence(self) -> tuple[str, ...]:
        """Why the minimum is what it is."""
        return minimum.evidence(self.outcome)

    def refused(self, reason: Reason) -> Contribution:
        """That something on GitHub stands in the way."""
        decision = self.decision.refused([Refusal(reason)])
        return Contribution(replace(self.outcome, decision=decision))


def policy_labels(hub: Hub, repository: str) -> tuple[str, ...]:
    """The labels that the repository's own policy has for a bump; none where it has no policy.

    Raises:
      UserError: `policy`.
    """
    from release_tools.jobs import connection

    found = connection.stated(hub, repository)
    return found.labels.bump if found else ()


def run(request: Request, place: Place, hub: Hub, fetch: Fetch, say: Callable[[str], None]) -> Contribution:
    """Do it: one pull request, or one review, however often this runs.

    Raises:
      UserError
    """
    found = _find(request, place, hub, fetch, say)
    if isinstance(found, Outcome):
        return Contribution(found)
    say("Asking GitHub")
    offered = _suggest(found, place, hub) if place.pull_request else _open(found, place, hub)
    if request.dry_run:
        return replace(offered, state="")
    for effect in offered.effects:
        hub.perform(effect)
    if not place.pull_request and offered.effects:
        return replace(offered, url=_url(offered.effects[0], hub))
    return offered


def _find(
    request: Request, place: Place, hub: Hub, fetch: Fetch, say: Callable[[str], None]
) -> Found | Outcome:
    """What is to change, or what there is to say instead."""
    for path in request.paths:
        if path.is_absolute() or ".." in path.parts:
            raise UserError("no-such-path", "a path is one within the repository", where=str(path))
    base = place.base or hub.default_branch(place.repository)
    ref = f"refs/pull/{place.pull_request}/head" if place.pull_request else f"refs/heads/{base}"
    with tempfile.TemporaryDirectory(prefix="release-tools-") as scratch:
        folder = Path(scratch).resolve() / "files"
        folder.mkdir()
        say(f"Fetching {place.repository}")
        sha = fetch(hub.clone_address(place.repository), ref, folder)
        with contextlib.chdir(folder):
            outcome = minimum.run(replace(request, dry_run=True), say)
        decision = outcome.decision
        if decision is None or not decision.changes:
            return outcome
        return Found(outcome, decision, base, sha, tuple(_content(one, folder) for one in decision.changes))


def _content(change: Change, folder: Path) -> Content:
    path = change.target.relative_to(folder).as_posix()
    if not path.isprintable():
        raise UserError("bad-name", "a file has a name that GitHub cannot be told", where=path)
    mode = "100755" if change.target.stat().st_mode & EXECUTABLE else "100644"
    return Content(path, change.after, mode)


def _open(found: Found, place: Place, hub: Hub) -> Contribution:
    """A pull request of ours, unless what people did stands in the way."""
    proposal = bump_report.proposal(found.decision, (*found.evidence, *place.proven))
    is_default = found.base == hub.default_branch(place.repository)
    offer = OpenPullRequest(
        repository=place.repository,
        branch=proposal.branch if is_default else f"{proposal.branch}-on-{found.base.replace('/', '-')}",
        base=found.base,
        base_sha=found.sha,
        title=proposal.title,
        body=bump_words.pull_request(found.decision, found.evidence, place.proven),
        message=f"{proposal.title}\n\n{proposal.body}",
        files=found.contents,
        labels=place.labels,
    )
    there = hub.standing(offer)
    reason = offers.obstacle(offer, there, hub.login)
    if reason:
        return found.refused(reason)
    state = "as before" if offers.is_there(offer, there) else "updated"
    pull = there.pull
    return Contribution(found.outcome, (offer,), state if pull else "opened", pull.url if pull else "")


def _url(effect: Effect, hub: Hub) -> str:
    assert isinstance(effect, OpenPullRequest)
    pull = hub.standing(effect).pull
    return pull.url if pull else ""


def _suggest(found: Found, place: Place, hub: Hub) -> Contribution:
    """Suggestions where the pull request shows the lines, and a comment with a patch for the rest."""
    pull = hub.snapshot(place.repository, place.pull_request).pull_request
    if pull.state != "open":
        return found.refused(Reason(Code.CLOSED, f"{pull.url} is closed", "reopen it, or name another"))
    if pull.head_sha != found.sha:
        raise UserError("moved-meanwhile", "somebody pushed meanwhile", where=pull.url, hint="try again")
    shown = hub.patches(place.repository, place.pull_request)
    where, key = (place.repository, place.pull_request), _key(found.decision)
    evidence = (*found.evidence, *place.proven)
    effects: list[Effect] = []
    suggested: list[Suggestion] = []
    rest: list[Change] = []
    for change, content in zip(found.decision.changes, found.contents, strict=True):
        answer = suggestions(change, content.path, shown.get(content.path, ""))
        suggested += answer
        rest += [] if answer else [change]
    if suggested:
        body = bump_words.suggestion(found.decision, evidence)
        effects.append(Suggest(*where, found.sha, key, body, tuple(suggested)))
    if rest:
        effects.append(Comment(*where, key, bump_words.patch(found.decision, evidence, rest)))
    return Contribution(found.outcome, tuple(effects), "suggested", pull.url)


def suggestions(change: Change, path: str, patch: str) -> tuple[Suggestion, ...]:
    """A file's change as suggestions; none unless all of its lines are shown, and fit into a comment."""
    visible, found = hunks.shown(patch), list(hunks.changed(*change.texts))
    if "\r" in change.texts[0] or any(len(one.new) > bump_words.LONGEST for one in found):
        return ()
    if not all(any(one.start in lines and one.end in lines for lines in visible) for one in found):
        return ()
    return tuple(Suggestion(path, one.start, one.end, one.new) for one in found)


def _key(decision: Decision) -> str:
    return f"bump:{decision.package.name}:{str(decision.version).replace('!', ':')}"

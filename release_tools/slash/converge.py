"""`/converge`: has the documented numbers tested on a pull request; says how far it is, and stops it."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from convergence import claims
from convergence.claims import TIERS
from release_tools import plan, proposals, replies, sources, underway
from release_tools.model import (
    CancelRun,
    CheckStatus,
    Conclusion,
    Effect,
    Permission,
    Reaction,
    Role,
    SetCheck,
)
from release_tools.slash import ref, sha

if TYPE_CHECKING:
    from release_tools.conversation import Asked, Decided, Reader, Speaker
    from release_tools.event import Event
    from release_tools.sources import Sources
    from release_tools.underway import Request as Running

MOST_SEEDS = 20
WHOLE = 40  # digits of a commit that nobody can imitate
_NUMBER = re.compile(r"[0-9]{1,3}")  # int() takes digits of all scripts, and 1_0


class Action(enum.Enum):
    """What is to be done; a word that stands alone, but for RUN."""

    RUN = ""
    STATUS = "status"
    CANCEL = "cancel"
    HELP = "help"


@dataclass(frozen=True)
class Request:
    """What was asked for, as it was written; empty for what was left out."""

    action: Action = Action.RUN
    techniques: tuple[str, ...] = ()
    sha: str = ""
    tier: str = ""
    tfmot: str = ""
    seeds: int = 0

    @property
    def starts(self) -> bool:
        """Whether a workflow works on it."""
        return self.action is Action.RUN


@dataclass(frozen=True)
class Facts:
    """Who asks; where that person may ask, what it is about, and the head as it was read last of all."""

    speaker: Speaker
    found: Sources | None = None
    head: str = ""


def names(_: click.Context, __: click.Parameter, words: tuple[str, ...]) -> tuple[str, ...]:
    """Checks that the words may be techniques, each named once."""
    for word in words:
        if not claims.NAME.fullmatch(word):
            raise click.BadParameter(f"{word[:60]!r} is no technique's name")
        if words.count(word) > 1:
            raise click.BadParameter(f"{word[:60]!r} is named twice")
    return words


def runs(_: click.Context, __: click.Parameter, value: str) -> int:
    """Checks a number of runs; 0 where it is left out."""
    if value and not (_NUMBER.fullmatch(value) and 1 <= int(value) <= MOST_SEEDS):
        raise click.BadParameter(f"give a number from 1 to {MOST_SEEDS}")
    return int(value or 0)


@click.command(add_help_option=False)
@click.argument("words", nargs=-1, callback=names, metavar="[TECHNIQUE…]")
@click.option("--sha", callback=sha, default="", help="The commit you have looked at; needed for forks.")
@click.option(
    "--tier",
    type=click.Choice(TIERS, case_sensitive=False),
    help="smoke: minutes on a CPU; full: as documented.",
)
@click.option("--tfmot", callback=ref, default="", metavar="REF", help="TFMOT's branch, tag or commit.")
@click.option("--seeds", callback=runs, default="", metavar="N", help="Runs beyond those needed.")
def command(*, words: tuple[str, ...], sha: str, tier: str | None, tfmot: str, seeds: int) -> Request:
    """Train techniques (all, if none is named) on this pull request and judge their documented numbers.

    `/converge status` says how far it is, `/converge cancel` stops it.
    """
    action = next((one for one in Action if one.value in {word.lower() for word in words}), Action.RUN)
    if action is Action.RUN:
        return Request(action, words, sha, tier or "", tfmot, seeds)
    if len(words) > 1 or sha or tier or tfmot or seeds:
        raise click.UsageError(f"{action.value} stands alone: /converge {action.value}")
    return Request(action)


def read(request: Request, asked: Asked, reader: Reader) -> Facts:
    """Who speaks; and for a request that may be granted, the commits and claim files."""
    from release_tools import conversation

    who = conversation.speaker(
        asked, reader, (Role.MOT, Role.OWNER), _techniques(request, asked), unless=Permission.WRITE
    )
    if request.action is not Action.RUN or _obstacle(request, asked, who):
        return Facts(who)
    techniques = _techniques(request, asked)
    pull_request = asked.snapshot.pull_request
    found = sources.read(pull_request, asked.policy, techniques, request.tfmot, reader)
    head = reader.resolve(pull_request.repository, f"refs/pull/{pull_request.number}/head")
    return Facts(who, found, head)


def decide(request: Request, asked: Asked, facts: Facts) -> Iterator[Decided]:
    """What happens: for RUN an eye, the plan, a queued check and a reply."""
    event, head = asked.event, asked.snapshot.pull_request.head_sha
    if request.action is Action.CANCEL:
        yield from _cancel(asked, facts.speaker)
    elif obstacle := _obstacle(request, asked, facts.speaker):
        yield from obstacle
    elif request.action is Action.HELP:
        yield from replies.help_(event, "converge", command)
    elif request.action is Action.STATUS:
        yield from replies.status(event, head, underway.requests(asked.snapshot))
    elif facts.head != head:
        yield from replies.moved(event, head, facts.head, line(request, facts.head))
    elif facts.found is not None:
        yield from _run(request, asked, facts.found)


def line(request: Request, sha: str) -> str:
    """The command that asks for the same on that commit."""
    words = ["/converge", *request.techniques, f"@{sha}"]
    words += [f"{key}={value}" for key in ("tier", "tfmot", "seeds") if (value := getattr(request, key))]
    return " ".join(words)


def _run(request: Request, asked: Asked, found: Sources) -> Iterator[Decided]:
    event, policy, snapshot = asked.event, asked.policy, asked.snapshot
    wanted = plan.Wanted(request.techniques, request.tier or policy.converge.tier, request.seeds)
    stated = [*found.statements, *proposals.fenced(snapshot.pull_request.body)]
    recipes = proposals.only(proposals.join(asked.recipes, stated), _techniques(request, asked))
    plan.choose(recipes, policy, wanted)  # refuses in an instant; what follows loads scipy
    yield Reaction(event.repository, event.comment.id, "eyes")
    made = plan.make(
        wanted,
        event.comment,
        snapshot.pull_request,
        recipes,
        (found.tfmot, found.models),
        policy,
        unreviewed=found.unreviewed,
    )
    others = [one for one in underway.requests(snapshot) if not one.done]
    mine = [one for one in underway.requests(snapshot) if one.check.external_id == made.request_id]
    if any(one.done or one.check.details_url != event.run for one in mine):
        return  # another run has it: the event was delivered twice
    yield made
    yield _queued(event, made)
    yield replies.accepted(event, made, len(others) - len(mine))


def _queued(event: Event, made: plan.Plan) -> SetCheck:
    return SetCheck(
        repository=made.repository,
        sha=made.head_sha,
        name=underway.CHECK,
        external_id=made.request_id,
        status=CheckStatus.QUEUED,
        title="Waits for a reviewer's consent" if made.hold else "Queued",
        summary=replies.expected(made),
        details_url=event.run,
    )


def _techniques(request: Request, asked: Asked) -> tuple[str, ...]:
    """Those asked for, or all that have claims or a policy."""
    known = {recipe.technique for recipe in asked.recipes.values() if recipe.claims}
    return request.techniques or tuple(sorted(known | set(asked.policy.techniques)))


def _obstacle(request: Request, asked: Asked, who: Speaker) -> tuple[Effect, ...]:
    """Why the request is not granted, whatever it is about; nothing where it may be."""
    event, pull_request = asked.event, asked.snapshot.pull_request
    run = request.action is Action.RUN
    if not _may(request, asked, who, run=run):
        return replies.not_allowed(event, _hidden(request, asked, who) if run else [])
    if not run:
        return ()
    if pull_request.state != "open":
        return replies.closed(event)
    head = pull_request.head_sha
    if request.sha and not head.startswith(request.sha):
        return replies.moved(event, request.sha, head, line(request, head))
    if pull_request.from_fork and len(request.sha) < WHOLE:
        return replies.which_commit(event, line(request, head))
    return ()


def _may(request: Request, asked: Asked, who: Speaker, *, run: bool) -> bool:
    """Whether the person may: to run takes a right to write or TFMOT's role for all of the techniques."""
    if who.permission >= Permission.WRITE:
        return True
    techniques, policy = _techniques(request, asked), asked.policy
    speaks = [who.holds(policy.holders(Role.MOT, technique)) is True for technique in techniques]
    if run:
        return bool(speaks) and all(speaks)
    author = asked.snapshot.pull_request.author.id == asked.event.comment.author.id
    owns = (who.holds(policy.holders(Role.OWNER, technique)) is True for technique in techniques)
    return author or any(speaks) or any(owns)


def _hidden(request: Request, asked: Asked, who: Speaker) -> list[str]:
    """Teams that might speak for TFMOT, and cannot be read with this token."""
    techniques = _techniques(request, asked)
    teams = {name for technique in techniques for name in asked.policy.holders(Role.MOT, technique)}
    return sorted(name for name in teams if who.memberships.get(name) is None)


def _cancel(asked: Asked, who: Speaker) -> Iterator[Decided]:
    """Stops what the person asked for; who can write stops everything on the head."""
    event, me = asked.event, asked.event.comment.author.id
    under_way = [one for one in underway.requests(asked.snapshot) if not one.done]
    writes = who.permission >= Permission.WRITE
    own = [one for one in under_way if writes or (one.by is not None and one.by.id == me)]
    if not own:
        known = writes or _may(Request(Action.STATUS), asked, who, run=False)
        yield from replies.nothing_to_stop(event) if known and not under_way else replies.not_yours(event)
        return
    runs = {one.check.external_id: one.run(event.repository) for one in own}
    yield Reaction(event.repository, event.comment.id, "eyes")
    for run in sorted({run for run in runs.values() if run is not None}):
        yield CancelRun(event.repository, run)
    stopped = [one for one in own if runs[one.check.external_id] is not None]
    for one in stopped:
        yield _ended(event, one)
    yield replies.stopped(event, len(stopped), len(own) - len(stopped))


def _ended(event: Event, one: Running) -> SetCheck:
    return SetCheck(
        repository=event.repository,
        sha=one.check.sha,
        name=underway.CHECK,
        external_id=one.check.external_id,
        status=CheckStatus.COMPLETED,
        conclusion=Conclusion.CANCELLED,
        title="Cancelled",
        summary="Stopped by a command on the pull request; what is trained is kept.",
        details_url=one.check.details_url,
    )

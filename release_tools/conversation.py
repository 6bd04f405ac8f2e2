"""From a comment to what is done about it: who is listened to, which command answers; nothing acts here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from convergence.errors import UserError
from convergence.model import Recipe
from release_tools import replies, slash, underway
from release_tools.event import Event
from release_tools.model import Effect, IssueComment, Permission, Role, Snapshot
from release_tools.plan import Plan
from release_tools.policy import Policy

Decided = Effect | Plan


class Reader(Protocol):
    """What is asked of GitHub."""

    @property
    def login(self) -> str:
        """Whose token it is."""

    def snapshot(self, repository: str, number: int) -> Snapshot:
        """A pull request with all that was said of it and the checks on its head."""

    def permission(self, repository: str, login: str) -> Permission:
        """What somebody may do."""

    def member(self, team: str, login: str) -> bool | None:
        """Whether somebody is in the team `org/slug`; None where this token cannot read it."""

    def resolve(self, repository: str, ref: str) -> str:
        """The commit that a branch, tag or SHA names; UserError where there is none."""

    def read_file(self, repository: str, path: str, ref: str) -> bytes | None:
        """A file at a commit; None where there is none."""

    def default_branch(self, repository: str) -> str:
        """The branch that counts."""

    def tree(self, repository: str, ref: str) -> Mapping[str, str] | None:
        """The blob of every file at a commit; None if there are too many to be told."""


@dataclass(frozen=True)
class Asked:
    """A command's circumstances: the comment, the policy, the accepted recipes, and the pull request."""

    event: Event
    policy: Policy
    recipes: Mapping[str, Recipe]
    snapshot: Snapshot


@dataclass(frozen=True)
class Speaker:
    """What is known of who speaks.

    Attributes:
      memberships: of the teams and logins that matter, by name; None where the token cannot read a team.
    """

    permission: Permission
    memberships: Mapping[str, bool | None]

    def holds(self, holders: Iterable[str]) -> bool | None:
        """Whether the speaker is one of them; None if that hangs on a team that cannot be read."""
        known = {self.memberships.get(holder) for holder in holders}
        return True if True in known else (None if None in known else False)


def addressed(event: Event) -> bool:
    """Whether a person has just said a command on a pull request, as far as the event tells."""
    return (
        event.created
        and event.on_pull_request
        and not event.comment.author.bot
        and not Policy().is_bot(event.comment.author.login)
        and slash.parse(event.comment.body) is not None
    )


def answer(event: Event, policy: Policy, recipes: Mapping[str, Recipe], reader: Reader) -> Iterator[Decided]:
    """What is to happen about a comment, in order; nothing about one that is no command of a person's.

    Each is decided before the next is asked for: carry them out as they come.

    Raises:
      UserError: where GitHub does not answer: that is no answer to anybody, and the run is to be repeated.
    """
    heard = slash.parse(event.comment.body)
    if heard is None or not addressed(event) or policy.is_bot(event.comment.author.login):
        return
    if isinstance(heard, slash.Problem):
        yield from replies.misunderstood(event, heard, slash.find(heard.name).command)
        return
    try:
        snapshot = underway.only_ours(reader.snapshot(event.repository, event.number), reader.login)
        said = next((one for one in snapshot.comments if one.id == event.comment.id), None)
        if said is None or _changed(event, said):
            yield from replies.edited(event) if said else replies.gone(event)
            return
        asked, command = Asked(event, policy, recipes, snapshot), slash.find(heard.name)
        yield from command.decide(heard.request, asked, command.read(heard.request, asked, reader))
    except UserError as error:
        if error.passes:
            raise
        yield from replies.refused(event, error)


def answer_without_policy(event: Event, error: UserError) -> Iterator[Decided]:
    """What is to happen while the policy cannot be read: nobody may do anything, and it is said why."""
    if addressed(event):
        yield from replies.no_policy(event, error)


def speaker(
    asked: Asked, reader: Reader, roles: Iterable[Role], techniques: Iterable[str], *, unless: Permission
) -> Speaker:
    """Who speaks: their permission, and for those roles their memberships.

    Args:
      techniques: whose roles matter; the general ones where none is named.
      unless: with this permission memberships do not matter, and are not asked for.
    """
    login = asked.event.comment.author.login
    permission = reader.permission(asked.event.repository, login)
    if permission >= unless:
        return Speaker(permission, {})
    pairs = [(role, technique) for role in roles for technique in (list(techniques) or [""])]
    holders = dict.fromkeys(name for pair in pairs for name in asked.policy.holders(*pair))
    return Speaker(permission, {name: _is(reader, name, login) for name in holders})


def _is(reader: Reader, holder: str, login: str) -> bool | None:
    """Whether a team has, or a login is, that login."""
    return reader.member(holder, login) if "/" in holder else holder.lower() == login.lower()


def _changed(event: Event, now: IssueComment) -> bool:
    """Whether the comment says something else by now; others can edit it."""
    return event.comment.edited or now.edited or now.body != event.comment.body

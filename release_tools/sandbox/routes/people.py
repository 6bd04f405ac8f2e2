"""Who is who: users, organisations' teams, and what somebody may do in a repository."""

from __future__ import annotations

from flask import Blueprint

from release_tools.model import Permission
from release_tools.sandbox.access import caller, world
from release_tools.sandbox.answers import Json, people
from release_tools.sandbox.errors import not_for_integrations, not_found
from release_tools.sandbox.nouns import Repository
from release_tools.sandbox.pages import Answer, page
from release_tools.sandbox.people import AccountKind, Team, TokenKind

routes = Blueprint("people", __name__)
OLD_NAMES = {Permission.TRIAGE: "read", Permission.MAINTAIN: "write"}


@routes.get("/user")
def myself() -> Json:
    who = caller().somebody()
    if caller().token is not None and caller().token.kind is not TokenKind.USER:  # type: ignore[union-attr]
        raise not_for_integrations()
    return people.profile(world().site, who)


@routes.get("/users/<username>")
def user(username: str) -> Json:
    found = world().account(username)
    if not found:
        raise not_found()
    return people.profile(world().site, found)


@routes.get("/repos/<owner>/<repo>/collaborators/<username>/permission")
def permission(repository: Repository, username: str) -> Json:
    caller().may(repository, Permission.WRITE, "metadata:read")
    found = world().account(username)
    if not found or found.kind is AccountKind.ORGANIZATION:
        raise not_found()
    role = world().role(found, repository)
    return {
        "permission": OLD_NAMES.get(role, role.name.lower()),
        "role_name": role.name.lower(),
        "user": {
            **people.account(world().site, found),
            "permissions": people.permissions(role),
            "role_name": role.name.lower(),
        },
    }


@routes.get("/orgs/<org>/teams/<team_slug>/memberships/<username>")
def membership(org: str, team_slug: str, username: str) -> Json:
    team = _team(org, team_slug)
    found = world().account(username)
    if not found or found not in team.members:
        raise not_found()
    maintains = found.id in team.maintainers or team.organization.members.get(found.id) == "admin"
    url = f"{people.team(world().site, team)['url']}/memberships/{found.login}"
    return {"state": "active", "role": "maintainer" if maintains else "member", "url": url}


@routes.get("/orgs/<org>/teams/<team_slug>")
def team(org: str, team_slug: str) -> Json:
    return people.full_team(world().site, _team(org, team_slug))


@routes.get("/orgs/<org>/teams/<team_slug>/members")
def members(org: str, team_slug: str) -> Answer:
    return page(_team(org, team_slug).members, lambda who: people.account(world().site, who))


def _team(org: str, slug: str) -> Team:
    """A team, for those who may know of it: people of the organisation, and Apps with `members: read`."""
    asking = caller()
    actor = asking.somebody()
    assert asking.token
    if asking.token.kind is not TokenKind.USER and not asking.holds("members:read"):
        raise not_for_integrations()
    found = (one for one in world().teams.values() if one.slug == slug and one.organization.login == org)
    team = next(found, None)
    if not team or (asking.token.kind is TokenKind.USER and actor.id not in team.organization.members):
        raise not_found()
    return team

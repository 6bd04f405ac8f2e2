"""Who may see and do what, as GitHub's own answers have it."""

from __future__ import annotations

import pytest
from town import Town

from release_tools.model import Permission

MODELS = "/repos/tensorflow/models"


@pytest.mark.parametrize(
    ("granted", "permission", "role"),
    [
        (None, "read", "read"),
        (Permission.READ, "read", "read"),
        (Permission.TRIAGE, "read", "triage"),
        (Permission.WRITE, "write", "write"),
        (Permission.MAINTAIN, "write", "maintain"),
        (Permission.ADMIN, "admin", "admin"),
    ],
)
def test_a_persons_permission(town: Town, granted: Permission | None, permission: str, role: str) -> None:
    if granted is not None:
        town.base.collaborators[town.carl.id] = granted
    token = town.world.workflow_token(town.base, metadata="read")
    answer = town.call(token, "GET", f"{MODELS}/collaborators/carl/permission")
    assert (answer.json["permission"], answer.json["role_name"]) == (permission, role)
    assert answer.json["user"]["id"] == town.carl.id


def test_a_permission_through_a_team_and_by_owning_the_organisation(town: Town) -> None:
    ann, olga = town.world.user("ann"), town.world.user("olga")
    team = town.world.team(town.org, "mot", [ann])
    town.base.teams[team.id] = (team, Permission.MAINTAIN)
    town.org.members[olga.id] = "admin"
    roles = [
        town.call(town.mona, "GET", f"{MODELS}/collaborators/{login}/permission").json["role_name"]
        for login in ("ann", "olga")
    ]
    assert roles == ["maintain", "admin"]


@pytest.mark.parametrize(
    ("who", "status", "message"),
    [
        (None, 401, "Requires authentication"),
        ("ghp_unknown", 401, "Bad credentials"),
        ("carl", 403, "Must have push access to repository."),
        ("mona", 200, None),
    ],
)
def test_whoever_may_ask_for_permissions(
    town: Town, who: str | None, status: int, message: str | None
) -> None:
    answer = town.call(getattr(town, who or "", who), "GET", f"{MODELS}/collaborators/carl/permission")
    assert (answer.status, answer.json.get("message")) == (status, message)


@pytest.mark.parametrize(
    ("asking", "login", "status", "role"),
    [
        ("member", "ann", 200, "member"),
        ("member", "olga", 200, "maintainer"),
        ("member", "mona", 404, None),
        ("member", "nobody", 404, None),
        ("outsider", "ann", 404, None),
        ("app with members", "ann", 200, "member"),
        ("app without", "ann", 403, None),
        ("workflow", "ann", 403, None),
    ],
)
def test_team_membership(town: Town, asking: str, login: str, status: int, role: str | None) -> None:
    world = town.world
    ann, olga, robot = world.user("ann"), world.user("olga"), world.user("robot[bot]")
    town.org.members[olga.id] = "admin"
    world.team(town.org, "mot", [ann, olga])
    who = {
        "member": world.token(ann),
        "outsider": world.token(town.carl),
        "app with members": world.app_token(robot, [town.base], members="read"),
        "app without": world.app_token(robot, [town.base], checks="write"),
        "workflow": world.workflow_token(town.base, contents="write"),
    }[asking]
    answer = town.call(who, "GET", f"/orgs/tensorflow/teams/mot/memberships/{login}")
    assert (answer.status, answer.json.get("role")) == (status, role)


def test_a_team_and_its_members(town: Town) -> None:
    town.world.team(town.org, "mot", [town.mona])
    team = town.call(town.mona, "GET", "/orgs/tensorflow/teams/mot").json
    members = town.call(town.mona, "GET", "/orgs/tensorflow/teams/mot/members").json
    assert (team["members_count"], [one["login"] for one in members]) == (1, ["mona"])


def test_a_renamed_account_keeps_its_id_and_what_it_said(town: Town) -> None:
    number = town.pull()
    town.world.rename(town.carl, "karl")
    author = town.call(None, "GET", f"{MODELS}/pulls/{number}").json["user"]
    assert (author["login"], author["id"]) == ("karl", town.carl.id)
    assert town.call(None, "GET", "/users/carl").status == 404
    assert town.call(None, "GET", "/users/KARL").json["login"] == "karl"


def test_a_deleted_account_is_a_ghost_and_its_fork_is_gone(town: Town) -> None:
    number, token = town.pull(), town.world.token(town.carl)
    town.call(town.carl, "POST", f"{MODELS}/pulls/{number}/reviews", {"event": "COMMENT", "body": "See."})
    town.world.delete(town.carl)
    pull = town.call(None, "GET", f"{MODELS}/pulls/{number}").json
    (review,) = town.call(None, "GET", f"{MODELS}/pulls/{number}/reviews").json
    assert (pull["user"]["login"], pull["user"]["id"]) == ("ghost", 10137)
    assert (pull["head"]["repo"], pull["head"]["user"], review["user"]) == (None, None, None)
    assert town.call(token, "GET", "/user").status == 401
    assert town.call(None, "GET", "/repos/carl/models").status == 404


def test_a_private_repository_is_not_there_for_others(town: Town) -> None:
    secret = town.world.repository(town.org, "secret", {"a": "b"}, private=True)
    seen = town.world.workflow_token(secret, contents="read")
    other = town.world.workflow_token(town.base, contents="read")
    statuses = [
        town.call(who, "GET", "/repos/tensorflow/secret").status for who in (town.carl, None, other, seen)
    ]
    assert statuses == [404, 404, 404, 200]


@pytest.mark.parametrize(
    ("permissions", "status"),
    [({}, 403), ({"issues": "read"}, 403), ({"issues": "write"}, 201), ({"pull_requests": "write"}, 201)],
)
def test_a_workflows_token_may_what_its_permissions_say(
    town: Town, permissions: dict[str, str], status: int
) -> None:
    number = town.pull()
    token = town.world.workflow_token(town.base, **permissions)
    answer = town.call(token, "POST", f"{MODELS}/issues/{number}/comments", {"body": "Hello."})
    assert answer.status == status
    assert status == 201 or answer.json["message"] == "Resource not accessible by integration"


def test_a_workflows_token_writes_to_no_other_repository(town: Town) -> None:
    token = town.world.workflow_token(town.fork, issues="write")
    answer = town.call(token, "POST", f"{MODELS}/issues", {"title": "Hello."})
    assert answer.status == 403

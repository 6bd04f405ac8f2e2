"""How a fork and its protections come to be: each is looked at, and written where it is otherwise."""

from __future__ import annotations

import functools
from typing import Any
from urllib.parse import quote

from convergence.errors import UserError
from release_tools.github.performing import perform
from release_tools.github.session import Session
from release_tools.protections import (
    CreateFork,
    LimitWorkflows,
    ProtectBranch,
    ProtectEnvironment,
    Protection,
    Rule,
)

FORK_WAITS = (2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0)  # GitHub: a fork may take up to five minutes
Json = dict[str, Any]


@functools.singledispatch
def is_there(effect: Protection, session: Session) -> bool:
    """Whether all is as the effect would have it; what hangs on a fork that is missing is not."""
    raise TypeError(effect, session)


@is_there.register
def _is_fork(effect: CreateFork, session: Session) -> bool:
    found = _get(session, f"/repos/{effect.fork}")
    if found is None:
        return False
    parent = (found.get("parent") or {}).get("full_name", "")
    if str(found["full_name"]).lower() != effect.fork.lower():
        what = f"{effect.fork} was renamed to {found['full_name']}"
        raise UserError("not-the-fork", what, hint="give its name of today")
    if parent.lower() != effect.parent.lower():
        what = f"{effect.fork} is there, and is {f'a fork of {parent}' if parent else 'no fork'}"
        raise UserError("not-the-fork", what, hint="give another name")
    return True


@is_there.register
def _has_ruleset(effect: ProtectBranch, session: Session) -> bool:
    found = _ruleset(effect, session)
    return found is not None and _plain(found) == _plain(_wanted_ruleset(effect))


@is_there.register
def _has_environment(effect: ProtectEnvironment, session: Session) -> bool:
    wanted = {(one["type"], one["id"]) for one in _reviewers(effect, session)}
    found = _get(session, _environment(effect))
    rules = (found or {}).get("protection_rules") or []
    there = [one for one in rules if one.get("type") == "required_reviewers"]
    if len(there) != 1 or not there[0].get("prevent_self_review"):
        return False
    seen = {(one["type"], one["reviewer"]["id"]) for one in there[0].get("reviewers") or []}
    return seen == wanted


@is_there.register
def _is_limited(effect: LimitWorkflows, session: Session) -> bool:
    found = _get(session, _workflow_rights(effect)) or {}
    return all(found.get(name) == value for name, value in _limited().items())


@perform.register
def _create_fork(effect: CreateFork, session: Session) -> None:
    if is_there(effect, session):
        return
    owner, _, name = effect.fork.partition("/")
    body: Json = {"name": name, "default_branch_only": True}
    if session.login.lower() != owner.lower():
        body["organization"] = owner
    made = session.send("POST", f"/repos/{effect.parent}/forks", **body)
    if str(made["full_name"]).lower() != effect.fork.lower():
        what = f"{owner} has a fork already, {made['full_name']}"
        raise UserError("not-the-fork", what, hint="give that one, or rename it")
    for seconds in FORK_WAITS:
        if _get(session, f"/repos/{effect.fork}/git/ref/heads/{quote(made['default_branch'])}"):
            return
        session.patience.pause(seconds)
    raise UserError("not-yet", f"GitHub is still making {effect.fork}", hint="run it again later")


@perform.register
def _protect_branch(effect: ProtectBranch, session: Session) -> None:
    if is_there(effect, session):
        return
    found, path = _ruleset(effect, session), f"/repos/{effect.repository}/rulesets"
    if found is None:
        session.send("POST", path, **_wanted_ruleset(effect))
    else:
        session.send("PUT", f"{path}/{found['id']}", **_wanted_ruleset(effect))


@perform.register
def _protect_environment(effect: ProtectEnvironment, session: Session) -> None:
    if not is_there(effect, session):
        reviewers = _reviewers(effect, session)
        session.send("PUT", _environment(effect), prevent_self_review=True, reviewers=reviewers)


@perform.register
def _limit_workflows(effect: LimitWorkflows, session: Session) -> None:
    if not is_there(effect, session):
        session.send("PUT", _workflow_rights(effect), **_limited())


def _get(session: Session, path: str, **parameters: str) -> Any:
    """What is there; None where nothing is."""
    from github import UnknownObjectException

    try:
        return session.get(path, **parameters)
    except UnknownObjectException:
        return None


def _ruleset(effect: ProtectBranch, session: Session) -> Json | None:
    """The repository's own ruleset of that name, whole: a list of them leaves out the rules."""
    path = f"/repos/{effect.repository}/rulesets"
    found = _get(session, path, includes_parents="false", per_page="100") or []
    ours = next((one for one in found if one["name"] == effect.name), None)
    return session.get(f"{path}/{ours['id']}") if ours else None


def _wanted_ruleset(effect: ProtectBranch) -> Json:
    default = effect.branch.startswith("~")
    return {
        "name": effect.name,
        "target": "branch",
        "enforcement": "active",
        "bypass_actors": [
            {"actor_id": number, "actor_type": kind, "bypass_mode": "always"}
            for kind, number in effect.bypass
        ],
        "conditions": {
            "ref_name": {
                "include": [effect.branch if default else f"refs/heads/{effect.branch}"],
                "exclude": [],
            }
        },
        "rules": [_rule(one) for one in effect.rules],
    }


def _rule(rule: Rule) -> Json:
    return {"type": rule.type, **({"parameters": dict(rule.parameters)} if rule.parameters else {})}


def _plain(ruleset: Json) -> Json:
    """What of a ruleset we say, in one order; GitHub adds parameters of its own."""
    wanted = ("target", "enforcement", "conditions")
    return {name: ruleset.get(name) for name in wanted} | {
        "bypass": sorted(
            (one["actor_type"], one["actor_id"], one["bypass_mode"])
            for one in ruleset.get("bypass_actors") or []
        ),
        "rules": sorted((one["type"], _known(one)) for one in ruleset.get("rules") or []),
    }


def _known(rule: Json) -> tuple[tuple[str, str], ...]:
    """The parameters that we set, of a pull request's rule the only one that has any."""
    said = rule.get("parameters") or {}
    ours = {"required_approving_review_count", "dismiss_stale_reviews_on_push", "require_last_push_approval"}
    return tuple(sorted((name, str(value)) for name, value in said.items() if name in ours))


def _environment(effect: ProtectEnvironment) -> str:
    return f"/repos/{effect.repository}/environments/{quote(effect.name, safe='')}"


def _reviewers(effect: ProtectEnvironment, session: Session) -> list[Json]:
    """The numbers that GitHub knows them by."""
    found = []
    for name in effect.reviewers:
        org, _, slug = name.rpartition("/")
        path = (
            f"/orgs/{quote(org, safe='')}/teams/{quote(slug, safe='')}"
            if org
            else f"/users/{quote(slug, safe='')}"
        )
        one = _get(session, path)
        if one is None:
            hint = "correct it, or give the token members: read"
            raise UserError("no-reviewer", f"GitHub knows no {name}", where=effect.repository, hint=hint)
        found.append({"type": "Team" if org else "User", "id": one["id"]})
    return found


def _workflow_rights(effect: LimitWorkflows) -> str:
    return f"/repos/{effect.repository}/actions/permissions/workflow"


def _limited() -> Json:
    return {"default_workflow_permissions": "read", "can_approve_pull_request_reviews": False}

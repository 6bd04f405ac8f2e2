"""A repository's own rulesets: how one is said, and what is in force on a branch; nothing enforces it."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from typing import Any

from release_tools.sandbox.answers import Json, node, when
from release_tools.sandbox.errors import Refusal
from release_tools.sandbox.nouns import Repository, Ruleset
from release_tools.sandbox.world import World


def keep(
    world: World, repository: Repository, sent: Mapping[str, Any], there: Ruleset | None = None
) -> Ruleset:
    """A ruleset made, or changed, as it was sent.

    Raises:
      Refusal: 422 for a name that is taken.
    """
    name = sent.get("name") or (there.name if there else "")
    others = (one for one in repository.settings.rulesets.values() if one is not there)
    if not name or any(one.name == name for one in others):
        raise Refusal(422, "Validation Failed", ["Name must be unique"])
    now = world.clock.stamp()
    made = there or Ruleset(world.ids.next(), name, {}, now, now)
    made.name, made.updated_at = name, now
    made.said.update({key: value for key, value in sent.items() if key != "name"})
    repository.settings.rulesets[made.id] = made
    return made


def said(repository: Repository, one: Ruleset, *, whole: bool) -> Json:
    """A ruleset as GitHub says it; in a list without its rules."""
    short = {
        "id": one.id,
        "name": one.name,
        "target": one.said.get("target") or "branch",
        "source_type": "Repository",
        "source": repository.full_name,
        "enforcement": one.said["enforcement"],
        "node_id": node("RRS", one.id),
        "_links": {
            "self": {"href": f"{repository.api}/rulesets/{one.id}"},
            "html": {"href": f"{repository.html}/rules/{one.id}"},
        },
        "created_at": when(one.created_at),
        "updated_at": when(one.updated_at),
    }
    if not whole:
        return short
    return short | {
        "bypass_actors": one.said.get("bypass_actors") or [],
        "conditions": one.said.get("conditions") or {},
        "rules": one.said.get("rules") or [],
        "current_user_can_bypass": "never",
    }


def in_force(repository: Repository, branch: str) -> list[Json]:
    """The rules on a branch, each with the ruleset that it is from."""
    source = {"ruleset_source_type": "Repository", "ruleset_source": repository.full_name}
    return [
        {**rule, **source, "ruleset_id": one.id}
        for one in repository.settings.rulesets.values()
        if one.said["enforcement"] == "active" and _is_about(repository, one, branch)
        for rule in one.said.get("rules") or []
    ]


def _is_about(repository: Repository, one: Ruleset, branch: str) -> bool:
    names = (one.said.get("conditions") or {}).get("ref_name") or {}
    special = {"~ALL"} | ({"~DEFAULT_BRANCH"} if branch == repository.default_branch else set())

    def named(patterns: list[str]) -> bool:
        return any(it in special or fnmatch.fnmatchcase(f"refs/heads/{branch}", it) for it in patterns)

    return named(names.get("include") or []) and not named(names.get("exclude") or [])

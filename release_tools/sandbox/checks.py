"""Check runs: made, changed, and which of them count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from release_tools.sandbox.answers import checks as answers
from release_tools.sandbox.automation import CheckRun
from release_tools.sandbox.errors import invalid
from release_tools.sandbox.nouns import Repository
from release_tools.sandbox.people import Account
from release_tools.sandbox.world import World

STATUSES = ("queued", "in_progress", "completed", "waiting", "requested", "pending")
CONCLUSIONS = ("success", "failure", "neutral", "cancelled", "skipped", "timed_out", "action_required")


def create(world: World, repository: Repository, app: Account, sent: Mapping[str, Any]) -> CheckRun:
    """A new check run on a commit; an App has one suite a commit.

    Raises:
      Refusal: 422.
    """
    sha = repository.git.resolve(sent["head_sha"])
    if not sha:
        raise invalid("CheckRun", "head_sha", "custom", f"No commit found for SHA: {sent['head_sha']}")
    siblings = [one.suite for one in repository.checks.values() if (one.app, one.sha) == (app, sha)]
    suite = siblings[0] if siblings else world.ids.next()
    check = CheckRun(world.ids.next(), suite, app, sha, sent["name"], "queued", world.clock.stamp())
    change(world, check, sent)
    repository.checks[check.id] = check
    _emit(world, repository, check, "created")
    return check


def update(world: World, repository: Repository, check: CheckRun, sent: Mapping[str, Any]) -> None:
    """Change a check run.

    Raises:
      Refusal: 422.
    """
    world.clock.stamp()
    before = check.status
    change(world, check, sent)
    if check.status == "completed" != before:
        _emit(world, repository, check, "completed")


def change(world: World, check: CheckRun, sent: Mapping[str, Any]) -> None:
    """Take over what was sent; a conclusion completes a check run."""
    _refuse(sent)
    check.name = sent.get("name", check.name)
    check.external_id = sent.get("external_id", check.external_id)
    check.details_url = sent.get("details_url", check.details_url)
    check.status = "completed" if sent.get("conclusion") else sent.get("status", check.status)
    check.conclusion = sent.get("conclusion") if check.status == "completed" else None
    if "output" in sent:
        check.output.update(sent["output"])
    if check.status == "completed":
        check.completed_at = _time(sent.get("completed_at")) or world.clock.now
    else:
        check.completed_at = None
    check.started_at = _time(sent.get("started_at")) or check.started_at


def _refuse(sent: Mapping[str, Any]) -> None:
    status, conclusion = sent.get("status"), sent.get("conclusion")
    if status not in (None, *STATUSES):
        raise invalid("CheckRun", "status")
    if conclusion not in (None, *CONCLUSIONS) or (status == "completed" and not conclusion):
        raise invalid("CheckRun", "conclusion")
    output = sent.get("output")
    if output is not None and not (output.get("title") and output.get("summary")):
        raise invalid("CheckRun", "output", "missing_field")
    if any(len((output or {}).get(field) or "") > 65_535 for field in ("summary", "text")):
        raise invalid("CheckRun", "output", "invalid")


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def on(repository: Repository, sha: str) -> list[CheckRun]:
    """All check runs on a commit, newest first."""
    return [one for one in reversed(repository.checks.values()) if one.sha == sha]


def latest(checks: Iterable[CheckRun]) -> list[CheckRun]:
    """Of check runs, newest first, one for each name and suite."""
    chosen: dict[tuple[int, str], CheckRun] = {}
    for one in checks:
        chosen.setdefault((one.suite, one.name), one)
    return list(chosen.values())


def _emit(world: World, repository: Repository, check: CheckRun, action: str) -> None:
    world.events.emit(
        "check_run", repository, check.app, lambda: answers.event(repository, check, action, check.app)
    )

"""What GitHub wrote of the comment that started a workflow; read from a file, never interpolated."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from convergence.errors import UserError
from release_tools.model import GHOST, IssueComment, Person

RUN_VARIABLES = ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID")


@dataclass(frozen=True)
class Event:
    """A comment that was just written, changed or deleted.

    Attributes:
      created: whether it was just written.
      on_pull_request: and not on a plain issue.
      default_branch: of the repository.
      run: address of the workflow run that this is; empty outside of GitHub Actions.
    """

    repository: str
    default_branch: str
    number: int
    comment: IssueComment
    created: bool
    on_pull_request: bool
    run: str = ""


def read(path: Path, environment: Mapping[str, str]) -> Event:
    """The event of a comment.

    Raises:
      UserError: event, for a file that cannot be read or another event's.
    """
    try:
        payload = json.loads(path.read_text(encoding="utf-8"))
        return _event(payload, environment)
    except OSError as error:
        raise _refusal(path, error.strerror or "cannot be read") from error
    except (KeyError, TypeError, AttributeError, OverflowError) as error:
        raise _refusal(path, f"is no issue_comment event: {error}") from error
    except (ValueError, RecursionError) as error:
        raise _refusal(path, f"is not JSON: {error}") from error


def _event(payload: Mapping[str, Any], environment: Mapping[str, str]) -> Event:
    comment, issue = payload["comment"], payload["issue"]
    body = comment["body"] or ""
    if not isinstance(body, str):
        raise TypeError("body")
    return Event(
        repository=str(payload["repository"]["full_name"]),
        default_branch=str(payload["repository"]["default_branch"]),
        number=int(issue["number"]),
        comment=IssueComment(
            id=int(comment["id"]),
            author=_author(comment["user"]),
            body=body,
            created_at=datetime.fromisoformat(comment["created_at"]),
            url=str(comment["html_url"]),
            edited=comment["updated_at"] != comment["created_at"],
        ),
        created=payload["action"] == "created",
        on_pull_request="pull_request" in issue,
        run=_run(environment),
    )


def _author(user: Mapping[str, Any] | None) -> Person:
    """Who wrote it; GitHub says nothing of an account that is gone."""
    if not user:
        return GHOST
    return Person(str(user["login"]), int(user["id"]), bot=user.get("type", "User") != "User")


def _run(environment: Mapping[str, str]) -> str:
    server, repository, run = (environment.get(name, "") for name in RUN_VARIABLES)
    return f"{server}/{repository}/actions/runs/{run}" if server and repository and run.isdecimal() else ""


def _refusal(path: Path, reason: str) -> UserError:
    return UserError("event", f"{path} {reason}", hint="give the payload of an issue_comment event")

"""What GitHub's refusals mean to a person, as one line that says what would work; never whether to go on."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from convergence.errors import UserError
from release_tools.github.patience import headers_of, is_rate_limit

if TYPE_CHECKING:
    from github import GithubException

ACCEPTED = "x-accepted-github-permissions"


@contextlib.contextmanager
def explained(about: str, permission: str) -> Iterator[None]:
    """Turns what PyGithub and its connection raise into a UserError.

    Args:
      about: what was asked for, for people.
      permission: what the token needs for it, as GitHub's settings name it.

    Raises:
      UserError: bad-token, no-permission, not-found, rate-limit, refused, github-failing, unreachable,
        foreign-address.
    """
    from github import GithubException
    from requests.exceptions import RequestException, RetryError

    try:
        yield
    except GithubException as error:
        raise _explain(error, about, permission) from error
    except RetryError as error:
        raise UserError(
            "github-failing", f"GitHub fails: {error.args[0]}", where=about, hint="run it again later"
        ) from error
    except (RequestException, json.JSONDecodeError) as error:
        raise UserError(
            "unreachable",
            f"no answer from GitHub: {type(error).__name__}",
            where=about,
            hint="whether it was done is not known; running it again repeats nothing that was",
        ) from error
    except (AssertionError, RuntimeError) as error:  # PyGithub's own, for addresses in answers
        raise UserError(
            "foreign-address",
            f"an answer leads elsewhere: {error}",
            where=about,
            hint="the token goes to the configured address only; correct the address if GitHub moved",
        ) from error


def _explain(error: GithubException, about: str, permission: str) -> UserError:
    said = reason(error)
    if is_rate_limit(error):
        return UserError("rate-limit", f"GitHub refuses for now: {said}", where=about, hint="wait an hour")
    if error.status == 401:
        return UserError(
            "bad-token", f"GitHub does not accept the token: {said}", where=about, hint="make a new one"
        )
    if error.status in {403, 404}:
        return _no_access(error, about, permission)
    if error.status >= 500:
        return UserError(
            "github-failing", f"GitHub fails: {error.status} {said}", where=about, hint="run it again later"
        )
    return UserError("refused", f"GitHub refuses: {error.status} {said}", where=about)


def _no_access(error: GithubException, about: str, permission: str) -> UserError:
    needed = _accepted(error) or permission
    if error.status == 403:
        hint = f"give the token {needed}"
        return UserError("no-permission", f"the token may not: {reason(error)}", where=about, hint=hint)
    hint = f"correct its name, or give the token {needed} where it is private"
    return UserError("not-found", f"GitHub knows nothing of it: {reason(error)}", where=about, hint=hint)


def _accepted(error: GithubException) -> str:
    """The permissions that GitHub itself says would do: `issues=write; pull_requests=write`."""
    sets = headers_of(error).get(ACCEPTED, "").split(";")
    return " or ".join(one.strip().replace("=", ": ").replace("_", "-") for one in sets if one.strip())


def reason(error: GithubException) -> str:
    """What GitHub said, with what it says about each field."""
    data = error.data if isinstance(error.data, dict) else {}
    details = [_detail(one) for one in data.get("errors") or [] if one]
    said = str(data.get("message") or error.message or error.status)
    return f"{said} ({'; '.join(details)})" if details else said


def _detail(one: object) -> str:
    if not isinstance(one, dict):
        return str(one)
    return str(one.get("message") or " ".join(str(one[key]) for key in ("field", "code") if key in one))

"""How long to wait before asking GitHub again, and when to stop asking; never what is asked."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from convergence.errors import UserError

if TYPE_CHECKING:
    from github import GithubException, GithubRetry

ATTEMPTS = 5
LONGEST_SECONDS = 900.0
SECONDARY_SECONDS = 60.0  # GitHub: "wait for at least one minute" where it does not say how long
READ_BACKOFF_SECONDS = 1.0
WRITE_BACKOFF_SECONDS = 5.0  # a run that was started shows up in the list after seconds


@dataclass(frozen=True)
class Patience:
    """Waits as long as GitHub asks for, within reason.

    Attributes:
      wait: lets so many seconds pass.
      now: seconds since the epoch.
    """

    wait: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.time

    def pause(self, seconds: float) -> None:
        """Waits.

        Raises:
          UserError: rate-limit, where that would take longer than a job should stand still.
        """
        if seconds > LONGEST_SECONDS:
            raise UserError(
                "rate-limit",
                f"GitHub asks to wait {seconds:.0f} s",
                hint=f"run it again after that; at most {LONGEST_SECONDS:.0f} s are waited for",
            )
        if seconds > 0:
            self.wait(seconds)

    def for_reads(self) -> GithubRetry:
        """PyGithub's retry for what may be asked twice without a thought."""
        from github import GithubRetry

        pause = self.pause

        class Patient(GithubRetry):
            def sleep(self, response: Any = None) -> None:
                asked = self.get_retry_after(response) if response is not None else None
                pause(asked or self.get_backoff_time())

        return Patient(
            total=ATTEMPTS,
            backoff_factor=READ_BACKOFF_SECONDS,
            allowed_methods={"GET"},
            status_forcelist=[429, *range(500, 600)],
        )

    def until_done(self, once: Callable[[], None], forget: Callable[[], None]) -> None:
        """Does what may have to be done again: after a lost answer nobody knows whether it was done.

        Args:
          once: looks, and does what is not done yet.
          forget: makes the next look a fresh one.

        Raises:
          UserError: rate-limit.
          Exception: what `once` raised last.
        """
        for attempt in range(ATTEMPTS):
            try:
                return once()
            except Exception as error:
                seconds = self.before_next(error, attempt)
                if seconds is None or attempt == ATTEMPTS - 1:
                    raise
                forget()
                self.pause(seconds)
        raise AssertionError

    def before_next(self, error: Exception, attempt: int) -> float | None:
        """Seconds to wait after this error; None where asking again would change nothing."""
        from github import GithubException
        from requests.exceptions import RequestException, RetryError

        backoff = WRITE_BACKOFF_SECONDS * 2.0**attempt
        if isinstance(error, GithubException):
            return self._asked(error, attempt) if is_rate_limit(error) else _if_failing(error, backoff)
        if isinstance(error, RetryError):
            return None  # PyGithub's own retry has waited already
        return backoff if isinstance(error, (RequestException, json.JSONDecodeError)) else None

    def _asked(self, error: GithubException, attempt: int) -> float:
        headers = headers_of(error)
        if headers.get("retry-after", "").isdigit():
            return float(headers["retry-after"])
        if headers.get("x-ratelimit-remaining") == "0" and headers.get("x-ratelimit-reset", "").isdigit():
            return max(float(headers["x-ratelimit-reset"]) - self.now(), 0.0) + 1.0
        return SECONDARY_SECONDS * 2.0**attempt


def headers_of(error: GithubException) -> Mapping[str, str]:
    """The answer's headers, in lower case."""
    return {name.lower(): str(value) for name, value in (error.headers or {}).items()}


def is_refusal(error: Exception) -> bool:
    """Whether it is certain that nothing was done."""
    from github import GithubException

    return isinstance(error, GithubException) and error.status < 500


def is_rate_limit(error: GithubException) -> bool:
    """Whether GitHub refused only because of how much was asked: nothing was done."""
    from github import RateLimitExceededException

    headers = headers_of(error)
    spent = "retry-after" in headers or headers.get("x-ratelimit-remaining") == "0"
    return (
        error.status == 429
        or isinstance(error, RateLimitExceededException)
        or (error.status == 403 and spent)
    )


def _if_failing(error: GithubException, backoff: float) -> float | None:
    return backoff if error.status >= 500 else None

"""Webhooks: events with their payloads, signed as GitHub signs them, handed to whoever subscribed."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import urllib.request
import uuid
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from release_tools.sandbox.nouns import Repository
from release_tools.sandbox.people import Account, TokenKind

AGENT = "GitHub-Hookshot/sandbox"


@dataclass(frozen=True)
class Delivery:
    """One event.

    Attributes:
      event: `issue_comment`, `push` …; its action, if it has one, is in the payload.
      by_workflow: whether a workflow's own token caused it, so that GitHub starts no workflow for it.
    """

    id: str
    event: str
    payload: Mapping[str, Any]
    repository: Repository
    sender: Account
    by_workflow: bool = False

    @property
    def body(self) -> bytes:
        """What is sent, and signed."""
        return json.dumps(self.payload).encode()

    def headers(self, secret: str = "") -> dict[str, str]:
        """With a secret also its signature."""
        signature = {"X-Hub-Signature-256": sign(self.body, secret)} if secret else {}
        return {
            "Content-Type": "application/json",
            "User-Agent": AGENT,
            "X-GitHub-Delivery": self.id,
            "X-GitHub-Event": self.event,
            **signature,
        }


Subscriber = Callable[[Delivery], object]


def sign(body: bytes, secret: str) -> str:
    """The value of X-Hub-Signature-256."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def post_to(url: str, secret: str = "", timeout: float = 10) -> Subscriber:
    """A subscriber that sends each event to a URL."""

    def send(delivery: Delivery) -> None:
        headers = delivery.headers(secret)
        request = urllib.request.Request(url, delivery.body, headers, method="POST")  # noqa: S310
        with urllib.request.urlopen(request, timeout=timeout):  # noqa: S310 - the owner of the sandbox says where
            pass

    return send


class Events:
    """The subscribers, and what waits to be delivered until the request that caused it has been answered."""

    def __init__(self) -> None:
        self._subscribers: list[Subscriber] = []
        self._waiting: deque[Delivery] = deque()
        self._count = 0
        self.cause: TokenKind | None = None

    def subscribe(self, subscriber: Subscriber) -> None:
        """Have every event from now on, in order."""
        self._subscribers.append(subscriber)

    def emit(
        self,
        event: str,
        repository: Repository,
        sender: Account,
        payload: Callable[[], Mapping[str, Any]],
    ) -> None:
        """Take an event; its payload is made now, and only if somebody listens."""
        if not self._subscribers:
            return
        self._count += 1
        identity = str(uuid.UUID(int=self._count))
        by_workflow = self.cause is TokenKind.WORKFLOW
        self._waiting.append(Delivery(identity, event, payload(), repository, sender, by_workflow))

    def deliver(self) -> None:
        """Hand over what waits; a subscriber may cause more."""
        while delivery := self._next():
            for subscriber in self._subscribers:
                subscriber(delivery)

    def _next(self) -> Delivery | None:
        with contextlib.suppress(IndexError):  # another thread may have taken it
            return self._waiting.popleft()
        return None

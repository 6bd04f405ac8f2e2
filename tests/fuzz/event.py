"""The event of a comment, whose fields are what people wrote."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import damage
from heard import PAYLOAD

from release_tools import conversation, event
from release_tools.event import Event

GHOSTLY = copy.deepcopy(PAYLOAD)
GHOSTLY["comment"] |= {"user": None, "body": None}
RUN = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "o/r", "GITHUB_RUN_ID": "8"}
EXAMPLES = tuple(json.dumps(one).encode() for one in (PAYLOAD, GHOSTLY))
INPUTS = damage.trees([PAYLOAD, GHOSTLY])


def place(given: bytes, folder: Path) -> None:
    (folder / "event.json").write_bytes(given)


def read(given: bytes, folder: Path) -> Event:
    return event.read(folder / "event.json", RUN)


def holds(value: Event, given: bytes) -> None:
    said = value.comment
    texts = (value.repository, value.default_branch, said.author.login, said.body, said.url, value.run)
    assert all(isinstance(one, str) for one in texts)
    assert type(value.number) is type(said.id) is type(said.author.id) is int
    assert said.created_at is not None
    assert isinstance(conversation.addressed(value), bool)

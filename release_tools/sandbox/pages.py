"""Lists a page at a time, with GitHub's Link header; and what a request's body may hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import request

from release_tools.sandbox.access import world
from release_tools.sandbox.answers import Json
from release_tools.sandbox.errors import Refusal, invalid

Item = TypeVar("Item")
Answer = tuple[Any, int, dict[str, str]]
PER_PAGE, MOST = 30, 100


def page(items: Sequence[Item], render: Callable[[Item], Json], key: str = "", **more: Any) -> Answer:
    """The page of a list that was asked for.

    Args:
      key: where the list is in the answer, beside `total_count`; empty for an answer that is the list.
    """
    size = min(max(_number("per_page", PER_PAGE), 1), MOST)
    number = max(_number("page", 1), 1)
    shown = [render(item) for item in items[(number - 1) * size : number * size]]
    last = max(-(-len(items) // size), 1)
    body = {"total_count": len(items), key: shown, **more} if key else shown
    return body, 200, _links(number, last)


def _number(name: str, default: int) -> int:
    text = request.args.get(name, "")
    return int(text) if text.isdecimal() else default


def _links(number: int, last: int) -> dict[str, str]:
    wanted = {"prev": number - 1, "next": number + 1, "last": last, "first": 1}
    there = {"prev": number > 1, "next": number < last, "last": number < last, "first": number > 1}
    links = [f'<{_address(at)}>; rel="{name}"' for name, at in wanted.items() if there[name]]
    return {"Link": ", ".join(links)} if links else {}


def _address(number: int) -> str:
    query = urlencode({**request.args.to_dict(), "page": number})
    return f"{world().site.api}{request.path}?{query}"


def body(*also: type) -> Any:
    """What was sent, which is a JSON object (or `also` something of another type), or nothing.

    Raises:
      Refusal: 400.
    """
    if not request.get_data():
        return {}
    sent = request.get_json(force=True, silent=True)
    if not isinstance(sent, (dict, *also)):
        raise Refusal(400, "Problems parsing JSON")
    return sent


def required(sent: Json, resource: str, *fields: str) -> None:
    """Refuse a body in which one of these is missing, empty or no text."""
    for field in fields:
        if sent.get(field) in (None, ""):
            raise invalid(resource, field, "missing_field")
        if not isinstance(sent[field], str):
            raise invalid(resource, field, "invalid")


def one_of(sent: Json, resource: str, field: str, choices: Sequence[str]) -> None:
    """Refuse a value that GitHub does not know; one that is missing is fine."""
    if sent.get(field) is not None and sent[field] not in choices:
        raise invalid(resource, field, "invalid")

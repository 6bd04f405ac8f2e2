"""What GitHub publishes of its API, read from a client generated from it; the sandbox is judged by it."""

from __future__ import annotations

import builtins
import functools
import importlib
import pkgutil
import re
import typing
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pydantic
from githubkit import compat
from githubkit_schemas.latest import models, webhooks

from release_tools.sandbox.app import Exchange
from release_tools.sandbox.events import Delivery

HEAD = re.compile(r"\n        (GET|POST|PUT|PATCH|DELETE) (/\S*)\n")
RESPONSE = re.compile(r"response_model=(.*?),\n        (?:    \w|\))", re.DOTALL)
TOLERATED = {
    "assignee": "in answers of 2022-11-28, which clients get that name no version, and in events",
    "merge_commit_sha": "as assignee",
    "status": "in every error's answer today, documented for some",
    "archived_at": "missing from one of the five shapes of a label",
    "archived_by": "as archived_at",
}
BODY = re.compile(r"type_validate_python\(\s*(.*?),\s*json", re.DOTALL)
INVALID = "Union[ValidationError, ValidationErrorSimple, BasicError]"
ERROR = re.compile(r'"(\d{3})": (.*?),\n(?= +["}])', re.DOTALL)


class _Names(dict[str, Any]):
    """The names in the client's source; its models are loaded when they are first asked for."""

    def __missing__(self, name: str) -> Any:
        holders = (holder for holder in (models, compat, typing, pydantic, builtins) if hasattr(holder, name))
        return getattr(next(holders), name)


@dataclass(frozen=True)
class Operation:
    """A documented call: the types of what is sent and of what comes back, by name; empty for nothing."""

    body: str
    response: str
    errors: dict[int, str]


def anonymous(route: str) -> str:
    """A route whatever its variables are called."""
    return re.sub(r"\{[^}]*\}", "{}", route)


@functools.cache
def operations() -> dict[tuple[str, str], Operation]:
    """All documented calls, by method and route."""
    package = importlib.import_module(_versioned())
    found: dict[tuple[str, str], Operation] = {}
    for module in pkgutil.iter_modules(package.__path__):
        text = Path(package.__path__[0], f"{module.name}.py").read_text(encoding="utf-8")
        found.update(_operations(text))
    return found


def _versioned() -> str:
    return f"{models.SimpleUser.__module__.partition('.models')[0]}.rest"


def _operations(text: str) -> Iterator[tuple[tuple[str, str], Operation]]:
    for function in re.split(r"\n    (?:async )?def |\n    @overload", text):
        head = HEAD.search(function)
        if head:
            method, route = head.groups()
            response, body = RESPONSE.search(function), BODY.search(function)
            errors = {int(status): name for status, name in ERROR.findall(function)}
            names = [match.group(1) if match else "" for match in (body, response)]
            yield (method, anonymous(route)), Operation(*names, errors)


@functools.cache
def parser(name: str) -> pydantic.TypeAdapter[Any]:
    """Of a type as the client's source names it."""
    return pydantic.TypeAdapter(eval(name, {}, _Names()))  # a name from an installed package


def faults(name: str, value: Any) -> list[str]:
    """What is wrong with a value that should be of a documented type."""
    try:
        parsed = parser(name).validate_python(value)
    except pydantic.ValidationError as error:
        return [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
    return list(_unknown(parsed, value))


def _unknown(parsed: Any, value: Any, at: str = "") -> Iterator[str]:
    """Fields that the documented type does not have."""
    if isinstance(parsed, pydantic.BaseModel) and isinstance(value, dict):
        fields = {info.alias or name: name for name, info in type(parsed).model_fields.items()}
        for key, inner in value.items():
            if key in fields:
                yield from _unknown(getattr(parsed, fields[key]), inner, f"{at}.{key}")
            elif type(parsed).model_config.get("extra") != "allow" and key not in TOLERATED:
                yield f"{at}.{key}: not a field of {type(parsed).__name__}"
    elif isinstance(parsed, list) and isinstance(value, list):
        for number, pair in enumerate(zip(parsed, value, strict=True)):
            yield from _unknown(*pair, f"{at}.{number}")


@dataclass
class Judge:
    """Collects whatever the sandbox answers, accepts or sends that GitHub does not document."""

    found: list[str] = field(default_factory=list)
    seen: set[tuple[str, str]] = field(default_factory=set)

    def __call__(self, exchange: Exchange) -> None:
        key = exchange.method, anonymous(exchange.route)
        operation = operations().get(key)
        if not operation:
            self.found.append(f"{' '.join(key)} is not documented")
            return
        self.seen.add(key)
        for what, name, value in self._parts(exchange, operation):
            wrong = faults(name, value) if name else ["nothing is documented"]
            title = f"{exchange.method} {exchange.route} {exchange.status} {what}"
            self.found += [f"{title}: {fault}" for fault in wrong]

    def _parts(self, exchange: Exchange, operation: Operation) -> Iterator[tuple[str, str, Any]]:
        succeeded = exchange.status < 400
        if succeeded and exchange.sent is not None:
            yield "body", operation.body, exchange.sent
        if succeeded and exchange.answer is not None:
            yield "answer", operation.response, exchange.answer
        if not succeeded:
            default = INVALID if exchange.status == 422 else "BasicError"
            yield "error", operation.errors.get(exchange.status, default), exchange.answer

    def hear(self, delivery: Delivery) -> None:
        """A subscriber."""
        words = delivery.event.split("_")
        kind = getattr(webhooks, "".join(map(str.capitalize, words)) + "Event")
        try:
            parsed = pydantic.TypeAdapter(kind).validate_python(delivery.payload)
        except pydantic.ValidationError as error:
            wrong = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
        else:
            wrong = list(_unknown(parsed, delivery.payload))
        self.found += [
            f"event {delivery.event} {delivery.payload.get('action', '')}: {fault}" for fault in wrong
        ]

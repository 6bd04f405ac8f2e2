"""How GitHub says no: its status codes and the shape of its error answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

DOCUMENTATION = "https://docs.github.com/rest"


class Refusal(Exception):  # noqa: N818 - an answer rather than a fault
    """An answer other than success."""

    def __init__(
        self,
        status: int,
        message: str,
        errors: Sequence[Mapping[str, str] | str] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = list(errors)
        self.headers = dict(headers or {})

    def body(self) -> dict[str, Any]:
        """What is sent."""
        errors = {"errors": self.errors} if self.errors else {}
        return {
            "message": self.message,
            **errors,
            "documentation_url": DOCUMENTATION,
            "status": str(self.status),
        }


def not_found() -> Refusal:
    """Nothing there, or nothing that this caller may know of."""
    return Refusal(404, "Not Found")


def not_for_integrations() -> Refusal:
    """A workflow's or App's token lacks the permission."""
    return Refusal(403, "Resource not accessible by integration")


def invalid(resource: str, field: str, code: str = "invalid", message: str = "") -> Refusal:
    """A field that GitHub cannot accept; `code` is one of its own words, or `custom` with a message."""
    said = {"message": message} if message else {}
    return Refusal(422, "Validation Failed", [{"resource": resource, "field": field, "code": code, **said}])

"""Edits of a file's text, as scripts state them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from convergence.model import UserError


@dataclass(frozen=True)
class Edit:
    """In place of `before` there is `after`; or all lines that hold `drop` go.

    Attributes:
      path: of the file.
    """

    path: str
    before: str = ""
    after: str = ""
    drop: str = ""

    @staticmethod
    def read(told: Mapping[str, Any]) -> Edit:
        """As a script states it."""
        return Edit(**told)


def edited(text: str, edit: Edit) -> str:
    """The text with the edit.

    Raises:
      UserError: play, where there is nothing to edit.
    """
    if edit.drop:
        lines = text.splitlines(keepends=True)
        changed = "".join(line for line in lines if edit.drop not in line)
    else:
        changed = text.replace(edit.before, edit.after)
    if changed == text:
        raise UserError("play", f"nothing to edit: {edit.drop or edit.before!r}", where=edit.path)
    return changed

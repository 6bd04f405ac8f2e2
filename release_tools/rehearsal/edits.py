"""Edits of a file's text, as scripts state them."""

from __future__ import annotations

from dataclasses import dataclass

from convergence.errors import UserError
from release_tools.rehearsal.values import Table


@dataclass(frozen=True)
class Edit(Table):
    """In place of `before` there is `after`; or all lines that hold `drop` go.

    Attributes:
      path: of the file.
    """

    path: str
    before: str = ""
    after: str = ""
    drop: str = ""

    def __post_init__(self) -> None:
        if bool(self.before) == bool(self.drop):
            raise ValueError("an edit has one of: before, drop")


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

"""What a person can mend: said in one line, with what would work."""

from __future__ import annotations

from typing import Any

LONGEST = 1000  # characters of a part of an error
PASSING = frozenset({"github-failing", "index-unreachable", "rate-limit", "unreachable"})


class UserError(Exception):
    """Something a person can mend: what happened, where, and what would work.

    Attributes:
      code: short, stable, kebab-case; shown as `error[code]`.
    """

    def __init__(self, code: str, what: str, *, where: str = "", hint: str = "") -> None:
        self.code, self.what, self.where, self.hint = code, what, where, hint
        super().__init__(str(self))

    @property
    def passes(self) -> bool:
        """Whether it passes by itself: GitHub or an index does not answer, and says nothing with that."""
        return self.code in PASSING

    def __reduce__(self) -> tuple[Any, ...]:
        return _user_error, (self.code, self.what, self.where, self.hint)

    def __str__(self) -> str:
        parts = [one_line(part) for part in (self.what, self.where, self.hint) if part]
        return f"error[{self.code}]: " + "; ".join(parts)


def one_line(text: str) -> str:
    """The text without what would move a terminal's cursor, and no longer than people read."""
    lines = (line.strip() for line in text[: 2 * LONGEST].splitlines())
    said = "".join(
        c if c.isprintable() else repr(c)[1:-1] for c in " | ".join(line for line in lines if line)
    )
    whole = len(said) <= LONGEST and len(text) <= 2 * LONGEST
    return said if whole else f"{said[: LONGEST - 1]}…"


def _user_error(code: str, what: str, where: str, hint: str) -> UserError:
    return UserError(code, what, where=where, hint=hint)

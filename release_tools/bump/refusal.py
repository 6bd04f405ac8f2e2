"""Why a minimum version is not raised: a code, a place, the text there and what would work."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from pathlib import Path

from convergence.errors import one_line


class Code(enum.Enum):
    """The first word of a refusal."""

    NOT_DECLARED = "not-declared"
    PINNED = "pinned"
    UPPER_BOUND_CONFLICT = "upper-bound-conflict"
    EXCLUDED = "excluded"
    DIRECT_REFERENCE = "direct-reference"
    HASHED = "hashed"
    GENERATED_FILE = "generated-file"
    UNPARSEABLE = "unparseable"
    DYNAMIC = "dynamic"
    PRERELEASE = "prerelease"
    UNSUPPORTED = "unsupported"
    # Of the verification, which asks the package index.
    NO_SUCH_VERSION = "no-such-version"
    YANKED = "yanked"
    REQUIRES_PYTHON = "requires-python"
    DOES_NOT_RESOLVE = "does-not-resolve"
    # Of a pull request, which people had a hand in.
    BRANCH_NOT_OURS = "branch-not-ours"
    CLOSED = "closed"


@dataclass(frozen=True)
class Reason:
    """What stands in the way, and what would work."""

    code: Code
    what: str
    works: str


@dataclass(frozen=True)
class Refusal:
    """A reason and where it lies; `line` is 0 for a whole file, `path` None for no file."""

    reason: Reason
    path: Path | None = None
    line: int = 0
    text: str = ""

    def __str__(self) -> str:
        place = "" if self.path is None else f"{self.path}:{self.line}" if self.line else str(self.path)
        said = f"{place}: {self.text}" if self.text else place
        parts = map(one_line, (self.reason.what, said, self.reason.works))
        return f"refused[{self.reason.code.value}]: " + "; ".join(part for part in parts if part)

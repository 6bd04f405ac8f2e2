"""The nouns of a release: what is planned, what each gate says, and what comes of it; does no I/O."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import ClassVar

from convergence.model import STRICT


@dataclass(frozen=True)
class GateResult:
    """What one gate says of a release.

    Attributes:
      reason: one line; with `passed`, what it rests on.
      url: where to see it, if anywhere.
      overridden: who has taken its refusal on themselves, and why; empty if nobody did.
    """

    __pydantic_config__: ClassVar = STRICT

    gate: str
    passed: bool
    reason: str
    url: str = ""
    overridden: str = ""

    @property
    def refuses(self) -> bool:
        """Whether it stops the release."""
        return not (self.passed or self.overridden)


@dataclass(frozen=True)
class Release:
    """A release that is made: its commit, its wheel, and what was said for it."""

    __pydantic_config__: ClassVar = STRICT

    version: str
    sha: str
    wheel_sha256: str
    notes: str
    gates: tuple[GateResult, ...]


@dataclass(frozen=True)
class PlannedFile:
    """A file of the release commit, as it shall be.

    Attributes:
      blob: git's name of the content.
    """

    __pydantic_config__: ClassVar = STRICT

    path: str
    content: str
    mode: str = "100644"

    @property
    def blob(self) -> str:
        """The name that git gives the content."""
        content = self.content.encode()
        head = f"blob {len(content)}\0".encode()
        return hashlib.sha1(head + content, usedforsecurity=False).hexdigest()


@dataclass(frozen=True)
class Bump:
    """A repository whose minimum rises after the release, and for the sake of which techniques."""

    __pydantic_config__: ClassVar = STRICT

    repository: str
    techniques: tuple[str, ...]


@dataclass(frozen=True)
class PlannedWheel:
    """The wheel of the release commit.

    Attributes:
      sha256: of the file as built from the commit as planned; the commit that lands has another time, and so
        a wheel with other time stamps.
      content_digest: of what it installs, without version.py: this does not change.
    """

    __pydantic_config__: ClassVar = STRICT

    name: str
    sha256: str
    content_digest: str
    requires: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReleasePlan:
    """Everything that is fixed before a release is made.

    Attributes:
      release: its version; `version` is that of the plan's format.
      repository: `owner/name` of TFMOT.
      branch: that the release lands on; `base` is its commit that was looked at.
      since: the tag that the changes are counted from; empty for a first release.
      commit: the release commit as it would be; GitHub's has another time. `tree` is what both hold.
      files: what the commit changes; none where the version has landed already, and `base` is the release.
      findings: what a person should look at before going on.
    """

    __pydantic_config__: ClassVar = STRICT

    release: str
    tag: str
    repository: str
    branch: str
    base: str
    since: str
    commit: str
    tree: str
    message: str
    files: tuple[PlannedFile, ...]
    diff: str
    notes: str
    credits: tuple[str, ...]
    wheel: PlannedWheel
    gates: tuple[GateResult, ...]
    bumps: tuple[Bump, ...]
    findings: tuple[str, ...] = ()

    @property
    def refused_by(self) -> tuple[GateResult, ...]:
        """The gates that stop it."""
        return tuple(one for one in self.gates if one.refuses)

    @property
    def stable(self) -> bool:
        """Whether it is no release candidate."""
        return "rc" not in self.release

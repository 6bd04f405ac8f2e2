"""What the doctor looks at: a tree, a wheel, the release before it, and trials in clean environments.

Everything is read once, by `gather`, so that checks only compare values.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from packaging.requirements import Requirement
from packaging.version import Version

from release_tools.doctor.findings import Finding, Untold


class Need(enum.Enum):
    """What a check cannot do without."""

    TREE = "a source tree"
    WHEEL = "a wheel"
    PREVIOUS = "the release before"
    PREVIOUS_TREE = "the tree of the release before"
    PREVIOUS_WHEEL = "the wheel of the release before"
    ENVIRONMENTS = "environments to install into"


@dataclass(frozen=True)
class Tree:
    """A commit's files, as far as a check reads them.

    Attributes:
      name: its tag, or its abbreviated commit id.
      version: as version.py says; None if that cannot be told, and `version_error` says why.
      texts: of modules, BUILD files, setup.py, requirements.txt, RELEASE.md and licences, by path.
      digests: sha256 of every file, by path.
      time: of the commit.
      shipped: what the BUILD targets name; None if the walk failed, and `walk_error` says why.
    """

    name: str
    sha: str
    version: Version | None
    texts: Mapping[str, str]
    digests: Mapping[str, str]
    shipped: tuple[str, ...] | None
    version_error: str = ""
    walk_error: str = ""
    time: datetime | None = None


@dataclass(frozen=True)
class Wheel:
    """A wheel that agrees with its own RECORD.

    Attributes:
      tag: `py2.py3-none-any`.
      members: sha256 of what it installs, by path, without dist-info.
      info: names in dist-info, without that folder's.
      texts: of its modules.
      built: the latest time that a member bears, which has no time zone; None where there is no telling.
    """

    name: str
    version: Version
    tag: str
    requires: tuple[Requirement, ...]
    requires_python: str
    members: Mapping[str, str]
    info: tuple[str, ...]
    texts: Mapping[str, str]
    built: datetime | None = None


@dataclass(frozen=True)
class Trial:
    """The wheel in a clean environment beside one TensorFlow.

    Attributes:
      role: `oldest` or `newest` supported.
      why: where the version comes from.
      installed: the version and Requires-Python of what pip chose, by name.
      failures: why modules do not import, by name.
      refused: why pip would not install them together.
      untold: why nothing could be tried.
    """

    role: str
    tensorflow: str
    why: str
    python: str
    modules: int = 0
    installed: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    failures: Mapping[str, str] = field(default_factory=dict)
    refused: str = ""
    untold: str = ""


@dataclass(frozen=True)
class Subject:
    """All that a check may look at.

    Attributes:
      name: what was asked for.
      tag: of the commit; empty if it has none.
      expected: the version that it shall be released as: the tag's, or the one asked for.
      wheel_from: `published`, `built from the tree` or `given`.
      newest: version on the index of what the wheel requires, by name; without those not asked for.
      beforehand: what gathering found or could not find out.
    """

    name: str
    tag: str = ""
    expected: Version | None = None
    tree: Tree | None = None
    wheel: Wheel | None = None
    wheel_from: str = ""
    previous_version: Version | None = None
    previous_tree: Tree | None = None
    previous_wheel: Wheel | None = None
    trials: tuple[Trial, ...] = ()
    newest: Mapping[str, Version] = field(default_factory=dict)
    beforehand: tuple[Finding | Untold, ...] = ()

    def lacks(self, need: Need) -> bool:
        """Whether it does not have what a check needs."""
        return not {
            Need.TREE: self.tree,
            Need.WHEEL: self.wheel,
            Need.PREVIOUS: self.previous_tree or self.previous_wheel,
            Need.PREVIOUS_TREE: self.previous_tree,
            Need.PREVIOUS_WHEEL: self.previous_wheel,
            Need.ENVIRONMENTS: self.trials,
        }[need]

    @property
    def version(self) -> Version | None:
        """The version it shall be, or says it is."""
        own = self.tree.version if self.tree else None
        return self.expected or own or (self.wheel.version if self.wheel else None)

    @property
    def notes_for(self) -> Version | None:
        """The version whose notes count; None is the release to come, as on a commit after a release."""
        if self.expected or self.tree is None:
            return self.version
        return None if self.tree.version == self.previous_version else self.tree.version

    @property
    def place(self) -> str:
        """The tree's name, to point into it."""
        return self.tree.name if self.tree else self.name

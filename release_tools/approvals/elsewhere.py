"""What the package index has and what a commit's files require: read through pip and git, and never run.

A wheel's or an example's code is looked at as text only, so that this may stand beside a token.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from packaging.version import Version

from convergence import techniques
from convergence.errors import UserError
from release_tools import bump
from release_tools.approvals import words
from release_tools.approvals.facts import Installed, Minimum, Published, Unknown
from release_tools.approvals.patches import PACKAGE
from release_tools.bump import declarations, floors, published, symbols
from release_tools.bump.published import Release
from release_tools.bump.reading import Package
from release_tools.bump.surface import Surface
from release_tools.model import PullRequest
from release_tools.wheel import wheelfile

TFMOT = Package(PACKAGE)
ROOT = "tensorflow_model_optimization"
NEWEST = 5  # releases among which that with the content is looked for
Fetch = Callable[[str, str, Path], str]  # address, ref and folder → the commit


class Index(Protocol):
    """What is asked of the package index; `bump.published` is one."""

    def versions(self, package: Package) -> tuple[Version, ...]:
        """The final releases, oldest first; UserError where there are none."""

    def wheel(self, package: Package, version: Version) -> Path:
        """A version's wheel."""

    def release(self, package: Package, version: Version) -> Release | tuple[Version, ...]:
        """A version as the index describes it."""


class Elsewhere:
    """The index that pip is set to, and GitHub's git.

    Args:
      address: of a repository for git; `fetch` has a ref's files in a folder.
    """

    def __init__(self, address: Callable[[str], str], fetch: Fetch, index: Index = published) -> None:
        self._address, self._fetch, self._index = address, fetch, index

    def release(self, technique: str, content_digest: str) -> Published | Unknown | None:
        """The stable release with this content, or else the newest; None where there is none."""
        try:
            versions = self._index.versions(TFMOT)
        except UserError as error:
            return None if error.code == "not-published" else Unknown(error.what)
        try:
            digests = {one: self._digest(one) for one in reversed(versions[-NEWEST:])}
            chosen = next((one for one, digest in digests.items() if digest == content_digest), versions[-1])
            return self._published(chosen, digests[chosen], technique)
        except UserError as error:
            return Unknown(error.what)

    def minimum(self, pull: PullRequest, version: str) -> Minimum | Unknown:
        """Whether `bump-min-version` would change nothing on the head, and refuse nothing."""
        try:
            with self._files(pull) as folder, contextlib.chdir(folder):
                found = declarations.search([Path()], TFMOT)
                decision = bump.decide(found, bump.Target(TFMOT, Version(version)), floors.Options())
        except UserError as error:
            return Unknown(error.what)
        if decision.refusals:
            return Minimum(False, str(decision.refusals[0].reason.what))
        stated = [f"{one.path}: {one.before or words.ANY}" for one in (*decision.raised, *decision.unchanged)]
        return Minimum(not decision.raised, ", ".join(stated[:3]))

    def installed(self, pull: PullRequest, version: str, files: Sequence[str]) -> Installed | Unknown:
        """Whether pip has that version to install, and it has every name that these files use."""
        try:
            found = self._index.release(TFMOT, Version(version))
            if not isinstance(found, Release) or found.yanked:
                return Installed(False, words.not_to_be_had(version))
            surface = Surface(self._index.wheel(TFMOT, Version(version)))
            with self._files(pull) as folder:
                used = sorted({one.symbol for one in symbols.used([folder / one for one in files], ROOT)})
        except UserError as error:
            return Unknown(error.what)
        lacking = [name for name in used if not surface.has(name)]
        if lacking:
            return Installed(False, words.missing(version, lacking))
        return Installed(True, words.usable(version, len(used)))

    def _published(self, version: Version, digest: str, technique: str) -> Published | Unknown:
        names = _names(technique)
        if not names:
            return Unknown(words.no_names(technique))
        surface = Surface(self._index.wheel(TFMOT, version))
        found = self._index.release(TFMOT, version)
        yanked = not isinstance(found, Release) or found.yanked
        missing = tuple(name for name in names if not surface.has(name))
        return Published(str(version), digest, yanked, missing)

    def _digest(self, version: Version) -> str:
        return wheelfile.read(self._index.wheel(TFMOT, version)).content_digest

    @contextlib.contextmanager
    def _files(self, pull: PullRequest) -> Iterator[Path]:
        """The head's files, as git has them.

        Raises:
          UserError: moved-meanwhile, and those of the fetch.
        """
        with tempfile.TemporaryDirectory(prefix="release-tools-") as scratch:
            folder = Path(scratch).resolve() / "files"
            folder.mkdir()
            ref = f"refs/pull/{pull.number}/head"
            if self._fetch(self._address(pull.repository), ref, folder) != pull.head_sha:
                raise UserError("moved-meanwhile", words.MOVED, where=pull.url)
            yield folder


def _names(technique: str) -> Sequence[str]:
    """What our own file on the technique uses of TFMOT: those are the technique's names."""
    path = Path(techniques.__path__[0], f"{technique}.py")
    return sorted({one.symbol for one in symbols.used([path], ROOT)}) if path.is_file() else ()

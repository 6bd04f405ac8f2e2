"""What the package index has: versions, metadata and wheels, through pip with the user's own settings."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

from convergence.errors import UserError
from release_tools import cache, shell
from release_tools.bump.reading import Package
from release_tools.wheel import builder

QUIET = ("--disable-pip-version-check", "--no-input")
LISTED = re.compile(r"\(from versions: (?P<versions>[^)]*)\)")
UNREACHABLE = re.compile(
    r"Retrying \(|Could not fetch URL|connection error|Failed to establish|Temporary failure|"
    r"HTTP error (?!404)\d|Network is unreachable|ProxyError|SSLError|Read timed out",
    re.I,
)
HOURS = 3600


@dataclass(frozen=True)
class Release:
    """One version as the index describes it."""

    version: Version
    yanked: bool
    requires_python: str


def release(package: Package, version: Version) -> Release | tuple[Version, ...]:
    """A version on the index; where there is none, the versions that are.

    Raises:
      UserError: `index-unreachable`.
    """
    asked = ["install", "--quiet", "--dry-run", "--no-deps", "--ignore-installed", "--ignore-requires-python"]
    words = [*asked, "--only-binary", ":all:", "--report", "-", f"{package.name}=={version}"]
    done = _pip(words, timeout=HOURS / 6)
    if done.status:
        listed = LISTED.search(done.err)
        return _versions(listed["versions"].split(", ") if listed else [])
    found: dict[str, Any] = json.loads(done.out)["install"][0]
    metadata = found["metadata"]
    yanked = bool(found.get("is_yanked")) or "yanked version" in done.err
    return Release(Version(metadata["version"]), yanked, metadata.get("requires_python", ""))


def versions(package: Package) -> tuple[Version, ...]:
    """The final releases on the index, oldest first.

    Raises:
      UserError: `index-unreachable`, `not-published`.
    """
    done = _pip(["index", "versions", package.name], timeout=HOURS / 6)
    listed = re.search(r"^Available versions: (?P<versions>.*)$", done.out, re.M)
    if listed is None:
        raise UserError(
            "not-published", f"the index has no releases of {package.name}", hint="check its name"
        )
    return tuple(
        version for version in _versions(listed["versions"].split(", ")) if not version.is_prerelease
    )


def wheel(package: Package, version: Version) -> Path:
    """The version's wheel, downloaded once and then kept.

    Raises:
      UserError: `index-unreachable`, `not-published`.
    """
    folder = cache.root() / "published" / package.name / str(version)
    filled = cache.fill(
        folder, lambda made: _download(package, version, made), lambda made: bool(_wheels(made))
    )
    return _wheels(filled)[0]


def resolve(requirements: Sequence[str], *, wheels_only: bool) -> str:
    """Why pip's resolver finds no versions that meet all requirements; nothing if it does.

    Args:
      wheels_only: whether packages without a wheel, which pip would have to build, do not count.

    Raises:
      UserError: `index-unreachable`.
    """
    chosen = ["--only-binary", ":all:"] if wheels_only else ["--prefer-binary"]
    with tempfile.TemporaryDirectory(prefix="release-tools-") as scratch:
        report: list[str | Path] = ["--report", Path(scratch, "report.json")]
        words = [
            "install",
            "--quiet",
            "--dry-run",
            "--ignore-installed",
            *chosen,
            *report,
            "--",
            *requirements,
        ]
        done = _pip(words, timeout=HOURS / 2)
    errors = [line.removeprefix("ERROR: ") for line in done.err.splitlines() if line.startswith("ERROR:")]
    return (errors or [done.tail(1)])[0][:400] if done.status else ""


def _download(package: Package, version: Version, folder: Path) -> None:
    folder.mkdir()
    asked = ["download", "--quiet", "--no-deps", "--ignore-requires-python", "--only-binary", ":all:"]
    done = _pip([*asked, "--dest", folder, f"{package.name}=={version}"], timeout=HOURS / 6)
    if done.status or not _wheels(folder):
        raise UserError(
            "not-published", f"the index has no wheel of {package.name} {version}", where=done.tail(1)
        )


def _wheels(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.whl"))


def _pip(words: Sequence[str | Path], *, timeout: float) -> shell.Finished:
    """Run pip as the user has it, away from our tokens.

    Raises:
      UserError: `index-unreachable`.
    """
    python = sys.executable if importlib.util.find_spec("pip") else builder.get().python
    environment = shell.environment(*builder.INDEX_VARIABLES, prefixes=builder.INDEX_PREFIXES)
    command = [python, "-I", "-m", "pip", words[0], *QUIET, *words[1:]]
    done = shell.run(command, env=environment, timeout=timeout, check=False)
    if done.status and UNREACHABLE.search(done.err):
        raise UserError(
            "index-unreachable", "the package index did not answer", hint="--no-verify does not ask it"
        )
    return done


def _versions(names: Sequence[str]) -> tuple[Version, ...]:
    found = []
    for name in names:
        try:
            found.append(Version(name))
        except InvalidVersion:
            continue
    return tuple(sorted(found))

"""Makes the plan of a release: notes, files, commit, wheel, gates; it writes to the local cache only."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.version import Version

from convergence.errors import UserError
from convergence.model import Recipe
from release_tools import gates, wheel
from release_tools.policy import Policy
from release_tools.release import evidence, repository, versions
from release_tools.release import notes as release_notes
from release_tools.release.changes import Change, credited
from release_tools.release.nouns import Bump, PlannedFile, PlannedWheel, ReleasePlan
from release_tools.release.requirements import LISTED, SETUP, align
from release_tools.wheel import environment, source, tfmot, wheelfile
from release_tools.wheel.provenance import FILE_NAME
from release_tools.wheel.provenance import read as read_provenance

Say = Callable[[str], None]


@dataclass(frozen=True)
class Asked:
    """What a maintainer asks for.

    Attributes:
      source: where git fetches `repository` from.
      branch: that the release lands on.
      ref: commit of it to release from.
      tested: what it was tested against, for the notes.
      built: folder of a wheel that another job built from exactly this commit; None to build it here.
      base: under the environment in which the wheel is imported.
    """

    version: Version
    repository: str
    source: str
    branch: str
    ref: str = ""
    tested: str = ""
    built: Path | None = None
    base: environment.Base | None = None


@dataclass(frozen=True)
class _Content:
    """What the release commit brings, and what was seen on the way."""

    files: tuple[PlannedFile, ...]
    notes: str
    credits: tuple[str, ...]
    findings: tuple[str, ...]


def make(
    asked: Asked,
    policy: Policy,
    recipes: Mapping[str, Recipe],
    hub: evidence.Reader,
    known: evidence.Known,
    say: Say,
) -> ReleasePlan:
    """The whole plan.

    Raises:
      UserError: for whatever keeps the commit from becoming a release.
    """
    say(f"Fetching {asked.repository}")
    commit = source.find(asked.source, asked.ref or asked.branch)
    since = repository.last_release(commit, asked.version)
    _require_free(commit, asked.version)
    changes = repository.changed(commit, since, policy.is_bot)
    content = _content(asked, commit, changes)
    message = f"Update release notes and version for TFMOT release {asked.version}.\n"
    made = _commit(commit, content, message)
    built, found = _built(asked, made.sha, say)
    say("Asking the gates")
    subject = evidence.Subject(
        version=str(asked.version),
        repository=asked.repository,
        source=asked.source,
        sha=made.sha,
        wheel=built,
        wheel_sha256=found.sha256,
        content_digest=found.content_digest,
        notes=content.notes,
        checked=commit.sha,
    )
    facts = evidence.read(subject, policy, recipes, hub, known)
    return ReleasePlan(
        release=str(asked.version),
        tag=versions.tag(asked.version),
        repository=asked.repository,
        branch=asked.branch,
        base=commit.sha,
        since=since,
        commit=made.sha,
        tree=made.tree,
        message=message,
        files=content.files,
        diff=made.diff,
        notes=content.notes,
        credits=content.credits,
        wheel=found,
        gates=gates.judge(facts),
        bumps=_bumps(policy, asked.version),
        findings=content.findings + _homeless(policy),
    )


def _require_free(commit: source.Commit, version: Version) -> None:
    """Raise a UserError where the tag is at another commit, or a later version has been released."""
    name = versions.tag(version)
    there = repository.tags(commit).get(name)
    if there and there != commit.sha:
        hint = f"plan another version, or go on with the release that is there: --ref {name}"
        raise UserError("tagged", f"{name} is there already, at {there[:12]}", where=commit.source, hint=hint)
    newest = repository.newest(commit)
    if newest and newest > version:
        what = f"{newest} has been released from this branch, and {version} is before it"
        raise UserError("not-newer", what, where=commit.source, hint="plan a version after it")


def _content(asked: Asked, commit: source.Commit, changes: tuple[Change, ...]) -> _Content:
    text = _need(commit, release_notes.PATH)
    version_file = _need(commit, tfmot.VERSION_FILE)
    there = release_notes.section(text, str(asked.version))
    edited = {tfmot.VERSION_FILE: versions.edited(version_file, asked.version)}
    if there is not None:
        return _landed(asked, commit, there, version_file == edited[tfmot.VERSION_FILE])
    notes = release_notes.written(str(asked.version), release_notes.pending(text), changes, asked.tested)
    edited[release_notes.PATH] = release_notes.edited(text, str(asked.version), notes)
    aligned = align(_need(commit, SETUP), repository.text(commit, LISTED) or "")
    edited |= {SETUP: aligned.setup, LISTED: aligned.listed}
    files = tuple(
        PlannedFile(path, after, repository.mode(commit, path))
        for path, after in sorted(edited.items())
        if after != (repository.text(commit, path) or "")
    )
    return _Content(files, notes, credited(changes), aligned.findings)


def _landed(asked: Asked, commit: source.Commit, notes: str, version_is_set: bool) -> _Content:
    """Where the release commit is there already, nothing is left to propose."""
    if not version_is_set:
        what = f"{release_notes.PATH} has a section for {asked.version}, and version.py says another version"
        raise UserError("half-released", what, where=commit.source, hint="bring both to the same version")
    return _Content(
        (), notes, (), (f"{commit.sha[:12]} is the release commit already: it is tagged as it is",)
    )


def _need(commit: source.Commit, path: str) -> str:
    found = repository.text(commit, path)
    if found is None:
        raise UserError(
            "not-tfmot", f"not TFMOT's source: no {path}", where=f"{commit.source} at {commit.sha[:12]}"
        )
    return found


def _commit(commit: source.Commit, content: _Content, message: str) -> repository.Made:
    if content.files:
        return repository.make(commit, content.files, message)
    return repository.Made(commit.sha, commit.tree, "")


def _built(asked: Asked, sha: str, say: Say) -> tuple[Path, PlannedWheel]:
    """The wheel of the release commit, in the cache or as another job has built it."""
    if asked.built:
        return _given(asked.built, sha)
    with tempfile.TemporaryDirectory(prefix="release-tools-") as scratch:
        request = wheel.Request(asked.source, sha, out=Path(scratch))
        built = wheel.build(request, say, asked.base)
        kept = built.kept
    return kept, _planned(kept, built.provenance.sha256, built.provenance.content_digest, built.warnings)


def _given(folder: Path, sha: str) -> tuple[Path, PlannedWheel]:
    record = read_provenance(folder / FILE_NAME)
    path = folder / record.wheel
    found = wheelfile.read(path)
    if (record.commit, record.sha256) != (sha, found.sha256):
        raise UserError(
            "another-wheel",
            f"{path.name} is not the wheel of {sha[:12]}",
            where=str(folder),
            hint=f"release-tools build … --ref {sha} makes it",
        )
    return path, _planned(path, found.sha256, found.content_digest, ())


def _planned(path: Path, sha256: str, digest: str, warnings: tuple[str, ...]) -> PlannedWheel:
    return PlannedWheel(path.name, sha256, digest, wheelfile.read(path).requires, warnings)


def _bumps(policy: Policy, version: Version) -> tuple[Bump, ...]:
    """Where the minimum rises: nowhere for a candidate, which no minimum may name."""
    if version.is_prerelease:
        return ()
    homes = {"official": policy.repositories.models, "fork": policy.repositories.fork}
    found: dict[str, list[str]] = {}
    for name, technique in policy.techniques.items():
        if where := homes.get(technique.home):
            found.setdefault(where, []).append(name)
    return tuple(Bump(where, tuple(names)) for where, names in found.items())


def _homeless(policy: Policy) -> tuple[str, ...]:
    names = [name for name, technique in policy.techniques.items() if not technique.home]
    if not names:
        return ()
    return (f"no minimum rises for {', '.join(names)}: the policy names no home, official or fork",)

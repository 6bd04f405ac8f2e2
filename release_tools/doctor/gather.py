"""Everything that the checks compare, read once: tree, wheel, the release before, trials in environments."""

from __future__ import annotations

import dataclasses
import re
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from packaging.utils import canonicalize_name
from packaging.version import Version

from convergence.errors import UserError
from release_tools import wheel as wheels
from release_tools.bump import published
from release_tools.bump.reading import Package
from release_tools.doctor import notes, reading, trials
from release_tools.doctor.findings import Finding, Untold, blocker, untold
from release_tools.doctor.subject import Subject, Tree
from release_tools.wheel import source, tfmot

RELEASED = re.compile(r"\d+\.\d+\.\d+((a|b|rc)\d+)?", re.ASCII)
PROJECT = Package(tfmot.Channel.RELEASE.value)
HERE = frozenset({"install-failed", "no-venv", "not-writable"})  # errors that say nothing of the tree
NO_SOURCE = "--source FOLDER_OR_URL, or be in a clone of TFMOT"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Request:
    """What to look at.

    Attributes:
      what: a revision, a wheel's path, or a version that is on the index.
      source: git repository with TFMOT's source; None leaves out what needs one.
      environments: whether to install and import the wheel.
      index: whether to ask the package index for the newest versions of dependencies.
      build: whether to build a wheel where there is none.
      version: that a revision without a tag shall become.
      wheel: of a revision, already built; else the published one is taken, or one is built.
    """

    what: str = "HEAD"
    source: str | None = "."
    environments: bool = True
    index: bool = True
    build: bool = True
    version: Version | None = None
    wheel: Path | None = None


def gather(request: Request, say: Say = lambda _: None) -> Subject:
    """Read everything that was asked for.

    Raises:
      UserError: `bad-source`, `unknown-ref`, `bad-wheel`, `not-published`, `not-tfmot`.
    """
    with tempfile.TemporaryDirectory(prefix="release-tools-") as scratch:
        say(f"Reading {request.what}")
        subject, path, commit = _asked_for(request)
        if commit and path is None:
            subject, path = _wheel(subject, commit, request, Path(scratch), say)
        say("Reading the release before")
        subject = _previous(subject, commit)
        if subject.wheel and request.index:
            say("Asking the index for the newest dependencies")
            subject = _newest(subject, [canonicalize_name(r.name) for r in subject.wheel.requires])
        if path and subject.wheel and request.environments:
            text = subject.tree.texts.get(notes.PATH, "") if subject.tree else ""
            subject = dataclasses.replace(subject, trials=trials.run(path, subject.wheel, text, say))
    return subject


def version_tags(repository: str | None) -> tuple[str, ...]:
    """The tags of a source that name a version, oldest version first.

    Raises:
      UserError: `no-source`, `bad-source`; `no-tags` if there are none; `shallow` if there may be more.
    """
    if repository is None:
        raise UserError("no-source", "where is every tag to be found?", hint=NO_SOURCE)
    commit = source.find(repository)
    if reading.is_shallow(commit):
        hint = "`git fetch --unshallow --tags` there brings all"
        raise UserError(
            "shallow", "the source is a shallow clone: tags may be missing", where=commit.source, hint=hint
        )
    found = tuple(reading.tags(commit, merged=False).values())
    if not found:
        raise UserError("no-tags", "no tag names a version", where=commit.source, hint="v1.2.3 is one")
    return found


def _asked_for(request: Request) -> tuple[Subject, Path | None, source.Commit | None]:
    """The tree or the wheel that was named, and the other one where its version leads to it."""
    if request.what.endswith(".whl"):
        path, version, origin = Path(request.what), None, "given"
    elif RELEASED.fullmatch(request.what):
        version, origin = Version(request.what), "published"
        path = published.wheel(PROJECT, version)
    else:
        return (*_revision(request),)
    wheel = reading.wheel(path)
    version = version or wheel.version
    subject = Subject(request.what, expected=version, wheel=wheel, wheel_from=origin)
    if request.source is None:
        return subject, path, None
    try:
        commit = source.find(request.source, f"refs/tags/v{version}")
    except UserError as error:
        if error.code != "unknown-ref":
            raise
        what, mend = f"there is no tag v{version} in the source", "tag the commit it was built from"
        return dataclasses.replace(subject, beforehand=(blocker(what, wheel.name, mend),)), path, None
    found = dataclasses.replace(subject, tag=f"v{version}", tree=_tree(commit, f"v{version}"))
    return found, path, commit


def _revision(request: Request) -> tuple[Subject, None, source.Commit]:
    if request.source is None:
        raise UserError("no-source", f"where is {request.what!r} to be found?", hint=NO_SOURCE)
    commit = source.find(request.source, request.what)
    tag = _version_tag(request.what, reading.tags_at(commit))
    expected = request.version or (reading.tag_version(tag) if tag else None)
    tree = _tree(commit, tag)
    return Subject(request.what, tag=tag, expected=expected, tree=tree), None, commit


def _version_tag(asked: str, tags: tuple[str, ...]) -> str:
    """The tag that was asked for, else the newest version among those of the commit."""
    if asked in tags and reading.tag_version(asked):
        return asked
    named = [(version, tag) for tag in tags if (version := reading.tag_version(tag))]
    return max(named)[1] if named else ""


def _tree(commit: source.Commit, tag: str) -> Tree:
    return dataclasses.replace(reading.tree(commit), name=tag or commit.sha[:12])


def _wheel(
    subject: Subject, commit: source.Commit, request: Request, scratch: Path, say: Say
) -> tuple[Subject, Path | None]:
    """The wheel that was published under the tag's version; where there is none, one built from the tree."""
    if request.wheel:
        given = reading.wheel(request.wheel)
        return dataclasses.replace(subject, wheel=given, wheel_from="given"), request.wheel
    if subject.tag and subject.expected:
        try:
            path = published.wheel(PROJECT, subject.expected)
            read = reading.wheel(path)
            return dataclasses.replace(subject, wheel=read, wheel_from="published"), path
        except UserError as error:
            if error.code not in {"not-published", "index-unreachable"}:
                mend = "yank it and publish another version"
                return _beforehand(
                    subject, blocker(f"what was published: {error}", subject.place, mend)
                ), None
    return _built(subject, commit, scratch, say) if request.build else (subject, None)


def _built(subject: Subject, commit: source.Commit, scratch: Path, say: Say) -> tuple[Subject, Path | None]:
    """The wheel as it would ship; that there can be none is a finding, unless this machine is to blame."""
    say("Building the wheel")
    asked = wheels.Request(commit.source, commit.sha, out=scratch, check_imports=False)
    mend = "`release-tools build` shows the same"
    try:
        path = wheels.build(asked).wheel
        read = reading.wheel(path)
    except UserError as error:
        if error.code in HERE:
            return _beforehand(
                subject, untold(f"no wheel was built here: {error}", subject.place, mend)
            ), None
        return _beforehand(subject, blocker(f"no wheel can be built: {error}", subject.place, mend)), None
    return dataclasses.replace(subject, wheel=read, wheel_from="built from the tree"), path


def _previous(subject: Subject, commit: source.Commit | None) -> Subject:
    """Tree and wheel of the last stable release before this one."""
    if commit is None:
        return _previous_on_index(subject)
    own = set(reading.tags_at(commit))
    tags = {v: tag for v, tag in reading.tags(commit, merged=True).items() if not v.is_prerelease}
    before = [
        v for v, tag in tags.items() if tag not in own and (not subject.expected or v < subject.expected)
    ]
    if not before:
        if reading.is_shallow(commit):
            mend = "`git fetch --unshallow --tags` in the source"
            return _beforehand(
                subject, untold("the source is a shallow clone, without history", subject.place, mend)
            )
        return subject
    version = max(before)
    found = source.find(commit.source, f"refs/tags/{tags[version]}")
    tree = _tree(found, tags[version])
    return _with_previous_wheel(
        dataclasses.replace(subject, previous_version=version, previous_tree=tree), version
    )


def _previous_on_index(subject: Subject) -> Subject:
    """The same where there is no source: only the index knows what came before."""
    try:
        known = published.versions(PROJECT)
    except UserError as error:
        return _beforehand(
            subject, untold(f"what the release before was: {error}", subject.name, "ask later")
        )
    before = [version for version in known if subject.version and version < subject.version]
    return _with_previous_wheel(subject, max(before)) if before else subject


def _with_previous_wheel(subject: Subject, version: Version) -> Subject:
    try:
        wheel = reading.wheel(published.wheel(PROJECT, version))
    except UserError as error:
        what = f"the wheel of {version}, the release before, cannot be had: {error}"
        return _beforehand(subject, untold(what, str(version), "is it on the index that pip is set to use?"))
    return dataclasses.replace(subject, previous_version=version, previous_wheel=wheel)


def _newest(subject: Subject, names: Sequence[str]) -> Subject:
    """What the index has of each; one that it does not have has no newest version."""

    def ask(name: str) -> Version | UserError | None:
        try:
            return max(published.versions(Package(name)), default=None)
        except UserError as error:
            return None if error.code == "not-published" else error

    with ThreadPoolExecutor(4) as pool:
        answers = dict(zip(names, pool.map(ask, names), strict=True))
    for error in answers.values():
        if isinstance(error, UserError):
            return _beforehand(
                subject, untold(f"the newest dependencies: {error}", subject.name, "ask later")
            )
    found = {name: version for name, version in answers.items() if isinstance(version, Version)}
    return dataclasses.replace(subject, newest=found)


def _beforehand(subject: Subject, item: Finding | Untold) -> Subject:
    return dataclasses.replace(subject, beforehand=(*subject.beforehand, item))

"""TFMOT source → the wheel as it would ship, verified, and its provenance."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from convergence.errors import UserError
from release_tools import cache
from release_tools.wheel import (
    bazel,
    builder,
    buildgraph,
    dependencies,
    environment,
    provenance,
    source,
    tfmot,
    wheelfile,
)
from release_tools.wheel.provenance import Provenance

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from packaging.version import Version

RECIPE = 1  # raise it when the same commit and tools would give another wheel or provenance
BAZEL = "bazel"
TAG = "py2.py3-none-any"
# Of a stored provenance: what another name of the same commit may change, or only its making could tell.
NOT_DERIVED = ("source", "ref", "tag", "files_from", "left_out", "imports")
NOT_MODULES = frozenset({"examples", "testdata", "testing", "tests", "tools"})


@dataclass(frozen=True)
class Request:
    """What to build, from where, and where to put it."""

    source: str
    ref: str = "HEAD"
    nightly: bool = False
    out: Path = Path("dist")
    check_imports: bool = True
    backend: str = "setuptools"  # or `bazel`, which must name the same files; setuptools makes the wheel

    @property
    def channel(self) -> tfmot.Channel:
        """The name it is published under."""
        return tfmot.Channel.NIGHTLY if self.nightly else tfmot.Channel.RELEASE


@dataclass(frozen=True)
class Built:
    """A wheel in its place, with its provenance beside it.

    Attributes:
      cached: whether the very same build was done before.
      kept: the same wheel in the cache.
    """

    wheel: Path
    provenance: Provenance
    cached: bool
    warnings: tuple[str, ...]
    kept: Path


def build(
    request: Request,
    say: Callable[[str], None] = lambda _: None,
    base: environment.Base | None = None,
) -> Built:
    """Build and verify the wheel of a commit, or take it from the cache; nothing is left half-written.

    Args:
      say: told what is going on, one short phrase a step.
      base: under the environment in which the wheel is imported.

    Raises:
      UserError: for whatever keeps the commit from becoming a wheel that could ship.
    """
    cache.make_folder(request.out)
    say(f"Fetching {source.without_credentials(request.source)}")
    commit = source.find(request.source, request.ref)
    say("Preparing the build tools")
    tools = _tools(request)
    entry = cache.root() / "wheels" / _key(request, commit, tools)
    with cache.locked(entry):
        known, damage = _load(entry, request, commit, tools)
        made = known or _make(request, commit, tools, entry, say)
        if request.check_imports and made.imports is None:
            say(f"Importing {len(made.files)} modules where the wheel is installed")
            made = dataclasses.replace(made, imports=_imports(entry / made.wheel, made, base))
            _store(entry, made)
        made = dataclasses.replace(made, source=commit.source, ref=commit.ref, tag=commit.tag)
        placed = _place(request.out, entry / made.wheel, made)
    return Built(placed, made, known is not None, damage + _warnings(request, made), entry / made.wheel)


def kept(source_: str, sha: str) -> Path | None:
    """The wheel of a commit as the cache has it, or None."""
    request = Request(source_, sha)
    commit = source.find(source_, sha)
    entry = cache.root() / "wheels" / _key(request, commit, _tools(request))
    known, _ = _load(entry, request, commit, _tools(request)) if entry.is_dir() else (None, ())
    return entry / known.wheel if known else None


def again(request: Request, say: Callable[[str], None] = lambda _: None) -> str:
    """The sha256 of the wheel when it is built once more, from the commit and with nothing of the cache."""
    commit = source.find(request.source, request.ref)
    with tempfile.TemporaryDirectory(prefix="release-tools-") as scratch:
        return _make(request, commit, _tools(request), Path(scratch), say).sha256


def _tools(request: Request) -> builder.Builder:
    """The build tools, and Bazel where it was asked for."""
    tools = builder.get()
    if request.backend != BAZEL:
        return tools
    return dataclasses.replace(tools, versions={**tools.versions, BAZEL: bazel.version()})


def _make(
    request: Request, commit: source.Commit, tools: builder.Builder, entry: Path, say: Callable[[str], None]
) -> Provenance:
    """Build the wheel in a scratch folder, verify it, and store both in the cache."""
    where = f"{commit.source} at {commit.sha[:12]}"
    with tempfile.TemporaryDirectory(prefix="release-tools-") as scratch:
        tree, stage = Path(scratch, "source"), Path(scratch, "stage")
        source.export(commit, tree)
        tfmot.require(tree, where)
        version = tfmot.declared_version(tree, where)
        by_build_files = buildgraph.has_build_file(tree)
        committed = _digests(tree)  # before setup.py runs, which could write there
        files = buildgraph.shipped(tree) if by_build_files else tuple(committed)
        if request.backend == BAZEL:
            say("Building with Bazel")
            bazel.require_same(files, bazel.shipped(tree))
        _stage(tree, stage, {*files, "setup.py"})
        say(f"Building {request.channel.value} from {len(files)} files")
        made = wheelfile.read(builder.bdist_wheel(tools, stage, nightly=request.nightly, time=commit.time))
        _verify_identity(made, request.channel, version)
        _verify_members(made, committed, files if by_build_files else ())
        record = dataclasses.replace(
            _provenance(request, commit, tools, made),
            files_from="BUILD files" if by_build_files else "setup.py",
            left_out=tuple(filter(_is_module, sorted(committed.keys() - made.members.keys()))),
        )
        cache.write(entry / made.path.name, made.path.read_bytes())
    _store(entry, record)
    return record


def _stage(tree: Path, stage: Path, files: set[str]) -> None:
    """Copy what ships, with one mode for all, so that neither umask nor git's modes reach the wheel."""
    for name in sorted(files):
        target = stage / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(tree / name, target)
        target.chmod(0o644)


def _verify_identity(made: wheelfile.Wheel, channel: tfmot.Channel, version: Version) -> None:
    """Raise a UserError unless the wheel has the name, version and tag that it must ship under."""
    for what, found, expected in (
        ("name", made.name, channel.value),
        ("version", str(made.version), str(version)),
        ("tag", made.tag, TAG),
    ):
        if found != expected:
            raise UserError(
                "wrong-wheel", f"the wheel's {what} is {found}, not {expected}", where=made.path.name
            )


def _verify_members(made: wheelfile.Wheel, committed: Mapping[str, str], named: Sequence[str]) -> None:
    """Raise a UserError unless the members are the commit's files, and every module in `named` is one."""
    for name, digest in made.members.items():
        if committed.get(name) != digest:
            raise UserError(
                "wrong-wheel", f"{name} is not as in the commit", hint="setup.py must not make files"
            )
    missing = [name for name in named if name.endswith(".py") and name not in made.members]
    if missing:
        hint = f"is there an __init__.py in {PurePosixPath(missing[0]).parent}, and a target that names it?"
        raise UserError("wrong-wheel", f"setup.py leaves out {missing[0]}, which ships", hint=hint)


def _provenance(
    request: Request, commit: source.Commit, tools: builder.Builder, made: wheelfile.Wheel
) -> Provenance:
    return Provenance(
        source=commit.source,
        ref=commit.ref,
        commit=commit.sha,
        tree=commit.tree,
        tag=commit.tag,
        commit_time=datetime.fromtimestamp(commit.time, UTC).isoformat(),
        backend=request.backend,
        builder=tools.versions,
        name=made.name,
        version=str(made.version),
        wheel=made.path.name,
        sha256=made.sha256,
        content_digest=made.content_digest,
        files=tuple(made.members),
    )


def _imports(wheel: Path, made: Provenance, base: environment.Base | None) -> provenance.Imports:
    python = environment.create(wheel, base=base)
    checked = environment.check_imports(python, wheelfile.modules(made.files))
    undeclared = dependencies.undeclared(python, wheelfile.read(wheel))
    return dataclasses.replace(checked, undeclared=undeclared)


def _key(request: Request, commit: source.Commit, tools: builder.Builder) -> str:
    """The name of a build: everything that could change the wheel or what is recorded of it."""
    identity = {
        "backend": request.backend,
        "builder": dict(tools.versions),
        "commit": commit.sha,
        "name": request.channel.value,
        "recipe": [RECIPE, provenance.SCHEMA_VERSION],
    }
    return hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:32]


def _load(
    entry: Path, request: Request, commit: source.Commit, tools: builder.Builder
) -> tuple[Provenance | None, tuple[str, ...]]:
    """A stored build, and a warning if it had to be thrown away."""
    if not (entry / provenance.FILE_NAME).exists():
        return None, ()
    try:
        stored = provenance.read(entry / provenance.FILE_NAME)
        derived = _provenance(request, commit, tools, wheelfile.read(entry / stored.wheel))
        kept = {name: getattr(stored, name) for name in NOT_DERIVED}
        if stored == dataclasses.replace(derived, **kept) and stored.name == request.channel.value:
            return stored, ()
    except UserError:
        pass
    shutil.rmtree(entry)
    return None, ("the stored wheel was damaged and has been built anew",)


def _store(entry: Path, record: Provenance) -> None:
    """Written last: an entry without provenance does not count."""
    cache.write(entry / provenance.FILE_NAME, record.to_json().encode())


def _place(out: Path, wheel: Path, record: Provenance) -> Path:
    record_bytes = record.to_json().encode()
    cache.write_all({out / wheel.name: wheel.read_bytes(), out / provenance.FILE_NAME: record_bytes})
    return out / wheel.name


def _warnings(request: Request, made: Provenance) -> tuple[str, ...]:
    """What a person should know of a build that succeeded."""
    changed = source.uncommitted(request.source)
    found = []
    if changed:
        found.append(f"{changed} uncommitted changes in {request.source} are not in the wheel")
    if made.files_from == "setup.py":
        found.append("the tree has no BUILD files: the wheel holds whatever setup.py finds, tests included")
    if made.imports and made.imports.undeclared:
        found.append(f"imported but not among the requirements: {', '.join(made.imports.undeclared)}")
    return tuple(found)


def _digests(tree: Path) -> dict[str, str]:
    """The sha256 of every file, by its path."""
    files = {path.relative_to(tree).as_posix(): path for path in tree.rglob("*") if path.is_file()}
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in sorted(files.items())}


def _is_module(name: str) -> bool:
    """Whether a file looks like a part of the library, and not like a test, an example or a tool."""
    path = PurePosixPath(name)
    if path.parts[0] != tfmot.PACKAGE or path.suffix != ".py" or NOT_MODULES.intersection(path.parts):
        return False
    return "test" not in path.stem.split("_")

"""A package index: what it has of a version, uploading, installing; all by twine and pip themselves."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.version import Version

from convergence import content
from convergence.errors import UserError
from release_tools import shell
from release_tools.bump.published import UNREACHABLE
from release_tools.gates import Published
from release_tools.wheel import builder, source, tfmot, wheelfile

NAME = tfmot.Channel.RELEASE.value
ALREADY = ("already exists", "file already", "409 conflict", "already been registered")
SECONDS = 300  # of silence after which an answer counts as lost
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
OTHER_INDEXES = {"PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_NO_INDEX"}
LISTED = re.compile(r"\(from versions: (?!none\))[^)]+\)")
ASKED = re.compile(rf'"GET \S*/{NAME}/? HTTP/[0-9.]+" (?P<status>[0-9]{{3}})')
GONE = "404"
PIP = ("--disable-pip-version-check", "--no-input", "--no-cache-dir", "--retries", "1", "--timeout", "20")


@dataclass(frozen=True)
class Index:
    """Where a release goes.

    Attributes:
      upload: an address, or a name in the user's own .pypirc; empty where something else uploads.
      url: where pip finds what was uploaded; empty for pip's own setting.
    """

    upload: str = ""
    url: str = ""

    @property
    def shown(self) -> str:
        """As it may be shown."""
        return source.without_credentials(self.url or self.upload) or "the index that pip is set to"


@dataclass(frozen=True)
class Installed:
    """What an installation from an index brought."""

    version: str
    content_digest: str
    wheel_sha256: str


def published(index: Index, version: str) -> Published:
    """The digest of the wheel that the index gives for a version; what pip cannot use is not “nothing”.

    An index that does not say what it has is None: its pages may be anybody's, as those of a failing proxy.
    """
    with tempfile.TemporaryDirectory(prefix="release-tools-") as scratch:
        words = ["--no-deps", "--ignore-requires-python", "--only-binary", ":all:", "--dest", scratch]
        done = _pip(index, "download", "-vv", *words, f"{NAME}=={version}")
        found = sorted(Path(scratch).glob("*.whl"))
        if found:
            digests = frozenset(hashlib.sha256(one.read_bytes()).hexdigest() for one in found)
            return Published(digests, frozenset(map(_content, found)))
    return Published(frozenset() if _has_others_only(done) else None)


def _has_others_only(done: shell.Finished) -> bool:
    """Whether pages of the project told pip of other versions, or there is no such page at all.

    pip reads a page of any content as one without links, and passes over one that it is not given.
    """
    statuses = {one["status"] for one in ASKED.finditer(done.out)}
    if not statuses or UNREACHABLE.search(done.err):
        return False
    if LISTED.search(done.err):
        return all(status == GONE or status[0] in "23" for status in statuses)
    return statuses == {GONE}


def _content(wheel: Path) -> str:
    """The content digest of a wheel; empty for one that is damaged."""
    try:
        return wheelfile.read(wheel).content_digest
    except UserError:
        return ""


def upload(index: Index, wheel: Path) -> str:
    """Upload a wheel; what twine said if it failed, and nothing if it did not.

    The answer may be lost: what the index has afterwards is what counts.

    Raises:
      UserError: no-twine.
    """
    if importlib.util.find_spec("twine") is None:
        hint = "pip install 'tfmot-release-tools[release]'"
        raise UserError("no-twine", "twine, which uploads, is not installed", hint=hint)
    where = ["--repository-url" if "://" in index.upload else "--repository", index.upload]
    words = ["-m", "twine", "upload", "--non-interactive", "--disable-progress-bar", *where, str(wheel)]
    environment = shell.environment(*builder.INDEX_VARIABLES, prefixes=("TWINE_", *builder.INDEX_PREFIXES))
    environment |= {"NO_COLOR": "1", "COLUMNS": "400"}  # twine breaks its lines for a terminal
    try:
        done = shell.run([sys.executable, "-I", *words], env=environment, timeout=SECONDS, check=False)
    except UserError as error:
        if error.code != "timed-out":
            raise
        return str(error)
    return _reason(done) if done.status else ""


def _reason(done: shell.Finished) -> str:
    """What twine says of it, on one line."""
    said = COLOUR.sub("", f"{done.out}\n{done.err}")
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR").strip() for line in lines if line.startswith("ERROR")]
    return " ".join([*errors[:1], *lines[-1:]])[:400] or f"twine ended with status {done.status}"


def is_there_already(said: str) -> bool:
    """Whether the index refused an upload since it has a file of that name."""
    return any(words in said.lower() for words in ALREADY)


@contextlib.contextmanager
def installed(index: Index, version: str) -> Iterator[Installed]:
    """The version installed from the index into an environment of its own, with all that it requires.

    Nothing of what is installed is run: only wheels are taken, and what came is read as files.

    Raises:
      UserError: install-failed, no-venv.
    """
    with tempfile.TemporaryDirectory(prefix="release-tools-") as scratch:
        python = builder.make_venv(Path(scratch, "environment"), "--without-pip")
        wheels = Path(scratch, "wheels")
        words = ["--no-deps", "--only-binary", ":all:", "--dest", str(wheels)]
        done = _pip(index, "download", "--quiet", *words, f"{NAME}=={version}")
        found = sorted(wheels.glob("*.whl")) if wheels.is_dir() else []
        if not found:
            raise UserError("install-failed", f"pip: {done.tail(1)}", where=index.shown)
        wheel = wheelfile.read(found[0])
        pip = builder.get().python
        builder.pip_install(pip, python, "--no-deps", "--no-compile", "--no-index", found[0])
        if wheel.requires:
            builder.pip_install(pip, python, "--only-binary", ":all:", "--no-compile", *wheel.requires)
        yield _looked_at(python, wheel)


def _looked_at(python: Path, wheel: wheelfile.Wheel) -> Installed:
    """What lies in the environment, file by file."""
    (packages,) = python.parents[1].glob("lib/python*/site-packages")
    package = packages / tfmot.PACKAGE
    files = [path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    members = {
        path.relative_to(packages).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }
    there = metadata.distributions(name=NAME, path=[str(packages)])
    (version,) = {Version(one.version) for one in there}  # a second finder in this process names it again
    version_file = packages / content.VERSION_FILE
    text = version_file.read_bytes() if version_file.is_file() else b""
    return Installed(str(version), content.digest(members, text), wheel.sha256)


def _pip(index: Index, command: str, *words: str) -> shell.Finished:
    environment = shell.environment(*builder.INDEX_VARIABLES, prefixes=builder.INDEX_PREFIXES)
    where = []
    if index.url:  # and nowhere else: what another index has of the name is not what was published
        where = ["--index-url", index.url]
        environment = {name: value for name, value in environment.items() if name not in OTHER_INDEXES}
    called = [str(builder.get().python), "-I", "-m", "pip", command, *PIP, *where, *words]
    return shell.run(called, env=environment, timeout=900, check=False)

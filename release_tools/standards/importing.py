"""How an example is imported without TFMOT: a copy of it, in a process without token and without network."""

from __future__ import annotations

import json
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from convergence import records
from convergence.errors import UserError
from convergence.model import STRICT
from release_tools import shell
from release_tools.jobs import isolation, legs
from release_tools.jobs.isolation import Box, Isolation
from release_tools.standards import importer
from release_tools.standards.example import LARGEST, LEFT_OUT, Example

SECONDS = 900.0
SECONDS_EACH = 120.0
GRACE = 30.0
LARGEST_COPY = 512 * LARGEST
MOST_COPIED = 50_000
PRELOADED = ("numpy", "tensorflow", "tf_keras")  # no part of any example, and slow
SETTINGS = {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_USE_LEGACY_KERAS": "1", "CUDA_VISIBLE_DEVICES": ""}
# No network, no sight of other processes, and no way back: all that it starts ends with it.
NAMESPACES = (
    *("unshare", "--user", "--map-root-user", "--net", "--ipc", "--pid", "--fork", "--kill-child"),
    *("--mount-proc", "setpriv", "--no-new-privs", "--bounding-set=-all", "--inh-caps=-all", "--"),
)


@dataclass(frozen=True)
class Event:
    """What `importer` says of a module or an experiment.

    Attributes:
      kind: asked (for TFMOT), missing, failed (in the tree), broken (in a library), stand-in, blocked, ended,
        begin, end, network, program, file, secret.
      path: of the innermost file of the tree that did it, with its line; empty where none did.
    """

    __pydantic_config__: ClassVar = STRICT

    kind: str
    module: str
    path: str
    line: int
    detail: str


@dataclass(frozen=True)
class Apart:
    """How the process is kept apart: in a container, in namespaces of the kernel's, or not at all."""

    container: Isolation
    namespaces: bool = False

    @property
    def isolated(self) -> bool:
        """Whether it has no network and sees no other process."""
        return bool(self.container.engine) or self.namespaces

    def __str__(self) -> str:
        if self.container.engine:
            return f"in a container ({self.container.engine}), without network"
        if self.namespaces:
            return "without network and token; it reads what you can read"
        return "partly: without token, network refused in Python only; it does what you may do"


@dataclass(frozen=True)
class Run:
    """What importing an example came to.

    Attributes:
      changed: files of the copy that it changed, or left there.
      trouble: why it proves nothing, or not all; empty where it went to its end.
    """

    events: tuple[Event, ...]
    isolation: str
    changed: tuple[str, ...] = ()
    trouble: str = ""

    def of(self, *kinds: str) -> Iterator[Event]:
        """The events of some kinds."""
        return (event for event in self.events if event.kind in kinds)

    @property
    def imported(self) -> frozenset[str]:
        """The modules that were imported to the end."""
        bad = {event.module for event in self.of(*importer.FAILURES, "ended")}
        return frozenset(event.module for event in self.of("end")) - bad


@dataclass(frozen=True)
class Limits:
    """Seconds in all, and for each module."""

    seconds: float = SECONDS
    seconds_each: float = SECONDS_EACH
    preload: tuple[str, ...] = PRELOADED


def choose(asked: str | None, image: str | None, *, foreign: bool, allowed: bool) -> Apart:
    """How to keep it apart: other people's code in a container, unless somebody takes that upon himself.

    Raises:
      UserError: no-engine, not-isolated.
    """
    wanted = asked or (None if foreign else "none")
    container = isolation.choose(wanted, image)
    if foreign:
        isolation.require(container, allowed=allowed)
    return Apart(container, not container.engine and has_namespaces())


def has_namespaces() -> bool:
    """Whether this machine lets us make them."""
    if not all(shutil.which(name) for name in ("unshare", "setpriv")):
        return False
    return shell.run([*NAMESPACES, "true"], check=False, timeout=GRACE).status == 0


def run(
    example: Example, experiments: Mapping[str, Sequence[str]], apart: Apart, limits: Limits | None = None
) -> Run:
    """Imports every module of the example that is no test, and makes its experiments.

    Args:
      experiments: names, each with the modules that register what it needs.

    Raises:
      UserError: too-large; bad-image, where a container does not start with this Python.
    """
    limits = limits or Limits()
    legs.require_image(apart.container)
    with tempfile.TemporaryDirectory(prefix="release-tools-") as name:
        scratch = Path(name).resolve()
        tree, out = scratch / "tree", scratch / "out"
        for folder in (tree, out, scratch / "home"):
            folder.mkdir()
        _copy(example, tree)
        order = {
            "root": str(tree),
            "tops": [top.removesuffix(".py") for top in example.tops],
            "modules": [module.name for module in example.own],
            "experiments": {key: list(value) for key, value in experiments.items()},
            "preload": list(limits.preload),
            "isolated": apart.isolated,
            "seconds": limits.seconds,
            "seconds_each": limits.seconds_each,
        }
        (scratch / "order.json").write_text(json.dumps(order))
        before = _state(tree)
        said = _started(scratch, apart, limits)
        after = _state(tree)
        changed = sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
        events = _events(out / "events.json")
    trouble = _trouble(events, said)
    return Run(events or (), str(apart), tuple(changed), trouble)


def _started(scratch: Path, apart: Apart, limits: Limits) -> str:
    """What the process said last, or why it has said nothing."""
    program = Path(importer.__file__).resolve()
    command = (
        sys.executable,
        "-I",
        "-B",
        str(program),
        str(scratch / "out/events.json"),
        str(scratch / "order.json"),
    )
    read = (*legs.interpreter(), *legs.own_environment(), program, scratch)
    box = Box(command, read, (scratch / "tree", scratch / "out", scratch / "home"), legs.harness(), SETTINGS)
    if apart.container.engine:
        words = apart.container.words(box)
        env = apart.container.environment(box, scratch)
    else:
        words = [*(NAMESPACES if apart.namespaces else ()), *command]
        env = shell.environment() | {"HOME": str(scratch / "home")} | SETTINGS
    try:
        done = shell.run(words, cwd=scratch, env=env, timeout=limits.seconds + GRACE, check=False)
    except UserError as error:
        return error.what
    return f"it ended with status {done.status}: {done.tail(1)}" if done.status else ""


def _events(path: Path) -> tuple[Event, ...] | None:
    """What it wrote, which may be from anyone; None where that is nothing that it writes."""
    if path.is_symlink() or not path.is_file() or path.stat().st_size > records.MAX_BYTES:
        return None
    from pydantic import ValidationError

    try:
        return records.adapter(tuple[Event, ...]).validate_json(path.read_bytes(), strict=True)
    except ValidationError:
        return None


def _trouble(events: tuple[Event, ...] | None, said: str) -> str:
    if events is None:
        return said or "it left nothing to read"
    unready = next((event.detail for event in events if event.kind == "unready"), "")
    if unready:
        return unready
    return "" if events and events[-1].kind == "done" else "it did not come to its end"


def _copy(example: Example, tree: Path) -> None:
    """Plain files only, so that what the copy names is in the copy."""
    size = count = 0
    for top in example.tops:
        for folder, folders, names in os.walk(example.root / top):
            folders[:] = [
                one for one in folders if one not in LEFT_OUT and not (Path(folder) / one).is_symlink()
            ]
            target = tree / Path(folder).relative_to(example.root)
            target.mkdir(parents=True, exist_ok=True)
            for name in names:
                size, count = size + _copied(Path(folder) / name, target / name), count + 1
                if size > LARGEST_COPY or count > MOST_COPIED:
                    raise UserError("too-large", f"{top} is too large to import", where=example.label)
        if (example.root / top).is_file():
            _copied(example.root / top, tree / top)


def _copied(source: Path, target: Path) -> int:
    found = source.lstat()
    if not stat.S_ISREG(found.st_mode) or source.suffix == ".pyc":
        return 0
    shutil.copyfile(source, target)
    return found.st_size


def _state(tree: Path) -> dict[str, tuple[int, int, int]]:
    """What tells one state of the files from another."""
    found = {}
    for path in tree.rglob("*"):
        one = path.lstat()
        if not path.is_dir() or path.is_symlink():
            found[path.relative_to(tree).as_posix()] = (one.st_mode, one.st_size, one.st_mtime_ns)
    return found

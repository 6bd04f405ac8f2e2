"""How a program is kept apart: a container that sees named folders and no network, or, if one insists, none.

Knows the words of docker and podman, and nothing of what runs inside.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from convergence.errors import UserError
from release_tools import shell

ENGINES = ("podman", "docker")
OF_ENGINES = ("HOME", "XDG_RUNTIME_DIR", "DOCKER_HOST", "CONTAINERS_CONF", "CONTAINERS_STORAGE_CONF")
IMAGE = "buildpack-deps:24.04"  # only its libraries are used: those of C, C++ and Python
PIDS = 4096
MEMORY_SHARE = 0.85  # of the machine's
INSIDE = Path("/harness")
SCRATCH = Path("/tmp")  # noqa: S108 - a file system of the container's own


@dataclass(frozen=True)
class Box:
    """A program, and all that it may see.

    Attributes:
      read: folders and files that it may read, under the same path inside.
      write: folders that it may write to.
      harness: folder of our package, which is imported before any other.
    """

    command: tuple[str, ...]
    read: tuple[Path, ...]
    write: tuple[Path, ...]
    harness: Path
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Isolation:
    """A container engine and the image that it starts; without an engine nothing is isolated."""

    engine: str
    image: str = IMAGE

    def words(self, box: Box) -> list[str]:
        """The command line that runs the program."""
        return _contained(self, box) if self.engine else list(box.command)

    def environment(self, box: Box, scratch: Path) -> dict[str, str]:
        """The environment of that command: without an engine, the program's own."""
        if self.engine:
            return shell.environment(*OF_ENGINES)
        (scratch / "harness").mkdir(exist_ok=True)
        (scratch / "harness" / box.harness.name).symlink_to(box.harness)
        mine = {"HOME": str(scratch), "PYTHONPATH": str(scratch / "harness")}
        return shell.environment() | mine | dict(box.environment)


def choose(asked: str | None, image: str | None) -> Isolation:
    """What was asked for; where nothing was, a container if there is an engine.

    Raises:
      UserError: no-engine.
    """
    engine = "" if asked == "none" else next((name for name in ENGINES if shutil.which(name)), "")
    if asked == "container" and not engine:
        what = "there is no container engine here"
        raise UserError("no-engine", what, hint=f"install {' or '.join(ENGINES)}")
    return Isolation(engine, image or IMAGE)


def require(isolation: Isolation, *, allowed: bool) -> None:
    """Refuses to run foreign code without a container, unless somebody takes that upon himself.

    Raises:
      UserError: not-isolated.
    """
    if not isolation.engine and not allowed:
        what = "isolation is off, and this runs code of a pull request with all that you may do"
        hint = f"install {' or '.join(ENGINES)}; on a machine with nothing to lose, --allow-unisolated"
        raise UserError("not-isolated", what, hint=hint)


def _contained(isolation: Isolation, box: Box) -> list[str]:
    words = [isolation.engine, "run", "--rm", "--init", "--network=none", "--read-only", "--cap-drop=ALL"]
    words += ["--security-opt=no-new-privileges", f"--pids-limit={PIDS}", f"--memory={_memory()}"]
    words += ["--ipc=private", f"--tmpfs={SCRATCH}:rw,nosuid,nodev", f"--workdir={SCRATCH}"]
    words += [f"--user={os.getuid()}:{os.getgid()}", *_of_engine(isolation.engine), *_gpus(isolation.engine)]
    environment = {"HOME": str(SCRATCH), "PYTHONPATH": str(INSIDE)} | dict(box.environment)
    words += [f"--env={name}={value}" for name, value in environment.items()]
    words += [_mount(box.harness, INSIDE / box.harness.name, "readonly")]
    words += [_mount(path, path, "readonly") for path in dict.fromkeys(box.read)]
    words += [_mount(path, path, "") for path in dict.fromkeys(box.write)]
    return [*words, isolation.image, *box.command]


def _mount(source: Path, target: Path, how: str) -> str:
    if "," in str(source):
        raise UserError("bad-path", f"container engines split {source} at its comma")
    return ",".join(filter(None, ["--mount=type=bind", f"source={source}", f"target={target}", how]))


def _of_engine(engine: str) -> list[str]:
    """Podman without root maps us to root inside, unless told."""
    return ["--userns=keep-id"] if engine == "podman" and os.getuid() else []


def _gpus(engine: str) -> list[str]:
    if not any(path.name[6:].isdigit() for path in Path("/dev").glob("nvidia*")):
        return []
    return ["--gpus=all"] if engine == "docker" else ["--device=nvidia.com/gpu=all"]


def _memory() -> int:
    return int(MEMORY_SHARE * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))

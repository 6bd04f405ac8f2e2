"""Real containers: podman with storage of its own, and an image of this machine's distribution."""

from __future__ import annotations

import os
import platform
import resource
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from release_tools import shell

PROGRAMS = ("podman", "runc", "catatonit", "mmdebstrap")  # Debian's packages are called so, too
IMAGE = "localhost/release-tools-test:1"
MOST_FILES = 1024


def require_programs() -> None:
    """Skips where podman is not installed; fails where that would go unseen."""
    missing = [name for name in PROGRAMS if not _installed(name)]
    if missing and os.environ.get("CI"):
        pytest.fail(f"not installed: {', '.join(missing)}")
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")


def _installed(name: str) -> bool:
    return bool(shutil.which(name)) or (Path("/usr/libexec/podman") / name).exists()


@contextmanager
def engine(folder: Path) -> Iterator[Mapping[str, str]]:
    """The environment in which podman knows IMAGE, made from packages of this machine's distribution."""
    require_programs()
    environment = {
        "CONTAINERS_CONF": _write(folder / "containers.conf", _settings()),
        "CONTAINERS_STORAGE_CONF": _write(folder / "storage.conf", _storage(folder)),
    }
    codename = platform.freedesktop_os_release()["VERSION_CODENAME"]
    packages = "--include=python3,libgomp1,libstdc++6"
    archive = folder / "root.tar"
    shell.run(["mmdebstrap", "--quiet", "--variant=essential", packages, codename, archive])
    shell.run(["podman", "import", "--quiet", archive, IMAGE], env=shell.environment("HOME") | environment)
    archive.unlink()
    try:
        yield environment
    finally:
        shell.run(["umount", folder / "graph" / "overlay"], check=False)


def _settings() -> str:
    """A machine may not allow as much as podman takes by default."""
    processes = min(4096, resource.getrlimit(resource.RLIMIT_NPROC)[1] % 2**31 or 4096)
    limits = f'["nofile={MOST_FILES}:{MOST_FILES}", "nproc={processes}:{processes}"]'
    return f'[containers]\ndefault_ulimits = {limits}\n[engine]\nruntime = "runc"\n'


def _storage(folder: Path) -> str:
    return f'[storage]\ndriver = "overlay"\nrunroot = "{folder}/run"\ngraphroot = "{folder}/graph"\n'


def _write(path: Path, text: str) -> str:
    path.write_text(text)
    return str(path)

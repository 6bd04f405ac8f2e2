"""A tiny TFMOT in git, a browser, and a cache folder for each test that shares the build tools."""

from __future__ import annotations

import base64
import hashlib
import html
import os
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import page_in_browser
import pytest
from town import heard, judge, town

from release_tools import shell
from release_tools.sandbox.tfmot_source import Published, Revision, write
from release_tools.wheel import builder, environment, tfmot

__all__ = ["heard", "judge", "town"]  # fixtures
VERSION_PY = "_MAJOR_VERSION = '0'\n_MINOR_VERSION = '0'\n_PATCH_VERSION = '0'\n_VERSION_SUFFIX = ''\n" + (
    "__version__ = '.'.join([_MAJOR_VERSION, _MINOR_VERSION, _PATCH_VERSION])\n"
    "if _VERSION_SUFFIX:\n  __version__ = '{}-{}'.format(__version__, _VERSION_SUFFIX)\n"
)
TINY = Published(
    version="1.2.3",
    requires=(),
    files={
        f"{tfmot.PACKAGE}/__init__.py": b"from tensorflow_model_optimization.python.core import prune\n",
        f"{tfmot.PACKAGE}/python/__init__.py": b"",
        f"{tfmot.PACKAGE}/python/core/__init__.py": b"",
        f"{tfmot.PACKAGE}/python/core/prune.py": b"SPARSITY = 0.5\n",
        tfmot.VERSION_FILE: VERSION_PY.encode(),
    },
)
RELEASE = Revision("1.2.3", "v1.2.3")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "build_tools" in getattr(item, "fixturenames", ()):
            item.add_marker("network")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's Chromium, one for all tests of pages."""
    with page_in_browser.started() as started:
        yield started


@pytest.fixture(autouse=True)
def cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder, in use."""
    folder = tmp_path / "cache"
    folder.mkdir()
    monkeypatch.setenv("RELEASE_TOOLS_CACHE", str(folder))
    return folder


@pytest.fixture(scope="session")
def shared_builders(request: pytest.FixtureRequest) -> Path:
    """The build tools, kept between sessions, since making them takes a download."""
    with pytest.MonkeyPatch.context() as patch:
        cache = request.config.cache.mkdir("release-tools")
        patch.setenv("RELEASE_TOOLS_CACHE", str(cache))
        builder.get()
    return Path(cache, "builders")


@pytest.fixture
def build_tools(cache_folder: Path, shared_builders: Path) -> builder.Builder:
    """The build tools, in this test's cache folder."""
    (cache_folder / "builders").symlink_to(shared_builders)
    return builder.get()


@pytest.fixture(scope="session")
def tiny() -> Published:
    """A TFMOT of five files."""
    return TINY


@pytest.fixture(scope="session")
def nothing_below() -> environment.Base:
    """A base without packages, for wheels that need none."""
    return environment.Base(())


@pytest.fixture
def tiny_source(tmp_path: Path) -> Callable[..., Path]:
    """Makes a repository of a TFMOT of five files, by default with one commit, tagged v1.2.3."""

    def make(*revisions: Revision, name: str = "tiny") -> Path:
        folder = tmp_path / name
        write(folder, revisions or (RELEASE,), TINY)
        return folder

    return make


@pytest.fixture
def git() -> Callable[..., str]:
    """Runs git in a folder as somebody, and returns what it says."""

    def run(folder: Path, *words: str | Path) -> str:
        identity = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.invalid")
        command: Sequence[str | Path] = ("git", "-C", folder, *identity, *words)
        return shell.run(command).out.strip()

    return run


@pytest.fixture
def at_once() -> Callable[[str], list[str]]:
    """Runs a script in three processes at the same time, and returns what each printed."""

    def run(script: str) -> list[str]:
        with ThreadPoolExecutor(3) as pool:
            ran = pool.map(lambda _: shell.run([sys.executable, "-c", script]), range(3))
            return [finished.out.strip() for finished in ran]

    return run


Publish = Callable[..., None]


def _digest(text: str) -> str:
    """As a wheel's RECORD has it."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest())
    return f"sha256={digest.decode().rstrip('=')}"


@pytest.fixture
def publish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Publish:
    """Puts wheels on a package index on this machine, which pip then uses instead of any other."""
    folder = tmp_path / "index"
    folder.mkdir()
    page = folder / "index.html"
    page.write_text("<!DOCTYPE html>\n")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", page.as_uri())
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)

    def run(
        name: str,
        version: str,
        files: Mapping[str, str] | None = None,
        *,
        requires: Sequence[str] = (),
        python: str = ">=3",
        yanked: bool = False,
    ) -> None:
        stem = f"{name.replace('-', '_')}-{version}"
        headers = [
            "Metadata-Version: 2.1",
            f"Name: {name}",
            f"Version: {version}",
            f"Requires-Python: {python}",
        ]
        headers += [f"Requires-Dist: {requirement}" for requirement in requires]
        info = {"METADATA": "\n".join(headers) + "\n", "WHEEL": "Wheel-Version: 1.0\nTag: py3-none-any\n"}
        members = {**(files or {}), **{f"{stem}.dist-info/{path}": text for path, text in info.items()}}
        record = f"{stem}.dist-info/RECORD"
        lines = [f"{path},{_digest(text)},{len(text.encode())}\n" for path, text in members.items()]
        with zipfile.ZipFile(folder / f"{stem}-py3-none-any.whl", "w") as archive:
            for path, text in (members | {record: f"{''.join(lines)}{record},,\n"}).items():
                archive.writestr(path, text)
        marks = f'data-requires-python="{html.escape(python)}"' + (' data-yanked="bad"' if yanked else "")
        with page.open("a") as file:
            file.write(f'<a href="{stem}-py3-none-any.whl" {marks}>{stem}-py3-none-any.whl</a>\n')

    return run

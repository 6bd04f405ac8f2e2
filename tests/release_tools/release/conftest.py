"""A shipyard for each test, with an environment of no packages below the wheels; builds are shared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from shipyard import Shipyard, Slip, opened

from release_tools.sandbox.tfmot_source import Published
from release_tools.wheel import environment
from release_tools.wheel.builder import Builder


@pytest.fixture(scope="session")
def shared_wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Wheels by commit and tools, as the cache keeps them."""
    return tmp_path_factory.mktemp("wheels")


@pytest.fixture
def harbour(
    build_tools: Builder, cache_folder: Path, shared_wheels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a shipyard has around it."""
    (cache_folder / "wheels").symlink_to(shared_wheels)
    monkeypatch.setenv("TWINE_USERNAME", "mona")
    monkeypatch.setenv("TWINE_PASSWORD", "secret")
    monkeypatch.setattr(environment, "with_tensorflow", lambda: environment.Base(()))


@pytest.fixture
def yard(tmp_path: Path, tiny: Published, harbour: None) -> Iterator[Shipyard]:
    with opened(tmp_path, tiny) as made:
        yield made


@pytest.fixture
def slip(yard: Shipyard) -> Slip:
    return Slip(yard)

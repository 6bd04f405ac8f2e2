"""What all tests share: no network, and no cache but one made for the test run."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine is no fault: nothing here asserts a time.
settings.register_profile("no-deadline", deadline=None)
settings.load_profile("no-deadline")

# Set before anything imports TensorFlow.
os.environ.setdefault("TF_USE_LEGACY_KERAS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sockets are for tests that say so; tests that train are skipped where TensorFlow is not installed."""
    for item in items:
        if item.get_closest_marker("network") or item.get_closest_marker("browser"):
            item.add_marker("enable_socket")
    if importlib.util.find_spec("tensorflow") is not None:
        return
    for item in items:
        if item.get_closest_marker("training"):
            item.add_marker(pytest.mark.skip(reason="needs the convergence extra"))


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RELEASE_TOOLS_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def goldens() -> Path:
    """Folder of what people read, as it should read."""
    return Path(__file__).parent / "golden"

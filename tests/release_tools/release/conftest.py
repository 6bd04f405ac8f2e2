"""A shipyard for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from shipyard import Shipyard, opened

from release_tools.sandbox.tfmot_source import Published
from release_tools.wheel.builder import Builder


@pytest.fixture
def yard(tmp_path: Path, tiny: Published, build_tools: Builder) -> Iterator[Shipyard]:
    with opened(tmp_path, tiny) as made:
        yield made

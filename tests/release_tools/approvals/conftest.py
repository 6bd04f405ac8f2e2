"""Real PyGithub on the sandbox, without a socket."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from town import Town
from walk import Walk

from release_tools.sandbox import inprocess


@pytest.fixture
def connected(town: Town) -> Iterator[None]:
    with inprocess.connected(town.gateway):
        yield


@pytest.fixture
def walk(town: Town, tmp_path: Path, connected: None) -> Walk:
    """At the beginning, in Official Models."""
    return Walk(town, tmp_path, "official", "full")

"""A small rehearsal that was, played once for each test."""

from __future__ import annotations

from pathlib import Path

import pytest
import rehearsed


@pytest.fixture
def begun(tmp_path: Path) -> rehearsed.Rehearsed:
    """Carl's pull request is open."""
    return rehearsed.Rehearsed(tmp_path)


@pytest.fixture
def played(tmp_path: Path) -> rehearsed.Rehearsed:
    """It is merged, TFMOT is released, and the minimum is to be raised."""
    return rehearsed.played(tmp_path)

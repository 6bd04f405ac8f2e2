"""`respond`: a comment that is not understood is answered with what would work."""

from __future__ import annotations

from pathlib import Path

import ordeal
import pytest


def begin(folder: Path, patch: pytest.MonkeyPatch) -> ordeal.Stage:
    return ordeal.load("respond_requests").said(folder, "/converge pruning teir=full")  # type: ignore[attr-defined]

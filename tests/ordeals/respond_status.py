"""`respond`: somebody asks how far it is."""

from __future__ import annotations

from pathlib import Path

import ordeal
import pytest


def begin(folder: Path, patch: pytest.MonkeyPatch) -> ordeal.Stage:
    return ordeal.load("respond_requests").said(folder, "/converge status")  # type: ignore[attr-defined]

"""Charts that cost nothing, for tests that are not about charts."""

from __future__ import annotations

import pytest

from release_tools.rehearsal.page import mermaid

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 700.4 320"></svg>'


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every chart is an empty picture."""
    monkeypatch.setattr(mermaid, "picture", lambda source, theme: SVG)

"""One file through the whole of it: its new text, or what was refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.version import Version

from release_tools import bump
from release_tools.bump import declarations
from release_tools.bump.floors import Options
from release_tools.bump.reading import Package

PACKAGE = Package("tensorflow-model-optimization")


@pytest.fixture
def bumped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Raises the minimum to 0.8.0 in one file among others; `code:line` where that is refused."""

    def run(text: str, name: str, others: dict[str, str] | None = None, *options: Options) -> str:
        monkeypatch.chdir(tmp_path)
        for path, content in ({name: text} | (others or {})).items():
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            Path(path).write_bytes(content.encode())
        found = declarations.search([Path(name)], PACKAGE)
        decision = bump.decide(found, bump.Target(PACKAGE, Version("0.8.0")), *(options or [Options()]))
        if decision.refusals:
            return " ".join(f"{r.reason.code.value}:{r.line}" for r in decision.refusals)
        changed = {str(change.path): change.after.decode() for change in decision.changes}
        return changed.pop(name, text) if name in changed or not changed else repr(changed)

    return run

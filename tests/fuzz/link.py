"""Words that name a pull request, a comment or a run."""

from __future__ import annotations

from pathlib import Path

import damage

from release_tools import underway
from release_tools.approvals import said
from release_tools.standards import submitted

BASE = "https://github.com/tensorflow/models"
EXAMPLES = (
    f"{BASE}/pull/7#issuecomment-8",
    "#issuecomment-8",
    f"{BASE}/pull/7",
    "tensorflow/models#7",
    f"{BASE}/actions/runs/9",
)
INPUTS = damage.texts(EXAMPLES)


def read(given: str, folder: Path) -> tuple[int | None, int | None, tuple[str, int] | None]:
    comment = said.linked(given, "tensorflow/models", 7)
    return comment, underway.run_id(given, "tensorflow/models"), submitted.named(given)


def holds(value: tuple[int | None, int | None, tuple[str, int] | None], given: str) -> None:
    comment, run, pull = value
    assert comment is None or (str(comment) in given and "#issuecomment-" in given)
    assert run is None or (0 <= run < 10**18 and "tensorflow/models" in given.lower())
    if pull:
        assert pull[0] in given
        assert str(pull[1]) in given
        assert pull[0].count("/") == 1

"""Git's log since the last release, which becomes notes: subjects, names and addresses of anybody."""

from __future__ import annotations

from pathlib import Path

import damage

from release_tools.release import changes
from release_tools.release.changes import FIELDS, Change

SHOWN = 10  # letters that one which cannot be seen becomes
CORE = "tensorflow_model_optimization/python/core/sparsity/keras/prune.py"
BODY = "Add pruning\n\nPiperOrigin-RevId: 7\nCo-authored-by: Ann <a@b>\n"
ONE = f"\0{'c' * 40}\0Carl\0carl@example.invalid\0{BODY}\0\n{CORE}\n"
MERGE = f"\0{'d' * 40}\0Mona\0m@x\0Merge pull request #7 from carl/topic\n\nFix it for @all\n\0\nREADME.md\n"
EXAMPLES = (ONE + MERGE, "")
INPUTS = damage.texts(EXAMPLES)


def read(given: str, folder: Path) -> tuple[Change, ...]:
    """As git writes it: a null is only between fields."""
    parts = given.split("\0")[1:]
    whole = len(parts) // FIELDS * FIELDS
    return changes.parse("\0".join(["", *parts[:whole]]), lambda login: login.endswith("[bot]"))


def holds(value: tuple[Change, ...], given: str) -> None:
    assert len({one.subject.lower() for one in value}) == len(value)
    for one in value:
        assert one.subject
        assert len(one.subject) <= 120 * SHOWN
        assert one.subject.isprintable()
        assert all(name.isprintable() and len(name) <= 60 * SHOWN for name in one.authors)
        assert 0 <= one.pull_request < 10**9

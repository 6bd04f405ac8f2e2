"""The plan of a release, from a file or another job."""

from __future__ import annotations

from pathlib import Path

import damage
import planned
import record_rules

from release_tools.release import planfile
from release_tools.release.nouns import ReleasePlan

EXAMPLES = (record_rules.text(planned.PLAN),)
INPUTS = damage.trees([record_rules.plain(one) for one in EXAMPLES])


def place(given: bytes, folder: Path) -> None:
    (folder / "plan.json").write_bytes(given)


def read(given: bytes, folder: Path) -> ReleasePlan:
    return planfile.read(folder / "plan.json")


def holds(value: ReleasePlan, given: bytes) -> None:
    record_rules.require_same_again(value, ReleasePlan)
    assert value.tag == f"v{value.release}"
    assert "/" not in value.wheel.name
    assert not value.tag.startswith("-")
    assert all(not one.path.startswith(("/", "-")) and ".." not in one.path for one in value.files)

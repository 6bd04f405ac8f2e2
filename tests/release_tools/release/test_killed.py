"""A release is killed between any two lines of its audit, and goes on; nothing is done twice. Minutes."""

from __future__ import annotations

import pytest
from shipyard import WHEEL, Shipyard

pytestmark = pytest.mark.long
STEPS = (
    "gate",
    "propose",
    "land",
    "tag",
    "build",
    "verify",
    "rehearse",
    "publish",
    "confirm",
    "announce",
    "bump",
)


def test_killed_between_any_two_lines(yard: Shipyard) -> None:
    """Of each step: killed when it has begun, when it has acted, and when that is written down."""
    yard.plan()
    kills, landed = 0, False
    while True:
        died = [yard.killed(*at) for at in ((1, "after"), (2, "before"), (2, "after"))]
        kills += sum(died)
        if not landed and yard.states()[-1:] == ["land waiting"]:
            yard.land()
            landed = True
        elif not any(died):
            break
        assert kills < 120
    done = [one.split()[0] for one in yard.states() if one.endswith(" done")]
    assert tuple(dict.fromkeys(done)) == STEPS
    assert kills >= 2 * len(STEPS)
    assert {f"{step} begun" for step in STEPS if step != "land"} <= set(yard.states())
    assert (yard.index.uploads, yard.rehearsal.uploads, yard.index.files) == (1, 1, [WHEEL])
    assert (len(yard.tfmot.releases), len(yard.bumps())) == (1, 1)
    posted = [line for line in yard.writes() if line == "POST /repos/tensorflow/model-optimization/git/refs"]
    assert len(posted) == 2  # the branch and the tag
    before = yard.writes()
    assert yard.run(gates=False).returncode == 0
    assert yard.writes() == before

"""A release from its plan to the version that pip installs, in processes, on the sandbox and real indexes.

What the steps do is tested in one process in test_faults.py; this is what a maintainer types, with its waits.
"""

from __future__ import annotations

import pytest
from shipyard import VERSION, WHEEL, Shipyard, T

pytestmark = pytest.mark.long


def test_from_plan_to_pip(yard: Shipyard) -> None:
    planned = yard.plan()
    assert (planned.returncode, planned.stderr) == (1, "")
    assert yard.writes() == []
    first = yard.run()
    assert (first.returncode, first.stderr) == (3, ""), first.stdout
    landed = yard.land()
    done = yard.run()
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert (yard.tag(), yard.index.files, yard.rehearsal.files) == (landed, [WHEEL], [WHEEL])
    assert yard.index.sha256 == yard.rehearsal.sha256
    (release,) = yard.tfmot.releases.values()
    assert (release.tag_name, release.draft, release.prerelease) == (f"v{VERSION}", False, False)
    assert yard.index.sha256 in release.body
    (bump,) = yard.bumps()
    git = yard.models.git
    assert f"{T}>={VERSION}".encode() in git.blob(
        git.tree(bump.pull.head_sha, "official/requirements.txt")[0].sha
    )

"""Messages in git's log, which say what landed: anybody's words."""

from __future__ import annotations

from pathlib import Path

import damage
import process

from release_tools.approvals import landing
from release_tools.approvals.facts import Landing, Unknown
from release_tools.approvals.landing import Logged

PULL = process.Process().facts.snapshot.pull_request
REVIEW = f"https://github.com/{PULL.repository}/pull/{PULL.number}"
EXAMPLES = (
    f"Prune.\n\nCOPYBARA_INTEGRATE_REVIEW={REVIEW} from carl:topic {PULL.head_sha}\nPiperOrigin-RevId: 7\n",
    f"Merge pull request #{PULL.number} from carl/{PULL.head_ref}\n\nPrune",
    "Something else.",
)
INPUTS = damage.texts(EXAMPLES)


def read(given: str, folder: Path) -> Landing | Unknown | None:
    return landing.find(PULL, [Logged("c" * 40, given)], (), {})


def holds(value: Landing | Unknown | None, given: str) -> None:
    if isinstance(value, Landing):
        assert str(PULL.number) in given
        assert value.sha in {"c" * 40, PULL.head_sha}

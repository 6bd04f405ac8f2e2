"""There is one open pull request with such a title beside that of the play."""

from __future__ import annotations

from release_tools.rehearsal import values
from release_tools.rehearsal.deeds import Done
from release_tools.rehearsal.stage import Stage
from release_tools.rehearsal.summary import Followed


def read(value: object) -> str:
    """A text."""
    return values.text(value)


def look(stage: Stage, done: Done, wanted: str) -> Followed:
    """Part of its title."""
    repositories = (stage.tfmot, stage.models)
    opened = [
        (one, issue)
        for one in repositories
        for issue in one.issues.values()
        if issue.pull and issue.state == "open" and issue is not stage.pull
    ]
    found = [
        f"{one.full_name}#{issue.number} {issue.title}" for one, issue in opened if wanted in issue.title
    ]
    return Followed(f"a pull request offers {wanted!r}", "; ".join(found) or "none", len(found) == 1)

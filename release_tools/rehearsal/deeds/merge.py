"""Somebody merges a pull request of Official Models."""

from __future__ import annotations

from collections.abc import Mapping

from convergence.model import UserError
from release_tools.rehearsal.deeds import Done
from release_tools.rehearsal.stage import Stage
from release_tools.sandbox import merging
from release_tools.sandbox.nouns import Issue


def do(stage: Stage, who: str, value: Mapping[str, str]) -> Done:
    """By which `method` (`merge`, `squash`, `rebase`): the play's, or an open one with such a `title`."""
    issue = _titled(stage, value["title"]) if "title" in value else stage.issue
    merging.merge(stage.world, stage.models, issue, stage.people[who], value["method"])
    return Done(does=f"merges #{issue.number}, “{issue.title}” ({value['method']})")


def _titled(stage: Stage, title: str) -> Issue:
    found = [
        one for one in stage.models.issues.values() if one.pull and one.state == "open" and title in one.title
    ]
    if len(found) != 1:
        raise UserError("play", f"{len(found)} open pull requests are called {title!r}")
    return found[0]

"""Whether the planned content has landed, and as which commit: told from git, never from “merged” alone."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from release_tools import wheel
from release_tools.release import notes, repository
from release_tools.release.audit import DONE
from release_tools.release.nouns import ReleasePlan
from release_tools.release.running import Run
from release_tools.wheel import source


@dataclass(frozen=True)
class Landing:
    """What became of the content.

    Attributes:
      sha: of the commit that holds it; empty while there is none.
      wrong: why that commit is not what was planned.
    """

    sha: str = ""
    wrong: str = ""


def settled(run: Run) -> str:
    """The commit that an earlier run has found and checked."""
    entry = run.audit.last("land", DONE)
    return entry.digest if entry else ""


def look(run: Run) -> Landing:
    """Look for the content on the branch as it is now."""
    plan = run.plan
    tip = source.find(run.source, plan.branch)
    if not plan.files:
        repository.after(tip, plan.base)  # what is only in somebody's pull request has not landed
        return Landing(plan.base)
    wanted = {one.path: one.blob for one in plan.files}
    for sha in repository.after(tip, plan.base):
        if repository.blobs(tip, sha, sorted(wanted)) == wanted:
            return Landing(sha)
    return Landing(tip.sha, _changed(tip, plan, wanted)) if _speaks_of(tip, plan) else Landing()


def _speaks_of(tip: source.Commit, plan: ReleasePlan) -> bool:
    """Whether the branch has notes of the version, although nothing holds what was planned."""
    return notes.section(repository.text(tip, notes.PATH) or "", plan.release) is not None


def _changed(tip: source.Commit, plan: ReleasePlan, wanted: Mapping[str, str]) -> str:
    there = repository.blobs(tip, tip.sha, sorted(wanted))
    paths = [path for path, blob in wanted.items() if there.get(path) != blob]
    return f"landed with a change of {', '.join(paths)}: plan {plan.release} anew, from what landed"


def content_digest(run: Run, sha: str) -> str:
    """Of the wheel that a commit gives; not built where its whole tree is as planned."""
    tree = source.find(run.source, sha).tree
    if tree == run.plan.tree:
        return run.plan.wheel.content_digest
    with tempfile.TemporaryDirectory(prefix="release-tools-") as scratch:
        request = wheel.Request(run.source, sha, out=Path(scratch), check_imports=False)
        return wheel.build(request, run.say).provenance.content_digest

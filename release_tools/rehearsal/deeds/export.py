"""Copybara closes TFMOT's release pull request and exports a commit of its own with the same content."""

from __future__ import annotations

from convergence.model import UserError
from release_tools.rehearsal.deeds import Done
from release_tools.rehearsal.stage import Stage
from release_tools.sandbox import pulls


def do(stage: Stage, who: str, value: str) -> Done:
    """The first line of its message."""
    opened = [one for one in stage.tfmot.issues.values() if one.pull and one.state == "open"]
    if len(opened) != 1 or opened[0].pull is None:
        raise UserError("play", f"TFMOT has {len(opened)} open pull requests, not one")
    issue, git, branch = opened[0], stage.tfmot.git, stage.tfmot.default_branch
    base, head = git.ref(f"refs/heads/{branch}"), opened[0].pull.head_sha
    known = {one.sha for one in git.tree(base, recursive=True)}
    changed = (one for one in git.tree(head, recursive=True) if one.kind == "blob" and one.sha not in known)
    files = {one.path: git.blob(one.sha) for one in changed}
    pulls.set_state(stage.world, stage.tfmot, issue, "closed", stage.people[who])
    message = f"{value}\n\nPiperOrigin-RevId: {700000000 + issue.number}"
    made = stage.world.commit(stage.tfmot, branch, files, stage.people[who], message)
    return Done(does=f"closes {stage.tfmot.full_name}#{issue.number} and exports {made[:12]}")

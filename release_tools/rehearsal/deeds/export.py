"""Copybara closes TFMOT's release pull request and exports a commit of its own with the same content."""

from __future__ import annotations

from convergence.errors import UserError
from release_tools.rehearsal import values
from release_tools.rehearsal.deeds import Done
from release_tools.rehearsal.stage import Stage
from release_tools.sandbox import pulls, pushes


def read(value: object) -> str:
    """A text."""
    return values.text(value)


def do(stage: Stage, who: str, value: str) -> Done:
    """The first line of its message."""
    opened = [one for one in stage.tfmot.issues.values() if one.pull and one.state == "open"]
    if len(opened) != 1 or opened[0].pull is None:
        raise UserError("play", f"TFMOT has {len(opened)} open pull requests, not one")
    issue, git, branch = opened[0], stage.tfmot.git, f"refs/heads/{stage.tfmot.default_branch}"
    name, base = f"{stage.tfmot.full_name}#{issue.number}", git.ref(branch)
    tree = git.merged_tree(base, opened[0].pull.head_sha)
    if not tree:
        raise UserError("play", f"{name} conflicts with {stage.tfmot.default_branch}")
    pulls.set_state(stage.world, stage.tfmot, issue, "closed", stage.people[who])
    by = stage.world.signature(stage.people[who])
    made = git.write_commit(
        tree, (base,), f"{value}\n\nPiperOrigin-RevId: {700000000 + issue.number}", by, by
    )
    git.set_ref(branch, made, base)
    pushes.notice(stage.world, stage.tfmot, stage.people[who])
    return Done(does=f"closes {name} and exports {made[:12]}")

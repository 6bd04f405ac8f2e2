"""Somebody brings the pull request's branch up to date, as GitHub's button does."""

from __future__ import annotations

from convergence.errors import UserError
from release_tools.rehearsal import values
from release_tools.rehearsal.deeds import Done
from release_tools.rehearsal.stage import Stage
from release_tools.sandbox import pushes


def read(value: object) -> str:
    """A text."""
    return values.text(value)


def do(stage: Stage, who: str, value: str) -> Done:
    """The message of the merge."""
    pull = stage.issue.pull
    assert pull
    assert pull.head_repository
    git, branch = pull.head_repository.git, f"refs/heads/{pull.head_ref}"
    base = stage.models.git.ref(f"refs/heads/{pull.base_ref}")
    git.fetch(stage.models.git.folder, f"refs/heads/{pull.base_ref}")
    head = git.ref(branch)
    by = stage.world.signature(stage.people[who])
    tree = git.merged_tree(head, base)
    if not tree:
        name = f"{stage.models.full_name}#{stage.issue.number}"
        raise UserError("play", f"{name} conflicts with {pull.base_ref}")
    git.set_ref(branch, git.write_commit(tree, (head, base), value, by, by), head)
    pushes.look(stage.world)
    return Done(does=f"updates the branch of #{stage.issue.number} with {pull.base_ref}")

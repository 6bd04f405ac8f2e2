"""What the deeds of a play use of a stage, and what they leave in its repositories."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from convergence.errors import UserError


class Set(SimpleNamespace):
    """What deeds use of a stage."""

    def repository_of(self, who: str) -> Any:
        return self.own if who == "carl" else self.models

    @property
    def issue(self) -> Any:
        if self.pull is None:
            raise UserError("play", "no pull request is open yet")
        return self.pull

    @property
    def head(self) -> str:
        return str(self.issue.pull.head_sha)


def files(repository: Any, ref: str) -> dict[str, str]:
    """What lies on a branch."""
    git = repository.git
    found = git.tree(git.ref(f"refs/heads/{ref}"), recursive=True)
    return {one.path: git.blob(one.sha).decode() for one in found if one.kind == "blob"}


def message(repository: Any, ref: str) -> str:
    """Of the commit at its tip."""
    return str(repository.git.commit(repository.git.ref(f"refs/heads/{ref}")).message)

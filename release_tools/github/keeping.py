"""How a file is kept on a branch that only grows: what is there is never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convergence.errors import UserError
from release_tools.github.patience import ATTEMPTS, WRITE_BACKOFF_SECONDS
from release_tools.github.performing import perform
from release_tools.github.session import Session
from release_tools.model import KeepFile

if TYPE_CHECKING:
    from github.Repository import Repository

MISSING, MEANWHILE = 404, {409, 422}  # no branch; somebody else wrote first
BEGINNING = "Records of what was reproduced, one file each. They are added by a workflow and never changed.\n"


@perform.register
def _keep(effect: KeepFile, session: Session) -> None:
    from github import GithubException

    repository = session.repository(effect.repository)
    for attempt in range(ATTEMPTS):
        if _is_there(repository, effect):
            return
        try:
            message = f"Add {effect.path.rpartition('/')[2]}"
            repository.create_file(effect.path, message, effect.text, branch=effect.branch)
        except GithubException as error:
            last = attempt == ATTEMPTS - 1
            if last or error.status not in {MISSING, *MEANWHILE}:
                raise
            if error.status == MISSING:
                _begin(repository, effect.branch)
            else:
                session.patience.pause(WRITE_BACKOFF_SECONDS)
        else:
            return


def _is_there(repository: Repository, effect: KeepFile) -> bool:
    """Whether the very file is there.

    Raises:
      UserError: another-record, where another one has its name.
    """
    from github import GithubException

    try:
        found = repository.get_contents(effect.path, ref=effect.branch)
    except GithubException as error:
        if error.status != MISSING:
            raise
        return False
    if isinstance(found, list) or found.decoded_content != effect.text.encode():
        what = f"{effect.path} is there and says something else"
        raise UserError("another-record", what, where=f"branch {effect.branch} of {effect.repository}")
    return True


def _begin(repository: Repository, branch: str) -> None:
    """Makes the branch from nothing, so that it holds nothing of the code."""
    from github import GithubException, InputGitTreeElement

    readme = InputGitTreeElement("README.md", "100644", "blob", content=BEGINNING)
    tree = repository.create_git_tree([readme])
    commit = repository.create_git_commit("Begin the records", tree, [])
    try:
        repository.create_git_ref(f"refs/heads/{branch}", commit.sha)
    except GithubException as error:
        if error.status not in MEANWHILE:
            raise

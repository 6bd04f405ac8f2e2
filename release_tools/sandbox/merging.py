"""Merges a pull request by a real merge in git, in each of GitHub's three ways."""

from __future__ import annotations

from release_tools.sandbox import pulls, pushes
from release_tools.sandbox.errors import Refusal
from release_tools.sandbox.git import Git
from release_tools.sandbox.nouns import Issue, Pull, Repository
from release_tools.sandbox.people import Account
from release_tools.sandbox.world import World


def merge(
    world: World,
    repository: Repository,
    issue: Issue,
    by: Account,
    method: str = "merge",
    sha: str = "",
    title: str = "",
    message: str = "",
) -> str:
    """Merge a pull request into its base branch; the new tip is returned.

    Args:
      method: `merge`, `squash` or `rebase`.
      sha: what the head must be.

    Raises:
      Refusal: 405 when it cannot be merged, 409 when its head is another.
    """
    pull = issue.pull
    assert pull
    if issue.state != "open" or pull.draft:
        raise Refusal(405, "Pull Request is not mergeable")
    if sha and sha != pull.head_sha:
        raise Refusal(409, "Head branch was modified. Review and try the merge again.")
    base = f"refs/heads/{pull.base_ref}"
    tip = repository.git.ref(base)
    made = _merged(world, repository, issue, by, method, (title, message))
    if not repository.git.set_ref(base, made, tip):
        raise Refusal(409, "Base branch was modified. Review and try the merge again.")
    pull.merge_commit_sha, pull.merged_by, pull.merged_at = made, by, world.clock.stamp()
    pushes.notice(world, repository, by)
    pulls.set_state(world, repository, issue, "closed", by)
    return made


def _merged(
    world: World, repository: Repository, issue: Issue, by: Account, method: str, words: tuple[str, str]
) -> str:
    pull, git = issue.pull, repository.git
    assert pull
    tip = git.ref(f"refs/heads/{pull.base_ref}")
    who = world.signature(by)
    if method == "rebase":
        return _rebased(world, git, tip, pull, by)
    tree = git.merged_tree(tip, pull.head_sha)
    if not tree:
        raise Refusal(405, "Pull Request is not mergeable")
    title = f"Merge pull request #{issue.number} from {pull.head_owner.login}/{pull.head_ref}"
    said = (title, issue.title) if method == "merge" else (f"{issue.title} (#{issue.number})", "")
    text = "\n\n".join(filter(None, (words[0] or said[0], words[1] or said[1])))
    parents = (tip, pull.head_sha) if method == "merge" else (tip,)
    author = who if method == "merge" else world.signature(issue.user)
    return git.write_commit(tree, parents, text, author, who)


def _rebased(world: World, git: Git, tip: str, pull: Pull, by: Account) -> str:
    for sha in git.log(f"{tip}..{pull.head_sha}", "--reverse", "--no-merges"):
        tree = git.picked_tree(tip, sha)
        if not tree:
            raise Refusal(405, "This branch can't be rebased due to conflicts")
        commit = git.commit(sha)
        tip = git.write_commit(tree, (tip,), commit.message, commit.author, world.signature(by))
    return tip

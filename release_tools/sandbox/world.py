"""The sandbox's GitHub: who is there, what they may do, and the repositories they work on."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from release_tools.model import Permission
from release_tools.sandbox.clock import Clock, Ids
from release_tools.sandbox.events import Events
from release_tools.sandbox.faults import Faults
from release_tools.sandbox.git import Git
from release_tools.sandbox.nouns import Repository
from release_tools.sandbox.objects import Signature
from release_tools.sandbox.people import Account, AccountKind, Site, Team, Token, TokenKind

ACTIONS = "github-actions[bot]"


@dataclass(frozen=True)
class Call:
    """A request that arrived. `actor` is empty for a stranger; `status` is 0 when no answer was sent."""

    method: str
    path: str
    actor: str
    status: int
    fault: str = ""


class World:
    """Everything, in memory and in bare git repositories below `folder`.

    The methods make what a test needs to begin with; what people then do goes through the API, or through
    the functions that the API's routes call.
    """

    def __init__(self, folder: Path, site: Site | None = None) -> None:
        self.folder = folder
        self.site = site or Site()
        self.clock = Clock()
        self.ids = Ids()
        self.events = Events()
        self.faults = Faults()
        self.calls: list[Call] = []
        self.lock = threading.RLock()
        self.tokens: dict[str, Token] = {}
        self.teams: dict[int, Team] = {}
        self._accounts: dict[int, Account] = {}
        self._repositories: dict[int, Repository] = {}
        self.ghost = Account(10137, "ghost")
        self._accounts[self.ghost.id] = self.ghost

    def move(self, site: Site) -> None:
        """Answer at other addresses from now on."""
        self.site = site
        for repository in self.repositories():
            repository.site = site

    def user(self, login: str) -> Account:
        """Somebody new; a login that ends in `[bot]` makes a bot."""
        return self._account(login, AccountKind.BOT if login.endswith("[bot]") else AccountKind.USER)

    def organization(self, login: str, owners: Sequence[Account] = ()) -> Account:
        """An organisation with those who own it."""
        made = self._account(login, AccountKind.ORGANIZATION)
        made.members.update({owner.id: "admin" for owner in owners})
        return made

    def team(self, organization: Account, slug: str, members: Sequence[Account] = ()) -> Team:
        """A team, whose members become members of the organisation."""
        team = Team(self.ids.next(), organization, slug, list(members))
        for member in members:
            organization.members.setdefault(member.id, "member")
        self.teams[team.id] = team
        return team

    def rename(self, account: Account, login: str) -> None:
        """Give an account another login; its id and all it did stay."""
        account.login = login

    def delete(self, account: Account) -> None:
        """Remove an account and its repositories; what it said stays, as by `ghost`."""
        account.deleted = True
        for repository in [r for r in self.repositories() if r.owner is account]:
            self.delete_repository(repository)

    def account(self, login: str) -> Account | None:
        """Who has this login now."""
        wanted = login.casefold()
        return next(
            (a for a in self._accounts.values() if a.login.casefold() == wanted and not a.deleted), None
        )

    def account_of(self, number: int) -> Account | None:
        """Who has this id."""
        found = self._accounts.get(number)
        return found if found and not found.deleted else None

    def token(self, actor: Account) -> str:
        """A token with all of a person's rights."""
        return self._keep(Token(f"ghp_{self.ids.next()}", actor))

    def workflow_token(self, repository: Repository, **permissions: str) -> str:
        """A GITHUB_TOKEN: `checks="write"`, `pull_requests="write"` …; what is not named is not permitted."""
        actor = self.account(ACTIONS) or self.user(ACTIONS)
        value = f"ghs_{self.ids.next()}"
        return self._keep(Token(value, actor, TokenKind.WORKFLOW, (repository.id,), permissions))

    def app_token(self, app: Account, repositories: Sequence[Repository], **permissions: str) -> str:
        """An App's installation token, whose bot account is `app`; `members="read"` reads teams."""
        ids = tuple(repository.id for repository in repositories)
        return self._keep(Token(f"ghs_{self.ids.next()}", app, TokenKind.APP, ids, permissions))

    def repository(
        self,
        owner: Account,
        name: str,
        files: Mapping[str, str | bytes] | None = None,
        branch: str = "master",
        private: bool = False,
    ) -> Repository:
        """A repository whose first commit, by its owner, has these files."""
        made = self._repository(owner, name, None, branch, private)
        if files:
            self._write(made, branch, files, owner, "First commit")
            made.seen_refs = made.git.refs()
        return made

    def fork(self, parent: Repository, owner: Account, name: str = "") -> Repository:
        """A fork with all that its parent has."""
        return self._repository(owner, name or parent.name, parent, parent.default_branch, parent.private)

    def delete_repository(self, repository: Repository) -> None:
        """Remove a repository; pull requests from it stay."""
        self._repositories.pop(repository.id)
        for other in self.repositories():
            if other.parent is repository:
                other.parent = None
            for issue in other.issues.values():
                if issue.pull and issue.pull.head_repository is repository:
                    issue.pull.head_repository = None

    def repositories(self) -> Iterator[Repository]:
        """All repositories, oldest first."""
        return iter(tuple(self._repositories.values()))

    def find(self, full_name: str) -> Repository | None:
        """The repository of this name, whose case does not matter."""
        wanted = full_name.casefold()
        return next((r for r in self._repositories.values() if r.full_name.casefold() == wanted), None)

    def commit(
        self,
        repository: Repository,
        branch: str,
        files: Mapping[str, str | bytes | None],
        by: Account,
        message: str = "Change",
        start: str = "",
    ) -> str:
        """A commit that somebody pushes to a branch, with all that follows; its id is returned.

        Args:
          files: None removes a file.
          start: the branch or commit that a new branch begins at.
        """
        from release_tools.sandbox import pushes  # which knows the world

        parent = repository.git.resolve(start) if start else ""
        with self.lock:
            sha = self._write(repository, branch, files, by, message, parent)
            pushes.notice(self, repository, by)
        self.events.deliver()
        return sha

    def _write(
        self,
        repository: Repository,
        branch: str,
        files: Mapping[str, str | bytes | None],
        by: Account,
        message: str,
        parent: str = "",
    ) -> str:
        content = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
        return repository.git.edit(f"refs/heads/{branch}", content, message, self.signature(by), parent)

    def signature(self, account: Account) -> Signature:
        """Somebody as the author of a commit made now."""
        return Signature(account.login, account.email, int(self.clock.stamp().timestamp()))

    def role(self, account: Account | None, repository: Repository) -> Permission:
        """What somebody may do in a repository."""
        granted = [Permission.NONE if repository.private else Permission.READ]
        if account and not account.deleted:
            owns = account is repository.owner or repository.owner.members.get(account.id) == "admin"
            teams = repository.teams.values()
            granted += [Permission.ADMIN] if owns else []
            granted += [permission for team, permission in teams if account in team.members]
            granted += filter(None, [repository.collaborators.get(account.id)])
        return max(granted)

    def association(self, account: Account, repository: Repository) -> str:
        """How somebody stands to a repository, in GitHub's words."""
        if account is repository.owner:
            return "OWNER"
        if account.id in repository.owner.members:
            return "MEMBER"
        if account.id in repository.collaborators:
            return "COLLABORATOR"
        pulls = (issue for issue in repository.issues.values() if issue.pull and issue.pull.merged_at)
        return "CONTRIBUTOR" if any(issue.user is account for issue in pulls) else "NONE"

    def _account(self, login: str, kind: AccountKind) -> Account:
        made = Account(self.ids.next(), login, kind)
        self._accounts[made.id] = made
        return made

    def _keep(self, token: Token) -> str:
        self.tokens[token.value] = token
        return token.value

    def _repository(
        self, owner: Account, name: str, parent: Repository | None, branch: str, private: bool
    ) -> Repository:
        identity = self.ids.next()
        origin = parent.git.folder if parent else None
        git = Git.create(self.folder / f"{identity}-{name}.git", origin)
        if not origin:
            (git.folder / "HEAD").write_text(f"ref: refs/heads/{branch}\n", encoding="ascii")
        now = self.clock.stamp()
        made = Repository(self.site, identity, owner, name, git, now, now, branch, private, parent=parent)
        made.seen_refs = git.refs()
        self._repositories[identity] = made
        return made

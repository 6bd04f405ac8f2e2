"""Who there is on GitHub, the tokens they show, and where it answers; plain data that changes."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Site:
    """Where GitHub answers: its API, its pages, and where release assets are uploaded."""

    api: str = "https://api.github.com"
    html: str = "https://github.com"
    uploads: str = "https://uploads.github.com"


class AccountKind(enum.StrEnum):
    """GitHub's word for what an account is."""

    USER = "User"
    BOT = "Bot"
    ORGANIZATION = "Organization"


@dataclass(eq=False)
class Account:
    """Somebody. `members` maps the ids of an organisation's people to `admin` or `member`."""

    id: int
    login: str
    kind: AccountKind = AccountKind.USER
    deleted: bool = False
    members: dict[int, str] = field(default_factory=dict)

    @property
    def email(self) -> str:
        """The address that GitHub puts into commits made on its pages."""
        return f"{self.id}+{self.login}@users.noreply.github.com"


@dataclass(eq=False)
class Team:
    """Some people of an organisation; `maintainers` are the ids of those who run it."""

    id: int
    organization: Account
    slug: str
    members: list[Account]
    maintainers: set[int] = field(default_factory=set)


class TokenKind(enum.Enum):
    """Whose rights a token carries."""

    USER = "user"
    WORKFLOW = "workflow"
    APP = "app"


@dataclass(frozen=True)
class Token:
    """What a caller shows.

    Attributes:
      repositories: ids of those where a workflow's or App's token has its permissions.
      permissions: such as `{"issues": "write"}`; a user's token carries the user's own rights instead.
    """

    value: str
    actor: Account
    kind: TokenKind = TokenKind.USER
    repositories: tuple[int, ...] = ()
    permissions: Mapping[str, str] = field(default_factory=dict)

"""Who is calling, and what their token lets them do."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from flask import g

from release_tools.model import Permission
from release_tools.sandbox.errors import Refusal, not_for_integrations, not_found
from release_tools.sandbox.nouns import Repository
from release_tools.sandbox.people import Account, Token, TokenKind
from release_tools.sandbox.world import World

LEVELS = ("none", "read", "write", "admin")
RIGHTS = {Permission.WRITE: "push access to", Permission.ADMIN: "admin rights to"}


@dataclass(frozen=True)
class Caller:
    """Whoever made the request being answered; without a token a stranger."""

    world: World
    token: Token | None

    @property
    def account(self) -> Account | None:
        """Who that is."""
        return self.token.actor if self.token else None

    def somebody(self) -> Account:
        """Who that is.

        Raises:
          Refusal: 401 for a stranger.
        """
        if not self.token:
            raise Refusal(401, "Requires authentication")
        return self.token.actor

    def sees(self, full_name: str) -> Repository:
        """The repository of this name.

        Raises:
          Refusal: 404 when it is not there, or private and not for this caller.
        """
        found = self.world.find(full_name)
        if not found or (found.private and not self._sees_private(found)):
            raise not_found()
        return found

    def may(self, repository: Repository, role: Permission, *permissions: str) -> Account:
        """Who that is, if a person has the role, or a program one of the permissions (`issues:write`).

        Raises:
          Refusal: 401 for a stranger, 403 for others.
        """
        actor = self.somebody()
        assert self.token
        if self.token.kind is not TokenKind.USER:
            if repository.id not in self.token.repositories or not self._holds(permissions):
                raise not_for_integrations()
        elif self.world.role(actor, repository) < role:
            raise Refusal(403, f"Must have {RIGHTS.get(role, 'push access to')} repository.")
        return actor

    def _holds(self, permissions: tuple[str, ...]) -> bool:
        assert self.token
        wanted = (permission.split(":") for permission in permissions)
        held = self.token.permissions
        return any(LEVELS.index(held.get(name, "none")) >= LEVELS.index(level) for name, level in wanted)

    def holds(self, permission: str) -> bool:
        """Whether this is a workflow's or App's token with the permission."""
        return self.token is not None and self.token.kind is not TokenKind.USER and self._holds((permission,))

    def _sees_private(self, repository: Repository) -> bool:
        if self.token and self.token.kind is not TokenKind.USER:
            return repository.id in self.token.repositories
        return self.world.role(self.account, repository) >= Permission.READ


def identify(world: World, authorization: str) -> Caller:
    """Who shows this header.

    Raises:
      Refusal: 401 for a token that is unknown, or whose owner is gone.
    """
    if not authorization:
        return Caller(world, None)
    token = world.tokens.get(_value(authorization))
    if not token or token.actor.deleted:
        raise Refusal(401, "Bad credentials")
    return Caller(world, token)


def _value(authorization: str) -> str:
    """The token in `Bearer …`, `token …` or, as git sends it, `Basic …`."""
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() != "basic":
        return value.strip()
    try:
        return base64.b64decode(value).decode().rpartition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def caller() -> Caller:
    """Who makes the request that is being answered."""
    found: Caller = g.caller
    return found


def world() -> World:
    """The world that it is made to."""
    return caller().world

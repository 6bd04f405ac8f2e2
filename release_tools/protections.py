"""What an owner has a repository be: a fork, with rules on branches and reviewers; does no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

GITHUB_ACTIONS = 15368  # the App that workflows' own tokens belong to
ADMINISTRATORS = 5  # GitHub's number of the role that administers a repository
MOST_REVIEWERS = 6  # of an environment


@dataclass(frozen=True)
class CreateFork:
    """Have `fork` be a fork of `parent`, with its default branch only."""

    parent: str
    fork: str


@dataclass(frozen=True)
class Rule:
    """One rule of a ruleset, with its parameters as GitHub names them."""

    type: str
    parameters: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class ProtectBranch:
    """Have one ruleset of this name in force on a branch, with exactly these rules.

    Attributes:
      branch: its name, or `~DEFAULT_BRANCH`.
      bypass: who is not bound by it: kinds of actors, with their numbers.
    """

    repository: str
    name: str
    branch: str
    rules: tuple[Rule, ...]
    bypass: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class ProtectEnvironment:
    """Have an environment wait for one of these reviewers, who may not consent to their own requests.

    Attributes:
      reviewers: teams (`org/slug`) and logins; six at most.
    """

    repository: str
    name: str
    reviewers: tuple[str, ...]


@dataclass(frozen=True)
class LimitWorkflows:
    """Have workflows read unless they say otherwise, and approve no pull requests."""

    repository: str


Protection = CreateFork | ProtectBranch | ProtectEnvironment | LimitWorkflows

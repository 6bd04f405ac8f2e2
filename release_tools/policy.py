"""What the maintainers of a repository decided, as nouns; `config` reads them from the policy file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from convergence.claims import TIERS
from convergence.model import STRICT
from release_tools.model import GHOST, Role

BOTS = (
    "copybara-service",
    "gardener",
    "google-ml-butler",
    "googlebot",
    "kokoro-team",
    "tensorflowbutler",
    "tf-mot-copybara",
)


@dataclass(frozen=True)
class Repositories:
    """`owner/name` of what is tested; `fork` is empty while there is none."""

    __pydantic_config__: ClassVar = STRICT

    tfmot: str = "tensorflow/model-optimization"
    models: str = "tensorflow/models"
    fork: str = ""


@dataclass(frozen=True)
class Roles:
    """Who speaks for whom, by team (`org/slug`) or login."""

    __pydantic_config__: ClassVar = STRICT

    mot: tuple[str, ...] = ()
    official: tuple[str, ...] = ()


@dataclass(frozen=True)
class Technique:
    """What holds for one technique.

    Attributes:
      mot: in place of the general `roles.mot`, and so for `official`.
      owners: who answers for the technique, by team or login.
      tiers: at which it may be tested.
      headline: ids of the claims that it stands or falls with; those the claim file marks, if none is named.
      home: `official` or `fork`, where Official Models has decided it; else empty.
      rfc: link to that decision.
    """

    __pydantic_config__: ClassVar = STRICT

    mot: tuple[str, ...] | None = None
    official: tuple[str, ...] | None = None
    owners: tuple[str, ...] = ()
    tiers: tuple[str, ...] = TIERS
    headline: tuple[str, ...] = ()
    home: str = ""
    rfc: str = ""


@dataclass(frozen=True)
class Labels:
    """Labels of the repositories that mean something to us.

    Attributes:
      prefix: before the name of a step.
      ready: TFMOT's maintainers merge what has it.
      keep: keeps the stale bot away.
      bump: what a pull request that raises a minimum version gets.
    """

    __pydantic_config__: ClassVar = STRICT

    prefix: str = "mot: "
    ready: str = "ready to pull"
    keep: str = "override-stale"
    bump: tuple[str, ...] = ()


@dataclass(frozen=True)
class Budgets:
    """GPU-hours that one request may take: without a reviewer's consent, and at all."""

    __pydantic_config__: ClassVar = STRICT

    per_request: float = 24.0
    total: float = 3000.0


@dataclass(frozen=True)
class Converge:
    """How claims are tested: the tier if none is asked for, and after how many runs they are judged."""

    __pydantic_config__: ClassVar = STRICT

    tier: str = "smoke"
    looks: tuple[int, ...] = (1, 3, 7)


@dataclass(frozen=True)
class Runners:
    """Labels of the runners that jobs ask for, and the image of the containers."""

    __pydantic_config__: ClassVar = STRICT

    hosted: tuple[str, ...] = ("ubuntu-24.04",)
    gpu: tuple[str, ...] = ("self-hosted", "gpu")
    image: str = "buildpack-deps:24.04"


@dataclass(frozen=True)
class Storage:
    """Where things are: folders of the GPU runners, claim files in a repository, the branch of records."""

    __pydantic_config__: ClassVar = STRICT

    data: str = "/data"
    checkpoints: str = "/checkpoints"
    claims: str = "convergence/claims"
    history: str = "convergence-history"


@dataclass(frozen=True)
class Policy:
    """The whole file.

    Attributes:
      bots: accounts that never count as people; `…[bot]` never does.
      checks: names of upstream checks that must be green before a release.
    """

    __pydantic_config__: ClassVar = STRICT

    repositories: Repositories = field(default_factory=Repositories)
    roles: Roles = field(default_factory=Roles)
    techniques: Mapping[str, Technique] = field(default_factory=dict)
    bots: tuple[str, ...] = BOTS
    labels: Labels = field(default_factory=Labels)
    budgets: Budgets = field(default_factory=Budgets)
    converge: Converge = field(default_factory=Converge)
    runners: Runners = field(default_factory=Runners)
    storage: Storage = field(default_factory=Storage)
    checks: tuple[str, ...] = ()

    def is_bot(self, login: str) -> bool:
        """Whether the account never counts as a person: whoever was deleted is no one any more, too."""
        name = login.lower()
        return name.endswith("[bot]") or name in {GHOST.login, *(bot.lower() for bot in self.bots)}

    def technique(self, name: str) -> Technique:
        """What holds for the technique, whether the file names it or not."""
        return self.techniques.get(name, Technique())

    def holders(self, role: Role, technique: str) -> tuple[str, ...]:
        """Teams and logins that hold the role for a technique."""
        own = self.technique(technique)
        if role is Role.OWNER:
            return own.owners
        special, general = (
            (own.mot, self.roles.mot) if role is Role.MOT else (own.official, self.roles.official)
        )
        return general if special is None else special

"""What is there when a rehearsal begins: repositories, people, package indexes, and desks to work at."""

from __future__ import annotations

import contextlib
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path, PurePath
from typing import Any

from convergence import records
from convergence.errors import UserError
from release_tools import cache, shell
from release_tools.approvals.steps import TechniqueState
from release_tools.model import Permission
from release_tools.rehearsal import originals
from release_tools.rehearsal.originals import Originals
from release_tools.rehearsal.process import Desk, Ran
from release_tools.sandbox import faults
from release_tools.sandbox.events import Delivery
from release_tools.sandbox.nouns import Issue, Repository
from release_tools.sandbox.people import Account
from release_tools.sandbox.server import served
from release_tools.sandbox.shelf import Shelf, shelved
from release_tools.sandbox.world import ACTIONS, World

FILES = Path(__file__).with_name("files")
KEPT = ("bases", "builders")  # of the cache: TensorFlow and build tools, which are the same for everybody
TOLD, STATUS = (0, 1, 3), PurePath("status")  # with which it has told, and what names it in errors
RATE, TRIES = 0.03, 6  # of calls that fail, and of what they failed
FAULTS = (  # none after which one would have to wait long
    faults.too_many(),
    faults.bad_gateway(),
    faults.bad_gateway(performed=True),
    faults.dropped(),
    faults.dropped(performed=True),
    faults.slow(0.02),
)
MAINTAINER = "mona"  # who releases
ROLES = {
    "carl": "contributes the example",
    "stan": "is a stranger",
    MAINTAINER: "maintains TFMOT",
    "mark": "reviews for TFMOT",
    "olga": "reviews for Official Models",
}


@dataclass
class Stage:
    """Official Models, its fork and TFMOT on the sandbox; people with roles; two indexes; processes.

    Attributes:
      index: where releases go; `rehearsal` is where they go before.
      trains: whether trials are trained; else their results are those that were recorded.
      facts: what lines of the play name in braces.
      regressed: whether TFMOT is broken now, which recorded results have to know.
      consents: whether a reviewer consents to what now waits for consent.
      pending: events that no workflow has looked at.
      ran: all commands, in order.
      judged: folders of requests that were judged, and whether TFMOT was broken then.
    """

    folder: Path
    url: str
    world: World
    index: Shelf
    rehearsal: Shelf
    originals: Originals
    trains: bool = True
    facts: dict[str, str] = field(default_factory=dict)
    regressed: bool = False
    consents: bool = False
    pending: list[Delivery] = field(default_factory=list)
    ran: list[Ran] = field(default_factory=list)
    judged: list[tuple[Path, bool]] = field(default_factory=list)
    pull: Issue | None = None
    people: dict[str, Account] = field(init=False)
    tfmot: Repository = field(init=False)
    models: Repository = field(init=False)
    own: Repository = field(init=False)
    desk: Desk = field(init=False)

    def __post_init__(self) -> None:
        world = self.world
        world.user(ACTIONS)
        self.people = {name: world.user(name) for name in ROLES}
        self.tfmot, self.models = originals.lay(world, self.folder, self.originals)
        for one in (self.tfmot, self.models):
            one.collaborators[self.people[MAINTAINER].id] = Permission.WRITE
            one.settings.environments["converge-consent"] = (self.people["mark"],)
        self._commit_policy()
        world.fork(self.models, self.people["mark"], "models-mot")
        self.own = world.fork(self.models, self.people["carl"])
        self.desk = Desk(sys.executable, self._settings())
        world.events.subscribe(self.pending.append)
        self.facts |= {
            "tfmot": f"{self.url}/{self.tfmot.full_name}.git",
            "models": self.models.full_name,
            "index": self.index.simple,
            "indexes": _indexes(self.index, self.rehearsal),
            "tensorflow": metadata.version("tensorflow"),
            **originals.versions(self.tfmot),
        }
        self.facts["release"] = f"release-{self.facts['version']}"

    def _commit_policy(self) -> None:
        text = (FILES / "policy.toml").read_text(encoding="utf-8")
        for one in (self.tfmot, self.models):
            files = {originals.POLICY: text}
            if one is self.models:
                files |= originals.workflows()
            self.world.commit(one, one.default_branch, files, self.people[MAINTAINER], "Say who decides what")

    def _settings(self) -> dict[str, str]:
        return {
            "GITHUB_API_URL": self.url,
            "GITHUB_SERVER_URL": self.url,
            "RELEASE_TOOLS_CACHE": str(_cache(self.folder / "cache")),
            "PIP_INDEX_URL": self.index.simple,
            "TMPDIR": str(_made(self.folder / "tmp")),
            "CONVERGE_ISOLATION": "none",
            "CONVERGE_ALLOW_UNISOLATED": "1",
            "CHECK_EXAMPLE_ISOLATION": "none",
            "CHECK_EXAMPLE_ALLOW_UNISOLATED": "1",
            "TWINE_USERNAME": MAINTAINER,
            "TWINE_PASSWORD": "rehearsal",
            "COLUMNS": "120",
        }

    def repository_of(self, name: str) -> Repository:
        """Where a person pushes branches to: carl to his fork, the others to Official Models."""
        return self.own if name == "carl" else self.models

    @property
    def issue(self) -> Issue:
        """The pull request that the play is about now."""
        if self.pull is None:
            raise UserError("play", "no pull request is open yet")
        return self.pull

    @property
    def head(self) -> str:
        """Of the pull request."""
        assert self.issue.pull
        return self.issue.pull.head_sha

    @property
    def release(self) -> Path:
        """The folder of the release that is made: its plan, and its audit."""
        return self.at(MAINTAINER) / self.facts["release"]

    def at(self, who: str) -> Path:
        """The folder that a person works in."""
        return _made(self.folder / "people" / who)

    def run(self, who: str, *words: str | Path, **more: Any) -> Ran:
        """A person runs `release-tools`, with a token of their own."""
        settings = {"GITHUB_TOKEN": self.world.token(self.people[who])}
        made = self.desk.run(who, words, self.at(who), settings, **more)
        self.ran.append(made)
        return made

    def states(self, number: int) -> tuple[TechniqueState, ...]:
        """How the steps of a pull request's techniques stand, by `status`; none where it cannot tell."""
        ran = self.run(MAINTAINER, "status", str(number), "--repo", self.models.full_name, "--json")
        told = json.loads(ran.out) if ran.status in TOLD else []
        return tuple(records.parse(json.dumps(one).encode(), TechniqueState, STATUS) for one in told)


@contextlib.contextmanager
def opened(asked: Originals, *, trains: bool = True, seed: int | None = None) -> Iterator[Stage]:
    """Everything on loopback, in a folder that is gone afterwards with all that ran in it.

    Args:
      seed: where given, GitHub fails at random. The draws are the same for the same seed; which call meets
        which is as they arrive, and two jobs may run at once.
    """
    with _folder() as folder:
        world = World(folder / "github")
        with (
            shelved(folder / "index", originals.upstream()) as index,
            shelved(folder / "index-rehearsal") as rehearsal,
            served(world) as url,
        ):
            originals.publish(asked, index.folder)
            made = Stage(folder, url, world, index, rehearsal, asked, trains)
            if seed is not None:
                made.desk.tries = TRIES
                world.faults.at_random(seed, RATE, r"^/(?!.*\.git/)", FAULTS)
            yield made


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """A folder that is gone afterwards, be it that what was ended has still written there meanwhile."""
    name = tempfile.mkdtemp(prefix="release-tools-rehearsal-")
    try:
        yield Path(name).resolve()
    finally:
        with shell.uninterrupted():
            for _ in range(2):
                shutil.rmtree(name, ignore_errors=True)


def _indexes(index: Shelf, rehearsal: Shelf) -> str:
    """What `release run` is told of them."""
    told = {
        "--index-upload": index.url, "--index-url": index.simple,
        "--rehearsal-upload": rehearsal.url, "--rehearsal-url": rehearsal.simple,
    }  # fmt: skip
    return " ".join(word for pair in told.items() for word in pair)


def _cache(folder: Path) -> Path:
    """A cache that takes what is everybody's from the user's, and leaves nothing there that is played."""
    _made(folder)
    for name in KEPT:
        kept = cache.root() / name
        kept.mkdir(parents=True, exist_ok=True)
        (folder / name).symlink_to(kept)
    return folder


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder

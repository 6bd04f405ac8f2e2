"""TFMOT and Official Models on the sandbox, two package indexes on loopback, the commands as processes."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from packaging.version import Version

from convergence import claims, records
from release_tools import config, shell
from release_tools.gates import DoctorFact
from release_tools.github import GitHub
from release_tools.model import Permission
from release_tools.release import audit, evidence, index, planning, running
from release_tools.release.index import Index
from release_tools.release.nouns import ReleasePlan
from release_tools.sandbox import merging, pulls
from release_tools.sandbox.nouns import Issue, Repository
from release_tools.sandbox.people import Account
from release_tools.sandbox.server import served
from release_tools.sandbox.shelf import Shelf, shelved
from release_tools.sandbox.tfmot_source import Published, Revision, write
from release_tools.sandbox.world import World
from release_tools.wheel import tfmot as tfmot_tree

VERSION = "1.3.0"
WHEEL = f"tensorflow_model_optimization-{VERSION}-py2.py3-none-any.whl"
T = "tensorflow-model-optimization"
ROOT = Path(__file__).parents[2]
POLICY = """
[roles]
mot = ["mona"]
[techniques.pruning]
home = "official"
headline = ["pruning/mobilenetv2-digits-50/accuracy"]
"""
OVERRIDDEN = [
    word
    for gate in ("claims", "steps", "doctor")
    for word in ("--override", gate, "--reason", f"{gate} is looked at by hand")
]
# A TFMOT of five files needs no TensorFlow below it.
BARE = """
from release_tools.wheel import environment
environment.with_tensorflow = lambda: environment.Base(())
"""
# The doctor has benches and tests of its own; it installs what TensorFlows there are.
UNEXAMINED = "from release_tools.release import wiring\nwiring._doctor = lambda subject: None\n"
MAIN = "from release_tools.cli import main\nmain()\n"
# The process is killed with the n-th line of the audit, before or after that is on the disk.
KILLED = """
import os, signal
from release_tools.release import audit
written, append = 0, audit.Audit.append
def dying(self, *words, **more):
    global written
    written += 1
    if (written, "{when}") == ({number}, "before"):
        os.kill(os.getpid(), signal.SIGKILL)
    append(self, *words, **more)
    if (written, "{when}") == ({number}, "after"):
        os.kill(os.getpid(), signal.SIGKILL)
audit.Audit.append = dying
"""


@dataclass
class Shipyard:
    """Mona speaks for TFMOT and may write; carl may nothing.

    Attributes:
      bare: whether the wheel is imported without any TensorFlow below it.
    """

    folder: Path
    world: World
    index: Shelf
    rehearsal: Shelf
    origin: Published
    url: str = ""
    token: str = ""
    bare: bool = True
    mona: Account = field(init=False)
    carl: Account = field(init=False)
    tfmot: Repository = field(init=False)
    models: Repository = field(init=False)

    def __post_init__(self) -> None:
        world = self.world
        self.mona, self.carl = world.user("mona"), world.user("carl")
        org = world.organization("tensorflow")
        self.tfmot = world.repository(org, "model-optimization", {"x": ""})
        lay(self.folder / "laid", self.origin)
        words = ["push", "--quiet", "--force", "--tags", self.tfmot.git.folder, "HEAD:master"]
        shell.run(["git", "-C", self.folder / "laid", *words])
        self.tfmot.seen_refs = self.tfmot.git.refs()
        self.models = world.repository(org, "models", {"official/requirements.txt": f"six\n{T}>=0.4.1"})
        for one in (self.tfmot, self.models):
            one.collaborators[self.mona.id] = Permission.WRITE
        world.commit(self.tfmot, "master", {config.PATH: POLICY}, self.mona, "Say who decides")
        self.token = world.token(self.mona)

    @property
    def out(self) -> Path:
        return self.folder / f"release-{VERSION}"

    def plan(self, *words: str, version: str = VERSION, pre: str = "") -> subprocess.CompletedProcess[str]:
        tested = ("--tested-against", "TensorFlow 2.20.0, and Python 3")
        where = ("--out", str(self.out), "--index-url", f"{self.index.url}/simple/")
        return self.call("plan", version, *tested, *where, *words, pre=pre)

    def run(self, *words: str, pre: str = "", gates: bool = True) -> subprocess.CompletedProcess[str]:
        indexes = [
            *("--index-upload", self.index.url, "--index-url", f"{self.index.url}/simple/"),
            *("--rehearsal-upload", self.rehearsal.url, "--rehearsal-url", f"{self.rehearsal.url}/simple/"),
        ]
        more = OVERRIDDEN if gates else []
        plan = str(self.out / "plan.json")
        return self.call("run", plan, "--yes", "--patience", "0", *indexes, *more, *words, pre=pre)

    def call(self, *words: str, pre: str = "") -> subprocess.CompletedProcess[str]:
        """`release-tools release …` in a process of its own."""
        environment = {
            **os.environ,
            "GITHUB_API_URL": self.url,
            "GITHUB_TOKEN": self.token,
            "PYTHONPATH": str(ROOT),
            "TWINE_USERNAME": "mona",
            "TWINE_PASSWORD": "secret",
        }
        command = [
            sys.executable,
            "-c",
            UNEXAMINED + (BARE if self.bare else "") + pre + MAIN,
            "release",
            *words,
        ]
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            env=environment,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
        )

    def pull(self) -> Issue:
        """The release pull request."""
        (only,) = [issue for issue in self.tfmot.issues.values() if issue.pull]
        return only

    def land(self) -> str:
        """Merged on GitHub."""
        return merging.merge(self.world, self.tfmot, self.pull(), self.mona)

    def export(self, **changes: str) -> str:
        """Copybara closes the pull request and exports a commit of its own."""
        issue = self.pull()
        assert issue.pull
        git = self.tfmot.git
        base, head = git.ref("refs/heads/master"), issue.pull.head_sha
        files = {
            one.path: git.blob(one.sha)
            for one in git.tree(head, recursive=True)
            if one.kind == "blob" and one.sha not in {each.sha for each in git.tree(base, recursive=True)}
        }
        pulls.set_state(self.world, self.tfmot, issue, "closed", self.carl)
        said = f"Update release notes.\n\nPiperOrigin-RevId: 7{issue.number}"
        return self.world.commit(self.tfmot, "master", files | changes, self.carl, said)

    def tag(self, name: str = f"v{VERSION}") -> str:
        return self.tfmot.git.ref(f"refs/tags/{name}")

    def bumps(self) -> list[Issue]:
        return [issue for issue in self.models.issues.values() if issue.pull]

    def audit(self) -> list[dict[str, str]]:
        return [json.loads(line) for line in (self.out / "audit.jsonl").read_text().splitlines()]

    def states(self) -> list[str]:
        """The audit in short."""
        return [f"{one['step']} {one['state']}" for one in self.audit()]

    def writes(self) -> list[str]:
        """What was written on GitHub."""
        asked = ("git-upload-pack",)  # git posts to ask
        return [
            f"{call.method} {call.path}"
            for call in self.world.calls
            if call.method != "GET" and not call.path.endswith(asked)
        ]

    def killed(self, number: int, when: str) -> bool:
        """Run until it is killed at a line of the audit; whether it was."""
        return self.run(pre=KILLED.format(number=number, when=when)).returncode == -signal.SIGKILL


def lay(folder: Path, origin: Published) -> None:
    """TFMOT with a release, and a change of carl's since."""
    prune = f"{tfmot_tree.PACKAGE}/python/core/sparsity/keras/rehearsed.py"
    origin = Published(origin.version, origin.requires, _packages(prune) | dict(origin.files))
    later = Revision("1.2.3", patches={prune: lambda _: "SPARSITY = 0.75\n"})
    write(folder, (Revision("1.2.3", "v1.2.3"), later), origin)
    who = ["-c", "user.name=Carl Contributor", "-c", "user.email=carl@example.invalid"]
    date = {"GIT_COMMITTER_DATE": "1767400000 +0000", "GIT_CONFIG_GLOBAL": "/dev/null"}
    said = "Add 75 % sparsity for @everybody\n\nPiperOrigin-RevId: 700"
    words = ["commit", "--quiet", "--amend", "--reset-author", "--date=1767400000 +0000", "-m", said]
    shell.run(["git", "-C", folder, *who, *words], env={**os.environ, **date})


def _packages(module: str) -> dict[str, bytes]:
    folders = [parent for parent in Path(module).parents if tfmot_tree.PACKAGE in parent.parts]
    made = {f"{parent}/__init__.py": b"" for parent in folders[:-3]}
    return made | {module: b"SPARSITY = 0.5\n"}


@contextlib.contextmanager
def opened(folder: Path, origin: Published) -> Iterator[Shipyard]:
    """Everything served."""
    with shelved(folder / "index") as index, shelved(folder / "rehearsal") as rehearsal:
        yard = Shipyard(folder, World(folder / "world"), index, rehearsal, origin)
        with served(yard.world) as url:
            yard.url = url
            yield yard


def members(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


@dataclass
class Slip:
    """A release in this process, whose gates pass: steps, doctor and claims are looked at by hand.

    Attributes:
      waits: the seconds that were waited for an index.
      rehearsed: whether it goes to the other index first.
      adopt: whether it goes on with what is public although the audit does not say who made it.
    """

    yard: Shipyard
    waits: list[float] = field(default_factory=list)
    patience: tuple[float, ...] = (1.0, 2.0)
    rehearsed: bool = False
    adopt: bool = False

    def hub(self) -> GitHub:
        return GitHub(self.yard.token, self.yard.url, wait=self.waits.append, seconds_between_writes=0)

    def known(self) -> evidence.Known:
        where = Index(url=f"{self.yard.index.url}/simple/")
        return evidence.Known(
            approvals=lambda _, __: None,
            doctor=lambda _: DoctorFact(()),
            published=functools.partial(index.published, where),
        )

    def plan(self, version: str = VERSION, **more: Any) -> ReleasePlan:
        yard, policy = self.yard, config.read(POLICY, "policy", claims.load())
        asked = planning.Asked(
            Version(version),
            yard.tfmot.full_name,
            str(yard.tfmot.git.folder),
            "master",
            tested="TensorFlow 2.20.0",
            **more,
        )
        made = planning.make(asked, policy, claims.load(), self.hub(), self.known(), lambda _: None)
        records.write(yard.out / "plan.json", made)
        return made

    def begin(self) -> running.Run:
        yard = self.yard
        hub = self.hub()
        settings = running.Settings(
            index=Index(yard.index.url, f"{yard.index.url}/simple/"),
            rehearsal=Index(yard.rehearsal.url, f"{yard.rehearsal.url}/simple/") if self.rehearsed else None,
            source=str(yard.tfmot.git.folder),
            bump=lambda _, repository: (f"https://github.com/{repository}/pull/9", ""),
            adopt=self.adopt,
            patience=self.patience,
            wait=self.waits.append,
        )
        kept = audit.Audit(yard.out / audit.FILE_NAME, lambda: hub.login)
        plan = records.read(yard.out / "plan.json", ReleasePlan)
        policy = config.read(POLICY, "policy", claims.load())
        made = running.Run(plan, yard.out, hub, kept, settings, policy, claims.load(), self.known())
        if not kept.entries:
            kept.append("plan", audit.BEGUN, plan.release, running.digest(plan))
            for gate in ("claims", "steps"):
                kept.append(gate, audit.OVERRIDE, "seen", "mona")
        return made

    def go(self, until: str = "") -> running.Progress:
        """Run in what could be a new process; the last step, and how it stands."""
        return running.run(self.begin(), until)[-1]

    def landed(self, until: str = "verify") -> running.Progress:
        """Planned, proposed and landed, and then on."""
        self.plan()
        assert self.go().step == "land"
        self.yard.land()
        return self.go(until)

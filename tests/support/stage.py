"""Our workflows as they are, run by act against the sandbox on this machine; its people; what came of it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from release_tools import config, shell
from release_tools.model import Permission
from release_tools.sandbox import comments, pulls, runs
from release_tools.sandbox.automation import Run
from release_tools.sandbox.nouns import Comment, Issue, Repository
from release_tools.sandbox.people import Account
from release_tools.sandbox.server import served
from release_tools.sandbox.world import ACTIONS, World

ROOT = Path(__file__).parents[2]
STAND_INS = Path(__file__).with_name("actions")
WORKFLOWS = ".github/workflows/"
RIGHTS = {  # act gives every job the same token; tests/workflows/test_structure.py holds what each would get
    "actions": "write",
    "checks": "write",
    "contents": "write",
    "metadata": "read",
    "pull_requests": "write",
}
UNKNOWN = "      queue: max\n"  # the one line that act refuses, since it has no queues; all else is as it is
LABELS = ("ubuntu-24.04", "self-hosted", "gpu")
INHERITED = ("PIP_", "UV_", "SSL_", "REQUESTS_", "RELEASE_TOOLS_", "LANG", "HOME", "TF_")


@dataclass
class Played:
    """A workflow that ran.

    Attributes:
      results: `success` or `failure` of each job that ran, by its name with those of the workflows around it;
        a job that was skipped is not there.
      log: all that was said.
    """

    run: Run
    status: int
    events: list[dict[str, Any]]

    @property
    def results(self) -> dict[str, str]:
        return {one["job"].strip(): one["jobResult"] for one in self.events if one.get("jobResult")}

    @property
    def outputs(self) -> dict[str, str]:
        """What steps of our own handed to later ones."""
        said = (one for one in self.events if one.get("command") == "set-output")
        return {one["name"]: one["arg"] for one in said}

    @property
    def log(self) -> str:
        """All that was said, but for what act says of actions."""
        lines = (f"{one.get('job', '').strip()}: {one.get('msg', '')}".rstrip() for one in self.events)
        return "\n".join(
            line for line in lines if not re.search(r"LocalRepository|(Pre|Post|Main) actions/", line)
        )


@dataclass
class Stage:
    """Official Models with our tools in it, and TFMOT.

    Mona may write, carl contributes from his fork, stan is a stranger.

    Attributes:
      environment: of the machines.
      variables: of the repository, as its settings have them; and `secrets`.
      called: folders in place of what workflows of other repositories are called as, `owner/name@SHA`.
    """

    folder: Path
    url: str
    world: World
    mona: Account = field(init=False)
    carl: Account = field(init=False)
    stan: Account = field(init=False)
    models: Repository = field(init=False)
    tfmot: Repository = field(init=False)
    fork: Repository = field(init=False)
    environment: dict[str, str] = field(default_factory=dict)
    called: dict[str, Path] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        world = self.world
        self.mona, self.carl, self.stan = (world.user(name) for name in ("mona", "carl", "stan"))
        self.org = world.organization("tensorflow")
        self.told: list[Mapping[str, Any]] = []
        world.events.subscribe(lambda one: self.told.append(one.payload))

    def open(self, policy: str, harness: Mapping[str, bytes], tfmot: Path | None = None) -> None:
        """Make the repositories: our tools with a policy, and TFMOT, empty or as in a folder."""
        world = self.world
        files = dict(harness) | {config.PATH: policy.encode()}
        self.models = world.repository(self.org, "models", files)
        self.models.collaborators[self.mona.id] = Permission.WRITE
        self.tfmot = world.repository(self.org, "model-optimization", {} if tfmot else {"setup.py": "\n"})
        if tfmot:
            shell.run(["git", "-C", tfmot, "push", "--quiet", "--tags", self.tfmot.git.folder, "HEAD:master"])
            self.tfmot.seen_refs = self.tfmot.git.refs()
        self.fork = world.fork(self.models, self.carl)

    def pull(self, by: Account, branch: str = "topic", title: str = "Add an example", **files: str) -> Issue:
        """A pull request of somebody who may write, or else from carl's fork."""
        own = by is self.mona
        where = self.models if own else self.fork
        self.world.commit(where, branch, files or {"new.py": "x = 1\n"}, by, start="master")
        return pulls.open_pull(
            self.world, self.models, by, title, branch if own else f"carl:{branch}", "master"
        )

    def say(self, who: Account, body: str, where: Issue) -> Comment:
        """Somebody comments; nobody answers yet."""
        said = comments.write(self.world, self.models, where, who, body)
        self.world.events.deliver()
        return said

    def play(
        self,
        workflow: str = "converge",
        during: Callable[[Run], None] | None = None,
        inputs: Mapping[str, str] | None = None,
    ) -> Played:
        """Run a workflow on what was said last, or by hand with inputs.

        Args:
          during: is called, beside it, with the run once its first job has begun.
        """
        path = f"{WORKFLOWS}{workflow}.yml"
        started = "issue_comment" if inputs is None else "workflow_dispatch"
        run = runs.start(self.world, self.models, path, started, self.mona)
        runs.add_job(self.world, run, workflow)
        event = self.folder / f"event-{run.id}.json"
        event.write_text(json.dumps(self.told[-1] if inputs is None else {"inputs": dict(inputs)}))
        tree = self.folder / f"tree-{run.id}"
        shell.run(["git", "clone", "--quiet", self.models.git.folder, tree])
        for file in (tree / WORKFLOWS).glob("*.yml"):
            file.write_text(file.read_text().replace(UNKNOWN, ""))
        words = [*self._act(run, event), "--directory", str(tree), "--workflows", path]
        played = self._played(run, words, during)
        if run.status != "completed":
            runs.finish(self.world, run, "failure" if played.status else "success")
        return played

    def _played(self, run: Run, words: list[str], during: Callable[[Run], None] | None) -> Played:
        clean = shell.environment(prefixes=INHERITED) | {"XDG_CACHE_HOME": str(self.folder / "cache")}
        events: list[dict[str, Any]] = []
        with subprocess.Popen(
            words,
            env=clean,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as process:
            assert process.stdout
            beside: list[threading.Thread] = []
            for line in process.stdout:
                events.append(json.loads(line) if line.startswith("{") else {"msg": line})
                if during and not beside and events[-1].get("job"):
                    beside.append(threading.Thread(target=self._beside, args=(run, during, process.pid)))
                    beside[0].start()
            status = process.wait()
        for thread in beside:
            thread.join()
        return Played(run, status, events)

    def wait_for(self, holds: Callable[[], bool], seconds: float = 60) -> bool:
        """Whether something comes true in time; it is looked at whenever somebody has called."""
        arrived = threading.Event()
        self.world.events.subscribe(lambda _: arrived.set() if holds() else None)
        return holds() or arrived.wait(seconds)

    @staticmethod
    def _beside(run: Run, during: Callable[[Run], None], process: int) -> None:
        """What happens meanwhile; a run that is cancelled then ends as GitHub would end it."""
        during(run)
        if run.conclusion == "cancelled":
            os.killpg(process, signal.SIGINT)

    def _act(self, run: Run, event: Path) -> list[str]:
        act = Path(sys.executable).with_name("act")
        token = self.world.workflow_token(self.models, **RIGHTS)
        variables = {
            "GITHUB_API_URL": self.url,
            "GITHUB_REPOSITORY": self.models.full_name,
            "GITHUB_RUN_ID": str(run.id),
            "GITHUB_SERVER_URL": self.url,
            "TERM": "dumb",  # act shows steps a terminal, GitHub does not
            "STAGE_ARTIFACTS": str(self.folder / f"artifacts-{run.id}"),
            "STAGE_PYTHON": sys.executable,
            "STAGE_SITES": ":".join(path for path in sys.path if path.endswith("site-packages")),
        }
        words = [
            str(act),
            run.event,
            "--json",
            "--eventpath",
            str(event),
            "--secret",
            f"GITHUB_TOKEN={token}",
        ]
        words += ["--no-cache-server", "--pull=false", "--no-skip-checkout", "--action-offline-mode"]
        words += ["--action-cache-path", str(self.folder / "cache" / "act"), "--concurrent-jobs", "2"]
        words += [word for label in LABELS for word in ("--platform", f"{label}=-self-hosted")]
        for name, value in (variables | self.environment).items():
            words += ["--env", f"{name}={value}"]
        words += [word for pair in self.variables.items() for word in ("--var", "=".join(pair))]
        words += [word for pair in self.secrets.items() for word in ("--secret", "=".join(pair))]
        actions = {used: STAND_INS / used.partition("@")[0].removeprefix("actions/") for used in uses()}
        for used, folder in (actions | self.called).items():
            words += ["--local-repository", f"{used}={folder}"]
        return words


def uses() -> set[str]:
    """All actions that our workflows use, with their commits."""
    lines = [line for path in (ROOT / WORKFLOWS).glob("*.yml") for line in path.read_text().splitlines()]
    named = (line.partition("uses:")[2].split() for line in lines if "uses:" in line)
    return {words[0] for words in named if words and "@" in words[0]}


def harness() -> dict[str, bytes]:
    """Our repository's files, as they are here."""
    listed = shell.run(
        ["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    ).out
    names = [name for name in listed.split("\0") if name and not name.startswith("tests/")]
    return {name: (ROOT / name).read_bytes() for name in names if (ROOT / name).is_file()}


@contextmanager
def staged(folder: Path) -> Iterator[Stage]:
    """A stage on loopback."""
    world = World(folder / "world")
    world.user(ACTIONS)
    with served(world) as url:
        yield Stage(folder, url, world)

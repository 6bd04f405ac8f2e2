"""Measures the conversation with GitHub against the sandbox: calls, and time as ratios.

python tests/bench/conversation.py [calls] [sandbox]
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from release_tools.github import GitHub
from release_tools.model import (
    CheckStatus,
    Comment,
    Conclusion,
    Effect,
    Permission,
    Reaction,
    SetCheck,
    SetLabels,
)
from release_tools.sandbox import comments, inprocess, pulls
from release_tools.sandbox.gateway import Gateway
from release_tools.sandbox.nouns import Issue, Repository
from release_tools.sandbox.world import ACTIONS, World

CALLS = 400
POLICY = ".github/release-tools.toml"
RIGHTS = {"checks": "write", "pull_requests": "write", "contents": "read", "metadata": "read"}


class Scene:
    """A repository with a policy, and a pull request of a contributor's that a maintainer comments on."""

    def __init__(self, folder: Path) -> None:
        self.world = World(folder)
        mona, carl = self.world.user("mona"), self.world.user("carl")
        org = self.world.organization("tensorflow")
        self.base: Repository = self.world.repository(org, "models", {POLICY: "x = 1\n", "claims.toml": "\n"})
        self.base.collaborators[mona.id] = Permission.WRITE
        fork = self.world.fork(self.base, carl)
        self.head = self.world.commit(fork, "topic", {"new.py": "x = 1\n"}, carl, start="master")
        self.issue: Issue = pulls.open_pull(self.world, self.base, carl, "Add it", "carl:topic", "master")
        self.command = comments.write(self.world, self.base, self.issue, mona, "/converge")
        self.token = self.world.workflow_token(self.base, **RIGHTS)

    def effects(self) -> list[Effect]:
        """What is there of a request that ended."""
        name, number = self.base.full_name, self.issue.number
        check = SetCheck(name, self.head, "convergence", "r1", CheckStatus.QUEUED, "Queued", "s")
        done = SetCheck(
            name, self.head, "convergence", "r1", CheckStatus.COMPLETED, "Done", "s", Conclusion.SUCCESS
        )
        return [check, done, Comment(name, number, "converge", "### Done"), SetLabels(name, number, ("x",))]


def converge(hub: GitHub, scene: Scene) -> None:
    """As much as the gate of `/converge` asks and says."""
    name, number = scene.base.full_name, scene.issue.number
    hub.snapshot(name, number)
    hub.permission(name, "mona")
    hub.read_file(name, POLICY, "master")
    hub.read_file(name, "claims.toml", scene.head)
    hub.perform(Reaction(name, scene.command.id, "eyes"))
    for ref in ("master", scene.head):
        hub.resolve(name, ref)
    check, _, comment, labels = scene.effects()
    hub.perform(check)
    hub.perform(comment)
    hub.perform(labels)
    assert hub.resolve(name, f"refs/pull/{number}/head") == scene.head


def refresh(hub: GitHub, scene: Scene) -> None:
    """Look, and find that all is said."""
    hub.snapshot(scene.base.full_name, scene.issue.number)
    for effect in scene.effects()[1:]:
        hub.perform(effect)


def calls(table: Table) -> None:
    with tempfile.TemporaryDirectory() as folder:
        scene = Scene(Path(folder))
        with inprocess.connected(Gateway(scene.world)):
            for name, aim, act in (
                ("a whole /converge", 15, converge),
                ("an unchanged pull request", 6, refresh),
            ):
                hub = GitHub(scene.token, login=ACTIONS, seconds_between_writes=0)
                if act is refresh:
                    for effect in scene.effects():
                        hub.perform(effect)
                before = len(scene.world.calls)
                act(hub, scene)
                table.add_row(f"calls for {name}", str(len(scene.world.calls) - before), f"≤ {aim}", "")


def sandbox(table: Table) -> None:
    with tempfile.TemporaryDirectory() as folder:
        scene = Scene(Path(folder))
        gateway = Gateway(scene.world)
        path = f"/repos/{scene.base.full_name}/issues/{scene.issue.number}/comments"
        headers = {"Authorization": f"Bearer {scene.token}"}
        bare = a_second(lambda: inprocess.call(gateway, "GET", path, headers=headers))
        with inprocess.connected(gateway):
            hub = GitHub(scene.token, login=ACTIONS, seconds_between_writes=0)
            through = a_second(lambda: hub.permission(scene.base.full_name, "mona"))
    table.add_row("sandbox calls a second", f"{bare:.0f}", "", f"{through:.0f} through PyGithub")


def a_second(call: Callable[[], object]) -> float:
    began = time.monotonic()
    for _ in range(CALLS):
        call()
    return CALLS / (time.monotonic() - began)


PARTS = {"calls": calls, "sandbox": sandbox}


def main() -> None:
    table = Table("measured", "here", "aim", "medians")
    for name in sys.argv[1:] or PARTS:
        PARTS[name](table)
    Console().print(table)


if __name__ == "__main__":
    main()

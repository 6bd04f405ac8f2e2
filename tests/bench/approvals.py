"""Measures what it takes to say where fifty techniques stand: calls to GitHub, and seconds to decide.

    python tests/bench/approvals.py

Each technique has its own pull request, a record of its own, reviews and comments by all kinds of people.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

import process
from process import CARL, HEAD, MONA, OLGA, STAN, Process

from release_tools import approvals, config, plan
from release_tools.approvals import said
from release_tools.approvals.outside import Nowhere
from release_tools.approvals.publishing import Run
from release_tools.github import GitHub
from release_tools.jobs import history
from release_tools.model import ReviewState
from release_tools.sandbox import comments, inprocess, pulls, reviews, runs
from release_tools.sandbox.gateway import Gateway
from release_tools.sandbox.world import World

TECHNIQUES, EVENTS, ROUNDS = 50, 500, 7
POLICY = """
[repositories]
fork = "tensorflow/models-mot"
[roles]
mot = ["tensorflow/mot"]
official = ["tensorflow/official"]
"""
RIGHTS = {
    "contents": "write",
    "pull_requests": "write",
    "checks": "write",
    "actions": "read",
    "members": "read",
}
NAMES = [f"technique-{number}" for number in range(TECHNIQUES)]
BODY = process.BODY


def recipes() -> dict[str, process.Recipe]:
    made = {}
    for name in NAMES:
        claim = replace(process.HEADLINE, technique=name)
        recipe = replace(process.FULL, technique=name, start="", claims=(claim,))
        made[recipe.id] = recipe
    return made


class Scene:
    """Official Models with a pull request a technique, all at step 4 with the numbers reproduced."""

    def __init__(self, folder: Path) -> None:
        self.world = world = World(folder)
        self.mona, self.olga, carl = world.user("mona"), world.user("olga"), world.user("carl")
        self.us, org = world.user("mot[bot]"), world.organization("tensorflow")
        world.team(org, "mot", [self.mona])
        world.team(org, "official", [self.olga])
        files = {config.PATH: POLICY, history.WORKFLOW: "on: issue_comment\n", "a.py": ""}
        self.base = world.repository(org, "models", files)
        fork = world.fork(self.base, carl)
        with inprocess.connected(Gateway(world)):
            hub = self.hub()
            for name in NAMES:
                world.commit(
                    fork, name, {f"official/projects/{name}/train.py": "x = 1\n"}, carl, start="master"
                )
                body = BODY.replace("claims pruning", f"claims {name}")
                issue = pulls.open_pull(world, self.base, carl, name, f"carl:{name}", "master", body)
                comments.write(world, self.base, issue, self.olga, "/home official users ask for it")
                asked = comments.write(world, self.base, issue, self.mona, f"/converge {name}")
                self._record(hub, name, asked.id, issue.pull.head_sha if issue.pull else "")
                reviews.give(world, self.base, issue, self.mona, "APPROVE", "")

    def _record(self, hub: GitHub, name: str, comment: int, head: str) -> None:
        run = runs.start(self.world, self.base, history.WORKFLOW, "issue_comment", self.mona)
        made = process.record(
            replace(process.found(), claim=f"{name}/imagenet/accuracy", technique=name),
            head=head,
            request_id=plan.request_id(comment, head),
            run=f"https://github.com/tensorflow/models/actions/runs/{run.id}",
        )
        hub.perform(history.keep(made.record, "convergence-history"))
        runs.finish(self.world, run, "success")

    def hub(self) -> GitHub:
        token = self.world.app_token(self.us, [self.base], **RIGHTS)
        return GitHub(token, login="mot[bot]", seconds_between_writes=0)


def calls(table: Table) -> None:
    with tempfile.TemporaryDirectory() as folder:
        scene = Scene(Path(folder))
        with inprocess.connected(Gateway(scene.world)):
            before = len(scene.world.calls)
            states = Run(scene.hub(), "tensorflow/models", None, Nowhere(), recipes()).look()
            made = len(scene.world.calls) - before
    assert len(states) == TECHNIQUES
    proven = sum("REPRODUCED" in str(state.steps[3].evidence) for state in states)
    table.add_row(
        f"status of {TECHNIQUES} techniques, calls a technique",
        f"{made / TECHNIQUES:.2f}",
        "≤ 6",
        f"{made} calls, {proven} with a record",
    )


def busy(seed: int, share: float) -> Process:
    """A pull request of which much was said, by everybody; none of it twice.

    Args:
      share: of the comments that are commands.
    """
    order, made = random.Random(seed), process.approved()
    made.pull(body=f"{BODY}\n{seed}")
    old = f"/approve @{process.OLD}"
    commands = (f"/approve @{HEAD}", old, "/home fork", "/home official", "/record-approval x")
    for number in range(EVENTS - 10):
        who = order.choice((CARL, MONA, OLGA, STAN))
        if order.random() < 0.3:
            made.review(who, order.choice(list(ReviewState)), sha=order.choice((HEAD, process.OLD)))
        elif order.random() < share:
            made.say(who, f"{order.choice(commands)} {seed}{number}")
        else:
            made.say(who, f"I think that the margin is too wide: {order.random()}\n" * order.randint(1, 20))
    return made


def deciding(table: Table) -> None:
    """In seconds of the processor; every text is read anew each time."""
    for share, aim in ((0.03, "≤ 0.2 s"), (0.3, "")):
        made = [busy(seed, share) for seed in range(TECHNIQUES)]

        def once(made: list[Process] = made) -> float:
            said._heard.cache_clear()
            began = time.process_time()
            for one in made:
                approvals.decide(one.policy, one.recipes, one.facts)
            return time.process_time() - began

        once()  # imports
        took = sorted(once() for _ in range(ROUNDS))
        what = f"deciding {TECHNIQUES} × {EVENTS} events, {share:.0%} commands"
        table.add_row(what, f"{median(took):.3f} s", aim, f"{took[0]:.3f} to {took[-1]:.3f}")


def main() -> None:
    table = Table("what", "measured", "aim", "")
    calls(table)
    deciding(table)
    Console().print(table)


if __name__ == "__main__":
    main()

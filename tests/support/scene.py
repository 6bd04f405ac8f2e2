"""Official Models on the sandbox, with people whose comments are answered as the workflow does."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from few import RECIPES

from release_tools import config, event, response
from release_tools.conversation import Decided
from release_tools.github import GitHub
from release_tools.model import Permission
from release_tools.sandbox import checks, comments, inprocess, pulls, pushes, runs
from release_tools.sandbox.gateway import Gateway
from release_tools.sandbox.nouns import Comment, Issue
from release_tools.sandbox.people import Account
from release_tools.sandbox.world import World

POLICY = """
bots = ["helpful-robot"]
[repositories]
fork = "tensorflow/models-mot"
[roles]
mot = ["tensorflow/mot", "lena"]
[techniques.pruning]
owners = ["owen"]
"""
WORKFLOW = ".github/workflows/converge.yml"
RIGHTS = {
    "actions": "write",
    "checks": "write",
    "contents": "read",
    "metadata": "read",
    "pull_requests": "write",
}
_IDS = re.compile(
    r"(?P<request>\b[0-9a-f]{16}\b)|(?P<commit>\b[0-9a-f]{40}\b|\b[0-9a-f]{12}\b)|(?P<reply>reply-[0-9]+)"
)
ENVIRONMENT = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "tensorflow/models"}


@dataclass
class Scene:
    """mona may write, carl contributes from his fork; tina is in TFMOT's team, lena is listed for it; owen
    owns pruning; stan is a stranger.

    Attributes:
      pull: carl's pull request; `own` is one of mona's from a branch; `issue` is a plain issue.
      app: whether the token is an App's that reads teams.
    """

    folder: Path
    app: bool = False
    rights: Mapping[str, str] = field(default_factory=lambda: RIGHTS)

    def __post_init__(self) -> None:
        self.world = world = World(self.folder / "world")
        self.mona, self.carl, self.stan = (world.user(name) for name in ("mona", "carl", "stan"))
        self.tina, self.lena, self.owen = (world.user(name) for name in ("tina", "lena", "owen"))
        self.robot, self.renovate = world.user("helpful-robot"), world.user("renovate[bot]")
        self.us = world.user("mot[bot]")
        org = world.organization("tensorflow")
        world.team(org, "mot", [self.tina])
        self.tfmot = world.repository(org, "model-optimization", {"setup.py": "\n"})
        self.models = world.repository(org, "models", {config.PATH: POLICY, WORKFLOW: "on: issue_comment\n"})
        self.models.collaborators[self.mona.id] = Permission.WRITE
        self.fork = world.fork(self.models, self.carl)
        world.commit(self.fork, "topic", {"new.py": "x = 1\n"}, self.carl, start="master")
        world.commit(self.models, "branch", {"other.py": "y = 1\n"}, self.mona, start="master")
        self.pull = pulls.open_pull(world, self.models, self.carl, "From a fork", "carl:topic", "master")
        self.own = pulls.open_pull(world, self.models, self.mona, "From a branch", "branch", "master")
        self.issue = pulls.open_issue(world, self.models, self.carl, "A question", None)
        self.told: list[Mapping[str, Any]] = []
        world.events.subscribe(lambda one: self.told.append(one.payload))
        self.gateway = Gateway(world)

    @property
    def plan(self) -> Path:
        """Where the plan of an accepted request is kept."""
        return self.folder / "plan.json"

    @property
    def output(self) -> Path:
        """The outputs of the step that answers."""
        return self.folder / "output"

    @property
    def head(self) -> str:
        """Of carl's pull request."""
        assert self.pull.pull
        return self.pull.pull.head_sha

    def say(self, who: Account, body: str, where: Issue | None = None) -> Comment:
        """Somebody comments, and is answered."""
        said = self.write(who, body, where)
        self.answer(self.told[-1])
        return said

    def write(self, who: Account, body: str, where: Issue | None = None) -> Comment:
        """Somebody comments; nobody answers yet."""
        said = comments.write(self.world, self.models, where or self.pull, who, body)
        self.world.events.deliver()
        return said

    def answer(self, payload: Mapping[str, Any]) -> list[Decided]:
        """Answers an event in a run of its own; what was decided."""
        path = self.folder / "event.json"
        path.write_text(json.dumps(payload))
        run = runs.start(self.world, self.models, WORKFLOW, "issue_comment", self.mona)
        heard = event.read(path, ENVIRONMENT | {"GITHUB_RUN_ID": str(run.id)})
        with inprocess.connected(self.gateway):
            github = self._github()
            done = []
            for decided in response.respond(heard, github, None, recipes=RECIPES):
                response.carry_out(decided, github.perform, self.plan, self.output)
                done.append(decided)
        return done

    def push(self, text: str = "x = 2\n") -> None:
        """Carl pushes to his branch."""
        self.world.commit(self.fork, "topic", {"new.py": text}, self.carl)
        pushes.look(self.world)

    def transcript(self) -> str:
        """What people see, as Markdown; commits, requests and replies are numbered as they appear."""
        shown = [line for issue in (self.pull, self.own, self.issue) for line in self._issue(issue)]
        ended = [run for run in self.models.runs.values() if run.status == "completed"]
        shown += [f"(run {run.number} of {run.path} {run.conclusion})" for run in ended]
        return _numbered("\n\n".join(shown) + "\n")

    def _issue(self, issue: Issue) -> list[str]:
        if not issue.comments:
            return []
        shown = [f"# {issue.title}"]
        for one in issue.comments:
            reactions = ", ".join(reaction.content for reaction in one.reactions)
            shown += [f"## {one.user.login}{f' ({reactions})' if reactions else ''}", one.body.strip()]
        found = checks.on(self.models, issue.pull.head_sha) if issue.pull else []
        return shown + [_check(one) for one in found]

    def _github(self) -> GitHub:
        if self.app:
            token = self.world.app_token(self.us, [self.models, self.tfmot], members="read", **self.rights)
            return GitHub(token, login="mot[bot]", seconds_between_writes=0)
        token = self.world.workflow_token(self.models, **self.rights)
        return GitHub(token, login="github-actions[bot]", seconds_between_writes=0)


def _numbered(shown: str) -> str:
    """Ids that hang on all that the sandbox did before are no part of what is said."""
    seen: dict[str, list[str]] = {}

    def number(found: re.Match[str]) -> str:
        kind = str(found.lastgroup)
        known = seen.setdefault(kind, [])
        value = found[0][:12]
        if value not in known:
            known.append(value)
        whole = " in full" if len(found[0]) == 40 else ""
        return f"{kind}-{known.index(value) + 1}{whole}"

    return _IDS.sub(number, shown)


def _check(one: Any) -> str:
    state = one.conclusion or one.status
    return f"(check {one.name!r} {one.external_id} {state}: {one.output['title']}; {one.output['summary']})"

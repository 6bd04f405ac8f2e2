"""A pull request of a technique's on the sandbox, with people of all roles and a folder as index."""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import process
from packaging.version import Version
from town import Town

from convergence.errors import UserError
from convergence.model import Outcome
from release_tools import config, event, plan, response
from release_tools.approvals import elsewhere, publishing
from release_tools.approvals.rules import standards
from release_tools.bump import checkout
from release_tools.bump.published import Release
from release_tools.bump.reading import Package
from release_tools.github import GitHub
from release_tools.jobs import history
from release_tools.model import CheckStatus, Conclusion, Permission, SetCheck
from release_tools.sandbox import comments, pulls, pushes, reviews, runs
from release_tools.sandbox.nouns import Issue, Repository
from release_tools.sandbox.people import Account
from release_tools.wheel import wheelfile

RIGHTS = {
    "actions": "read", "checks": "write", "contents": "write", "issues": "write", "members": "read",
    "metadata": "read", "pull_requests": "write",
}  # fmt: skip
POLICY = """
[repositories]
fork = "tensorflow/models-mot"
[roles]
mot = ["tensorflow/mot"]
official = ["tensorflow/official"]
[techniques.pruning]
[converge]
evidence_tier = "{tier}"
"""
REQUIREMENTS = "numpy\ntensorflow-model-optimization>={}\n"
EXAMPLE = (
    "import tensorflow_model_optimization as tfmot\n\nprune = tfmot.sparsity.keras.prune_low_magnitude\n"
)


@dataclass
class FolderIndex:
    """A package index that is a folder of wheels."""

    folder: Path

    def versions(self, package: Package) -> tuple[Version, ...]:
        found = tuple(sorted(wheelfile.read(one).version for one in self.folder.glob("*.whl")))
        if not found:
            raise UserError("not-published", f"the index has no releases of {package.name}")
        return found

    def wheel(self, package: Package, version: Version) -> Path:
        return next(one for one in self.folder.glob("*.whl") if wheelfile.read(one).version == version)

    def release(self, package: Package, version: Version) -> Release | tuple[Version, ...]:
        known = self.versions(package)
        return Release(version, yanked=False, requires_python="") if version in known else known

    def publish(self, version: str, names: list[str], content: str = "x = 1\n") -> str:
        """Puts a wheel there with these names of TFMOT; its content digest."""
        modules: dict[str, list[str]] = {"tensorflow_model_optimization": [content]}
        for name in names:
            *path, last = name.split(".")
            for depth in range(1, len(path) + 1):
                modules.setdefault(".".join(path[:depth]), [])
            if path:
                modules[".".join(path)].append(f"{last} = 1\n")
        files = {f"{m.replace('.', '/')}/__init__.py": "".join(lines) for m, lines in modules.items()}
        info = f"tensorflow_model_optimization-{version}.dist-info"
        files[f"{info}/METADATA"] = (
            f"Metadata-Version: 2.1\nName: tensorflow-model-optimization\nVersion: {version}\n"
        )
        files[f"{info}/WHEEL"] = "Wheel-Version: 1.0\nTag: py3-none-any\n"
        record = [f"{path},{_record(text)}\n" for path, text in files.items()]
        files[f"{info}/RECORD"] = "".join([*record, f"{info}/RECORD,,\n"])
        path = self.folder / f"tensorflow_model_optimization-{version}-py3-none-any.whl"
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in files.items():
                archive.writestr(name, text)
        return wheelfile.read(path).content_digest


def _record(text: str) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
    return f"sha256={digest},{len(text)}"


NAMES = [*elsewhere._names("pruning")]


class Walk:
    """A pull request of carl's; mona and mark are of MOT, olga is of Official Models.

    Attributes:
      claim_outcome: of what is asked for from now on.
    """

    claim_outcome = Outcome.REPRODUCED

    def __init__(self, town: Town, folder: Path, home: str, tier: str) -> None:
        self.town, self.world, self.folder, self.home, self.tier = town, town.world, folder, home, tier
        world = self.world
        self.mona, self.mark, self.olga = town.mona, world.user("mark"), world.user("olga")
        self.carl, self.stan = town.carl, world.user("stan")
        world.team(town.org, "mot", [self.mona, self.mark])
        world.team(town.org, "official", [self.olga])
        self.us = world.user("mot[bot]")
        self.base = self._repository("models" if home == "official" else "models-mot")
        self.fork = world.fork(self.base, self.carl, "mine")
        self.index = FolderIndex(folder / "index")
        self.index.folder.mkdir()
        self.commit("official/projects/pruning/train.py", EXAMPLE)
        self.issue: Issue = pulls.open_pull(
            world, self.base, self.carl, "Pruning", "carl:pruning", "master", process.BODY
        )
        self.told: list[dict[str, Any]] = []
        world.events.subscribe(lambda one: self.told.append(dict(one.payload)))

    def _repository(self, name: str) -> Repository:
        files = {
            config.PATH: POLICY.format(tier=self.tier),
            history.WORKFLOW: "on: issue_comment\n",
            "official/requirements.txt": REQUIREMENTS.format("0.7.0"),
            "official/core.py": "x = 1\n",
        }
        made = self.world.repository(self.town.org, f"{name}-walk" if name == "models" else name, files)
        made.name = name
        if name == "models":
            self.world.delete_repository(self.town.base)
        made.collaborators[self.mona.id] = Permission.WRITE
        return made

    @property
    def head(self) -> str:
        assert self.issue.pull
        return self.issue.pull.head_sha

    def github(self) -> GitHub:
        token = self.world.app_token(self.us, [self.base], **RIGHTS)
        return GitHub(token, login="mot[bot]", seconds_between_writes=0, wait=lambda _: None)

    def actions(self) -> GitHub:
        token = self.world.workflow_token(self.base, **RIGHTS)
        return GitHub(token, login="github-actions[bot]", seconds_between_writes=0, wait=lambda _: None)

    def commit(self, path: str, text: str) -> None:
        start = "" if self.fork.git.ref("refs/heads/pruning") else "master"
        self.world.commit(self.fork, "pruning", {path: text}, self.carl, start=start)
        pushes.look(self.world)

    def say(self, who: Account, body: str) -> int:
        """Somebody comments and is answered, as the workflow does."""
        said = comments.write(self.world, self.base, self.issue, who, body)
        self.world.events.deliver()
        self.answer(said.id)
        return said.id

    def answer(self, comment: int) -> None:
        """Answers that a comment was written, in a run of its own."""
        told = [one for one in self.told if one.get("action") == "created" and "comment" in one]
        path = self.folder / "event.json"
        path.write_text(json.dumps(next(one for one in told if one["comment"]["id"] == comment)))
        github = self.github()
        for one in response.respond(event.read(path, {}), github, None):
            response.carry_out(one, github.perform, None, None)

    def review(self, who: Account, state: str = "APPROVE") -> None:
        reviews.give(self.world, self.base, self.issue, who, state, "")

    def check(self) -> None:
        """`check-example` passes on the head, in a workflow."""
        made = SetCheck(
            self.base.full_name, self.head, standards.CHECK, f"standards:{self.head}",
            CheckStatus.COMPLETED, "PASSED", "nothing to mend", Conclusion.SUCCESS,
        )  # fmt: skip
        self.actions().perform(made)

    def converge(self, digest: str) -> None:
        """A maintainer asks for the full tier, and our workflow archives what it found."""
        asked = comments.write(self.world, self.base, self.issue, self.mona, "/converge pruning")
        run = runs.start(self.world, self.base, history.WORKFLOW, "issue_comment", self.mona)
        claim = process.HEADLINE if self.tier == "full" else process.asked.ACCURACY
        made = process.record(
            process.found(claim, self.claim_outcome),
            head=self.head,
            digest=digest,
            repository=self.base.full_name,
            request_id=plan.request_id(asked.id, self.head),
            run=f"https://github.com/{self.base.full_name}/actions/runs/{run.id}",
        )
        self.actions().perform(history.keep(made.record, "convergence-history"))
        runs.finish(self.world, run, "success")

    def look(self) -> str:
        """A letter a step, once all is shown; showing it again does nothing."""
        run = self._run()
        (state,) = run.look(str(self.issue.number))
        shown = list(run.publish(dry_run=False))
        again = self._run()
        assert again.look(str(self.issue.number)) == [state]
        assert list(again.publish(dry_run=False)) == [], shown
        self.state = state
        return "".join(process.LETTERS[one.progress] for one in state.steps)

    def _run(self) -> publishing.Run:
        outside = elsewhere.Elsewhere(lambda _: str(self.base.git.folder), checkout.fetch, self.index)
        return publishing.Run(self.github(), self.base.full_name, None, outside, process.RECIPES)

    @property
    def labels(self) -> list[str]:
        return [one.name for one in self.issue.labels]

    def shown(self) -> list[str]:
        return [one.body for one in self.issue.comments if one.user is self.us and "<sub>Head" in one.body]

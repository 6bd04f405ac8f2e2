"""A small rehearsal that was: people on the sandbox, and the summary that its page is made from."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import process

from convergence import records
from convergence.campaign import CampaignResult
from convergence.results import TrialResult
from release_tools.model import Permission
from release_tools.rehearsal import drawing
from release_tools.rehearsal.summary import Act, Campaign, Command, Followed, Line, Release, Summary
from release_tools.release.audit import Entry
from release_tools.release.nouns import GateResult
from release_tools.sandbox import (
    campaigns,
    checks,
    comments,
    labels,
    merging,
    pulls,
    pushes,
    releases,
    reviews,
)
from release_tools.sandbox.nouns import Issue
from release_tools.sandbox.people import Account
from release_tools.sandbox.world import World

TIER = "In this rehearsal's policy the smoke tier stands for the full one: minutes on two cores."
BODY = """Adds pruning to the digits example.

- [x] trained with a wheel from source
- [ ] documented

| claim | value |
|:--|--:|
| accuracy | 96.2 % |
"""
EVIL = """<script>alert(1)</script><img src=x onerror=alert(1)> <b onclick="alert(1)">bold</b>
[click](javascript:alert(1)) <a href="javascript:alert(1)">there</a> ![beacon](https://evil.example/x.png)
<style>body{display:none}</style><iframe src="https://evil.example"></iframe></div></article>@everybody
<form action="https://evil.example"><input name=password><button>Go</button></form>
"""
REPORT = """### ✅ Reproduced: the claim — next: MOT reviews

| claim (★ headline) | documented | reproduced | |
|:--|--:|--:|:--|
| pruning accuracy ★ | 96.20 % | **95.90 %** | ✅ reproduced |

```mermaid
xychart-beta
    x-axis "training step" 100 --> 300
    y-axis "accuracy, %" 90 --> 97
    line [90.8, 94.8, 96.3]
    line [96.2, 96.2, 96.2]
```

<details>
<summary>Details: commits</summary>

- [run](https://github.com/tensorflow/models/actions/runs/7)
- [asked for](https://github.com/tensorflow/models/pull/1)

</details>

<sub>Head `1f0c`.</sub>
"""
NOTES = "# TensorFlow Model Optimization 0.8.2\n\n## Added\n\n* Pruning of digits, with thanks to carl.\n"


class Rehearsed:
    """Models, and TFMOT, with carl's pull request on its way from its opening to its end."""

    def __init__(self, folder: Path) -> None:
        self.world = World(folder / "github")
        self.mona, self.carl = self.world.user("mona"), self.world.user("carl")
        self.stan, self.bot = self.world.user("stan"), self.world.user("github-actions[bot]")
        org = self.world.organization("tensorflow")
        self.models = self.world.repository(org, "models", {"README.md": "# Models\n"})
        self.tfmot = self.world.repository(org, "model-optimization", {"README.md": "# TFMOT\n"})
        for one in (self.models, self.tfmot):
            one.collaborators[self.mona.id] = Permission.WRITE
        self.fork = self.world.fork(self.models, self.carl)
        self.commit("Add an example of pruning", {"example.py": "x = 1\n"})
        self.issue = pulls.open_pull(
            self.world, self.models, self.carl, "Pruning of digits", "carl:pruning", "master", BODY
        )

    @property
    def head(self) -> str:
        assert self.issue.pull
        return self.issue.pull.head_sha

    def commit(self, message: str, files: dict[str, str | bytes | None]) -> None:
        start = "" if self.fork.git.ref("refs/heads/pruning") else "master"
        self.world.commit(self.fork, "pruning", files, self.carl, message, start)
        pushes.look(self.world)

    def say(self, who: Account, text: str) -> int:
        return comments.write(self.world, self.models, self.issue, who, text).id

    def check(self, name: str, conclusion: str, title: str, summary: str) -> None:
        output = {"title": title, "summary": summary}
        sent = {"head_sha": self.head, "name": name, "conclusion": conclusion, "output": output}
        checks.create(self.world, self.models, self.bot, sent)

    def label(self, *names: str) -> None:
        labels.set_labels(self.world, self.models, self.issue, names, self.bot)

    def play(self, report: str = REPORT) -> None:
        """From two faults to the merge."""
        self.label("mot: home")
        self.check("MOT example standards", "failure", "2 faults", "- [ ] `example.py:1` is not lazy\n")
        self.commit("Import lazily", {"example.py": "x = 2\n"})
        self.check("MOT example standards", "success", "PASSED — nothing to mend", "Nothing to mend.")
        self.say(self.stan, "/converge pruning")
        asked = self.say(self.mona, "/converge pruning")
        said = next(one for one in self.issue.comments if one.id == asked)
        comments.react(self.world, said.reactions, self.bot, "eyes")
        self.say(self.bot, report)
        self.label("mot: approved", "technique:pruning")
        self.say(self.stan, EVIL)
        reviews.give(self.world, self.models, self.issue, self.mona, "APPROVE", "Reproduced **here** too.")
        self.keep()
        merging.merge(self.world, self.models, self.issue, self.mona)

    def keep(self) -> None:
        """A record on the history branch, and a file that is none."""
        made = process.record(process.found()).record
        files = {made.path: records.text(made), "records/x.txt": "?"}
        self.world.commit(
            self.models, "convergence-history", files, self.bot, "Keep what was found", "master"
        )

    def release(self) -> None:
        """TFMOT's, with its wheel."""
        sent = {"tag_name": "v0.8.2", "name": "TFMOT 0.8.2", "body": NOTES, "target_commitish": "master"}
        made = releases.create(self.world, self.tfmot, self.mona, sent)
        releases.attach(self.world, made, self.mona, "tfmot-0.8.2-py3-none-any.whl", b"PK" * 900, "x")

    def bump(self) -> Issue:
        """The pull request that raises the minimum, within the repository."""
        self.world.commit(
            self.models, "bump", {"requirements.txt": "tfmot>=0.8.2\n"}, self.bot, "Raise", "master"
        )
        return pulls.open_pull(self.world, self.models, self.bot, "Require TFMOT 0.8.2", "bump", "master")

    def summary(self, *, passed: bool = True) -> Summary:
        """All of it, with every part there is."""
        state = replace(process.landed().state(), pull_request=self.issue.number)
        began = process.decided().state()
        campaign = campaigns.reproduced() if passed else campaigns.diverged()
        return Summary(
            title="Pruning of digits, from pull request to pip",
            ending="Released" if passed else "Held: not reproduced",
            tier_note=TIER,
            acts=acts(passed=passed),
            portrait=drawing.draw(self.world),
            steps=(state if passed else replace(began, pull_request=self.issue.number),),
            campaigns=(Campaign("First campaign", campaign.result, campaign.trials),),
            release=release(passed=passed),
            audit=audit(),
        )


def acts(*, passed: bool) -> tuple[Act, ...]:
    said = Line(
        "stan", "a stranger", "/converge pruning",
        follows=(Followed("the bot declines", "the bot declines", True),), seconds=0.4,
    )  # fmt: skip
    asked = Line(
        "mona", "MOT's maintainer", "/converge pruning",
        follows=(
            Followed("a reaction 👀", "", True),
            Followed("the verdict is REPRODUCED", "REPRODUCED" if passed else "NOT REPRODUCED", passed),
        ), seconds=151.2,
    )  # fmt: skip
    ran = Command(
        "carl", "release-tools build . --out dist", "\x1b[32m112 modules\x1b[0m import <b>\n", seconds=12.3
    )
    failed = Command("standards / check", "release-tools check-example", status=1)
    built = Line(
        "carl", "the contributor", does="git push carl/models pruning", seconds=21.0,
        tells="builds TFMOT from its master", ran=(ran, failed),
    )  # fmt: skip
    return (Act("The example", (built,)), Act("Trials", (said, asked)))


def release(*, passed: bool) -> Release:
    gates = (
        GateResult("claims", passed, "3 of 3 headline claims" if passed else "pruning is NOT_REPRODUCED"),
        GateResult("steps", True, "nothing <b>open</b>", "https://github.com/tensorflow/models/pull/1"),
        GateResult("doctor", False, "1 finding", overridden="mona: looked at by hand"),
    )
    if not passed:
        return Release("0.8.2", gates=gates)
    listed = ("tensorflow_model_optimization-0.8.1-py2.py3-none-any.whl",
              "tensorflow_model_optimization-0.8.2-py2.py3-none-any.whl")  # fmt: skip
    return Release("0.8.2", "c0de" * 10, "5a" * 32, "d16e" * 16, listed, NOTES, gates)


def audit() -> tuple[Entry, ...]:
    at = "2026-01-01T00:0{}:00+00:00"
    lines = [
        ("plan", "begun", "0.8.2", "c0de" * 10, ""),
        ("propose", "waiting", "for the commit to land", "", "https://github.com/tensorflow/models/pull/1"),
        ("publish", "done", "one wheel <i>only</i>", "5a" * 32, "javascript:alert(1)"),
    ]
    return tuple(Entry(at.format(i), "mona", *line) for i, line in enumerate(lines))


def played(folder: Path, report: str = REPORT) -> Rehearsed:
    """All of it."""
    made = Rehearsed(folder)
    made.play(report)
    made.release()
    made.bump()
    return made


KEPT = {"content", "color", "sha", "before", "after"}  # what has a form of its own, and no text of anybody's


def respelled(value: Any, spell: Callable[[str], str]) -> Any:
    """A summary in which every text is spelled otherwise, however deep it lies."""
    if isinstance(value, str) and not isinstance(value, enum.Enum):
        return spell(value)
    if isinstance(value, tuple):
        return tuple(respelled(one, spell) for one in value)
    if not dataclasses.is_dataclass(value) or isinstance(value, type | CampaignResult | TrialResult):
        return value
    changed = {
        one.name: respelled(getattr(value, one.name), spell)
        for one in dataclasses.fields(value)
        if one.name not in KEPT
    }
    return dataclasses.replace(value, **changed)

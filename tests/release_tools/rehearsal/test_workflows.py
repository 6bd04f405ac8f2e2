"""What a rehearsal runs as workflows is what their files say: the same commands, with the same rights."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from release_tools.rehearsal import originals, process, workflows
from release_tools.rehearsal.process import Ran
from release_tools.sandbox import comments, pulls
from release_tools.sandbox.world import ACTIONS, World

ROOT = Path(__file__).parents[3]
FILES = ("converge", "converge-wave", "converge-leg", "approvals")
OUTPUTS = {
    "gate": "accepted=1\nhold=1\ntfmot-repository=t/m\ntfmot-sha=1\n"
    "models-repository=t/models\nmodels-sha=2\n",
    "judge": "decided=true\n",
}


def jobs() -> dict[str, dict[str, Any]]:
    texts = ((ROOT / ".github" / "workflows" / f"{name}.yml").read_text() for name in FILES)
    return {name: job for text in texts for name, job in yaml.safe_load(text)["jobs"].items()}


class Desk(process.Desk):
    """Runs nothing; hands on what jobs need to go on."""

    def __init__(self, status: Mapping[str, int], err: str = "") -> None:
        super().__init__("", {})
        self.ran: list[tuple[str, Sequence[str], Mapping[str, str]]] = []
        self.status, self.err = status, err

    def run(self, by: str, words: Sequence[Any], folder: Path, settings: Mapping[str, str]) -> Ran:
        name = by.partition(" / ")[2]
        self.ran.append((name, [str(word) for word in words], settings))
        if name in OUTPUTS:
            Path(settings["GITHUB_OUTPUT"]).write_text(OUTPUTS[name])
        out = json.dumps([{"job": "a", "recipe": "pruning/x", "index": 0}])
        status = self.status.get(name, 0)
        return Ran(by, tuple(map(str, words)), status, out, self.err if status else "", 0.0)


def staged(folder: Path, **status: int) -> Any:
    world = World(folder / "github")
    actions, mona, olga = world.user(ACTIONS), world.user("mona"), world.user("olga")
    models = world.repository(world.organization("t"), "models", {"x": "", **originals.workflows()})
    world.commit(models, "topic", {"y": ""}, mona, start="master")
    pull = pulls.open_pull(world, models, mona, "x", "topic", "master")
    stage = SimpleNamespace(
        world=world, models=models, folder=folder, url="http://here", desk=Desk(status), ran=[], pending=[],
        consents=True, trains=True, regressed=False,
        judged=[], pull=pull, mona=mona, olga=olga, actions=actions,
    )  # fmt: skip
    world.events.subscribe(stage.pending.append)
    return stage


@pytest.fixture
def no_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workflows.checkout, "fetch", lambda *_: "2")


def said(stage: Any, text: str) -> list[tuple[str, Sequence[str], Mapping[str, str]]]:
    comments.write(stage.world, stage.models, stage.pull, stage.mona, text)
    stage.world.events.deliver()
    workflows.attend(stage)
    return list(stage.desk.ran)


def test_a_request_runs_every_job_with_the_words_of_its_file(tmp_path: Path, no_checkout: None) -> None:
    ran = said(staged(tmp_path), "/converge pruning")
    known = jobs()
    assert {name for name, _, _ in ran} == {
        "gate", "hold", "build", "standards", "training", "todo", "train", "score", "judge", "report",
        "archive", "show",
    }  # fmt: skip
    for name, words, _ in ran:
        text = "\n".join(step.get("run", "") for step in known[name]["steps"])
        assert f"release-tools {words[0]} " in f"{text} ".replace("\n", " "), (name, words[0])
        options = {word for word in words if word.startswith("--")} - {"--log"}  # ours lie beside each other
        assert {one for one in options if not re.search(rf"{one}\b", text)} == set(), name


@pytest.mark.parametrize("name", sorted(workflows.RIGHTS))
def test_a_job_has_the_rights_of_its_file(name: str) -> None:
    permitted = {key.replace("-", "_"): value for key, value in jobs()[name]["permissions"].items()}
    assert permitted == workflows.RIGHTS[name]


def test_there_are_as_many_waves_as_in_the_file() -> None:
    assert {name for name in jobs() if name.startswith("wave-")} == {
        f"wave-{number}" for number in range(1, workflows.WAVES + 1)
    }


def test_a_job_that_runs_others_code_has_no_token(tmp_path: Path, no_checkout: None) -> None:
    ran = said(staged(tmp_path), "/converge pruning")
    without = {name for name, _, settings in ran if "GITHUB_TOKEN" not in settings}
    assert without == {name for name, _, _ in ran} - set(workflows.RIGHTS)
    assert {"build", "standards", "train", "score"} <= without


def test_without_consent_nothing_is_built(tmp_path: Path, no_checkout: None) -> None:
    stage = staged(tmp_path)
    stage.consents = False
    names = [name for name, _, _ in said(stage, "/converge pruning")]
    assert names == ["gate", "gate", "hold", "report", "show"]


def test_a_job_that_fails_ends_its_run(tmp_path: Path, no_checkout: None) -> None:
    stage = staged(tmp_path, build=4)
    with pytest.raises(
        workflows.JobFailedError, match=r"converge / build: release-tools build http://here/t/m\.git"
    ):
        said(stage, "/converge pruning")
    assert [run.conclusion for run in stage.models.runs.values()] == ["failure"]


def test_an_answer_that_fails_ends_its_run(tmp_path: Path) -> None:
    stage = staged(tmp_path, show=1)
    with pytest.raises(workflows.JobFailedError, match=r"approvals / show: release-tools respond"):
        said(stage, "/home official")
    assert [run.conclusion for run in stage.models.runs.values()] == ["failure"]


def test_a_machine_that_fails_is_for_the_next_wave_but_a_crash_ends_the_run(
    tmp_path: Path, no_checkout: None
) -> None:
    lost = staged(tmp_path / "lost", train=4)
    assert "judge" in {name for name, _, _ in said(lost, "/converge pruning")}
    crashed = staged(tmp_path / "crashed", train=4)
    crashed.desk.err = "Traceback (most recent call last):\n  File x\nKeyError: 1"
    with pytest.raises(workflows.JobFailedError, match=r"(?s)converge / train: .*KeyError: 1"):
        said(crashed, "/converge pruning")


def test_what_a_workflow_says_starts_no_other(tmp_path: Path) -> None:
    stage = staged(tmp_path)
    comments.write(stage.world, stage.models, stage.pull, stage.actions, "/converge pruning")
    stage.world.events.deliver()
    workflows.attend(stage)
    assert (stage.desk.ran, stage.pending) == ([], [])


def test_another_comment_is_answered_and_the_steps_are_shown(tmp_path: Path) -> None:
    stage = staged(tmp_path)
    ran = said(stage, "/home official")
    assert [run.conclusion for run in stage.models.runs.values()] == ["success", "success"]
    assert [words for _, words, _ in ran] == [["respond", "--only", "answers"], ["approvals"]]

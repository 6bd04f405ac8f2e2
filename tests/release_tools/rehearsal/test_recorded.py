"""Recorded results: what was kept of a request comes back for the same runs, whatever TFMOT's content is."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import asked
import pytest
from asked import Asked

from convergence import claims, records
from convergence.errors import UserError
from convergence.trial import Trial
from release_tools.jobs import scores
from release_tools.rehearsal import recorded, script
from release_tools.rehearsal.stage import FILES

MATRIX = [{"recipe": "pruning/tiny", "index": index} for index in (0, 1)]


def request(folder: Path, content: bytes = b"x = 1\n") -> Asked:
    made = Asked(folder, asked.plan())
    (folder / "plan").mkdir()
    records.write(folder / "plan" / "plan.json", made.plan)
    asked.write_wheel(folder / "wheel", content)
    asked.write_wheel(folder / "dist", content)
    return made


def accuracy(made: Asked, index: int) -> float:
    found = scores.read(made.scores)
    return found[made.chain(index)[-1].digest].metrics["tflite_float_accuracy"]


def test_what_was_trained_comes_back_for_other_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorded, "FILE", tmp_path / "recorded.json")
    was = request(tmp_path / "was")
    for index, value in enumerate((0.9, 0.91)):
        was.score(was.result(index, asked.HEALTHY | {"tflite_float_accuracy": value}))
        was.score(was.chain(index)[0].result(metrics={"accuracy": value}, device="CPU"))
    recorded.keep([(tmp_path / "was", False)], tmp_path / "recorded.json")
    now = request(tmp_path / "now", b"x = 2\n")
    recorded.score(tmp_path / "now", MATRIX, regressed=False)
    assert [accuracy(now, index) for index in (0, 1)] == [0.9, 0.91]
    trials: list[Trial] = [trial for index in (0, 1) for trial in now.chain(index)]
    scores.require_of(trials, scores.read(now.scores))
    assert set(scores.read(now.scores)) == {trial.digest for trial in trials}
    assert not set(scores.read(now.scores)) & set(scores.read(was.scores))


def test_what_nobody_has_trained_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorded, "FILE", tmp_path / "recorded.json")
    (tmp_path / "recorded.json").write_text(json.dumps({recorded.WHOLE: {}, recorded.REGRESSED: {}}))
    request(tmp_path / "now")
    with pytest.raises(UserError, match=r"not-recorded.*nothing is recorded of uncompressed/tiny"):
        recorded.score(tmp_path / "now", MATRIX, regressed=True)


@pytest.mark.parametrize("condition", [recorded.WHOLE, recorded.REGRESSED])
def test_everything_that_the_play_tests_is_recorded(condition: str) -> None:
    """A recipe that is added to pruning's smoke tier has to be rehearsed once with --record."""
    known = json.loads(recorded.FILE.read_text(encoding="utf-8"))[condition]
    ours = claims.load()
    tested = claims.closure(ours, claims.select(ours, ["pruning"], "smoke"))
    assert {recipe.id for recipe in tested} | {"pruning/digits-50"} <= set(known)
    assert all(runs for runs in known.values())


def test_what_the_contributor_claims_can_be_read() -> None:
    from release_tools import proposals

    body = (FILES / "pull-request.md").read_text(encoding="utf-8")
    joined = proposals.join(claims.load(), proposals.fenced(body))
    assert [claim.name for claim in joined["pruning/digits-50"].claims] == ["accuracy", "sparsity"]
    assert replace(joined["pruning/digits-50"], claims=()).module == "official.projects.digits_pruning.task"
    assert "released" in script.names()

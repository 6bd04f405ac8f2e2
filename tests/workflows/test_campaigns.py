"""Whole requests, by the workflows as they are, with small real trainings: what then stands on GitHub."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import containers
import pytest
import tiny
from stage import Played, Stage, harness

from release_tools.sandbox import checks, pushes
from release_tools.sandbox.automation import Run
from release_tools.sandbox.nouns import Issue
from release_tools.sandbox.tfmot_source import write

pytestmark = [pytest.mark.long, pytest.mark.training, pytest.mark.network]

UNISOLATED = {  # a machine without containers
    "CONVERGE_ISOLATION": "none",
    "CONVERGE_ALLOW_UNISOLATED": "1",
    "CHECK_EXAMPLE_ISOLATION": "none",
    "CHECK_EXAMPLE_ALLOW_UNISOLATED": "1",
}
CONVERGENCE, STANDARDS = "MOT convergence", "MOT example standards"
HELD = {name: tiny.SPARSITY.format(target=target) for name, target in (("kept", 50.0), ("broken", 75.0))}
HISTORY = "convergence-history"


@pytest.fixture(autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """One cache of build tools and environments for all of them."""
    folder = tmp_path_factory.getbasetemp().parent / "release-tools-cache"
    monkeypatch.setenv("RELEASE_TOOLS_CACHE", str(folder))


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("source") / "tfmot"
    write(folder)
    return folder


def opened(stage: Stage, source: Path, promised: str, converge: str = "looks = [1, 2]\n") -> Issue:
    """A pull request of mona's where the claims promise this."""
    policy = f'[storage]\ndata = "{stage.folder}/data"\ncheckpoints = "{stage.folder}/store"\n'
    files = harness() | tiny.claims(promised)
    kept = {path: content for path, content in files.items() if content is not None}
    stage.environment.update(UNISOLATED)
    stage.open(f"{policy}[converge]\n{converge}", kept, source)
    return stage.pull(stage.mona)


def said(pull: Issue) -> str:
    """The one comment on how a request stands."""
    (found,) = (one.body for one in pull.comments if "<!-- release-tools:converge -->" in one.body)
    return found


def verdict(stage: Stage, sha: str, name: str = CONVERGENCE) -> tuple[str, str | None]:
    (found,) = (one for one in checks.on(stage.models, sha) if one.name == name)
    return found.status, found.conclusion


def trained(played: Played) -> list[str]:
    """Which runs, as `pruning/tiny 0`; act adds a number of its own where there are several."""
    names = (name.partition("/train ")[2] for name in played.results if "/train " in name)
    return sorted(name.partition("-")[0] for name in names)


def left(stage: Stage, played: Played) -> dict[str, bytes]:
    """What trainings left, by name: the seconds that they took, too."""
    folders = (stage.folder / f"artifacts-{played.run.id}").glob("[0-9]*")
    trained = (one for one in folders if (one / "name").read_text().startswith("trained-"))
    return {
        path.name: path.read_bytes()
        for one in trained
        for path in (one / "files").rglob("*")
        if path.is_file()
    }


def records(stage: Stage) -> list[dict[str, object]]:
    """What the history branch holds."""
    tip = stage.models.git.ref(f"refs/heads/{HISTORY}")
    found = stage.models.git.tree(tip, "records", recursive=True) if tip else ()
    return [json.loads(stage.models.git.blob(one.sha)) for one in found if one.path.endswith(".json")]


def test_from_a_comment_to_the_verdict_and_again(stage: Stage, source: Path) -> None:
    pull = opened(stage, source, HELD["kept"])
    assert pull.pull
    first = pull.pull.head_sha
    stage.say(stage.mona, "/converge pruning\nPATH=/nowhere\nGITHUB_ENV<<X\nX", pull)
    seen: list[tuple[str, str | None]] = []
    played = stage.play(during=lambda _: seen.append(verdict_when_there(stage, first)))
    assert set(played.results.values()) == {"success"}, played.log
    assert trained(played) == ["pruning/tiny 0"]
    assert seen == [("queued", None)]
    assert verdict(stage, first) == ("completed", "success")
    assert verdict(stage, first, STANDARDS) == ("completed", "failure")  # new.py has no licence, for one
    assert said(pull).startswith("### ✅ Reproduced: the only claim")
    assert len(records(stage)) == 1

    stage.say(stage.mona, "/converge pruning", pull)
    again = stage.play()
    assert set(again.results.values()) == {"success"}, again.log
    assert len(left(stage, played)) > 1
    assert left(stage, again) == left(stage, played)  # to the second: nothing was trained again

    stage.world.commit(stage.models, "topic", {"new.py": "x = 2\n"}, stage.mona)
    pushes.look(stage.world)
    assert pull.pull.head_sha != first
    assert not checks.on(stage.models, pull.pull.head_sha)
    found = {one.conclusion for one in checks.on(stage.models, first) if one.name == CONVERGENCE}
    assert found == {"success"}


def verdict_when_there(stage: Stage, sha: str) -> tuple[str, str | None]:
    """The check as it first was; the queue is what makes it wait."""
    arrived = stage.wait_for(lambda: bool(checks.on(stage.models, sha)))
    assert arrived
    return verdict(stage, sha)


def test_a_verdict_from_containers(
    stage: Stage, source: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Nobody told these machines that they may do without."""
    with containers.engine(tmp_path_factory.mktemp("containers")) as environment:
        policy = f'looks = [1, 2]\n[runners]\nimage = "{containers.IMAGE}"\n'
        pull = opened(stage, source, HELD["kept"], policy)
        assert pull.pull
        stage.environment = {"CONVERGE_ISOLATION": "container", **environment}
        stage.say(stage.mona, "/converge pruning", pull)
        played = stage.play()
    assert set(played.results.values()) == {"success"}, played.log
    assert "isolation is off" not in played.log
    assert verdict(stage, pull.pull.head_sha) == ("completed", "success")


PREEMPTED = """#!/bin/sh
# A machine that is taken away when it first trains.
case "$*" in
  *"convergence train"*)
    if mkdir "{mark}" 2>/dev/null; then kill -TERM "$PPID"; kill -TERM $$; fi ;;
esac
exec {podman} "$@"
"""


def test_a_preempted_training_goes_on_in_the_next_leg(
    stage: Stage, source: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    with containers.engine(tmp_path_factory.mktemp("containers")) as environment:
        policy = f'looks = [1, 2]\n[runners]\nimage = "{containers.IMAGE}"\n'
        pull = opened(stage, source, HELD["kept"], policy)
        assert pull.pull
        stage.environment = {"CONVERGE_ISOLATION": "container", **environment}
        engine = stage.folder / "bin" / "podman"
        engine.parent.mkdir()
        engine.write_text(PREEMPTED.format(mark=stage.folder / "preempted", podman=shutil.which("podman")))
        engine.chmod(0o755)
        monkeypatch.setenv("PATH", f"{engine.parent}:{os.environ['PATH']}")
        stage.say(stage.mona, "/converge pruning", pull)
        played = stage.play()
    assert (stage.folder / "preempted").is_dir()
    assert set(played.results.values()) == {"success"}, played.log
    assert trained(played) == ["pruning/tiny 0", "pruning/tiny 0"]
    assert verdict(stage, pull.pull.head_sha) == ("completed", "success")
    assert len(records(stage)) == 1


def test_a_promise_that_is_not_kept(stage: Stage, source: Path) -> None:
    pull = opened(stage, source, HELD["broken"])
    assert pull.pull
    stage.say(stage.mona, "/converge pruning", pull)
    played = stage.play()
    assert set(played.results.values()) == {"success"}, played.log
    assert said(pull).startswith("### ❌ Not reproduced")
    assert verdict(stage, pull.pull.head_sha) == ("completed", "failure")


def test_a_machine_that_trains_nothing(stage: Stage, source: Path) -> None:
    """It has no container, and nobody told it that it may do without."""
    pull = opened(stage, source, HELD["kept"])
    assert pull.pull
    stage.environment.pop("CONVERGE_ALLOW_UNISOLATED")
    stage.say(stage.mona, "/converge pruning", pull)
    played = stage.play()
    assert [result for name, result in played.results.items() if "/train " in name] == ["failure"]
    assert verdict(stage, pull.pull.head_sha)[1] not in {"success", "failure"}
    assert "Reproduced" not in said(pull)
    assert not (stage.folder / "store").exists()


def test_a_claim_that_takes_a_second_wave(stage: Stage, source: Path) -> None:
    """It has no reference runs, so several are looked at, and then some more."""
    pull = opened(stage, source, tiny.ACCURACY)
    stage.say(stage.mona, "/converge pruning", pull)
    played = stage.play()
    assert set(played.results.values()) == {"success"}, played.log
    runs = trained(played)
    assert runs == [f"pruning/tiny {index}" for index in range(len(runs))]  # none of them twice
    assert len(runs) > 1
    assert sorted(name for name in played.results if name.endswith("/judge")) == [
        "wave-1/converge-wave/judge",
        "wave-2/converge-wave/judge",
    ]


def test_a_source_that_cannot_be_built(stage: Stage, source: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(source, broken)
    pull = opened(stage, broken, HELD["kept"])
    assert pull.pull
    stage.world.commit(stage.tfmot, "master", {"setup.py": "raise SystemExit('no')\n"}, stage.mona)
    stage.say(stage.mona, "/converge pruning", pull)
    played = stage.play()
    assert played.results["converge/build"] == "failure"
    assert not trained(played)
    assert verdict(stage, pull.pull.head_sha)[0] == "completed"


def test_cancel_ends_the_run(stage: Stage, source: Path) -> None:
    pull = opened(stage, source, HELD["kept"])
    assert pull.pull
    sha = pull.pull.head_sha
    stage.say(stage.mona, "/converge pruning", pull)

    def cancel(_: Run) -> None:
        assert stage.wait_for(lambda: bool(checks.on(stage.models, sha)))
        stage.say(stage.mona, "/converge cancel", pull)
        assert stage.play("converge-control").results == {"converge-control/answer": "success"}

    played = stage.play(during=cancel)
    assert played.run.conclusion == "cancelled"
    assert not trained(played)
    assert verdict(stage, sha) == ("completed", "cancelled")
    assert "**Cancelled** 1" in pull.comments[-1].body


def test_a_fork_waits_and_names_its_commit(stage: Stage, source: Path) -> None:
    opened(stage, source, HELD["kept"])
    stage.environment.clear()  # nothing need be trained
    stage.models.settings.environments["converge-consent"] = (stage.mona,)
    forked = stage.pull(stage.carl, "other", "From a fork")
    assert forked.pull
    stage.say(stage.mona, "/converge pruning", forked)
    assert stage.play().results == {"converge/gate": "success"}
    stage.say(stage.mona, f"/converge pruning @{forked.pull.head_sha}", forked)
    played = stage.play()
    held = [name for name in played.results if "consent to" in name]
    assert len(held) == 1
    assert forked.pull.head_sha in held[0]
    assert played.results["converge/build"] == "success"


def test_without_reviewers_nobody_has_consented(stage: Stage, source: Path) -> None:
    opened(stage, source, HELD["kept"])
    forked = stage.pull(stage.carl, "other", "From a fork")
    assert forked.pull
    stage.say(stage.mona, f"/converge pruning @{forked.pull.head_sha}", forked)
    played = stage.play()
    assert "converge/build" not in played.results
    assert verdict(stage, forked.pull.head_sha) == ("completed", "cancelled")
    assert "no reviewer has consented" in said(forked)

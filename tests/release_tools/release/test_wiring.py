"""Who is asked what: the doctor about the very wheel, at the commit that it is of."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from packaging.version import Version

from release_tools.doctor import gather
from release_tools.doctor.findings import Severity, blocker, untold
from release_tools.doctor.subject import Subject
from release_tools.gates import DoctorFact
from release_tools.release import evidence, wiring
from release_tools.release.cli import doctor as doctor_command

SUBJECT = evidence.Subject(
    "0.8.2", "tensorflow/model-optimization", "src", "a" * 40, Path("w.whl"), "d" * 64, "c" * 64, "Notes."
)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[gather.Request]:
    """What the doctor was asked to read, which has one blocker and something that could not be told."""
    requests: list[gather.Request] = []

    def read(request: gather.Request) -> Subject:
        requests.append(request)
        beforehand = (
            blocker("no licence", "METADATA", "add it"),
            untold("whether it imports", "w.whl", "try"),
        )
        return Subject(request.what, beforehand=beforehand)

    monkeypatch.setattr(gather, "gather", read)
    monkeypatch.chdir(tmp_path)
    return requests


def test_the_doctor_looks_at_the_wheel_as_what_it_shall_become(asked: list[gather.Request]) -> None:
    found = wiring._doctor(SUBJECT)
    (first,) = found.findings
    assert (first.what, first.severity) == ("no licence", Severity.BLOCKER)
    assert "whether it imports" in found.could_not_tell
    assert asked == [gather.Request("a" * 40, "src", version=Version("0.8.2"), wheel=Path("w.whl"))]


def test_an_accepted_finding_does_not_block(asked: list[gather.Request], tmp_path: Path) -> None:
    items = [blocker("no licence", "METADATA", ""), untold("whether it imports", "w.whl", "")]
    lines = [
        f'[[accepted]]\ncheck = "gathering"\nwhere = "{one.where}"\nwhat = "{one.key[2]}"\nreason = "known"\n'
        for one in items
    ]
    (tmp_path / ".github").mkdir()
    (tmp_path / ".github/release-doctor.toml").write_text("\n".join(lines))
    found = wiring._doctor(SUBJECT)
    assert [one.blocks for one in found.findings] == [False]
    assert "whether it imports" not in found.could_not_tell


def test_what_another_job_examined_is_not_run_here(asked: list[gather.Request], tmp_path: Path) -> None:
    known = wiring.known(None, wiring.Index(), tmp_path)  # type: ignore[arg-type]
    assert known.doctor(SUBJECT) is None
    assert asked == []


def test_one_process_examines_once(asked: list[gather.Request]) -> None:
    known = wiring.known(None, wiring.Index())  # type: ignore[arg-type]
    assert isinstance(known.doctor(SUBJECT), DoctorFact)
    assert known.doctor(SUBJECT) == known.doctor(SUBJECT)
    assert len(asked) == 1


@pytest.mark.parametrize(("seconds", "waits"), [(0, ()), (4, (4.0,)), (20, (5.0, 10.0, 5.0))])
def test_patience_is_so_many_seconds_in_all(seconds: int, waits: tuple[float, ...]) -> None:
    assert wiring._waits(seconds) == waits


def test_the_furthest_pull_request_of_a_technique_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    from types import SimpleNamespace as Some

    from release_tools.approvals import publishing, ties
    from release_tools.approvals.steps import Actor, Progress, Step, StepState, TechniqueState
    from release_tools.policy import Policy, Repositories, Technique

    def state(technique: str, pull: int, done: int) -> TechniqueState:
        progress = {True: Progress.DONE, False: Progress.WAITING}
        steps = tuple(StepState(one, progress[one.number <= done], "", Actor.MOT) for one in Step)
        return TechniqueState(technique, "o/fork", pull, "a" * 40, steps)

    states = {
        1: [state("pruning", 1, 2)],
        2: [state("pruning", 2, 4), state("qat", 2, 7)],
        3: [state("qat", 3, 1)],
    }
    pulls = [Some(number=number, url=f"https://x/pull/{number}") for number in states]
    asked: list[str] = []
    monkeypatch.setattr(
        publishing, "candidates", lambda hub, repository, policy: asked.append(repository) or pulls
    )
    named = {number: {one.technique: one for one in found} for number, found in states.items()}
    look = Some(known=set(), state=lambda seen, technique: named[seen.number][technique])
    monkeypatch.setattr(publishing, "Reading", lambda *_: look)
    monkeypatch.setattr(ties, "techniques", lambda seen, known, login: list(named[seen.number]))
    hub = Some(snapshot_of=lambda pull: pull, clone_address=str, login="us")
    policy = Policy(repositories=Repositories(fork="o/fork"), techniques={"pruning": Technique(home="fork")})
    found = wiring._approvals(hub, policy, "pruning")  # type: ignore[arg-type]
    assert found == (states[2][0], "https://x/pull/2")
    assert wiring._approvals(hub, policy, "clustering") is None  # type: ignore[arg-type]
    assert asked == ["o/fork", "tensorflow/models"]


def test_what_is_said_meanwhile_is_no_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    """It names what people gave: a revision, an address."""
    screen = io.StringIO()
    monkeypatch.setattr(screen, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", screen)
    with wiring.progress() as say:
        say("Reading [/b]")
    with doctor_command._progress() as say:
        say("Reading [/b]")

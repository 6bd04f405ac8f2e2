"""One leg, with a trainer that only pretends: what it sees, how it ends, and what is taken out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import asked
import pytest
from asked import Asked

from convergence import records
from convergence.errors import UserError
from convergence.jobs import TRAINING, Chain
from convergence.results import Training
from release_tools.jobs import legs, waves
from release_tools.jobs.isolation import Box, Isolation
from release_tools.jobs.legs import Leg
from release_tools.wheel import environment

CONTENT = b"TFL3"
Trainer = Callable[[Path, Chain], int]


def healthy(left: Path, chain: Chain) -> int:
    for one in chain.trials:
        sha256 = hashlib.sha256(CONTENT).hexdigest()
        record = Training(one.digest, {"accuracy": 1.0}, (), {}, {"float": sha256}, {}, "CPU")
        records.write(left / f"{one.digest}{TRAINING}", record)
        (left / f"{one.digest}.float.tflite").write_bytes(CONTENT)
    return 0


@pytest.fixture
def made(tmp_path: Path) -> Asked:
    (tmp_path / "data" / "digits").mkdir(parents=True)
    return Asked(tmp_path / "request", asked.plan())


@pytest.fixture
def boxes(monkeypatch: pytest.MonkeyPatch) -> list[Box]:
    """The boxes that were run; what runs in them does nothing."""
    seen: list[Box] = []
    monkeypatch.setattr(environment, "create", lambda wheel: Path("/env/bin/python"))
    monkeypatch.setattr(environment, "with_tensorflow", lambda: environment.Base((Path("/base"),)))
    return seen


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch, boxes: list[Box]) -> Callable[[Trainer], None]:
    """Has this take the place of what trains."""

    def use(trainer: Trainer) -> None:
        def run(box: Box, kept: Isolation, scratch: Path, log: Path, minutes: float | None = None) -> int:
            boxes.append(box)
            return trainer(box.write[1], records.read(scratch / "chain.json", Chain))

        monkeypatch.setattr(legs, "run", run)

    return use


def leg(made: Asked, **changes: object) -> Leg:
    root = made.folder.parent
    run = waves.run(made.subject, "pruning/tiny", 0)
    folders = [root / name for name in ("data", "store", "out", "log")]
    made_leg = Leg(made.subject, run, None, *folders, Isolation(""))
    return replace(made_leg, **changes)  # type: ignore[arg-type]


def left(made: Asked) -> list[Path]:
    out = made.folder.parent / "out"
    return sorted(out.iterdir()) if out.is_dir() else []


def test_what_was_trained_is_taken_out(made: Asked, trained: Callable[[Trainer], None]) -> None:
    trained(healthy)
    assert legs.train(leg(made)) == legs.DONE
    assert len(left(made)) == 4


def test_it_may_write_to_its_own_volume_only(
    made: Asked, trained: Callable[[Trainer], None], boxes: list[Box], tmp_path: Path
) -> None:
    trained(healthy)
    other = Asked(tmp_path / "other", replace(made.plan, harness="0" * 32))
    legs.train(leg(made, models=tmp_path / "models"))
    (box,) = boxes
    assert [path.parent for path in box.write] == [tmp_path / "store", box.write[1].parent]
    assert leg(other).volume.name != box.write[0].name
    assert {tmp_path / "data", Path("/base"), Path("/env")} <= set(box.read)
    assert not any(str(path).startswith(str(tmp_path / "request")) for path in box.read)


def test_what_requires_other_packages_has_another_volume(made: Asked) -> None:
    one = leg(made)
    two = replace(one, subject=replace(one.subject, requires=("other",)))
    assert one.volume != two.volume


@pytest.mark.parametrize(("module", "sees"), [("official.projects.theirs", True), ("official.vision", False)])
def test_only_what_needs_the_pull_request_sees_it(
    made: Asked,
    trained: Callable[[Trainer], None],
    boxes: list[Box],
    tmp_path: Path,
    module: str,
    *,
    sees: bool,
) -> None:
    trained(healthy)
    example = replace(asked.TINY, module=module)
    legs.train(leg(Asked(tmp_path / "example", asked.plan(example)), models=tmp_path / "models"))
    (box,) = boxes
    assert (tmp_path / "models" in box.read) is sees
    assert (str(tmp_path / "models") in box.command) is sees


@pytest.mark.parametrize("status", [143, 130, -15, -2])
def test_told_to_stop_it_goes_on_another_time(
    made: Asked, trained: Callable[[Trainer], None], status: int
) -> None:
    def stopped(folder: Path, chain: Chain) -> int:
        healthy(folder, chain)
        return status

    trained(stopped)
    assert legs.train(leg(made)) == legs.TO_BE_CONTINUED
    assert left(made) == []


def test_told_to_stop_while_preparing(made: Asked, monkeypatch: pytest.MonkeyPatch, boxes: list[Box]) -> None:
    def interrupted(wheel: Path) -> Path:
        raise SystemExit(143)

    monkeypatch.setattr(environment, "create", interrupted)
    assert legs.train(leg(made)) == legs.TO_BE_CONTINUED


@pytest.mark.parametrize(
    ("status", "code"), [(2, "bad-input"), (4, "machine-failed"), (137, "machine-failed")]
)
def test_what_ended_otherwise(
    made: Asked, trained: Callable[[Trainer], None], status: int, code: str
) -> None:
    trained(lambda folder, chain: status)
    (made.folder.parent / "log").write_text("error[x]: y\n")
    with pytest.raises(UserError) as ended:
        legs.train(leg(made))
    assert ended.value.code == code
    assert left(made) == []


def link(folder: Path, chain: Chain) -> int:
    healthy(folder, chain)
    path = folder / f"{chain.trials[0].digest}.float.tflite"
    path.unlink()
    path.symlink_to("/etc/hostname")
    return 0


def half(folder: Path, chain: Chain) -> int:
    healthy(folder, Chain(chain.trials[:1]))
    return 0


def extra(folder: Path, chain: Chain) -> int:
    (folder / "README.md").write_text("# Reproduced")
    return healthy(folder, chain)


@pytest.mark.parametrize("trainer", [link, half, extra, lambda folder, chain: 0])
def test_what_is_not_as_expected_is_not_taken(
    made: Asked, trained: Callable[[Trainer], None], trainer: Trainer
) -> None:
    trained(trainer)
    with pytest.raises(UserError, match="bad-artifact"):
        legs.train(leg(made))
    assert left(made) == []


def test_a_folder_with_other_things_is_left_alone(made: Asked, trained: Callable[[Trainer], None]) -> None:
    trained(healthy)
    (made.folder.parent / "out").mkdir()
    (made.folder.parent / "out" / "thesis.tex").touch()
    with pytest.raises(UserError, match=r"not-empty.*thesis\.tex"):
        legs.train(leg(made))


def test_an_example_of_the_pull_requests_needs_its_checkout(tmp_path: Path, boxes: list[Box]) -> None:
    theirs = replace(asked.TINY, module="my_example")
    made = Asked(tmp_path / "request", asked.plan(theirs))
    with pytest.raises(UserError, match="no-models"):
        legs.train(leg(made))

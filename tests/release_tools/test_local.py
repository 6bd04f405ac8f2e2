"""A campaign on this machine as the command sees it: which results it believes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from convergence import records
from convergence.errors import UserError
from convergence.needs import Need
from convergence.resolved import Experiment, Experiments
from release_tools import local, shell
from release_tools.sandbox import campaigns

RESULT = campaigns.reproduced().result


@pytest.fixture
def request_(tmp_path: Path) -> local.Request:
    """A campaign whose results go to a folder of the test."""
    return local.Request((), "smoke", None, None, "HEAD", None, None, tmp_path, tmp_path / "data", 2)


@pytest.fixture
def campaign(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[list[str]]]:
    """Puts a process in the campaign's place that writes what it is told and ends with a status."""

    def pretend(status: int, writes: Path | None = None) -> list[list[str]]:
        seen: list[list[str]] = []

        def attached(command: list[str], *, env: dict[str, str]) -> int:
            seen.append([str(word) for word in command])
            assert "PYTHONPATH" not in env
            if writes is not None:
                records.write(writes, RESULT)
            return status

        monkeypatch.setattr(shell, "attached", attached)
        return seen

    return pretend


@pytest.mark.parametrize("status", [0, 1, 3, 4])
def test_a_new_result_is_believed(
    request_: local.Request, campaign: Callable[..., object], status: int
) -> None:
    campaign(status, writes=local.result_path(request_))
    assert local.run(request_, Path("python")) == RESULT


def test_an_old_result_replaced_by_an_equal_one_is_new(
    request_: local.Request, campaign: Callable[..., object]
) -> None:
    records.write(local.result_path(request_), RESULT)
    campaign(0, writes=local.result_path(request_))
    assert local.run(request_, Path("python")) == RESULT


@pytest.mark.parametrize("status", [0, 1, 4, -9])
def test_an_old_result_is_not_taken_for_a_new_one(
    request_: local.Request, campaign: Callable[..., object], status: int
) -> None:
    records.write(local.result_path(request_), RESULT)
    campaign(status)
    with pytest.raises(UserError, match=f"campaign-ended.*status {status}"):
        local.run(request_, Path("python"))


@pytest.mark.parametrize("status", [2, 130, 143])
def test_what_the_campaign_said_itself_is_not_said_again(
    request_: local.Request, campaign: Callable[..., object], status: int
) -> None:
    records.write(local.result_path(request_), RESULT)
    campaign(status)
    with pytest.raises(SystemExit) as ended:
        local.run(request_, Path("python"))
    assert ended.value.code == status


def test_nothing_in_the_working_directory_can_hide_the_tfmot_under_test(
    request_: local.Request, campaign: Callable[..., list[list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    seen = campaign(0, writes=local.result_path(request_))
    local.run(request_, Path("python"))
    assert seen[0][:4] == ["python", "-P", "-m", "convergence"]


HERE, GONE = Need("data", "/data/train*", there=True), Need("checkpoint", "/data/ckpt-1", there=False)
EXPERIMENT = Experiment("pruning/large", "e", "m", 100, 64, 10, "mirrored", "float32", (HERE, GONE))


@pytest.fixture
def resolving(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[tuple[str, ...]]]:
    """Puts a process in the place of the one that resolves; it writes experiments, or says why not."""

    def pretend(status: int, err: str = "") -> list[tuple[str, ...]]:
        seen: list[tuple[str, ...]] = []

        def run(command: list[str | Path], *, env: dict[str, str], check: bool) -> shell.Finished:
            words = tuple(str(word) for word in command)
            seen.append(words)
            assert not check
            assert "PYTHONPATH" not in env
            if not status:
                records.write(Path(words[words.index("--out") + 1]), Experiments((EXPERIMENT,)))
            return shell.Finished(words, status, "", err)

        monkeypatch.setattr(shell, "run", run)
        return seen

    return pretend


def test_experiments_are_resolved_where_they_would_be_trained(
    request_: local.Request, resolving: Callable[..., list[tuple[str, ...]]]
) -> None:
    seen = resolving(0)
    asked = replace(request_, techniques=("pruning/large",), tier="full", example=Path("mine"))
    assert local.resolve(asked, Path("python")) == (EXPERIMENT,)
    assert seen[0][:6] == ("python", "-P", "-m", "convergence", "resolve", "pruning/large")
    assert seen[0][6:12] == ("--tier", "full", "--data", str(request_.data), "--example", "mine")


@pytest.mark.parametrize(
    ("status", "err", "said"),
    [
        (
            2,
            "W0 chatter\nerror[recipe-override]: no field x; pruning/large\n",
            "error[recipe-override]: no field x",
        ),
        (
            1,
            "Traceback\nImportError: no x\n",
            "error[not-resolved]: Official Models cannot .*; ImportError: no x",
        ),
        (2, "Usage: no such command\n", "error[not-resolved]: .*; Usage: no such command"),
        (-9, "", "error[not-resolved]: Official Models cannot resolve the experiments"),
    ],
)
def test_why_nothing_was_resolved_is_one_line(
    request_: local.Request, resolving: Callable[..., object], status: int, err: str, said: str
) -> None:
    resolving(status, err)
    with pytest.raises(UserError, match=said.replace("[", r"\[").replace("]", r"\]")) as refused:
        local.resolve(request_, Path("python"))
    assert "\n" not in str(refused.value)


def test_what_is_missing_is_named_before_training() -> None:
    with pytest.raises(UserError) as refused:
        local.require([EXPERIMENT, EXPERIMENT], Path("/data"))
    assert str(refused.value) == (
        "error[missing-data]: no checkpoint /data/ckpt-1; /data; "
        "put it there, or name the folder of the data with --data"
    )
    local.require([replace(EXPERIMENT, needs=(HERE,))], Path("/data"))


@pytest.mark.parametrize(
    ("tier", "policy", "folder"),
    [
        ("smoke", '[storage]\ndata = "/big"', "out/data"),
        ("full", '[storage]\ndata = "/big"', "/big"),
        ("full", "", "/data"),
        ("full", None, "out/data"),
    ],
)
def test_data_are_where_the_policy_says_at_the_full_tier(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tier: str, policy: str | None, folder: str
) -> None:
    monkeypatch.chdir(tmp_path)
    if policy is not None:
        (tmp_path / ".github").mkdir()
        (tmp_path / ".github" / "release-tools.toml").write_text(policy, encoding="utf-8")
    assert local.data_root(tier, Path("out")) == Path(folder)

"""A campaign on this machine as the command sees it: which results it believes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from convergence import records
from convergence.model import UserError
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

"""What the process says and ends with, for each way in which a command can fail."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import click
import pytest

from convergence.model import PASSING, UserError
from release_tools import cli


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    """As they were: the command line sets how SIGTERM ends it."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.mark.parametrize(
    ("failure", "status", "line"),
    [
        (UserError("policy", "is not TOML"), 2, "error[policy]: is not TOML"),
        (click.UsageError("no such option: --x"), 2, "error[usage]: no such option: --x; --help says more"),
        *((UserError(code, "no answer"), 4, f"error[{code}]: no answer") for code in sorted(PASSING)),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_a_failure_is_one_line_and_a_status(
    failure: BaseException,
    status: int,
    line: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fails(**_: object) -> None:
        raise failure

    monkeypatch.setattr(cli, "cli", fails)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert (ended.value.code, capsys.readouterr().err.strip()) == (status, line)

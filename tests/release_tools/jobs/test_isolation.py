"""How the box is closed: the very words that an engine is given, and a stand-in for it that runs them."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

import pytest

from convergence.errors import UserError
from release_tools.jobs import isolation, legs
from release_tools.jobs.isolation import Box, Isolation

ENGINE = """#!/bin/sh
# A stand-in for docker: says what it was given, then runs what follows the image.
printf '%s\\n' "$@" > "{log}"
while [ "$1" != "the-image" ]; do shift; done
shift
exec "$@"
"""


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the stand-in was given; it is the only engine on the path."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "docker"
    program.write_text(ENGINE.format(log=tmp_path / "given"))
    program.chmod(0o755)
    (folder / "env").symlink_to(shutil.which("env") or "/usr/bin/env")
    monkeypatch.setenv("PATH", str(folder))
    return tmp_path / "given"


@pytest.fixture
def box(tmp_path: Path) -> Box:
    for name in ("data", "volume", "convergence"):
        (tmp_path / name).mkdir()
    command = ("/bin/sh", "-c", "env > $0; exit 9", str(tmp_path / "seen"))
    return Box(command, (tmp_path / "data",), (tmp_path / "volume",), tmp_path / "convergence", {"A": "1"})


def test_a_container_sees_no_network_and_only_named_folders(engine: Path, box: Box, tmp_path: Path) -> None:
    chosen = isolation.choose("container", "the-image")
    assert legs.run(box, chosen, tmp_path, tmp_path / "log") == 9
    given = engine.read_text().splitlines()
    assert given[0] == "run"
    assert {
        "--network=none",
        "--read-only",
        "--cap-drop=ALL",
        "--security-opt=no-new-privileges",
        f"--pids-limit={isolation.PIDS}",
        f"--user={os.getuid()}:{os.getgid()}",
    } <= set(given)
    assert any(word.startswith("--memory=") for word in given)
    assert [word for word in given if word.startswith("--mount=")] == [
        f"--mount=type=bind,source={box.harness},target=/harness/convergence,readonly",
        f"--mount=type=bind,source={tmp_path}/data,target={tmp_path}/data,readonly",
        f"--mount=type=bind,source={tmp_path}/volume,target={tmp_path}/volume",
    ]
    assert [word for word in given if word.startswith("--env")] == [
        "--env=HOME=/tmp",
        "--env=PYTHONPATH=/harness",
        "--env=A=1",
    ]
    assert not {"--privileged", "--network=host", "-v", "--env-file"} & set(given)


def test_without_a_container_the_environment_is_emptied(
    box: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    assert legs.run(box, Isolation(""), tmp_path, tmp_path / "log") == 9
    seen = dict(line.split("=", 1) for line in (tmp_path / "seen").read_text().splitlines())
    assert set(seen) - {"PWD", "SHLVL", "_", "LANG", "LD_LIBRARY_PATH", "OLDPWD"} == {
        "A",
        "HOME",
        "PATH",
        "PYTHONPATH",
    }
    assert (Path(seen["PYTHONPATH"]) / "convergence").resolve() == box.harness


def test_what_is_said_goes_to_the_log(box: Box, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    told = Box(("/bin/sh", "-c", "echo ::error::x; echo ::y >&2"), (), (), box.harness)
    assert legs.run(told, Isolation(""), tmp_path, tmp_path / "log") == 0
    assert (tmp_path / "log").read_text() == "::error::x\n::y\n"
    assert capfd.readouterr() == ("", "")


def test_no_engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert isolation.choose(None, None) == Isolation("")
    with pytest.raises(UserError, match=r"no-engine.*install podman or docker"):
        isolation.choose("container", None)


def test_foreign_code_needs_a_container_or_a_word() -> None:
    isolation.require(Isolation("podman"), allowed=False)
    isolation.require(Isolation(""), allowed=True)
    with pytest.raises(UserError, match="isolation is off"):
        isolation.require(Isolation(""), allowed=False)


def test_podman_comes_first(engine: Path) -> None:
    assert isolation.choose(None, None).engine == "docker"
    podman = Path(os.environ["PATH"]) / "podman"
    podman.touch(stat.S_IRWXU)
    assert isolation.choose(None, None).engine == "podman"
    assert isolation.choose("none", None).engine == ""


def test_a_comma_would_open_another_mount(box: Box, tmp_path: Path) -> None:
    evil = Box(box.command, (tmp_path / "a,source=/etc",), (), box.harness)
    with pytest.raises(UserError, match="bad-path"):
        Isolation("docker").words(evil)


@pytest.mark.parametrize(
    ("status", "said", "line"),
    [
        (2, "x\nerror[missing-data]: no file\n", "error[code]: error[missing-data]: no file; "),
        (2, "", "error[code]: it ended with status 2; "),
        (137, "error[x]: y\n", "error[code]: it ended with status 137; "),
        (2, "error[x]: \x1b[2J::set-output\n", "error[code]: error[x]: \\x1b[2J::set-output; "),
    ],
)
def test_why_there_is_no_result(tmp_path: Path, status: int, said: str, line: str) -> None:
    (tmp_path / "log").write_text(said)
    assert str(legs.ended("code", status, tmp_path / "log")) == f"{line}{tmp_path}/log"

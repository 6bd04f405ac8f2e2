"""What a program in a real container can see, write and say; and an image that will not do."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import containers
import pytest

from convergence.errors import UserError
from release_tools import shell
from release_tools.jobs import isolation, legs
from release_tools.jobs.isolation import Box, Isolation

pytestmark = [pytest.mark.long, pytest.mark.network]

LOOK = """
import json, os, socket, sys

def attempt(what):
    try:
        what()
    except OSError as error:
        return type(error).__name__ + str(error.errno)
    return "done"

data, volume, secret = sys.argv[1:]
print(json.dumps({
    "environment": sorted(os.environ),
    "read data": attempt(lambda: open(data + "/d").read()),
    "write data": attempt(lambda: open(data + "/x", "w")),
    "write volume": attempt(lambda: open(volume + "/x", "w")),
    "write harness": attempt(lambda: open("/harness/convergence/x", "w")),
    "write root": attempt(lambda: open("/x", "w")),
    "write scratch": attempt(lambda: open("/tmp/x", "w")),
    "read a secret": attempt(lambda: open(secret).read()),
    "reach the network": attempt(lambda: socket.create_connection(("192.0.2.1", 80), 1)),
    "interfaces": [name for _, name in socket.if_nameindex()],
    "become another": attempt(lambda: os.setuid(65534)),
    "mount": attempt(lambda: os.unshare(os.CLONE_NEWNS) if hasattr(os, "unshare") else os.chroot("/tmp")),
    "processes": len([name for name in os.listdir("/proc") if name.isdigit()]),
}))
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Isolation]:
    with (
        containers.engine(tmp_path_factory.mktemp("containers")) as environment,
        pytest.MonkeyPatch.context() as m,
    ):
        for name, value in environment.items():
            m.setenv(name, value)
        yield Isolation("podman", containers.IMAGE)


@pytest.fixture
def places(tmp_path: Path) -> dict[str, Path]:
    found = {name: tmp_path / name for name in ("data", "volume", "scratch")}
    for folder in found.values():
        folder.mkdir()
    (found["data"] / "d").write_text("data")
    (tmp_path / "secret").write_text("s3cret")
    return found | {"secret": tmp_path / "secret", "log": tmp_path / "log"}


def box(places: dict[str, Path], program: str, *words: str) -> Box:
    command = (sys.executable, "-P", "-c", textwrap.dedent(program), *words)
    read = (*legs.interpreter(), *legs.own_environment(), places["data"])
    return Box(command, read, (places["volume"],), legs.harness(), {"A": "1"})


def test_a_program_sees_what_it_is_given_and_nothing_else(
    engine: Isolation, places: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "s3cret")
    looked = box(places, LOOK, *(str(places[name]) for name in ("data", "volume", "secret")))
    assert legs.run(looked, engine, places["scratch"], places["log"]) == 0, places["log"].read_text()
    seen = json.loads(places["log"].read_text())
    environment = set(seen.pop("environment"))
    assert {"A", "HOME", "PYTHONPATH"} <= environment
    assert not {name for name in environment if name.startswith(("GITHUB", "CONTAINERS", "PIP", "UV"))}
    assert seen.pop("processes") <= 3
    assert seen == {
        "read data": "done",
        "write data": "OSError30",
        "write volume": "done",
        "write harness": "OSError30",
        "write root": "OSError30",
        "write scratch": "done",
        "read a secret": "FileNotFoundError2",
        "reach the network": "OSError101",
        "interfaces": ["lo"],
        "become another": "PermissionError1",
        "mount": "PermissionError1",
    }
    assert (places["volume"] / "x").exists()


def test_what_multiplies_stays_in_the_box(engine: Isolation, places: dict[str, Path]) -> None:
    multiplies = """
    import os, threading
    threading.stack_size(65536)
    held = threading.Event()
    try:
        for count in range(100_000):
            threading.Thread(target=held.wait, daemon=True).start()
    except RuntimeError as error:
        print(error, 1000 < count < 4096, flush=True)
    os._exit(9)
    """
    assert legs.run(box(places, multiplies), engine, places["scratch"], places["log"]) == 9
    assert places["log"].read_text() == "can't start new thread True\n"


def test_sigterm_reaches_the_program_and_its_status_comes_back(
    engine: Isolation, places: dict[str, Path]
) -> None:
    waits = """
    import signal, sys, pathlib
    def leave(*_):
        pathlib.Path(sys.argv[1], "kept").write_text("1")
        sys.exit(75)
    signal.signal(signal.SIGTERM, leave)
    pathlib.Path(sys.argv[1], "ready").write_text("1")
    signal.pause()
    """
    waiting = box(places, waits, str(places["volume"]))
    assert legs.run(waiting, engine, places["scratch"], places["log"], minutes=0.05) == 75
    assert (places["volume"] / "kept").read_text() == "1"
    left = shell.run(["podman", "ps", "--all", "--quiet"]).out
    assert left == ""


def test_an_image_that_lacks_libraries_is_named_before_anything_runs(
    engine: Isolation, places: dict[str, Path], tmp_path: Path
) -> None:
    legs.require_image(engine)
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "nothing").touch()
    shell.run(["tar", "-cf", tmp_path / "empty.tar", "-C", tmp_path / "empty", "."])
    shell.run(["podman", "import", "--quiet", tmp_path / "empty.tar", "localhost/empty:1"])
    for image in ("localhost/empty:1", "localhost/nowhere:1"):
        with pytest.raises(UserError, match=r"bad-image.*runners\.image"):
            legs.require_image(Isolation("podman", image))


def test_podman_is_chosen_and_foreign_code_may_run(engine: Isolation) -> None:
    chosen = isolation.choose("container", containers.IMAGE)
    assert chosen == engine
    isolation.require(chosen, allowed=False)

"""An example in a real container: what it asks for is seen, and it finds nothing to take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import containers
import examples
import pytest
from examples import TFMOT

from release_tools.jobs.isolation import Isolation
from release_tools.standards import importing
from release_tools.standards.importing import Apart

pytestmark = [pytest.mark.long, pytest.mark.network]

LOOK = """
import os, socket
from pathlib import Path
found = []
if Path({secret!r}).exists():
    found.append("a file of the host's")
if "s3cret" in str(dict(os.environ)) or len([p for p in os.listdir("/proc") if p.isdigit()]) > 5:
    found.append("a token, or the host's processes")
if [name for _, name in socket.if_nameindex()] != ["lo"]:
    found.append("a network")
for place in ("/x", {program!r}):
    try:
        open(place, "a").close()
        found.append("a place to write to")
    except OSError:
        pass
assert not found, found
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Isolation]:
    with (
        containers.engine(tmp_path_factory.mktemp("containers")) as environment,
        pytest.MonkeyPatch.context() as patch,
    ):
        for name, value in environment.items():
            patch.setenv(name, value)
        yield Isolation("podman", containers.IMAGE)


def test_it_is_seen_and_sees_nothing(
    engine: Isolation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "s3cret")
    secret = tmp_path / "secret"
    secret.write_text("s3cret")
    look = LOOK.format(secret=str(secret), program=importing.importer.__file__)
    files = {
        "example/look.py": look,
        "example/eager.py": f"exec('import {TFMOT}')\n",
        "example/gone.py": "import os\nos._exit(0)\n",
        "example/writes.py": "from pathlib import Path\nPath(__file__).with_name('left').write_text('x')\n",
    }
    made = examples.read(tmp_path, files)
    run = importing.run(made, {}, Apart(engine), examples.QUICK)
    assert run.trouble == ""
    said = examples.said(replace(made, run=run), "lazy", "quiet")
    assert ("example/eager.py:1", "imports TFMOT as soon as example.eager is imported", True) in said
    assert (
        "example/gone.py",
        "ends or holds up the interpreter when it is imported: status 0",
        True,
    ) in said
    assert ("example/left", "was written while the example was imported", True) in said
    failed = [
        what for where, what, _ in said if where.startswith("example/look.py") and "does not import" in what
    ]
    assert failed == []
    assert not (tmp_path / "example/left").exists()

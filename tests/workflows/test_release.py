"""A release by the workflow as it is: from a commit that has landed to what the index has. Minutes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from shipyard import Shelf, T, shelved
from stage import Stage, harness

from release_tools import config
from release_tools.model import Permission
from release_tools.sandbox.nouns import Repository
from release_tools.sandbox.tfmot_source import Published, Revision, published, write

pytestmark = [pytest.mark.long, pytest.mark.training, pytest.mark.network]

VERSION = "0.9.0"
WHEEL = f"tensorflow_model_optimization-{VERSION}-py2.py3-none-any.whl"
WORKFLOW = ".github/workflows/release.yml"
POLICY = """
[repositories]
models = "tensorflow/official"
[roles]
mot = ["mona"]
[techniques.pruning]
home = "official"
"""
NOTES = f"# TensorFlow Model Optimization {VERSION}\n\nGood.\n\n* Tested against TensorFlow 2.20.0.\n\n"
# The environments of the doctor take downloads; the rest of it is made.
QUICK = (b'release doctor "$COMMIT"', b'release doctor "$COMMIT" --no-environments')
OVERRIDE = {"override": "claims steps doctor", "reason": "looked at by hand"}


@dataclass
class Yard:
    """The tools in tensorflow/models, TFMOT with a release commit, official models, and two indexes."""

    stage: Stage
    official: Repository
    index: Shelf
    rehearsal: Shelf
    commit: str

    def play(self, **inputs: str) -> dict[str, str]:
        sent = {"version": VERSION, "commit": self.commit, "dry-run": "true", "override": "", "reason": ""}
        played = self.stage.play("release", inputs=sent | inputs)
        self.log = played.log
        return {name.removeprefix("release/"): result for name, result in played.results.items()}

    @property
    def tag(self) -> str:
        return self.stage.tfmot.git.ref(f"refs/tags/v{VERSION}")


@pytest.fixture
def yard(stage: Stage, tmp_path: Path) -> Iterator[Yard]:
    origin = published()
    bare = Published(origin.version, (), origin.files)  # its requirements would be installed twice
    notes = {
        "RELEASE.md": lambda text: text.replace(
            "# TensorFlow Model Optimization 0.8.1", f"{NOTES}# TensorFlow Model Optimization 0.8.1"
        )
    }
    policy = {config.PATH: lambda _: POLICY}
    shas = write(
        tmp_path / "tfmot",
        (Revision("0.8.1", "v0.8.1", policy), Revision(VERSION, patches=notes | policy)),
        bare,
    )
    files = harness()
    assert QUICK[0] in files[WORKFLOW]
    files[WORKFLOW] = files[WORKFLOW].replace(*QUICK)
    stage.open(POLICY, files, tmp_path / "tfmot")
    official = stage.world.repository(stage.org, "official", {"requirements.txt": f"{T}>=0.4.1\n"})
    for one in (stage.tfmot, official):
        one.collaborators[stage.mona.id] = Permission.WRITE
    token = stage.world.token(stage.mona)
    stage.secrets |= {"RELEASE_TOKEN": token, "RELEASE_BUMP_TOKEN": token}
    stage.models.settings.environments |= dict.fromkeys(("release", "index"), (stage.mona,))
    stage.variables |= {"RELEASE_LOGIN": "mona", "RELEASE_BUMP_LOGIN": "mona"}
    with shelved(tmp_path / "index") as index, shelved(tmp_path / "rehearsal") as rehearsal:
        for name, shelf in (("INDEX", index), ("REHEARSAL", rehearsal)):
            stage.variables |= {
                f"RELEASE_{name}_UPLOAD": shelf.url,
                f"RELEASE_{name}_URL": f"{shelf.url}/simple/",
            }
        yield Yard(stage, official, index, rehearsal, shas[-1])


def test_from_a_landed_commit_to_the_index(yard: Yard) -> None:
    assert yard.play() == {"build": "success", "gate": "failure"}, yard.log
    assert yard.play(**OVERRIDE) == {"build": "success", "gate": "success"}, yard.log
    assert (yard.tag, yard.index.files) == ("", [])
    made = yard.play(**OVERRIDE | {"dry-run": "false"})
    assert set(made.values()) == {"success"}, yard.log
    assert list(made) == ["build", "gate", "tag", "rehearse", "publish", "announce", "bump"]
    assert (yard.tag, yard.index.files, yard.rehearsal.files) == (yard.commit, [WHEEL], [WHEEL])
    assert yard.index.sha256 == yard.rehearsal.sha256
    (release,) = yard.stage.tfmot.releases.values()
    assert yard.index.sha256 in (release.body or "")
    assert [issue.title for issue in yard.official.issues.values()] == [f"Require {T}>={VERSION}"]


def test_what_was_accepted_is_read_from_the_checkout_of_the_tools() -> None:
    """The job's own folder has no such file, and a missing one accepts nothing."""
    assert b"--accepted harness/.github/release-doctor.toml " in harness()[WORKFLOW]

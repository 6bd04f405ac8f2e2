"""What the index has and a commit requires: with pip on a folder of wheels, and git on a folder of files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import process
import pytest
from walk import NAMES, FolderIndex

from convergence.errors import UserError
from release_tools.approvals.elsewhere import TFMOT, Elsewhere
from release_tools.approvals.facts import Installed, Minimum, Published, Unknown
from release_tools.bump import published
from release_tools.wheel import wheelfile

PULL = process.Process().facts.pull_request
NAME = "tensorflow-model-optimization"


@pytest.fixture
def index(tmp_path: Path) -> FolderIndex:
    folder = tmp_path / "wheels"
    folder.mkdir()
    return FolderIndex(folder)


def with_files(files: dict[str, str], index: FolderIndex, sha: str = PULL.head_sha) -> Elsewhere:
    def fetch(address: str, ref: str, folder: Path) -> str:
        assert (address, ref) == ("address of tensorflow/models", "refs/pull/3/head")
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
        return sha

    return Elsewhere(lambda name: f"address of {name}", fetch, index)


def test_the_release_with_the_content_is_found_among_the_newest(index: FolderIndex) -> None:
    digests = {v: index.publish(v, NAMES, f"x = '{v}'\n") for v in ("0.7.9", "0.8.0", "0.8.1")}
    found = with_files({}, index).release("pruning", digests["0.8.0"])
    assert found == Published("0.8.0", digests["0.8.0"])


def test_where_none_has_it_the_newest_is_told(index: FolderIndex) -> None:
    digest = index.publish("0.8.1", NAMES)
    assert with_files({}, index).release("pruning", "d" * 64) == Published("0.8.1", digest)


def test_a_release_without_the_techniques_names(index: FolderIndex) -> None:
    names = [one for one in NAMES if not one.endswith("prune_low_magnitude")]
    digest = index.publish("0.8.1", names)
    found = with_files({}, index).release("pruning", digest)
    assert isinstance(found, Published)
    assert [one.rpartition(".")[2] for one in found.missing] == ["prune_low_magnitude"]


def test_a_technique_that_we_have_no_file_on_cannot_be_told(index: FolderIndex) -> None:
    digest = index.publish("0.8.1", NAMES)
    assert isinstance(with_files({}, index).release("cooking", digest), Unknown)


def test_an_empty_index_has_no_release(index: FolderIndex) -> None:
    assert with_files({}, index).release("pruning", "d" * 64) is None


def test_an_index_that_does_not_answer_cannot_tell(
    index: FolderIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_: object) -> object:
        raise UserError("index-unreachable", "the package index did not answer")

    monkeypatch.setattr(FolderIndex, "versions", silent)
    monkeypatch.setattr(FolderIndex, "release", silent)
    assert with_files({}, index).release("pruning", "d" * 64) == Unknown("the package index did not answer")
    assert isinstance(with_files({}, index).installed(PULL, "0.8.1", ()), Unknown)


@pytest.mark.parametrize(
    ("files", "agrees", "line"),
    [
        ({"requirements.txt": f"{NAME}>=0.8.2\n"}, True, "requirements.txt: >=0.8.2"),
        ({"requirements.txt": f"{NAME}>=0.9\n"}, True, "requirements.txt: >=0.9"),
        ({"requirements.txt": f"{NAME}>=0.8.1\n"}, False, "requirements.txt: >=0.8.1"),
        ({"requirements.txt": f"{NAME}\n"}, False, "requirements.txt: any version"),
        ({"requirements.txt": f"{NAME}==0.8.1\n"}, False, ""),
        (
            {"requirements.txt": f"{NAME}>=0.8.2\n", "a/requirements.txt": f"{NAME}>=0.7\n"},
            False,
            "a/requirements",
        ),
        ({"requirements.txt": "numpy\n"}, False, "is not required"),
        ({}, False, "is not required"),
    ],
)
def test_the_declared_minimum(index: FolderIndex, files: dict[str, str], agrees: bool, line: str) -> None:
    found = with_files(files, index).minimum(PULL, "0.8.2")
    assert isinstance(found, Minimum)
    assert (found.agrees, line in found.line) == (agrees, True), found


def test_a_head_that_moved_meanwhile_cannot_be_told(index: FolderIndex) -> None:
    index.publish("0.8.2", NAMES)
    moved = with_files({"requirements.txt": f"{NAME}>=0.8.2\n"}, index, sha=process.OTHER)
    assert moved.minimum(PULL, "0.8.2") == Unknown("somebody pushed meanwhile")
    assert isinstance(moved.installed(PULL, "0.8.2", ["train.py"]), Unknown)


USES = "import tensorflow_model_optimization as tfmot\ntfmot.sparsity.keras.prune_low_magnitude\n"


@pytest.mark.parametrize(
    ("version", "files", "works"),
    [
        ("0.8.2", {"train.py": USES}, True),
        ("0.8.2", {"train.py": USES.replace("prune_low", "prune_high")}, False),
        ("0.8.2", {"train.py": "x = 1\n"}, True),
        ("0.9.0", {"train.py": USES}, False),
    ],
)
def test_what_the_example_imports_is_there(
    index: FolderIndex, version: str, files: dict[str, str], works: bool
) -> None:
    index.publish("0.8.2", NAMES)
    found = with_files(files, index).installed(PULL, version, list(files))
    assert isinstance(found, Installed)
    assert found.works is works


def test_no_code_of_theirs_is_run(index: FolderIndex, tmp_path: Path) -> None:
    trap = f"open({str(tmp_path / 'ran')!r}, 'w')\n"
    digest = index.publish("0.8.2", NAMES, trap)
    files = {"train.py": trap + USES, "setup.py": trap, "requirements.txt": f"{NAME}>=0.8.2\n"}
    here = with_files(files, index)
    assert isinstance(here.release("pruning", digest), Published)
    assert isinstance(here.minimum(PULL, "0.8.2"), Minimum)
    assert here.installed(PULL, "0.8.2", ["train.py"]) == Installed(
        True, "pip installs 0.8.2, which has all 2 names of TFMOT that the example uses (read, not run)"
    )
    assert not (tmp_path / "ran").exists()


Publish = Callable[..., None]


def modules(names: Sequence[str]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for name in names:
        *path, last = name.split(".")
        for depth in range(1, len(path) + 1):
            found.setdefault(f"{'/'.join(path[:depth])}/__init__.py", [])
        if path:
            found[f"{'/'.join(path)}/__init__.py"].append(f"{last} = 1\n")
    return {path: "".join(lines) for path, lines in found.items()}


def test_through_pip(publish: Publish) -> None:
    """The index that pip is set to, as it is asked in earnest."""
    publish(NAME, "0.8.1", modules(NAMES))
    publish(NAME, "0.8.2", {**modules(NAMES), "tensorflow_model_optimization/new.py": "x = 1\n"})
    here = with_files({"train.py": USES}, published)  # type: ignore[arg-type]
    digest = wheelfile.read(published.wheel(TFMOT, published.versions(TFMOT)[0])).content_digest
    assert here.release("pruning", digest) == Published("0.8.1", digest)
    assert here.installed(PULL, "0.8.1", ["train.py"]).works  # type: ignore[union-attr]

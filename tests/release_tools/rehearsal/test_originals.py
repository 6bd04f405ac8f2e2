"""The repositories of a rehearsal are copies of what the user has; packages come from the user's index."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import pytest
from examples import write
from packaging.version import Version

from convergence.errors import UserError
from release_tools.bump.reading import Package
from release_tools.jobs import history
from release_tools.rehearsal import originals
from release_tools.rehearsal.originals import Originals
from release_tools.sandbox.nouns import Repository
from release_tools.sandbox.tfmot_source import Published, Revision
from release_tools.sandbox.world import World

VARIABLE, FILE = "http://variable.example/simple", "http://file.example/simple"
MAKEFILE = Path(__file__).parents[3] / "Makefile"


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user who has set nothing of pip."""
    python = SimpleNamespace(python=Path(sys.executable))
    monkeypatch.setattr(originals.builder, "get", lambda: python)
    monkeypatch.delenv("PIP_INDEX_URL", raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)


@pytest.fixture
def in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unset: None) -> None:
    """A user who has set an index in their own file, which goes before the machine's."""
    file = tmp_path / "pip" / "pip.conf"
    file.parent.mkdir()
    file.write_text(f"[global]\nindex-url = {FILE}\n")
    monkeypatch.delenv("PIP_CONFIG_FILE")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "github")


@pytest.fixture
def tfmot_checkout(tiny_source: Callable[..., Path]) -> Path:
    """TFMOT after its release 1.2.3, at a development version."""
    return tiny_source(Revision("1.2.3", "v1.2.3"), Revision("1.2.4-dev", "v1.2.4.dev"), name="tfmot")


@pytest.fixture
def models_checkout(tmp_path: Path, git: Callable[..., str]) -> Path:
    folder = write(tmp_path / "models", {originals.REQUIREMENTS: "six\n", "official/x.py": "x = 1\n"})
    git(folder, "init", "--quiet", "--initial-branch", "mine")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Mine")
    return folder


def contents(repository: Repository) -> dict[str, bytes]:
    """What lies on its default branch."""
    git = repository.git
    found = git.tree(git.ref(f"refs/heads/{repository.default_branch}"), recursive=True)
    return {one.path: git.blob(one.sha) for one in found if one.kind == "blob"}


def test_a_shallow_clone_is_copied_as_far_as_it_goes(
    world: World, tmp_path: Path, tfmot_checkout: Path, models_checkout: Path, git: Callable[..., str]
) -> None:
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "--quiet", "--depth", "1", tfmot_checkout.as_uri(), str(shallow))
    tfmot, _ = originals.lay(world, tmp_path, Originals(shallow, models_checkout))
    assert tfmot.git.ref("refs/heads/master") == git(tfmot_checkout, "rev-parse", "HEAD")


def test_a_hook_of_the_users_is_not_run(
    world: World, tmp_path: Path, tfmot_checkout: Path, models_checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = tmp_path / "home" / "hooks"
    hooks.mkdir(parents=True)
    (hooks / "reference-transaction").write_text(f"#!/bin/sh\ntouch {tmp_path}/run\n")
    (hooks / "reference-transaction").chmod(0o755)
    (tmp_path / "home" / ".gitconfig").write_text(f"[core]\n  hooksPath = {hooks}\n")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    originals.lay(world, tmp_path, Originals(tfmot_checkout, models_checkout))
    assert not (tmp_path / "run").exists()


def test_checkouts_are_copied_with_their_history_and_tags_and_stay_as_they_are(
    world: World, tmp_path: Path, tfmot_checkout: Path, models_checkout: Path, git: Callable[..., str]
) -> None:
    (models_checkout / "official" / "x.py").write_text("x = 'not committed'\n")
    before = [
        (git(one, "for-each-ref"), git(one, "status", "-s")) for one in (tfmot_checkout, models_checkout)
    ]
    tfmot, models = originals.lay(world, tmp_path, Originals(tfmot_checkout, models_checkout))
    assert (tfmot.full_name, models.full_name) == ("tensorflow/model-optimization", "tensorflow/models")
    tip = git(tfmot_checkout, "rev-parse", "HEAD")
    assert (tfmot.git.ref("refs/heads/master"), tfmot.git.commit(tip).parents) == (
        tip,
        (git(tfmot_checkout, "rev-parse", "v1.2.3"),),
    )
    assert {ref for ref in tfmot.git.refs() if "tags" in ref} == {"refs/tags/v1.2.3", "refs/tags/v1.2.4.dev"}
    assert contents(models) == {originals.REQUIREMENTS: b"six\n", "official/x.py": b"x = 1\n"}
    assert (tfmot.seen_refs, models.seen_refs) == (tfmot.git.refs(), models.git.refs())
    after = [
        (git(one, "for-each-ref"), git(one, "status", "-s")) for one in (tfmot_checkout, models_checkout)
    ]
    assert after == before


def test_without_checkouts_it_is_what_is_installed(
    world: World, tmp_path: Path, tiny: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = write(tmp_path / "site", {"official/x.py": "x = 1\n", "official/x.pyc": "", "orbit/y.py": ""})
    files = [metadata.PackagePath(name) for name in ("official/x.py", "official/x.pyc", "orbit/y.py")]
    for one in files:
        one.dist = SimpleNamespace(locate_file=installed.joinpath)
    requires = ["six", "absl-py>=1; extra == 'x'", "numpy>=1.26"]
    found = SimpleNamespace(files=files, requires=requires, version="2.20.0")
    real = metadata.distribution
    monkeypatch.setattr(
        metadata, "distribution", lambda name: found if name == originals.OFFICIAL else real(name)
    )
    monkeypatch.setattr(originals.tfmot_source, "_installed", lambda: tiny)
    tfmot, models = originals.lay(world, tmp_path, Originals())
    assert contents(models) == {"official/x.py": b"x = 1\n", originals.REQUIREMENTS: b"six\nnumpy>=1.26\n"}
    tip = models.git.ref("refs/heads/master")
    assert models.git.commit(tip).message == "Official Models 2.20.0"
    assert set(tiny.files) <= set(contents(tfmot))


def test_official_models_may_be_missing(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(originals, "OFFICIAL", "not-there-at-all")
    monkeypatch.setattr(originals.tfmot_source, "write", lambda _: None)
    with pytest.raises(UserError, match=r"error\[missing-extra\]: not-there-at-all is not installed"):
        originals.lay(world, tmp_path, Originals())


def test_a_checkout_is_required_to_be_what_it_is_taken_for(
    tmp_path: Path, tfmot_checkout: Path, models_checkout: Path
) -> None:
    Originals().require()
    Originals(tfmot_checkout, models_checkout).require()
    for wrong in (
        Originals(tfmot=models_checkout),
        Originals(models=tfmot_checkout),
        Originals(models=tmp_path / "nowhere"),
    ):
        with pytest.raises(UserError, match=r"error\[not-a-checkout\]"):
            wrong.require()


@pytest.mark.parametrize(
    ("revisions", "told"),
    [
        ([Revision("1.2.3", "v1.2.3"), Revision("1.2.4-dev")], ("1.2.4", "1.2.5")),
        ([Revision("1.2.3", "v1.2.3")], ("1.2.4", "1.2.5")),
        ([Revision("1.2.3")], ("1.2.3", "1.2.4")),
    ],
)
def test_the_release_is_the_next_that_there_is_not_yet(
    world: World, tmp_path: Path, tiny_source: Callable[..., Path], models_checkout: Path,
    revisions: list[Revision], told: tuple[str, str],
) -> None:  # fmt: skip
    checkout = tiny_source(*revisions, name="tfmot")
    tfmot, _ = originals.lay(world, tmp_path, Originals(checkout, models_checkout))
    assert originals.versions(tfmot) == {"version": told[0], "after": told[1]}


def test_the_index_holds_the_release_before(
    tmp_path: Path, tiny: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is installed, or of a checkout the newest that the user's index has."""
    asked: list[str] = []

    def wheel(package: Package, version: Version) -> Path:
        asked.append(f"{package.name} {version}")
        return write(tmp_path, {f"{version}.whl": ""}) / f"{version}.whl"

    monkeypatch.setattr(originals.published, "wheel", wheel)
    monkeypatch.setattr(originals.published, "versions", lambda _: (Version("0.7"), Version("0.8")))
    monkeypatch.setattr(originals.tfmot_source, "published", lambda: tiny)
    index = tmp_path / "index"
    index.mkdir()
    originals.publish(Originals(), index)
    originals.publish(Originals(tfmot=tmp_path), index)
    assert asked == [f"tensorflow-model-optimization {one}" for one in (tiny.version, "0.8")]
    assert sorted(path.name for path in index.iterdir()) == ["0.8.whl", f"{tiny.version}.whl"]


def test_workflows_are_those_that_init_writes() -> None:
    found = originals.workflows()
    assert set(found) == {history.WORKFLOW, originals.APPROVALS}
    assert all("uses:" in text for text in found.values())


@pytest.mark.usefixtures("in_a_file")
def test_the_index_is_the_one_of_a_file() -> None:
    assert originals.upstream() == FILE


@pytest.mark.usefixtures("in_a_file")
def test_as_with_pip_a_variable_goes_before_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", VARIABLE)
    assert originals.upstream() == VARIABLE


def test_without_either_it_is_pips_own() -> None:
    found = originals.upstream()
    assert found.startswith("https://")
    assert found.rstrip("/").endswith("/simple")


@pytest.mark.parametrize("variable", [VARIABLE, ""])
@pytest.mark.usefixtures("in_a_file")
def test_make_installs_from_the_same_index(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    if variable:
        monkeypatch.setenv("PIP_INDEX_URL", variable)
    assert of_make() == (variable or FILE)


def test_make_leaves_uv_its_own_where_none_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    assert of_make() == "unset"


def of_make() -> str:
    """What make hands to uv."""
    rule = "--eval=index: ; @echo $${UV_DEFAULT_INDEX-unset}"
    words = ["make", "--silent", "-f", MAKEFILE, f"PYTHON={sys.executable}", rule, "index"]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()

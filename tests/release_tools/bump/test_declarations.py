# ruff: noqa: E501 - names in columns
from __future__ import annotations

import os
from pathlib import Path

import pytest

from convergence.errors import UserError
from release_tools.bump import declarations
from release_tools.bump.reading import Package

T = "tensorflow-model-optimization"
PACKAGE = Package(T)
FOUND = [
    "requirements.txt", "sub/dev-requirements.in", "requirements/base.txt", "constraints.txt", "pyproject.toml",
    "a/b/c/setup.cfg", "list.txt", "environment.yml", ".github/requirements.txt",
]  # fmt: skip
LEFT_OUT = [
    ".git/requirements.txt", ".venv/requirements.txt", "env/lib/requirements.txt", "node_modules/a/requirements.txt",
    "build/lib/requirements.txt", "dist/requirements.txt", "a.egg-info/requires.txt", "third_party/x/requirements.txt",
    "vendor/requirements.txt", "src/_vendor/requirements.txt", "submodule/requirements.txt", ".tox/py/requirements.txt",
    "lib/site-packages/requirements.txt", "README.md", "module.py", "data.json",
]  # fmt: skip


def lay(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"{T}>=0.4\n")


def found(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in declarations.declaring(folder, PACKAGE)}


def test_finds_what_declares_and_leaves_out_what_others_wrote(tmp_path: Path) -> None:
    lay(tmp_path, *FOUND, *LEFT_OUT)
    (tmp_path / "env/pyvenv.cfg").touch()
    (tmp_path / "submodule/.git").touch()
    (tmp_path / "other-requirements.txt").write_text("six\n")
    assert found(tmp_path) == set(FOUND)


def test_the_folder_itself_may_be_anything(tmp_path: Path) -> None:
    lay(tmp_path, "build/requirements.txt")
    (tmp_path / "build/.git").mkdir()
    assert found(tmp_path / "build") == {"requirements.txt"}


def test_reads_what_includes_others(tmp_path: Path) -> None:
    lay(tmp_path, "deps/base.lst")
    (tmp_path / "requirements.txt").write_text("six\n-r deps/base.lst\n")
    search = declarations.search([tmp_path], PACKAGE)
    assert [file.path.name for file in search.found if file.reading.declarations] == ["base.lst"]


def test_a_link_and_its_target_are_one_file(tmp_path: Path) -> None:
    lay(tmp_path, "a/requirements.txt")
    (tmp_path / "b").mkdir()
    (tmp_path / "b/requirements.txt").symlink_to("../a/requirements.txt")
    search = declarations.search([tmp_path], PACKAGE)
    assert [file.target for file in search.found] == [tmp_path / "a/requirements.txt"]


def test_a_link_out_of_the_project_is_refused(tmp_path: Path) -> None:
    lay(tmp_path, "outside.txt")
    (tmp_path / "project").mkdir()
    (tmp_path / "project/requirements.txt").symlink_to("../outside.txt")
    search = declarations.search([tmp_path / "project"], PACKAGE)
    assert [refusal.reason.code.value for refusal in search.refusals] == ["unsupported"]
    named = declarations.search([tmp_path / "project/requirements.txt"], PACKAGE)
    assert [file.target for file in named.found] == [tmp_path / "outside.txt"]


def test_circles_end(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text(f"-r requirements.txt\n-c more.txt\n{T}>=0.4\n")
    (tmp_path / "more.txt").write_text("-r requirements.txt\n-c more.txt\n")
    (tmp_path / "loop").symlink_to(".")
    (tmp_path / "broken-requirements.txt").symlink_to("nowhere")
    assert len(declarations.search([tmp_path], PACKAGE).found) == 2


def test_what_only_constrains_is_marked_wherever_it_is_met_first(tmp_path: Path) -> None:
    (tmp_path / "a-requirements.txt").write_text(f"{T}==0.4\n")
    (tmp_path / "b-requirements.txt").write_text("-c a-requirements.txt\n")
    search = declarations.search([tmp_path], PACKAGE)
    assert [d.constraint for file in search.found for d in file.reading.declarations] == [True]


@pytest.mark.parametrize("kind", ["nowhere", "fifo"])
def test_what_is_no_file(tmp_path: Path, kind: str) -> None:
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(UserError, match=r"error\[no-such-path\]"):
        declarations.search([tmp_path / kind], PACKAGE)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_what_may_not_be_read(tmp_path: Path) -> None:
    lay(tmp_path, "requirements.txt")
    (tmp_path / "requirements.txt").chmod(0)
    with pytest.raises(UserError, match=r"error\[not-readable\]"):
        declarations.search([tmp_path / "requirements.txt"], PACKAGE)

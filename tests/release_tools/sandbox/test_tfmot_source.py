from __future__ import annotations

import os
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest

from convergence.errors import UserError
from release_tools import wheel
from release_tools.sandbox import tfmot_source
from release_tools.sandbox.tfmot_source import Published, Revision
from release_tools.wheel import buildgraph, source, tfmot
from release_tools.wheel.builder import Builder

CORE = f"{tfmot.PACKAGE}/python/core"


def test_the_same_input_makes_the_same_commits(
    tmp_path: Path, tiny_source: Callable[..., Path], git: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    two = (Revision("1.2.3", "v1.2.3"), Revision("1.2.4-dev", "v1.2.4.dev"))
    one = tiny_source(*two)
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Somebody Else")
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    config = tmp_path / "config"
    config.write_text("[core]\n\tautocrlf = true\n[user]\n\tname = Other\n[commit]\n\tgpgsign = true\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    mask = os.umask(0o077)
    try:
        other = tiny_source(*two, name="other")
    finally:
        os.umask(mask)
    log = ("log", "--format=%H %s %D %an %aI")
    assert git(one, *log) == git(other, *log)
    assert git(one, "status", "--porcelain") == ""
    assert [line.split(" ", 1)[1] for line in git(one, *log).splitlines()] == [
        "TFMOT 1.2.4-dev HEAD -> master, tag: v1.2.4.dev TFMOT sandbox 2026-01-02T00:00:00+00:00",
        "TFMOT 1.2.3 tag: v1.2.3 TFMOT sandbox 2026-01-01T00:00:00+00:00",
    ]


def test_returns_the_commit_ids(tmp_path: Path, git: Callable[..., str]) -> None:
    origin = Published("1.2.3", (), {tfmot.VERSION_FILE: b""})
    ids = tfmot_source.write(tmp_path / "r", origin=origin)
    assert list(ids) == git(tmp_path / "r", "log", "--reverse", "--format=%H").split()


@pytest.mark.parametrize(
    ("version", "suffix", "number"),
    [("0.8.2", "", "2"), ("0.8.2-dev", "dev", "2"), ("0.8.2.dev0", "dev", "2"), ("0.8.3rc1", "rc1", "3")],
)
def test_set_version(version: str, suffix: str, number: str) -> None:
    before = (
        "# x\n_MAJOR_VERSION = 1\n_MINOR_VERSION = '1'\n_PATCH_VERSION = ''\n_VERSION_SUFFIX = 'x'\ny = 1\n"
    )
    assert tfmot_source.set_version(before, version) == (
        f"# x\n_MAJOR_VERSION = '0'\n_MINOR_VERSION = '8'\n_PATCH_VERSION = '{number}'\n"
        f"_VERSION_SUFFIX = '{suffix}'\ny = 1\n"
    )


def test_patches_change_add_and_remove(tiny_source: Callable[..., Path], tmp_path: Path) -> None:
    folder = tiny_source(
        Revision(
            "1.2.3",
            patches={
                f"{CORE}/prune.py": lambda text: text.replace("0.5", "0.6"),
                f"{CORE}/new.py": lambda text: f"{text}NEW = 1\n",
                f"{CORE}/version_test.py": lambda _: None,
                "requirements.txt": lambda _: "planted\n",
                "LICENSE": lambda _: None,
            },
        )
    )
    assert (folder / CORE / "prune.py").read_text() == "SPARSITY = 0.6\n"
    assert (folder / CORE / "new.py").read_text() == "NEW = 1\n"
    assert (folder / "requirements.txt").read_text() == "planted\n"
    assert not (folder / "LICENSE").exists()
    assert f"{CORE}/new.py" in buildgraph.shipped(folder)
    assert "version_test" not in (folder / CORE / "BUILD").read_text()


def test_a_revision_begins_anew(tiny_source: Callable[..., Path]) -> None:
    folder = tiny_source(Revision("1.2.3", patches={f"{CORE}/new.py": lambda _: ""}), Revision("1.2.4"))
    assert not (folder / CORE / "new.py").exists()


def test_build_files_are_like_tfmots(tiny_source: Callable[..., Path]) -> None:
    folder = tiny_source()
    assert (folder / tfmot.PACKAGE / "python" / "BUILD").read_text() == (
        'package(default_visibility = ["//visibility:public"])\n'
        "\n"
        "py_library(\n"
        '    name = "python",\n'
        "    srcs = [\n"
        '        "__init__.py",\n'
        "    ],\n"
        "    deps = [\n"
        '        "//tensorflow_model_optimization/python/core",\n'
        "    ],\n"
        ")\n"
    )
    assert 'py_test(\n    name = "version_test",' in (folder / CORE / "BUILD").read_text()
    assert f"{CORE}/version_test.py" not in buildgraph.shipped(folder)


def test_one_build_file_speaks_for_the_api_folders(tmp_path: Path) -> None:
    files = {
        f"{CORE}/{name}": b""
        for name in ("api/__init__.py", "api/a/b/__init__.py", "c/d/__init__.py", "x.py")
    }
    folder = tmp_path / "r"
    tfmot_source.write(folder, [Revision("1.0.0")], Published("1.0.0", (), files | {tfmot.VERSION_FILE: b""}))
    assert '"a/b/__init__.py"' in (folder / CORE / "api" / "BUILD").read_text()
    assert not (folder / CORE / "api" / "a" / "BUILD").exists()
    assert f"//{CORE}/c/d" in (folder / CORE / "BUILD").read_text()


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    with pytest.raises(UserError, match=r"error\[not-empty\]"):
        tfmot_source.write(tmp_path, [Revision("1.0.0")], Published("1.0.0", (), {}))


def test_without_tfmot(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def missing(name: str) -> metadata.Distribution:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", missing)
    for wheel_path in (None, tmp_path / "missing.whl"):
        with pytest.raises(
            UserError, match=r"error\[no-tfmot\]: .*install the extra `convergence`, or name a wheel"
        ):
            tfmot_source.published(wheel_path)


def test_a_wheel_becomes_a_source_of_the_same_content(
    tiny_source: Callable[..., Path], tmp_path: Path, build_tools: Builder
) -> None:
    first = wheel.build(wheel.Request(str(tiny_source()), out=tmp_path / "out", check_imports=False))
    tfmot_source.write(tmp_path / "again", origin=tfmot_source.published(first.wheel))
    again = wheel.Request(str(tmp_path / "again"), "v1.2.3", out=tmp_path / "out2", check_imports=False)
    assert wheel.build(again).provenance.content_digest == first.provenance.content_digest


def test_requirements_are_the_wheels(tmp_path: Path) -> None:
    origin = Published("1.0.0", ("six~=1.14", 'enum34; python_version < "3.4"'), {tfmot.VERSION_FILE: b""})
    tfmot_source.write(tmp_path / "r", [Revision("1.0.0")], origin)
    assert (tmp_path / "r" / "requirements.txt").read_text() == 'six~=1.14\nenum34; python_version < "3.4"\n'
    assert source.find(str(tmp_path / "r")).time == tfmot_source.FIRST_COMMIT

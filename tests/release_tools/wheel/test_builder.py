from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from convergence.errors import UserError
from release_tools import shell
from release_tools.wheel import builder
from release_tools.wheel.builder import Builder

NAME = "import sys\nfrom setuptools import setup\n"
PLAIN = "name = 'nightly'\nif '--release' in sys.argv:\n  sys.argv.remove('--release')\n  name = 'release'\n"
SETUP = NAME + PLAIN + "setup(name=name, version='1', py_modules=['a'])\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "stage").mkdir()
    (tmp_path / "stage" / "a.py").touch()
    (tmp_path / "stage" / "setup.py").write_text(SETUP)
    return tmp_path / "stage"


def test_has_the_pinned_tools(build_tools: Builder) -> None:
    assert build_tools.versions == {"pip": build_tools.versions["pip"]} | {
        key: build_tools.versions[key] for key in ("python", "zlib")
    } | {"setuptools": "82.0.1", "wheel": "0.45.1"}
    assert build_tools.python.exists()


@pytest.mark.parametrize(("nightly", "name"), [(False, "release"), (True, "nightly")])
def test_builds_as_pip_pkg_does(build_tools: Builder, tree: Path, nightly: bool, name: str) -> None:
    made = builder.bdist_wheel(build_tools, tree, nightly=nightly, time=1_767_225_600)
    assert made.name == f"{name}-1-py2.py3-none-any.whl"
    with zipfile.ZipFile(made) as archive:
        assert {info.date_time for info in archive.infolist()} == {(2026, 1, 1, 0, 0, 0)}
        assert b"Generator: setuptools (82.0.1)" in archive.read(f"{name}-1.dist-info/WHEEL")


@pytest.mark.parametrize("time", [0, 1, -5])
def test_a_commit_before_zip_files_existed(build_tools: Builder, tree: Path, time: int) -> None:
    made = builder.bdist_wheel(build_tools, tree, nightly=False, time=time)
    with zipfile.ZipFile(made) as archive:
        assert archive.infolist()[0].date_time == (1980, 1, 2, 0, 0, 0)


def test_setup_py_sees_no_secrets_and_another_home(
    build_tools: Builder, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "sesame")
    monkeypatch.setenv("PYTHONPATH", "/sesame")
    dump = "import json, os; open('../seen.json', 'w').write(json.dumps(dict(os.environ)))\n"
    (tree / "setup.py").write_text(dump + SETUP)
    builder.bdist_wheel(build_tools, tree, nightly=False, time=0)
    seen: Mapping[str, str] = json.loads((tree.parent / "seen.json").read_text())
    assert not [value for value in seen.values() if "sesame" in value]
    assert seen["HOME"] == str(tree.parent / "home")


@pytest.mark.parametrize(
    ("setup", "said"),
    [
        (
            "raise RuntimeError('planted')",
            r"status 1 and 0 wheels; its last words:(.|\n)*RuntimeError: planted",
        ),
        ("", "status 0 and 0 wheels"),
        ("from setuptools import setup; setup(name='a', version='1')", "option --release not recognized"),
        (NAME + "sys.argv.remove('--release'); setup(name='a', version='?')", "Invalid version: '?'"),
    ],
)
def test_a_setup_py_that_fails_has_the_last_word(
    build_tools: Builder, tree: Path, setup: str, said: str
) -> None:
    (tree / "setup.py").write_text(setup)
    with pytest.raises(UserError, match=r"error\[setup-failed\]: setup.py ended with") as caught:
        builder.bdist_wheel(build_tools, tree, nightly=False, time=0)
    assert re.search(said.replace("?", r"\?"), str(caught.value))


def test_an_unreachable_index_is_a_user_error(
    build_tools: Builder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    into = builder.make_venv(tmp_path / "venv", "--without-pip")
    with pytest.raises(UserError, match=r"error\[install-failed\]: pip: .*no-such-thing") as caught:
        builder.pip_install(build_tools.python, into, "no-such-thing==1")
    assert "\n" not in str(caught.value)


def test_pip_sees_no_tokens(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen: list[Mapping[str, str]] = []

    def run(command: object, *, env: Mapping[str, str], **_: object) -> shell.Finished:
        seen.append(env)
        return shell.Finished((), 0, "", "")

    monkeypatch.setattr(shell, "run", run)
    for name in ("GITHUB_TOKEN", "PIP_CERT", "https_proxy"):
        monkeypatch.setenv(name, "x")
    builder.pip_install(tmp_path, tmp_path, "six")
    assert {"PIP_CERT", "https_proxy"} < seen[0].keys()
    assert "GITHUB_TOKEN" not in seen[0]


def test_without_the_venv_module(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(UserError, match=r"error\[no-venv\]: .*python3-venv"):
        builder.make_venv(tmp_path / "venv")


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "bin" / "python").unlink(),
        lambda folder: (folder / "versions.json").unlink(),
        lambda folder: (folder / "versions.json").write_text("{"),
        lambda folder: (folder / "versions.json").write_text("{}"),
        lambda folder: shutil.rmtree(next(folder.glob("lib/*/site-packages/setuptools"))),
        lambda folder: next(folder.glob("lib/*/site-packages/setuptools-*")).rename(folder / "gone"),
        lambda folder: metadata(folder).write_text("Name: setuptools\nVersion: 83\n"),
    ],
)
def test_damaged_tools_are_made_anew(
    build_tools: Builder,
    cache_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    damage: Callable[[Path], object],
) -> None:
    shared = build_tools.python.parents[1].resolve()
    (cache_folder / "builders").unlink()
    folder = cache_folder / "builders" / shared.name
    shutil.copytree(shared, folder, symlinks=True)
    monkeypatch.setattr(builder, "_make", lambda made: shutil.copytree(shared, made, symlinks=True))
    damage(folder)
    tools = builder.get()
    assert (tools.python, tools.versions) == (folder / "bin" / "python", build_tools.versions)
    assert builder._versions(tools.python) == tools.versions


def metadata(folder: Path) -> Path:
    return next(folder.glob("lib/*/site-packages/setuptools-*/METADATA"))

"""Reading an example: which files are its modules, and what stands in the way."""

from __future__ import annotations

import os
from pathlib import Path

import examples
import pytest

from convergence.errors import UserError
from release_tools.standards import example as reading


def problems(root: Path, **files: str | bytes) -> list[tuple[str, int, str]]:
    made = examples.read(root, {f"example/{name}.py": text for name, text in files.items()})
    return [(one.path, one.line, one.what) for one in made.problems]


@pytest.mark.parametrize(
    ("content", "line", "what"),
    [
        (b"x = '\xff'\n", 1, "is not UTF-8"),
        (b"y = 1\nx = '\xff'\n", 2, "is not UTF-8"),
        (b"x = (\n", 1, "is no Python: '(' was never closed"),
        (b"x = 1\x00\n", 0, "is no Python"),
        (b"x = " + b"(" * 3000 + b")" * 3000, 1, "is no Python"),
        (b"x = a" + b".b" * 600, 0, "is nested deeper than 200"),
        (b"x = " + b"+".join([b"1"] * 1500), 0, "is nested deeper than 200"),
        (b"#" * (2**20 + 1), 0, "is larger than 1 MB and was not read"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, content: bytes, line: int, what: str) -> None:
    [(path, at, said)] = problems(tmp_path, a=content)
    assert (path, at) == ("example/a.py", line)
    assert said.startswith(what)


def test_a_link_out_of_the_tree_is_named_and_never_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.py").write_text("import tensorflow_model_optimization\n")
    root = examples.write(tmp_path / "tree", {"example/__init__.py": "", "example/real.py": "x = 1\n"})
    (root / "example/out.py").symlink_to(outside / "secret.py")
    (root / "example/folder").symlink_to(outside)
    (root / "example/within.py").symlink_to(root / "example/real.py")
    (root / "example/loop.py").symlink_to("loop.py")
    made = reading.read(root / "example")
    assert [one.path for one in made.modules] == ["example/__init__.py", "example/real.py"]
    named = [(one.path, one.what) for one in made.problems]
    assert ("example/out.py", "is a link to outside of the tree") in named
    assert ("example/folder", "is a link to outside of the tree") in named


def test_a_pipe_is_named_and_not_waited_for(tmp_path: Path) -> None:
    root = examples.write(tmp_path, {"example/__init__.py": ""})
    os.mkfifo(root / "example/a.py")
    made = reading.read(root / "example")
    assert [(one.path, one.what) for one in made.problems] == [("example/a.py", "is no plain file")]


@pytest.mark.parametrize(
    ("files", "path", "names"),
    [
        ({"example/a/__init__.py": "", "example/a/b.py": ""}, "example/a", ["example.a", "example.a.b"]),
        ({"example/b.py": ""}, "example/b.py", ["example.b"]),
        ({"official/__init__.py": "", "official/projects/x/y/c.py": ""}, "official/projects/x/y", None),
        ({"loose/c.py": ""}, "loose", ["c"]),
    ],
)
def test_modules_are_called_as_they_are_imported(
    tmp_path: Path, files: dict[str, str], path: str, names: list[str] | None
) -> None:
    made = examples.read(tmp_path, files, path)
    assert [one.name for one in made.modules] == (names or ["official.projects.x.y.c"])


def test_more_than_can_be_read_in_good_time_is_refused(tmp_path: Path) -> None:
    files = {f"example/m{number}.py": b"#" * 2**20 for number in range(65)}
    with pytest.raises(UserError, match=r"error\[too-large\]: there are more than 64 MB"):
        examples.read(tmp_path, files)


def test_setup_files_and_caches_are_no_modules(tmp_path: Path) -> None:
    files = {
        "example/setup.py": "",
        "example/__pycache__/a.py": "",
        "example/.git/b.py": "",
        "example/c.yaml": "a: 1",
    }
    made = examples.read(tmp_path, files)
    assert [one.path for one in made.modules] == ["example/__init__.py"]
    assert dict(made.texts) == {"example/c.yaml": "a: 1"}


@pytest.mark.parametrize(("path", "code"), [("nowhere", "no-such-path"), ("empty", "no-python")])
def test_nothing_to_examine_is_bad_input(tmp_path: Path, path: str, code: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError) as caught:
        reading.read(tmp_path / path)
    assert caught.value.code == code


def test_a_pull_request_of_configs_only_is_read(tmp_path: Path) -> None:
    examples.write(tmp_path, {"p/a.yaml": "a: 1"})
    made = reading.read_files(tmp_path, ["p/a.yaml"], "x")
    assert (made.own, dict(made.texts)) == ((), {"p/a.yaml": "a: 1"})
    assert examples.said(made, "lazy", "portable") == []


def test_of_a_pull_request_only_the_changed_files_are_read(tmp_path: Path) -> None:
    examples.write(tmp_path, {"p/__init__.py": "", "p/a.py": "", "p/b.py": ""})
    made = reading.read_files(tmp_path, ["p/a.py", "p/gone.py", "../p/b.py", "README.md"], "x")
    assert [one.path for one in made.modules] == ["p/a.py"]
    assert made.changes_only

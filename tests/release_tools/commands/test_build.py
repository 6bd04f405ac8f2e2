from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from release_tools import shell
from release_tools.wheel.builder import Builder

Run = Callable[..., shell.Finished]


@pytest.fixture
def run() -> Run:
    """Runs the real program, without a terminal."""
    call = "from release_tools.cli import main; main()"
    return lambda *words: shell.run([sys.executable, "-c", call, "build", *map(str, words)], check=False)


def test_says_what_was_built(
    run: Run, tiny_source: Callable[..., Path], build_tools: Builder, tmp_path: Path
) -> None:
    words = (tiny_source(), "--ref", "v1.2.3", "--out", tmp_path / "out", "--no-import-check")
    first, second = run(*words), run(*words)
    lines = first.out.splitlines()
    assert (first.status, first.err) == (0, "")
    assert lines[0] == f"wheel    {tmp_path}/out/tensorflow_model_optimization-1.2.3-py2.py3-none-any.whl"
    assert lines[1] == "project  tensorflow-model-optimization 1.2.3"
    assert lines[2].endswith("(v1.2.3, 2026-01-01)")
    assert lines[3].endswith("5 files as named by BUILD files")
    assert lines[-1] == "from     built now"
    assert second.out.splitlines() == [*lines[:-1], "from     cache"]


def test_json_is_for_machines(
    run: Run, tiny_source: Callable[..., Path], build_tools: Builder, tmp_path: Path
) -> None:
    ran = run(tiny_source(), "--out", tmp_path / "out", "--no-import-check", "--json", "--nightly")
    said = json.loads(ran.out)
    stored = json.loads((tmp_path / "out" / "provenance.json").read_text())
    beside = {"path": str(tmp_path / "out" / stored["wheel"]), "cached": False, "warnings": []}
    assert said == {key: value for key, value in stored.items() if "schema" not in key} | beside


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("no/such/source",),
            "error[bad-source]: no git repository 'no/such/source'; give a folder or a URL",
        ),
        (("--", "-oProxyCommand=x"), "error[bad-source]: no git repository '-oProxyCommand=x'"),
        (("ext::sh -c x",), "error[bad-source]: no git repository"),
    ],
)
def test_an_error_is_one_line(run: Run, words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    ran = run("--out", tmp_path / "out", *words)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(said)
    assert len(ran.err.splitlines()) == 1


def test_help_has_an_example(run: Run) -> None:
    assert (
        "release-tools build https://github.com/tensorflow/model-optimization --ref v0.8.1"
        in run("--help").out
    )

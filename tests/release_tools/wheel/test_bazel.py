"""The official build beside the walk: the same files, or an error that names the difference."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from convergence.errors import UserError
from release_tools import wheel
from release_tools.wheel import bazel, buildgraph
from release_tools.wheel.builder import Builder
from release_tools.wheel.environment import Base

PRUNE = "tensorflow_model_optimization/python/core/prune.py"


@pytest.fixture
def installed_bazel() -> None:
    """Debian's bazel-bootstrap; without it only a developer's machine may skip."""
    if shutil.which("bazel") is None and not os.environ.get("CI"):
        pytest.skip("needs Bazel")


@pytest.mark.usefixtures("installed_bazel")
def test_bazel_brings_what_the_walk_names(tiny_source: Callable[..., Path]) -> None:
    tree = tiny_source()
    assert bazel.shipped(tree) == buildgraph.shipped(tree)


@pytest.mark.usefixtures("installed_bazel")
def test_a_target_that_points_nowhere_is_bazels_own_error(tiny_source: Callable[..., Path]) -> None:
    tree = tiny_source()
    (tree / PRUNE).unlink()
    with pytest.raises(UserError, match=r"error\[bazel-failed\]: ERROR: .*prune\.py"):
        bazel.shipped(tree)


@pytest.mark.usefixtures("installed_bazel")
def test_the_wheel_is_the_same_with_either_backend(
    tiny_source: Callable[..., Path], build_tools: Builder, nothing_below: Base, tmp_path: Path
) -> None:
    source = str(tiny_source())
    built = [
        wheel.build(wheel.Request(source, out=tmp_path / backend, backend=backend), base=nothing_below)
        for backend in ("setuptools", "bazel")
    ]
    assert built[0].wheel.read_bytes() == built[1].wheel.read_bytes()
    assert built[1].provenance.backend == "bazel"
    assert built[1].provenance.builder["bazel"] == bazel.version()
    assert not built[1].cached


def test_without_bazel_the_error_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match=r"error\[missing-program\]: bazel was not found; install bazel"):
        bazel.version()


@pytest.mark.parametrize(
    ("walked", "built", "said"),
    [
        ("ab", "a", "only the BUILD files name b"),
        ("a", "ac", "only Bazel brings c"),
        ("ab", "ac", "only the BUILD files name b; only Bazel brings c"),
        ("abcdefg", "", "only the BUILD files name a, b, c, d, e and 2 more"),
    ],
)
def test_a_difference_is_named(walked: str, built: str, said: str) -> None:
    with pytest.raises(UserError) as refused:
        bazel.require_same(list(walked), list(built))
    assert (refused.value.code, refused.value.where) == ("bazel-differs", said)


def test_equal_lists_pass_in_any_order() -> None:
    bazel.require_same(["a", "b"], ["b", "a"])

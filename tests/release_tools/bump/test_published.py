from __future__ import annotations

from collections.abc import Callable

import pytest
from packaging.version import Version

from convergence.errors import UserError
from release_tools.bump import published
from release_tools.bump.published import Release
from release_tools.bump.reading import Package

TFMOT = Package("tensorflow-model-optimization")


def test_describes_a_version(publish: Callable[..., None]) -> None:
    publish(TFMOT.name, "0.8.0", python=">=3.9")
    publish(TFMOT.name, "0.8.1", yanked=True)
    assert published.release(TFMOT, Version("0.8")) == Release(Version("0.8.0"), False, ">=3.9")
    assert published.release(TFMOT, Version("0.8.1")) == Release(Version("0.8.1"), True, ">=3")


def test_a_version_for_another_python_is_described_too(publish: Callable[..., None]) -> None:
    publish(TFMOT.name, "0.9.0", python=">=4")
    assert published.release(TFMOT, Version("0.9")) == Release(Version("0.9.0"), False, ">=4")


def test_says_which_versions_there_are(publish: Callable[..., None]) -> None:
    for version in ("0.8.0", "0.10.0", "0.9.0rc1"):
        publish(TFMOT.name, version)
    there = [Version(text) for text in ("0.8.0", "0.9.0rc1", "0.10.0")]
    assert published.release(TFMOT, Version("0.7")) == tuple(there)
    assert published.versions(TFMOT) == (there[0], there[2])


def test_knows_nothing_of_an_unknown_package(publish: Callable[..., None]) -> None:
    assert published.release(Package("nowhere"), Version("1")) == ()
    with pytest.raises(UserError, match=r"error\[not-published\]: the index has no releases of nowhere"):
        published.versions(Package("nowhere"))


def test_downloads_a_wheel_once(publish: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    publish(TFMOT.name, "0.8.0")
    first = published.wheel(TFMOT, Version("0.8.0"))
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    assert published.wheel(TFMOT, Version("0.8.0")) == first
    with pytest.raises(UserError, match=r"error\[not-published\]"):
        published.wheel(TFMOT, Version("0.8.1"))


def test_resolves(publish: Callable[..., None]) -> None:
    publish(TFMOT.name, "0.8.0", requires=["six<2"])
    publish("six", "1.0")
    publish("six", "2.0")
    assert published.resolve([f"{TFMOT.name}>=0.4", "six"], wheels_only=True) == ""
    trouble = published.resolve([f"{TFMOT.name}>=0.4", "six>=2"], wheels_only=True)
    assert "conflicting dependencies" in trouble


@pytest.mark.parametrize("words", ["--version", "-r /etc/passwd"])
def test_a_requirement_is_no_option(publish: Callable[..., None], words: str) -> None:
    assert "Invalid requirement" in published.resolve([words], wheels_only=True)


def test_says_when_the_index_is_out_of_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    monkeypatch.setenv("PIP_RETRIES", "1")
    for ask in (lambda: published.versions(TFMOT), lambda: published.release(TFMOT, Version("0.8"))):
        with pytest.raises(UserError, match=r"error\[index-unreachable\]"):
            ask()

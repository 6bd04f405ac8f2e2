from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.version import Version

from release_tools import bump
from release_tools.bump import Target, declarations, verification
from release_tools.bump.floors import Options
from release_tools.bump.reading import Package
from release_tools.bump.verification import Verified

T = "tensorflow-model-optimization"
TARGET = Target(Package(T), Version("0.8.0"))


@pytest.fixture
def verified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Verified]:
    def run(text: str, name: str = "requirements.txt") -> Verified:
        monkeypatch.chdir(tmp_path)
        Path(name).write_text(text)
        found = declarations.search([Path(name)], TARGET.package)
        return verification.verify(bump.decide(found, TARGET, Options()), found)

    return run


def codes(found: Verified) -> list[str]:
    return [refusal.reason.code.value for refusal in found.refusals]


def test_says_what_holds(publish: Callable[..., None], verified: Callable[..., Verified]) -> None:
    publish(T, "0.8.0")
    publish("six", "1.0")
    expected = (
        f"{T} 0.8.0 is on the index and not yanked",
        "it installs beside the 1 other requirements of requirements.txt",
    )
    assert verified(f"six\n{T}>=0.4\n") == Verified(evidence=expected)


def test_a_version_that_is_not_there(publish: Callable[..., None], verified: Callable[..., Verified]) -> None:
    publish(T, "0.7.5")
    found = verified(f"{T}>=0.4\n")
    assert codes(found) == ["no-such-version"]
    assert found.refusals[0].reason.works == "the latest are 0.7.5"


def test_a_yanked_version(publish: Callable[..., None], verified: Callable[..., Verified]) -> None:
    publish(T, "0.8.0", yanked=True)
    assert codes(verified(f"{T}>=0.4\n")) == ["yanked"]


@pytest.mark.parametrize(
    ("python", "target", "refused"),
    [
        (">=3.10", ">=3.9", ["requires-python"]),
        (">=3.9", ">=3.9", []),
        (">=3.9,<3.12", ">=3.9", []),
        ("<3.9", ">=3.9", ["requires-python"]),
        (">=3.9.2", ">=3.9.2", []),
    ],
)
def test_the_targets_python(
    publish: Callable[..., None],
    verified: Callable[..., Verified],
    python: str,
    target: str,
    refused: list[str],
) -> None:
    publish(T, "0.8.0", python=python)
    publish(T, "0.8.2")
    text = f'[project]\nrequires-python = "{target}"\ndependencies = ["{T}>=0.4"]\n'
    assert codes(verified(text, "pyproject.toml")) == refused


def test_what_does_not_fit_beside_the_rest(
    publish: Callable[..., None], verified: Callable[..., Verified]
) -> None:
    publish(T, "0.7.0")
    publish(T, "0.8.0", requires=["six<2"])
    publish("six", "2.0")
    found = verified(f"six>=2\n{T}>=0.4\n")
    assert codes(found) == ["does-not-resolve"]
    assert (found.refusals[0].path, found.refusals[0].line) == (Path("requirements.txt"), 2)


def test_what_does_not_install_today_is_not_the_minimums_fault(
    publish: Callable[..., None], verified: Callable[..., Verified]
) -> None:
    publish(T, "0.8.0")
    found = verified(f"nowhere>=2\n{T}>=0.4\n")
    assert codes(found) == []
    assert found.warnings == (
        "the requirements of requirements.txt do not install today either: not checked",
    )


def test_poetrys_constraints_are_asked_in_pips_words(
    publish: Callable[..., None], verified: Callable[..., Verified]
) -> None:
    publish(T, "0.8.0")
    text = f'[tool.poetry.dependencies]\npython = "^3.9"\n{T} = "^0"\n'
    assert codes(verified(text, "pyproject.toml")) == []

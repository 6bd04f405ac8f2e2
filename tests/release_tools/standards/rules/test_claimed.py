"""The numbers are stated, and are those of the claim file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import examples
import pytest

from convergence import claims
from release_tools.proposals import Statement
from release_tools.standards.example import Example, Stated

CLAIMS = """\
[[recipes]]
name = "tiny"
tier = "smoke"
experiment = "{experiment}"
module = "example"
data = "digits"

[[recipes.claims]]
name = "accuracy"
kind = "at least"
metric = "accuracy"
target = {target}
margin = 0.02
sigma = 0.01
sigma_dof = 5
source = "a guide"
measured = "once"
"""
FILE = "convergence/claims/mine.toml"


def text(target: float = 0.9, experiment: str = "mine") -> str:
    return CLAIMS.format(target=target, experiment=experiment)


def body(said: str) -> str:
    return f"Please.\n\n```toml claims mine\n{said}```\n"


def example(root: Path, stated: Stated) -> Example:
    made = examples.read(root, {"example/a.py": "@register_config_factory('mine')\ndef f(): ...\n"})
    return replace(made, stated=stated)


def file(said: str) -> tuple[Statement, ...]:
    return (Statement("mine", said, FILE),)


@pytest.mark.parametrize(
    "stated",
    [
        Stated(files=file(text()), body=body(text())),
        Stated(body=body(text())),
        Stated(files=file(text())),
        Stated(accepted={one.id: one for one in claims.parse(Path("mine.toml"), text())}),
    ],
)
def test_stated_once_or_twice_alike_is_fine(tmp_path: Path, stated: Stated) -> None:
    assert examples.said(example(tmp_path, stated), "claimed") == []


@pytest.mark.parametrize(
    "stated", [Stated(), Stated(body="Trust me."), Stated(files=file(text(experiment="other")))]
)
def test_no_claim_for_it_is_named(tmp_path: Path, stated: Stated) -> None:
    assert ("example", "no claim is stated for any of its experiments", True) in examples.said(
        example(tmp_path, stated), "claimed"
    )


def test_two_numbers_for_one_thing_are_named(tmp_path: Path) -> None:
    stated = Stated(files=file(text(0.9)), body=body(text(0.95)))
    what = "mine/tiny accuracy: the text says accuracy 0.95 ± 0.02, the claim file accuracy 0.9 ± 0.02"
    assert examples.said(example(tmp_path, stated), "claimed") == [("the pull request's text", what, True)]


def test_a_text_without_the_numbers_is_named(tmp_path: Path) -> None:
    stated = Stated(files=file(text()), body="Trust me.")
    what = "the pull request's text does not state the numbers that its claim file has"
    assert examples.said(example(tmp_path, stated), "claimed") == [(FILE, what, True)]


@pytest.mark.parametrize("said", ["[[recipes", "a = 1\n", "x" * 1000])
def test_claims_that_cannot_be_read_are_named(tmp_path: Path, said: str) -> None:
    [*_, (where, what, certain)] = examples.said(
        example(tmp_path, Stated(files=file(text()), body=body(said + "\n"))), "claimed"
    )
    assert (where, certain) == ("the pull request's text", True)
    assert what.startswith("states claims that cannot be read: ")

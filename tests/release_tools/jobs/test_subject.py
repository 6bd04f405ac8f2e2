"""The wheel under test is the one that the plan's commit was built into, or nothing runs."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import asked
import pytest
from asked import Asked

from convergence.errors import UserError
from release_tools.jobs import subject
from release_tools.plan import Commit


@pytest.fixture
def request_(tmp_path: Path) -> Asked:
    return Asked(tmp_path / "request", asked.plan())


def test_a_wheel_in_order(request_: Asked) -> None:
    found = request_.subject
    assert (found.plan, found.wheel.parent) == (request_.plan, request_.folder / "dist")
    made = found.campaign()
    assert (made.seeds_from, made.content_digest, made.looks) == (
        found.content_digest,
        found.content_digest,
        (1, 3),
    )


def wrong(request_: Asked) -> str:
    with pytest.raises(UserError) as refusal:
        subject.read(request_.plan, request_.folder / "dist")
    return str(refusal.value)


def test_a_wheel_of_another_commit(request_: Asked) -> None:
    other = replace(request_, plan=replace(request_.plan, tfmot=Commit("o/t", "d" * 40)))
    assert "its provenance states commit c0de" in wrong(other)


def test_another_wheel_than_was_built(request_: Asked) -> None:
    folder = request_.folder / "dist"
    stated = (folder / "provenance.json").read_text()
    asked.write_wheel(folder, b"x = 2\n")
    (folder / "provenance.json").write_text(stated)
    assert "its provenance states sha256" in wrong(request_)


def test_a_content_digest_that_is_only_stated(request_: Asked) -> None:
    folder = request_.folder / "dist"
    path = next(folder.glob("*.whl"))
    (folder / "provenance.json").write_text(asked.provenance(path, content_digest="0" * 64).to_json())
    assert "its provenance states content_digest 000" in wrong(request_)


@pytest.mark.parametrize("how", ["gone", "link"])
def test_no_wheel(request_: Asked, how: str) -> None:
    path = next((request_.folder / "dist").glob("*.whl"))
    shutil.move(path, request_.folder / path.name)
    if how == "link":
        path.symlink_to(request_.folder / path.name)
    assert wrong(request_).startswith("error[no-wheel]")


def test_only_what_code_of_the_pull_request_trains_hangs_on_its_commit() -> None:
    theirs = replace(asked.TINY, name="theirs", module="official.projects.theirs", start="uncompressed/tiny")
    made = asked.plan(asked.TINY, theirs)
    pushed = replace(made, models=Commit("tensorflow/models", "2" * 40))
    assert subject.harnesses(asked.plan()) == {}
    assert [*subject.harnesses(made)] == [theirs.id]
    assert len({*subject.harnesses(made).values(), *subject.harnesses(pushed).values(), made.harness}) == 3


def test_a_commit_with_the_same_code_trains_nothing_again() -> None:
    theirs = replace(asked.TINY, module="official.projects.theirs")
    one, same, other = (
        subject.harnesses(asked.plan(theirs, models=Commit("tensorflow/models", sha * 40, code)))
        for sha, code in (("1", "a"), ("2", "a"), ("2", "b"))
    )
    assert one == same != other


def test_a_start_that_others_code_trains_is_shared_with_nobody(request_: Asked) -> None:
    """Who writes an example could else put any file where the accepted claims' training looks for its own."""
    theirs = replace(asked.TINY, name="theirs", module="official.projects.theirs", start="uncompressed/tiny")
    made = replace(request_.subject, plan=asked.plan(asked.TINY, theirs)).campaign()
    ours, other = (made.chain(made.recipes[name], 0) for name in (asked.TINY.id, theirs.id))
    assert ours[0].recipe == other[0].recipe
    assert {one.harness for one in ours}.isdisjoint(one.harness for one in other)


def test_another_harness_is_refused() -> None:
    subject.require_harness(asked.plan())
    with pytest.raises(UserError, match="other-harness"):
        subject.require_harness(asked.plan(harness="0" * 32))

"""The history branch: records are added and never changed, and few of those there are believed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import asked
import pytest
from asked import HEALTHY, Asked
from town import Town

from convergence import records
from convergence.errors import UserError
from release_tools.github import GitHub
from release_tools.jobs import history, judging, scores
from release_tools.jobs.history import Record
from release_tools.sandbox import inprocess, runs

BRANCH = "convergence-history"
RIGHTS = {"contents": "write", "actions": "read", "metadata": "read"}
REPOSITORY = "tensorflow/models"


@pytest.fixture
def github(town: Town) -> Iterator[GitHub]:
    with inprocess.connected(town.gateway):
        token = town.world.workflow_token(town.base, **RIGHTS)
        yield GitHub(token, login="github-actions[bot]", wait=lambda _: None, seconds_between_writes=0)


@pytest.fixture
def run(town: Town) -> str:
    """Address of a run of our workflow on the default branch."""
    town.world.commit(town.base, "master", {history.WORKFLOW: "on: issue_comment\n"}, town.mona)
    return address(town)


def address(town: Town, **changes: str) -> str:
    made = runs.start(town.world, town.base, history.WORKFLOW, "issue_comment", town.mona)
    for name, value in changes.items():
        setattr(made, name, value)
    return f"https://github.com/{REPOSITORY}/actions/runs/{made.id}"


@pytest.fixture
def made(tmp_path: Path, run: str) -> Record:
    request = Asked(tmp_path / "request", asked.plan())
    request.score(request.result(0, HEALTHY, told=("sparsity",)))
    judged = judging.judge(request.subject, scores.read(request.scores), 1)
    return history.record(request.plan, judged.campaign, request.subject.sha256, run, "5" * 40)


def believed(github: GitHub, made: Record, technique: str = "") -> list[Record]:
    return history.records_for(github, REPOSITORY, BRANCH, made.content_digest, technique)


def test_a_record_begins_the_branch_and_is_found(github: GitHub, town: Town, made: Record) -> None:
    assert believed(github, made) == []
    github.perform(history.keep(made, BRANCH))
    assert believed(github, made) == [made]
    assert [(one.claim, one.headline, one.told) for one in made.found] == [
        ("pruning/tiny/accuracy", True, False),
        ("pruning/tiny/sparsity", False, True),
    ]
    tip = town.base.git.ref(f"refs/heads/{BRANCH}")
    assert town.base.git.merge_base(tip, town.base.git.ref("refs/heads/master")) == ""
    assert {entry.path for entry in town.base.git.tree(tip)} == {"README.md", "records"}


def test_the_same_record_is_kept_once(github: GitHub, town: Town, made: Record) -> None:
    github.perform(history.keep(made, BRANCH))
    tip = town.base.git.ref(f"refs/heads/{BRANCH}")
    github.perform(history.keep(made, BRANCH))
    assert town.base.git.ref(f"refs/heads/{BRANCH}") == tip


def test_another_record_is_beside_it(github: GitHub, town: Town, made: Record) -> None:
    other = replace(made, run=address(town))
    for one in (made, other):
        github.perform(history.keep(one, BRANCH))
    assert sorted(believed(github, made), key=lambda one: one.run) == sorted(
        (made, other), key=lambda one: one.run
    )


def test_a_record_is_never_overwritten(github: GitHub, town: Town, made: Record) -> None:
    github.perform(history.keep(made, BRANCH))
    town.world.commit(town.base, BRANCH, {made.path: "forged"}, town.mona)
    with pytest.raises(UserError, match=r"another-record.*is there and says something else"):
        github.perform(history.keep(made, BRANCH))
    assert believed(github, made) == []


def test_two_that_begin_at_once_both_keep_theirs(
    github: GitHub, town: Town, made: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    from release_tools.github import keeping

    other, begin = replace(made, request_id="f" * 16), keeping._begin

    def begun_meanwhile(repository: object, branch: str) -> None:
        """Somebody else has seen that there is no branch either, and is first."""
        monkeypatch.setattr(keeping, "_begin", begin)
        github.perform(history.keep(other, BRANCH))
        begin(repository, branch)  # type: ignore[arg-type]

    monkeypatch.setattr(keeping, "_begin", begun_meanwhile)
    github.perform(history.keep(made, BRANCH))
    assert len(believed(github, made)) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"path": ".github/workflows/other.yml"},
        {"head_branch": "topic"},
    ],
)
def test_a_run_of_something_else_is_not_believed(
    github: GitHub, town: Town, made: Record, changes: dict[str, str]
) -> None:
    town.world.commit(town.base, "master", {".github/workflows/other.yml": "on: push\n"}, town.mona)
    runs.workflows(town.world, town.base)
    forged = replace(made, run=address(town, **changes))
    github.perform(history.keep(forged, BRANCH))
    assert believed(github, made) == []


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://github.com/tensorflow/models/actions/runs/999999",
        "https://github.com/evil/models/actions/runs/{run}",
        "https://github.com/tensorflow/models/actions/runs/{run}x",
        "javascript:alert(1)",
    ],
)
def test_an_address_of_nothing_is_not_believed(github: GitHub, made: Record, address: str) -> None:
    forged = replace(made, run=address.format(run=made.run.rpartition("/")[2]))
    github.perform(history.keep(forged, BRANCH))
    assert believed(github, made) == []


def test_a_record_under_anothers_name_is_passed_over(github: GitHub, town: Town, made: Record) -> None:
    github.perform(history.keep(made, BRANCH))
    folder = made.path.rpartition("/")[0]
    forged = records.text(replace(made, found=()))
    other = records.text(replace(made, content_digest="0" * 64))
    planted = {
        f"{folder}/a.json": forged,
        f"{folder}/b.json": other,
        f"{folder}/c.json": "{",
        f"{folder}/d": "",
    }
    town.world.commit(town.base, BRANCH, planted, town.mona)
    assert believed(github, made) == [made]


def test_of_a_technique(github: GitHub, made: Record) -> None:
    github.perform(history.keep(made, BRANCH))
    assert believed(github, made, "pruning") == [made]
    assert believed(github, made, "quantization") == []


def test_a_record_counts_since_its_run_has_ended_by_githubs_clock(
    github: GitHub, town: Town, made: Record
) -> None:
    github.perform(history.keep(made, BRANCH))
    run_ = next(iter(town.base.runs.values()))
    started = run_.updated_at
    town.world.clock.advance(hours=9)
    runs.finish(town.world, run_, "success")
    (found,) = history.believed(github, REPOSITORY, BRANCH, [made.path])
    assert (found.record, found.at) == (made, run_.updated_at)
    assert found.at
    assert found.at > started


def test_only_what_is_named_is_believed(github: GitHub, made: Record) -> None:
    github.perform(history.keep(made, BRANCH))
    assert history.believed(github, REPOSITORY, BRANCH, ["records/x/y.json"]) == []
    assert history.believed(github, REPOSITORY, BRANCH, [made.path], "cooking") == []


def test_a_link_or_a_huge_file_among_the_records_is_passed_over(
    github: GitHub, made: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    github.perform(history.keep(made, BRANCH))
    read = GitHub.read_file

    def refuse(self: GitHub, repository: str, path: str, ref: str) -> bytes | None:
        if path.endswith("huge.json"):
            raise UserError("not-a-file", "is no file of at most 1 MB")
        if path.endswith("limit.json"):
            raise UserError("rate-limit", "try again later")
        return read(self, repository, path, ref)

    monkeypatch.setattr(GitHub, "read_file", refuse)
    (found,) = history.believed(github, REPOSITORY, BRANCH, [made.path, "records/x/huge.json"])
    assert found.record == made
    with pytest.raises(UserError, match="rate-limit"):
        history.believed(github, REPOSITORY, BRANCH, [made.path, "records/x/limit.json"])

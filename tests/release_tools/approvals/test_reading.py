"""What is asked for, and what is not: strangers cause no calls, and nothing is looked up before its turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import process
import pytest
from process import (
    CARL,
    DIGEST,
    HEAD,
    MARK,
    MONA,
    OLD,
    OLGA,
    OTHER,
    STAN,
    TEAMS,
    Process,
    approved,
    bumped,
    decided,
    found,
    record,
)

from convergence import records as files
from convergence.model import Outcome
from release_tools import plan
from release_tools.approvals.facts import (
    NOT_ITS_TURN,
    Facts,
    Installed,
    Landing,
    Likeness,
    Minimum,
    Published,
    Push,
    Unknown,
)
from release_tools.approvals.landing import Logged
from release_tools.approvals.patches import Changed
from release_tools.approvals.reading import MOST_COMMITS, Reading
from release_tools.approvals.steps import Progress, Step
from release_tools.jobs import history
from release_tools.jobs.history import Believed
from release_tools.model import PullRequest, ReviewState, Snapshot, WorkflowRun

BRANCH = "convergence-history"
ADDED = Changed("official/projects/p/train.py", "added", "b1", "@@\n+x")
THERE = {"official/projects/p/train.py": "b1"}


@dataclass
class FakeGitHub:
    """Answers from memory and remembers what it was asked."""

    login: str = "github-actions[bot]"
    believed: list[Believed] = field(default_factory=list)
    teams: Mapping[str, frozenset[int] | None] = field(default_factory=lambda: TEAMS)
    diffs: dict[str, tuple[Changed, ...] | None] = field(default_factory=dict)
    trees: dict[str, dict[str, str] | None] = field(default_factory=dict)
    pushed: tuple[Push, ...] | None = (Push(process.at(-100), HEAD),)
    logged: tuple[Logged, ...] = ()
    asked: list[str] = field(default_factory=list)

    def members(self, team: str) -> frozenset[int] | None:
        self.asked.append(f"members {team}")
        return self.teams[team]

    def changed(self, repository: str, base: str, head: str) -> tuple[Changed, ...] | None:
        self.asked.append(f"changed {head[:4]}")
        return self.diffs.get(head, (ADDED,))

    def tree(self, repository: str, ref: str) -> Mapping[str, str] | None:
        self.asked.append(f"tree {ref[:4]}")
        if ref == BRANCH:
            return self.trees.get(ref, {one.record.path: "blob" for one in self.believed})
        return self.trees.get(ref, THERE)

    def pushes(self, repository: str, branch: str) -> tuple[Push, ...] | None:
        self.asked.append(f"pushes {repository} {branch}")
        return self.pushed

    def log(self, repository: str, branch: str) -> tuple[Logged, ...]:
        self.asked.append("log")
        return self.logged

    def list_folder(self, repository: str, path: str, ref: str) -> tuple[str, ...]:
        raise AssertionError

    def read_file(self, repository: str, path: str, ref: str) -> bytes | None:
        self.asked.append("file")
        return next(files.text(one.record).encode() for one in self.believed if one.record.path == path)

    def workflow_run(self, repository: str, run_id: int) -> WorkflowRun | None:
        self.asked.append("run")
        ended = next(one.at for one in self.believed if one.record.run.endswith(f"/{run_id}"))
        return WorkflowRun(
            run_id, history.WORKFLOW, "issue_comment", "master", HEAD, repository, ended, ended
        )

    def default_branch(self, repository: str) -> str:
        return "master"

    def pulls(self, repository: str, state: str = "open") -> tuple[PullRequest, ...]:
        raise AssertionError

    def snapshot(self, repository: str, number: int) -> Snapshot:
        raise AssertionError

    def snapshot_of(self, pull: PullRequest) -> Snapshot:
        raise AssertionError


RELEASE, AGREES, WORKS = Published("0.8.2", DIGEST), Minimum(True, "x"), Installed(True, "x")


@dataclass
class FakeOutside:
    """Has a release, a minimum and an installation, and remembers what it was asked."""

    published: Published | Unknown | None = RELEASE
    declared: Minimum | Unknown = AGREES
    works: Installed = WORKS
    asked: list[str] = field(default_factory=list)

    def release(self, technique: str, content_digest: str) -> Published | Unknown | None:
        self.asked.append(f"release {content_digest[:4]}")
        return self.published

    def minimum(self, pull: PullRequest, version: str) -> Minimum | Unknown:
        self.asked.append(f"minimum {version}")
        return self.declared

    def installed(self, pull: PullRequest, version: str, paths: object) -> Installed | Unknown:
        self.asked.append(f"installed {version} {paths}")
        return self.works


def read(made: Process, hub: FakeGitHub | None = None, outside: FakeOutside | None = None) -> Facts:
    reading = Reading(hub or FakeGitHub(), outside or FakeOutside(), made.policy, made.recipes)
    return reading.facts(made.facts.snapshot, "pruning")


def on_hub(made: Process, *more: Believed) -> FakeGitHub:
    """With the records that a process has, under the ids of a request that its maintainer makes."""
    said = made.say(MONA, "/converge pruning")
    known = made.facts.records if isinstance(made.facts.records, tuple) else ()
    mine = [
        replace(one, record=replace(one.record, request_id=plan.request_id(said.id, one.record.head_sha)))
        for one in known
    ]
    return FakeGitHub(believed=[*mine, *more])


def test_at_the_beginning_next_to_nothing_is_asked() -> None:
    hub, outside = FakeGitHub(), FakeOutside()
    read(Process(), hub, outside)
    assert (hub.asked, outside.asked) == (
        [f"members {process.MOT_TEAM}", f"members {process.OFFICIAL_TEAM}"],
        [],
    )


def test_a_record_costs_three_calls() -> None:
    made = decided()
    hub = on_hub(made)
    facts = read(made, hub)
    assert hub.asked[2:] == ["tree conv", "file", "run"]
    assert isinstance(facts.records, tuple)
    assert [one.at for one in facts.records] == [process.at(60)]


def test_techniques_share_what_they_can() -> None:
    made = decided()
    hub = on_hub(made)
    reading = Reading(hub, FakeOutside(), made.policy, made.recipes)
    first = reading.facts(made.facts.snapshot, "pruning")
    before = len(hub.asked)
    assert reading.facts(made.facts.snapshot, "pruning") == first
    assert len(hub.asked) == before


@pytest.mark.parametrize("who", [STAN, CARL])
def test_strangers_cause_no_calls(who: process.Person) -> None:
    made = Process()
    before = FakeGitHub()
    read(made, before)
    for number in range(300):
        made.review(who, sha=f"{number:040x}")
        made.say(who, f"/approve @{number:040x}")
        made.say(who, f"/record-approval #issuecomment-{number}")
    hub = FakeGitHub()
    read(made, hub)
    assert hub.asked == before.asked


def test_of_those_who_may_only_so_many_commits_are_compared() -> None:
    made = Process()
    for number in range(300):
        made.say(OLGA, f"/approve @{number + 1:040x}")
    hub = FakeGitHub()
    read(made, hub)
    assert sum(one.startswith("changed") for one in hub.asked) == MOST_COMMITS + 1


def test_the_record_of_another_request_on_the_same_content_is_read_too() -> None:
    """Whoever asked, and whatever became of the comment: a NOT_REPRODUCED is not lost."""
    made = approved()
    failed = record(found(outcome=Outcome.NOT_REPRODUCED), minutes=30, pull_request=99)
    facts = read(made, on_hub(made, failed))
    made.know(records=facts.records)
    assert made.step(Step.APPROVED).progress is Progress.BLOCKED


def test_a_request_that_our_reply_names_is_found_without_its_comment() -> None:
    made = decided()
    hub = FakeGitHub(believed=[record(request_id="ab" * 8)])
    assert read(made, hub).records == ()
    made.say(process.Person("github-actions[bot]", 77, bot=True), f"| request | `{'ab' * 8}` |")
    assert len(read(made, hub).records) == 1  # type: ignore[arg-type]


@pytest.mark.parametrize("login", ["mona", "github-actions[bot]"])
def test_whose_token_it_is_does_not_matter_to_a_request(login: str) -> None:
    """Who asked, and then looks how it stands, sees what everybody sees."""
    made = decided()
    asked = made.say(process.MONA, "/converge pruning")
    hub = FakeGitHub(login=login, believed=[record(request_id=plan.request_id(asked.id, process.HEAD))])
    assert len(read(made, hub).records) == 1  # type: ignore[arg-type]


def test_a_request_may_name_a_commit_that_has_been_pushed_over() -> None:
    made = decided()
    asked = made.say(process.MONA, f"/converge pruning @{process.OLD}")
    hub = FakeGitHub(believed=[record(request_id=plan.request_id(asked.id, process.OLD))])
    assert len(read(made, hub).records) == 1  # type: ignore[arg-type]


def test_a_history_that_cannot_be_listed_is_unknown() -> None:
    made = decided()
    hub = on_hub(made)
    hub.trees[BRANCH] = None
    facts = read(made, hub)
    assert isinstance(facts.records, Unknown)


@pytest.mark.parametrize(
    ("diff", "likeness"),
    [
        ((ADDED,), Likeness.SAME),
        ((replace(ADDED, patch="@@\n+y"),), Likeness.OTHER),
        (None, None),
    ],
)
def test_what_was_approved_elsewhere_is_compared(
    diff: tuple[Changed, ...] | None, likeness: Likeness | None
) -> None:
    made = decided()
    made.review(MONA, sha=OLD)
    facts = read(made, FakeGitHub(diffs={OLD: diff}))
    assert facts.compared(OLD) is likeness


@pytest.mark.parametrize(
    ("tree", "same"),
    [(THERE, True), ({**THERE, "official/projects/p/more.py": "m"}, False), (None, None), ({}, None)],
)
def test_the_example_of_a_record_is_compared(tree: dict[str, str] | None, same: bool | None) -> None:
    made = decided()
    made.review(STAN, sha=OLD)
    hub = FakeGitHub(trees={OLD: tree}, believed=[record(head=OLD, request_id="ab" * 8)])
    made.say(process.Person("github-actions[bot]", 77, bot=True), f"`{'ab' * 8}`")
    assert read(made, hub).same_example(OLD) is same


def test_pushes_are_asked_for_when_mot_records_something() -> None:
    made = decided()
    hub = FakeGitHub()
    made.say(STAN, "/record-approval #issuecomment-1")
    read(made, hub)
    assert not any(one.startswith("pushes") for one in hub.asked)
    made.say(MARK, "/record-approval #issuecomment-1")
    assert read(made, hub).pushes == hub.pushed
    assert hub.asked[-1] == "pushes carl/models pruning"


@pytest.mark.parametrize("gone", [True, False])
def test_pushes_that_are_hidden_are_unknown(gone: bool) -> None:
    made = decided()
    made.say(MARK, "/record-approval #issuecomment-1")
    if gone:
        made.pull(head_repository="")
    facts = read(made, FakeGitHub(pushed=None))
    assert isinstance(facts.pushes, Unknown)
    assert "contents: read" in facts.pushes.why


# Outside of GitHub


def all_the_way(made: Process, hub: FakeGitHub, outside: FakeOutside) -> Facts:
    return read(made, hub, outside)


@pytest.mark.parametrize(
    ("published", "declared", "asked"),
    [
        (None, Minimum(True, "x"), ["release d16e"]),
        (Unknown("no answer"), Minimum(True, "x"), ["release d16e"]),
        (Published("0.8.2", "other"), Minimum(True, "x"), ["release d16e"]),
        (Published("0.8.2", DIGEST), Minimum(False, "x"), ["release d16e", "minimum 0.8.2"]),
        (Published("0.8.2", DIGEST), Unknown("moved"), ["release d16e", "minimum 0.8.2"]),
    ],
)
def test_each_is_asked_when_its_turn_comes(
    published: Published | Unknown | None, declared: Minimum | Unknown, asked: list[str]
) -> None:
    made = bumped()
    hub, outside = on_hub(made), FakeOutside(published, declared)
    facts = all_the_way(made, hub, outside)
    assert outside.asked == asked
    assert "log" not in hub.asked
    assert (facts.landing, facts.installed) == (NOT_ITS_TURN, NOT_ITS_TURN)


def test_before_the_approvals_nobody_is_asked() -> None:
    made = decided()
    outside = FakeOutside()
    read(made, on_hub(made), outside)
    assert outside.asked == []


@pytest.mark.parametrize(
    ("merged", "log", "tree", "landed"),
    [
        (True, (), {}, True),
        (False, (), {}, False),
        (False, (), THERE, True),
        (
            False,
            (
                Logged(
                    "5" * 40,
                    f"COPYBARA_INTEGRATE_REVIEW=https://github.com/tensorflow/models/pull/3 from c:p {HEAD}",
                ),
            ),
            {},
            True,
        ),
    ],
)
def test_how_it_landed_is_looked_up_last(
    merged: bool, log: tuple[Logged, ...], tree: dict[str, str], landed: bool
) -> None:
    made = bumped()
    hub, outside = on_hub(made), FakeOutside()
    hub.logged, hub.trees["master"] = log, tree
    made.pull(merged=merged, state="closed")
    facts = all_the_way(made, hub, outside)
    assert isinstance(facts.landing, Landing) is landed
    assert (outside.asked[-1] == "installed 0.8.2 ['official/projects/p/train.py']") is landed
    made.know(
        **{name: getattr(facts, name) for name in ("records", "published", "minimum", "landing", "installed")}
    )
    assert made.progress() == ("ddddddd" if landed else "ddddddw")


def test_what_is_read_is_decided_the_same() -> None:
    made = bumped()
    made.review(MONA, ReviewState.COMMENTED, sha=OTHER)
    hub = on_hub(made)
    reading = Reading(hub, FakeOutside(), made.policy, made.recipes)
    state = reading.state(made.facts.snapshot, "pruning")
    assert state.complete_to(Step.BUMPED)
    assert [one.technique for one in reading.states(made.facts.snapshot)] == ["pruning"]

"""A pull request is offered once, kept up with its base, and never at the cost of what people did."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from town import Town

from convergence.errors import UserError
from release_tools.github import GitHub
from release_tools.offers import Content, OpenPullRequest
from release_tools.sandbox import faults, pulls
from release_tools.sandbox.nouns import Issue

FAULTS = {
    "429": (faults.too_many(7), 7.0),
    "secondary limit": (faults.secondary_limit(9), 9.0),
    "502": (faults.bad_gateway(), 5.0),
    "502 after": (faults.bad_gateway(performed=True), 5.0),
    "dropped": (faults.dropped(), 5.0),
    "dropped after": (faults.dropped(performed=True), 5.0),
}
READS, WRITES = "GET", "POST|PATCH|PUT|DELETE"
RULE = json.dumps({"message": "Repository rule violations found"})
RIGHTS = {"contents": "write", "pull_requests": "write", "metadata": "read"}
BRANCH = "bump-it-0.8.0"
AFTER = b"six\r\nit>=0.8.0"


@pytest.fixture
def github(connect: Callable[..., GitHub], town: Town) -> GitHub:
    town.world.commit(town.base, "master", {"a b/é.txt": b"six\r\nit>=0.4.1", "other.txt": "x\n"}, town.mona)
    return connect(town.world.workflow_token(town.base, **RIGHTS))


@pytest.fixture
def offer(github: GitHub, town: Town, repository: str) -> OpenPullRequest:
    return OpenPullRequest(
        repository,
        BRANCH,
        "master",
        town.base.git.ref("refs/heads/master"),
        "Require it>=0.8.0",
        "Since the code needs it.",
        "Require it>=0.8.0\n\nSince the code needs it.\n",
        (Content("a b/é.txt", AFTER),),
        ("mot: bump",),
    )


def opened(town: Town) -> list[Issue]:
    return [issue for issue in town.base.issues.values() if issue.pull and issue.pull.head_ref == BRANCH]


def log(town: Town) -> list[str]:
    git = town.base.git
    tip = git.ref(f"refs/heads/{BRANCH}")
    start = git.merge_base(git.ref("refs/heads/master"), tip)
    return [git.commit(sha).message.partition("\n")[0] for sha in git.log(f"{start}..{tip}")]


def content(town: Town, path: str = "a b/é.txt") -> bytes:
    git = town.base.git
    return git.blob(git.tree(git.ref(f"refs/heads/{BRANCH}"), path)[0].sha)


def is_there_once(town: Town) -> bool:
    (issue,) = opened(town)
    labels = [label.name for label in issue.labels]
    return (log(town), content(town), labels) == (["Require it>=0.8.0"], AFTER, ["mot: bump"])


def test_one_commit_one_pull_request(github: GitHub, town: Town, offer: OpenPullRequest) -> None:
    github.perform(offer)
    assert is_there_once(town)
    (issue,) = opened(town)
    assert (issue.title, issue.user.login) == ("Require it>=0.8.0", "github-actions[bot]")
    assert (issue.body or "").startswith("Since the code needs it.\n\n<!-- release-tools:body:")
    message = town.base.git.commit(town.base.git.ref(f"refs/heads/{BRANCH}")).message
    assert message.startswith("Require it>=0.8.0\n\nSince the code needs it.\n\nRelease-Tools-Tree: ")


def test_a_second_run_writes_nothing(
    github: GitHub, town: Town, offer: OpenPullRequest, calls: Callable[[], list[str]]
) -> None:
    github.perform(offer)
    tip = town.base.git.ref(f"refs/heads/{BRANCH}")
    calls()
    github.perform(offer)
    assert [call.partition(" ")[0] for call in calls()] == ["GET"] * 4
    assert (town.base.git.ref(f"refs/heads/{BRANCH}"), is_there_once(town)) == (tip, True)


def test_another_base_is_followed(github: GitHub, town: Town, offer: OpenPullRequest) -> None:
    github.perform(offer)
    sha = town.world.commit(town.base, "master", {"other.txt": "y\n"}, town.mona)
    github.perform(replace(offer, base_sha=sha))
    assert is_there_once(town)
    assert content(town, "other.txt") == b"y\n"
    tip = town.base.git.ref(f"refs/heads/{BRANCH}")
    assert town.base.git.commit(tip).parents == (sha,)


def test_other_content_replaces_ours(github: GitHub, town: Town, offer: OpenPullRequest) -> None:
    github.perform(replace(offer, files=(Content("a b/é.txt", b"wrong"),)))
    github.perform(offer)
    assert is_there_once(town)


@pytest.mark.parametrize("who", ["mona", "ours"])
def test_somebody_elses_commit_stays(github: GitHub, town: Town, offer: OpenPullRequest, who: str) -> None:
    github.perform(offer)
    by = town.mona if who == "mona" else town.base.issues[opened(town)[0].number].user
    tip = town.world.commit(town.base, BRANCH, {"mine.txt": "z\n"}, by)
    sha = town.world.commit(town.base, "master", {"other.txt": "y\n"}, town.mona)
    with pytest.raises(
        UserError, match=rf"branch-not-ours.*not ours: {tip[:12]} by {re.escape(by.login)}.*left alone"
    ):
        github.perform(replace(offer, base_sha=sha))
    assert town.base.git.ref(f"refs/heads/{BRANCH}") == tip


def test_a_commit_of_ours_that_was_amended_is_somebody_elses(
    github: GitHub, town: Town, offer: OpenPullRequest
) -> None:
    github.perform(offer)
    git, us = town.base.git, opened(town)[0].user
    ours = git.commit(git.ref(f"refs/heads/{BRANCH}"))
    who = town.world.signature(us)
    tree = git.overlaid(ours.tree, {"mine.txt": ("100644", git.write_blob(b"mine"))})
    amended = git.write_commit(tree, ours.parents, ours.message, who, who)
    git.set_ref(f"refs/heads/{BRANCH}", amended)
    with pytest.raises(UserError, match="branch-not-ours"):
        github.perform(offer)
    assert git.ref(f"refs/heads/{BRANCH}") == amended


def test_what_was_closed_stays_closed(github: GitHub, town: Town, offer: OpenPullRequest) -> None:
    github.perform(offer)
    (issue,) = opened(town)
    pulls.set_state(town.world, town.base, issue, "closed", town.mona)
    tip = town.base.git.ref(f"refs/heads/{BRANCH}")
    sha = town.world.commit(town.base, "master", {"other.txt": "y\n"}, town.mona)
    for again in (offer, replace(offer, base_sha=sha)):
        with pytest.raises(UserError, match=r"error\[closed\]: .*/pull/1 was closed; .*stays closed"):
            github.perform(again)
    assert [one.state for one in opened(town)] == ["closed"]
    assert town.base.git.ref(f"refs/heads/{BRANCH}") == tip
    pulls.set_state(town.world, town.base, issue, "open", town.mona)
    github.perform(replace(offer, base_sha=sha))
    assert is_there_once(town)


def test_a_person_may_edit_the_text(github: GitHub, town: Town, offer: OpenPullRequest) -> None:
    github.perform(offer)
    (issue,) = opened(town)
    github.perform(replace(offer, body="Since TF 2.20 needs it."))
    assert (issue.body or "").startswith("Since TF 2.20 needs it.\n\n<!--")
    pulls.edit(town.world, issue, {"body": f"Please read. {issue.body}".replace("\n", "\r\n")})
    github.perform(offer)
    assert (issue.body or "").startswith("Please read. Since TF 2.20")


def test_a_pull_request_that_was_led_elsewhere(github: GitHub, town: Town, offer: OpenPullRequest) -> None:
    town.world.commit(town.base, "release", {"x": "x\n"}, town.mona, start="master")
    github.perform(replace(offer, base="release"))
    with pytest.raises(UserError, match=r"branch-not-ours.*offers bump-it-0.8.0 to release.*set its base to"):
        github.perform(offer)


def test_two_at_the_same_time(github: GitHub, town: Town, offer: OpenPullRequest) -> None:
    other = []

    def meanwhile(event: object) -> None:
        if not other and town.base.git.ref(f"refs/heads/{BRANCH}") and not opened(town):
            other.append(event)
            by = town.world.account("github-actions[bot]")
            assert by
            pulls.open_pull(town.world, town.base, by, offer.title, BRANCH, "master", "theirs")

    town.world.events.subscribe(meanwhile)
    github.perform(offer)
    assert other
    assert is_there_once(town)


@pytest.mark.parametrize(
    ("rights", "said"),
    [
        ({"pull_requests": "write"}, r"no-permission.*may not write to tensorflow/models.*contents: write"),
        ({"contents": "write"}, r"no-permission.*the token may not.*pull-requests: write"),
    ],
)
def test_what_a_token_lacks_is_named(
    connect: Callable[..., GitHub], town: Town, offer: OpenPullRequest, rights: dict[str, str], said: str
) -> None:
    token = town.world.workflow_token(town.base, metadata="read", **rights)
    with pytest.raises(UserError, match=said):
        connect(token).perform(offer)
    assert opened(town) == []


def test_a_person_without_rights(connect: Callable[..., GitHub], town: Town, offer: OpenPullRequest) -> None:
    with pytest.raises(UserError, match=r"no-permission.*Must have push access"):
        connect(town.world.token(town.carl), "carl").perform(offer)


def test_a_rule_against_branches_is_said(github: GitHub, town: Town, offer: OpenPullRequest) -> None:
    rule = faults.Fault("rule", answer=faults.Answer(403, RULE, {"Content-Type": "application/json"}))
    town.world.faults.add(rule, "POST", "/git/refs")
    with pytest.raises(UserError, match=r"no-permission.*rule violations.*where rules restrict"):
        github.perform(offer)


def test_modes_and_a_megabyte(github: GitHub, town: Town, offer: OpenPullRequest) -> None:
    large = b"\r\n".join(b"line %d" % index for index in range(100_000)) + b"\xff\x00"
    github.perform(replace(offer, files=(Content("big.txt", large, "100755"),)))
    tip = town.base.git.ref(f"refs/heads/{BRANCH}")
    assert (content(town, "big.txt"), town.base.git.tree(tip, "big.txt")[0].mode) == (large, "100755")
    writes = len([call for call in town.world.calls if call.method == "POST"])
    github.perform(replace(offer, files=(Content("big.txt", large, "100755"),)))
    assert len([call for call in town.world.calls if call.method == "POST"]) == writes


@pytest.mark.parametrize("skip", range(6))
@pytest.mark.parametrize("name", list(FAULTS))
def test_every_fault_on_every_write(
    github: GitHub, town: Town, offer: OpenPullRequest, waits: list[float], name: str, skip: int
) -> None:
    fault, seconds = FAULTS[name]
    town.world.faults.add(fault, WRITES, skip=skip)
    github.perform(offer)
    assert (waits, town.world.faults.pending()) == ([seconds], 0)
    assert is_there_once(town)
    github.perform(offer)
    assert is_there_once(town)


@pytest.mark.parametrize("skip", range(4))
@pytest.mark.parametrize("name", list(FAULTS))
def test_every_fault_while_looking(
    github: GitHub, town: Town, offer: OpenPullRequest, waits: list[float], name: str, skip: int
) -> None:
    fault, _ = FAULTS[name]
    town.world.faults.add(fault, READS, skip=skip)
    github.perform(offer)
    assert (len(waits), town.world.faults.pending(), is_there_once(town)) == (1, 0, True)


@pytest.mark.parametrize("skip", range(4))
@pytest.mark.parametrize("name", list(FAULTS))
def test_every_fault_while_a_moved_base_is_followed(
    github: GitHub, town: Town, offer: OpenPullRequest, name: str, skip: int
) -> None:
    github.perform(offer)
    sha = town.world.commit(town.base, "master", {"other.txt": "y\n"}, town.mona)
    town.world.faults.add(FAULTS[name][0], WRITES, skip=skip)
    github.perform(replace(offer, base_sha=sha, body="Another."))
    assert town.world.faults.pending() == 0
    assert is_there_once(town)
    assert (opened(town)[0].body or "").startswith("Another.")

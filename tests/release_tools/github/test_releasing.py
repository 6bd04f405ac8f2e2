"""Tags and releases come and go: looked at first, and what is public stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from town import Town

from convergence.errors import UserError
from release_tools.github import GitHub
from release_tools.publications import ClosePullRequest, DeleteDraft, DeleteTag, PublishRelease, PushTag
from release_tools.sandbox import faults

TAG = "v1.0.0"
Connect = Callable[..., GitHub]


@pytest.fixture
def github(connect: Connect, town: Town) -> GitHub:
    return connect(town.world.token(town.mona), login="mona")


@pytest.fixture
def tip(town: Town) -> str:
    return town.base.git.ref("refs/heads/master")


def publish(repository: str, body: str = "Notes.") -> PublishRelease:
    return PublishRelease(repository, TAG, "TFMOT 1.0.0", body)


def test_a_tag_is_pushed_once(
    github: GitHub, repository: str, tip: str, calls: Callable[[], list[str]]
) -> None:
    assert github.tag(repository, TAG) == ""
    github.perform(PushTag(repository, TAG, tip))
    assert github.tag(repository, TAG) == tip
    calls()
    github.perform(PushTag(repository, TAG, tip))
    assert calls() == [f"GET /git/ref/tags/{TAG}"]


def test_a_tag_elsewhere_is_never_moved(github: GitHub, repository: str, town: Town, tip: str) -> None:
    town.base.git.set_ref(f"refs/tags/{TAG}", tip)
    other = town.world.commit(town.base, "master", {"x": "y"}, town.mona)
    with pytest.raises(UserError, match=rf"error\[tag-elsewhere\].*{tip[:12]}, not at {other[:12]}"):
        github.perform(PushTag(repository, TAG, other))
    assert town.base.git.ref(f"refs/tags/{TAG}") == tip


def test_an_annotated_tag_names_its_commit(github: GitHub, repository: str, town: Town, tip: str) -> None:
    made = town.base.git.write_tag(TAG, tip, "signed", town.world.signature(town.mona))
    town.base.git.set_ref(f"refs/tags/{TAG}", made)
    assert github.tag(repository, TAG) == tip
    github.perform(PushTag(repository, TAG, tip))


@pytest.mark.parametrize("fault", [faults.bad_gateway(performed=True), faults.dropped(performed=True)])
def test_a_lost_answer_to_a_tag(
    github: GitHub, repository: str, town: Town, tip: str, fault: faults.Fault
) -> None:
    town.world.faults.add(fault, "POST", "/git/refs$")
    github.perform(PushTag(repository, TAG, tip))
    assert (github.tag(repository, TAG), town.world.faults.pending()) == (tip, 0)


def test_a_release_is_published_once_and_follows_its_text(
    github: GitHub, repository: str, town: Town
) -> None:
    assert github.release(repository, TAG) is None
    town.world.faults.add(faults.bad_gateway(performed=True), "POST", "/releases$")
    github.perform(publish(repository))
    github.perform(publish(repository, "Other."))
    (release,) = town.base.releases.values()
    assert (release.draft, (release.body or "").splitlines()[0]) == (False, "Other.")


def test_a_text_that_a_person_edited_stays(github: GitHub, repository: str, town: Town) -> None:
    github.perform(publish(repository))
    (release,) = town.base.releases.values()
    release.body = (release.body or "").replace("Notes.", "By hand.")
    github.perform(publish(repository, "Other."))
    assert (release.body or "").startswith("By hand.")


@pytest.mark.parametrize(("body", "begins"), [(None, "Notes."), ("By hand.", "By hand.")])
def test_a_draft_is_published(
    github: GitHub, repository: str, town: Town, body: str | None, begins: str
) -> None:
    town.call(
        town.mona, "POST", f"/repos/{repository}/releases", {"tag_name": TAG, "draft": True, "body": body}
    )
    github.perform(publish(repository))
    (release,) = town.base.releases.values()
    assert (release.draft, (release.body or "").startswith(begins)) == (False, True)


def test_a_draft_is_deleted_and_a_release_stays(github: GitHub, repository: str, town: Town) -> None:
    town.call(town.mona, "POST", f"/repos/{repository}/releases", {"tag_name": TAG, "draft": True})
    github.perform(DeleteDraft(repository, TAG))
    assert town.base.releases == {}
    github.perform(publish(repository))
    github.perform(DeleteDraft(repository, TAG))
    assert len(town.base.releases) == 1


def test_a_tag_is_deleted_only_where_we_put_it(github: GitHub, repository: str, town: Town, tip: str) -> None:
    github.perform(PushTag(repository, TAG, tip))
    github.perform(DeleteTag(repository, TAG, "0" * 40))
    assert github.tag(repository, TAG) == tip
    for _ in range(2):
        github.perform(DeleteTag(repository, TAG, tip))
        assert github.tag(repository, TAG) == ""


def test_a_pull_request_is_closed_and_others_commits_stay(
    github: GitHub, repository: str, town: Town
) -> None:
    shas = [
        town.world.commit(town.base, name, {"a": name}, town.mona, start="master") for name in ("one", "two")
    ]
    for number, name in ((1, "one"), (2, "two")):
        sent = {"title": name, "head": name, "base": "master"}
        assert town.call(town.mona, "POST", f"/repos/{repository}/pulls", sent).json["number"] == number
    github.perform(ClosePullRequest(repository, 1, "one", shas[0]))
    github.perform(ClosePullRequest(repository, 1, "one", shas[0]))
    github.perform(ClosePullRequest(repository, 2, "two", ""))
    assert [town.base.issues[number].state for number in (1, 2)] == ["closed", "closed"]
    assert (town.base.git.ref("refs/heads/one"), town.base.git.ref("refs/heads/two")) == ("", shas[1])


def test_without_a_right_it_says_which(connect: Connect, town: Town, repository: str, tip: str) -> None:
    with pytest.raises(UserError, match=r"error\[no-permission\].*contents: write"):
        connect(town.world.token(town.carl), login="carl").perform(PushTag(repository, TAG, tip))
    assert town.base.git.ref(f"refs/tags/{TAG}") == ""

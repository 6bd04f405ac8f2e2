"""Pull requests on real git: heads that move, merges that lose nothing, and every way to be refused."""

from __future__ import annotations

import pytest
from town import Town

PULLS = "/repos/tensorflow/models/pulls"


def files(town: Town, revision: str) -> dict[str, bytes]:
    git = town.base.git
    entries = git.tree(git.resolve(revision), recursive=True)
    return {entry.path: git.blob(entry.sha) for entry in entries if entry.kind == "blob"}


def test_issues_and_pull_requests_share_their_numbers(town: Town) -> None:
    opened = town.call(town.carl, "POST", "/repos/tensorflow/models/issues", {"title": "Broken"})
    assert (opened.json["number"], town.pull()) == (1, 2)
    issues = town.call(None, "GET", "/repos/tensorflow/models/issues").json
    assert [(one["number"], "pull_request" in one) for one in issues] == [(2, True), (1, False)]
    assert town.call(None, "GET", f"{PULLS}/1").status == 404


def test_the_head_moves_with_a_push_and_stays_in_the_base_repository(town: Town, heard) -> None:
    number = town.pull()
    sha = town.world.commit(town.fork, "topic", {"new.py": "x = 2\n"}, town.carl)
    pull = town.call(None, "GET", f"{PULLS}/{number}").json
    assert (pull["head"]["sha"], pull["commits"], pull["changed_files"]) == (sha, 2, 1)
    assert town.base.git.ref(f"refs/pull/{number}/head") == sha
    assert heard == [
        ("push", ""),
        ("pull_request", "opened"),
        ("push", ""),
        ("pull_request", "synchronize"),
    ]


def test_a_force_push_moves_the_head_too(town: Town) -> None:
    number = town.pull()
    other = town.world.commit(town.fork, "other", {"other.py": ""}, town.carl, "Other", "master")
    town.fork.git.set_ref("refs/heads/topic", other)
    pull = town.call(None, "GET", f"{PULLS}/{number}").json
    assert (pull["head"]["sha"], pull["commits"]) == (other, 1)


def test_a_deleted_branch_closes_its_pull_request_which_then_stays_closed(town: Town) -> None:
    number = town.pull()
    town.fork.git.set_ref("refs/heads/topic", "")
    assert town.call(None, "GET", f"{PULLS}/{number}").json["state"] == "closed"
    assert town.call(town.carl, "PATCH", f"{PULLS}/{number}", {"state": "open"}).status == 422


def test_closed_and_reopened_it_has_the_newest_head(town: Town, heard) -> None:
    number = town.pull()
    town.call(town.carl, "PATCH", f"{PULLS}/{number}", {"state": "closed"})
    sha = town.world.commit(town.fork, "topic", {"new.py": "x = 2\n"}, town.carl)
    before = town.call(None, "GET", f"{PULLS}/{number}").json["head"]["sha"]
    after = town.call(town.carl, "PATCH", f"{PULLS}/{number}", {"state": "open"}).json["head"]["sha"]
    assert (before != sha, after) == (True, sha)
    actions = [action for event, action in heard if event == "pull_request"]
    assert actions == ["opened", "closed", "reopened"]


def test_without_its_fork_it_is_still_there_and_can_be_merged(town: Town) -> None:
    number = town.pull()
    town.world.delete_repository(town.fork)
    assert town.call(None, "GET", f"{PULLS}/{number}").json["head"]["repo"] is None
    assert town.call(town.mona, "PUT", f"{PULLS}/{number}/merge", {}).status == 200
    assert files(town, "master")["new.py"] == b"x = 1\n"


@pytest.mark.parametrize(
    ("method", "parents", "commits"), [("merge", 2, 5), ("squash", 1, 3), ("rebase", 1, 4)]
)
def test_merged_each_way_all_files_are_there(town: Town, method: str, parents: int, commits: int) -> None:
    number = town.pull()
    town.world.commit(town.fork, "topic", {"a/b.txt": "one\ntwo\nthree\n"}, town.carl)
    town.world.commit(town.base, "master", {"README.md": None, "LICENSE": "Free.\n"}, town.mona)
    merged = town.call(town.mona, "PUT", f"{PULLS}/{number}/merge", {"merge_method": method}).json
    assert files(town, "master") == {
        "LICENSE": b"Free.\n",
        "a/b.txt": b"one\ntwo\nthree\n",
        "new.py": b"x = 1\n",
    }
    git = town.base.git
    assert len(git.commit(merged["sha"]).parents) == parents
    assert len(git.log(git.resolve("master"))) == commits
    pull = town.call(None, "GET", f"{PULLS}/{number}").json
    assert (pull["state"], pull["merged"], pull["merged_by"]["login"]) == ("closed", True, "mona")
    assert pull["merge_commit_sha"] == merged["sha"]
    assert town.call(None, "GET", f"{PULLS}/{number}/merge").status == 204


def test_commits_that_arrive_by_a_push_count_as_merged(town: Town) -> None:
    number = town.pull()
    sha = town.base.git.ref(f"refs/pull/{number}/head")
    sent = {"sha": sha}
    assert town.call(town.mona, "PATCH", "/repos/tensorflow/models/git/refs/heads/master", sent).status == 200
    pull = town.call(None, "GET", f"{PULLS}/{number}").json
    assert (pull["state"], pull["merged"]) == ("closed", True)


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_a_conflict_is_not_merged(town: Town, method: str) -> None:
    number = town.pull(path="README.md", text="# Theirs\n")
    before = town.world.commit(town.base, "master", {"README.md": "# Ours\n"}, town.mona)
    answer = town.call(town.mona, "PUT", f"{PULLS}/{number}/merge", {"merge_method": method})
    assert (answer.status, town.base.git.ref("refs/heads/master")) == (405, before)


@pytest.mark.parametrize(
    ("who", "sent", "status"),
    [
        ("carl", {}, 403),
        (None, {}, 401),
        ("mona", {"sha": "0" * 40}, 409),
        ("mona", {"merge_method": "octopus"}, 422),
    ],
)
def test_a_merge_is_refused(town: Town, who: str | None, sent: dict[str, str], status: int) -> None:
    number = town.pull()
    answer = town.call(who and getattr(town, who), "PUT", f"{PULLS}/{number}/merge", sent)
    assert (answer.status, answer.json["status"]) == (status, str(status))


def test_a_merged_pull_request_is_not_merged_twice(town: Town) -> None:
    number = town.pull()
    statuses = [town.call(town.mona, "PUT", f"{PULLS}/{number}/merge", {}).status for _ in range(2)]
    assert statuses == [200, 405]


@pytest.mark.parametrize(
    ("head", "base", "error"),
    [
        ("carl:nowhere", "master", {"resource": "PullRequest", "field": "head", "code": "invalid"}),
        ("nobody:topic", "master", {"resource": "PullRequest", "field": "head", "code": "invalid"}),
        ("carl:topic", "nowhere", {"resource": "PullRequest", "field": "base", "code": "invalid"}),
        ("", "master", {"resource": "PullRequest", "field": "head", "code": "missing_field"}),
        ("carl:topic", "master", {"resource": "PullRequest", "code": "custom",
                                  "message": "A pull request already exists for carl:topic."}),
        ("carl:master", "master", {"resource": "PullRequest", "code": "custom",
                                   "message": "No commits between master and carl:master"}),
    ],
)  # fmt: skip
def test_a_pull_request_that_cannot_be(town: Town, head: str, base: str, error: dict[str, str]) -> None:
    town.pull()
    answer = town.call(town.carl, "POST", PULLS, {"title": "Again", "head": head, "base": base})
    assert (answer.status, answer.json["message"], answer.json["errors"]) == (
        422,
        "Validation Failed",
        [error],
    )


def test_its_files_commits_and_diff(town: Town) -> None:
    moved = {"a/b.txt": None, "a/c.txt": "one\ntwo\n", "new.bin": b"\0\xff", "README.md": "# Models\nMore.\n"}
    town.world.commit(town.fork, "topic", moved, town.carl, "Move", "master")
    sent = {"title": "Move", "head": "carl:topic", "base": "master"}
    number = town.call(town.carl, "POST", PULLS, sent).json["number"]
    changed = town.call(None, "GET", f"{PULLS}/{number}/files").json
    keys = ("filename", "status", "additions", "deletions")
    assert [tuple(one[key] for key in keys) for one in changed] == [
        ("README.md", "modified", 1, 0),
        ("a/c.txt", "renamed", 0, 0),
        ("new.bin", "added", 0, 0),
    ]
    assert (changed[0]["patch"], changed[1]["previous_filename"]) == (
        "@@ -1 +1,2 @@\n # Models\n+More.",
        "a/b.txt",
    )
    commits = town.call(None, "GET", f"{PULLS}/{number}/commits").json
    assert [(one["commit"]["message"], one["author"]["login"]) for one in commits] == [("Move", "carl")]
    diff = town.call(None, "GET", f"{PULLS}/{number}", Accept="application/vnd.github.diff")
    assert diff.text.startswith("diff --git a/README.md b/README.md")


def test_pull_requests_are_listed_by_state_head_and_base(town: Town) -> None:
    one, two = town.pull(), town.pull("other", "other.py")
    town.call(town.carl, "PATCH", f"{PULLS}/{one}", {"state": "closed"})
    asked = ["", "?state=closed", "?state=all", "?state=all&head=carl:topic", "?base=elsewhere"]
    found = [[pull["number"] for pull in town.call(None, "GET", PULLS + query).json] for query in asked]
    assert found == [[two], [one], [two, one], [one], []]


def test_a_fork_is_brought_up_to_date(town: Town) -> None:
    sha = town.world.commit(town.base, "master", {"LICENSE": "Free.\n"}, town.mona)
    path, sent = "/repos/carl/models/merge-upstream", {"branch": "master"}
    kinds = [town.call(town.carl, "POST", path, sent).json["merge_type"] for _ in range(2)]
    assert (kinds, town.fork.git.ref("refs/heads/master")) == (["fast-forward", "none"], sha)
    town.world.commit(town.base, "master", {"LICENSE": "Freer.\n"}, town.mona)
    town.world.commit(town.fork, "master", {"mine": ""}, town.carl)
    assert town.call(town.carl, "POST", path, sent).json["merge_type"] == "merge"
    town.world.commit(town.base, "master", {"LICENSE": "A\n"}, town.mona)
    town.world.commit(town.fork, "master", {"LICENSE": "B\n"}, town.carl)
    assert town.call(town.carl, "POST", path, sent).status == 409


def test_forking_twice_gives_the_same_fork(town: Town) -> None:
    made = [town.call(town.mona, "POST", "/repos/tensorflow/models/forks") for _ in range(2)]
    assert [(one.status, one.json["full_name"]) for one in made] == [(202, "mona/models")] * 2
    assert made[0].json["parent"]["full_name"] == "tensorflow/models"

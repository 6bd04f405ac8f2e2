"""What people say: comments, reactions, reviews, labels."""

from __future__ import annotations

import pytest
from town import Town

ISSUE = "/repos/tensorflow/models/issues"
PULL = "/repos/tensorflow/models/pulls"


@pytest.fixture
def number(town: Town) -> int:
    return town.pull()


def test_a_comment_from_creation_to_its_end(town: Town, number: int, heard) -> None:
    made = town.call(town.carl, "POST", f"{ISSUE}/{number}/comments", {"body": "One."}).json
    assert made["created_at"] == made["updated_at"]
    path = f"{ISSUE}/comments/{made['id']}"
    edited = town.call(town.carl, "PATCH", path, {"body": "Two."}).json
    assert (edited["body"], edited["updated_at"] > edited["created_at"]) == ("Two.", True)
    assert town.call(None, "GET", path).json == edited
    assert [town.call(town.carl, "DELETE", path).status, town.call(None, "GET", path).status] == [204, 404]
    assert heard[-3:] == [("issue_comment", action) for action in ("created", "edited", "deleted")]


def test_comments_since_a_time_are_those_changed_since(town: Town, number: int) -> None:
    ids = [
        town.call(town.carl, "POST", f"{ISSUE}/{number}/comments", {"body": body}).json["id"]
        for body in ("one", "two", "three")
    ]
    edited = town.call(town.carl, "PATCH", f"{ISSUE}/comments/{ids[0]}", {"body": "uno"}).json
    since = town.call(None, "GET", f"{ISSUE}/comments/{ids[2]}").json["created_at"]
    found = town.call(None, "GET", f"{ISSUE}/{number}/comments?since={since}").json
    assert [one["id"] for one in found] == [ids[0], ids[2]]
    assert edited["updated_at"] > since


@pytest.mark.parametrize(("who", "status"), [("carl", 200), ("mona", 200), ("stranger", 403), (None, 401)])
def test_a_comment_is_changed_by_its_author_and_those_who_may_write(
    town: Town, number: int, who: str | None, status: int
) -> None:
    made = town.call(town.carl, "POST", f"{ISSUE}/{number}/comments", {"body": "One."}).json
    person = town.world.user("stranger") if who == "stranger" else who and getattr(town, who)
    assert town.call(person, "PATCH", f"{ISSUE}/comments/{made['id']}", {"body": "Two."}).status == status


@pytest.mark.parametrize(
    ("body", "message"),
    [(" ", "Body cannot be blank"), ("x" * 65_537, "body is too long (maximum is 65536 characters)")],
)
def test_a_comment_that_cannot_be(town: Town, number: int, body: str, message: str) -> None:
    answer = town.call(town.carl, "POST", f"{ISSUE}/{number}/comments", {"body": body})
    assert (answer.status, [one["message"] for one in answer.json["errors"]]) == (422, [message])
    assert town.call(None, "GET", f"{ISSUE}/{number}/comments").json == []


def test_a_comment_of_the_greatest_length(town: Town, number: int) -> None:
    answer = town.call(town.carl, "POST", f"{ISSUE}/{number}/comments", {"body": "é" * 65_536})
    assert answer.status == 201


def test_the_same_reaction_again_is_the_same_reaction(town: Town, number: int) -> None:
    made = town.call(town.carl, "POST", f"{ISSUE}/{number}/comments", {"body": "One."}).json
    path = f"{ISSUE}/comments/{made['id']}/reactions"
    answers = [town.call(who, "POST", path, {"content": "eyes"}) for who in (town.mona, town.mona, town.carl)]
    ids = [answer.json["id"] for answer in answers]
    assert ([answer.status for answer in answers], ids[0] == ids[1]) == ([201, 200, 201], True)
    assert town.call(town.carl, "POST", path, {"content": "rocket"}).status == 201
    listed = town.call(None, "GET", f"{path}?content=eyes").json
    assert [one["user"]["login"] for one in listed] == ["mona", "carl"]
    counts = town.call(None, "GET", f"{ISSUE}/comments/{made['id']}").json["reactions"]
    assert (counts["eyes"], counts["rocket"], counts["total_count"]) == (2, 1, 3)
    assert town.call(town.carl, "DELETE", f"{path}/{ids[0]}").status == 404
    assert town.call(town.mona, "DELETE", f"{path}/{ids[0]}").status == 204
    assert town.call(town.mona, "POST", path, {"content": "unicorn"}).status == 422


def test_a_reaction_to_the_pull_request_itself(town: Town, number: int) -> None:
    path = f"{ISSUE}/{number}/reactions"
    assert [town.call(town.mona, "POST", path, {"content": "+1"}).status for _ in range(2)] == [201, 200]
    assert [one["content"] for one in town.call(None, "GET", path).json] == ["+1"]


def test_a_review_keeps_its_commit_when_the_head_moves(town: Town, number: int, heard) -> None:
    path = f"{PULL}/{number}/reviews"
    first = town.call(None, "GET", f"{PULL}/{number}").json["head"]["sha"]
    one = town.call(town.mona, "POST", path, {"event": "APPROVE"}).json
    second = town.world.commit(town.fork, "topic", {"new.py": "x = 2\n"}, town.carl)
    two = town.call(town.mona, "POST", path, {"event": "REQUEST_CHANGES", "body": "No."}).json
    reviews = town.call(None, "GET", path).json
    assert [(each["state"], each["commit_id"]) for each in reviews] == [
        ("APPROVED", first),
        ("CHANGES_REQUESTED", second),
    ]
    dismissal = town.call(town.mona, "PUT", f"{path}/{two['id']}/dismissals", {"message": "Fixed."})
    assert (dismissal.json["state"], one["state"]) == ("DISMISSED", "APPROVED")
    events = [action for event, action in heard if event == "pull_request_review"]
    assert events == ["submitted", "submitted", "dismissed"]


def test_a_pending_review_is_its_authors_alone_until_submitted(town: Town, number: int) -> None:
    path = f"{PULL}/{number}/reviews"
    made = town.call(town.mona, "POST", path, {"body": "Hm."}).json
    assert ("submitted_at" in made, made["state"]) == (False, "PENDING")
    assert [len(town.call(who, "GET", path).json) for who in (town.mona, town.carl, None)] == [1, 0, 0]
    done = town.call(town.mona, "POST", f"{path}/{made['id']}/events", {"event": "COMMENT", "body": "Ah."})
    assert (done.json["state"], done.json["body"]) == ("COMMENTED", "Ah.")
    assert len(town.call(None, "GET", path).json) == 1


@pytest.mark.parametrize(
    ("who", "sent", "status"),
    [
        ("carl", {"event": "APPROVE"}, 422),
        ("carl", {"event": "COMMENT", "body": "Mine."}, 200),
        ("mona", {"event": "APPROVE", "commit_id": "f" * 40}, 422),
        ("mona", {"event": "BLESS"}, 422),
        (None, {"event": "APPROVE"}, 401),
    ],
)
def test_who_may_review_how(
    town: Town, number: int, who: str | None, sent: dict[str, str], status: int
) -> None:
    assert town.call(who and getattr(town, who), "POST", f"{PULL}/{number}/reviews", sent).status == status


@pytest.mark.parametrize(
    ("where", "reason"),
    [
        ({"path": "README.md", "line": 1}, "Path could not be resolved"),
        ({"path": "a/b.txt", "line": 20}, "Line could not be resolved"),
        ({"path": "a/b.txt", "line": 9, "start_line": 2}, "Line could not be resolved"),
        ({"path": "a/b.txt", "line": 2, "side": "LEFT"}, "Line could not be resolved"),
        ({"path": "a/b.txt", "line": 7, "start_line": 6}, ""),
    ],
)
def test_a_review_is_given_whole_or_not_at_all(town: Town, where: dict[str, object], reason: str) -> None:
    lines = [f"{index}\n" for index in range(1, 40)]
    start = town.world.commit(town.base, "master", {"a/b.txt": "".join(lines)}, town.mona)
    lines[8] = "nine\n"
    town.world.commit(town.base, "topic", {"a/b.txt": "".join(lines)}, town.mona, start=start)
    pull = {"title": "Nine", "head": "topic", "base": "master"}
    number = town.call(town.mona, "POST", PULL, pull).json["number"]
    first = {"path": "a/b.txt", "line": 9, "body": "Ah."}
    sent = {"event": "COMMENT", "body": "See.", "comments": [first, {**where, "body": "Hm."}]}
    answer = town.call(town.carl, "POST", f"{PULL}/{number}/reviews", sent)
    assert (answer.status, answer.json.get("errors")) == ((422, [reason]) if reason else (200, None))
    there = town.call(None, "GET", f"{PULL}/{number}/comments").json
    assert len(there) == (0 if reason else 2)
    assert len(town.call(None, "GET", f"{PULL}/{number}/reviews").json) == (0 if reason else 1)


def test_a_suggestion_on_a_line(town: Town, number: int) -> None:
    sha = town.call(None, "GET", f"{PULL}/{number}").json["head"]["sha"]
    sent = {
        "body": "```suggestion\nx = 3\n```",
        "commit_id": sha,
        "path": "new.py",
        "line": 1,
        "side": "RIGHT",
    }
    made = town.call(town.mona, "POST", f"{PULL}/{number}/comments", sent)
    assert (made.status, made.json["diff_hunk"]) == (201, "@@ -0,0 +1 @@\n+x = 1")
    assert [one["id"] for one in town.call(None, "GET", f"{PULL}/{number}/comments").json] == [
        made.json["id"]
    ]
    assert town.call(town.mona, "POST", f"{PULL}/{number}/comments", {**sent, "path": "no.py"}).status == 422


def test_labels_are_added_removed_and_replaced(town: Town, number: int, heard) -> None:
    path = f"{ISSUE}/{number}/labels"

    def names(method: str, rest: str = "", sent: object = None) -> list[str]:
        return [one["name"] for one in town.call(town.mona, method, path + rest, sent).json]

    assert names("POST", "", {"labels": ["a", "b"]}) == ["a", "b"]
    assert names("POST", "", {"labels": ["b", "c"]}) == ["a", "b", "c"]
    assert names("DELETE", "/b") == ["a", "c"]
    assert names("PUT", "", {"labels": ["c", "ready to pull"]}) == ["c", "ready to pull"]
    assert town.call(town.mona, "DELETE", f"{path}/b").status == 404
    assert town.call(town.carl, "POST", path, {"labels": ["mine"]}).status == 403
    assert names("DELETE", "/ready%20to%20pull") == ["c"]
    assert town.call(town.mona, "DELETE", path).status == 204
    changes = [action for event, action in heard if event == "pull_request" and action != "opened"]
    assert changes == ["labeled"] * 3 + ["unlabeled"] * 2 + ["labeled"] + ["unlabeled"] * 2


def test_a_repositorys_labels(town: Town) -> None:
    path, sent = "/repos/tensorflow/models/labels", {"name": "api-review", "color": "ff0000"}
    assert [town.call(town.mona, "POST", path, sent).status for _ in range(2)] == [201, 422]
    assert town.call(None, "GET", f"{path}/API-review").json["color"] == "ff0000"
    assert town.call(town.mona, "DELETE", f"{path}/api-review").status == 204
    assert town.call(None, "GET", path).json == []


def test_an_issues_text_and_labels_are_changed(town: Town, number: int) -> None:
    sent = {"title": "New", "body": "Text.", "labels": ["bug"], "state": "closed"}
    assert town.call(town.mona, "PATCH", f"{ISSUE}/{number}", sent).status == 200
    found = town.call(None, "GET", f"{ISSUE}/{number}").json
    assert (found["title"], found["body"], found["state"]) == ("New", "Text.", "closed")
    assert [one["name"] for one in found["labels"]] == ["bug"]
    listed = town.call(None, "GET", f"{ISSUE}?state=closed&labels=bug").json
    assert [one["number"] for one in listed] == [number]

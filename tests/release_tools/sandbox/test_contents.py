"""Files, refs and git's own objects, over the API."""

from __future__ import annotations

import base64

import pytest
from town import Town

MODELS = "/repos/tensorflow/models"


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def test_a_file_is_read_at_a_ref(town: Town) -> None:
    old = town.base.git.ref("refs/heads/master")
    town.world.commit(town.base, "master", {"a/b.txt": b"\0\xff"}, town.mona)
    found = [
        town.call(None, "GET", f"{MODELS}/contents/a/b.txt{query}").json for query in (f"?ref={old}", "")
    ]
    assert [base64.b64decode(one["content"]) for one in found] == [b"one\ntwo\n", b"\0\xff"]
    raw = town.call(
        None, "GET", f"{MODELS}/contents/a/b.txt?ref={old}", Accept="application/vnd.github.raw+json"
    )
    assert raw.text == "one\ntwo\n"


def test_a_folder_is_listed(town: Town) -> None:
    found = [town.call(None, "GET", f"{MODELS}/contents/{path}").json for path in ("", "a", "a/")]
    assert [[(one["type"], one["path"]) for one in each] for each in found] == [
        [("file", "README.md"), ("dir", "a")],
        [("file", "a/b.txt")],
        [("file", "a/b.txt")],
    ]


@pytest.mark.parametrize("path", ["nothing", "a/nothing", "README.md?ref=nowhere"])
def test_what_is_not_there_is_not_found(town: Town, path: str) -> None:
    assert town.call(None, "GET", f"{MODELS}/contents/{path}").status == 404


def test_a_file_is_written_changed_and_deleted(town: Town, heard) -> None:
    path, master = f"{MODELS}/contents/docs/new.txt", "refs/heads/master"
    first = town.call(town.mona, "PUT", path, {"message": "New", "content": encoded(b"1")})
    sha = first.json["content"]["sha"]
    change = {"message": "Change", "content": encoded(b"\xff")}
    assert [
        town.call(town.mona, "PUT", path, {**change, "sha": one}).status for one in ("", "f" * 40, sha)
    ] == [
        422,
        409,
        200,
    ]
    git = town.base.git
    (entry,) = git.tree(git.ref(master), "docs/new.txt")
    assert (first.status, git.blob(entry.sha)) == (201, b"\xff")
    gone = town.call(town.mona, "DELETE", path, {"message": "Gone", "sha": entry.sha})
    assert (gone.status, gone.json["commit"]["sha"]) == (200, git.ref(master))
    assert [git.commit(one).message for one in git.log(git.ref(master))] == [
        "Gone",
        "Change",
        "New",
        "First commit",
    ]
    assert heard == [("push", "")] * 3


@pytest.mark.parametrize(
    ("who", "sent", "status"),
    [
        ("carl", {}, 403),
        (None, {}, 401),
        ("mona", {"branch": "nowhere"}, 404),
        ("mona", {"content": "%"}, 422),
        ("mona", {"message": ""}, 422),
    ],
)
def test_a_file_that_cannot_be_written(
    town: Town, who: str | None, sent: dict[str, str], status: int
) -> None:
    whole = {"message": "New", "content": encoded(b"1"), **sent}
    assert town.call(who and getattr(town, who), "PUT", f"{MODELS}/contents/x", whole).status == status


def test_a_branch_is_made_moved_and_deleted(town: Town, heard) -> None:
    sha = town.base.git.ref("refs/heads/master")
    sent = {"ref": "refs/heads/bump/0.8", "sha": sha}
    assert [town.call(town.mona, "POST", f"{MODELS}/git/refs", sent).status for _ in range(2)] == [201, 422]
    new = town.world.commit(town.base, "bump/0.8", {"x": "1"}, town.mona)
    path = f"{MODELS}/git/refs/heads/bump/0.8"
    back = [
        town.call(town.mona, "PATCH", path, {"sha": sha, "force": force}).status for force in (False, True)
    ]
    assert (back, town.base.git.ref("refs/heads/bump/0.8") == sha != new) == ([422, 200], True)
    assert town.call(None, "GET", f"{MODELS}/branches/bump/0.8").json["commit"]["sha"] == sha
    assert [one["name"] for one in town.call(None, "GET", f"{MODELS}/branches").json] == [
        "bump/0.8",
        "master",
    ]
    assert [town.call(town.mona, "DELETE", path).status for _ in range(2)] == [204, 422]
    assert town.call(None, "GET", f"{MODELS}/git/ref/heads/bump/0.8").status == 404
    assert heard == [("push", "")] * 4


@pytest.mark.parametrize(
    ("ref", "sha"), [("heads/x", None), ("refs/pull/1/head", None), ("refs/heads/x", "f" * 40), ("", None)]
)
def test_a_ref_that_cannot_be(town: Town, ref: str, sha: str | None) -> None:
    sent = {"ref": ref, "sha": sha or town.base.git.ref("refs/heads/master")}
    assert town.call(town.mona, "POST", f"{MODELS}/git/refs", sent).status == 422


def test_an_annotated_tag(town: Town) -> None:
    sha = town.base.git.ref("refs/heads/master")
    sent = {"tag": "v1", "message": "First", "object": sha, "type": "commit"}
    tag = town.call(town.mona, "POST", f"{MODELS}/git/tags", sent).json
    town.call(town.mona, "POST", f"{MODELS}/git/refs", {"ref": "refs/tags/v1", "sha": tag["sha"]})
    ref = town.call(None, "GET", f"{MODELS}/git/ref/tags/v1").json
    assert (ref["object"]["type"], ref["object"]["sha"]) == ("tag", tag["sha"])
    (listed,) = town.call(None, "GET", f"{MODELS}/tags").json
    assert (listed["name"], listed["commit"]["sha"]) == ("v1", sha)
    assert town.call(None, "GET", f"{MODELS}/commits/v1").json["sha"] == sha


def test_a_commit_put_together_by_hand(town: Town) -> None:
    parent = town.base.git.ref("refs/heads/master")
    blob = town.call(
        town.mona, "POST", f"{MODELS}/git/blobs", {"content": encoded(b"\xff"), "encoding": "base64"}
    )
    assert (
        base64.b64decode(town.call(None, "GET", f"{MODELS}/git/blobs/{blob.json['sha']}").json["content"])
        == b"\xff"
    )
    entries = [
        {"path": "bin", "mode": "100755", "type": "blob", "sha": blob.json["sha"]},
        {"path": "a/text", "mode": "100644", "type": "blob", "content": "hello"},
        {"path": "README.md", "mode": "100644", "type": "blob", "sha": None},
    ]
    base = town.base.git.commit(parent).tree
    tree = town.call(town.mona, "POST", f"{MODELS}/git/trees", {"base_tree": base, "tree": entries}).json
    sent = {"message": "By hand", "tree": tree["sha"], "parents": [parent]}
    commit = town.call(town.mona, "POST", f"{MODELS}/git/commits", sent).json
    assert town.call(None, "GET", f"{MODELS}/git/commits/{commit['sha']}").json == commit
    found = town.call(None, "GET", f"{MODELS}/git/trees/{commit['sha']}?recursive=1").json["tree"]
    assert [(one["mode"], one["path"]) for one in found] == [
        ("040000", "a"),
        ("100644", "a/b.txt"),
        ("100644", "a/text"),
        ("100755", "bin"),
    ]


@pytest.mark.parametrize(
    ("base", "head", "status", "ahead", "behind"),
    [
        ("master", "topic", "diverged", 1, 1),
        ("master", "master", "identical", 0, 0),
        ("master~", "topic", "ahead", 1, 0),
        ("master", "master~", "behind", 0, 1),
    ],
)
def test_commits_are_compared(town: Town, base: str, head: str, status: str, ahead: int, behind: int) -> None:
    start = town.base.git.ref("refs/heads/master")
    town.world.commit(town.base, "topic", {"x": "1"}, town.mona, "Topic", start)
    town.world.commit(town.base, "master", {"y": "1"}, town.mona)
    names = [start if name == "master~" else name for name in (base, head)]
    answer = town.call(None, "GET", f"{MODELS}/compare/{names[0]}...{names[1]}").json
    assert (answer["status"], answer["ahead_by"], answer["behind_by"]) == (status, ahead, behind)
    assert [one["filename"] for one in answer["files"]] == ["x"] * ahead


def test_a_commit_and_its_history(town: Town) -> None:
    sha = town.world.commit(town.base, "master", {"a/b.txt": "one\n"}, town.carl, "Shorter")
    found = town.call(None, "GET", f"{MODELS}/commits/{sha[:8]}").json
    assert (found["sha"], found["author"]["login"], found["stats"]["total"]) == (sha, "carl", 1)
    log = town.call(None, "GET", f"{MODELS}/commits?sha=master").json
    assert [one["commit"]["message"] for one in log] == ["Shorter", "First commit"]
    only = town.call(None, "GET", f"{MODELS}/commits/master", Accept="application/vnd.github.sha")
    assert only.text == sha

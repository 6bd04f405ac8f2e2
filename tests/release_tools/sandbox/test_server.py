"""Git itself against the served sandbox."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from town import Town

from convergence.errors import UserError
from release_tools.sandbox.events import Delivery
from release_tools.sandbox.server import served

pytestmark = pytest.mark.enable_socket


def address(url: str, token: str, name: str) -> str:
    return f"{url.replace('//', f'//x:{token}@')}/{name}.git"


def test_a_push_over_http_moves_the_pull_request(
    town: Town, tmp_path: Path, git: Callable[..., str], heard: list[tuple[str, str]]
) -> None:
    number, clone = town.pull(), tmp_path / "clone"
    with served(town.world, town.gateway.judge) as url:
        remote = address(url, town.world.token(town.carl), "carl/models")
        git(tmp_path, "clone", "--quiet", "--branch", "topic", remote, clone)
        (clone / "new.py").write_text("x = 3\n" * 300_000)  # more than git sends in one piece
        git(clone, "commit", "--quiet", "--all", "--message", "Longer")
        git(clone, "push", "--quiet", "origin", "topic")
        git(clone, "fetch", "--quiet", f"{url}/tensorflow/models.git", f"refs/pull/{number}/head")
        assert git(clone, "rev-parse", "FETCH_HEAD") == git(clone, "rev-parse", "HEAD")
    assert heard[-2:] == [("push", ""), ("pull_request", "synchronize")]


@pytest.mark.parametrize(
    ("who", "name", "target", "refused"),
    [
        ("mona", "tensorflow/models", "master", ""),
        ("carl", "tensorflow/models", "master", "403"),
        ("", "tensorflow/models", "master", "Authentication failed"),
        ("mona", "tensorflow/nothing", "master", "not found"),
        ("mona", "tensorflow/models", "refs/pull/1/head", "hidden ref"),
    ],
)
def test_who_may_push_where(
    town: Town, tmp_path: Path, git: Callable[..., str], who: str, name: str, target: str, refused: str
) -> None:
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", town.base.git.folder, clone)
    git(clone, "commit", "--quiet", "--allow-empty", "--message", "Empty")
    token = town.world.token(getattr(town, who)) if who else "wrong"
    with served(town.world) as url:
        push = ("push", "--quiet", address(url, token, name), f"HEAD:{target}")
        if refused:
            with pytest.raises(UserError) as caught:
                git(clone, *push)
            assert refused in str(caught.value.where)
        else:
            git(clone, *push)
    assert (town.base.git.ref("refs/heads/master") == git(clone, "rev-parse", "HEAD")) == (not refused)


def test_calls_at_the_same_time_do_not_mix(town: Town) -> None:
    path = "/repos/tensorflow/models/issues"
    headers = {"Authorization": f"Bearer {town.world.token(town.carl)}"}
    heard: list[Delivery] = []
    number = town.pull()
    town.world.events.subscribe(heard.append)

    def comment(body: int) -> str:
        sent = json.dumps({"body": str(body)}).encode()
        with urlopen(Request(f"{url}{path}/{number}/comments", sent, headers)) as answer:
            return str(json.load(answer)["body"])

    with served(town.world) as url, ThreadPoolExecutor(8) as pool:
        assert list(pool.map(comment, range(40))) == [str(body) for body in range(40)]
    comments = town.base.issues[number].comments
    assert sorted(int(one.body) for one in comments) == list(range(40))
    assert len({one.id for one in comments}) == len({one.created_at for one in comments}) == 40
    assert len({delivery.payload["comment"]["id"] for delivery in heard}) == 40


def test_raw_files_and_what_is_not_there(town: Town) -> None:
    with served(town.world) as url:
        with urlopen(f"{url}/tensorflow/models/raw/master/a/b.txt") as answer:
            assert answer.read() == b"one\ntwo\n"
        with pytest.raises(HTTPError, match="404"):
            urlopen(f"{url}/tensorflow/models/raw/master/nothing")

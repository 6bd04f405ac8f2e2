"""A repository's files arrive as they were committed, through whatever goes wrong on the way."""

from __future__ import annotations

from pathlib import Path

import pytest
from town import Town

from convergence.errors import UserError
from release_tools import network
from release_tools.bump import checkout
from release_tools.sandbox import faults
from release_tools.sandbox.server import served

FILES = {
    ".gitattributes": "* text eol=crlf ident filter=lfs working-tree-encoding=UTF-16\n",
    "a b/é.txt": b"one\ntwo\r\n$Id$\n",
    "binary": bytes(range(256)),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "files"
    made.mkdir()
    return made


@pytest.fixture
def sha(town: Town) -> str:
    return town.world.commit(town.base, "master", FILES, town.mona)


def test_bytes_are_those_that_were_committed(town: Town, folder: Path, sha: str) -> None:
    assert checkout.fetch(str(town.base.git.folder), "refs/heads/master", folder) == sha
    assert (folder / "a b/é.txt").read_bytes() == FILES["a b/é.txt"]
    assert (folder / "binary").read_bytes() == FILES["binary"]


@pytest.mark.parametrize("address", ["http://example.invalid/x.git", "ext::sh -c x", "ssh://x/y", "-x"])
def test_no_token_goes_elsewhere(folder: Path, address: str) -> None:
    with pytest.raises(UserError, match="bad-address"):
        checkout.fetch(address, "refs/heads/master", folder)


def test_what_is_not_there(town: Town, folder: Path) -> None:
    with pytest.raises(UserError, match=r"no-access.*refs/heads/nothing"):
        checkout.fetch(str(town.base.git.folder), "refs/heads/nothing", folder)


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    "fault",
    [faults.too_many(), faults.bad_gateway(), faults.dropped(), faults.dropped(performed=True)],
    ids=lambda fault: fault.name,
)
def test_a_fault_is_tried_again(town: Town, folder: Path, sha: str, fault: faults.Fault) -> None:
    town.base.private = True
    waits: list[float] = []
    with served(town.world) as url:
        town.world.faults.add(fault, path="info/refs|upload-pack", times=2)
        address, token = f"{url}/tensorflow/models.git", town.world.token(town.mona)
        assert checkout.fetch(address, "refs/heads/master", folder, token=token, wait=waits.append) == sha
    assert (waits, town.world.faults.pending()) == ([2.0, 4.0], 0)
    assert token not in "".join(path.read_text() for path in (folder / ".git").glob("config*"))


@pytest.mark.parametrize(
    ("said", "final"),
    [
        (
            "fatal: access http://127.0.0.1:40335/o/r.git/: The requested URL returned error: 502",
            False,
        ),
        ("fatal: unable to access 'https://x/o/403.git/': The requested URL returned error: 503", False),
        ("fatal: unable to access 'https://x/o/r.git/': The requested URL returned error: 403", True),
        ("remote: Repository not found.", True),
        ("fatal: couldn't find remote ref refs/heads/nothing", True),
    ],
)
def test_only_what_git_says_of_the_answer_is_final(said: str, final: bool) -> None:
    assert (checkout.FINAL.search(said) is not None) == final


@pytest.mark.enable_socket
@pytest.mark.parametrize("who", ["carl", ""])
def test_a_repository_that_is_hidden(town: Town, folder: Path, who: str) -> None:
    town.base.private = True
    waits: list[float] = []
    token = town.world.token(town.carl) if who else "wrong"
    with served(town.world) as url, pytest.raises(UserError, match=r"no-access.*contents: read"):
        checkout.fetch(f"{url}/tensorflow/models.git", "refs/heads/master", folder, token=token)
    assert waits == []


@pytest.mark.parametrize("name", ["http_proxy", "ALL_PROXY"])
def test_what_is_on_this_machine_is_asked_without_a_proxy(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A token for it would go to the proxy in clear."""
    for other in (*network.PROXIES, "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setenv(name, "http://proxy.example:3128")
    env = checkout.environment("http://127.0.0.1:5/o/r.git", "t0ken")
    assert env[name] == "http://proxy.example:3128"
    assert {"127.0.0.1", "localhost", "::1"} <= set(env["no_proxy"].split(","))

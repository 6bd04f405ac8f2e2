"""This machine is asked without a proxy, and everything else through the user's."""

from __future__ import annotations

import pytest

from release_tools import network


@pytest.fixture(autouse=True)
def none_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in network.PROXIES:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://localhost:8/simple", True),
        ("http://127.0.0.1", True),
        ("http://[::1]:80/", True),
        ("https://LOCALHOST/", True),
        ("https://api.github.com", False),
        ("http://127.0.0.1.example", False),
        ("http://127.0.0.1@example.org/", False),
        ("127.0.0.1", False),
        ("", False),
    ],
)
def test_what_is_on_this_machine(address: str, expected: bool) -> None:
    assert network.on_loopback(address) is expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://api.github.com", True),
        ("http://127.0.0.1:8/x", True),
        ("http://api.github.com", False),
        ("ftp://localhost/x", False),
        ("/a/path", False),
    ],
)
def test_where_nobody_reads_what_goes_there(address: str, expected: bool) -> None:
    assert network.is_private(address) is expected


def test_without_proxies_only_this_machine_is_named() -> None:
    here = "localhost,127.0.0.1,::1"
    assert network.proxies() == {"NO_PROXY": here, "no_proxy": here}


@pytest.mark.parametrize(
    ("said", "spared"),
    [
        ({"NO_PROXY": "*"}, "*"),
        ({"no_proxy": " * "}, "*"),
        ({"no_proxy": "", "NO_PROXY": "one"}, "one,localhost,127.0.0.1,::1"),
        ({"no_proxy": "one", "NO_PROXY": "two"}, "one,localhost,127.0.0.1,::1"),
    ],
)
def test_what_is_reached_without_a_proxy_is_added_to(
    monkeypatch: pytest.MonkeyPatch, said: dict[str, str], spared: str
) -> None:
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    assert network.proxies() == {"NO_PROXY": spared, "no_proxy": spared}


def test_proxies_stand_and_what_is_reached_without_them_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "inside.example")
    assert network.proxies() == {
        "https_proxy": "http://proxy.example:3128",
        "no_proxy": "inside.example,localhost,127.0.0.1,::1",
        "NO_PROXY": "inside.example,localhost,127.0.0.1,::1",
    }

"""Where the addresses of GitHub's stand-in are on the page; after a rehearsal they answer nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from release_tools.rehearsal.portrait import Portrait

LOOPBACK = re.compile(r"localhost|127\.[\d.]+|::1")  # wherever a text says that something was


class Links:
    """The places on a page of what is in a portrait."""

    def __init__(self, portrait: Portrait) -> None:
        self._places = {address: place for address, place in _places(portrait) if address}
        self._gone = tuple(f"{one.url}/" for one in portrait.repositories if one.url)

    def place(self, address: str) -> str:
        """The id of what has this address; empty where it has no place."""
        return self._places.get(address.rstrip("/"), "")

    def pull(self, repository: str, number: int) -> str:
        """The id of a pull request; empty where it is not shown."""
        place = identity("pull", repository, number)
        return place if place in self._places.values() else ""

    def resolve(self, address: str) -> str | None:
        """Where a link leads: to a place on the page, to the web, or nowhere (None)."""
        if place := self.place(address):
            return f"#{place}"
        try:
            found = urlsplit(address)
            host = found.hostname or ""
        except ValueError:
            return None
        gone = address.startswith(self._gone) or LOOPBACK.fullmatch(host)
        return address if found.scheme in {"http", "https"} and host and not gone else None


def identity(*parts: object) -> str:
    """An id made of what is unique of its thing."""
    return re.sub(r"[^a-zA-Z0-9]+", "-", "-".join(map(str, parts))).strip("-").lower()


def _places(portrait: Portrait) -> Iterator[tuple[str, str]]:
    for repository in portrait.repositories:
        for pull in repository.pulls:
            yield pull.url, identity("pull", pull.repository, pull.number)
            for moment in pull.timeline:
                yield moment.url, moment.url.rpartition("#")[2]
            for check in pull.checks:
                yield check.url, identity("check", check.url.rpartition("/")[2])
        for release in repository.releases:
            yield release.url, identity("release", repository.name, release.tag)

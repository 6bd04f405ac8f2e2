"""A package index on loopback that people upload to and install from, and what can go wrong with one."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from release_tools.sandbox.server import listening


@dataclass
class Shelf:
    """An index, a WSGI application; its files are in `folder`, which is made.

    Attributes:
      fallback: index to which it redirects for packages that it does not have; none if empty.
      uploads: how many were accepted.
      lost: how many answers to uploads get lost; the upload itself arrives.
      late: how often it says that it has nothing, although it has.
      refused: how many uploads it refuses.
      instead: status, content type and content of whatever is asked for, as of a proxy that fails.
    """

    folder: Path
    url: str = ""
    fallback: str = ""
    uploads: int = 0
    lost: int = 0
    late: int = 0
    refused: int = 0
    instead: tuple[str, str, bytes] | None = None

    def __post_init__(self) -> None:
        import pypiserver

        self.folder.mkdir()
        self._app: Any = pypiserver.app(
            roots=[str(self.folder)],
            authenticate=[],
            password_file=".",  # noqa: S106 - so it says that nobody needs one
            disable_fallback=not self.fallback,
            fallback_url=self.fallback or None,
            hash_algo="sha256",
            backend_arg="simple-dir",
        )

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        """Answer a call.

        Raises:
          ConnectionAbortedError: the answer is to get lost.
        """
        posted = environ["REQUEST_METHOD"] == "POST"
        if posted and self.refused:
            self.refused -= 1
            start("403 Forbidden", [("Content-Type", "text/plain")])
            return [b"this token may not upload"]
        if not posted and self.late and self.files:
            self.late -= 1
            start("404 Not Found", [("Content-Type", "text/plain")])
            return [b"nothing yet"]
        if not posted and self.instead:
            status, kind, content = self.instead
            start(status, [("Content-Type", kind), ("Content-Length", str(len(content)))])
            return [content]
        before = set(self.files)
        answer = b"".join(self._app(environ, start))
        if posted:
            self.uploads += len(set(self.files) - before)
            if self.lost:
                self.lost -= 1
                raise ConnectionAbortedError
        return [answer]

    @property
    def simple(self) -> str:
        """Where pip looks."""
        return f"{self.url}/simple/"

    @property
    def files(self) -> list[str]:
        """The wheels that it has, by name."""
        return sorted(path.name for path in self.folder.glob("*.whl"))

    @property
    def sha256(self) -> str:
        """Of its only wheel."""
        (only,) = self.folder.glob("*.whl")
        return hashlib.sha256(only.read_bytes()).hexdigest()


@contextlib.contextmanager
def shelved(folder: Path, fallback: str = "") -> Iterator[Shelf]:
    """An index that is served on a free port."""
    shelf = Shelf(folder, fallback=fallback)
    with listening(shelf) as shelf.url:
        yield shelf

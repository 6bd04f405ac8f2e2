"""A gateway served on loopback: `with served(world) as url: …`."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import Any
from wsgiref.types import WSGIApplication

from werkzeug.serving import WSGIRequestHandler, make_server

from release_tools.sandbox.app import Judge
from release_tools.sandbox.gateway import Gateway
from release_tools.sandbox.people import Site
from release_tools.sandbox.world import World

LOOPBACK = "127.0.0.1"


@contextlib.contextmanager
def served(world: World, judge: Judge | None = None, port: int = 0) -> Iterator[str]:
    """Serve a world, on a free port by default; the URL is that of its API, its pages and its uploads.

    The world's own idea of its addresses is changed, so that what it says leads back to it.
    """
    with listening(Gateway(world, judge), port) as url:
        world.move(Site(url, url, url))
        yield url


@contextlib.contextmanager
def listening(app: WSGIApplication, port: int = 0) -> Iterator[str]:
    """Serve a WSGI application on loopback, on a free port by default; its URL."""
    server = make_server(LOOPBACK, port, app, threaded=True, request_handler=_Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://{LOOPBACK}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(WSGIRequestHandler):
    """Says nothing on the terminal, and lets a connection die when it is to die."""

    def connection_dropped(self, error: BaseException, environ: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        self.close_connection = True

    def log(self, *_: object) -> None:
        """The world keeps its own log of calls."""

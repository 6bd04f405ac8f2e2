"""The way in, whatever the transport: one call at a time, with its faults, its log entry and its events."""

from __future__ import annotations

import time
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask
from werkzeug.wrappers import Response

from release_tools.sandbox import access
from release_tools.sandbox.app import JUDGE, WORLD, Judge, create
from release_tools.sandbox.errors import Refusal
from release_tools.sandbox.faults import Fault
from release_tools.sandbox.world import Call, World


class DroppedError(ConnectionAbortedError):
    """The connection died without an answer."""


class Gateway:
    """A WSGI application; `judge` sees every exchange with the API before the caller does.

    Where a connection is to die it raises DroppedError.

    Events are delivered when the call that caused them is done and others may call again, and before its
    caller reads the answer, so that a test sees everything that follows from a call once it returns.
    """

    def __init__(self, world: World, judge: Judge | None = None) -> None:
        self.world = world
        self.judge = judge
        self.app: Flask = create()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a call.

        Raises:
          DroppedError: a fault says so.
        """
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        with self.world.lock:
            fault = self.world.faults.take(method, path)
        response = self._answer(environ, fault)
        status = 0 if response is None else response.status_code
        self.world.calls.append(Call(method, path, self._actor(environ), status, fault.name if fault else ""))
        self.world.events.deliver()
        if response is None:
            raise DroppedError(f"{method} {path}")
        return response(environ, start_response)

    def _answer(self, environ: WSGIEnvironment, fault: Fault | None) -> Response | None:
        response = None
        if fault and fault.seconds:
            time.sleep(fault.seconds)
        if not fault or fault.performed:
            response = self._performed(environ)
        if fault and fault.dropped:
            return None
        if fault and fault.answer:
            return Response(fault.answer.body, fault.answer.status, dict(fault.answer.headers))
        return response

    def _performed(self, environ: WSGIEnvironment) -> Response:
        with self.world.lock:
            try:
                return Response.from_app(
                    self.app, {**environ, WORLD: self.world, JUDGE: self.judge}, buffered=True
                )
            finally:
                self.world.events.cause = None

    def _actor(self, environ: WSGIEnvironment) -> str:
        try:
            account = access.identify(self.world, environ.get("HTTP_AUTHORIZATION", "")).account
        except Refusal:
            return ""
        return account.login if account else ""

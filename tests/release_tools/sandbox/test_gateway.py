"""What all routes share: pages, headers, errors, the log, time; and events as they are delivered."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from town import Town

from release_tools.sandbox import events
from release_tools.sandbox.events import Delivery
from release_tools.sandbox.world import Call

MODELS = "/repos/tensorflow/models"


@pytest.fixture
def labels(town: Town) -> list[str]:
    names = [f"label {number:02}" for number in range(35)]
    for name in names:
        town.call(town.mona, "POST", f"{MODELS}/labels", {"name": name})
    return names


@pytest.mark.parametrize(
    ("query", "start", "end", "links"),
    [
        ("", 0, 30, {"next": "page=2", "last": "page=2"}),
        ("?page=2", 30, 35, {"prev": "page=1", "first": "page=1"}),
        ("?per_page=10&page=2", 10, 20, {"prev": "per_page=10&page=1", "next": "per_page=10&page=3",
                                         "last": "per_page=10&page=4", "first": "per_page=10&page=1"}),
        ("?per_page=1000", 0, 35, {}),
        ("?page=9", 35, 35, {"prev": "page=8", "first": "page=1"}),
        ("?page=minus-one", 0, 30, {"next": "page=2", "last": "page=2"}),
    ],
)  # fmt: skip
def test_lists_come_in_pages(
    town: Town, labels: list[str], query: str, start: int, end: int, links: dict[str, str]
) -> None:
    answer = town.call(None, "GET", f"{MODELS}/labels{query}")
    found = re.findall(r'<([^>]*)>; rel="(\w+)"', answer.headers.get("Link", ""))
    assert [one["name"] for one in answer.json] == labels[start:end]
    assert {name: url for url, name in found} == {
        name: f"https://api.github.com{MODELS}/labels?{query}" for name, query in links.items()
    }


def test_an_answer_that_did_not_change_is_not_sent_again(town: Town) -> None:
    first = town.call(None, "GET", MODELS)
    etag = first.headers["ETag"]
    again = town.call(None, "GET", MODELS, If_None_Match=etag)
    town.world.commit(town.base, "master", {"x": ""}, town.mona)
    changed = town.call(None, "GET", MODELS, If_None_Match=etag)
    assert [(one.status, bool(one.text)) for one in (first, again, changed)] == [
        (200, True),
        (304, False),
        (200, True),
    ]


def test_every_answer_tells_what_remains(town: Town) -> None:
    answers = [town.call(None, "GET", path) for path in (MODELS, "/repos/no/where")]
    assert [one.headers["X-RateLimit-Remaining"] for one in answers] == ["4999", "4998"]
    assert [one.headers["X-RateLimit-Reset"] for one in answers] == [str(1767229203)] * 2


@pytest.mark.parametrize(
    ("method", "path", "sent", "status", "body"),
    [
        ("GET", "/nowhere", None, 404, {"message": "Not Found"}),
        ("PUT", MODELS, None, 404, {"message": "Not Found"}),
        ("GET", f"{MODELS}/pulls/7", None, 404, {"message": "Not Found"}),
        ("POST", f"{MODELS}/issues", ["x"], 400, {"message": "Problems parsing JSON"}),
        ("POST", f"{MODELS}/issues", {}, 422, {
            "message": "Validation Failed",
            "errors": [{"resource": "Issue", "field": "title", "code": "missing_field"}],
        }),
    ],
)  # fmt: skip
def test_an_error_has_githubs_shape(
    town: Town, method: str, path: str, sent: object, status: int, body: dict[str, object]
) -> None:
    answer = town.call(town.mona, method, path, sent)
    documentation = {"documentation_url": "https://docs.github.com/rest", "status": str(status)}
    assert (answer.status, answer.json) == (status, body | documentation)


def test_the_log_says_who_called_what(town: Town) -> None:
    robot = town.world.workflow_token(town.base)
    for who in (None, town.carl, robot, "ghp_wrong"):
        town.call(who, "GET", MODELS)
    assert town.world.calls == [
        Call("GET", MODELS, "", 200),
        Call("GET", MODELS, "carl", 200),
        Call("GET", MODELS, "github-actions[bot]", 200),
        Call("GET", MODELS, "", 401),
    ]


def test_time_passes_by_writing_only_and_can_be_moved_on(town: Town) -> None:
    before = town.world.clock.now
    town.call(None, "GET", MODELS)
    assert town.world.clock.now == before
    issue = town.call(town.carl, "POST", f"{MODELS}/issues", {"title": "One"}).json
    town.world.clock.advance(days=2)
    later = town.call(town.carl, "POST", f"{MODELS}/issues", {"title": "Two"}).json
    assert (issue["created_at"], later["created_at"]) == ("2026-01-01T00:00:04Z", "2026-01-03T00:00:05Z")


def test_subscribers_hear_before_the_caller_reads_and_may_call_back(town: Town) -> None:
    number = town.pull()

    def reply(delivery: Delivery) -> None:
        if delivery.event == "issue_comment" and delivery.sender is town.carl:
            town.call(town.mona, "POST", f"{MODELS}/issues/{number}/comments", {"body": "Hello, carl."})

    town.world.events.subscribe(reply)
    town.call(town.carl, "POST", f"{MODELS}/issues/{number}/comments", {"body": "Hello."})
    said = town.call(None, "GET", f"{MODELS}/issues/{number}/comments").json
    assert [(one["user"]["login"], one["body"]) for one in said] == [
        ("carl", "Hello."),
        ("mona", "Hello, carl."),
    ]


def test_what_a_workflows_token_does_says_so(town: Town) -> None:
    number, caused = town.pull(), []
    town.world.events.subscribe(lambda delivery: caused.append(delivery.by_workflow))
    robot = town.world.workflow_token(town.base, issues="write")
    for who in (robot, town.mona):
        town.call(who, "POST", f"{MODELS}/issues/{number}/comments", {"body": "Hello."})
    assert caused == [True, False]


@pytest.mark.enable_socket
def test_an_event_is_posted_with_its_signature(town: Town) -> None:
    received: list[tuple[dict[str, str], bytes]] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Hook) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/hook"
        town.world.events.subscribe(events.post_to(url, "secret"))
        town.call(town.carl, "POST", f"{MODELS}/issues", {"title": "No event"})
        town.world.commit(town.base, "master", {"x": ""}, town.mona)
    ((headers, body),) = received
    expected = "sha256=" + hmac.new(b"secret", body, hashlib.sha256).hexdigest()
    assert (headers["X-Github-Event"], headers["X-Hub-Signature-256"]) == ("push", expected)
    assert json.loads(body)["pusher"]["name"] == "mona"

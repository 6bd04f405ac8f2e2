"""Measures how soon a comment is answered, as ratios within one run of this script.

    python tests/bench/respond.py

GitHub's own time is left out: what is asked of it is answered at once.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from release_tools import slash

PAIRS = 15
LONGEST = 65_536
TIME = "2026-01-01T00:00:00Z"
EVENT = {
    "action": "created",
    "repository": {"full_name": "tensorflow/models", "default_branch": "master"},
    "issue": {"number": 7, "pull_request": {}},
    "comment": {
        "id": 1,
        "user": {"login": "mona", "id": 1, "type": "User"},
        "body": "/converge",
        "created_at": TIME,
        "updated_at": TIME,
        "html_url": "",
    },
}
FIRST_EFFECT = """
import sys
from pathlib import Path
from release_tools import cli, event, github, response
from release_tools.model import Permission, Person, PullRequest, Snapshot
heard = event.read(Path(sys.argv[1]), {})
github.GitHub("token")

class Reader:
    login = "github-actions[bot]"
    def snapshot(self, at, number):
        head = ("m", "b" * 40, "t", "a" * 40, at)
        pull = PullRequest(at, number, Person("mona", 1), "", "", "open", False, *head, (), "")
        return Snapshot(pull, (heard.comment,))
    def permission(self, *_): return Permission.WRITE
    def resolve(self, *_): return "a" * 40
    def read_file(self, at, path, ref): return b"" if path.startswith(".github") else None
    def default_branch(self, at): return "main"

assert next(response.respond(heard, Reader(), None)).content == "eyes"
"""


def seconds(*words: str | Path) -> float:
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", *map(str, words)], check=True, env=os.environ)
    return time.monotonic() - began


def main() -> None:
    table = Table("what", "measured", "aim", "seconds")
    with tempfile.TemporaryDirectory() as scratch:
        os.environ |= {"PYTHONPYCACHEPREFIX": scratch, "PYTHONDONTWRITEBYTECODE": ""}
        event = Path(scratch, "event.json")
        event.write_text(json.dumps(EVENT))
        seconds(FIRST_EFFECT, event)
        both = [(seconds(FIRST_EFFECT, event), seconds("import github")) for _ in range(PAIRS)]
    ours, bare = (median(column) for column in zip(*both, strict=True))
    ratio = median(a / b for a, b in both)
    table.add_row(
        "respond to its first effect ÷ import github", f"{ratio:.2f}", "≤ 1.5", f"{ours:.2f} / {bare:.2f}"
    )
    began = time.perf_counter()
    slash.parse("/converge " + "a " * (LONGEST // 2))
    table.add_row("the longest comment", f"{1000 * (time.perf_counter() - began):.1f} ms", "", "")
    Console().print(table)


if __name__ == "__main__":
    main()

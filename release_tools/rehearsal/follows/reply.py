"""The comment is answered with these words."""

from __future__ import annotations

from release_tools import markdown
from release_tools.model import marker
from release_tools.rehearsal import values
from release_tools.rehearsal.deeds import Done
from release_tools.rehearsal.stage import Stage
from release_tools.rehearsal.summary import Followed
from release_tools.sandbox.nouns import Issue

OURS = "<!-- release-tools:"


def read(value: object) -> str:
    """A text."""
    return values.text(value)


def look(stage: Stage, done: Done, wanted: str) -> Followed:
    """`wanted` in the answer to the last comment that is none of ours."""
    answer = _answer(stage.issue)
    found = next((line for line in answer.splitlines() if wanted in line), answer.split("\n")[0])
    seen = (markdown.words(found) or found) if answer else "no answer"
    return Followed(f"the answer says {wanted!r}", seen, bool(answer) and wanted in answer)


def _answer(issue: Issue) -> str:
    asked = [one.id for one in issue.comments if OURS not in one.body]
    if not asked:
        return ""
    mark = marker(f"reply-{asked[-1]}")
    return next((one.body for one in issue.comments if mark in one.body), "")

"""Reports on the history branch: how one is kept, and which of those there are believed.

Anybody with a right to write checks can make one that says so. A report counts where GitHub itself tells
that the run which it names was a workflow of ours, on the default branch.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import ClassVar

from convergence import records
from convergence.errors import UserError
from convergence.model import STRICT
from release_tools.jobs import history
from release_tools.model import KeepFile
from release_tools.standards.nouns import Report

FOLDER = "standards"


@dataclass(frozen=True)
class Kept:
    """A report with the address of the workflow run that made it."""

    __pydantic_config__: ClassVar = STRICT

    report: Report
    run: str

    @property
    def path(self) -> str:
        """Where it is kept: another one has another name."""
        name = hashlib.sha256(records.text(self).encode()).hexdigest()[:12]
        return f"{FOLDER}/{self.report.sha}/{name}.json"


def keep(made: Kept, repository: str, branch: str) -> KeepFile:
    """The effect that keeps a report."""
    return KeepFile(repository, branch, made.path, records.text(made))


def of(
    reader: history.Reader, pull_request: str, branch: str, sha: str, workflows: Collection[str]
) -> list[Report]:
    """The reports on a pull request's commit that are believed, sorted by name.

    Args:
      pull_request: `owner/name#number`.
      workflows: paths of the files of ours that examine.
    """
    repository = pull_request.partition("#")[0]
    default = reader.default_branch(repository)
    return [
        one.report
        for one in _there(reader, repository, branch, sha)
        if (one.report.example, one.report.sha) == (pull_request, sha)
        and _workflow(reader, one.run, repository, default) in workflows
    ]


def _workflow(reader: history.Reader, address: str, repository: str, default: str) -> str:
    """The file of the default branch's workflow that ran there; empty where none did."""
    run = history.ran(reader, address, repository, default)
    return run.workflow if run else ""


def _there(reader: history.Reader, repository: str, branch: str, sha: str) -> Iterator[Kept]:
    """Those that are what their name says; whatever else lies there is passed over."""
    for path in sorted(reader.list_folder(repository, f"{FOLDER}/{sha}", branch)):
        content = reader.read_file(repository, path, branch)
        try:
            found = records.parse(content or b"", Kept, PurePath(path))
        except UserError:
            continue
        if found.path == path:
            yield found

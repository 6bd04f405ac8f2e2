"""`init` as a pull request, on the sandbox: what is missing, once, and never over what people did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from town import Town

from convergence.errors import UserError
from release_tools import config, installation, submission
from release_tools.github import GitHub
from release_tools.installation import Installation
from release_tools.sandbox import inprocess, pulls
from release_tools.sandbox.nouns import Issue
from release_tools.sandbox.world import ACTIONS
from release_tools.submission import Submission

MADE = Installation("tensorflow/models", "master", "o/tools", "a" * 40, "v1.0.0")
RIGHTS = {"contents": "write", "pull_requests": "write", "metadata": "read"}
REF = f"refs/heads/{submission.BRANCH}"


@dataclass
class Stage:
    """Submits as our bot."""

    town: Town

    def submit(self, *, force: bool = False, dry_run: bool = False, made: Installation = MADE) -> Submission:
        token = self.town.world.workflow_token(self.town.base, **RIGHTS)
        hub = GitHub(token, login=ACTIONS, wait=lambda _: None, seconds_between_writes=0)
        return submission.submit(made, hub, force=force, dry_run=dry_run)

    def issue(self) -> Issue:
        (found,) = [one for one in self.town.base.issues.values() if one.pull]
        return found

    def files(self) -> dict[str, tuple[str, bytes]]:
        git = self.town.base.git
        entries = {path: git.tree(git.ref(REF), path)[0] for path in installation.PATHS}
        return {path: (entry.mode, git.blob(entry.sha)) for path, entry in entries.items()}


@pytest.fixture
def stage(town: Town) -> Iterator[Stage]:
    with inprocess.connected(town.gateway):
        yield Stage(town)


def test_it_is_one_pull_request_with_all_files(stage: Stage) -> None:
    done = stage.submit()
    issue = stage.issue()
    assert (done.state, done.url) == ("opened", f"https://github.com/tensorflow/models/pull/{issue.number}")
    assert stage.files() == {
        path: ("100755" if path == installation.HOOK else "100644", MADE.filled(Path(path).name).encode())
        for path in installation.PATHS
    }
    again = stage.submit()
    assert (again.state, again.url) == ("as before", done.url)
    assert stage.issue() is issue


def test_its_text_reads_as_it_should(stage: Stage, goldens: Path) -> None:
    stage.submit()
    issue = stage.issue()
    said = f"# {issue.title}\n\n{(issue.body or '').partition(chr(10) * 2 + '<!--')[0]}\n"
    assert said == (goldens / "init-pull-request.md").read_text(encoding="utf-8")


def test_a_dry_run_writes_nothing(stage: Stage) -> None:
    assert stage.submit(dry_run=True).state == "opened"
    assert {call.method for call in stage.town.world.calls} == {"GET"}


def test_a_policy_that_is_there_is_its_owners(stage: Stage) -> None:
    stage.town.world.commit(stage.town.base, "master", {config.PATH: "# mine\n"}, stage.town.mona)
    stage.submit(force=True)
    git = stage.town.base.git
    assert git.blob(git.tree(git.ref(REF), config.PATH)[0].sha) == b"# mine\n"


def test_what_somebody_changed_is_not_lost_unless_they_say_so(stage: Stage) -> None:
    stage.town.world.commit(stage.town.base, "master", {installation.STUB: "mine\n"}, stage.town.mona)
    with pytest.raises(UserError, match=r"error\[changed\]: this would write over .github/workflows"):
        stage.submit()
    assert stage.submit(force=True).state == "opened"


def test_where_all_is_there_there_is_nothing_to_do(stage: Stage) -> None:
    files = {path: MADE.filled(Path(path).name) for path in installation.PATHS}
    stage.town.world.commit(stage.town.base, "master", files, stage.town.mona)
    done = stage.submit()
    assert (done.state, done.url, stage.town.base.issues) == ("nothing to do", "", {})


def test_another_version_of_ours_updates_it(stage: Stage) -> None:
    stage.submit()
    newer = Installation("tensorflow/models", "master", "o/tools", "b" * 40, "v1.1.0")
    assert stage.submit(made=newer).state == "updated"
    assert b"b" * 40 in stage.files()[installation.STUB][1]


def test_a_pull_request_that_was_closed_stays_closed(stage: Stage) -> None:
    stage.submit()
    pulls.set_state(stage.town.world, stage.town.base, stage.issue(), "closed", stage.town.mona)
    done = stage.submit()
    assert done.state == "refused"
    assert done.refusal.endswith("was closed; it stays closed; a person may reopen it")


def test_commits_of_others_on_its_branch_stay(stage: Stage) -> None:
    stage.submit()
    sha = stage.town.world.commit(stage.town.base, submission.BRANCH, {"mine.py": ""}, stage.town.mona)
    assert "has a commit that is not ours" in stage.submit().refusal
    assert stage.town.base.git.ref(REF) == sha


def test_who_may_not_write_workflows_is_told(stage: Stage) -> None:
    token = stage.town.world.workflow_token(stage.town.base, metadata="read", pull_requests="write")
    hub = GitHub(token, login=ACTIONS, wait=lambda _: None, seconds_between_writes=0)
    with pytest.raises(UserError, match=r"error\[no-permission\].*contents: write and workflows: write"):
        submission.submit(MADE, hub, force=False, dry_run=False)

"""A bump of a repository on GitHub, from its files to the pull request, on the sandbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from packaging.version import Version
from town import Town

from convergence.errors import UserError
from release_tools.bump import Change, Target, checkout, remote
from release_tools.bump.floors import Options
from release_tools.bump.minimum import Request
from release_tools.bump.reading import Package
from release_tools.bump.remote import Contribution, Place
from release_tools.github import GitHub
from release_tools.model import Comment
from release_tools.offers import OpenPullRequest, Suggest
from release_tools.sandbox import faults, inprocess, pulls
from release_tools.sandbox.nouns import Issue
from release_tools.sandbox.world import ACTIONS

T = "tensorflow-model-optimization"
PACKAGE = Package(T)
REQUEST = Request(PACKAGE, Target(PACKAGE, Version("0.8.0")), (Path(),), Options(), verify=False)
BRANCH = f"bump-{T}-0.8.0"
RIGHTS = {"contents": "write", "pull_requests": "write", "metadata": "read"}
PROVEN = ("All 9 claims are reproduced", "They hold", "a: **b** @mona")
FILES: Mapping[str, str | bytes] = {
    "official/requirements.txt": f"six\nnumpy\n# c\n{T}>=0.4.1",
    "official/näh er/constraints.txt": f"six\r\n{T} >= 0.4.1\r\n",
    ".gitattributes": "*.txt text eol=crlf filter=nothing working-tree-encoding=UTF-16\n",
}


@dataclass
class Stage:
    """Runs the bump as our bot."""

    town: Town
    waits: list[float] = field(default_factory=list)

    def github(self) -> GitHub:
        token = self.town.world.workflow_token(self.town.base, **RIGHTS)
        return GitHub(token, login=ACTIONS, wait=self.waits.append, seconds_between_writes=0)

    def run(self, request: Request = REQUEST, **where: object) -> Contribution:
        place = Place(self.town.base.full_name, **where)  # type: ignore[arg-type]
        return remote.run(request, place, self.github(), self.fetch, lambda _: None)

    def fetch(self, address: str, ref: str, folder: Path) -> str:
        assert address == "https://github.com/tensorflow/models.git"
        return checkout.fetch(str(self.town.base.git.folder), ref, folder)

    def file(self, path: str, ref: str = f"refs/heads/{BRANCH}") -> bytes:
        git = self.town.base.git
        return git.blob(git.tree(git.ref(ref), path)[0].sha)

    def issue(self) -> Issue:
        (found,) = [i for i in self.town.base.issues.values() if i.pull and i.pull.head_ref == BRANCH]
        return found


@pytest.fixture
def stage(town: Town) -> Iterator[Stage]:
    town.world.commit(town.base, "master", FILES, town.mona)
    with inprocess.connected(town.gateway):
        yield Stage(town)


def test_opens_one_pull_request_with_every_other_byte_as_it_was(stage: Stage) -> None:
    done = stage.run(labels=("mot: bump",), proven=PROVEN)
    issue = stage.issue()
    assert (done.state, done.url) == ("opened", f"https://github.com/tensorflow/models/pull/{issue.number}")
    assert stage.file("official/requirements.txt") == f"six\nnumpy\n# c\n{T}>=0.8.0".encode()
    assert stage.file("official/näh er/constraints.txt") == f"six\r\n{T} >= 0.8.0\r\n".encode()
    assert issue.title == f"Require {T}>=0.8.0"
    assert (issue.body or "").partition("\n\n<!--")[0].splitlines() == [
        f"Requires `{T}>=0.8.0`:",
        "- All 9 claims are reproduced",
        "- They hold",
        "",
        "<details>",
        "<summary>Verdicts</summary>",
        "",
        r"- a: \*\*b\*\* @⁠mona",
        "",
        "</details>",
        "",
        "- `official/näh er/constraints.txt:2`: `>= 0.4.1` becomes `>= 0.8.0`",
        "- `official/requirements.txt:4`: `>=0.4.1` becomes `>=0.8.0`",
        "",
        "Every version allowed before that is at or above the new minimum stays allowed.",
    ]
    again = stage.run(labels=("mot: bump",), proven=PROVEN)
    assert (again.state, again.url) == ("as before", done.url)
    assert [label.name for label in stage.issue().labels] == ["mot: bump"]


def test_a_dry_run_writes_nothing(stage: Stage) -> None:
    done = stage.run(Request(PACKAGE, REQUEST.target, (Path("official"),), Options(), False, dry_run=True))
    (effect,) = done.effects
    assert isinstance(effect, OpenPullRequest)
    assert (effect.branch, effect.base, done.state) == (BRANCH, "master", "")
    assert {call.method for call in stage.town.world.calls} == {"GET"}


def test_no_change_no_pull_request(stage: Stage) -> None:
    low = Target(PACKAGE, Version("0.4.0"))
    done = stage.run(Request(PACKAGE, low, (Path(),), Options(), verify=False))
    assert (done.effects, done.outcome.decision and done.outcome.decision.refusals) == ((), ())
    assert {call.method for call in stage.town.world.calls} == {"GET"}


def test_the_base_moves(stage: Stage) -> None:
    first = stage.run()
    stage.town.world.commit(
        stage.town.base, "master", {"official/requirements.txt": f"{T}\n"}, stage.town.mona
    )
    done = stage.run()
    assert (done.state, done.url) == ("updated", first.url)
    assert stage.file("official/requirements.txt") == f"{T}>=0.8.0\n".encode()


def test_another_base_gets_a_branch_of_its_own(stage: Stage) -> None:
    stage.town.world.commit(stage.town.base, "r2.20/x", {"a": "b"}, stage.town.mona, start="master")
    stage.run()
    (effect,) = stage.run(base="r2.20/x").effects
    assert isinstance(effect, OpenPullRequest)
    assert (effect.branch, effect.base) == (f"{BRANCH}-on-r2.20-x", "r2.20/x")


@pytest.mark.parametrize("deed", ["commit", "close"])
def test_what_people_did_is_refused_in_a_line(stage: Stage, deed: str) -> None:
    stage.run()
    if deed == "commit":
        stage.town.world.commit(stage.town.base, BRANCH, {"mine": "x"}, stage.town.mona)
    else:
        pulls.set_state(stage.town.world, stage.town.base, stage.issue(), "closed", stage.town.mona)
    decision = stage.run().outcome.decision
    assert decision
    said = {"commit": "refused[branch-not-ours]: ", "close": "refused[closed]: "}[deed]
    assert [str(one).startswith(said) for one in decision.refusals] == [True]
    assert decision.changes == ()


@pytest.mark.parametrize("path", ["/etc", "../x"])
def test_paths_stay_within(stage: Stage, path: str) -> None:
    with pytest.raises(UserError, match="one within the repository"):
        stage.run(Request(PACKAGE, REQUEST.target, (Path(path),), Options(), verify=False))


def test_links_are_followed_within_only(stage: Stage, tmp_path: Path, git: Callable[..., str]) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text(f"{T}>=0.4.1\n")
    work = tmp_path / "work"
    git(tmp_path, "clone", "--quiet", stage.town.base.git.folder, work)
    (work / "requirements-a.txt").symlink_to("official/requirements.txt")
    git(work, "add", ".")
    git(work, "commit", "--quiet", "--message", "link")
    git(work, "push", "--quiet", "origin", "master")
    done = stage.run()
    assert done.state == "opened"
    assert stage.file("requirements-a.txt") == b"official/requirements.txt"
    assert stage.file("official/requirements.txt").endswith(b">=0.8.0")
    (work / "requirements-b.txt").symlink_to(outside)
    git(work, "add", ".")
    git(work, "commit", "--quiet", "--message", "link")
    git(work, "push", "--quiet", "origin", "master")
    decision = stage.run().outcome.decision
    assert decision
    assert "a link to a file of another project" in str(decision.refusals[0])
    assert outside.read_text() == f"{T}>=0.4.1\n"


def test_an_executable_file_stays_one(stage: Stage, tmp_path: Path, git: Callable[..., str]) -> None:
    work = tmp_path / "work"
    git(tmp_path, "clone", "--quiet", stage.town.base.git.folder, work)
    (work / "setup.py").write_text(f"from setuptools import setup\nsetup(install_requires=['{T}'])\n")
    (work / "setup.py").chmod(0o755)
    git(work, "add", ".")
    git(work, "commit", "--quiet", "--message", "setup")
    git(work, "push", "--quiet", "origin", "master")
    stage.run()
    kept = stage.town.base.git
    (entry,) = kept.tree(kept.ref(f"refs/heads/{BRANCH}"), "setup.py")
    assert (entry.mode, f"['{T}>=0.8.0']".encode() in stage.file("setup.py")) == ("100755", True)


def pull_by_carl(stage: Stage, files: Mapping[str, str | bytes]) -> Issue:
    town = stage.town
    town.fork.git.fetch(town.base.git.folder, "+refs/heads/master:refs/heads/master")
    town.world.commit(town.fork, "topic", files, town.carl, "Mine", "master")
    return pulls.open_pull(town.world, town.base, town.carl, "Mine", "carl:topic", "master")


def test_suggests_on_somebodys_pull_request(stage: Stage) -> None:
    issue = pull_by_carl(stage, {"official/requirements.txt": f"six\nnumpy>=2\n# c\n{T}>=0.4.1"})
    done = stage.run(pull_request=issue.number)
    suggest, comment = done.effects
    assert (isinstance(suggest, Suggest), isinstance(comment, Comment)) == (True, True)
    assert (done.state, done.url.endswith(f"/pull/{issue.number}")) == ("suggested", True)
    for _ in range(2):
        assert issue.pull
        (review,) = issue.pull.reviews
        (line,) = issue.pull.comments
        assert (review.user.login, review.state) == (ACTIONS, "COMMENTED")
        assert review.body.startswith(f"This branch should require `{T}>=0.8.0`.\n\nThe lines that do so")
        assert (line.path, line.line, line.body) == (
            "official/requirements.txt",
            4,
            f"```suggestion\n{T}>=0.8.0\n```",
        )
        (said,) = issue.comments
        assert f"+{T} >= 0.8.0" in said.body
        assert "official/requirements.txt" not in said.body
        stage.run(pull_request=issue.number)
    assert not any(ref.endswith(BRANCH) for ref in stage.town.base.git.refs())


def test_lines_that_are_not_shown_come_as_a_patch(stage: Stage) -> None:
    issue = pull_by_carl(stage, {"new.py": "x = 1\n"})
    (effect,) = stage.run(pull_request=issue.number).effects
    assert isinstance(effect, Comment)
    assert "--- a/official/requirements.txt" in issue.comments[0].body
    assert issue.pull
    assert issue.pull.reviews == []


@pytest.mark.parametrize(
    ("patch", "lines"),
    [
        ("@@ -1,9 +1,9 @@", [2, 8]),
        ("@@ -1,3 +1,3 @@\n x\n@@ -7,2 +7,2 @@", [2, 8]),
        ("@@ -1,3 +1,3 @@", []),
        ("@@ -1,9 +2,1 @@", []),
        ("", []),
    ],
)
def test_a_file_is_suggested_whole_or_not_at_all(patch: str, lines: list[int]) -> None:
    old = [f"{index}\n" for index in range(1, 10)]
    new = [*old[:1], "two\n", *old[2:7], "eight\n", *old[8:]]
    change = Change(Path("a"), Path("a"), b"", b"", ("".join(old), "".join(new)))
    assert [one.line for one in remote.suggestions(change, "a", patch)] == lines


def test_lines_that_end_otherwise_come_as_a_patch(stage: Stage) -> None:
    issue = pull_by_carl(stage, {"official/näh er/constraints.txt": f"seven\r\n{T} >= 0.4.1\r\n"})
    (effect,) = stage.run(pull_request=issue.number).effects
    assert isinstance(effect, Comment)
    assert f"+{T} >= 0.8.0" in issue.comments[0].body


def test_a_patch_that_is_too_long_is_cut(stage: Stage) -> None:
    long = f"{T}>=0.4.1  # {'x' * 70_000}\n"
    issue = pull_by_carl(stage, {"new.py": "x = 1\n"})
    stage.town.world.commit(stage.town.fork, "topic", {"z/requirements.txt": long}, stage.town.carl)
    stage.run(pull_request=issue.number)
    body = issue.comments[0].body
    assert "The patch is cut" in body
    assert len(body) < 65_536


def test_a_closed_pull_request_gets_nothing(stage: Stage) -> None:
    issue = pull_by_carl(stage, {"new.py": "x = 1\n"})
    pulls.set_state(stage.town.world, stage.town.base, issue, "closed", stage.town.carl)
    decision = stage.run(pull_request=issue.number).outcome.decision
    assert decision
    assert str(decision.refusals[0]).startswith("refused[closed]: ")


@pytest.mark.parametrize("skip", [0, 1])
@pytest.mark.parametrize(
    "fault",
    [
        faults.too_many(7),
        faults.bad_gateway(),
        faults.bad_gateway(performed=True),
        faults.dropped(),
        faults.dropped(performed=True),
    ],
    ids=lambda fault: fault.name,
)
def test_every_fault_and_it_is_suggested_once(stage: Stage, fault: faults.Fault, skip: int) -> None:
    issue = pull_by_carl(stage, {"official/requirements.txt": f"six\nnumpy>=2\n# c\n{T}>=0.4.1"})
    stage.town.world.faults.add(fault, "POST", skip=skip)
    stage.run(pull_request=issue.number)
    assert issue.pull
    assert (len(issue.pull.reviews), len(issue.pull.comments), len(issue.comments)) == (1, 1, 1)
    assert (stage.town.world.faults.pending(), len(stage.waits)) == (0, 1)


def test_labels_of_the_repositorys_policy(stage: Stage) -> None:
    hub = stage.github()
    assert remote.policy_labels(hub, stage.town.base.full_name) == ()
    policy = {".github/release-tools.toml": '[labels]\nbump = ["mot: bump"]\n'}
    stage.town.world.commit(stage.town.base, "master", policy, stage.town.mona)
    assert remote.policy_labels(hub, stage.town.base.full_name) == ("mot: bump",)

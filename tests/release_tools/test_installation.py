"""What `init` writes: sound files, once, and never over what somebody changed."""

from __future__ import annotations

from pathlib import Path

import holes
import pytest
from click.testing import CliRunner, Result

from convergence import claims
from convergence.errors import UserError
from release_tools import config, installation, shell
from release_tools.commands.init import command
from release_tools.policy import Policy

SHA = "0123456789abcdef0123456789abcdef01234567"
WORDS = ("--repo", "tensorflow/models", "--tools", f"o/tools@{SHA}", "--version", "v1.0.0")
WORKFLOW = "tensorflow/models/.github/workflows/mot-converge.yml@refs/heads/master"
OURS = {
    "GITHUB_EVENT_NAME": "issue_comment",
    "GITHUB_REPOSITORY": "tensorflow/models",
    "GITHUB_WORKFLOW_REF": WORKFLOW,
}


def init(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(command, [str(folder), *WORDS, *words])


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_it_writes_once(tmp_path: Path) -> None:
    stubs = [installation.STUB, installation.APPROVALS, installation.REVIEW]
    paths = [*stubs, config.PATH, installation.HOOK, installation.CHECKLIST]
    first = init(tmp_path)
    assert first.output.splitlines() == [f"new       {path}" for path in paths]
    written = tree(tmp_path)
    assert sorted(written) == sorted(paths)
    assert init(tmp_path).output.splitlines() == [f"unchanged {path}" for path in paths]
    assert tree(tmp_path) == written
    assert not [path for path, content in written.items() if b"@SHA@" in content or b"@TOOLS@" in content]


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    assert init(tmp_path, "--dry-run").output.startswith("new       ")
    assert tree(tmp_path) == {}


@pytest.mark.parametrize("path", [installation.STUB, installation.HOOK, installation.CHECKLIST])
def test_what_somebody_changed_is_not_lost(tmp_path: Path, path: str) -> None:
    init(tmp_path)
    (tmp_path / path).write_text("mine\n")
    result = init(tmp_path)
    assert isinstance(result.exception, UserError)
    assert path in str(result.exception)
    assert (tmp_path / path).read_text() == "mine\n"
    assert f"changed   {path}" in init(tmp_path, "--force").output
    assert (tmp_path / path).read_text() != "mine\n"


def test_the_policy_is_its_owners(tmp_path: Path) -> None:
    init(tmp_path)
    (tmp_path / config.PATH).write_text("mine = 1\n")
    assert f"kept      {config.PATH}" in init(tmp_path, "--force").output
    assert (tmp_path / config.PATH).read_text() == "mine = 1\n"


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "repository/.github/workflows").mkdir(parents=True)
    (tmp_path / "repository" / installation.STUB).symlink_to(tmp_path / "elsewhere")
    assert isinstance(init(tmp_path / "repository", "--force").exception, UserError)
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize(
    "words",
    [("--tools", "o/tools@main"), ("--tools", "o/tools"), ("--repo", "o/r\nx"), ("--branch", "a b")],
)
def test_what_would_not_be_sound_is_refused(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert isinstance(init(tmp_path, *words).exception, UserError)
    assert tree(tmp_path) == {}


def test_the_workflow_has_no_holes(tmp_path: Path) -> None:
    init(tmp_path)
    for stub in (installation.STUB, installation.APPROVALS, installation.REVIEW):
        assert holes.find((tmp_path / stub).read_text()) == []


def test_the_policy_says_the_defaults(tmp_path: Path) -> None:
    init(tmp_path)
    assert config.read((tmp_path / config.PATH).read_text(), config.PATH, claims.load()) == Policy()


@pytest.mark.parametrize(
    ("changed", "runs"),
    [
        ({}, True),
        ({"GITHUB_EVENT_NAME": "workflow_dispatch"}, True),
        ({"GITHUB_EVENT_NAME": "pull_request"}, False),
        ({"GITHUB_EVENT_NAME": "pull_request_target"}, False),
        ({"GITHUB_EVENT_NAME": "*"}, False),
        ({"GITHUB_EVENT_NAME": "issue_comment\nworkflow_dispatch"}, False),
        ({"GITHUB_EVENT_NAME": ""}, False),
        ({"GITHUB_WORKFLOW_REF": WORKFLOW.replace("master", "topic")}, False),
        ({"GITHUB_WORKFLOW_REF": WORKFLOW.replace("mot-converge", "mine")}, False),
        ({"GITHUB_WORKFLOW_REF": f"x{WORKFLOW}"}, False),
        ({"GITHUB_WORKFLOW_REF": f"{WORKFLOW}x"}, False),
        ({"GITHUB_WORKFLOW_REF": "*"}, False),
        ({"GITHUB_WORKFLOW_REF": f"a\n{WORKFLOW}\nb"}, False),
        ({"GITHUB_WORKFLOW_REF": ""}, False),
        ({"GITHUB_REPOSITORY": "mallory/models"}, False),
        ({"GITHUB_REPOSITORY": "tensorflow/*"}, False),
    ],
)
def test_the_hook_lets_our_jobs_run_and_no_others(
    tmp_path: Path, changed: dict[str, str], runs: bool
) -> None:
    init(tmp_path)
    ran = shell.run([tmp_path / installation.HOOK], env=OURS | changed, check=False)
    assert (ran.status == 0) == runs
    assert ran.err.startswith("This machine does not run this job: ") != runs


def test_the_hook_refuses_where_nothing_is_known(tmp_path: Path) -> None:
    init(tmp_path)
    assert shell.run(["sh", tmp_path / installation.HOOK], env={}, check=False).status == 1

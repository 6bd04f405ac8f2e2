"""What a request is about: which commits, by where the pull request is, and which claim files."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from convergence.errors import UserError
from release_tools import sources
from release_tools.model import Permission, Person, PullRequest, Snapshot
from release_tools.plan import Commit
from release_tools.policy import Policy, Repositories, Technique
from release_tools.proposals import Statement
from release_tools.sources import Sources

HEAD = "a" * 40
CARL = Person("carl", 2)
PULL = PullRequest(
    "o/models", 3, CARL, "", "", "open", False, "master", "b" * 40, "topic", HEAD, "c/models", (), ""
)  # fmt: skip
POLICY = Policy(repositories=Repositories("o/tfmot", "o/models", "o/fork"))


@dataclass
class Files:
    """A reader of files and revisions that answers with the revision's name."""

    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    blobs: dict[str, str] | None = None

    def snapshot(self, repository: str, number: int) -> Snapshot:
        raise AssertionError

    def permission(self, repository: str, login: str) -> Permission:
        raise AssertionError

    def member(self, team: str, login: str) -> bool | None:
        raise AssertionError

    def resolve(self, repository: str, ref: str) -> str:
        return f"{repository} {ref}"

    def read_file(self, repository: str, path: str, ref: str) -> bytes | None:
        self.asked.append(f"{repository} {path} {ref[:1]}")
        return self.files.get(path)

    def default_branch(self, repository: str) -> str:
        return "main"

    def tree(self, repository: str, ref: str) -> dict[str, str] | None:
        self.asked.append(f"{repository} tree {ref[:1]}")
        return self.blobs


@pytest.mark.parametrize(
    ("repository", "tfmot", "techniques", "found"),
    [
        (
            "o/models",
            "",
            (),
            Sources(Commit("o/tfmot", "o/tfmot refs/heads/main"), Commit("o/models", HEAD), ()),
        ),
        (
            "O/Models",
            "",
            (),
            Sources(Commit("o/tfmot", "o/tfmot refs/heads/main"), Commit("O/Models", HEAD), ()),
        ),
        ("o/fork", "v1", (), Sources(Commit("o/tfmot", "o/tfmot v1"), Commit("o/fork", HEAD), ())),
        (
            "o/tfmot",
            "",
            (),
            Sources(Commit("o/tfmot", HEAD), Commit("o/models", "o/models refs/heads/main"), ()),
        ),
        (
            "o/tfmot",
            "",
            ("pruning",),
            Sources(Commit("o/tfmot", HEAD), Commit("o/fork", "o/fork refs/heads/main"), ()),
        ),
        (
            "o/tfmot",
            "",
            ("pruning", "other"),
            Sources(Commit("o/tfmot", HEAD), Commit("o/models", "o/models refs/heads/main"), ()),
        ),
    ],
)
def test_one_of_the_commits_is_the_head(
    repository: str, tfmot: str, techniques: tuple[str, ...], found: Sources
) -> None:
    policy = replace(POLICY, techniques={"pruning": Technique(home="fork")})
    pull = replace(PULL, repository=repository)
    assert sources.read(pull, policy, techniques, tfmot, Files()) == found


@pytest.mark.parametrize(
    ("tfmot", "unreviewed"),
    [
        ("", False),
        ("master", False),
        ("v0.8.1", False),
        ("pull/3/head", True),
        ("refs/pull/3/head", True),
        ("0123abc", True),
        ("0123", True),  # git's shortest
        ("v0.8.1-5-g0123abc", True),  # what git describe says of a commit
        ("0123ABC", True),
    ],
)
def test_a_commit_that_may_be_on_no_branch_is_told(tfmot: str, unreviewed: bool) -> None:
    assert sources.read(PULL, POLICY, (), tfmot, Files()).unreviewed is unreviewed


def test_claim_files_are_read_at_the_head_for_the_techniques() -> None:
    reader = Files({"convergence/claims/pruning.toml": b"a = 1"})
    found = sources.read(PULL, POLICY, ("pruning", "other"), "", reader)
    assert found.statements == (Statement("pruning", "a = 1", "convergence/claims/pruning.toml"),)
    assert reader.asked == [
        "o/models convergence/claims/pruning.toml a",
        "o/models convergence/claims/other.toml a",
        "o/models tree a",
    ]


CODE = {"official/a.py": "1" * 40, "README.md": "2" * 40}


def code(blobs: dict[str, str] | None, body: str = "```toml claims pruning") -> str:
    """What is said of the code of a pull request whose text states claims."""
    return sources.read(replace(PULL, body=body), POLICY, (), "", Files(blobs=blobs)).models.code


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({"README.md": "3" * 40}, True),
        ({"docs/new.md": "3" * 40}, True),
        ({"official/a.py": "3" * 40}, False),
        ({"official/words.txt": "3" * 40}, False),
        ({"official/a.py": f"120000 {'1' * 40}"}, False),
    ],
)
def test_only_documentation_may_differ_where_code_is_the_same(changes: dict[str, str], same: bool) -> None:
    assert (code(CODE) == code(CODE | changes)) is same


def test_a_file_that_moves_is_other_code() -> None:
    assert code({"a.py": "1" * 40, "b.py": "2" * 40}) != code({"a.py": "2" * 40, "b.py": "1" * 40})


@pytest.mark.parametrize("blobs", [None, {}])
def test_nothing_is_said_of_code_that_is_not_told_whole(blobs: dict[str, str] | None) -> None:
    assert code(blobs) == ""


def test_code_is_not_asked_for_where_nobody_states_claims() -> None:
    reader = Files(blobs=CODE)
    assert sources.read(PULL, POLICY, ("pruning",), "", reader).models.code == ""
    assert reader.asked == ["o/models convergence/claims/pruning.toml a"]


@pytest.mark.parametrize(
    ("repository", "tfmot", "files", "said"),
    [
        ("x/y", "", {}, "x/y is not tested; name it in the policy"),
        ("o/tfmot", "v1", {}, "this pull request is TFMOT itself; leave tfmot= out"),
        (
            "o/models",
            "",
            {"convergence/claims/pruning.toml": b"\xff"},
            "is not UTF-8; convergence/claims/pruning",
        ),
    ],
)
def test_what_cannot_be_tested_is_said(
    repository: str, tfmot: str, files: dict[str, bytes], said: str
) -> None:
    with pytest.raises(UserError) as refused:
        sources.read(replace(PULL, repository=repository), POLICY, ("pruning",), tfmot, Files(files))
    assert said in str(refused.value)

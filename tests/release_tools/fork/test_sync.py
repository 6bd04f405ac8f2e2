"""A fork is kept at its upstream with our commits on top, on real git; nothing is ever half done, or lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from town import Town

from convergence.errors import UserError
from release_tools import shell
from release_tools.fork import sync
from release_tools.fork.sync import MARK, Remote, State, Sync
from release_tools.sandbox.nouns import Repository

LINES = "".join(f"line {number}\n" for number in range(20))
HEAD, MARKED = "refs/heads/master", f"refs/heads/{MARK}"


@dataclass
class Stage:
    """tensorflow/models, whose fork has two commits of ours."""

    town: Town

    def __post_init__(self) -> None:
        world = self.town.world
        self.upstream = self.town.base
        self.theirs({"shared.py": LINES})
        self.fork = world.fork(self.upstream, world.organization("mot", [self.town.mona]))
        self.ours({"official/projects/mot.py": "x = 1\n"}, "Add the example")
        self.ours({"shared.py": LINES.replace("line 3\n", "ours\n")}, "Hook it in")

    def theirs(self, files: Mapping[str, str | None], message: str = "Theirs") -> str:
        return self.town.world.commit(self.upstream, "master", files, self.town.mona, message)

    def ours(self, files: Mapping[str, str | None], message: str) -> str:
        return self.town.world.commit(self.fork, "master", files, self.town.carl, message)

    def sync(self, **more: bool) -> Sync:
        return sync.run(self.remote(self.fork), self.remote(self.upstream), **more)

    def remote(self, repository: Repository) -> Remote:
        return Remote(str(repository.git.folder), "master")

    def git(self, repository: Repository, *words: str) -> str:
        identity = ("-c", "user.name=mona", "-c", "user.email=m@example.invalid")
        return shell.run(["git", "-C", repository.git.folder, *identity, *words]).out.strip()

    def subjects(self) -> list[str]:
        return self.git(self.fork, "log", "--format=%s", "master").splitlines()

    def refs(self) -> dict[str, str]:
        return self.fork.git.refs("refs/heads/")

    def rewrite(self, commits: int = 1) -> str:
        """The upstream takes back its newest commits, and makes another."""
        old = self.upstream.git.resolve("refs/heads/master")
        for _ in range(commits):
            old = self.upstream.git.commit(old).parents[0]
        self.upstream.git.set_ref(HEAD, old)
        return self.theirs({"other.py": "y = 1\n"}, "Theirs, otherwise")


@pytest.fixture
def stage(town: Town) -> Stage:
    return Stage(town)


def test_ours_come_to_be_on_top_of_the_upstream(stage: Stage) -> None:
    before = stage.fork.git.ref(HEAD)
    tip = stage.theirs({"shared.py": LINES.replace("line 15\n", "theirs\n")})
    done = stage.sync()
    assert stage.refs() == {HEAD: done.after, MARKED: tip}
    assert (done.state, done.before, done.upstream) == (State.SYNCED, before, tip)
    assert [one.subject for one in done.kept] == ["Add the example", "Hook it in"]
    assert stage.subjects()[:3] == ["Hook it in", "Add the example", "Theirs"]
    shared = stage.git(stage.fork, "show", "master:shared.py")
    assert ("ours" in shared, "theirs" in shared) == (True, True)
    commit = stage.fork.git.commit(done.after)
    assert (commit.author.name, commit.committer.name) == ("carl", "carl")


def test_the_second_time_nothing_moves(stage: Stage) -> None:
    stage.theirs({"new.py": "y = 1\n"})
    stage.sync()
    refs = stage.refs()
    again = stage.sync()
    assert (again.state, again.before, stage.refs()) == (State.AS_BEFORE, again.after, refs)
    assert [one.subject for one in again.kept] == ["Add the example", "Hook it in"]


def test_where_the_upstream_has_not_moved_only_the_mark_is_set(stage: Stage) -> None:
    head = stage.fork.git.ref(HEAD)
    assert stage.sync().state is State.AS_BEFORE
    assert stage.refs() == {HEAD: head, MARKED: stage.upstream.git.ref(HEAD)}


def test_a_fork_without_commits_of_ours_is_moved_forward(stage: Stage) -> None:
    stage.fork.git.set_ref(HEAD, stage.upstream.git.ref(HEAD))
    tip = stage.theirs({"new.py": "y = 1\n"})
    done = stage.sync()
    assert (done.state, done.after, done.kept) == (State.SYNCED, tip, ())


def test_a_dry_run_says_the_same_and_pushes_nothing(stage: Stage) -> None:
    stage.theirs({"new.py": "y = 1\n"})
    refs = stage.refs()
    said = stage.sync(dry_run=True)
    assert (said.state, stage.refs()) == (State.SYNCED, refs)
    assert stage.sync() == said


def test_a_conflict_is_refused_with_every_commit_and_file_of_it(stage: Stage) -> None:
    stage.ours({"b.py": "ours\n", "c.py": "fine\n"}, "Add b")
    stage.theirs({"shared.py": LINES.replace("line 3\n", "theirs\n"), "b.py": "theirs\n"})
    refs = stage.refs()
    done = stage.sync()
    assert done.state is State.CONFLICT
    assert [(one.commit.subject, one.files) for one in done.conflicts] == [
        ("Hook it in", ("shared.py",)),
        ("Add b", ("b.py",)),
    ]
    assert (stage.refs(), done.after) == (refs, done.before)


def test_a_file_that_they_deleted_and_we_changed_is_a_conflict(stage: Stage) -> None:
    stage.theirs({"shared.py": None})
    [conflict] = stage.sync().conflicts
    assert conflict.files == ("shared.py",)


def test_what_has_landed_upstream_is_left_out(stage: Stage) -> None:
    stage.theirs({"official/projects/mot.py": "x = 1\n"}, "Add the example (#7)")
    done = stage.sync()
    assert [one.subject for one in done.landed] == ["Add the example"]
    assert [one.subject for one in done.kept] == ["Hook it in"]
    assert stage.subjects()[:2] == ["Hook it in", "Add the example (#7)"]


def test_what_the_upstream_took_back_is_taken_back(stage: Stage) -> None:
    stage.theirs({"bad.py": "y = 1\n"}, "A mistake")
    stage.sync()
    tip = stage.rewrite()
    done = stage.sync()
    assert (done.state, done.rewritten, done.upstream) == (State.SYNCED, True, tip)
    assert stage.subjects()[:3] == ["Hook it in", "Add the example", "Theirs, otherwise"]
    assert "A mistake" not in stage.subjects()


def test_an_upstream_that_only_went_back_is_followed(stage: Stage) -> None:
    stage.theirs({"bad.py": "y = 1\n"}, "A mistake")
    stage.sync()
    old = stage.upstream.git.commit(stage.upstream.git.ref(HEAD)).parents[0]
    stage.upstream.git.set_ref(HEAD, old)
    done = stage.sync()
    assert (done.state, done.rewritten) == (State.SYNCED, True)
    assert "A mistake" not in stage.subjects()


def test_who_pushes_meanwhile_loses_nothing(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.theirs({"new.py": "y = 1\n"})
    meanwhile: list[str] = []
    _before_push(monkeypatch, lambda: meanwhile.append(stage.ours({"late.py": "z = 1\n"}, "Late")))
    with pytest.raises(UserError, match=r"error\[moved-meanwhile\].*nothing was changed"):
        stage.sync()
    assert stage.refs() == {HEAD: meanwhile[0]}
    monkeypatch.undo()
    assert stage.sync().state is State.SYNCED
    assert stage.subjects()[:3] == ["Late", "Hook it in", "Add the example"]


def test_two_at_once_make_the_same(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.theirs({"new.py": "y = 1\n"})
    made: list[Sync] = []
    real = shell.run

    def other() -> None:
        monkeypatch.setattr(shell, "run", real)
        made.append(stage.sync())

    _before_push(monkeypatch, other)
    assert [stage.sync()] == made
    assert stage.refs() == {HEAD: made[0].after, MARKED: made[0].upstream}


def test_killed_before_it_pushes_it_leaves_all_as_it_was(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stage.theirs({"new.py": "y = 1\n"})
    refs = stage.refs()
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def die() -> None:
        raise KeyboardInterrupt

    _before_push(monkeypatch, die)
    before = set(tmp_path.iterdir())
    with pytest.raises(KeyboardInterrupt):
        stage.sync()
    assert stage.refs() == refs
    assert set(tmp_path.iterdir()) == before


def test_a_server_that_takes_only_one_of_both_takes_none(stage: Stage) -> None:
    """Branch and mark move together; else the next sync would take the upstream's commits for ours."""
    stage.theirs({"new.py": "y = 1\n"})
    refs = stage.refs()
    hook = stage.fork.git.folder / "hooks/update"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f'#!/bin/sh\n[ "$1" != {MARKED} ]\n')
    hook.chmod(0o755)
    with pytest.raises(UserError, match=r"error\[(push-refused|moved-meanwhile)\]"):
        stage.sync()
    assert stage.refs() == refs
    hook.unlink()
    assert stage.sync().state is State.SYNCED


def test_a_ruleset_that_forbids_it_is_said(stage: Stage) -> None:
    stage.theirs({"new.py": "y = 1\n"})
    hook = stage.fork.git.folder / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho GH013: Repository rule violations found >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(UserError, match=r"error\[push-refused\].*GH013.*a way past the ruleset"):
        stage.sync()


def _merge(stage: Stage, *, by_hand: bool) -> None:
    """A pull request of ours, merged with a button, or by hand with a change of its own."""
    world, fork = stage.town.world, stage.fork
    start = fork.git.ref(HEAD)
    side = world.commit(fork, "side", {"side.py": "s = 1\n"}, stage.town.carl, "Add side", start)
    tree = fork.git.merged_tree(start, side)
    if by_hand:
        extra = world.commit(fork, "extra", {"by_hand.py": "h = 1\n"}, stage.town.carl, "x", side)
        tree = fork.git.commit(extra).tree
    who = world.signature(stage.town.mona)
    fork.git.set_ref(HEAD, fork.git.write_commit(tree, (start, side), "Merge side", who, who))


def test_a_merge_of_ours_becomes_its_commits(stage: Stage) -> None:
    _merge(stage, by_hand=False)
    stage.theirs({"new.py": "y = 1\n"})
    done = stage.sync()
    assert done.state is State.SYNCED
    assert sorted(stage.subjects()[:3]) == ["Add side", "Add the example", "Hook it in"]


def test_a_merge_with_changes_of_its_own_is_refused_for_they_would_be_lost(stage: Stage) -> None:
    _merge(stage, by_hand=True)
    stage.theirs({"new.py": "y = 1\n"})
    done = stage.sync()
    assert done.state is State.CONFLICT
    assert [(one.commit.subject, one.files) for one in done.conflicts] == [("Merge side", ())]


def test_an_upstream_that_was_merged_into_the_fork_is_not_taken_for_ours(stage: Stage) -> None:
    stage.sync()
    tip = stage.theirs({"new.py": "y = 1\n"})
    fork = stage.fork.git
    fork.fetch(stage.upstream.git.folder, HEAD)
    ours, who = fork.ref(HEAD), stage.town.world.signature(stage.town.mona)
    fork.set_ref(
        HEAD, fork.write_commit(fork.merged_tree(ours, tip), (ours, tip), "Merge upstream", who, who)
    )
    stage.theirs({"newer.py": "y = 1\n"})
    done = stage.sync()
    assert [one.subject for one in done.kept] == ["Add the example", "Hook it in"]
    assert stage.subjects()[:3] == ["Hook it in", "Add the example", "Theirs"]


def test_a_branch_that_begins_anew_is_refused(stage: Stage) -> None:
    who = stage.town.world.signature(stage.town.mona)
    git = stage.fork.git
    git.set_ref(HEAD, git.write_commit(git.commit(git.ref(HEAD)).tree, (), "Anew", who, who))
    with pytest.raises(UserError, match=r"error\[unrelated\]"):
        stage.sync()


@pytest.mark.parametrize(
    ("branch", "code"), [("nowhere", "no-access"), ("--upload-pack=x", "usage"), ("a:b", "usage")]
)
def test_a_branch_that_there_is_not_is_said(stage: Stage, branch: str, code: str) -> None:
    with pytest.raises(UserError) as caught:
        sync.run(replace(stage.remote(stage.fork), branch=branch), stage.remote(stage.upstream))
    assert caught.value.code == code


def test_a_commit_message_stays_as_it_is(stage: Stage) -> None:
    message = "Odd\n\n# no comment\n   indented   \n\nSigned-off-by: x"
    stage.ours({"odd.py": "x = 1\n"}, message)
    stage.theirs({"new.py": "y = 1\n"})
    done = stage.sync()
    assert stage.fork.git.commit(done.after).message.rstrip("\n") == message


def test_a_token_is_in_no_command_line(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    remote = Remote("https://github.com/mot/models.git", "master", "t0ken")
    assert "t0ken" not in repr(remote)
    assert "t0ken" not in str(remote.environment.keys())
    with pytest.raises(UserError, match=r"error\[bad-address\]"):
        _ = Remote("http://example.invalid/x.git", "master", "t0ken").environment


def _before_push(monkeypatch: pytest.MonkeyPatch, action: Callable[[], object]) -> None:
    """Has something happen between the decision and the push."""
    real = shell.run

    def run(words, **more):  # type: ignore[no-untyped-def]
        if "push" in words:
            action()
        return real(words, **more)

    monkeypatch.setattr(shell, "run", run)

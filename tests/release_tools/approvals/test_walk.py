"""A technique walks through all seven steps, on the sandbox with real PyGithub: at home, and in the fork."""

from __future__ import annotations

from pathlib import Path

from town import Town
from walk import EXAMPLE, NAMES, REQUIREMENTS, Walk

from release_tools.approvals.steps import Progress, Step
from release_tools.sandbox import pulls


def to_the_approvals(walk: Walk) -> str:
    """The first four steps, with a push in the middle; the content digest that converged."""
    digest = walk.index.publish("0.8.2", NAMES)
    wheel = next(walk.index.folder.glob("*.whl"))
    built = wheel.rename(walk.folder / wheel.name)  # built from source, and on no index yet
    assert walk.look() == "wdwwwww"
    assert walk.labels == ["mot: home"]
    walk.say(walk.stan, f"/home {walk.home} because I say so")
    assert walk.look() == "wdwwwww"
    walk.say(walk.olga, f"/home {walk.home} users ask for it")
    assert walk.look() == "ddwwwww"
    walk.check()
    assert walk.look() == "dddwwww"
    walk.review(walk.mark)  # before anything is reproduced
    walk.converge(digest)
    assert walk.look() == "dddwwww"
    walk.review(walk.mona)
    assert walk.look() == ("dddwwww" if walk.home == "official" else "ddddwww")
    walk.commit("official/projects/pruning/train.py", f"{EXAMPLE}more = 1\n")
    assert walk.look() == "ddwswww"
    assert walk.labels == ["mot: standards"]
    walk.check()
    assert walk.look() == "dddswww"
    walk.converge(digest)
    assert walk.look() == "dddswww"
    walk.review(walk.mona)
    if walk.home == "official":
        assert walk.look() == "dddwwww"
        walk.say(walk.olga, f"/approve @{walk.head}")
    assert walk.look() == "ddddwww"
    assert walk.labels == ["mot: released"]
    built.rename(wheel)
    assert walk.look() == "dddddww"
    return digest


def bump(walk: Walk) -> None:
    """The minimum is raised, which leaves the approvals as they are, and finally approved."""
    walk.commit("official/requirements.txt", REQUIREMENTS.format("0.8.2"))
    assert walk.look() == "ddwwwww"  # the green check was of another commit
    assert "carried over: the diff is the same apart from the minimum version" in str(walk.state.steps[3])
    walk.check()
    assert walk.look() == "dddddww"
    walk.review(walk.olga if walk.home == "fork" else walk.mona)  # not theirs to give
    assert walk.look() == "dddddww"
    walk.review(walk.olga if walk.home == "official" else walk.mark)
    assert walk.look() == "ddddddw"
    assert walk.labels == ["mot: landed"]


def test_home_is_official_models(town: Town, tmp_path: Path, connected: None) -> None:
    walk = Walk(town, tmp_path, "official", "full")
    to_the_approvals(walk)
    bump(walk)
    merged = town.call(walk.mona, "PUT", f"/repos/{walk.base.full_name}/pulls/{walk.issue.number}/merge", {})
    assert merged.status == 200, merged.json
    assert walk.look() == "ddddddd"
    assert (walk.labels, walk.state.current) == ([], None)
    assert len(walk.shown()) == 1


def test_home_is_the_fork_and_copybara_lands_it(town: Town, tmp_path: Path, connected: None) -> None:
    walk = Walk(town, tmp_path, "fork", "smoke")
    to_the_approvals(walk)
    assert any("a rehearsal" in one.what for one in walk.state.steps[3].evidence)
    bump(walk)
    pulls.set_state(walk.world, walk.base, walk.issue, "closed", walk.carl)
    assert walk.look() == "ddddddw"
    mark = f"https://github.com/tensorflow/models-mot/pull/{walk.issue.number} from carl:pruning {walk.head}"
    walk.world.commit(
        walk.base, "master", {"y.py": ""}, walk.mark, f"Pruning\n\nCOPYBARA_INTEGRATE_REVIEW={mark}\n"
    )
    assert walk.look() == "ddddddd"
    assert walk.state.complete_to(Step.LANDED)
    assert all(one.progress is Progress.DONE for one in walk.state.steps)

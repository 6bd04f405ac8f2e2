"""A release while GitHub fails at random: killed by it or not, it ends as it would have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

import pytest
from fingerprint import fingerprint
from ordeal import RATE, TIMES
from shipyard import Slip, opened

from convergence.errors import UserError
from release_tools.release.running import State
from release_tools.sandbox.tfmot_source import Published

FEW, MANY = 1, 12
T = TypeVar("T")
Begin = Callable[[], Slip]


@pytest.fixture
def begin(tmp_path: Path, tiny: Published, harbour: None) -> Iterator[Begin]:
    """Slips, each in a shipyard of its own."""
    with ExitStack() as stack:
        made = 0

        def one() -> Slip:
            nonlocal made
            made += 1
            folder = tmp_path / str(made)
            folder.mkdir()
            return Slip(stack.enter_context(opened(folder, tiny)))

        yield one


def released(slip: Slip, seed: int = -1) -> Mapping[str, str]:
    """The world after the release, which went on as often as it took."""
    if seed >= 0:
        slip.yard.world.faults.at_random(seed, RATE, "^(?!.*[.]git/)")  # git's own calls are not the API's
    through(slip.plan)
    assert through(slip.go).step == "land"
    slip.yard.land()
    last = through(slip.go)
    assert (last.step, last.seen.state) == ("bump", State.DONE)
    slip.yard.world.faults.at_random(seed, 0)
    assert bool(slip.yard.world.faults.met) == (seed >= 0)
    assert slip.yard.index.uploads == 1
    begun = [one.partition(" ")[0] for one in slip.yard.states() if one.endswith("begun")]
    done = [one.partition(" ")[0] for one in slip.yard.states() if one.endswith("done")]
    assert set(begun) - {"plan"} <= set(done)
    return fingerprint(slip.yard.world, slip.yard.index.folder)


def through(act: Callable[[], T]) -> T:
    """What comes of it in the end."""
    for _ in range(TIMES):
        try:
            return act()
        except UserError as error:
            if not error.passes:
                raise
    return act()


@pytest.mark.parametrize("seed", range(FEW))
def test_a_release_is_the_same(begin: Begin, seed: int) -> None:
    assert released(begin(), seed) == released(begin())


@pytest.mark.long
def test_with_many_seeds(begin: Begin) -> None:
    calm = released(begin())
    for seed in range(FEW, MANY):
        assert released(begin(), seed) == calm, f"seed {seed}"

"""So many trials were trained; the others were taken over from before, as they were."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from release_tools.rehearsal import values
from release_tools.rehearsal.deeds import Done
from release_tools.rehearsal.stage import Stage
from release_tools.rehearsal.summary import Followed


def read(value: object) -> tuple[int, int]:
    """Two numbers."""
    return values.read(tuple[int, int], value)


def look(stage: Stage, done: Done, wanted: Sequence[int]) -> Followed:
    """How many of the newest request's trials are new, and how many are those of earlier requests."""
    before, newest = _requests(stage)
    known = {path.name: path.read_bytes() for one in before for path in _trained(one)}
    scored = {path.stem for one in before for path in one.glob("scores/*.json")}
    now = {path.stem for path in newest.glob("scores/*.json")}
    same = all(known.get(path.name, path.read_bytes()) == path.read_bytes() for path in _trained(newest))
    found = [len(now - scored), len(now & scored)]
    seen = f"{found[0]} trained, {found[1]} taken over" + ("" if same else ", but trained again")
    return Followed(
        f"{wanted[0]} trials are trained, {wanted[1]} taken over", seen, same and found == list(wanted)
    )


def _requests(stage: Stage) -> tuple[list[Path], Path]:
    found = sorted((stage.folder / "runs").glob("*/scores"), key=lambda path: int(path.parent.name))
    return [path.parent for path in found[:-1]], found[-1].parent


def _trained(request: Path) -> list[Path]:
    """What training left; its times are in it, so what was trained anew is never the same."""
    return sorted(request.glob("trained-*/*/*.training.json"))

"""How far a campaign is, as live bars on a terminal; silent where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from convergence.campaign import Plan, State
from convergence.trial import Trial
from convergence.workers import progress_path


class Bars:
    """One bar a running trial, as a context manager."""

    def __init__(self, plan: Plan, store: Path) -> None:
        console = Console(stderr=True)
        self._store = store
        self._bars: dict[str, TaskID] = {}
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[note]}"),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
        )

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._progress.stop()

    def show(self, state: State, flight: Sequence[Trial]) -> None:
        """Draws the trials in flight."""
        for trial in flight:
            bar = self._bars.get(trial.digest) or self._add(trial)
            step, steps = _position(self._store, trial.digest)
            self._progress.update(
                bar, completed=step, total=steps, note=f"step {step}/{steps}" if steps else "starting"
            )
        for digest in set(self._bars) - {trial.digest for trial in flight}:
            self._progress.remove_task(self._bars.pop(digest))

    def _add(self, trial: Trial) -> TaskID:
        self._bars[trial.digest] = self._progress.add_task(
            f"{trial.recipe.id} seed {trial.seed}", total=None, note=""
        )
        return self._bars[trial.digest]


def _position(store: Path, digest: str) -> tuple[int, int | None]:
    """Step and last step of a running trial; (0, None) before its first."""
    try:
        step, steps = progress_path(store, digest).read_text(encoding="utf-8").split()
        return int(step), int(steps)
    except (OSError, ValueError):
        return 0, None

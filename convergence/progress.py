"""How far a campaign is, as live bars on a terminal; silent where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from convergence.campaign import State
from convergence.trial import Trial
from convergence.workers import progress_path


class Bars:
    """A bar for the campaign, with the time it will take, and one for each running trial.

    The campaign's bar counts the cost of the trials needed so far; it grows when a claim needs more seeds.
    """

    def __init__(self, store: Path, console: Console | None = None) -> None:
        console = console or Console(stderr=True)
        self._store = store
        self._bars: dict[str, TaskID] = {}
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[note]}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._campaign = self._progress.add_task("campaign", total=None, note="")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._progress.stop()

    def show(self, state: State, flight: Sequence[Trial], needed: Sequence[Trial]) -> None:
        """Draws how far the campaign and the trials in flight are."""
        costs = {trial.digest: trial.recipe.cost for trial in needed}
        finished = [digest for digest in costs if digest in state.results]
        done = sum(costs[digest] for digest in finished)
        for trial in flight:
            step, steps = _position(self._store, trial.digest)
            if steps:
                done += trial.recipe.cost * step / steps
                self._progress.update(
                    self._bar(trial), completed=step, total=steps, note=f"step {step}/{steps}"
                )
        for digest in set(self._bars) - {trial.digest for trial in flight}:
            self._progress.remove_task(self._bars.pop(digest))
        note = f"{len(finished)}/{len(costs)} trials"
        self._progress.update(self._campaign, completed=done, total=sum(costs.values()) or None, note=note)

    def _bar(self, trial: Trial) -> TaskID:
        if trial.digest not in self._bars:
            title = f"{trial.recipe.id} seed {trial.seed}"
            self._bars[trial.digest] = self._progress.add_task(title, total=None, note="")
        return self._bars[trial.digest]


def _position(store: Path, digest: str) -> tuple[int, int | None]:
    """Step and last step of a running trial; (0, None) before its first."""
    try:
        step, steps = progress_path(store, digest).read_text(encoding="utf-8").split()
        return int(step), int(steps)
    except (OSError, ValueError):
        return 0, None

"""Measures each technique's smoke tier: the harness's overhead, its input, and a whole campaign.

    python tests/bench/techniques.py [training] [campaign [OUT]]

A quarter of an hour without names; with OUT, the folder of a smoke campaign that was run from nothing, that
one is read. Trainings are short, on one thread as in trials, each pair in turn; medians count, and seconds of
the processor, which other work on the machine changes little.
"""

from __future__ import annotations

import gc
import itertools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from convergence import campaign, claims, records, training, trial
from convergence.model import Recipe
from convergence.results import TrialResult
from convergence.trial import Trial
from convergence.workers import ENVIRONMENT

PAIRS, STEPS = 4, 40  # an even number: who trains first in a pair has a disadvantage
EPOCHS, EXAMPLES = 10, 1297
UNCOMPRESSED = "uncompressed/mobilenetv2-digits"
MEASURING = ("converting", "measuring", "timing")
Train = Callable[[Recipe, Path, Path, Path | None, list[float]], None]


def ours(recipe: Recipe, folder: Path, data_root: Path, start: Path | None, loops: list[float]) -> None:
    """Trains as a trial does; notes the time after each training loop."""
    from convergence import official

    official.train(recipe, 1, folder, data_root, start, lambda *_: loops.append(time.process_time()))


def plain(recipe: Recipe, folder: Path, data_root: Path, start: Path | None, loops: list[float]) -> None:
    """Trains the same experiment as one would by hand with Official Models."""
    import tensorflow as tf
    import tf_keras
    from official.core import task_factory, train_lib, train_utils

    from convergence import official

    config = official.experiment_config(recipe, 1, data_root, start)
    tf_keras.backend.clear_session()
    tf_keras.utils.set_random_seed(1)
    tf.config.experimental.enable_op_determinism()
    strategy = tf.distribute.OneDeviceStrategy("device:CPU:0")
    with strategy.scope():
        task = task_factory.get_task(config.task, logging_dir=str(folder))
        trainer = train_utils.create_trainer(config, task, train=True, evaluate=True)
    actions = task.train_actions(trainer.model, trainer.optimizer, str(folder))
    mode = "train_and_eval" if config.trainer.train_steps else "eval"
    train_lib.run_experiment(
        strategy, task, mode, config, str(folder), save_summary=False, train_actions=actions, trainer=trainer
    )


def short(recipe: Recipe) -> Recipe:
    """The recipe with so few steps that only the time is worth something."""
    steps = min(STEPS, int(recipe.overrides.get("trainer", {}).get("train_steps", STEPS)))
    changed = {"train_steps": steps, "validation_interval": STEPS, "checkpoint_interval": STEPS}
    trainer = {**recipe.overrides.get("trainer", {}), **changed}
    return replace(recipe, overrides={**recipe.overrides, "trainer": trainer})


def headlines(recipes: Mapping[str, Recipe]) -> list[Recipe]:
    """Of each technique the smoke recipe that it stands or falls with."""
    return [r for r in recipes.values() if r.tier == "smoke" and any(claim.headline for claim in r.claims)]


def one_training(table: Table) -> None:
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    recipes = {name: short(recipe) for name, recipe in claims.load().items() if recipe.tier == "smoke"}
    with tempfile.TemporaryDirectory() as scratch:
        store, data_root = Path(scratch), Path(scratch, "data")
        beside_input(table, recipes[UNCOMPRESSED], store, data_root)
        for recipe in headlines(recipes):
            start = started(recipes, recipe, store, data_root)
            found = [pair(recipe, store, data_root, start, turn) for turn in range(PAIRS)]
            ratio = median(a / b for a, b in found)
            shown = f"{median(a for a, _ in found):.1f} s / {median(b for _, b in found):.1f} s"
            table.add_row(f"{recipe.id}, training ÷ by hand", f"{ratio:.3f}", "≤ 1.05", shown)


def pair(recipe: Recipe, store: Path, data_root: Path, start: Path | None, turn: int) -> tuple[float, float]:
    """Seconds of one training through the harness and of one by hand; who is first alternates."""
    import tf_keras

    seconds: dict[Train, float] = {}
    order: Sequence[Train] = (ours, plain) if turn % 2 else (plain, ours)
    for train in order:
        folder = store / f"{recipe.technique}-{train.__name__}-{turn}"
        folder.mkdir()
        tf_keras.backend.clear_session()
        gc.collect()  # of what the one before has left
        began = time.process_time()
        train(recipe, folder, data_root, start, [])
        seconds[train] = time.process_time() - began
    return seconds[ours], seconds[plain]


def started(recipes: Mapping[str, Recipe], recipe: Recipe, store: Path, data_root: Path) -> Path | None:
    """The folder that the recipe starts from, trained before in as few steps."""
    digest = ""
    for link in claims.closure(recipes, [recipe])[:-1]:
        one = Trial(link, 1, digest, "c", "h", trial.versions())
        if training.train(one, store, data_root, lambda *_: None) is not None:
            raise SystemExit(f"{link.id} could not be trained")
        digest = one.digest
    return store / digest if digest else None


def beside_input(table: Table, recipe: Recipe, store: Path, data_root: Path) -> None:
    """How long the input takes by itself, beside a step of the fastest training."""
    from official.core import task_factory

    from convergence import official

    loops: list[float] = []
    (store / "steps").mkdir()
    ours(recipe, store / "steps", data_root, None, loops)
    config: Any = official.experiment_config(recipe, 1, data_root, None)
    each = config.trainer.steps_per_loop
    step = median(after - before for before, after in itertools.pairwise(loops)) / each
    batches = EXAMPLES // config.task.train_data.global_batch_size
    source = iter(task_factory.get_task(config.task).build_inputs(config.task.train_data))
    for _ in range(batches):  # reads the files; from then on they are in memory
        next(source)
    began = time.process_time()
    for _ in range(EPOCHS * batches):
        next(source)
    alone = (time.process_time() - began) / EPOCHS / batches
    shown = f"{1000 * alone:.1f} ms / {1000 * step:.1f} ms"
    table.add_row("a batch of input alone ÷ an uncompressed step", f"{alone / step:.2f}", "≤ 0.5", shown)


def one_campaign(table: Table, out: Path | None) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        where = out or run_campaign(Path(scratch))
        result = records.read(where / "campaign.json", campaign.CampaignResult)
        trials = [records.read(trial.result_path(where / "trials", d), TrialResult) for d in result.trials]
    phases = [(phase, seconds) for one in trials for phase, seconds in one.seconds.items()]
    measuring = sum(seconds for phase, seconds in phases if phase.startswith(MEASURING))
    table.add_row(
        "a smoke campaign of all techniques",
        f"{result.seconds / 60:.1f} min",
        "< 45 min",
        f"{len(trials)} trials",
    )
    shown = f"{measuring:.0f} s / {result.seconds:.0f} s"
    table.add_row(
        "conversion and measuring ÷ its wall time", f"{measuring / result.seconds:.2f}", "≤ 0.25", shown
    )
    for technique in sorted({one.technique for one in trials}):
        own = [one for one in trials if one.technique == technique]
        train = sum(one.seconds.get("training", 0.0) for one in own) / len(own)
        rest = sum(sum(one.seconds.values()) for one in own) / len(own) - train
        table.add_row(f"  {technique}, a trial", "", "", f"{train:.0f} s training, {rest:.1f} s the rest")


def run_campaign(folder: Path) -> Path:
    words = ["-m", "convergence", "run", "--out", folder / "out", "--data", folder / "data"]
    done = subprocess.run([sys.executable, *map(str, words)], check=False)
    if done.returncode not in (0, 1, 3):
        raise SystemExit("the campaign failed")
    return folder / "out"


def main() -> None:
    os.environ.update(ENVIRONMENT)
    names = sys.argv[1:] or ["training", "campaign"]
    table = Table("measured", "here", "aim", "medians")
    if "training" in names:
        one_training(table)
    if "campaign" in names:
        rest = [Path(name) for name in names if name not in ("training", "campaign")]
        one_campaign(table, rest[0] if rest else None)
    Console().print(table)


if __name__ == "__main__":
    main()

"""Measures what the tools add to what they run, as ratios within one run of this script.

    python tests/bench/overhead.py [start-up] [build] [trial] [workers]

Without names, everything: some minutes. Each pair runs in turn, and the median of the pairs' ratios counts.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from convergence import claims, trial
from convergence.trial import Trial
from convergence.workers import ENVIRONMENT, Workers

PAIRS = 3
BARE_STEPS = 100
PLAIN = """
import sys
import tensorflow as tf, tf_keras
tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)
from official.core import exp_factory, task_factory, train_lib
import convergence.example
tf_keras.utils.set_random_seed(1)
tf.config.experimental.enable_op_determinism()
config = exp_factory.get_exp_config("mobilenet_digits_mot")
for part, name in ((config.task.train_data, "train"), (config.task.validation_data, "test")):
    part.input_path = f"{sys.argv[1]}/digits/{name}.tfrecord"
config.task.train_data.seed = 1
strategy = tf.distribute.OneDeviceStrategy("device:CPU:0")
with strategy.scope():
    task = task_factory.get_task(config.task, logging_dir=sys.argv[2])
train_lib.run_experiment(strategy, task, "train_and_eval", config, sys.argv[2], save_summary=False)
"""
HARNESS = """
import sys
import tensorflow as tf
tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)
from pathlib import Path
from convergence import claims, official
recipe = claims.load()["uncompressed/mobilenetv2-digits"]
Path(sys.argv[2]).mkdir(exist_ok=True)
official.train(recipe, 1, Path(sys.argv[2]), Path(sys.argv[1]), None, lambda step, steps: None)
"""


DIGITS = """
import sys
from pathlib import Path
from convergence import data
data.prepare_digits(Path(sys.argv[1]))
"""


@dataclass(frozen=True)
class Run:
    """Wall seconds and peak memory (MiB) of one process."""

    seconds: float
    memory: float


def process(words: Sequence[str | Path], cwd: Path | None = None) -> Run:
    began = time.monotonic()
    child = subprocess.Popen(
        [str(word) for word in words],
        cwd=cwd,
        env=os.environ | ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"{words} ended with status {status}")
    return Run(time.monotonic() - began, usage.ru_maxrss / 1024)


def pairs(ours: Callable[[int], Run], other: Callable[[int], Run], count: int) -> tuple[float, float, str]:
    """Median ratios of wall time and memory over interleaved pairs, and the medians themselves."""
    both = [(ours(index), other(index)) for index in range(count)]
    wall = median(a.seconds / b.seconds for a, b in both)
    memory = median(a.memory / b.memory for a, b in both)
    shown = f"{median(a.seconds for a, _ in both):.2f} s / {median(b.seconds for _, b in both):.2f} s"
    return wall, memory, shown


def start_up(table: Table) -> None:
    tools = Path(sys.executable).with_name("release-tools")
    wall, _, shown = pairs(
        lambda _: process([tools, "--help"]), lambda _: process([sys.executable, "-c", "import click"]), 11
    )
    table.add_row("release-tools --help ÷ import click", f"{wall:.2f}", "≤ 2", shown)


def build(table: Table) -> None:
    from release_tools.sandbox.tfmot_source import Revision, published, write
    from release_tools.wheel import builder

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        os.environ["RELEASE_TOOLS_CACHE"] = str(folder / "cache")
        made = published()
        commits = [
            Revision(made.version, tag=f"build-{n}", patches={"NOTE": lambda _, n=n: str(n)})
            for n in range(PAIRS)
        ]
        write(folder / "tfmot", commits, made)
        python = builder.get().python
        command = [
            Path(sys.executable).with_name("release-tools"),
            "build",
            folder / "tfmot",
            "--no-import-check",
        ]

        def ours(index: int) -> Run:
            return process([*command, "--ref", f"build-{index}", "--out", folder / "dist"])

        def bare(index: int) -> Run:
            tree = folder / f"tree-{index}"
            subprocess.run(["git", "clone", "--quiet", folder / "tfmot", tree], check=True)
            return process([python, "setup.py", "bdist_wheel", "--release", "--universal"], cwd=tree)

        wall, _, shown = pairs(ours, bare, PAIRS)
        table.add_row("build ÷ bare setup.py bdist_wheel", f"{wall:.2f}", "≤ 1.3", shown)
        hit = median(ours(0).seconds for _ in range(PAIRS))
        table.add_row("build, cache hit", f"{hit:.2f} s", "≤ 1 s", "")


def one_trial(table: Table) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        data_root = Path(scratch)
        process([sys.executable, "-c", DIGITS, data_root])
        wall, memory, shown = pairs(
            lambda n: process([sys.executable, "-c", HARNESS, data_root, data_root / f"ours-{n}"]),
            lambda n: process([sys.executable, "-c", PLAIN, data_root, data_root / f"plain-{n}"]),
            PAIRS,
        )
        table.add_row("training through the harness ÷ plain script, wall", f"{wall:.3f}", "≤ 1.05", shown)
        table.add_row("training through the harness ÷ plain script, memory", f"{memory:.3f}", "≤ 1.2", "")


def short_trial(seed: int, threads: int) -> Trial:
    recipe = claims.load()["uncompressed/mobilenetv2-digits"]
    trainer = {
        "train_steps": BARE_STEPS,
        "optimizer_config": {"learning_rate": {"cosine": {"decay_steps": BARE_STEPS}}},
    }
    return Trial(
        replace(recipe, threads=threads, overrides={"trainer": trainer}), seed, "", "c", "h", trial.versions()
    )


def workers(table: Table) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        one, beyond = trials_an_hour(Path(scratch), count=1, threads=2)
        half, _ = trials_an_hour(Path(scratch), count=1, threads=1)
        two, _ = trials_an_hour(Path(scratch), count=2, threads=1)
    for what, other in (("one two-thread worker", one), ("one of them", half)):
        shown = f"{two:.0f} / {other:.0f} trials/h"
        table.add_row(f"two one-thread workers ÷ {what}", f"{two / other:.2f}", "≥ 1.5", shown)
    table.add_row("second trial in a warm worker, beyond its phases", f"{beyond:.2f} s", "≤ 1 s", "")


def trials_an_hour(folder: Path, count: int, threads: int) -> tuple[float, float]:
    """Trials an hour once the workers are warm, and the seconds of a trial outside its phases."""
    store = folder / f"{count}-{threads}"
    with Workers(count, store, folder / "data", None) as pool:
        for future in [pool.submit(short_trial(seed, threads)) for seed in range(count)]:
            future.result()
        began = time.monotonic()
        results = [
            future.result() for future in [pool.submit(short_trial(10 + n, threads)) for n in range(4)]
        ]
        wall = time.monotonic() - began
    phases = sum(sum(result.seconds.values()) for result in results)
    return 4 / wall * 3600, (wall * count - phases) / 4


PARTS = {"start-up": start_up, "build": build, "trial": one_trial, "workers": workers}


def main() -> None:
    table = Table("measured", "here", "aim", "medians")
    for name in sys.argv[1:] or PARTS:
        PARTS[name](table)
    Console().print(table)


if __name__ == "__main__":
    main()

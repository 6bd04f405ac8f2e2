"""Measures what the workflows add to a campaign: `/converge` under act against `release-tools converge`.

    python tests/bench/workflows.py

Both build TFMOT, train the smoke tier of pruning once on this machine and judge it; some minutes each.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from overhead import process
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from stage import ROOT, harness, staged

from release_tools.sandbox.tfmot_source import Revision, published, write

COMMAND = "from release_tools.cli import main; main()"


def campaign(folder: Path, source: Path) -> float:
    """Seconds of the campaign as one command."""
    words = ["converge", "pruning", "--source", source, "--ref", "v0.0.1", "--out", folder / "out"]
    os.environ["PYTHONPATH"] = str(ROOT)
    return process([sys.executable, "-c", COMMAND, *words]).seconds


def workflows(folder: Path, source: Path) -> float:
    """Seconds from the comment's event to the end of the last job."""
    policy = f'[storage]\ndata = "{folder}/data"\ncheckpoints = "{folder}/store"\n[converge]\nlooks = [1]\n'
    with staged(folder) as stage:
        stage.environment |= {"CONVERGE_ISOLATION": "none", "CONVERGE_ALLOW_UNISOLATED": "1"}
        stage.open(policy, harness(), source)
        pull = stage.pull(stage.mona)
        stage.say(stage.mona, "/converge pruning tfmot=v0.0.2", pull)
        began = time.monotonic()
        played = stage.play()
        seconds = time.monotonic() - began
    if set(played.results.values()) != {"success"}:
        raise SystemExit(played.log)
    return seconds


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        os.environ["RELEASE_TOOLS_CACHE"] = str(folder / "cache")
        made = published()
        # Two contents, so that neither finds what the other has built and trained.
        commits = [Revision(f"0.0.{n}", f"v0.0.{n}") for n in (1, 2)]
        write(folder / "tfmot", commits, made)
        from release_tools.wheel import builder

        builder.get()
        for name in ("commands", "workflows"):
            (folder / name).mkdir()
        alone = campaign(folder / "commands", folder / "tfmot")
        through = workflows(folder / "workflows", folder / "tfmot")
        shutil.rmtree(folder / "workflows")
    table = Table("measured", "here", "aim", "seconds")
    shown = f"{through:.0f} s / {alone:.0f} s"
    table.add_row("/converge under act ÷ release-tools converge", f"{through / alone:.2f}", "≤ 1.5", shown)
    Console().print(table)


if __name__ == "__main__":
    main()

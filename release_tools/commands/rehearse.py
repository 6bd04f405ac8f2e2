"""`release-tools rehearse`: a technique's whole life, on this machine."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from release_tools.rehearsal.performance import Performance
    from release_tools.rehearsal.stage import Stage

EXAMPLE = """\b
Examples:
  release-tools rehearse                              # all of it: minutes, for it trains
  release-tools rehearse --without-training --step    # line by line
  release-tools rehearse --tfmot ../model-optimization --models ../models --keep
"""

SCHEMA_VERSION = 1
NEEDED = ("flask", "mdit_py_plugins", "nh3", "official", "pypiserver", "tensorflow", "twine")
CHECKOUT = click.Path(path_type=Path, file_okay=False, exists=True, resolve_path=True)
FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command(epilog=EXAMPLE)
@click.argument("play", default="released")
@click.option(
    "--tfmot", type=CHECKOUT, help="A checkout of TFMOT; by default, rebuilt from the published wheel."
)
@click.option("--models", type=CHECKOUT, help="A checkout of Official Models; by default, what is installed.")
@click.option("--without-training", is_flag=True, help="Play from recorded results.")
@click.option("--faults", "seed", type=int, metavar="SEED", help="Have GitHub fail at random, by this seed.")
@click.option("--step", is_flag=True, help="Wait for Enter before each line.")
@click.option("--keep", is_flag=True, help="Leave the servers up until Ctrl-C.")
@click.option("--out", type=FOLDER, default="out/rehearsal", show_default=True, help="Folder for the page.")
@click.option("--record", is_flag=True, hidden=True, help="Keep what was trained for --without-training.")
@click.option("--json", "as_json", is_flag=True, help="Write how it ended and what followed as JSON.")
def command(
    *,
    play: str,
    tfmot: Path | None,
    models: Path | None,
    without_training: bool,
    seed: int | None,
    step: bool,
    keep: bool,
    out: Path,
    record: bool,
    as_json: bool,
) -> None:
    """Rehearse the whole process here: from a pull request to pip install, and a regression that is caught.

    Nothing is pretended but GitHub: git repositories, wheels, trainings, a package index and these commands
    are real; a stand-in for GitHub answers on loopback. What is played is in a folder that is gone
    afterwards; OUT gets a page to look at. The checkouts are only read.

    Exit status: 0 all followed that had to; 1 something did not; 2 bad input.
    """
    _require_extras()
    _require_place(out)
    if step and sys.stdin is None:
        raise click.UsageError("--step waits for Enter, and standard input is closed")
    from rich.console import Console

    from release_tools.rehearsal import recorded, script, stage, terminal
    from release_tools.rehearsal.originals import Originals
    from release_tools.rehearsal.performance import Performance

    asked = Originals(tfmot, models)
    asked.require()
    made = script.load(play)
    console = Console(stderr=as_json, highlight=False)
    with stage.opened(asked, trains=not without_training, seed=seed) as opened:
        performance = Performance(opened, made, terminal.Terminal(console, step))
        passed = performance.perform()
        if record and not without_training:
            recorded.keep(opened.judged)
        _write(performance, out)
        _say(performance, out, as_json=as_json)
        if keep:
            _wait(opened, as_json=as_json)
    sys.exit(0 if passed else 1)


def _require_extras() -> None:
    """Raise a UserError where a stand-in, or what trains and uploads, is not installed."""
    from importlib.util import find_spec

    from convergence.errors import UserError

    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        hint = "pip install 'tfmot-release-tools[convergence,release,sandbox]'"
        raise UserError("missing-extra", f"{', '.join(missing)} not installed", hint=hint)


def _require_place(out: Path) -> None:
    """Raise a UserError where the page could not be written in the end; nothing is made yet."""
    import os

    from convergence.errors import UserError
    from release_tools.rehearsal.page import document

    there = next(path for path in (out.absolute(), *out.absolute().parents) if path.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK) or (out / document.NAME).is_dir():
        hint = "name a folder that you can write to: --out FOLDER"
        raise UserError("not-writable", "the page cannot be written there", where=str(out), hint=hint)


def _write(performance: Performance, out: Path) -> None:
    from release_tools import cache
    from release_tools.rehearsal import summarize
    from release_tools.rehearsal.page import document

    cache.write(out / document.NAME, document.render(summarize.summarize(performance)).encode())


def _say(performance: Performance, out: Path, *, as_json: bool) -> None:
    import dataclasses
    import json

    from release_tools.rehearsal.page import document

    page = (out / document.NAME).resolve()
    if as_json:
        acts = [dataclasses.asdict(act) for act in performance.acts]
        told = {
            "schema_version": SCHEMA_VERSION,
            "passed": performance.passed,
            "ending": performance.ending,
            "page": str(page),
            "acts": acts,
        }
        click.echo(json.dumps(told, indent=2))
        return
    seconds = sum(act.seconds for act in performance.acts)
    click.echo(
        f"\n{performance.ending} ({seconds:.0f} s). In this rehearsal the smoke tier stands for the full one."
    )
    click.echo(f"Page: {page}")


def _wait(opened: Stage, *, as_json: bool) -> None:
    """Until Ctrl-C; nothing stands after JSON."""
    import contextlib
    import threading

    where = f"GitHub’s stand-in: {opened.url}   index: {opened.index.simple}   folder: {opened.folder}"
    click.echo(f"{where}\nCtrl-C ends it.", err=as_json)
    with contextlib.suppress(KeyboardInterrupt):
        threading.Event().wait()

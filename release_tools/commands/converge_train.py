"""`release-tools converge-train`: one run of a request, in a container, with the code under test."""

from __future__ import annotations

import sys
from pathlib import Path

import click

EXAMPLE = """\b
Example:
  release-tools converge-train plan.json --wheel dist --recipe pruning/mobilenetv2-digits-50 --index 0 \\
    --models models --data /data --store /checkpoints --out trained
"""

READABLE = click.Path(path_type=Path, dir_okay=False, exists=True)
FILE = click.Path(path_type=Path, dir_okay=False, resolve_path=True)
FOLDER = click.Path(path_type=Path, file_okay=False, resolve_path=True)
EXISTING = click.Path(path_type=Path, file_okay=False, exists=True, resolve_path=True)


@click.command(epilog=EXAMPLE)
@click.argument("plan", type=READABLE)
@click.option("--wheel", type=EXISTING, required=True, help="Folder with the wheel and provenance.json.")
@click.option("--recipe", required=True, metavar="TECHNIQUE/NAME", help="What is trained.")
@click.option("--index", type=click.IntRange(min=0), required=True, help="Which of its runs, from 0.")
@click.option("--models", type=EXISTING, help="Checkout of Official Models at the plan's commit.")
@click.option("--data", type=FOLDER, required=True, help="Folder of training data; only read.")
@click.option("--store", type=FOLDER, required=True, help="Volume of checkpoints; a run goes on from there.")
@click.option("--out", type=FOLDER, required=True, help="Folder for what is to be scored; made anew.")
@click.option("--log", type=FILE, help="What the training prints; OUT.log by default.")
@click.option(
    "--isolation",
    type=click.Choice(["container", "none"]),
    envvar="CONVERGE_ISOLATION",
    help="By default a container, if any.",
)
@click.option(
    "--allow-unisolated",
    is_flag=True,
    envvar="CONVERGE_ALLOW_UNISOLATED",
    help="Run code of the pull request without a container.",
)
@click.option(
    "--image", envvar="CONVERGE_IMAGE", help="The container's image: of this machine's distribution."
)
@click.option("--minutes", type=click.FloatRange(min=0), help="End with status 75 after so long.")
def command(
    *,
    plan: Path,
    wheel: Path,
    recipe: str,
    index: int,
    models: Path | None,
    data: Path,
    store: Path,
    out: Path,
    log: Path | None,
    isolation: str | None,
    allow_unisolated: bool,
    image: str | None,
    minutes: float | None,
) -> None:
    """Train run INDEX of RECIPE, and the uncompressed model that it starts from, with the wheel under test.

    OUT gets `<digest>.training.json` and `<digest>.<conversion>.tflite` of each trial, or
    `<digest>.failure.json` of one that diverged or crashed. SIGTERM ends it; the same command goes on from
    the newest checkpoint in --store.

    Exit status: 0 trained, or failed by its own fault; 2 bad input; 4 the machine failed; 75 ended before it
    was done.
    """
    from convergence import records
    from convergence.errors import UserError
    from release_tools.jobs import isolation as kept
    from release_tools.jobs import legs, subject, waves
    from release_tools.plan import Plan

    made = records.read(plan, Plan)
    box = kept.choose(isolation, image)
    if not box.engine:
        click.echo("warning: isolation is off: there is no container around what is run", err=True)
    kept.require(box, allowed=allow_unisolated)
    subject.require_harness(made)
    tested = subject.read(made, wheel)
    run = waves.run(tested, recipe, index)
    log = log or out.with_name(f"{out.name}.log")
    try:
        sys.exit(legs.train(legs.Leg(tested, run, models, data, store, out, log, box, minutes)))
    except UserError as error:
        if error.code != legs.MACHINE_FAILED:
            raise
        click.echo(error, err=True)
        sys.exit(legs.MACHINE)

"""`release-tools converge-score`: measures what a training left, without any code of the pull request."""

from __future__ import annotations

from pathlib import Path

import click

EXAMPLE = """\b
Example:
  release-tools converge-score plan.json --wheel dist --trained trained --data /data --out scores
"""

READABLE = click.Path(path_type=Path, dir_okay=False, exists=True)
FOLDER = click.Path(path_type=Path, file_okay=False, resolve_path=True)
EXISTING = click.Path(path_type=Path, file_okay=False, exists=True, resolve_path=True)


@click.command(epilog=EXAMPLE)
@click.argument("plan", type=READABLE)
@click.option("--wheel", type=EXISTING, required=True, help="Folder with the wheel and provenance.json.")
@click.option(
    "--trained", type=EXISTING, required=True, help="What converge-train left, or a folder for each of them."
)
@click.option("--data", type=FOLDER, required=True, help="Folder of test data.")
@click.option("--out", type=FOLDER, required=True, help="Folder for the results, <digest>.json each.")
@click.option(
    "--isolation",
    type=click.Choice(["container", "none"]),
    envvar="CONVERGE_ISOLATION",
    help="By default a container, if any.",
)
@click.option(
    "--image", envvar="CONVERGE_IMAGE", help="The container's image: of this machine's distribution."
)
def command(
    *,
    plan: Path,
    wheel: Path,
    trained: Path,
    data: Path,
    out: Path,
    isolation: str | None,
    image: str | None,
) -> None:
    """Measure the TFLite files in TRAINED on our own test data and write a result for each trial.

    Accuracy, sizes and the properties that the files tell come from here, never from what trained them.
    Neither the wheel nor the pull request's code is loaded. Exit status: 0 scored, 2 refused.
    """
    from convergence import records
    from release_tools.jobs import isolation as kept
    from release_tools.jobs import measurement, subject
    from release_tools.plan import Plan

    made = records.read(plan, Plan)
    box = kept.choose(isolation, image)
    if not box.engine:
        click.echo("warning: isolation is off: files from elsewhere are opened without a container", err=True)
    subject.require_harness(made)
    asked = measurement.Measurement(subject.read(made, wheel), trained, data, out, box)
    for path in measurement.score(asked):
        click.echo(path)

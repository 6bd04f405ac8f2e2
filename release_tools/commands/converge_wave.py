"""`release-tools converge-wave`: which runs a wave of a request still needs, as a matrix of jobs."""

from __future__ import annotations

import json
from pathlib import Path

import click

EXAMPLE = """\b
Example:
  release-tools converge-wave plan.json --wheel dist --results scores --wave 1
"""

FILE = click.Path(path_type=Path, dir_okay=False)
READABLE = click.Path(path_type=Path, dir_okay=False, exists=True)
FOLDER = click.Path(path_type=Path, file_okay=False)
EXISTING = click.Path(path_type=Path, file_okay=False, exists=True)


@click.command(epilog=EXAMPLE)
@click.argument("plan", type=READABLE)
@click.option("--wheel", type=EXISTING, required=True, help="Folder with the wheel and provenance.json.")
@click.option(
    "--results", type=FOLDER, required=True, help="Folder of what was scored so far; may be absent."
)
@click.option("--wave", type=click.IntRange(min=1), default=1, show_default=True, help="Which wave this is.")
@click.option("--output", type=FILE, envvar="GITHUB_OUTPUT", help="The step's outputs: matrix, needed.")
def command(*, plan: Path, wheel: Path, results: Path, wave: int, output: Path | None) -> None:
    """Say which runs of PLAN are still needed, given the results so far.

    Prints the matrix, a JSON list of {"job", "recipe", "index"} with at most 256 entries; what is too much
    comes with the next wave. Outputs: `matrix`, and `needed` (true or false).
    """
    from convergence import records
    from release_tools import actions
    from release_tools.jobs import judging, scores, subject
    from release_tools.plan import Plan

    tested = subject.read(records.read(plan, Plan), wheel)
    found = judging.standing(tested, scores.read(results))
    matrix = found.matrix()
    if output is not None:
        actions.write_list(output, "matrix", matrix)
        actions.write_word(output, "needed", "true" if matrix else "false")
    click.echo(json.dumps(matrix))
    click.echo(f"wave {wave}: {len(matrix)} of {len(found.missing)} missing runs", err=True)

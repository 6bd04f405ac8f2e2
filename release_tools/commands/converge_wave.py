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

    Writes the matrix, a JSON list of {"job", "recipe", "index"} with at most 256 entries, and whether it
    holds any: the outputs `matrix` and `needed` (true or false).
    """
    from convergence.model import UserError

    raise UserError("unfinished", f"not there yet: {json.dumps([str(plan), str(wheel), str(results), wave])}")

"""`release-tools converge-judge`: the verdicts that a request's scores make, and whether a wave is needed."""

from __future__ import annotations

from pathlib import Path

import click

EXAMPLE = """\b
Example:
  release-tools converge-judge plan.json --wheel dist --scores scores --wave 1 --out judged
"""

FILE = click.Path(path_type=Path, dir_okay=False)
READABLE = click.Path(path_type=Path, dir_okay=False, exists=True)
FOLDER = click.Path(path_type=Path, file_okay=False)
EXISTING = click.Path(path_type=Path, file_okay=False, exists=True)


@click.command(epilog=EXAMPLE)
@click.argument("plan", type=READABLE)
@click.option("--wheel", type=EXISTING, required=True, help="Folder with the wheel and provenance.json.")
@click.option("--scores", "scores_folder", type=FOLDER, required=True, help="Results of all waves so far.")
@click.option("--wave", type=click.IntRange(min=1), default=1, show_default=True, help="The wave that ended.")
@click.option("--out", type=FOLDER, required=True, help="Folder for campaign.json.")
@click.option("--output", type=FILE, envvar="GITHUB_OUTPUT", help="The step's outputs: decided, outcome.")
def command(
    *, plan: Path, wheel: Path, scores_folder: Path, wave: int, out: Path, output: Path | None
) -> None:
    """Check the scores, judge the claims anew and write OUT/campaign.json.

    Outputs: `decided`, false while another wave would bring runs that are missing; `outcome`, one of
    reproduced, not-reproduced, inconclusive, infrastructure. Exit status: 0 judged, whatever came out; 2
    refused.
    """
    from convergence import records
    from release_tools import actions
    from release_tools.jobs import judging, scores, subject
    from release_tools.plan import Plan

    tested = subject.read(records.read(plan, Plan), wheel)
    judged = judging.judge(tested, scores.read(scores_folder), wave)
    records.write(out / "campaign.json", judged.campaign)
    decided, outcome = str(judged.decided).lower(), judged.outcome.value.replace(" ", "-")
    if output is not None:
        actions.write_word(output, "decided", decided)
        actions.write_word(output, "outcome", outcome)
    for verdict in judged.campaign.verdicts:
        click.echo(f"{verdict.claim.id}: {verdict.line}")
    click.echo(f"{outcome}, {'decided' if judged.decided else 'more runs are needed'}", err=True)

"""`release-tools converge-archive`: keeps what a request found on the history branch, for gates to read."""

from __future__ import annotations

import os
from pathlib import Path

import click

EXAMPLE = """\b
Example:
  release-tools converge-archive plan.json --campaign judged/campaign.json --wheel dist --run URL
"""

READABLE = click.Path(path_type=Path, dir_okay=False, exists=True)
EXISTING = click.Path(path_type=Path, file_okay=False, exists=True)


@click.command(epilog=EXAMPLE)
@click.argument("plan", type=READABLE)
@click.option("--campaign", type=READABLE, required=True, help="What converge-judge wrote.")
@click.option("--wheel", type=EXISTING, required=True, help="Folder with the wheel and provenance.json.")
@click.option("--run", default="", metavar="URL", help="Address of the workflow run that found it.")
@click.option(
    "--commit",
    envvar="GITHUB_WORKFLOW_SHA",
    default="",
    metavar="SHA",
    help="Of the harness: our own workflow's.",
)
@click.option("--policy", type=READABLE, help="Policy file; by default that of the default branch.")
@click.option("--dry-run", is_flag=True, help="Print the record, and write nothing.")
def command(
    *, plan: Path, campaign: Path, wheel: Path, run: str, commit: str, policy: Path | None, dry_run: bool
) -> None:
    """Add one record to the history branch, which is made where it is missing; none is ever changed.

    The same record is kept once, however often this runs. The token, from GITHUB_TOKEN, needs contents:
    write.
    """
    from convergence import records
    from convergence.campaign import CampaignResult
    from release_tools import effects
    from release_tools.jobs import connection, history, judging, subject
    from release_tools.plan import Plan

    made = records.read(plan, Plan)
    tested = subject.read(made, wheel)
    result = records.read(campaign, CampaignResult)
    judging.require_of_plan(result, tested.campaign())
    record = history.record(made, result, tested.sha256, run, commit)
    if dry_run:
        click.echo(records.text(record), nl=False)
        return
    github = connection.connect(os.environ)
    effect = history.keep(record, connection.policy(github, made.repository, policy).storage.history)
    github.perform(effect)
    click.echo(effects.describe(effect))

"""`release-tools converge-report`: says on the pull request how a request stands."""

from __future__ import annotations

import os
from pathlib import Path

import click

EXAMPLE = """\b
Examples:
  release-tools converge-report plan.json --state training --wave 2 --dry-run
  release-tools converge-report plan.json --state judged --campaign judged/campaign.json --scores scores
"""

READABLE = click.Path(path_type=Path, dir_okay=False, exists=True)
EXISTING = click.Path(path_type=Path, file_okay=False, exists=True)
STATES = (
    "queued",
    "held",
    "building",
    "training",
    "unbuilt",
    "judged",
    "infrastructure",
    "cancelled",
)


@click.command(epilog=EXAMPLE)
@click.argument("plan", type=READABLE)
@click.option("--state", type=click.Choice(STATES), required=True, help="judged: as the campaign says.")
@click.option("--campaign", type=READABLE, help="What converge-judge wrote.")
@click.option("--scores", type=EXISTING, help="The results that it rests on.")
@click.option(
    "--wave", type=click.IntRange(min=1), default=1, show_default=True, help="The wave in training."
)
@click.option(
    "--attempt", type=click.IntRange(min=1), default=1, help="How often this content was asked for."
)
@click.option("--reason", default="", help="Why it was cancelled or has no verdict; from anywhere.")
@click.option("--run", default="", metavar="URL", help="Address of the workflow run.")
@click.option("--page", default="", metavar="URL", help="Address of the full report.")
@click.option("--dry-run", is_flag=True, help="Print what would be said, and do nothing.")
def command(
    *,
    plan: Path,
    state: str,
    campaign: Path | None,
    scores: Path | None,
    wave: int,
    attempt: int,
    reason: str,
    run: str,
    page: str,
    dry_run: bool,
) -> None:
    """Update the one comment and the check of PLAN's request; the head is read again first.

    The token comes from GITHUB_TOKEN, its account's name from GITHUB_LOGIN or GitHub itself.
    """
    from convergence import records
    from convergence.campaign import CampaignResult
    from release_tools import effects, report
    from release_tools.jobs import connection
    from release_tools.jobs import scores as kept
    from release_tools.plan import Plan
    from release_tools.report import standing

    made = records.read(plan, Plan)
    result = records.read(campaign, CampaignResult) if campaign else None
    trials = standing.trials(result, kept.read(scores) if scores else {})
    github = connection.connect(os.environ)
    head = github.resolve(made.repository, f"refs/pull/{made.pull_request}/head")
    told = standing.report(
        state, made, head, result, trials, attempt=attempt, wave=wave, reason=reason, run=run, page=page
    )
    for effect in report.effects(told):
        click.echo(effects.describe(effect))
        if dry_run:
            continue
        github.perform(effect)

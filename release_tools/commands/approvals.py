"""`release-tools approvals`: after an event shows where its pull request stands, else all of them."""

from __future__ import annotations

import os
from pathlib import Path

import click

EXAMPLE = """\b
Examples:
  release-tools approvals                               # in a workflow, with GITHUB_TOKEN
  release-tools approvals --repo tensorflow/models --dry-run
"""

READABLE = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command(epilog=EXAMPLE)
@click.option("--event", type=READABLE, envvar="GITHUB_EVENT_PATH", help="Payload; without one, look at all.")
@click.option(
    "--repo", envvar="GITHUB_REPOSITORY", required=True, metavar="OWNER/NAME", help="The repository."
)
@click.option("--policy", type=READABLE, help="Policy file; by default that of the default branch.")
@click.option("--dry-run", is_flag=True, help="Say what would be shown, and show nothing.")
@click.option(
    "--json", "as_json", is_flag=True, help="Write the states as JSON; what is shown goes to stderr."
)
def command(*, event: Path | None, repo: str, policy: Path | None, dry_run: bool, as_json: bool) -> None:
    """Show on pull requests where their techniques stand: one comment, one check and one label.

    An event that names a pull request has that one looked at; any other, every open one that is about a
    technique. Where all is said already, nothing is written. Exit status: 0 shown, 2 bad input.
    """
    from release_tools.approvals import publishing
    from release_tools.approvals.elsewhere import Elsewhere
    from release_tools.jobs import connection

    github = connection.connect(os.environ)
    outside = Elsewhere(github.clone_address, connection.fetch(os.environ))
    run = publishing.Run(github, repo, policy, outside)
    number = publishing.numbered(event) if event else 0
    states = run.look_at(number) if number else run.look()
    if as_json:
        click.echo(publishing.as_json(states))
    for line in run.publish(dry_run=dry_run):
        click.echo(line, err=as_json)

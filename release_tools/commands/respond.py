"""`release-tools respond`: a comment on a pull request → what is done about it."""

from __future__ import annotations

import os
from pathlib import Path

import click

EXAMPLE = """\b
Examples:
  release-tools respond --dry-run --event event.json --policy .github/release-tools.toml
  release-tools respond --plan-out plan.json      # in a workflow on issue_comment, with GITHUB_TOKEN
  release-tools respond --only answers            # in another workflow, for all that starts nothing
"""

FILE = click.Path(path_type=Path, dir_okay=False)
READABLE = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command(epilog=EXAMPLE)
@click.option("--event", "path", type=READABLE, envvar="GITHUB_EVENT_PATH", required=True, help="Payload.")
@click.option("--policy", type=READABLE, help="Policy file; by default that of the default branch.")
@click.option(
    "--only", type=click.Choice(["requests", "answers"]), help="Answer only what starts a test, or all else."
)
@click.option("--plan-out", type=FILE, help="Where the plan of an accepted request goes.")
@click.option("--output", type=FILE, envvar="GITHUB_OUTPUT", help="The step's outputs, for later jobs.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--json", "as_json", is_flag=True, help="Write each thing that is done as a line of JSON.")
def command(
    *,
    path: Path,
    policy: Path | None,
    only: str | None,
    plan_out: Path | None,
    output: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Answer a comment on a pull request: do what it asks for, or say why not and what would work.

    Only a comment that a person has just written counts, and only its first line. The token comes from
    GITHUB_TOKEN, its account's name from GITHUB_LOGIN or GitHub itself. Exit status: 0 answered, or nothing
    was asked; 2 the policy or the event cannot be read; 4 GitHub does not answer: run it again.
    """
    from release_tools import event, response
    from release_tools.jobs import connection

    heard = event.read(path, os.environ)
    github = connection.connect(os.environ)
    part = response.Part(only) if only else None
    for decided in response.respond(heard, github, policy, part):
        click.echo(response.as_json(decided) if as_json else response.line(decided))
        if not dry_run:
            response.carry_out(decided, github.perform, plan_out, output)

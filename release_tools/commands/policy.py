"""`release-tools policy`: the policy that counts for an event, and what workflows need of it."""

from __future__ import annotations

import os
from pathlib import Path

import click

EXAMPLE = """\b
Example:
  release-tools policy      # in a workflow on issue_comment, with GITHUB_TOKEN
"""

FILE = click.Path(path_type=Path, dir_okay=False)
READABLE = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command(epilog=EXAMPLE)
@click.option("--event", "path", type=READABLE, envvar="GITHUB_EVENT_PATH", required=True, help="Payload.")
@click.option("--output", type=FILE, envvar="GITHUB_OUTPUT", help="The step's outputs, for later jobs.")
def command(*, path: Path, output: Path | None) -> None:
    """Say which runners and folders the policy gives to jobs.

    The token comes from GITHUB_TOKEN. Exit status: 0 it is said; 2 the policy or the event cannot be read.
    """
    from release_tools import actions, event, response
    from release_tools.jobs import connection

    reader = connection.connect(os.environ)
    found = actions.machines(response.policy(event.read(path, os.environ), reader, None))
    for key, value in found.items():
        click.echo(f"{key}={value}")
    if output is not None:
        actions.write(output, found)

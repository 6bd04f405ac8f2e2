"""`release-tools status`: where every technique stands on its way to pip, and whose turn it is."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from release_tools.approvals.steps import TechniqueState

EXAMPLE = """\b
Examples:
  release-tools status --repo tensorflow/models            # with GITHUB_TOKEN
  release-tools status pruning --repo tensorflow/models
  release-tools status 1234 --repo tensorflow/models --json
  release-tools status --repo tensorflow/models --page steps.html
"""


@click.command(epilog=EXAMPLE)
@click.argument("what", default="", metavar="[TECHNIQUE|PULL_REQUEST]")
@click.option(
    "--repo", envvar="GITHUB_REPOSITORY", required=True, metavar="OWNER/NAME", help="The repository."
)
@click.option(
    "--policy", type=click.Path(exists=True, dir_okay=False), help="Policy file; by default the repository's."
)
@click.option("--publish", is_flag=True, help="Show it on the pull requests, too: comment, check and label.")
@click.option("--dry-run", is_flag=True, help="With --publish: say what would be shown, and show nothing.")
@click.option("--json", "as_json", is_flag=True, help="Write the states as JSON.")
@click.option("--page", type=click.Path(dir_okay=False), help="Write them as a page for a browser.")
def command(
    *,
    what: str,
    repo: str,
    policy: str | None,
    publish: bool,
    dry_run: bool,
    as_json: bool,
    page: str | None,
) -> None:
    """Say where techniques stand: all with an open pull request, or one in full.

    The seven steps are those of TFMOT's OFFICIAL_MODELS.md. What cannot be told is never done, and its line
    says what it would take to tell. With --publish a pull request on which all is said already is left alone.

    Exit status: 0 told; 1 the one that was asked for is blocked; 2 bad input; 3 the one asked for hangs on
    something that cannot be told.
    """
    from pathlib import Path

    from release_tools.approvals import publishing
    from release_tools.approvals.elsewhere import Elsewhere
    from release_tools.jobs import connection

    github = connection.connect(os.environ)
    outside = Elsewhere(github.clone_address, connection.fetch(os.environ))
    run = publishing.Run(github, repo, Path(policy) if policy else None, outside)
    states = run.look(what)
    if page:
        _write(Path(page), states, repo)
    if as_json:
        click.echo(publishing.as_json(states))
    elif what:
        _in_full(states)
    else:
        _all(states, repo)
    if publish:
        for line in run.publish(dry_run=dry_run):
            click.echo(line, err=True)
    if what:
        raise SystemExit(publishing.exit_status(states))


def _write(path: Path, states: Sequence[TechniqueState], repository: str) -> None:
    from release_tools import cache
    from release_tools.page import process

    cache.write(path, process.render(states, repository).encode())


def _in_full(states: Sequence[TechniqueState]) -> None:
    from release_tools.approvals import prose

    for number, state in enumerate(states):
        click.echo("\n" * bool(number) + "\n".join(prose.plain(state)))


def _all(states: Sequence[TechniqueState], repository: str) -> None:
    from rich.console import Console
    from rich.table import Table

    from release_tools.approvals import prose
    from release_tools.markdown import one_line

    if not states:
        click.echo(f"No open pull request of {repository} is about a technique.")
        return
    table = Table("technique", "pull request", "steps", "is at", "state", "next", box=None, pad_edge=False)
    for state in states:
        name, *rest = (one_line(cell) for cell in prose.columns(state))
        table.add_row(name, rest[0], prose.steps_line(state), *rest[1:])
    Console().print(table)

"""`release-tools fork`: keeps the fork of Official Models at its upstream, with our commits on top."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from release_tools.fork.sync import Commit, Sync

EXAMPLE = """\b
Examples:
  release-tools fork sync --repo ORG/models --dry-run
  release-tools fork sync --repo ORG/models
"""


@click.group()
def command() -> None:
    """Keep the fork of Official Models in order."""


@command.command("sync", epilog=EXAMPLE)
@click.option("--repo", required=True, envvar="GITHUB_REPOSITORY", metavar="OWNER/NAME", help="The fork.")
@click.option("--upstream", default="tensorflow/models", show_default=True, help="What it is a fork of.")
@click.option("--branch", default="", help="The fork's branch; by default the default one.")
@click.option("--dry-run", is_flag=True, help="Say what would move; push nothing.")
@click.option("--json", "as_json", is_flag=True, help="Write the result as JSON.")
def sync(*, repo: str, upstream: str, branch: str, dry_run: bool, as_json: bool) -> None:
    """Have the fork's branch be the upstream's newest commit with our commits on top.

    It is made in a clone that is thrown away, and pushed whole or not at all; what somebody else pushes
    meanwhile is never lost. Where commits of ours conflict, they are listed with their files, and nothing is
    pushed. The branch `mot/upstream` of the fork says which upstream commit ours are on.

    Exit status: 0 synced, or as before; 1 refused for a conflict; 2 bad input.
    """
    from convergence import records
    from release_tools.fork import sync as syncing
    from release_tools.jobs import connection

    hub, token = connection.connect(os.environ), os.environ.get("GITHUB_TOKEN", "")
    address = hub.clone_address(repo)
    fork = syncing.Remote(address, branch or hub.default_branch(repo), token)
    source = syncing.Remote(hub.clone_address(upstream), hub.default_branch(upstream), token)
    done = syncing.run(fork, source, dry_run=dry_run)
    if as_json:
        click.echo(records.text(done), nl=False)
    else:
        _say(done, upstream, dry_run=dry_run)
    sys.exit(done.state is syncing.State.CONFLICT)


def _say(done: Sync, upstream: str, *, dry_run: bool) -> None:
    from release_tools.fork.sync import State

    if done.rewritten:
        click.echo(f"warning: {upstream} took back commits that the fork had", err=True)
    for conflict in done.conflicts:
        what = ", ".join(map(_word, conflict.files)) or "a merge with changes of its own"
        click.echo(f"conflict  {_line(conflict.commit)}: {what}")
    for verb, commits in (("landed", done.landed), ("kept", done.kept if not done.conflicts else ())):
        for one in commits:
            click.echo(f"{verb:<10}{_line(one)}")
    where = f"{done.branch} on {upstream}@{done.upstream[:12]}"
    if done.state is State.CONFLICT:
        hint = "rebase the branch by hand, and push it"
        click.echo(
            f"refused: ours do not go onto {upstream}@{done.upstream[:12]}; nothing was pushed; {hint}",
            err=True,
        )
    elif done.state is State.AS_BEFORE:
        click.echo(f"as before: {where}")
    else:
        verb = "would move" if dry_run else "moved"
        click.echo(f"{verb} {where}: {done.before[:12]} → {done.after[:12]}")


def _line(commit: Commit) -> str:
    return f"{commit.sha[:12]} {_word(commit.subject)}"


def _word(text: str) -> str:
    from release_tools.markdown import one_line

    return one_line(text, 100)

"""`release-tools bump-min-version`: raises the minimum version of a package in requirements, or refuses."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from release_tools.minimum import Outcome

EXAMPLE = """\b
Examples:
  release-tools bump-min-version 0.8.0 official/requirements.txt
  release-tools bump-min-version 0.8.0 --dry-run
  release-tools bump-min-version --api --probe official
"""


@click.command(epilog=EXAMPLE)
@click.argument("words", nargs=-1, metavar="VERSION [PATH]...")
@click.option("--package", default="tensorflow-model-optimization", show_default=True, help="Whose minimum.")
@click.option("--pins", type=click.Choice(["bump"]), help="Move == pins below VERSION to it.")
@click.option("--upper", type=click.Choice(["widen"]), help="Move upper bounds below VERSION above it.")
@click.option("--allow-prerelease", is_flag=True, help="VERSION may be a pre-release.")
@click.option("--api", is_flag=True, help="Find what the minimum really is; VERSION may be left out.")
@click.option("--probe", is_flag=True, help="With --api: import the code's modules at the minimum.")
@click.option("--commit", is_flag=True, help="Make one commit on a branch; leave the files as they are.")
@click.option("--dry-run", is_flag=True, help="Show the change as a patch; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Write the result as JSON.")
@click.option("--verify/--no-verify", default=True, help="Ask the package index whether VERSION fits.")
def command(
    *,
    words: tuple[str, ...],
    package: str,
    pins: str | None,
    upper: str | None,
    allow_prerelease: bool,
    api: bool,
    probe: bool,
    commit: bool,
    dry_run: bool,
    as_json: bool,
    verify: bool,
) -> None:
    """Raise the minimum version of a package to VERSION in the files or folders PATH (default: here).

    The versions allowed afterwards are exactly those allowed before that are also at or above VERSION;
    every other byte stays. Otherwise it says why not and touches no file: all files change or none do.

    Exit status: 0 changed or unchanged, 1 refused, 2 bad input.
    """
    from release_tools import bump, bump_report, minimum
    from release_tools.floors import Options

    named, target, paths = bump.target(package, words, optional=api or probe)
    options = Options(bool(pins), bool(upper), allow_prerelease)
    request = minimum.Request(
        named, target, paths or (Path(),), options, verify, api or probe, probe, dry_run, commit
    )
    with _progress(shown=verify or request.api) as say:
        outcome = minimum.run(request, say)
    for line in bump_report.warnings(outcome):
        click.echo(f"warning: {line}", err=True)
    if as_json:
        click.echo(bump_report.as_json(outcome))
    else:
        _show(outcome, dry_run)
    sys.exit(bool(outcome.decision and outcome.decision.refusals))


def _show(outcome: Outcome, dry_run: bool) -> None:
    from release_tools import bump_report

    decision = outcome.decision
    if outcome.floor:
        click.echo(str(outcome.floor))
    if decision:
        patch = dry_run and bool(decision.changes)
        if patch:
            click.echo(bump_report.diff(decision, terminal=sys.stdout.isatty()), nl=False)
        verb = "would change" if dry_run else "committed" if outcome.committed else "changed"
        click.echo(bump_report.summary(decision, verb=verb), err=patch or bool(decision.refusals))
    if outcome.committed:
        made = "" if outcome.committed.made else ", as before"
        click.echo(f"as {outcome.committed.sha[:12]} on {outcome.committed.branch}{made}")


@contextlib.contextmanager
def _progress(*, shown: bool) -> Iterator[Callable[[str], None]]:
    """Says what takes its time, on a terminal."""
    if not (shown and sys.stderr.isatty()):
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("Reading") as status:
        yield lambda step: status.update(f"{step}…")

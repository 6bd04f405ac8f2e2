"""`release-tools bump-min-version`: raises the minimum version of a package in requirements, or refuses."""

from __future__ import annotations

import sys
from pathlib import Path

import click

EXAMPLE = """\b
Examples:
  release-tools bump-min-version 0.8.0 official/requirements.txt
  release-tools bump-min-version 0.8.0 --dry-run
  release-tools bump-min-version --api --probe official
"""


@click.command(epilog=EXAMPLE)
@click.argument("version")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--package", default="tensorflow-model-optimization", show_default=True, help="Whose minimum.")
@click.option("--pins", type=click.Choice(["bump"]), help="Move == pins below VERSION to it.")
@click.option(
    "--upper", type=click.Choice(["widen"]), help="Move upper bounds that exclude VERSION above it."
)
@click.option("--allow-prerelease", is_flag=True, help="VERSION may be a pre-release.")
@click.option("--dry-run", is_flag=True, help="Show the change as a patch; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Write the result as JSON.")
@click.option(
    "--no-verify", "verify", is_flag=True, default=True, flag_value=False, help="Do not ask the index."
)
def command(
    *,
    version: str,
    paths: tuple[Path, ...],
    package: str,
    pins: str | None,
    upper: str | None,
    allow_prerelease: bool,
    dry_run: bool,
    as_json: bool,
    verify: bool,
) -> None:
    """Raise the minimum version of a package to VERSION in the files or folders PATHS (default: here).

    The versions allowed afterwards are exactly those allowed before that are also at or above VERSION;
    every other byte stays. Otherwise it says why not and touches no file: all files change or none do.

    Exit status: 0 changed or unchanged, 1 refused, 2 bad input.
    """
    from release_tools import bump, bump_report, declarations, journal
    from release_tools.floors import Options

    wanted = bump.target(package, version)
    journal.recover()
    found = declarations.search(paths or (Path(),), wanted.package)
    decision = bump.decide(
        found, wanted.package, wanted.version, Options(bool(pins), bool(upper), allow_prerelease)
    )
    if decision.changes and not dry_run:
        journal.replace_all([journal.Replacement(c.target, c.before, c.after) for c in decision.changes])
    if as_json:
        click.echo(bump_report.as_json(bump_report.plain(decision)))
    else:
        if dry_run and decision.changes:
            click.echo(bump_report.diff(decision))
        click.echo(bump_report.summary(decision, done=not dry_run), err=dry_run or bool(decision.refusals))
    sys.exit(bool(decision.refusals))

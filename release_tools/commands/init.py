"""`release-tools init`: makes a repository answer `/converge`, and checks what only its owner can set."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

import click

EXAMPLE = """\b
Examples:
  release-tools init . --repo tensorflow/models --tools OWNER/tfmot-release-tools@SHA
  release-tools init --check --repo tensorflow/models       # with GITHUB_TOKEN
"""

FOLDER = click.Path(path_type=Path, file_okay=False, exists=True)


@click.command(epilog=EXAMPLE)
@click.argument("folder", type=FOLDER, default=".")
@click.option("--repo", required=True, metavar="OWNER/NAME", help="The repository.")
@click.option("--tools", default="", metavar="OWNER/NAME@SHA", help="Where our workflows are, and which.")
@click.option("--version", "release", default="", help="What that commit is called; ours, if not given.")
@click.option("--branch", default="master", show_default=True, help="The repository's default branch.")
@click.option("--check", is_flag=True, help="Write nothing; say what is set on GitHub and what is not.")
@click.option("--only", default="", help="Check this setting alone.")
@click.option("--force", is_flag=True, help="Write over what was changed; the policy is kept.")
@click.option("--dry-run", is_flag=True, help="Say what would be written.")
@click.option("--json", "as_json", is_flag=True, help="Write each line as JSON.")
def command(
    *,
    folder: Path,
    repo: str,
    tools: str,
    release: str,
    branch: str,
    check: bool,
    only: str,
    force: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Write into FOLDER, a checkout of --repo, what makes it answer /converge.

    That is the workflow that calls ours, a policy, the hook for GPU runners, and the owner's checklist.
    Running it again changes nothing. With --check, say which of the owner's settings on GitHub are as they
    should be.

    Exit status: 0 written, or all is as it should be; 1 a setting is not; 2 bad input; 3 one cannot be told.
    """
    if check:
        sys.exit(_check(repo, only, as_json=as_json))
    from importlib import metadata

    from release_tools import installation

    name, _, sha = tools.partition("@")
    release = release or f"v{metadata.version('tfmot-release-tools')}"
    files = installation.compare(installation.Installation(repo, branch, name, sha, release), folder)
    if not force:
        installation.require_unchanged(files)
    if not dry_run:
        installation.write(files, folder)
    for file in files:
        said = {"path": file.path, "was": file.found.value}
        click.echo(json.dumps(said) if as_json else f"{file.found.value:<10}{file.path}")


def _check(repository: str, only: str, *, as_json: bool) -> int:
    from release_tools import settings
    from release_tools.jobs import connection

    reader = connection.connect(os.environ)
    findings = []
    for one in settings.check(repository, reader, only):
        findings.append(one)
        hint = f" — {one.hint}" if one.hint else ""
        plain = json.dumps(asdict(one) | {"state": one.state.value})
        click.echo(plain if as_json else f"{one.state.value:<8}{one.name}: {one.line}{hint}")
    return settings.exit_status(findings)

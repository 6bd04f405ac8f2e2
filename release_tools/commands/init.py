"""`release-tools init`: makes a repository answer `/converge`, founds the fork, checks what owners set."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from release_tools.installation import File, Installation

EXAMPLE = """\b
Examples:
  release-tools init . --repo tensorflow/models --tools OWNER/tfmot-release-tools@SHA
  release-tools init --open-pr --repo tensorflow/models --tools OWNER/tfmot-release-tools@SHA
  release-tools init --fork ORG/models --repo tensorflow/models --reviewer ORG/mot --dry-run
  release-tools init --check --repo tensorflow/models       # with GITHUB_TOKEN
"""

FOLDER = click.Path(path_type=Path, file_okay=False, exists=True)


@click.command(epilog=EXAMPLE)
@click.argument("folder", type=FOLDER, default=".")
@click.option("--repo", required=True, metavar="OWNER/NAME", help="The repository.")
@click.option("--tools", default="", metavar="OWNER/NAME@SHA", help="Where our workflows are, and which.")
@click.option("--version", "release", default="", help="What that commit is called; ours, if not given.")
@click.option("--branch", default="master", show_default=True, help="The repository's default branch.")
@click.option("--open-pr", is_flag=True, help="Offer it as a pull request on GitHub instead of writing it.")
@click.option("--fork", "fork_name", default="", metavar="OWNER/NAME", help="Found this fork of --repo.")
@click.option(
    "--reviewer", "reviewers", multiple=True, help="With --fork: who consents; ORG/TEAM or a login."
)
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
    open_pr: bool,
    fork_name: str,
    reviewers: tuple[str, ...],
    check: bool,
    only: str,
    force: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Write into FOLDER, a checkout of --repo, what makes it answer /converge.

    That is the workflow that calls ours, a policy, the hook for GPU runners, and the owner's checklist.
    Running it again changes nothing. With --open-pr it is one pull request, whose text is the checklist. With
    --fork, --repo is forked, its branches get rules, and its environment reviewers. With --check, say which
    of the owner's settings on GitHub are as they should be.

    Exit status: 0 done, or all is as it should be; 1 refused, or a setting is not; 2 bad input; 3 one cannot
    be told.
    """
    _require_one(check=check, open_pr=open_pr, fork=bool(fork_name))
    if check:
        sys.exit(_check(repo, only, as_json=as_json))
    if fork_name:
        _found(repo, fork_name, reviewers, dry_run=dry_run, as_json=as_json)
        return
    made = _installation(repo, tools, release, branch)
    if open_pr:
        sys.exit(_submit(made, force=force, dry_run=dry_run, as_json=as_json))
    from release_tools import installation

    files = installation.compare(made, folder)
    if not force:
        installation.require_unchanged(files)
    if not dry_run:
        installation.write(files, folder)
    _list(files, as_json=as_json)


def _require_one(**asked: bool) -> None:
    from convergence.errors import UserError

    if sum(asked.values()) > 1:
        raise UserError("usage", "--check, --open-pr and --fork exclude each other", hint="give one of them")


def _installation(repo: str, tools: str, release: str, branch: str) -> Installation:
    from importlib import metadata

    from release_tools.installation import Installation

    name, _, sha = tools.partition("@")
    return Installation(repo, branch, name, sha, release or f"v{metadata.version('tfmot-release-tools')}")


def _list(files: Iterable[File], *, as_json: bool) -> None:
    for file in files:
        said = {"path": file.path, "was": file.found.value}
        click.echo(json.dumps(said) if as_json else f"{file.found.value:<10}{file.path}")


def _submit(made: Installation, *, force: bool, dry_run: bool, as_json: bool) -> int:
    """Offers the files to the repository on GitHub."""
    from release_tools import submission
    from release_tools.jobs import connection

    done = submission.submit(made, connection.connect(os.environ), force=force, dry_run=dry_run)
    _list(done.files, as_json=as_json)
    state = "would be " + done.state if dry_run and done.state in {"opened", "updated"} else done.state
    if as_json:
        click.echo(json.dumps({"state": state, "url": done.url, "refusal": done.refusal}))
    elif done.refusal:
        click.echo(f"refused: {done.refusal}", err=True)
    else:
        click.echo(f"{state}: {done.url or made.repository}")
    return bool(done.refusal)


def _found(repo: str, fork: str, reviewers: tuple[str, ...], *, dry_run: bool, as_json: bool) -> None:
    """Creates the fork and its protections, one after the other; what is there stays."""
    from release_tools.effects import describe
    from release_tools.fork import founding
    from release_tools.jobs import connection
    from release_tools.policy import Storage

    made = founding.Founding(repo, fork, Storage().history, reviewers)
    hub = connection.connect(os.environ)
    effects = founding.effects(made)
    there = [hub.is_there(effect) for effect in effects]  # before anything is written: all of it can be
    for effect, is_there in zip(effects, there, strict=True):
        if not is_there and not dry_run:
            hub.perform(effect)
        state = "as before" if is_there else "would be" if dry_run else "done"
        said = describe(effect)
        click.echo(json.dumps({"effect": said, "state": state}) if as_json else f"{state:<11}{said}")
    if not as_json and not dry_run:
        click.echo(f'next: repositories.fork = "{fork}" in the policy of {repo}')
        click.echo(f"next: release-tools fork sync --repo {fork} --upstream {repo}")


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

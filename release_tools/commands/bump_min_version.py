"""`release-tools bump-min-version`: raises the minimum version of a package in requirements, or refuses."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from release_tools.bump.minimum import Outcome, Request
    from release_tools.bump.remote import Contribution

EXAMPLE = """\b
Examples:
  release-tools bump-min-version 0.8.0 official/requirements.txt
  release-tools bump-min-version 0.8.0 --dry-run
  release-tools bump-min-version --api --probe official
  release-tools bump-min-version 0.8.0 --repo tensorflow/models --open-pr --evidence out/campaign.json
"""
READABLE = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command(epilog=EXAMPLE)
@click.argument("words", nargs=-1, metavar="VERSION [PATH]...")
@click.option("--package", default="tensorflow-model-optimization", show_default=True, help="Whose minimum.")
@click.option("--pins", type=click.Choice(["bump"]), help="Move == pins below VERSION to it.")
@click.option("--upper", type=click.Choice(["widen"]), help="Move upper bounds below VERSION above it.")
@click.option("--allow-prerelease", is_flag=True, help="VERSION may be a pre-release.")
@click.option("--api", is_flag=True, help="Find what the minimum really is; VERSION may be left out.")
@click.option("--probe", is_flag=True, help="With --api: import the code's modules at the minimum.")
@click.option("--commit", is_flag=True, help="Make one commit on a branch; leave the files as they are.")
@click.option("--repo", metavar="OWNER/NAME", help="A repository on GitHub, instead of files here.")
@click.option("--open-pr", is_flag=True, help="With --repo: one pull request, kept up with its base.")
@click.option("--base", default="", help="With --open-pr: the branch it goes to; by default the default one.")
@click.option("--label", "labels", multiple=True, help="With --open-pr: a label, beside the policy's.")
@click.option("--pull-request", type=click.IntRange(1), help="With --repo: suggest it on this one.")
@click.option("--evidence", type=READABLE, help="With --repo: campaign.json of `converge`, for the text.")
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
    repo: str | None,
    open_pr: bool,
    base: str,
    labels: tuple[str, ...],
    pull_request: int | None,
    evidence: Path | None,
    dry_run: bool,
    as_json: bool,
    verify: bool,
) -> None:
    """Raise the minimum version of a package to VERSION in the files or folders PATH (default: here).

    The versions allowed afterwards are exactly those allowed before that are also at or above VERSION;
    every other byte stays. Otherwise it says why not and touches no file: all files change or none do.

    With --repo, PATH is one within the repository, and GITHUB_TOKEN says whose pull request it is. Its branch
    is brought up to date when this runs again, but never over somebody else's commits.

    Exit status: 0 changed or unchanged, 1 refused, 2 bad input.
    """
    from release_tools import bump
    from release_tools.bump import minimum
    from release_tools.bump.floors import Options

    _check_usage(repo, open_pr=open_pr, pull_request=pull_request, commit=commit)
    named, target, paths = bump.target(package, words, optional=(api or probe) and not repo)
    options = Options(bool(pins), bool(upper), allow_prerelease)
    request = minimum.Request(
        named, target, paths or (Path(),), options, verify, api or probe, probe, dry_run, commit
    )
    if repo:
        offered = _contribute(request, repo, base, pull_request or 0, labels, evidence)
        outcome = offered.outcome
    else:
        with _progress(shown=verify or request.api) as say:
            outcome, offered = minimum.run(request, say), None
    _say(outcome, offered, dry_run=dry_run, as_json=as_json)
    sys.exit(bool(outcome.decision and outcome.decision.refusals))


def _check_usage(repo: str | None, *, open_pr: bool, pull_request: int | None, commit: bool) -> None:
    """Say which options do not go together.

    Raises:
      UserError: `usage`.
    """
    from convergence.errors import UserError

    if repo and (open_pr == bool(pull_request) or commit):
        hint = "one of --open-pr and --pull-request N"
        raise UserError("usage", "--repo needs to know what for", hint=hint)
    if not repo and (open_pr or pull_request):
        raise UserError("usage", "which repository?", hint="--repo OWNER/NAME")


def _contribute(
    request: Request, repo: str, base: str, number: int, labels: tuple[str, ...], evidence: Path | None
) -> Contribution:
    """Offer the change to a repository on GitHub."""

    from release_tools.bump import remote
    from release_tools.bump import words as bump_words
    from release_tools.jobs import connection

    github = connection.connect(os.environ)
    proven = bump_words.read_verdicts(evidence) if evidence else ()
    given = () if number else (*remote.policy_labels(github, repo), *labels)
    place = remote.Place(repo, base, number, tuple(dict.fromkeys(given)), proven)
    fetch = connection.fetch(os.environ)
    with _progress(shown=True) as say:
        return remote.run(request, place, github, fetch, say)


def _say(outcome: Outcome, offered: Contribution | None, *, dry_run: bool, as_json: bool) -> None:
    from release_tools.bump import report as bump_report

    for line in bump_report.warnings(outcome):
        click.echo(f"warning: {line}", err=True)
    if as_json:
        click.echo(bump_report.as_json(outcome, offered))
        return
    _show(outcome, "would change" if dry_run else "offered" if offered else "changed", patch=dry_run)
    for line in bump_report.offered(offered) if offered else ():
        click.echo(line, err=dry_run)


def _show(outcome: Outcome, verb: str, *, patch: bool) -> None:
    from release_tools.bump import report as bump_report

    decision = outcome.decision
    if outcome.floor:
        click.echo(str(outcome.floor))
    if decision:
        patch = patch and bool(decision.changes)
        if patch:
            click.echo(bump_report.diff(decision, terminal=sys.stdout.isatty()), nl=False)
        verb = "committed" if outcome.committed else verb
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

"""`release-tools check-example`: whether an example abides by the integration rules and the standards."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from release_tools.model import Effect
    from release_tools.standards.example import Example
    from release_tools.standards.importing import Apart
    from release_tools.standards.nouns import Report

EXAMPLE = """\b
Examples:
  release-tools check-example official/projects/qat/vision
  release-tools check-example tensorflow/models#1234 --out report.json
  release-tools check-example tensorflow/models#1234 --publish report.json
"""
FILE = click.Path(path_type=Path, dir_okay=False)
READABLE = click.Path(path_type=Path, dir_okay=False, exists=True)
EXISTING = click.Path(path_type=Path, file_okay=False, exists=True)


@click.command(epilog=EXAMPLE)
@click.argument("target", metavar="PATH|PULL_REQUEST")
@click.option("--rule", "rules", multiple=True, help="Only this one; may be given again.")
@click.option("--no-import", is_flag=True, help="Only read; what only an import proves cannot be told then.")
@click.option("--claims", type=EXISTING, help="Folder of claim files; by default those that come with this.")
@click.option(
    "--isolation",
    type=click.Choice(["container", "none"]),
    envvar="CHECK_EXAMPLE_ISOLATION",
    help="For a pull request, by default a container.",
)
@click.option(
    "--allow-unisolated",
    is_flag=True,
    envvar="CHECK_EXAMPLE_ALLOW_UNISOLATED",
    help="Import a pull request's code without a container.",
)
@click.option("--image", envvar="CONVERGE_IMAGE", help="The container's image: anything with this libc.")
@click.option(
    "--seconds", type=click.FloatRange(min=1), default=900.0, show_default=True, help="For all imports."
)
@click.option("--out", type=FILE, help="Write the report there, as JSON.")
@click.option(
    "--publish", type=READABLE, metavar="REPORT", help="Run nothing; set the check that a report says."
)
@click.option("--keep", metavar="RUN_URL", help="With --publish: keep the report, as of this workflow run.")
@click.option("--ask", type=FILE, help="Run nothing; write what GitHub tells of the PULL_REQUEST.")
@click.option(
    "--asked",
    type=READABLE,
    help="PATH is a checkout of the pull request that this tells of; needs no token.",
)
@click.option("--dry-run", is_flag=True, help="With --publish: say what would be set.")
@click.option("--json", "as_json", is_flag=True, help="Write the report as JSON.")
def command(
    *,
    target: str,
    rules: tuple[str, ...],
    no_import: bool,
    claims: Path | None,
    isolation: str | None,
    allow_unisolated: bool,
    image: str | None,
    seconds: float,
    out: Path | None,
    publish: Path | None,
    keep: str | None,
    ask: Path | None,
    asked: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Say where an example breaks the rules of TFMOT's OFFICIAL_MODELS.md, with file, line and what to do.

    PATH is a package, a folder in one, or a module; of a PULL_REQUEST (owner/name#N or its address) the files
    that it changes are examined at its head. The example is read, and a copy of it is imported with TFMOT
    blocked, by a process without token and network.

    Exit status: 0 nothing to mend; 1 findings; 2 bad input; 3 it cannot be told.
    """
    from release_tools import standards
    from release_tools.standards import importing, submitted

    for name in rules:
        standards.find(name)
    pull_request = submitted.named(target) if not Path(target).exists() else None
    if publish:
        _publish(pull_request, publish, keep, dry_run=dry_run)
        return
    if ask:
        _ask(pull_request, ask)
        return
    apart = None
    if not no_import:
        foreign = pull_request is not None or asked is not None
        apart = importing.choose(isolation, image, foreign=foreign, allowed=allow_unisolated)
        if not apart.isolated:
            click.echo(
                "warning: isolation is partial here; util-linux's unshare and setpriv would do", err=True
            )
    with _read(target, pull_request, claims, asked) as (example, sha), _status("Importing"):
        ran = _imported(example, apart, seconds)
        report = standards.examine(ran, rules, sha=sha)
    _say(report, out, as_json=as_json)
    sys.exit(report.exit_status)


@contextmanager
def _read(
    target: str, pull_request: tuple[str, int] | None, folder: Path | None, asked: Path | None
) -> Iterator[tuple[Example, str]]:
    """The example, and the commit that it is of."""
    from dataclasses import replace

    from convergence import claims as claim_files
    from convergence import records
    from release_tools.jobs import connection
    from release_tools.standards import example as examples
    from release_tools.standards import submitted

    accepted = claim_files.load(folder or claim_files.FOLDER)
    if asked:
        made = records.read(asked, submitted.Submission)
        yield submitted.read(made, Path(target), accepted), made.sha
        return
    if pull_request is None:
        found = examples.read(Path(target))
        yield replace(found, stated=examples.Stated(accepted)), ""
        return
    hub = connection.connect(os.environ)
    made = submitted.ask(*pull_request, hub)
    with tempfile.TemporaryDirectory(prefix="release-tools-") as name:
        checked = Path(name).resolve() / "files"
        checked.mkdir()
        submitted.fetch(made, hub, connection.fetch(os.environ), checked)
        yield submitted.read(made, checked, accepted), made.sha


def _ask(pull_request: tuple[str, int] | None, path: Path) -> None:
    """Writes what it takes to examine a pull request where there is no token."""
    from convergence import records
    from convergence.errors import UserError
    from release_tools.jobs import connection
    from release_tools.standards import submitted

    if pull_request is None:
        raise UserError("usage", "--ask is about a pull request", hint="write owner/name#N")
    records.write(path, submitted.ask(*pull_request, connection.connect(os.environ)))


def _imported(example: Example, apart: Apart | None, seconds: float) -> Example:
    from dataclasses import replace

    from release_tools.standards import experiments, importing

    if apart is None or not example.own:
        return example
    limits = importing.Limits(seconds, min(seconds, importing.SECONDS_EACH))
    return replace(example, run=importing.run(example, experiments.order(example), apart, limits))


def _say(report: Report, out: Path | None, *, as_json: bool) -> None:
    from convergence import records
    from release_tools.standards import words

    if out:
        records.write(out, report)
    if as_json:
        click.echo(records.text(report), nl=False)
    else:
        words.show(report)


def _publish(pull_request: tuple[str, int] | None, path: Path, run: str | None, *, dry_run: bool) -> None:
    """Does what a report says; here is the token, and nothing of the pull request runs."""
    from convergence import records
    from convergence.errors import UserError
    from release_tools import effects
    from release_tools.jobs import connection
    from release_tools.standards import kept, submitted, words
    from release_tools.standards.nouns import Report

    if pull_request is None:
        raise UserError("usage", "--publish sets a check on a pull request", hint="write owner/name#N")
    report = records.read(path, Report)
    repository, number = pull_request
    hub = connection.connect(os.environ)
    head = hub.snapshot(repository, number).pull_request.head_sha
    if report.example != f"{repository}#{number}" or report.sha != head:
        what = f"the report is of {report.example} at {report.sha[:12] or 'no commit'}"
        raise UserError("other-head", what, where=f"the head is {head[:12]}", hint="examine it again")
    wanted: list[Effect] = [words.check(report, repository)]
    if run:
        branch = submitted.policy(repository, hub).storage.history
        wanted.insert(0, kept.keep(kept.Kept(report, run), repository, branch))
    for effect in wanted:
        if not dry_run:
            hub.perform(effect)
        click.echo(effects.describe(effect))


@contextmanager
def _status(step: str) -> Iterator[None]:
    """Says what takes its time, on a terminal."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(f"{step}…"):
        yield

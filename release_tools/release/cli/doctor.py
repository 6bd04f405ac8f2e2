"""`release-tools release doctor`: what is wrong with a release, before or after it is one."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from release_tools.doctor import Report
    from release_tools.doctor.acceptance import Acceptance
    from release_tools.doctor.gather import Request
    from release_tools.doctor.subject import Subject

EXAMPLE = """\b
Examples:
  release-tools release doctor --source ../model-optimization
  release-tools release doctor 0.8.0 --no-environments
  release-tools release doctor dist/tensorflow_model_optimization-0.8.2-py2.py3-none-any.whl
  release-tools release doctor --all --no-environments --source ../model-optimization
"""
FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(epilog=EXAMPLE)
@click.argument("what", default="HEAD", metavar="[REF|WHEEL|X.Y.Z]")
@click.option(
    "--source", metavar="REPO", help="TFMOT's source: folder or git URL.  [default: here, if it is]"
)
@click.option("--all", "every", is_flag=True, help="Every tag of the source that names a version.")
@click.option(
    "--environments/--no-environments", default=True, help="Install the wheel and import its modules."
)
@click.option("--build/--no-build", default=True, help="Build a wheel where none is published.")
@click.option(
    "--accepted", type=FILE, help="Findings that were accepted.  [default: .github/release-doctor.toml]"
)
@click.option(
    "--acceptances", is_flag=True, help="Print what --accepted would need, with reasons to be written."
)
@click.option("--checks", is_flag=True, help="List what is checked, and look at nothing.")
@click.option("--notes", is_flag=True, help="Show also what is only good to know.")
@click.option("--json", "as_json", is_flag=True, help="Write the result as JSON.")
def command(
    *,
    what: str,
    source: str | None,
    every: bool,
    environments: bool,
    build: bool,
    accepted: Path | None,
    acceptances: bool,
    checks: bool,
    notes: bool,
    as_json: bool,
) -> None:
    """Find what is wrong with a release: a revision of the source, a wheel, or a version on the index.

    A revision is looked at with the wheel that was published from its tag, or one that is built from it; a
    version on the index, or a wheel, with the tag of its version. Code of theirs runs only where the wheel is
    built and where it is imported, in environments made for that.

    Exit status: 0 clean, 1 something forbids the release, 2 bad input, 3 something could not be told.
    """
    from release_tools.doctor import acceptance, gather, words
    from release_tools.table import Terminal

    if checks:
        click.echo("\n".join(words.catalogue()))
        return
    known = acceptance.load(accepted or acceptance.PATH)
    where = source if source is not None else _here()
    request = gather.Request(what, where, environments=environments, build=build)
    results = list(_results(request, known, every=every))
    reports = [report for _, report in results]
    if as_json:
        click.echo(words.as_json(reports))
    elif acceptances:
        click.echo(acceptance.template(item for report in reports for item in report.items), nl=False)
    elif every:
        click.echo("\n".join(line for report in reports for line in words.lines(report)))
    else:
        words.show(reports[0], results[0][0], Terminal(), notes=notes)
    sys.exit(_status(reports))


def _results(
    request: Request, accepted: tuple[Acceptance, ...], *, every: bool
) -> Iterator[tuple[Subject, Report]]:
    import dataclasses

    from release_tools import doctor
    from release_tools.doctor import gather

    names = gather.version_tags(request.source) if every else (request.what,)
    for name in names:
        with _progress() as say:
            subject = gather.gather(dataclasses.replace(request, what=name), say)
            say("Checking")
            yield subject, doctor.examine(subject, accepted)


def _status(reports: list[Report]) -> int:
    """That of the worst report: a blocker before what could not be told."""
    found = {report.health.value for report in reports}
    return 1 if 1 in found else max(found)


def _here() -> str | None:
    """This folder, if it is a clone of TFMOT."""
    from release_tools.wheel import tfmot

    return "." if all(Path(name).is_file() for name in tfmot.LANDMARKS) and Path(".git").exists() else None


@contextlib.contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Says what takes its time, on a terminal."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.markup import escape

    with Console(stderr=True).status("Reading") as status:
        yield lambda step: status.update(escape(f"{step}…"))

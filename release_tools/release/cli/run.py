"""`release-tools release run`: makes the release that a plan describes, or goes on with it."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from release_tools.release.running import Progress, Run

EXAMPLE = """\b
Examples:
  release-tools release run release-0.8.2/plan.json            # shows what comes next, and asks
  release-tools release run release-0.8.2/plan.json --yes
  release-tools release run release-0.8.2/plan.json --yes --override steps --reason "see #1234"
"""
PLAN = click.Path(path_type=Path, dir_okay=False, exists=True)
FOLDER = click.Path(path_type=Path, file_okay=False, exists=True)
WAITING = 3


@click.command(epilog=EXAMPLE)
@click.argument("plan", type=PLAN)
@click.option("--yes", is_flag=True, help="Do it, without asking.")
@click.option(
    "--dry-run", is_flag=True, help="Only look, and say what comes next; so too without a terminal."
)
@click.option("--until", default="", metavar="STEP", help="The last step to do.")
@click.option("--override", "gates", multiple=True, metavar="GATE", help="Go on although this gate refuses.")
@click.option("--reason", "reasons", multiple=True, help="Why, for each --override; the audit keeps it.")
@click.option(
    "--index-upload", envvar="RELEASE_INDEX_UPLOAD", default="", help="Address, or name in .pypirc."
)
@click.option(
    "--index-url", envvar="RELEASE_INDEX_URL", default="", help="Where pip finds it; pip's own else."
)
@click.option("--rehearsal-upload", envvar="RELEASE_REHEARSAL_UPLOAD", default="", help="Tried there before.")
@click.option("--rehearsal-url", envvar="RELEASE_REHEARSAL_URL", default="", help="Where pip finds that.")
@click.option("--no-rehearsal", is_flag=True, help="Leave the rehearsal out; the audit keeps that.")
@click.option(
    "--adopt", is_flag=True, help="Go on with what is public although the audit does not say who made it."
)
@click.option("--source", default="", help="Where git fetches TFMOT from, if not from GitHub.")
@click.option("--wheel", "built", type=FOLDER, help="A folder that `build` has made from the landed commit.")
@click.option("--policy", "policy_file", type=PLAN, help="The policy, instead of the repository's own.")
@click.option("--patience", default=300, show_default=True, help="Seconds to wait for an index that is late.")
@click.option("--json", "as_json", is_flag=True, help="Write each step as JSON.")
def command(
    *,
    plan: Path,
    yes: bool,
    dry_run: bool,
    until: str,
    gates: tuple[str, ...],
    reasons: tuple[str, ...],
    index_upload: str,
    index_url: str,
    rehearsal_upload: str,
    rehearsal_url: str,
    no_rehearsal: bool,
    adopt: bool,
    source: str,
    built: Path | None,
    policy_file: Path | None,
    patience: int,
    as_json: bool,
) -> None:
    """Make the release of PLAN, step by step; killed or waiting, it goes on where it stopped.

    Propose, wait until it has landed, tag, build, verify, rehearse, publish, confirm, announce, raise the
    minimums.
    Each step looks first at what GitHub, git and the index have: nothing is done twice, no tag is moved.

    Exit status: 0 done, 1 refused, 2 bad input, 3 waiting: run it again later.
    """
    from release_tools.jobs import connection
    from release_tools.release import planfile, running, wiring
    from release_tools.release.index import Index

    _check_usage(until, gates, reasons, rehearsal_url, no_rehearsal=no_rehearsal)
    rehearsal = None if no_rehearsal else Index(rehearsal_upload, rehearsal_url)
    options = wiring.Options(Index(index_upload, index_url), rehearsal, source, built, patience, adopt)
    hub = connection.connect(os.environ)
    policy = connection.policy(hub, planfile.read(plan).repository, policy_file)
    with wiring.alone(plan.parent), wiring.progress() as say:
        run = wiring.begin(plan, options, hub, policy, say)
        going = yes and not dry_run
        if going:
            _begin(run, dict(zip(gates, reasons, strict=True)))
        made = running.run(run, until, dry=not going)
        if not (going or dry_run) and sys.stdin.isatty() and made[-1].seen.state is running.State.ABSENT:
            _say(made, as_json=as_json)
            click.confirm(f"Go on with “{made[-1].step}”?", abort=True, err=True)
            _begin(run, dict(zip(gates, reasons, strict=True)))
            made = running.run(run, until)
    _say(made, as_json=as_json)
    sys.exit(_status(made[-1]))


def _check_usage(
    until: str, gates: tuple[str, ...], reasons: tuple[str, ...], rehearsal_url: str, *, no_rehearsal: bool
) -> None:
    from convergence.errors import UserError
    from release_tools import gates as all_gates
    from release_tools.release import running

    known = [running.name_of(step) for step in running.all_steps()]
    if until and until not in known:
        raise UserError("usage", f"no step {until!r}", hint=f"known: {', '.join(known)}")
    for one in gates:
        all_gates.require_known(one)
    if len(gates) != len(reasons) or not all(one.strip() for one in reasons):
        raise UserError("usage", "each --override has a --reason", hint="--override GATE --reason TEXT")
    if not rehearsal_url and not no_rehearsal:
        hint = "--rehearsal-upload and --rehearsal-url say where, --no-rehearsal leaves it out"
        raise UserError("usage", "where is it rehearsed?", hint=hint)


def _begin(run: Run, overrides: dict[str, str]) -> None:
    """Write down which plan it is, and what somebody takes on themselves."""
    from release_tools.release import audit, authority, running

    running.require_plan(run)
    if overrides:
        login = authority.person(run.hub, os.environ)  # type: ignore[arg-type]
        authority.require_mot(run.hub, run.policy, login)  # type: ignore[arg-type]
    if not run.audit.entries:
        run.audit.append("plan", audit.BEGUN, f"TFMOT {run.plan.release}", running.digest(run.plan))
    for gate, reason in overrides.items():
        run.audit.once(gate, audit.OVERRIDE, reason, login)


def _say(made: list[Progress], *, as_json: bool) -> None:
    from release_tools.markdown import visible
    from release_tools.release import running

    for one in made:
        seen = one.seen
        said = {
            "step": one.step,
            "state": seen.state.value,
            "what": seen.what,
            "digest": seen.digest,
            "link": seen.link,
        }
        state = "next" if seen.state is running.State.ABSENT else seen.state.value
        plain = f"{state:<9}{one.step:<10}{'  '.join(filter(None, (seen.what, seen.digest[:12], seen.link)))}"
        click.echo(json.dumps(said | {"acted": one.acted}) if as_json else visible(plain))


def _status(last: Progress) -> int:
    from release_tools.release.running import State

    return {State.DONE: 0, State.ABSENT: 0, State.REFUSED: 1, State.WAITING: WAITING}[last.seen.state]

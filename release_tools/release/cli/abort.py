"""`release-tools release abort`: gives a release up: undoes what can be undone, and says what cannot."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import click

EXAMPLE = """\b
Examples:
  release-tools release abort release-0.8.2/plan.json           # says what it would undo, and asks
  release-tools release abort release-0.8.2/plan.json --yes --reason "the notes are wrong"
"""
PLAN = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command(epilog=EXAMPLE)
@click.argument("plan", type=PLAN)
@click.option("--yes", is_flag=True, help="Do it, without asking.")
@click.option("--dry-run", is_flag=True, help="Only say what would be undone; so too without a terminal.")
@click.option("--reason", default="", help="Why; the audit keeps it.")
@click.option("--index-url", envvar="RELEASE_INDEX_URL", default="", help="The index; by default pip's own.")
@click.option("--policy", "policy_file", type=PLAN, help="The policy, instead of the repository's own.")
@click.option("--json", "as_json", is_flag=True, help="Write the result as JSON.")
def command(
    *,
    plan: Path,
    yes: bool,
    dry_run: bool,
    reason: str,
    index_url: str,
    policy_file: Path | None,
    as_json: bool,
) -> None:
    """Give up the release of PLAN: close its pull request, delete a tag and a draft that are not public yet.

    What is on the index stays there: it says how to yank it.

    Exit status: 0 nothing of it is left, 1 something cannot be undone, 2 bad input.
    """
    from release_tools.effects import describe
    from release_tools.jobs import connection
    from release_tools.markdown import visible
    from release_tools.release import aborting, audit, index, planfile, running, wiring
    from release_tools.release.index import Index

    hub = connection.connect(os.environ)
    policy = connection.policy(hub, planfile.read(plan).repository, policy_file)
    where = Index(url=index_url)
    with wiring.alone(plan.parent), wiring.progress() as say:
        run = wiring.begin(plan, wiring.Options(where, where), hub, policy, say)
        running.require_plan(run)
        digests = index.published(where, run.plan.release).digests
        found = aborting.look(run, published=None if digests is None else bool(digests))
        undoing = aborting.decide(run.plan, found)
        lines = [f"{'undo' if yes else 'would undo'}  {describe(one)}" for one in undoing.effects]
        lines += [f"stays  {visible(line)}" for line in undoing.stays]
        said = {"undone": [describe(one) for one in undoing.effects], "stays": list(undoing.stays)}
        click.echo(json.dumps(said) if as_json else "\n".join(lines) or "there is nothing to undo")
        if not (yes or dry_run) and sys.stdin.isatty():
            yes = click.confirm("Give this release up?", err=True)
        if yes and not dry_run:
            for effect in undoing.effects:
                hub.perform(effect)
            if not run.audit.entries:
                run.audit.append("plan", audit.BEGUN, f"TFMOT {run.plan.release}", running.digest(run.plan))
            run.audit.append("abort", audit.ABORTED, reason)
    sys.exit(bool(undoing.stays))

"""`release-tools release plan`: everything that a release would be, and nothing changed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

EXAMPLE = """\b
Examples:
  release-tools release plan 0.8.2 --tested-against "TensorFlow 2.20.0, and Python 3"
  release-tools release plan 0.8.2rc0 --repo tensorflow/model-optimization --ref master
"""
FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
FOLDER = click.Path(path_type=Path, file_okay=False)
TFMOT = "tensorflow/model-optimization"


@click.command(epilog=EXAMPLE)
@click.argument("version")
@click.option("--repo", default=TFMOT, show_default=True, metavar="OWNER/NAME", help="TFMOT on GitHub.")
@click.option("--source", default="", help="Where git fetches it from, if not from GitHub.")
@click.option("--branch", default="", help="That the release lands on; by default the default one.")
@click.option("--ref", default="", help="The commit to release; by default the branch as it is.")
@click.option(
    "--tested-against", "tested", default="", help="For the notes: “TensorFlow 2.20.0, and Python 3”."
)
@click.option(
    "--wheel", "built", type=FOLDER, help="A folder that `build` has made from exactly this commit."
)
@click.option("--index-url", envvar="RELEASE_INDEX_URL", default="", help="The index; by default pip's own.")
@click.option("--policy", "policy_file", type=FILE, help="The policy, instead of the repository's own.")
@click.option("--out", type=FOLDER, help="Folder for plan.json; by default release-VERSION.")
@click.option("--json", "as_json", is_flag=True, help="Write the plan as JSON.")
def command(
    *,
    version: str,
    repo: str,
    source: str,
    branch: str,
    ref: str,
    tested: str,
    built: Path | None,
    index_url: str,
    policy_file: Path | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Plan the release VERSION (X.Y.Z or X.Y.ZrcN): version, notes, commit, tag, wheel, gates, minimums.

    It prints all of it and changes nothing; plan.json is what `release run` goes by.

    Exit status: 0 all gates pass, 1 a gate refuses, 2 bad input.
    """
    from convergence import claims, records
    from release_tools.jobs import connection
    from release_tools.markdown import one_line
    from release_tools.release import planning, printed, versions, wiring
    from release_tools.release.index import Index

    parsed = versions.parse(version)
    folder = out or Path(f"release-{parsed}")
    wiring.require_unused(folder)
    hub = connection.connect(os.environ)
    policy = connection.policy(hub, repo, policy_file)
    with wiring.progress() as say:
        address = source or hub.clone_address(repo)
        asked = planning.Asked(
            parsed, repo, address, branch or hub.default_branch(repo), ref, one_line(tested), built
        )
        known = wiring.known(hub, Index(url=index_url), built)
        plan = planning.make(asked, policy, claims.load(), hub, known, say)
    records.write(folder / "plan.json", plan)
    click.echo(records.text(plan) if as_json else printed.plan(plan), nl=False)
    if not as_json:
        click.echo(f"The plan: {folder / 'plan.json'}")
    sys.exit(bool(plan.refused_by))

"""`python -m convergence`: runs a campaign, or gathers reference runs, in the environment it is called in."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from convergence import campaign, claims, content, jobs, records, references, session, trial, workers
from convergence.campaign import Plan
from convergence.errors import UserError
from convergence.progress import Bars
from convergence.workers import Workers

USER_ERROR, INFRASTRUCTURE = 2, 4
FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group()
def cli() -> None:
    """Train and judge in this environment; `release-tools converge` calls this."""


@cli.command()
@click.argument("techniques", nargs=-1)
@click.option("--tier", default="smoke", show_default=True)
@click.option("--claims", "folder", type=click.Path(path_type=Path, file_okay=False), default=claims.FOLDER)
@click.option("--example", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True)
@click.option("--data", "data_root", type=click.Path(path_type=Path, file_okay=False), required=True)
@click.option("--workers", "count", type=click.IntRange(min=1), default=2, show_default=True)
@click.option("--gpus-each", type=click.IntRange(min=1), default=1, show_default=True)
@click.option("--end-with-parent", is_flag=True, help="End when the process that started this one is gone.")
def run(
    techniques: tuple[str, ...],
    tier: str,
    folder: Path,
    example: Path | None,
    out: Path,
    data_root: Path,
    count: int,
    gpus_each: int,
    end_with_parent: bool,
) -> None:
    """Train and judge TECHNIQUES; writes OUT/campaign.json."""
    if end_with_parent:
        session.end_with(os.getppid())
    with session.orderly(), session.hold(out):
        plan = make_plan(techniques, tier, folder, example, data_root)
        sys.exit(_run(plan, out, Workers(count, out / "trials", data_root, example, gpus_each)))


def _run(plan: Plan, out: Path, workers: Workers) -> int:
    (out / "campaign.json").unlink(missing_ok=True)
    with Bars(out / "trials") as bars, workers as pool:
        result = campaign.run(plan, out / "trials", pool.submit, bars.show)
    records.write(out / "campaign.json", result)
    return campaign.exit_status(result)


@cli.command("references")
@click.argument("techniques", nargs=-1)
@click.option("--tier", default="smoke", show_default=True)
@click.option("--count", type=click.IntRange(min=5), default=12, show_default=True)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True)
@click.option("--data", "data_root", type=click.Path(path_type=Path, file_okay=False), required=True)
@click.option("--workers", type=click.IntRange(min=1), default=2, show_default=True)
def gather(
    techniques: tuple[str, ...], tier: str, count: int, out: Path, data_root: Path, workers: int
) -> None:
    """Run each recipe COUNT times on the installed TFMOT and write what the claims' σ comes from."""
    everything = claims.load()
    fitting = [r for r in everything.values() if r.tier == tier and not r.not_runnable]
    chosen = [r for r in fitting if not techniques or r.technique in techniques]
    plan = Plan(
        recipes={recipe.id: recipe for recipe in claims.closure(everything, chosen)},
        content_digest=content.installed(),
        harness=trial.harness_digest(),
        versions=trial.versions(),
        seeds_from="references",
    )
    with (
        session.orderly(),
        session.hold(out),
        Bars(out) as bars,
        Workers(workers, out, data_root, None) as pool,
    ):
        found = references.gather(plan, chosen, count, out, pool.submit, bars.show)
    for path in references.write(claims.FOLDER, found):
        click.echo(path)


@cli.command()
@click.argument("chain", type=FILE)
@click.option("--store", type=FOLDER, required=True)
@click.option("--data", "data_root", type=FOLDER, required=True)
@click.option("--out", type=FOLDER, required=True)
@click.option("--example", type=FOLDER)
def train(chain: Path, store: Path, data_root: Path, out: Path, example: Path | None) -> None:
    """Train the trials of CHAIN; `release-tools converge-train` calls this."""
    with session.orderly():
        jobs.train(records.read(chain, jobs.Chain), store, data_root, example, out)


@cli.command()
@click.argument("chain", type=FILE)
@click.option("--store", type=FOLDER, required=True)
@click.option("--data", "data_root", type=FOLDER, required=True)
def score(chain: Path, store: Path, data_root: Path) -> None:
    """Score what CHAIN's trials left in STORE; `release-tools converge-score` calls this."""
    os.environ.update(workers.ENVIRONMENT)
    with session.orderly():
        jobs.score(records.read(chain, jobs.Chain), store, data_root)


@cli.command()
@click.argument("names", nargs=-1)
@click.option("--data", "data_root", type=FOLDER, required=True)
def prepare(names: tuple[str, ...], data_root: Path) -> None:
    """Make the data sets called NAMES, where they are missing."""
    from convergence import data

    for name in names:
        data.prepare(name, data_root)


@cli.command()
@click.argument("techniques", nargs=-1)
@click.option("--tier", required=True)
@click.option("--claims", "folder", type=FOLDER, default=claims.FOLDER)
@click.option("--example", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--data", "data_root", type=FOLDER, required=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
def resolve(
    techniques: tuple[str, ...], tier: str, folder: Path, example: Path | None, data_root: Path, out: Path
) -> None:
    """Write into OUT what would be trained for TECHNIQUES; `release-tools converge` calls this."""
    from convergence import resolved

    os.environ.update(workers.ENVIRONMENT)
    if example is not None:
        workers.see(example)
    everything = claims.load(folder)
    chosen = claims.closure(everything, claims.select(everything, techniques, tier))
    records.write(out, resolved.examine(chosen, data_root.resolve()))


def make_plan(
    techniques: tuple[str, ...], tier: str, folder: Path, example: Path | None, data_root: Path
) -> Plan:
    """The plan for judging those techniques' claims with the TFMOT that is installed here."""
    everything = claims.load(folder)
    chosen = claims.select(everything, techniques, tier)
    digest = content.installed()
    return Plan(
        recipes={recipe.id: recipe for recipe in claims.closure(everything, chosen)},
        content_digest=digest,
        harness=trial.harness_digest(example),
        versions=trial.versions(),
        seeds_from=digest,
        data_root=str(data_root.resolve()),
    )


if __name__ == "__main__":
    try:
        cli()
    except UserError as error:
        click.echo(error, err=True)
        sys.exit(USER_ERROR)
    except trial.InfrastructureError as error:
        click.echo(UserError("machine-failed", str(error), hint="run it again: it goes on"), err=True)
        sys.exit(INFRASTRUCTURE)

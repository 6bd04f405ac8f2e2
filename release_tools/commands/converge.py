"""`release-tools converge`: trains TFMOT's techniques on this machine and judges their documented numbers."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from convergence.resolved import Experiment
    from release_tools import local

EXAMPLE = """\b
Examples:
  release-tools converge pruning quantization --tier smoke --wheel dist/*.whl
  release-tools converge --source https://github.com/tensorflow/model-optimization --ref v0.8.1
  release-tools converge pruning/resnet50-imagenet-80 --tier full --data /data --dry-run
"""

FOLDER = click.Path(path_type=Path, file_okay=False, resolve_path=True)
EXISTING = click.Path(path_type=Path, file_okay=False, resolve_path=True, exists=True)


@click.command(epilog=EXAMPLE)
@click.argument("techniques", nargs=-1)
@click.option(
    "--tier", default="smoke", show_default=True, help="smoke: minutes on a CPU; full: as documented."
)
@click.option("--wheel", type=click.Path(path_type=Path), help="TFMOT's wheel to test.")
@click.option("--source", help="Git URL or folder of TFMOT to build and test.")
@click.option("--ref", default="HEAD", show_default=True, help="Revision of --source.")
@click.option("--claims", type=EXISTING, help="Folder of claim files, instead of our own.")
@click.option(
    "--example", type=EXISTING, help="Folder with modules that recipes name, e.g. a contributor's checkout."
)
@click.option("--out", type=FOLDER, default=Path("out"), show_default=True, help="Folder for results.")
@click.option(
    "--data",
    type=FOLDER,
    help="Folder of data sets and checkpoints; OUT/data by default, and at the full tier "
    "what the policy says.",
)
@click.option("--workers", type=click.IntRange(min=1), default=2, show_default=True, help="Trials at a time.")
@click.option(
    "--gpus-each",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="GPUs a trial, where there are.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be trained and what it would cost.")
@click.option("--json", "as_json", is_flag=True, help="Write the result as JSON.")
def command(
    *,
    techniques: tuple[str, ...],
    tier: str,
    wheel: Path | None,
    source: str | None,
    ref: str,
    claims: Path | None,
    example: Path | None,
    out: Path,
    data: Path | None,
    workers: int,
    gpus_each: int,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Train TECHNIQUES (all, if none is named) and judge whether their documented numbers are reproduced.

    TECHNIQUE/RECIPE is one recipe of a technique. The full tier trains Official Models' own experiments, on
    data and from checkpoints that you provide: --dry-run resolves them and names what is missing.

    Tests the TFMOT of --wheel or --source, or the one that is installed. Each seed's uncompressed model is
    trained once and shared. What has a result in OUT is not trained again.

    Exit status: 0 all reproduced, 1 a claim was not, 2 bad input, 3 inconclusive, 4 infrastructure.
    """
    from rich.console import Console

    from convergence import campaign
    from release_tools import local, table
    from release_tools.page import document as page

    request = local.Request(
        techniques,
        tier,
        wheel,
        source,
        ref,
        claims,
        example,
        out,
        data or local.data_root(tier, out),
        workers,
        gpus_each,
    )
    local.check(request)
    if dry_run:
        _forecast(request, as_json=as_json)
        return
    with Console(stderr=True).status("Preparing") as status:
        python = local.prepare(request, say=lambda step: status.update(f"{step}…"), warn=_warn)
        if tier == local.FULL:
            status.update("Resolving experiments…")
            local.require(local.resolve(request, python), request.data)
    result = local.run(request, python)
    with _whatever_happens("the result was not shown"):
        if as_json:
            click.echo(local.result_path(request).read_text(encoding="utf-8"), nl=False)
        else:
            table.show(result)
    with _whatever_happens("there is no report"):
        click.echo(f"Report: {page.write(out, result)}", err=True)
    sys.exit(campaign.exit_status(result))


def _forecast(request: local.Request, *, as_json: bool) -> None:
    """Says what would be trained; of the full tier also what each experiment is, and what it lacks."""
    from rich.console import Console

    from release_tools import catalogue, local, table

    forecasts = catalogue.forecast(request.claims, request.techniques, request.tier)
    experiments: tuple[Experiment, ...] = ()
    if request.tier == local.FULL and (missing := local.lacks()):
        _warn(f"the experiments were not resolved: {missing} is not installed here")
    elif request.tier == local.FULL:
        with Console(stderr=True).status("Resolving experiments…"):
            experiments = local.resolve(request, Path(sys.executable))
    if as_json:
        found = catalogue.plain_forecasts(forecasts, experiments)
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        table.show_experiments(experiments)
        table.show_forecast(forecasts, request.workers)
    local.require(experiments, request.data)


@contextlib.contextmanager
def _whatever_happens(consequence: str) -> Iterator[None]:
    """A finished verdict outlives a closed pipe, a full disk and a chart that cannot be drawn."""
    try:
        yield
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    except Exception as error:
        _warn(f"{consequence}: {type(error).__name__}: {error}")


def _warn(text: str) -> None:
    click.echo(f"warning: {text}", err=True)

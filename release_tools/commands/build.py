"""`release-tools build`: a wheel from TFMOT's source, as it would ship."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from release_tools.wheel import Built

EXAMPLE = """\b
Example:
  release-tools build https://github.com/tensorflow/model-optimization --ref v0.8.1
"""


@click.command(epilog=EXAMPLE)
@click.argument("source")
@click.option("--ref", default="HEAD", show_default=True, help="Branch, tag, commit or refs/pull/N/head.")
@click.option("--nightly", is_flag=True, help="Name the project tf-model-optimization-nightly.")
@click.option(
    "--backend",
    type=click.Choice(["auto", "bazel", "setuptools"]),
    default="auto",
    help="Who says which files ship.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("dist"), show_default=True, help="Folder."
)
@click.option("--import-check/--no-import-check", default=True, help="Import every module of the wheel.")
@click.option("--json", "as_json", is_flag=True, help="Write the result as JSON.")
def command(
    *, source: str, ref: str, nightly: bool, backend: str, out: Path, import_check: bool, as_json: bool
) -> None:
    """Build TFMOT's wheel from SOURCE, a git URL or folder, and verify it.

    The commit is built, never uncommitted changes. The wheel holds the files that TFMOT's BUILD targets
    name, and two builds of a commit are the same to the byte. --out gets the wheel and provenance.json.
    With --backend bazel TFMOT's own target is built as well, and must bring exactly the same files.
    """
    from rich.console import Console

    from release_tools import wheel

    chosen = {} if backend == "auto" else {"backend": backend}
    request = wheel.Request(source, ref, nightly, out, check_imports=import_check, **chosen)
    console = Console(stderr=True)
    with console.status("Building") as status:
        built = wheel.build(request, say=lambda step: status.update(f"{step}…"))
    for warning in built.warnings:
        click.echo(f"warning: {warning}", err=True)
    click.echo(_json(built) if as_json else _summary(built))


def _summary(built: Built) -> str:
    made = built.provenance
    imports = f"{made.imports.modules} modules import" if made.imports else "not checked"
    rows = {
        "wheel": str(built.wheel),
        "project": f"{made.name} {made.version}",
        "commit": f"{made.commit[:12]} ({made.tag or made.ref}, {made.commit_time[:10]})",
        "content": f"{made.content_digest[:12]}, {len(made.files)} files as named by {made.files_from}",
        "imports": imports + (f" (TensorFlow {made.imports.tensorflow})" if made.imports else ""),
        "left out": f"{len(made.left_out)} modules that its targets do not reach; see provenance.json",
        "sha256": made.sha256,
        "from": "cache" if built.cached else "built now",
    }
    if not made.left_out:
        del rows["left out"]
    return "\n".join(f"{name:<9}{value}" for name, value in rows.items())


def _json(built: Built) -> str:
    extra = {"path": str(built.wheel), "cached": built.cached, "warnings": built.warnings}
    return json.dumps(dataclasses.asdict(built.provenance) | extra, indent=2)

"""`release-tools claims`: the documented numbers, as they will be judged."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

EXAMPLE = """\b
Examples:
  release-tools claims list pruning --tier full
  release-tools claims show pruning/mobilenetv2-digits-50/accuracy
  release-tools claims check ../model-optimization
"""

FOLDER = click.option(
    "--claims",
    "folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Folder of claim files, instead of our own.",
)


@click.group(epilog=EXAMPLE)
def command() -> None:
    """Show and check the documented numbers that techniques are judged by."""


@command.command("list", epilog=EXAMPLE)
@click.argument("techniques", nargs=-1)
@FOLDER
@click.option("--tier", help="Only this tier.")
@click.option("--json", "as_json", is_flag=True, help="Write the claims as JSON.")
def list_(*, techniques: tuple[str, ...], folder: Path | None, tier: str | None, as_json: bool) -> None:
    """List claims (of TECHNIQUES): what is documented, what loss would break it, what it costs to know."""
    from release_tools import catalogue, table

    entries = catalogue.narrowed(catalogue.entries(folder, tier), techniques)
    if as_json:
        click.echo(json.dumps([catalogue.plain(entry) for entry in entries], indent=2, ensure_ascii=False))
    else:
        table.show_catalogue(entries)


@command.command(epilog=EXAMPLE)
@click.argument("claim")
@FOLDER
def show(*, claim: str, folder: Path | None) -> None:
    """Show all of one CLAIM: its recipe, source, references and the boundaries of its looks."""
    from release_tools import catalogue

    entry = catalogue.find(catalogue.entries(folder, None), claim)
    click.echo(json.dumps(catalogue.plain(entry), indent=2, ensure_ascii=False))


@command.command(epilog=EXAMPLE)
@click.argument("checkout", required=False, type=click.Path(path_type=Path, file_okay=False, exists=True))
@FOLDER
@click.option("--json", "as_json", is_flag=True, help="Write the differences as JSON.")
def check(*, checkout: Path | None, folder: Path | None, as_json: bool) -> None:
    """Check that every claim file can be read and every claim judged, and its target is its references'.

    With CHECKOUT, a folder of TFMOT or of Official Models, also that its documents say what the claims quote:
    numbers that changed, are missing or are new are listed.

    Exit status: 0 all is well, 1 documents and claims differ, 2 bad input.
    """
    from release_tools import catalogue
    from release_tools.documentation import checkout as documents
    from release_tools.documentation import comparison, words

    entries = catalogue.check(folder)
    if checkout is None:
        said = {"claims": len(entries), "recipes": len({e.recipe.id for e in entries})}
        sound = f"{said['claims']} claims of {said['recipes']} recipes are sound"
        click.echo(json.dumps(said) if as_json else sound)
        return
    claims = [entry.claim for entry in entries]
    texts = documents.documents(checkout, claims)
    differences = comparison.compare(claims, texts)
    if as_json:
        click.echo(json.dumps([words.plain(one) for one in differences], indent=2, ensure_ascii=False))
    else:
        words.show(differences, claims, texts, checkout)
    sys.exit(1 if differences else 0)

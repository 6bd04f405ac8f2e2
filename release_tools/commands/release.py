"""`release-tools release`: what it takes to cut a stable release; its commands are found in a folder."""

from __future__ import annotations

import click

from release_tools.command_folder import CommandFolder
from release_tools.release import cli

EXAMPLE = """\b
Example:
  release-tools release doctor v0.8.1 --source https://github.com/tensorflow/model-optimization
"""


@click.group(cls=CommandFolder, package=cli.__name__, epilog=EXAMPLE)
def command() -> None:
    """Cut a stable release that is right the first time."""

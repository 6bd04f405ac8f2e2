"""`release-tools release`: what it takes to cut a stable release; its commands are found in a folder."""

from __future__ import annotations

import importlib
import pkgutil

import click

from release_tools.release import cli


class Commands(click.Group):
    """A group whose members are the modules of `release_tools.release.cli`, imported when used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click calls it so
        """Names of the commands, as typed."""
        return sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(cli.__path__))

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command called `name`, or None."""
        if name not in self.list_commands(ctx):
            return None
        found = importlib.import_module(f"{cli.__name__}.{name.replace('-', '_')}").command
        assert isinstance(found, click.Command)
        return found


EXAMPLE = """\b
Example:
  release-tools release doctor v0.8.1 --source https://github.com/tensorflow/model-optimization
"""


@click.group(cls=Commands, epilog=EXAMPLE)
def command() -> None:
    """Cut a stable release that is right the first time."""

"""Groups of commands whose members are the files of a folder."""

from __future__ import annotations

from typing import Any

import click

from convergence import members


class CommandFolder(click.Group):
    """A group whose members are the modules of a package, imported when used; each has a `command`."""

    def __init__(self, *args: Any, package: str, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self._package = package

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click calls it so
        """Names of the commands, as typed."""
        return members.typed(self._package)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command called `name`, or None."""
        if name not in self.list_commands(ctx):
            return None
        command = members.load(self._package, name).command
        assert isinstance(command, click.Command)
        return command

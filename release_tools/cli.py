"""The table of contents: every file in `commands/` is a command; errors become exit codes here."""

from __future__ import annotations

import importlib
import pkgutil
import sys
import traceback

import click

from convergence.model import UserError
from release_tools import commands

USER_ERROR, UNFORESEEN, INTERRUPTED = 2, 4, 130


class CommandFolder(click.Group):
    """A group whose members are the modules of `release_tools.commands`, imported when used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click calls it so
        """Names of the commands, as typed."""
        return sorted(m.name.replace("_", "-") for m in pkgutil.iter_modules(commands.__path__))

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command called `name`, or None."""
        if name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"{commands.__name__}.{name.replace('-', '_')}")
        command = module.command
        assert isinstance(command, click.Command)
        return command


@click.group(cls=CommandFolder, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tfmot-release-tools")
def cli() -> None:
    """Take a TFMOT technique from pull request to pip release, with its documented numbers reproduced."""


def main() -> None:
    """Run the command line; a UserError is one line on stderr and exit status 2.

    Exit status 1 is kept for negative verdicts: what nobody foresaw is 4, with its traceback.
    """
    try:
        sys.exit(cli(standalone_mode=False))
    except UserError as error:
        click.echo(error, err=True)
        sys.exit(USER_ERROR)
    except click.ClickException as error:
        error.show()
        sys.exit(USER_ERROR)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(INTERRUPTED)
    except Exception:
        traceback.print_exc()
        sys.exit(UNFORESEEN)

"""The table of contents: every file in `commands/` is a command; errors become exit codes here."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import signal
import sys
import traceback
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click

from convergence.errors import UserError
from release_tools import commands
from release_tools.command_folder import CommandFolder

USER_ERROR, INFRASTRUCTURE, INTERRUPTED, BROKEN_PIPE = 2, 4, 130, 141
ENDINGS = ("SIGTERM", "SIGHUP")
FULL = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}


@click.group(
    cls=CommandFolder, package=commands.__name__, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(package_name="tfmot-release-tools")
def cli() -> None:
    """Take a TFMOT technique from pull request to pip release, with its documented numbers reproduced."""


def main() -> None:
    """Run the command line; a UserError is one line on stderr and exit status 2.

    It is 4 where GitHub or an index does not answer, and the same command may do tomorrow. Exit status 1 is
    kept for negative verdicts: what nobody foresaw is 4 too, with its traceback.
    """
    _end_on_signals()
    _open_streams()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # σ and ≥ on a terminal that has only ASCII
    try:
        sys.exit(cli(standalone_mode=False))
    except UserError as error:
        _fail(str(error), exit_status(error))
    except click.ClickException as error:
        _fail(str(UserError("usage", error.format_message(), hint="--help says more")))
    except (click.Abort, KeyboardInterrupt):
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        _discard_stdout()
        sys.exit(BROKEN_PIPE)
    except SystemExit as ended:
        if isinstance(ended.__context__, BrokenPipeError):  # rich makes of it what is a negative verdict here
            sys.exit(BROKEN_PIPE)
        raise
    except Exception as error:
        _say_unforeseen(error)
        sys.exit(INFRASTRUCTURE)


def exit_status(error: UserError) -> int:
    """What the process ends with: whether a person can mend it, or only wait."""
    return INFRASTRUCTURE if error.passes else USER_ERROR


def _fail(line: str, status: int = USER_ERROR) -> NoReturn:
    click.echo(line, err=True)
    sys.exit(status)


def _say_unforeseen(error: Exception) -> None:
    """A full disk in one line; of anything else where it came from."""
    if not isinstance(error, OSError) or error.errno not in FULL:
        traceback.print_exc()
        return
    _discard_stdout()
    full = UserError("disk-full", str(error.strerror), where=str(error.filename or "what it writes to"))
    click.echo(str(full), err=True)


def _end_on_signals() -> None:
    """Have them end us as Ctrl-C does, so that what we started ends too; `nohup` has one ignored."""
    for name in ENDINGS:
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _end)


def _end(number: int, _: FrameType | None) -> NoReturn:
    sys.exit(128 + number)


def _open_streams() -> None:
    """Have streams that libraries write to, whoever has closed them."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - until the end


def _discard_stdout() -> None:
    """Nothing is left to flush into."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)

from __future__ import annotations

import sys

import click
import pytest
from click.testing import CliRunner

from release_tools import shell
from release_tools.cli import cli


def test_its_commands_are_the_files_in_a_folder() -> None:
    ran = CliRunner().invoke(cli, ["release", "--help"])
    assert ran.exit_code == 0
    assert "  doctor " in ran.output
    assert "release-tools release doctor v0.8.1" in ran.output


def test_a_command_that_is_not_there() -> None:
    ran = CliRunner().invoke(cli, ["release", "no-such"], standalone_mode=False)
    assert isinstance(ran.exception, click.UsageError)


@pytest.mark.parametrize("heavy", ["griffe", "libcst", "pydantic", "github"])
def test_help_imports_nothing_heavy(heavy: str) -> None:
    call = "import sys; from click.testing import CliRunner; from release_tools.cli import cli\n"
    call += "assert CliRunner().invoke(cli, ['release', 'doctor', '--help']).exit_code == 0\n"
    ran = shell.run([sys.executable, "-c", f"{call}print({heavy!r} in sys.modules)"])
    assert ran.out.strip() == "False"

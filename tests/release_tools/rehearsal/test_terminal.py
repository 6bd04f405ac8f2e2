"""A play on the terminal reads so, whatever its texts are; what failed shows what its command wrote."""

from __future__ import annotations

import io

import click
import pytest
from rich.console import Console

from release_tools.rehearsal import script, terminal
from release_tools.rehearsal.stage import ROLES
from release_tools.rehearsal.summary import Command, Followed, Line
from release_tools.rehearsal.terminal import LONGEST, TAIL, Terminal

PROBLEM = Followed("it ends with 0 (done)", "4", False)


def shown(*, terminal: bool = False, width: int = 80) -> tuple[Console, io.StringIO]:
    written = io.StringIO()
    return Console(file=written, width=width, highlight=False, force_terminal=terminal), written


def lines(written: io.StringIO) -> list[str]:
    return [line.rstrip() for line in written.getvalue().splitlines()]


def line(who: str = "mona", tells: str = "builds") -> script.Line:
    return script.Line(who, tells, "run", "x", {})


def ended(*follows: Followed, ran: tuple[Command, ...] = ()) -> list[str]:
    console, written = shown(width=2 * TAIL)
    Terminal(console).ended(Line("mona", "", follows=follows, seconds=1.6, ran=ran))
    return lines(written)


def test_who_does_what_and_what_followed() -> None:
    console, written = shown()
    made = Terminal(console)
    made.act("The [first] act")
    made.begins(line(tells="builds [bold]it[/bold]"))
    made.ended(Line("mona", "", follows=(Followed("it is [built]", "", True), PROBLEM), seconds=12.3))
    assert lines(written) == [
        "",
        "The [first] act",
        "  mona (maintains TFMOT) builds [bold]it[/bold]",
        "    ✓ it is [built]",
        "    ✗ it ends with 0 (done)",
        "      but: 4",
        "    12 s",
    ]


def test_everybody_has_a_colour() -> None:
    assert set(terminal.COLOURS) == set(ROLES)


def test_what_failed_shows_the_end_of_what_its_last_command_wrote() -> None:
    ran = (Command("carl", "one", "hidden"), Command("mona", "two [x]", f"{'.' * TAIL}the [end]"))
    assert ended(PROBLEM, ran=ran)[2:] == [
        "      mona: two [x]",
        "      " + "." * (TAIL - len("the [end]")) + "the [end]",
        "    2 s",
    ]


def test_what_went_well_shows_nothing_of_its_commands() -> None:
    assert ended(Followed("fine", "", True), ran=(Command("mona", "two"),)) == ["    ✓ fine", "    2 s"]


def test_what_is_long_is_cut_and_what_steers_a_terminal_is_shown() -> None:
    told = ended(Followed("x" * (LONGEST + 1), "", True), Followed("red \x1b[31m", "", True))
    assert told[0] == f"    ✓ {'x' * LONGEST}…"
    assert told[1].startswith("    ✓ red ")
    assert "\x1b" not in told[1]


@pytest.mark.parametrize("steps", [False, True])
def test_on_request_each_line_waits_for_enter(steps: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    console, written = shown()
    seen: list[list[str]] = []
    monkeypatch.setattr(click, "prompt", lambda *_, **__: seen.append(lines(written)))
    Terminal(console, steps).begins(line())
    assert seen == [["  mona (maintains TFMOT) builds"]] * steps


def test_on_a_terminal_a_sign_turns_until_the_line_has_ended() -> None:
    console, written = shown(terminal=True)
    made = Terminal(console)
    made.begins(line())
    assert made._status is not None
    assert console._live_stack
    made.ended(Line("mona", ""))
    assert not console._live_stack
    assert "\x1b[?25h" in written.getvalue()  # the cursor is there again

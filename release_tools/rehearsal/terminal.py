"""A play on the terminal: who does what, what followed, and, on request, a pause before each line."""

from __future__ import annotations

from dataclasses import dataclass

import click
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.status import Status

from release_tools.markdown import visible
from release_tools.rehearsal import script, summary
from release_tools.rehearsal.stage import ROLES

LONGEST = 300  # characters of what is shown of one thing
TAIL = 2000  # characters of what a command wrote on which a line failed
COLOURS = {"carl": "cyan", "stan": "bright_black", "mona": "green", "mark": "magenta", "olga": "yellow"}


@dataclass
class Terminal:
    """Somebody at a terminal.

    Attributes:
      steps: whether each line waits until they press Enter.
    """

    console: Console
    steps: bool = False
    _status: Status | None = None

    def act(self, title: str) -> None:
        """Its title."""
        self.console.print(f"\n[bold]{escape(title)}[/bold]")

    def begins(self, line: script.Line) -> None:
        """Who does what; what it takes is waited for."""
        colour = COLOURS[line.who]
        self.console.print(
            f"  [{colour} bold]{line.who}[/] [dim]({ROLES[line.who]})[/] {escape(line.tells)}", soft_wrap=True
        )
        if self.steps:
            click.prompt("  ⏎", default="", show_default=False, prompt_suffix="", err=True)
        if self.console.is_terminal:
            self._status = self.console.status("    …")
            self._status.start()

    def ended(self, line: summary.Line) -> None:
        """What followed."""
        if self._status:
            self._status.stop()
        for one in line.follows:
            mark = "[green]✓[/]" if one.passed else "[bold red]✗[/]"
            text = one.expectation if one.passed else f"{one.expectation}\n  but: {one.seen}"
            self.console.print(Padding(f"{mark} {escape(_short(text))}", (0, 0, 0, 4)))
        for ran in line.ran[-1:] if not line.passed else ():
            self.console.print(Padding(escape(f"{ran.by}: {ran.line}\n{ran.printed[-TAIL:]}"), (0, 0, 0, 6)))
        self.console.print(f"    [dim]{line.seconds:.0f} s[/]")


def _short(text: str) -> str:
    lines = [visible(line) for line in text.splitlines()]
    shown = "\n".join(lines)
    return shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}…"

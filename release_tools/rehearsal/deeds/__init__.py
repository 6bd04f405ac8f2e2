"""What a line of a play does, one file each: `read(value)` and `do(stage, who, value)`.

`read` checks what the script states, and raises ValueError; what it returns is done. A deed returns what it
has to show: what is said, as Markdown, or what is typed, and the command that ran.
"""

from __future__ import annotations

from dataclasses import dataclass

from release_tools.rehearsal.process import Ran


@dataclass(frozen=True)
class Done:
    """What was done.

    Attributes:
      says: a comment or a review, as Markdown.
      does: what is typed, or done on GitHub's page.
      ran: the command that it was, if it was one.
    """

    says: str = ""
    does: str = ""
    ran: Ran | None = None

"""What a line of a play does, one file each: `do(stage, who, value)`.

The value is as the script has it, with what it names in braces filled in. A deed returns what it has to show:
what is said, as Markdown, or what is typed, and the command that ran.
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

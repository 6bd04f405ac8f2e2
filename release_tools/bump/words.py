"""What a bump says on GitHub, as Markdown, and what of it goes into a commit's message; pure text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from convergence import records
from convergence.campaign import CampaignResult
from release_tools import outcome
from release_tools.bump import Change, Decision, Raised
from release_tools.markdown import code, details, fenced, text

LONGEST = 50_000  # GitHub takes 65,536 characters
FIRST = 2  # of a campaign's lines: outcome and meaning
PROMISE = "Every version allowed before that is at or above the new minimum stays allowed."


def read_verdicts(path: Path) -> tuple[str, ...]:
    """The evidence in a campaign's file.

    Raises:
      UserError: `not-a-record`.
    """
    return verdicts(records.read(path, CampaignResult))


def verdicts(result: CampaignResult) -> tuple[str, ...]:
    """A campaign as evidence: its outcome, what that means and does not, then a line a claim."""
    summary = outcome.summarize(result)
    lines = (f"{one.claim.id}: {one.outcome.value}, {one.line}" for one in result.verdicts)
    digest = result.plan.content_digest[:12]
    headline = f"{summary.headline} on TFMOT content {digest} ({len(result.trials)} trials)"
    return (headline, summary.meaning, *lines)


def pull_request(decision: Decision, evidence: Sequence[str], proven: Sequence[str] = ()) -> str:
    """The body: what it requires, why, and what becomes of each line."""
    package, version = decision.package.name, decision.version
    first, rest = proven[:FIRST], proven[FIRST:]
    why = [f"- {text(line)}" for line in (*evidence, *first)] or ["- the code needs what it brings"]
    more = [details("Verdicts", "\n".join(f"- {text(line)}" for line in rest))] if rest else []
    moved = [f"- {_place(item)}: {_move(item)}" for item in decision.raised]
    head = f"Requires {code(f'{package}>={version}')}:"
    return "\n".join([head, *why, "", *more, *moved, "", PROMISE, ""])


def suggestion(decision: Decision, evidence: Sequence[str]) -> str:
    """The review that the suggested lines belong to."""
    return f"{_asked(decision, evidence)}\n\nThe lines that do so are suggested, for you to commit.\n"


def patch(decision: Decision, evidence: Sequence[str], changes: Sequence[Change]) -> str:
    """The comment with the changes of lines that the pull request does not show."""
    whole = "".join(change.diff for change in changes)
    shown = fenced(whole[:LONGEST], "diff")
    cut = "\n\nThe patch is cut: it is too long for a comment." if len(whole) > LONGEST else ""
    asked = f"{_asked(decision, evidence)}\n\nThese lines are not among those that can be suggested here; "
    return f"{asked}`git apply` takes the patch:\n\n{shown}{cut}\n"


def _asked(decision: Decision, evidence: Sequence[str]) -> str:
    package, version = decision.package.name, decision.version
    head = f"This branch should require {code(f'{package}>={version}')}."
    return "\n".join([head, *(["", *(f"- {text(line)}" for line in evidence)] if evidence else [])])


def _place(item: Raised) -> str:
    return code(f"{item.path}:{item.line}")


def _move(item: Raised) -> str:
    before, after = (" ".join(spec.split()) for spec in (item.before, item.after))
    return f"{code(before) if before else 'any version'} becomes {code(after)}"

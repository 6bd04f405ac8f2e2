"""What is said around the steps: headings, what each is, what to do, and replies; of one itself `words`."""

from __future__ import annotations

from collections.abc import Iterable

from release_tools.approvals.steps import Step

SIGNS = {"done": "✅", "waiting": "⏳", "stale": "🕰️", "blocked": "⛔"}
STEPS = {
    Step.HOME: "Official Models decides where the example lives",
    Step.REPRODUCED: "the contributor reproduces the numbers with a wheel built from source",
    Step.STANDARDS: "the example meets Official Models' standards",
    Step.APPROVED: "the numbers are reproduced and the reviewers approve",
    Step.RELEASED: "a stable release of TFMOT has it",
    Step.BUMPED: "the example requires that release, with the final approval",
    Step.LANDED: "it has landed, and works for who installs it",
}
DONE = "all seven steps are done"
NOT_COUNTED = "What does not count, or not yet, and why"
FOOT = (
    "Everything here is worked out anew from GitHub, git and the package index, whenever something changes; "
    "nothing is kept. Comments that were edited never count; an approval belongs to a commit."
)
MEANING = {
    "blocked": "Somebody has to clear this before anything goes on.",
}


def stale(steps: Iterable[Step]) -> str:
    """What a push has undone."""
    named = ", ".join(f"step {step.number} ({step.value})" for step in steps)
    return f"Stale, since it was for another commit: {named}."


CHECK_MEANING = "This check is green once the pull request may be merged: after step 6, before step 7."


def heading(technique: str, number: int, step: str, progress: str) -> str:
    """Where a technique stands, in a few words."""
    return f"{technique}: {progress} at step {number} of 7 ({step})"


def all_done(technique: str) -> str:
    """The end."""
    return f"{technique}: {DONE}"


def next_turn(actor: str) -> str:
    """Whose turn it is."""
    return f"Next: {actor}"


HOWTO = {
    Step.REPRODUCED: "Build the wheel with release-tools build, put its summary into this pull request's "
    "text, and the numbers in a block that begins with ```toml claims {technique}.",
    Step.STANDARDS: "release-tools check-example says on a checkout what the check says here.",
    Step.APPROVED: "MOT's maintainers review on GitHub: what they approve is the commit that they see.",
    Step.RELEASED: "release-tools release plan says what a release takes.",
}


def writes(actor: str, line: str) -> str:
    """Who does what with a line."""
    return f"{actor[0].upper()}{actor[1:]} {'comments' if line.startswith('/') else 'runs'}:"


NO_TECHNIQUE = (
    "This pull request is tied to no technique yet. Any of these ties it: a label technique:NAME; a block "
    "that begins with ```toml claims NAME in its text; a /converge NAME that is accepted."
)
COUNTS = "This counts"
COUNTS_LATER = "This counts later"
COUNTS_NOT = "This does not count"


def stands(technique: str) -> str:
    """Where a comment of ours is that is kept up to date."""
    return f"Where {technique} stands is said in a comment that is kept up to date"


COPY = "For the commit that is the head now, the line is"


HOME_LINE = "/home official REASON"


def approve_line(head: str) -> str:
    """Official Models' word."""
    return f"/approve @{head}"


def converge_line(technique: str, tier: str, head: str) -> str:
    """A maintainer's request for a verdict."""
    return f"/converge {technique} tier={tier} @{head}"


def bump_line(version: str) -> str:
    """The contributor's command."""
    return f"release-tools bump-min-version {version}"

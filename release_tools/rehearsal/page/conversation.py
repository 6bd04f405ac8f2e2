"""How a pull request's page looks and reads on GitHub: colours of states, words of events, who stands how."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from release_tools.rehearsal.portrait import Check, Label, Moment, Pull, State, What, Who

STATES = {State.OPEN: "open", State.DRAFT: "draft", State.MERGED: "merged", State.CLOSED: "closed"}
REACTIONS = {
    "+1": "👍", "-1": "👎", "laugh": "😄", "hooray": "🎉", "confused": "😕", "heart": "❤️", "rocket": "🚀",
    "eyes": "👀",
}  # fmt: skip
ASSOCIATIONS = {
    "OWNER": "Owner",
    "MEMBER": "Member",
    "COLLABORATOR": "Collaborator",
    "CONTRIBUTOR": "Contributor",
}
SIGNS = {  # and the colour of each
    What.APPROVED: ("✓", "good"),
    What.REQUESTED: ("±", "bad"),
    What.REVIEWED: ("👁", "plain"),
    What.DISMISSED: ("–", "plain"),
    What.PUSHED: ("⇡", "plain"),
    What.FORCED: ("⇡", "open"),
    What.LABELED: ("◆", "plain"),
    What.UNLABELED: ("◇", "plain"),
    What.MERGED: ("", "merged"),
    What.CLOSED: ("⊘", "bad"),
    What.REOPENED: ("◉", "good"),
}
CONCLUSIONS = {
    "success": ("✓", "good"),
    "failure": ("✕", "bad"),
    "timed_out": ("✕", "bad"),
    "action_required": ("!", "bad"),
    "neutral": ("■", "plain"),
    "skipped": ("⊘", "plain"),
    "cancelled": ("⊘", "plain"),
}
RUNNING = ("●", "open")
CARDS = {What.COMMENTED, What.APPROVED, What.REQUESTED, What.REVIEWED, What.DISMISSED}
LABELS = {What.LABELED, What.UNLABELED}
AVATARS = 6  # colours


@dataclass(frozen=True)
class Item:
    """What stands in one place of the timeline: a moment, or labels put on and taken off in one go."""

    moments: tuple[Moment, ...]

    @property
    def first(self) -> Moment:
        """The one that it is of."""
        return self.moments[0]

    @property
    def labels(self) -> bool:
        """Whether it is of labels."""
        return self.first.what in LABELS

    @property
    def card(self) -> bool:
        """Whether it has a frame, since something is said in it."""
        said = self.first.text or self.first.remarks
        return self.first.what is What.COMMENTED or (self.first.what in CARDS and bool(said))

    @property
    def put(self) -> list[Label]:
        """Labels that were added."""
        return [one.label for one in self.moments if one.label and one.what is What.LABELED]

    @property
    def taken(self) -> list[Label]:
        """Labels that were removed."""
        return [one.label for one in self.moments if one.label and one.what is What.UNLABELED]


def items(timeline: Sequence[Moment]) -> list[Item]:
    """The timeline, with neighbouring labels of one person's in one place."""
    made: list[Item] = []
    for moment in timeline:
        last = made[-1] if made else None
        if last and last.labels and moment.what in LABELS and last.first.by == moment.by:
            made[-1] = Item((*last.moments, moment))
        else:
            made.append(Item((moment,)))
    return made


def standing(pull: Pull, who: Who) -> Iterator[str]:
    """The marks beside a name."""
    if who.association in ASSOCIATIONS:
        yield ASSOCIATIONS[who.association]
    if who.login == pull.by.login:
        yield "Author"


def name(login: str) -> str:
    """A login as it is shown: that it is a bot is shown beside it."""
    return login.removesuffix("[bot]")


def avatar(login: str) -> int:
    """Which colour stands for somebody."""
    return zlib.crc32(login.encode()) % AVATARS


def sign(check: Check) -> tuple[str, str]:
    """How a check stands, and its colour."""
    return CONCLUSIONS.get(check.conclusion, RUNNING)


def told(check: Check) -> str:
    """How a check stands, in a word."""
    return (check.conclusion or check.status).replace("_", " ")


def reviewers(pull: Pull) -> list[tuple[str, str, tuple[str, str]]]:
    """The last verdict of each reviewer: who, in words, with its sign."""
    verdicts = {What.APPROVED: "approved", What.REQUESTED: "requested changes", What.DISMISSED: "dismissed"}
    last = {one.by.login: one.what for one in pull.timeline if one.what in verdicts}
    return [(login, verdicts[what], SIGNS[what]) for login, what in last.items()]


def merger(pull: Pull) -> str:
    """Who merged it; empty where nobody has."""
    return next((one.by.login for one in pull.timeline if one.what is What.MERGED), "")


def ink(color: str) -> str:
    """Black or white, whichever can be read on a label of this colour."""
    return "#000000" if _light(_background(color)) > 0.179 else "#ffffff"  # WCAG: equal contrast to both


def paint(color: str) -> str:
    """A label's colour in CSS; grey where it is none."""
    return f"#{_background(color)}"


def _background(color: str) -> str:
    return color if len(color) == 6 and not set(color.lower()) - set("0123456789abcdef") else "ededed"


def _light(color: str) -> float:
    channels = (int(color[start : start + 2], 16) / 255 for start in (0, 2, 4))
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def summary(checks: Sequence[Check]) -> tuple[str, str, str]:
    """All checks of a commit in a sentence, with sign and colour."""
    failed = sum(sign(one)[1] == "bad" for one in checks)
    running = sum(not one.conclusion for one in checks)
    if failed:
        return (f"{failed} of {len(checks)} checks not successful", *CONCLUSIONS["failure"])
    if running:
        return (f"{running} of {len(checks)} checks not completed", *RUNNING)
    return ("All checks have passed", *CONCLUSIONS["success"])

"""What has changed since a tag, as commits say it: whose change it is and what it is about; runs no git."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from release_tools.markdown import one_line

IsBot = Callable[[str], bool]
FORMAT = "%x00%H%x00%an%x00%ae%x00%B%x00"  # and files, by --name-only; git allows no NUL in any of them
FIELDS = 5
MERGED = re.compile(r"Merge pull request #(?P<number>[0-9]{1,9}) from \S+")
EXPORT = re.compile(r"^(PiperOrigin-RevId|COPYBARA_\w+|FUTURE_COPYBARA_\w+|Change-Id|END_PUBLIC)\b.*$", re.M)
CO_AUTHOR = re.compile(r"^co-authored-by:\s*(?P<name>[^<\n]+?)\s*<(?P<email>[^>\n]+)>", re.I | re.M)
NOREPLY = re.compile(r"(?:\d+\+)?(?P<login>[A-Za-z0-9-]+(?:\[bot\])?)@users\.noreply\.github\.com")
UNSAID = (
    "automated code change",
    "internal code change",
    "build cleanup",
    "no public description",
    "bump version",
)
RELEASING = re.compile(r"(update|bump).*\bversion\b.*\brelease\b|^release (tfmot )?\d", re.I)
NAMELESS_BOTS = ("a. unique tensorflower", "tensorflow copybara", "copybara service")
MAJOR = re.compile(r"(add|introduce|support|implement|enable)(s|ed)?\b", re.I)
CORE = "tensorflow_model_optimization/python/core/"
BY_FOLDER = {
    "quantization/keras/collaborative_optimizations": "Collaborative optimization API",
    "clustering": "Keras clustering API",
    "quantization": "Keras quantization API",
    "sparsity": "Keras pruning API",
}
BY_WORD = {
    "clustering": "Keras clustering API",
    "cluster": "Keras clustering API",
    "collaborative": "Collaborative optimization API",
    "pcqat": "Collaborative optimization API",
    "pqat": "Collaborative optimization API",
    "cqat": "Collaborative optimization API",
    "quantization": "Keras quantization API",
    "quantize": "Keras quantization API",
    "qat": "Keras quantization API",
    "pruning": "Keras pruning API",
    "sparsity": "Keras pruning API",
}
OTHER = "Other changes"
HEADINGS = (
    *dict.fromkeys(sorted(set(BY_FOLDER.values()), key=lambda name: (name.startswith("Coll"), name))),
    OTHER,
)


@dataclass(frozen=True)
class Change:
    """One change that users may care for.

    Attributes:
      authors: people; bots and exporters are left out.
      major: whether it brings something, and does not only mend it.
    """

    subject: str
    heading: str
    authors: tuple[str, ...] = ()
    major: bool = False
    pull_request: int = 0


def parse(log: str, is_bot: IsBot) -> tuple[Change, ...]:
    """The changes of `git log --name-only --format=FORMAT`, newest first, each subject once."""
    found: dict[str, Change] = {}
    parts = log.split("\0")[1:]
    for start in range(0, len(parts), FIELDS):
        _, name, email, body, files = parts[start : start + FIELDS]
        change = _change(body, (name, email), files.split("\n"), is_bot)
        if change:
            found.setdefault(change.subject.lower(), change)
    return tuple(found.values())


def _change(body: str, author: tuple[str, str], files: Iterable[str], is_bot: IsBot) -> Change | None:
    said = [line.strip() for line in EXPORT.sub("", body).splitlines() if line.strip()]
    merged = MERGED.match(said[0]) if said else None
    subject = next(iter(said[1:] if merged else said), "")
    subject = one_line(subject.rstrip(), 120)
    if not subject or subject.lower().rstrip(".").startswith(UNSAID) or RELEASING.search(subject):
        return None
    people = [author, *((one["name"], one["email"]) for one in CO_AUTHOR.finditer(body))]
    names = dict.fromkeys(one_line(name, 60) for name, email in people if not _is_bot(name, email, is_bot))
    number = int(merged["number"]) if merged else 0
    return Change(subject, heading(files, subject), tuple(names), bool(MAJOR.match(subject)), number)


def _is_bot(name: str, email: str, is_bot: IsBot) -> bool:
    noreply = NOREPLY.fullmatch(email)
    login = noreply["login"] if noreply else email.partition("@")[0]
    return name.lower() in NAMELESS_BOTS or is_bot(login) or is_bot(name)


def heading(files: Iterable[str], subject: str) -> str:
    """Where a change belongs: by the folder that its files share, or else by what its subject begins with."""
    inside = {_of_folder(path) for path in files if path.startswith(CORE)} - {""}
    if len(inside) == 1:
        return inside.pop()
    first = re.match(r"\W*(\w+)", subject)
    return BY_WORD.get(first[1].lower(), OTHER) if first else OTHER


def _of_folder(path: str) -> str:
    inner = path.removeprefix(CORE)
    return next((name for folder, name in BY_FOLDER.items() if inner.startswith(f"{folder}/")), "")


def credited(changes: Sequence[Change]) -> tuple[str, ...]:
    """Everybody whose change it is, in alphabetical order."""
    return tuple(sorted({name for one in changes for name in one.authors}, key=str.casefold))

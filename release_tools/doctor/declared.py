"""What a tree declares to need: setup.py and requirements.txt, read as text and never run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from release_tools.doctor import syntax

SETUP, REQUIREMENTS = "setup.py", "requirements.txt"


@dataclass(frozen=True)
class Setup:
    """What setup() is given, as far as reading tells.

    Attributes:
      requires: None where only running the file would tell.
      python: of python_requires; empty if there is none.
    """

    requires: tuple[Requirement, ...] | None
    python: str = ""
    line: int = 1

    @property
    def place(self) -> str:
        """To point at it."""
        return f"{SETUP}:{self.line}"


def setup(text: str) -> Setup:
    """What a setup.py passes to setup(); a computed list is None, for it is never run here."""
    from release_tools.bump.pylists import Computed, Source

    try:
        with syntax.LOCK:
            source = Source(text)
    except ValueError:
        return Setup(None)
    values: dict[str, list[str | None]] = {}
    line = 1
    for call in source.calls("setup"):
        for keyword, value in source.keywords(call):
            found = list(source.follow(value))
            values[keyword] = [None if isinstance(item, Computed) else item.value for item in found]
            if keyword == "install_requires" and found:
                line = text.count("\n", 0, found[0].place) + 1
    required = values.get("install_requires", [])
    python = next((text for text in values.get("python_requires", []) if text), "")
    if None in required or not values:
        return Setup(None, python, line)
    return Setup(_parsed([text for text in required if text]), python, line)


def requirements(text: str) -> tuple[Requirement, ...] | None:
    """What a requirements.txt lists; options and other files are left out; None if it cannot be read."""
    lines = (line.partition(" #")[0].strip() for line in text.splitlines())
    return _parsed([line for line in lines if line and not line.startswith(("#", "-"))])


def same(first: Requirement, second: Requirement) -> bool:
    """Whether two requirements of a package allow the same versions in the same cases."""
    return _identity(first) == _identity(second)


def by_name(requirements: Iterable[Requirement]) -> Mapping[str, Requirement]:
    """Requirements by the normalised name of what they need."""
    return {canonicalize_name(requirement.name): requirement for requirement in requirements}


def differences(
    first: Iterable[Requirement], second: Iterable[Requirement]
) -> Iterator[tuple[str, Requirement | None, Requirement | None]]:
    """Name and both requirements wherever two lists do not say the same."""
    ours, theirs = by_name(first), by_name(second)
    for name in sorted(ours.keys() | theirs.keys()):
        left, right = ours.get(name), theirs.get(name)
        if left is None or right is None or not same(left, right):
            yield name, left, right


def spelled(requirement: Requirement | None) -> str:
    """A requirement as people write it; `nothing` for None."""
    return "nothing" if requirement is None else str(requirement)


def _identity(requirement: Requirement) -> tuple[str, str, frozenset[str], str]:
    marker = str(requirement.marker).replace(" ", "").replace("'", '"') if requirement.marker else ""
    specifiers = ",".join(sorted(str(specifier) for specifier in requirement.specifier))
    return canonicalize_name(requirement.name), specifiers, frozenset(requirement.extras), marker


def _parsed(lines: Iterable[str]) -> tuple[Requirement, ...] | None:
    try:
        return tuple(Requirement(line) for line in lines)
    except InvalidRequirement:
        return None

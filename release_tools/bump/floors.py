"""Raises the lower bound in a version specifier's text; knows nothing of files.

The versions allowed afterwards are exactly those allowed before that are also at or above the new
minimum: each candidate is compared as a set (`packaging.ranges`), pre-release opt-in included.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from packaging.ranges import VersionRange
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from release_tools.bump.refusal import Code, Reason


@dataclass(frozen=True)
class Options:
    """What a user allows beyond raising a floor.

    Attributes:
      pins: `==` below the minimum is moved to it.
      widen: an upper bound that excludes the minimum is moved above it.
      prerelease: the minimum may be a pre-release.
    """

    pins: bool = False
    widen: bool = False
    prerelease: bool = False


@dataclass(frozen=True)
class Edit:
    """Characters `start` to `end` of a text become `new`."""

    start: int
    end: int
    new: str


@dataclass(frozen=True)
class Clause:
    """One comparison of a specifier, at `start` to `end` of the text it was read from."""

    start: int
    end: int
    operator: str
    gap: str
    version: str
    before: str = ""
    after: str = ""

    @property
    def text(self) -> str:
        """As it is written."""
        return f"{self.before}{self.core}{self.after}"

    @property
    def core(self) -> str:
        """Without what was put before and after it."""
        return f"{self.operator}{self.gap}{self.version}"


@dataclass(frozen=True)
class Dialect:
    """How a clause is written, and what it means as a PEP 440 specifier."""

    clause: re.Pattern[str]
    meaning: Callable[[Clause], str]


PEP440 = Dialect(
    re.compile(r"(?P<operator>~=|===|==|!=|<=|>=|<|>)(?P<gap>\s*)(?P<version>[^\s,;()]+)"),
    lambda clause: clause.operator + clause.version,
)
ADVICE = {
    Code.PINNED: "--pins bump moves it to the new minimum",
    Code.UPPER_BOUND_CONFLICT: "--upper widen moves the upper bound, or choose a version below it",
    Code.EXCLUDED: "choose another version, or take the exclusion out",
}


def raise_floor(
    text: str, version: Version, options: Options, dialect: Dialect = PEP440
) -> tuple[Edit, ...] | Reason:
    """The edits after which `text` allows what it allowed from `version` on; none if that is so already."""
    try:
        clauses = _clauses(text, dialect)
        before = _range(clauses, dialect)
    except (InvalidSpecifier, InvalidVersion) as error:
        return Reason(Code.UNPARSEABLE, f"not a version specifier: {error}", "mend it, or raise it by hand")
    if before.is_subset(_from(version)):
        return ()
    if version.is_prerelease and not options.prerelease:
        return Reason(
            Code.PRERELEASE, f"{version} is a pre-release", "--allow-prerelease, or a final version"
        )
    if not clauses:
        end = len(text.rstrip())
        return (Edit(end, end, f">={version}"),)
    moved = tuple(_moved(clause, version, options, dialect) for clause in clauses)
    answer = _raised(text, moved, version, dialect)
    return answer if isinstance(answer, Reason) else _edits(clauses, answer)


def _raised(
    text: str, clauses: tuple[Clause, ...], version: Version, dialect: Dialect
) -> tuple[Clause, ...] | Reason:
    """The first candidate that allows exactly what the clauses allow from the version on."""
    allowed = _range(clauses, dialect)
    if not allowed.contains(version, prereleases=True):
        return _obstacle(clauses, version, dialect)
    if allowed.is_subset(_from(version)):
        return clauses
    wanted = allowed & _from(version)
    return next(found for found in _candidates(text, clauses, version) if _range(found, dialect) == wanted)


def _from(version: Version) -> VersionRange:
    return SpecifierSet(f">={version}").to_range()


def applied(text: str, edits: tuple[Edit, ...]) -> str:
    """The text after edits that do not overlap."""
    pieces, end = [], 0
    for edit in sorted(edits, key=lambda edit: edit.start):
        pieces += [text[end : edit.start], edit.new]
        end = edit.end
    return "".join([*pieces, text[end:]])


def as_pep440(text: str, dialect: Dialect) -> str:
    """The specifier as PEP 440 has it.

    Raises:
      InvalidSpecifier, InvalidVersion
    """
    return ",".join(filter(None, (dialect.meaning(clause) for clause in _clauses(text, dialect))))


def lower_bound(text: str, dialect: Dialect = PEP440) -> Version | None:
    """The highest version that a lower bound of the specifier names, for people to read."""
    try:
        meant = SpecifierSet(as_pep440(text, dialect))
    except (InvalidSpecifier, InvalidVersion):
        return None
    names = [clause.version.removesuffix(".*") for clause in meant if clause.operator[0] in ">~="]
    return max((Version(name) for name in names), default=None)


def _clauses(text: str, dialect: Dialect) -> tuple[Clause, ...]:
    """The clauses of a specifier.

    Raises:
      InvalidSpecifier: there is something else in it.
    """
    found: list[Clause] = []
    end = 0
    for match in dialect.clause.finditer(text):
        if text[end : match.start()].strip() != ("," if found else ""):
            raise InvalidSpecifier(text)
        found.append(Clause(match.start(), match.end(), *match.group("operator", "gap", "version")))
        end = match.end()
    if text[end:].strip() not in ({"", ","} if found else {""}):
        raise InvalidSpecifier(text)
    return tuple(found)


def _range(clauses: tuple[Clause, ...], dialect: Dialect) -> VersionRange:
    parts = [dialect.meaning(clause).strip() for clause in clauses]
    extra = [part for clause in clauses for part in (clause.before, clause.after)]
    return SpecifierSet(",".join(part.strip(", ") for part in [*parts, *extra] if part)).to_range()


def _candidates(text: str, clauses: tuple[Clause, ...], version: Version) -> Iterator[tuple[Clause, ...]]:
    """Ways to raise the floor, from the one that reads best to the one that always holds."""
    for index, clause in enumerate(clauses):
        for number in (at_precision(version, precision(clause)), str(version)):
            operator = {">": ">="}.get(clause.operator, clause.operator)
            if clause.version == "*":
                yield _with(clauses, index, replace(clause, operator=">=", version=str(version)))
            elif number and operator in {">=", "~=", "^", "~"} and _may_follow(operator, number):
                plain = number if operator != ">=" else str(version)
                yield _with(clauses, index, replace(clause, operator=operator, version=plain))
    comma = ", " if ", " in text else ","
    lower = [index for index, clause in enumerate(clauses) if clause.operator[:1] not in {"<", "!"}]
    index = lower[0] if lower else 0
    added = f">={clauses[index].gap}{version}"
    before, after = ("", f"{comma}{added}") if lower else (f"{added}{comma}", "")
    yield _with(clauses, index, replace(clauses[index], before=before, after=after))


def _may_follow(operator: str, number: str) -> bool:
    """Whether PEP 440 has the operator before that version: `~=1` would be compatible with everything."""
    return operator != "~=" or len(Version(number).release) > 1


def _moved(clause: Clause, version: Version, options: Options, dialect: Dialect) -> Clause:
    """The clause after what the user allows: a pin moved, an upper bound widened."""
    if SpecifierSet(dialect.meaning(clause)).contains(version, prereleases=True):
        return clause
    if _is_pin(clause, dialect):
        wanted = options.pins and _is_below(clause.version, version)
        return replace(clause, version=str(version)) if wanted else clause
    return replace(clause, version=_widened(clause, version)) if options.widen else clause


def _widened(clause: Clause, version: Version) -> str:
    """The version to put into an upper bound; a clause that is none keeps its own."""
    kept = _epoch(version) + ".".join(map(str, _padded(version, precision(clause))))
    match clause.operator:
        case "<":
            return _next_above(version, Version(clause.version))
        case "<=" | "^" | "~":
            return str(version)
        case "~=":
            return kept
        case "==" | "=" | "":
            return f"{kept}.*"
    return clause.version


def _obstacle(clauses: tuple[Clause, ...], version: Version, dialect: Dialect) -> Reason:
    """Which clause excludes the version."""
    kept = tuple(clause for clause in clauses if clause.operator != "!=")
    pins = [clause for clause in clauses if _is_pin(clause, dialect)]
    if _range(kept, dialect).contains(version, prereleases=True):
        code, what = Code.EXCLUDED, f"{version} itself is excluded"
    elif pins:
        code, what = Code.PINNED, f"{pins[0].core} pins a version below {version}"
    else:
        code, what = Code.UPPER_BOUND_CONFLICT, f"its upper bound excludes {version}"
    return Reason(code, what, ADVICE[code])


def _is_pin(clause: Clause, dialect: Dialect) -> bool:
    meaning = dialect.meaning(clause)
    return meaning.startswith("==") and not meaning.endswith(".*")


def _is_below(text: str, version: Version) -> bool:
    try:
        return Version(text) < version
    except InvalidVersion:
        return False


def _edits(old: tuple[Clause, ...], new: tuple[Clause, ...]) -> tuple[Edit, ...]:
    """The smallest edits that make the old clauses the new ones."""
    return tuple(_edit(a.start, a.text, b.text) for a, b in zip(old, new, strict=True) if a.text != b.text)


def _edit(start: int, old: str, new: str) -> Edit:
    if new.startswith(old):
        return Edit(start + len(old), start + len(old), new.removeprefix(old))
    if new.endswith(old):
        return Edit(start, start, new.removesuffix(old))
    return Edit(start, start + len(old), new)


def _with(clauses: tuple[Clause, ...], index: int, clause: Clause) -> tuple[Clause, ...]:
    return (*clauses[:index], clause, *clauses[index + 1 :])


def precision(clause: Clause) -> int:
    """How many numbers the clause's version has."""
    return clause.version.removesuffix(".*").partition("!")[2 if "!" in clause.version else 0].count(".") + 1


def at_precision(version: Version, count: int) -> str:
    """The same version with `count` numbers, or nothing if it needs more."""
    if Version(f"{_epoch(version)}{'.'.join(map(str, version.release))}") != version:
        return ""
    text = _epoch(version) + ".".join(map(str, _padded(version, count)))
    return text if Version(text) == version else ""


def _padded(version: Version, count: int) -> tuple[int, ...]:
    return (*version.release, *[0] * count)[:count]


def _next_above(version: Version, bound: Version) -> str:
    """The bound's next step above the version: `<0.8` steps by 0.1, `<1.0.0` by 1."""
    count = max((index + 1 for index, number in enumerate(bound.release) if number), default=1)
    step = _padded(version, count)
    zeros = [0] * (len(bound.release) - count)
    return _epoch(version) + ".".join(map(str, (*step[:-1], step[-1] + 1, *zeros)))


def _epoch(version: Version) -> str:
    return f"{version.epoch}!" if version.epoch else ""

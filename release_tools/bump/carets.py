"""Poetry's version constraints (`^1.2`, `~1.2`, `1.2`, `1.*`) and what they mean in PEP 440."""

from __future__ import annotations

import re

from packaging.specifiers import InvalidSpecifier
from packaging.version import Version

from release_tools.bump.floors import Clause, Dialect, precision


def _meaning(clause: Clause) -> str:
    """The clause as PEP 440 has it.

    Raises:
      InvalidSpecifier: it means nothing that PEP 440 can say.
      InvalidVersion
    """
    version, wild = clause.version, clause.version.endswith("*")
    match clause.operator:
        case "^" if not wild:
            return f">={version},<{_caret(Version(version), precision(clause))}"
        case "~" if not wild:
            return f">={version},<{_next(Version(version), min(2, precision(clause)))}"
        case "" | "=" | "==" if version == "*":
            return ""
        case "" | "=":
            return f"=={version}"
        case "^" | "~":
            raise InvalidSpecifier(clause.core)
    return clause.operator + version


def _caret(version: Version, count: int) -> str:
    """`^` keeps the first number that is not 0."""
    release = version.release[:count]
    return _next(version, next((i + 1 for i, number in enumerate(release) if number), count))


def _next(version: Version, count: int) -> str:
    kept = (*version.release, 0, 0)[:count]
    epoch = f"{version.epoch}!" if version.epoch else ""
    return epoch + ".".join(map(str, (*kept[:-1], kept[-1] + 1)))


POETRY = Dialect(
    re.compile(
        r"(?P<operator>~=|===|==|!=|<=|>=|<|>|\^|~|=|)(?P<gap>\s*)(?P<version>\*|v?\d[^\s,;()|]*)", re.ASCII
    ),
    _meaning,
)


def meaning(text: str) -> str:
    """One constraint of Poetry's in PEP 440.

    Raises:
      InvalidSpecifier, InvalidVersion
    """
    match = POETRY.clause.fullmatch(text.strip())
    if match is None:
        raise InvalidSpecifier(text)
    return _meaning(Clause(0, 0, *match.group("operator", "gap", "version")))

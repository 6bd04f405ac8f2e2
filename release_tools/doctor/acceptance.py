"""Findings that maintainers accepted: written down with a reason, always shown, reported when stale."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from convergence import records, toml
from convergence.errors import UserError
from convergence.model import STRICT
from release_tools.doctor.findings import Finding, Severity, Untold

PATH = Path(".github/release-doctor.toml")
NAME = "acceptance"
HINT = "release-tools release doctor --acceptances prints what a finding needs"


@dataclass(frozen=True)
class Acceptance:
    """One finding that is accepted.

    Attributes:
      what: digest of the finding's words, so that another finding at the same place is not accepted with it.
    """

    __pydantic_config__: ClassVar = STRICT

    check: str
    where: str
    what: str
    reason: str

    @property
    def key(self) -> tuple[str, str, str]:
        """As a finding's."""
        return self.check, self.where, self.what


@dataclass(frozen=True)
class File:
    """A whole acceptance file."""

    __pydantic_config__: ClassVar = STRICT

    accepted: tuple[Acceptance, ...] = ()


def read(text: str, name: str) -> tuple[Acceptance, ...]:
    """What the text of an acceptance file accepts.

    Raises:
      UserError: `acceptance`, naming the entry.
    """
    from pydantic import ValidationError

    try:
        document = toml.loads(text)
        file = records.adapter(File).validate_python(document)
    except (ValueError, RecursionError) as error:
        first = error.errors()[0] if isinstance(error, ValidationError) else None
        what = f"{'.'.join(map(str, first['loc']))}: {first['msg']}" if first else f"not TOML: {error}"
        raise UserError("acceptance", what, where=name, hint=HINT) from error
    for number, entry in enumerate(file.accepted, 1):
        if not entry.reason.strip():
            what = f"entry {number}, {entry.check}, has no reason"
            raise UserError("acceptance", what, where=name, hint="write why the release may go out with it")
    return file.accepted


def load(path: Path) -> tuple[Acceptance, ...]:
    """What a file accepts; nothing if there is no file.

    Raises:
      UserError: `acceptance`.
    """
    try:
        return read(path.read_text(encoding="utf-8"), str(path))
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError("acceptance", f"cannot be read: {error}", where=str(path)) from error


def apply(
    items: Iterable[Finding | Untold], accepted: Sequence[Acceptance], examined: Collection[str]
) -> list[Finding | Untold]:
    """The items, each accepted one with its reason, and a warning for each acceptance that met nothing.

    Args:
      examined: the checks that were made; the acceptances of others may still be needed.
    """
    reasons = {entry.key: entry.reason for entry in accepted}
    known = list(items)
    met = {item.key for item in known}
    marked = [dataclasses.replace(item, accepted=reasons.get(item.key, "")) for item in known]
    return marked + [_stale(entry) for entry in accepted if entry.check in examined and entry.key not in met]


def template(items: Iterable[Finding | Untold]) -> str:
    """Entries for an acceptance file, with reasons to be written."""
    import tomlkit

    document = tomlkit.document()
    tables = tomlkit.aot()
    seen = set()
    for item in items:
        if item.accepted or item.key in seen:
            continue
        seen.add(item.key)
        check, where, digest = item.key
        table = tomlkit.table()
        table.add(tomlkit.comment(" ".join(item.what.split())))
        table.update({"check": check, "where": where, "what": digest, "reason": ""})
        tables.append(table)
    if len(tables):
        document.append("accepted", tables)
    return tomlkit.dumps(document)


def _stale(entry: Acceptance) -> Finding:
    what = f"an acceptance of {entry.check} matches no finding any more ({entry.reason})"
    return Finding(NAME, what, entry.where, "strike the entry", Severity.WARNING)

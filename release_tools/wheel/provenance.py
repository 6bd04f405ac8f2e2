"""Where a wheel came from, as the `provenance.json` that lies beside it."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convergence.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SCHEMA = "tfmot-release-tools/provenance"
SCHEMA_VERSION = 1
FILE_NAME = "provenance.json"
TEXTS = (
    "source",
    "ref",
    "commit",
    "tree",
    "commit_time",
    "backend",
    "name",
    "version",
    "wheel",
    "sha256",
    "content_digest",
    "files_from",
)


@dataclass(frozen=True)
class Imports:
    """Every module of the wheel has been imported with these versions.

    Attributes:
      undeclared: distributions that the wheel imports and does not require.
    """

    modules: int
    python: str
    tensorflow: str | None
    undeclared: tuple[str, ...] = ()


@dataclass(frozen=True)
class Provenance:
    """Everything that determined a wheel, and what is known of the result.

    Attributes:
      source: URL or path, without credentials.
      tag: one that names the commit, if any.
      commit_time: ISO 8601, UTC.
      builder: versions of what can change the wheel's bytes.
      content_digest: of what the wheel installs, apart from the version.
      files: what it installs.
      files_from: who chose them: `BUILD files` or `setup.py`.
      left_out: modules of the tree that are neither tests nor examples, and that the wheel does not hold.
      imports: None when the check was skipped.
    """

    source: str
    ref: str
    commit: str
    tree: str
    tag: str | None
    commit_time: str
    backend: str
    builder: Mapping[str, str]
    name: str
    version: str
    wheel: str
    sha256: str
    content_digest: str
    files: tuple[str, ...]
    files_from: str = "BUILD files"
    left_out: tuple[str, ...] = ()
    imports: Imports | None = None

    def to_json(self) -> str:
        """The text of the file; equal provenance gives equal bytes."""
        head = {"schema": SCHEMA, "schema_version": SCHEMA_VERSION}
        return json.dumps(head | dataclasses.asdict(self), indent=2) + "\n"


def read(path: Path) -> Provenance:
    """Read a provenance.json.

    Raises:
      UserError: `bad-provenance`.
    """
    try:
        return _from_plain(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise UserError("bad-provenance", f"cannot read: {error}", where=str(path)) from error


def _from_plain(data: dict[str, Any]) -> Provenance:
    schema = (data.pop("schema"), data.pop("schema_version"))
    if schema != (SCHEMA, SCHEMA_VERSION):
        raise ValueError(f"schema {schema[0]} {schema[1]}, known is {SCHEMA} {SCHEMA_VERSION}")
    texts = [data[name] for name in TEXTS] + [*data["builder"].values()] + [data["tag"] or ""]
    wheel = data["wheel"]
    if not _are_texts(texts) or Path(wheel).name != wheel or not wheel.endswith(".whl"):
        raise ValueError("a text is missing, or the wheel's name is none of a file")
    lists = {name: _texts(data[name]) for name in ("files", "left_out")}
    return Provenance(**(data | lists | {"imports": _imports(data["imports"])}))


def _imports(data: dict[str, Any] | None) -> Imports | None:
    if data is None:
        return None
    found = Imports(**(data | {"undeclared": _texts(data["undeclared"])}))
    if type(found.modules) is not int or not _are_texts([found.python, found.tensorflow or ""]):
        raise ValueError("imports are of a wrong type")
    return found


def _texts(data: object) -> tuple[str, ...]:
    if not isinstance(data, list) or not _are_texts(data):
        raise ValueError("not a list of texts")
    return tuple(data)


def _are_texts(values: Iterable[object]) -> bool:
    return all(isinstance(value, str) for value in values)

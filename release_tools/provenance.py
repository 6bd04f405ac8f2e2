"""Where a wheel came from, as the `provenance.json` that lies beside it."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convergence.model import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA = "tfmot-release-tools/provenance"
SCHEMA_VERSION = 1
FILE_NAME = "provenance.json"


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
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise UserError("bad-provenance", f"cannot read: {error}", where=str(path)) from error


def _from_plain(data: dict[str, Any]) -> Provenance:
    schema = (data.pop("schema"), data.pop("schema_version"))
    if schema != (SCHEMA, SCHEMA_VERSION):
        raise ValueError(f"schema {schema[0]} {schema[1]}, known is {SCHEMA} {SCHEMA_VERSION}")
    texts = [
        data[name] for name in ("source", "commit", "name", "version", "wheel", "sha256", "content_digest")
    ]
    if not all(isinstance(text, str) for text in texts) or Path(data["wheel"]).name != data["wheel"]:
        raise ValueError("a text is missing, or the wheel's name is a path")
    lists = {name: tuple(data[name]) for name in ("files", "left_out")}
    return Provenance(**(data | lists | {"imports": _imports(data["imports"])}))


def _imports(data: dict[str, Any] | None) -> Imports | None:
    return Imports(**(data | {"undeclared": tuple(data["undeclared"])})) if data else None

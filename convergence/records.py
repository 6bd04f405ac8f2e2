"""JSON files with a schema and a version: what passes between machines that need not trust each other."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, TypeVar

from convergence.errors import UserError

if TYPE_CHECKING:
    from pydantic import TypeAdapter

T = TypeVar("T")

VERSION = 1
MAX_BYTES = 16 * 2**20
_ADAPTERS: dict[type[Any], Any] = {}


def write(path: Path, record: Any) -> None:
    """Writes a frozen dataclass as JSON, all of it or nothing.

    Raises:
      UserError: not-writable.
    """
    content = text(record)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _scratch(path) as scratch:
            with scratch.open("w", encoding="utf-8") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            scratch.replace(path)
    except OSError as error:
        raise UserError("not-writable", f"cannot write {path}: {error.strerror}") from error


def text(record: Any) -> str:
    """What the file of a record says; equal records, equal texts."""
    plain = _head(type(record)) | _plain(record)
    return json.dumps(plain, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


@contextmanager
def _scratch(path: Path) -> Iterator[Path]:
    """A name beside `path` that is gone afterwards."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield scratch
    finally:
        scratch.unlink(missing_ok=True)


def read(path: Path, kind: type[T]) -> T:
    """The record of that kind in a file.

    Raises:
      UserError: not-a-record, when the file is missing, too large, truncated, of another schema or version,
        or holds values of the wrong type (numbers must be finite).
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _refusal(path, f"is larger than {MAX_BYTES} bytes")
        content = path.read_bytes()
    except OSError as error:
        raise _refusal(path, error.strerror or "cannot be read") from error
    return parse(content, kind, path)


def parse(content: bytes, kind: type[T], path: PurePath) -> T:
    """The record of that kind that a file's content is.

    Args:
      path: names the file in errors; nothing is read.

    Raises:
      UserError: not-a-record, as for `read`.
    """
    from pydantic import ValidationError

    data = _load(content, path)
    found = {key: data.pop(key, None) for key in ("schema", "version")}
    if found != _head(kind):
        raise _refusal(path, f"is a {str(found)[:200]}, not a {_head(kind)}")
    try:
        return adapter(kind).validate_json(json.dumps(data), strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise _refusal(path, f"{where}: {first['msg']}") from error


def adapter(kind: type[T]) -> TypeAdapter[T]:
    """What checks values against a frozen dataclass; made once, for that takes longer than using it."""
    from pydantic import TypeAdapter

    made: TypeAdapter[T] = _ADAPTERS.get(kind) or TypeAdapter(kind)
    _ADAPTERS[kind] = made
    return made


def _load(content: bytes, path: PurePath) -> dict[str, Any]:
    if len(content) > MAX_BYTES:
        raise _refusal(path, f"is larger than {MAX_BYTES} bytes")
    try:
        data = json.loads(content.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise _refusal(path, f"is not JSON: {error}") from error
    if not isinstance(data, dict):
        raise _refusal(path, "holds no JSON object")
    return data


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a finite number")


def _plain(record: Any) -> dict[str, Any]:
    plain = adapter(type(record)).dump_python(record, mode="json")
    assert isinstance(plain, dict)
    return plain


def _head(kind: type[Any]) -> dict[str, Any]:
    return {"schema": f"tfmot-release-tools/{kind.__name__}", "version": VERSION}


def _refusal(path: PurePath, reason: str) -> UserError:
    return UserError("not-a-record", f"{path} {reason}", hint="delete the file to have it made again")

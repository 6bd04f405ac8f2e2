"""What a release may be called, and how version.py says so: edited as text, every other byte stays."""

from __future__ import annotations

import re

from packaging.version import InvalidVersion, Version

from convergence.errors import UserError
from release_tools.wheel import tfmot

ASKED = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(rc(0|[1-9]\d*))?", re.ASCII)


def parse(text: str) -> Version:
    """The version X.Y.Z or X.Y.ZrcN.

    Raises:
      UserError: bad-version.
    """
    if not ASKED.fullmatch(text):
        raise UserError(
            "bad-version", f"{text!r} is no release of TFMOT", hint="write 0.8.2, or 0.8.2rc0 for a candidate"
        )
    return Version(text)


def tag(version: Version) -> str:
    """The tag of a version."""
    return f"v{version}"


def of_tag(name: str) -> Version | None:
    """The version that a tag names, if it names a release."""
    try:
        return Version(name.removeprefix("v")) if name.startswith("v") else None
    except InvalidVersion:
        return None


def edited(text: str, version: Version) -> str:
    """The text of version.py with its four constants saying `version`.

    Raises:
      UserError: bad-version, where one of them is not there exactly once as a plain string.
    """
    suffix = "".join(map(str, version.pre or ()))
    values = (*map(str, version.release), suffix)
    for name, value in zip((*tfmot.VERSION_PARTS, tfmot.SUFFIX), values, strict=True):
        text = _assigned(text, name, value)
    return text


def _assigned(text: str, name: str, value: str) -> str:
    line = re.compile(rf"""^({name}[ \t]*=[ \t]*)(['"])[^'"\n\\]*\2(?=[ \t]*(?:#.*)?\r?$)""", re.MULTILINE)
    if len(line.findall(text)) != 1:
        what = f"{name} is not assigned once as a plain string"
        raise UserError("bad-version", what, where=tfmot.VERSION_FILE, hint=f"write {name} = '0', once")
    return line.sub(lambda found: f"{found[1]}{found[2]}{value}{found[2]}", text)

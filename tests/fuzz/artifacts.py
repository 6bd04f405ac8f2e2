"""What jobs leave: a folder or a zip, with any names and bytes, links and lies."""

from __future__ import annotations

import io
import os
import re
import stat
import zipfile
from collections.abc import Sequence
from pathlib import Path

import damage
from hypothesis import strategies as st

from release_tools.jobs import artifacts
from release_tools.jobs.artifacts import Delivery

DIGEST = "0123456789abcdef" * 2
NAME = f"{DIGEST}.json"


def _zip(
    *members: tuple[str, bytes], mode: int = stat.S_IFREG | 0o644, kind: int = zipfile.ZIP_DEFLATED
) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", kind) as archive:
        for name, content in members:
            info = zipfile.ZipInfo(name)
            info.external_attr, info.compress_type = mode << 16, kind
            archive.writestr(info, content)
    return made.getvalue()


WHOLE = _zip((NAME, b"{}"))
NAMES = (
    NAME,
    "x.zip",
    "job",
    f"job/{NAME}",
    f"job/deep/{NAME}",
    "../up.json",
    ".hidden",
    "a b.zip",
    "é.zip",
    "-x.zip",
    "link:/etc/passwd",
    "job/link:/etc/passwd",
    "pipe:",
    "x" * 200 + ".zip",
)
ZIPS = [
    WHOLE,
    _zip((f"../{NAME}", b"{}")),
    _zip(("/etc/x.json", b"")),
    _zip((NAME, b"/etc/passwd"), mode=stat.S_IFLNK | 0o777),
    _zip((NAME, b"\0" * 2**23)),
    _zip((NAME, b"{}"), (NAME.replace("0", "1"), b"{}"), kind=zipfile.ZIP_LZMA),
    _zip((NAME, b"{}"), kind=zipfile.ZIP_BZIP2),
    _zip(("", b"")),
    b"",
]
EXAMPLES: Sequence[tuple[tuple[str, bytes], ...]] = (
    ((NAME, b"{}"),),
    (("x.zip", WHOLE),),
    ((f"job/{NAME}", b"{}"), ("x.zip", WHOLE)),
    (),
)
_FILES = st.tuples(
    st.sampled_from(NAMES), damage.contents(ZIPS) | st.sampled_from(ZIPS) | st.binary(max_size=9)
)
INPUTS = st.lists(_FILES, max_size=4, unique_by=lambda one: one[0]).map(tuple)


def place(given: tuple[tuple[str, bytes], ...], folder: Path) -> None:
    for name, content in given:
        path = folder / "scores" / name.partition(":")[0].removeprefix("../")
        if any(parent.is_file() for parent in path.parents) or path.exists():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        if "link:" in name:
            path.symlink_to("/etc/passwd")
        elif "pipe:" in name:
            os.mkfifo(path)
        else:
            path.write_bytes(content)


def read(given: tuple[tuple[str, bytes], ...], folder: Path) -> list[Delivery]:
    return artifacts.deliveries(folder / "scores", expected)


def expected(name: str) -> bool:
    return bool(re.fullmatch(r"[0-9a-f]{32}\.json", name))


def holds(value: list[Delivery], given: tuple[tuple[str, bytes], ...]) -> None:
    for one in value:
        assert "/" not in one.name
        for name, content in one.files.items():
            assert expected(name)
            assert len(content) <= artifacts.KINDS[".json"]
            assert not content.startswith(b"root:")

"""Keeps files as an artifact, as actions/upload-artifact does."""

from __future__ import annotations

import itertools
import os
import shutil
import sys
from pathlib import Path


def main(store: Path, name: str, source: Path, missing: str) -> None:
    if not name or set(name) & set('":<>|*?\r\n\\/'):
        sys.exit(f"The artifact name is not valid: {name!r}")
    single = source.is_file() or "*" in source.name
    found = source.parent.glob(source.name) if single else source.rglob("*")
    files = [path for path in found if path.is_file()]
    root = source.parent if single else source
    shown = [path for path in files if not any(part[0] == "." for part in path.relative_to(root).parts)]
    if not shown:
        sys.exit("No files were found" if missing == "error" else 0)
    folder = reserve(store, name)
    for path in shown:
        target = folder / "files" / path.relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    with Path(os.environ["GITHUB_OUTPUT"]).open("a") as output:
        output.write(f"artifact-id={folder.name}\n")


def reserve(store: Path, name: str) -> Path:
    """The artifact's folder; its id is the next that is free."""
    store.mkdir(parents=True, exist_ok=True)
    try:
        (store / f"name-{name}").touch(exist_ok=False)
    except FileExistsError:
        sys.exit(f"Conflict: an artifact with this name already exists: {name}")
    for number in itertools.count(1):
        folder = store / str(number)
        try:
            folder.mkdir()
        except FileExistsError:
            continue
        (folder / "name").write_text(name)
        return folder
    raise AssertionError


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), sys.argv[4])

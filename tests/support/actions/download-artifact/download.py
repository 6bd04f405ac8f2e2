"""Brings artifacts as actions/download-artifact does: one or merged ones into the folder, else each below."""

from __future__ import annotations

import fnmatch
import shutil
import sys
from pathlib import Path


def main(store: Path, ids: str, pattern: str, target: Path, merge: str) -> None:
    named = {path: (path / "name").read_text() for path in store.iterdir() if path.is_dir()}
    wanted = [one.strip() for one in ids.split(",") if one.strip()]
    if wanted:
        found = [path for path in named if path.name in wanted]
        if not found:
            sys.exit("None of the provided artifact IDs were found")
    else:
        found = [path for path, name in named.items() if fnmatch.fnmatchcase(name, pattern or "*")]
    for path in sorted(found, key=lambda path: int(path.name)):
        alone = len(found) == 1 or merge == "true"
        shutil.copytree(path / "files", target if alone else target / named[path], dirs_exist_ok=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], Path(sys.argv[4]), sys.argv[5])

"""Somebody commits the files of a folder here to a branch of their own, edited where they are to be wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from release_tools.rehearsal.deeds import Done
from release_tools.rehearsal.edits import Edit, edited
from release_tools.rehearsal.stage import FILES, Stage
from release_tools.sandbox import pushes


def do(stage: Stage, who: str, value: Mapping[str, Any]) -> Done:
    """`files`, `branch`, `message`, and `edits` of them."""
    root = FILES / value["files"]
    paths = (path for path in sorted(root.rglob("*")) if path.is_file() and "__pycache__" not in path.parts)
    files = {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in paths}
    for one in value.get("edits", ()):
        files[one["path"]] = edited(files[one["path"]], Edit.read(one))
    own = stage.branch(who)
    start = "" if own.git.ref(f"refs/heads/{value['branch']}") else own.default_branch
    stage.world.commit(own, value["branch"], files, stage.people[who], value["message"], start=start)
    pushes.look(stage.world)
    return Done(does=f"git push {own.full_name} {value['branch']}   # {value['message']}")

"""How a step of GitHub Actions hands values to later ones: lines of `key=value`, with nothing to inject."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from convergence.errors import UserError
from release_tools.plan import Plan
from release_tools.policy import Policy

_HARMLESS = re.compile(r"[0-9a-f]+")
_NAMES = re.compile(r"[A-Za-z0-9_./-]+")  # of repositories and folders
_IMAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./:@-]*")
_LABELS = re.compile(r'\["[A-Za-z0-9_.-]+"(,"[A-Za-z0-9_.-]+")*\]')
SHAPES = {  # of what is more than digits
    "tfmot-repository": _NAMES,
    "models-repository": _NAMES,
    "data": _NAMES,
    "checkpoints": _NAMES,
    "image": _IMAGE,
    "hosted": _LABELS,
    "gpu": _LABELS,
}
_WORD = re.compile(r"[a-z]+(-[a-z]+)*")
_LIST = re.compile(r'\[[A-Za-z0-9 ._/:,{}"-]*\]')


def outputs(plan: Plan) -> dict[str, str]:
    """What later jobs need of an accepted plan: repositories' names, and digits."""
    return {
        "accepted": "1",
        "hold": str(int(bool(plan.hold))),
        "request-id": plan.request_id,
        "pull-request": str(plan.pull_request),
        "head-sha": plan.head_sha,
        "tfmot-repository": plan.tfmot.repository,
        "tfmot-sha": plan.tfmot.sha,
        "models-repository": plan.models.repository,
        "models-sha": plan.models.sha,
        "gpu-hours": str(math.ceil(plan.gpu_hours)),
    }


def machines(policy: Policy) -> dict[str, str]:
    """What later jobs need of the policy: labels of runners, as JSON, and folders that are on them."""
    return {
        "hosted": json.dumps(policy.runners.hosted, separators=(",", ":")),
        "gpu": json.dumps(policy.runners.gpu, separators=(",", ":")),
        "data": policy.storage.data,
        "checkpoints": policy.storage.checkpoints,
        "image": policy.runners.image,
    }


def write(path: Path, values: Mapping[str, str]) -> None:
    """Adds the values to the step's outputs.

    Raises:
      UserError: not-writable.
      ValueError: a value that is more than its key may have; nothing is written then.
    """
    _write(path, values, _HARMLESS)


def write_word(path: Path, key: str, value: str) -> None:
    """Adds an output that is one of our own words: `true`, `not-reproduced`; errors as for `write`."""
    _write(path, {key: value}, _WORD)


def write_list(path: Path, key: str, value: Sequence[Mapping[str, str | int]]) -> None:
    """Adds an output for `fromJSON`, of names and numbers; errors as for `write`."""
    _write(path, {key: json.dumps(value)}, _LIST)


def _write(path: Path, values: Mapping[str, str], harmless: re.Pattern[str]) -> None:
    for key, value in values.items():
        if not SHAPES.get(key, harmless).fullmatch(value):
            raise ValueError(f"{key} is no output: {value!r}")
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write("".join(f"{key}={value}\n" for key, value in values.items()))
    except OSError as error:
        raise UserError("not-writable", f"cannot write {path}: {error.strerror}") from error

"""Examples of a few files, written where a test wants them, and what an examination says of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from release_tools import standards
from release_tools.jobs.isolation import Isolation
from release_tools.standards import example as examples
from release_tools.standards import importing
from release_tools.standards.example import Example
from release_tools.standards.importing import Apart, Event, Limits, Run

LICENCE = "# SPDX-License-Identifier: Apache-2.0\n"
TFMOT = "tensorflow_model_optimization"
QUICK = Limits(seconds=60, seconds_each=10, preload=())


def write(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Files below a folder, whose packages have an __init__.py; the folder."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def read(root: Path, files: Mapping[str, str | bytes], path: str = "example") -> Example:
    """The example in a package `example`, not imported."""
    write(root, {"example/__init__.py": "", **files})
    return examples.read(root / path, path)


def ran(example: Example, *events: Event, trouble: str = "", changed: tuple[str, ...] = ()) -> Example:
    """The example as though importing it had come to this; without events, to all being well."""
    quiet = [Event(kind, one.name, "", 0, "") for one in example.own for kind in ("begin", "end")]
    return replace(example, run=Run((*events, *quiet), "apart", changed, trouble))


def imported(example: Example, limits: Limits = QUICK) -> Example:
    """The example, really imported."""
    apart = Apart(Isolation(""), importing.has_namespaces())
    return replace(example, run=importing.run(example, {}, apart, limits))


def said(example: Example, *rules: str) -> list[tuple[str, str, bool]]:
    """Where, what, and whether it is certain: all that rules find."""
    report = standards.examine(example, rules)
    return [(one.where, one.what, one.certain) for one in report.findings]

"""Imports modules and writes down what happened; run by path in the environment of a wheel, alone there.

Usage: python probe.py RESULT.json [FOLDER…] < MODULES.json
Modules are also looked for in the folders, after everywhere else.
"""

import importlib
import json
import sys
from importlib import metadata
from pathlib import Path


def probe(names: list[str]) -> dict[str, object]:
    """Import each module: where it came from, or why it does not import."""
    origins: dict[str, str] = {}
    failures: dict[str, str] = {}
    for name in names:
        try:
            origins[name] = str(importlib.import_module(name).__file__)
        except BaseException as error:  # a module may even call sys.exit
            failures[name] = f"{type(error).__name__}: {error}".splitlines()[0]
    return {"origins": origins, "failures": failures, "tensorflow": _tensorflow()}


def _tensorflow() -> "str | None":
    try:
        return metadata.version("tensorflow")
    except metadata.PackageNotFoundError:
        return None


if __name__ == "__main__":
    sys.path += sys.argv[2:]
    Path(sys.argv[1]).write_text(json.dumps(probe(json.load(sys.stdin))))

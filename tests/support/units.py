"""Files of a folder that tests find and load, one a unit."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType


def load(path: Path, kind: str) -> ModuleType:
    """The module in a file, by a name that no other folder's has."""
    spec = importlib.util.spec_from_file_location(f"{kind}_{path.stem}", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module

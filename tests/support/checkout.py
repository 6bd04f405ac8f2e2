"""A checkout of Official Models as this environment has it, with our example copied in as it stands."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import convergence

EXAMPLES = Path(str(convergence.__file__)).parent / "examples"
CLAIMS = EXAMPLES / "claims"
PROJECT = "official/projects/clustering"
OURS = str(EXAMPLES.parents[1])


def with_example(folder: Path) -> Path:
    """The folder, with Official Models and the example in it."""
    spec = importlib.util.find_spec("official")
    assert spec is not None
    assert spec.origin is not None
    without = shutil.ignore_patterns("__pycache__")
    shutil.copytree(Path(spec.origin).parent, folder / "official", ignore=without)
    shutil.copytree(EXAMPLES / "official", folder / "official", ignore=without, dirs_exist_ok=True)
    return folder


def python(checkout: Path, *words: str) -> str:
    """What Python prints in a checkout, whose modules come before those that are installed."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(checkout), OURS]), "CUDA_VISIBLE_DEVICES": ""}
    ran = subprocess.run(
        [sys.executable, *words], cwd=checkout, env=env, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-3000:]
    return ran.stdout

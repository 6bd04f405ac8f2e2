"""Measures holding an example to every rule, as a multiple of parsing it; at most fifteen times.

python tests/bench/standards.py [FOLDER]    # by default Official Models, as it is installed
"""

from __future__ import annotations

import ast
import importlib.util
import sys
import time
import warnings
from pathlib import Path

from release_tools import standards
from release_tools.standards import example

LIMIT = 15.0


def folder() -> Path:
    if sys.argv[1:]:
        return Path(sys.argv[1])
    spec = importlib.util.find_spec("official")
    if spec is None or not spec.origin:
        sys.exit("Official Models is not installed: name a folder")
    return Path(spec.origin).parent


def main() -> None:
    warnings.simplefilter("ignore")  # of escapes in strings
    where = folder()
    contents = [path.read_bytes() for path in where.rglob("*.py")]
    began = time.process_time()
    for content in contents:
        ast.parse(content)
    parsed = time.process_time()
    report = standards.examine(example.read(where))
    ended = time.process_time()
    ratio = (ended - parsed) / (parsed - began)
    print(f"{report.modules} modules, {len(report.rules)} rules: {ratio:.1f} times as long as parsing them")
    if ratio > LIMIT:
        sys.exit(f"more than {LIMIT}")


if __name__ == "__main__":
    main()

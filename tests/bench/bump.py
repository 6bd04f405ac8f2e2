"""Measures bump-min-version: a tree against `git grep`, one file from process start, other tools beside it.

    python tests/bench/bump.py [tree] [file] [tools]

`pur` is installed into an environment of its own, `uv` taken from the PATH or .venv/uv; what is not there
is left out and said so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from rich.console import Console
from rich.table import Table

PACKAGE = "tensorflow-model-optimization"
VERSION = "0.8.0"
RUNS = 7
OURS = [sys.executable, "-c", "from release_tools.cli import main; main()", "bump-min-version", VERSION]
FILES, DECLARING = 2000, 50
SHAPES = {
    "requirements.txt": "six\nnumpy>=1.20\n{}\n",
    "pyproject.toml": '[project]\nname = "a"\ndependencies = ["six", "{}"]\n',
    "setup.py": "from setuptools import setup\nsetup(name='a', install_requires=['six', '{}'])\n",
    "setup.cfg": "[options]\ninstall_requires =\n  six\n  {}\n",
}
REQUIREMENTS = [  # in shapes that every tool can edit
    f"{PACKAGE}>=0.4.1",
    f"{PACKAGE}>=0.4.1,<0.9",
    f"{PACKAGE}~=0.7",
    f"{PACKAGE}>=0.4.1; python_version >= '3.8'",
    f"{PACKAGE}>=0.9",
    f"{PACKAGE}>=0.4.1,!=0.8.1",
    PACKAGE,
    f"{PACKAGE}==0.4.1",
]
Edit = Callable[[Path], None]


def times(
    programs: Sequence[Sequence[str | Path]], cwd: Path, before: Callable[[], None] = lambda: None
) -> list[list[float]]:
    """Wall times of programs in turns, so that other work slows all alike; the first ones do not count."""
    found: list[list[float]] = [[] for _ in programs]
    for _ in range(1 + RUNS):
        for times_, words in zip(found, programs, strict=True):
            before()
            began = time.monotonic()
            subprocess.run([str(word) for word in words], cwd=cwd, stdout=subprocess.DEVNULL, check=True)
            times_.append(time.monotonic() - began)
    return [times_[1:] for times_ in found]


def shown(found: Sequence[float]) -> str:
    low, middle, high = (f"{each * 1000:.0f}" for each in (min(found), median(found), max(found)))
    return f"{middle} ms ({low}–{high})"


def lay(folder: Path, names: Sequence[str]) -> dict[Path, str]:
    """A repository of files of 8 KiB, ten a folder; fifty declare the package, in the formats of `names`."""
    written = {}
    for index in range(FILES):
        part = folder / f"part{index // 100}" / f"p{index // 10}"
        part.mkdir(parents=True, exist_ok=True)
        if index % (FILES // DECLARING) == 0:
            name = names[index // (FILES // DECLARING) % len(names)]
            written[part / name] = SHAPES[name].format(f"{PACKAGE}>=0.4.1")
        else:
            name = (f"module{index}.py", f"notes{index}.md", f"list{index}.txt", f"data{index}.json")[
                index % 4
            ]
            written[part / name] = f"# {index}: numpy>=1.20 and tensorflow\n" * 220
    for path, text in written.items():
        path.write_text(text)
    for words in (["init", "-q"], ["add", "."]):
        subprocess.run(["git", *words], cwd=folder, check=True)
    return written


def tree(table: Table) -> None:
    for names in (["requirements.txt"], ["requirements.txt", "pyproject.toml"], list(SHAPES)):
        with tempfile.TemporaryDirectory() as scratch:
            _tree(table, Path(scratch), names)


def _tree(table: Table, folder: Path, names: Sequence[str]) -> None:
    written = lay(folder, names)

    def restore() -> None:
        for path, text in written.items():
            if PACKAGE in text:
                path.write_text(text)

    grep, ours = times([["git", "grep", "-l", PACKAGE], [*OURS, "--no-verify"]], folder, restore)
    diff = ["git", "diff", "--name-only"]
    changed = subprocess.run(diff, cwd=folder, capture_output=True, text=True, check=True).stdout.split()
    assert len(changed) == DECLARING, changed
    ratio = f"{median(ours) / median(grep):.1f}"
    what = f"{FILES} files, {DECLARING} {', '.join(names)} ÷ git grep -l"
    table.add_row(what, ratio, "≤ 10", f"{shown(ours)} / {shown(grep)}")


def one_file(table: Table) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        for name, shape in SHAPES.items():
            path = Path(scratch, name)
            text = shape.format(f"{PACKAGE}>=0.4.1")
            words = [*OURS, path, "--no-verify"]
            (ours,) = times([words], Path(scratch), lambda p=path, t=text: p.write_text(t))
            table.add_row(f"one {name}, from process start", f"{median(ours):.2f} s", "≤ 0.3 s", shown(ours))


def tools(table: Table) -> None:
    """Each requirement in a file of its own: is the answer what it must be, and how long does it take?"""
    with tempfile.TemporaryDirectory() as scratch:
        edits: dict[str, tuple[str, list[str | Path]]] = {
            "bump-min-version": ("requirements.txt", [*OURS, "--no-verify", "requirements.txt"])
        }
        if found := uv():
            words = [found, "add", "--frozen", "--no-sync", "--bounds", "lower", f"{PACKAGE}>={VERSION}"]
            edits["uv add --bounds lower"] = ("pyproject.toml", words)
        else:
            table.add_row("uv", "not there", "", "")
        if found := pur(Path(scratch, "pur")):
            edits["pur"] = ("requirements.txt", [found, "-r", "requirements.txt", "--only", PACKAGE])
        else:
            table.add_row("pur", "could not be installed", "", "")
        took: dict[str, float] = {}
        for tool, (name, words) in edits.items():
            right, took[tool] = judge(Path(scratch), name, words)
            ratio = took[tool] / took["bump-min-version"]
            right_of = f"{right} of {len(REQUIREMENTS)} right"
            table.add_row(
                tool, right_of, "all" if tool == "bump-min-version" else "", f"{ratio:.2f} × our time"
            )


def judge(scratch: Path, name: str, words: Sequence[str | Path]) -> tuple[int, float]:
    right, times = 0, []
    for requirement in REQUIREMENTS:
        folder = Path(tempfile.mkdtemp(dir=scratch))
        shape = SHAPES[name].replace('name = "a"', 'name = "a"\nversion = "1"\nrequires-python = ">=3.9"')
        before = shape.format(requirement)
        (folder / name).write_text(before)
        began = time.monotonic()
        subprocess.run([str(word) for word in words], cwd=folder, capture_output=True, check=False)
        times.append(time.monotonic() - began)
        right += is_right(requirement, before, (folder / name).read_text(), shape)
    return right, median(times)


def is_right(requirement: str, before: str, after: str, shape: str) -> bool:
    """Whether exactly the versions from the minimum on stay allowed and nothing else moved; a pin stays."""
    old = Requirement(requirement)
    wanted = old.specifier.to_range() & SpecifierSet(f">={VERSION}").to_range()
    if wanted.is_empty:
        return after == before
    head, tail = shape.split("{}")
    if not after.startswith(head) or not after.endswith(tail):
        return False
    try:
        new = Requirement(after.removeprefix(head).removesuffix(tail))
    except InvalidRequirement:
        return False
    return new.specifier.to_range() == wanted and str(new.marker) == str(old.marker)


def uv() -> Path | None:
    beside = Path(sys.prefix) / "uv/bin/uv"
    found = str(beside) if beside.exists() else shutil.which("uv")
    return Path(found) if found else None


def pur(folder: Path) -> Path | None:
    venv.create(folder, with_pip=True)
    words = [folder / "bin/python", "-m", "pip", "install", "--quiet", "pur"]
    done = subprocess.run(words, check=False, capture_output=True)
    return folder / "bin/pur" if done.returncode == 0 else None


PARTS = {"tree": tree, "file": one_file, "tools": tools}


def main() -> None:
    os.environ["PYTHONPATH"] = str(Path(__file__).parents[2])
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # as an installed program, ours is compiled once
    table = Table("measured", "here", "aim", "medians (lowest–highest)")
    with tempfile.TemporaryDirectory() as cache:
        os.environ |= {"RELEASE_TOOLS_CACHE": cache, "PYTHONPYCACHEPREFIX": f"{cache}/compiled"}
        for name in sys.argv[1:] or PARTS:
            PARTS[name](table)
    Console().print(table)


if __name__ == "__main__":
    main()

"""The files of an example as they are: which are read, as what, and which cannot be; nothing is run."""

from __future__ import annotations

import ast
import os
import stat
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from convergence.errors import UserError
from convergence.model import Recipe
from release_tools.proposals import Statement
from release_tools.standards import imports
from release_tools.standards.imports import TFMOT, Import
from release_tools.standards.nouns import Finding

if TYPE_CHECKING:
    from release_tools.standards.importing import Run

LARGEST = 2**20  # bytes of a file that is read
MOST_FILES = 5000  # of an example; Official Models as a whole has 1,216 modules
MOST_BYTES = 64 * LARGEST  # of all of them
DEEPEST = 200  # levels of syntax; people write 30
LEFT_OUT = {"__pycache__", ".git", ".hg", ".venv", "node_modules"}
# Official Models' code for everybody; its examples are projects, each in a folder of its own.
SHARED = tuple(
    f"official.{name}" for name in ("common", "core", "modeling", "nlp", "recommendation", "utils", "vision")
)
NO_MODULES = {"setup.py", "conftest.py"}  # run by tools, and imported by nobody


@dataclass(frozen=True)
class Module:
    """A Python file that was read.

    Attributes:
      path: from the folder that modules are imported from.
    """

    name: str
    path: str
    text: str
    tree: ast.Module

    @property
    def is_test(self) -> bool:
        """Whether it is a test, which nobody imports."""
        stem = PurePosixPath(self.path).stem
        return stem.endswith("_test") or stem.startswith("test_")

    @property
    def package(self) -> str:
        """What its relative imports start from."""
        whole = self.path.endswith("/__init__.py")
        return self.name if whole else self.name.rpartition(".")[0]

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """All of its syntax."""
        return tuple(ast.walk(self.tree))

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        """All that it imports."""
        return imports.of(self.tree, self.package, self.nodes)

    @cached_property
    def uses_tfmot(self) -> bool:
        """Whether it imports TFMOT at any time."""
        return any(one.within(TFMOT) for one in self.imports)

    @property
    def is_shared(self) -> bool:
        """Whether it belongs to everybody and not to an example."""
        return any(f"{self.name}.".startswith(f"{package}.") for package in SHARED)


@dataclass(frozen=True)
class Stated:
    """What is claimed of the example: the accepted recipes, and what the pull request states.

    Attributes:
      files: claim files in the tree; `body` is what the pull request's text says; None where there is none.
    """

    accepted: Mapping[str, Recipe] = field(default_factory=dict)
    files: tuple[Statement, ...] = ()
    body: str | None = None


@dataclass(frozen=True)
class Example:
    """An example, or any part of a package.

    Attributes:
      root: the folder that modules are imported from.
      label: what people call it; of the files in it `modules` could be read as Python, `texts` are configs.
      problems: files that could not be read as what they are.
      around: other modules of its package that may import it.
      run: what importing it came to; None if it was not imported.
    """

    root: Path
    label: str
    modules: tuple[Module, ...]
    texts: Mapping[str, str]
    problems: tuple[Finding, ...]
    changes_only: bool = False
    stated: Stated = field(default_factory=Stated)
    run: Run | None = None

    @cached_property
    def own(self) -> tuple[Module, ...]:
        """The modules that somebody can import."""
        return tuple(one for one in self.modules if not one.is_test)

    @cached_property
    def parts(self) -> tuple[Module, ...]:
        """Those of them that are an example's and not everybody's."""
        return tuple(one for one in self.own if not one.is_shared)

    @cached_property
    def tops(self) -> tuple[str, ...]:
        """Names in the root that hold it: folders, or modules of a single file."""
        paths = [one.path for one in self.modules]
        return tuple(sorted({PurePosixPath(path).parts[0] for path in paths}))

    @property
    def shared(self) -> bool:
        """Whether there is no example in it: only code of everybody's."""
        return bool(self.own) and not self.parts and not self.changes_only

    @cached_property
    def around(self) -> tuple[Module, ...]:
        """The modules of the same packages outside of it which name one of its modules."""
        inside = {one.path for one in self.modules}
        words = {one.name.rpartition(".")[2] or one.name for one in self.parts if one.uses_tfmot}
        found = []
        for top in self.tops:
            for path in sorted(_walk(self.root / top)):
                relative = path.relative_to(self.root).as_posix()
                if relative in inside or path.suffix != ".py":
                    continue
                content = _content(path, relative)
                if isinstance(content, bytes) and any(word.encode() in content for word in words):
                    read = _module(relative, content)
                    found += [read] if isinstance(read, Module) else []
        return tuple(found)


def read(path: Path, label: str = "") -> Example:
    """What is at a path: a package, a folder in one, or a module.

    Raises:
      UserError: no-such-path, no-python, too-large.
    """
    if not path.exists():
        raise UserError("no-such-path", f"there is no {path}", hint="give a folder or a module")
    root = import_root(path)
    inside = path.absolute()
    files = [inside] if path.is_file() else _walk(inside)
    return _example(root, files, label or str(path))


def read_files(root: Path, paths: Sequence[str], label: str) -> Example:
    """Those files of a checkout; what is not there any more is left out.

    Raises:
      UserError: no-python, too-large.
    """
    files = (root / path for path in paths if not {"..", ""} & set(path.split("/")))
    return _example(root, [path for path in files if os.path.lexists(path)], label, changes_only=True)


def import_root(path: Path) -> Path:
    """The folder from which the package that a file or folder is in can be imported."""
    folder = path.absolute() if path.is_dir() else path.absolute().parent
    ours = next((one for one in (folder, *folder.parents) if _is_official(one)), None)
    if ours is not None:
        return ours.parent
    while (folder / "__init__.py").exists():
        folder = folder.parent
    return folder


def module_at(root: Path, path: PurePosixPath) -> Module | None:
    """A module elsewhere in the tree; None where there is none that can be read."""
    there = root / path
    if there.is_symlink() or not there.is_file():
        return None
    found = _read(there, str(path), root)
    return found if isinstance(found, Module) else None


def _is_official(folder: Path) -> bool:
    """Official Models is one package, even where a folder in it has no __init__.py."""
    return folder.name == "official" and (folder / "__init__.py").exists()


def _walk(folder: Path) -> Iterator[Path]:
    if not folder.is_dir() or folder.is_symlink():
        yield folder
        return
    for where, folders, names in os.walk(folder):
        links = [name for name in folders if (Path(where) / name).is_symlink()]
        folders[:] = sorted(set(folders) - LEFT_OUT - set(links))
        yield from (Path(where) / name for name in (*names, *links))


def _example(
    root: Path, files: Sequence[Path] | Iterator[Path], label: str, *, changes_only: bool = False
) -> Example:
    wanted: list[Path] = []
    for path in files:
        if path.suffix in {".py", ".yaml", ".yml"} or path.is_symlink():
            wanted.append(path)
        if len(wanted) > MOST_FILES:
            hint = "name the folder of the example"
            raise UserError("too-large", f"there are more than {MOST_FILES:,} files", where=label, hint=hint)
    if sum(path.lstat().st_size for path in wanted if path.lstat().st_size <= LARGEST) > MOST_BYTES:
        what = f"there are more than {MOST_BYTES // 2**20} MB"
        raise UserError("too-large", what, where=label, hint="name the folder of the example")
    modules, texts, problems = [], {}, []
    for path in sorted(wanted):
        relative = path.relative_to(root).as_posix()
        found = _read(path, relative, root)
        if isinstance(found, Finding):
            problems.append(found)
        elif isinstance(found, Module):
            modules.append(found)
        elif isinstance(found, str):
            texts[relative] = found
    if not modules and not problems and not texts:
        raise UserError("no-python", "there is no Python", where=label, hint="name a folder with modules")
    return Example(root, label, tuple(modules), texts, tuple(problems), changes_only)


def _read(path: Path, relative: str, root: Path) -> Module | Finding | str | None:
    """A module, a config, or why it is none; nothing for what is read elsewhere or by nobody."""
    if path.is_symlink() and root.resolve() in Path(os.path.realpath(path)).parents:
        return None
    content = _content(path, relative)
    if isinstance(content, Finding):
        return content
    if path.suffix == ".py":
        return None if path.name in NO_MODULES else _module(relative, content)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return Finding(relative, 0, "is not UTF-8", "save it as UTF-8")


def _content(path: Path, relative: str) -> bytes | Finding:
    if path.is_symlink():
        return Finding(relative, 0, "is a link to outside of the tree", "put the file itself here")
    if not stat.S_ISREG(path.lstat().st_mode):
        return Finding(relative, 0, "is no plain file", "put a file here")
    if path.stat().st_size > LARGEST:
        what = f"is larger than {LARGEST // 2**20} MB and was not read"
        return Finding(relative, 0, what, "split it, or keep data out of code")
    try:
        return path.read_bytes()
    except OSError as error:
        return Finding(relative, 0, f"cannot be read: {error.strerror}", "give it the usual rights")


def _module(relative: str, content: bytes) -> Module | Finding:
    parts = PurePosixPath(relative).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    try:
        text = content.decode("utf-8")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escapes in strings
            tree = ast.parse(content)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return Finding(relative, line, "is not UTF-8", "save it as UTF-8")
    except SyntaxError as error:
        return Finding(relative, error.lineno or 0, f"is no Python: {error.msg}", "correct the syntax")
    except (ValueError, RecursionError, MemoryError) as error:
        return Finding(relative, 0, f"is no Python that can be read: {error}", "write it more plainly")
    if _is_deep(tree):
        return Finding(relative, 0, f"is nested deeper than {DEEPEST}", "write it more plainly")
    return Module(name, relative, text, tree)


def _is_deep(tree: ast.AST) -> bool:
    """Whether what follows could run out of stack on it."""
    level: list[ast.AST] = [tree]
    for _ in range(DEEPEST):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return False
    return True

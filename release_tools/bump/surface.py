"""Which symbols a published wheel offers: its source read as text with ast; never run."""

from __future__ import annotations

import ast
import zipfile
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from convergence.errors import UserError

Binding = tuple[str, str]  # a module and its name for something imported; two empty strings for an own name
OWN = ("", "")
MAX_BYTES = 64 * 2**20


class Surface:
    """The Python modules in a wheel.

    Raises:
      UserError: `bad-wheel`.
    """

    def __init__(self, wheel: Path) -> None:
        try:
            with zipfile.ZipFile(wheel) as archive:
                infos = [info for info in archive.infolist() if info.filename.endswith(".py")]
                fits = sum(info.file_size for info in infos) <= MAX_BYTES
                self._sources = {_module(info.filename): archive.read(info) for info in infos if fits}
        except (OSError, ValueError, RuntimeError, zipfile.BadZipFile, EOFError) as error:
            raise UserError("bad-wheel", f"not a sound wheel: {error}", where=str(wheel)) from error
        self._packages = {_module(i.filename) for i in infos if i.filename.endswith("__init__.py")}
        self._names: dict[str, dict[str, Binding]] = {}

    @cached_property
    def roots(self) -> tuple[str, ...]:
        """The packages that the wheel installs."""
        return tuple(sorted({name.partition(".")[0] for name in self._sources}))

    def has(self, symbol: str) -> bool:
        """Whether the dotted name can be reached; attributes of classes and values are not looked at."""
        module, *rest = symbol.split(".")
        return module not in self.roots or self._reaches(module, rest, frozenset())

    def _reaches(self, module: str, names: list[str], seen: frozenset[tuple[str, str]]) -> bool:
        if not names:
            return self._exists(module)
        name, *rest = names
        found = self._of(module)
        if name in found and (module, name) not in seen:
            seen |= {(module, name)}
            source, attribute = found[name]
            return not source or self._passes(source, [*([attribute] if attribute else []), *rest], seen)
        if self._exists(f"{module}.{name}"):  # also where a package imports its own submodule
            return self._reaches(f"{module}.{name}", rest, seen)
        stars = [
            source for key, (source, _) in found.items() if key.startswith("*") and (module, key) not in seen
        ]
        marked = seen | {(module, f"*{source}") for source in stars}
        return "__getattr__" in found or any(self._passes(star, names, marked) for star in stars)

    def _passes(self, source: str, names: list[str], seen: frozenset[tuple[str, str]]) -> bool:
        """Whether what is imported from a module is there; of other packages we know nothing."""
        return source.partition(".")[0] not in self.roots or self._reaches(source, names, seen)

    def _of(self, module: str) -> dict[str, Binding]:
        if module not in self._names:
            try:
                tree = ast.parse(self._sources.get(module, b""))
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                tree = ast.Module([], [])
            package = module if module in self._packages else module.rpartition(".")[0]
            self._names[module] = dict(_bindings(tree.body, package))
        return self._names[module]

    def _exists(self, module: str) -> bool:
        return module in self._sources or module in self._folders

    @cached_property
    def _folders(self) -> frozenset[str]:
        parents = (name.split(".")[:cut] for name in self._sources for cut in range(1, name.count(".") + 1))
        return frozenset(map(".".join, parents))


def _module(filename: str) -> str:
    return filename.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _bindings(body: list[ast.stmt], package: str) -> Iterator[tuple[str, Binding]]:
    """Names at the top level of a module; `*x` for a star import of x."""
    for node in body:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name, OWN
            case ast.Import(names=aliases):
                for alias in aliases:
                    top = alias.name.partition(".")[0]
                    yield (alias.asname, (alias.name, "")) if alias.asname else (top, (top, ""))
            case ast.ImportFrom(names=aliases):
                source = _source(node, package)
                for alias in aliases:
                    starred = alias.name == "*"
                    yield (
                        (f"*{source}", (source, "*"))
                        if starred
                        else (
                            alias.asname or alias.name,
                            (source, alias.name),
                        )
                    )
            case ast.Assign() | ast.AnnAssign() | ast.AugAssign():
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for target in targets:
                    yield from ((inner.id, OWN) for inner in ast.walk(target) if isinstance(inner, ast.Name))
            case ast.If() | ast.Try() | ast.With() | ast.For() | ast.While():
                handlers = [line for handler in getattr(node, "handlers", []) for line in handler.body]
                blocks = [
                    *node.body,
                    *handlers,
                    *getattr(node, "orelse", []),
                    *getattr(node, "finalbody", []),
                ]
                yield from _bindings(blocks, package)


def _source(node: ast.ImportFrom, package: str) -> str:
    up = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
    return ".".join([*up, *([node.module] if node.module else [])])

"""Which symbols of a package Python code uses, through aliases and re-exports: by ast, never run."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from release_tools.bump import declarations

MAX_STEPS = 20  # modules that pass a name on; more are a circle


@dataclass(frozen=True)
class Use:
    """A dotted name of the package, and the first place where code uses it."""

    symbol: str
    path: Path
    line: int
    module: str


@dataclass
class Module:
    """A module's names that stand for something imported, and the dotted names it uses.

    Attributes:
      bound: local name to dotted name.
      used: dotted names with their lines, as far as this module alone tells.
    """

    name: str
    path: Path
    bound: dict[str, str] = field(default_factory=dict)
    used: list[tuple[str, int]] = field(default_factory=list)


def used(paths: Iterable[Path], root: str) -> tuple[Use, ...]:
    """The symbols of the package `root` that code in files and folders uses, each where a module first does.

    A bare import is a use of `root` itself.
    """
    modules = {module.name: module for path in paths for module in _modules(path, root)}
    found: dict[tuple[str, str], Use] = {}
    for module in modules.values():
        for name, line in module.used:
            symbol = _resolve(name, modules, root)
            if symbol.partition(".")[0] == root:
                use = Use(symbol, module.path, line, module.name)
                first = found.setdefault((symbol, module.name), use)
                if line < first.line:
                    found[symbol, module.name] = use
    return tuple(sorted(found.values(), key=lambda use: (use.symbol, use.module)))


def import_root(path: Path) -> Path:
    """The folder from which the package that a file or folder is in can be imported."""
    folder = path.resolve() if path.is_dir() else path.resolve().parent
    while (folder / "__init__.py").exists():
        folder = folder.parent
    return folder


def _modules(path: Path, root: str) -> Iterator[Module]:
    base = import_root(path)
    files = declarations.files(path) if path.is_dir() else [path]
    for file in files:
        if file.suffix == ".py":
            module = _read(file, base, root)
            if module is not None:
                yield module


def _read(file: Path, base: Path, root: str) -> Module | None:
    """A module; None if it is no Python."""
    try:
        tree = ast.parse(file.read_bytes())
    except (SyntaxError, ValueError, RecursionError, MemoryError, OSError):
        return None
    parts = list(file.resolve().relative_to(base).with_suffix("").parts)
    package = parts[:-1]
    name = ".".join(package if parts[-1] == "__init__" else parts)
    module = Module(name, file)
    _Reader(module, package, root).visit(tree)
    return module


def _resolve(name: str, modules: Mapping[str, Module], root: str) -> str:
    """A dotted name through the modules that pass it on, until it is in the package or unknown."""
    for _ in range(MAX_STEPS):
        parts = name.split(".")
        cut = next((n for n in range(len(parts) - 1, 0, -1) if ".".join(parts[:n]) in modules), 0)
        owner = modules.get(".".join(parts[:cut]))
        if parts[0] == root or owner is None or parts[cut] not in owner.bound:
            return name
        name = ".".join([owner.bound[parts[cut]], *parts[cut + 1 :]])
    return name


class _Reader(ast.NodeVisitor):
    """Fills a module from its syntax tree."""

    def __init__(self, module: Module, package: list[str], root: str) -> None:
        self.module, self.package, self.root = module, package, root

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            if alias.asname:
                self.module.bound[alias.asname] = alias.name
            else:
                top = alias.name.partition(".")[0]
                self.module.bound[top] = top
            self.module.used.append((alias.name, node.lineno))

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        up = (self.package[: len(self.package) - node.level + 1] or [""]) if node.level else []
        source = ".".join([*up, *([node.module] if node.module else [])])
        for alias in node.names:
            if alias.name == "*":
                self.module.used.append((source, node.lineno))
                continue
            self.module.bound[alias.asname or alias.name] = f"{source}.{alias.name}"
            self.module.used.append((f"{source}.{alias.name}", node.lineno))

    def visit_Assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        known = self._dotted(node.value) or self._named_in(node.value)
        for target in node.targets:
            if known and isinstance(target, ast.Name):
                self.module.bound.setdefault(target.id, known)
            else:
                self.visit(target)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        known = self._dotted(node)
        if known:
            self.module.used.append((known, node.end_lineno or node.lineno))
        else:
            self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        match node:
            case ast.Call(func=ast.Name(id="getattr"), args=[owner, ast.Constant(value=str(name)), *_]):
                known = self._dotted(owner)
                if known:
                    self.module.used.append((f"{known}.{name}", node.lineno))
        self.generic_visit(node)

    def _dotted(self, node: ast.expr) -> str:
        """What an attribute chain stands for, if its first name is imported."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name) or node.id not in self.module.bound:
            return ""
        return ".".join([self.module.bound[node.id], *reversed(parts)])

    def _named_in(self, node: ast.expr) -> str:
        """The package's module that a call names, as lazy loaders and import_module do."""
        if not isinstance(node, ast.Call):
            return ""
        texts = [
            arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
        ]
        return next((text for text in texts if text.partition(".")[0] == self.root), "")

"""Which modules a module imports, and whether as soon as it is imported itself: by its syntax, never run."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

TFMOT = "tensorflow_model_optimization"
_IMPORTERS = {"import_module", "__import__"}


@dataclass(frozen=True)
class Import:
    """A module, or a name in one, that is imported.

    Attributes:
      name: dotted, absolute.
      eager: whether it happens when the importing module is imported.
    """

    name: str
    line: int
    eager: bool

    def within(self, package: str) -> bool:
        """Whether it is the package or something in it."""
        return f"{self.name}.".startswith(f"{package}.")


def of(tree: ast.Module, package: str, nodes: Iterable[ast.AST] = ()) -> tuple[Import, ...]:
    """Every import in a module.

    Args:
      package: that relative imports start from.
      nodes: all of the tree, where somebody has walked it.
    """
    eager = {id(node) for node in executed(tree)}
    found = (
        Import(name, node.lineno, id(node) in eager)
        for node in nodes or ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom | ast.Call)
        for name in _names(node, package)
    )
    return tuple(sorted(found, key=lambda one: (one.line, one.name)))


def executed(tree: ast.Module) -> Iterator[ast.AST]:
    """The nodes that run when the module is imported, with the functions of its own that are called then."""
    functions = {
        node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    waiting: list[ast.AST] = list(reversed(tree.body))
    called: set[str] = set()
    while waiting:
        node = waiting.pop()
        yield node
        name = _called(node)
        if name in functions and name not in called:
            called.add(name)
            waiting += functions[name].body
        waiting += reversed(list(_children(node)))


def _called(node: ast.AST) -> str:
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""


def _children(node: ast.AST) -> Iterable[ast.AST]:
    """What of a node runs with it: of a function its decorators and defaults, of a guard the other branch."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        defaults = [*node.args.defaults, *(one for one in node.args.kw_defaults if one is not None)]
        return [*map(_decorating, node.decorator_list), *defaults]
    if isinstance(node, ast.ClassDef):
        return [*map(_decorating, node.decorator_list), *node.bases, *node.keywords, *node.body]
    if isinstance(node, ast.Lambda):
        return [*node.args.defaults, *(one for one in node.args.kw_defaults if one is not None)]
    if isinstance(node, ast.If) and _is_guard(node.test):
        return node.orelse
    return ast.iter_child_nodes(node)


def _decorating(node: ast.expr) -> ast.expr:
    """A decorator as the call that it is."""
    if isinstance(node, ast.Name):
        return ast.copy_location(ast.Call(node, [], []), node)
    return node


def _is_guard(test: ast.expr) -> bool:
    """Whether a condition holds for type checkers or for a program only, never on import."""
    match test:
        case ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"):
            return True
        case ast.Compare(
            left=ast.Name(id="__name__"), ops=[ast.Eq()], comparators=[ast.Constant("__main__")]
        ):
            return True
    return False


def _names(node: ast.Import | ast.ImportFrom | ast.Call, package: str) -> Iterator[str]:
    match node:
        case ast.Import(names=aliases):
            yield from (alias.name for alias in aliases)
        case ast.ImportFrom(names=aliases):
            source = _source(node, package)
            yield from (f"{source}.{alias.name}".removesuffix(".*") for alias in aliases)
        case ast.Call(args=[ast.Constant(value=str(name)), *_]) if _name(node.func) in _IMPORTERS:
            yield name


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _source(node: ast.ImportFrom, package: str) -> str:
    parts = package.split(".")
    up = parts[: max(0, len(parts) - node.level + 1)] if node.level else []
    return ".".join([*up, *([node.module] if node.module else [])])

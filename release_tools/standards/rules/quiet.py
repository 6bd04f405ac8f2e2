"""Importing a module only defines things: no network, program, file or secret, and it comes to an end."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from release_tools.standards.example import Example, Module
from release_tools.standards.nouns import Finding

DID = {
    "network": ("uses the network when it is imported", "do it in a function"),
    "program": ("starts a program when it is imported", "do it in a function"),
    "file": ("writes to a file when it is imported", "do it in a function"),
    "secret": ("reads a secret of the environment when it is imported", "take it as an argument, if at all"),
}
# What an example has no use for, and what could hide from an examination.
MEDDLING = {
    "sys.meta_path",
    "sys.path_hooks",
    "sys._getframe",
    "sys.addaudithook",
    "sys.settrace",
    "gc.get_objects",
    "gc.get_referrers",
    "os._exit",
    "os.fork",
}
_LAST = {name.rpartition(".")[2] for name in MEDDLING}
FOREIGN = {"ctypes", "cffi", "pty"}


def spared(example: Example) -> str:
    """It applies to all code."""
    return ""


def check(example: Example) -> Iterator[Finding]:
    """What the import was seen to do, and what code does that meddles with the interpreter."""
    for module in example.own:
        yield from _meddling(module)
    if example.run is None:
        return
    for event in example.run.of(*DID):
        what, mend = DID[event.kind]
        yield Finding(event.path, event.line, f"{what}: {event.detail}", mend)
    paths = {one.name: one.path for one in example.own}
    for event in example.run.of("failed"):
        if event.module in paths:
            what = f"does not import: {event.detail}"
            yield Finding(event.path, event.line, what, "have it import on its own")
    for event in example.run.of("ended"):
        if event.module in paths:
            what = f"ends or holds up the interpreter when it is imported: {event.detail}"
            yield Finding(paths[event.module], 0, what, "define things only; run them under __main__")
    for path in example.run.changed:
        yield Finding(path, 0, "was written while the example was imported", "write nothing on import")


def _meddling(module: Module) -> Iterator[Finding]:
    for node in module.nodes:
        if isinstance(node, ast.Attribute) and node.attr in _LAST and ast.unparse(node) in MEDDLING:
            what = f"meddles with the interpreter: {ast.unparse(node)}"
            yield Finding(module.path, node.lineno, what, "do without")
    for one in module.imports:
        if one.name.partition(".")[0] in FOREIGN:
            yield Finding(module.path, one.line, f"meddles with the interpreter: {one.name}", "do without")

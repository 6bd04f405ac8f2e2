"""What an example registers with Official Models: experiments by name, and tasks; by its syntax."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from release_tools.standards.example import Example, Module


@dataclass(frozen=True)
class Experiment:
    """An experiment that a user runs by name; empty where the name is no plain text."""

    name: str
    module: Module
    line: int


def of(example: Example) -> tuple[Experiment, ...]:
    """The experiments of the example's own modules."""
    return tuple(
        Experiment(_text(call), module, call.lineno)
        for module in example.parts
        for call in _calls(module, "register_config_factory")
    )


def order(example: Example) -> dict[str, list[str]]:
    """Each experiment, with the modules that register it and the example's tasks."""
    tasks = [one.name for one in example.parts if any(True for _ in _calls(one, "register_task_cls"))]
    return {one.name: [one.module.name, *tasks] for one in of(example) if one.name}


def _calls(module: Module, name: str) -> Iterator[ast.Call]:
    for node in module.nodes:
        match node:
            case ast.Call(func=ast.Attribute(attr=found) | ast.Name(id=found)) if found == name:
                yield node


def _text(call: ast.Call) -> str:
    match call.args:
        case [ast.Constant(value=str(name)), *_]:
            return name
    return ""

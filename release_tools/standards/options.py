"""Where an example keeps its model-optimization options: config classes, their fields, command-line flags."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from release_tools.standards.example import Module

WORDS = re.compile(
    r"prun(e|ing)|quanti[sz]|clustering|number_of_clusters|sparsity|weight_sharing|model_optimi[sz]ation"
    r"|^(qat|ptq|pqat|cqat|pcqat)(_|$)",
    re.IGNORECASE,
)
GROUP = re.compile(r"(prun|quanti[sz]|cluster|sparsity|optimi[sz]ation)\w*", re.IGNORECASE)
CONFIGS = re.compile(r"(Config|Options|Params|Task|Quantization|Pruning|Clustering|Sparsity)$|^Base.*Config$")
NOTHING = {"None", ""}
TYPING = {"Any", "Dict", "List", "Mapping", "Optional", "Sequence", "Tuple", "Union"}


@dataclass(frozen=True)
class Field:
    """A field of a config class.

    Attributes:
      kind: name of the class that it holds; empty for a plain value.
      default: as it is written.
    """

    name: str
    line: int
    kind: str
    default: str


@dataclass(frozen=True)
class Config:
    """A config class, with those of its fields that are about model optimization."""

    name: str
    module: Module
    line: int
    is_group: bool
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Flag:
    """An option on the command line."""

    name: str
    module: Module
    line: int


def configs(module: Module) -> Iterator[Config]:
    """The config classes of a module: dataclasses, and what is derived from a config."""
    if not WORDS.search(module.text) and not GROUP.search(module.text):
        return
    for node in module.nodes:
        if isinstance(node, ast.ClassDef) and _is_config(node):
            is_group = bool(GROUP.match(_snake(node.name).removeprefix("model_"))) and not _is_task(node)
            fields = tuple(one for one in _fields(node) if is_group or _about(one))
            yield Config(node.name, module, node.lineno, is_group, fields)


def flags(module: Module) -> Iterator[Flag]:
    """The flags that a module defines for model optimization."""
    if "DEFINE_" not in module.text and "add_argument" not in module.text:
        return
    for node in module.nodes:
        match node:
            case ast.Call(func=ast.Attribute(attr=definer), args=[ast.Constant(value=str(name)), *_]) if (
                definer.startswith(("DEFINE_", "add_argument"))
            ):
                if WORDS.search(name):
                    yield Flag(name.lstrip("-"), module, node.lineno)


def _about(field: Field) -> bool:
    return bool(WORDS.search(field.name) or WORDS.search(_snake(field.kind)))


def _is_config(node: ast.ClassDef) -> bool:
    decorated = any("dataclass" in ast.unparse(one) for one in node.decorator_list)
    bases = [ast.unparse(base).rpartition(".")[2] for base in node.bases]
    return decorated or "Config" in bases


def _is_task(node: ast.ClassDef) -> bool:
    """Whether it is a whole task's or experiment's config, which holds options among other things."""
    bases = [ast.unparse(base).rpartition(".")[2] for base in node.bases]
    return any(base not in {"Config", "OneOfConfig", "ParamsDict"} and CONFIGS.search(base) for base in bases)


def _fields(node: ast.ClassDef) -> Iterator[Field]:
    for line in node.body:
        match line:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=value):
                default = ast.unparse(value) if value else ""
                yield Field(name, line.lineno, _kind(annotation), default)


def _kind(annotation: ast.expr) -> str:
    """The class that an annotation is about, through Optional and the module's name."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return _kind(_parsed(annotation.value))
    names = [node.attr if isinstance(node, ast.Attribute) else node.id for node in _named(annotation)]
    return next((name for name in names if name[:1].isupper() and name not in TYPING), "")


def _parsed(text: str) -> ast.expr:
    """An annotation that is written as a string; nothing where it is no Python, as nobody evaluates it."""
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Constant(None)


def _named(annotation: ast.expr) -> Iterator[ast.Attribute | ast.Name]:
    inner = {id(node.value) for node in ast.walk(annotation) if isinstance(node, ast.Attribute)}
    for node in ast.walk(annotation):
        if isinstance(node, ast.Attribute | ast.Name) and id(node) not in inner:
            yield node


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()

"""The public API of a tree or a wheel, read from its text by griffe: what there is, and how it is called."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from release_tools.doctor import syntax

if TYPE_CHECKING:
    import griffe

PACKAGE = "tensorflow_model_optimization"
API = f"{PACKAGE}.python.core.api"  # TFMOT's __init__ makes users see this folder only
USERS_NAME = "tfmot"
BROKEN = "name that leads nowhere"
STAR = "*"
SPECIAL = frozenset({"__init__", "__call__"})
VARIADIC = ("variadic positional", "variadic keyword")


@dataclass(frozen=True)
class Parameter:
    """One of a function.

    Attributes:
      default: as it is written; empty if the parameter must be given.
    """

    name: str
    kind: str
    default: str


@dataclass(frozen=True)
class Symbol:
    """Something public.

    Attributes:
      kind: `class`, `function`, `attribute`, `module`, or BROKEN for an import of what is not there.
      place: where it is defined.
    """

    kind: str
    place: str
    parameters: tuple[Parameter, ...] = ()

    @property
    def signature(self) -> str:
        """Its parameters as a person writes them."""
        return f"({', '.join(map(_written, self.parameters))})"


@dataclass(frozen=True)
class Change:
    """One difference between two APIs.

    Attributes:
      kind: `added`, `removed` or `changed`.
      breaks: whether code that used it as documented stops working.
      how: what is different.
    """

    kind: str
    name: str
    place: str
    breaks: bool
    how: str


def read(texts: Mapping[str, str]) -> Mapping[str, Symbol]:
    """All that users reach below `tfmot`, by that name; empty if there is no API."""
    collection = _collection(texts)
    try:
        top = collection[API]
    except KeyError:
        return {}
    return dict(_symbols(top, USERS_NAME, frozenset()))


def compare(old: Mapping[str, Symbol], new: Mapping[str, Symbol]) -> tuple[Change, ...]:
    """Every difference, by name; what lies in something added or removed is not listed again."""
    found = [Change("removed", name, old[name].place, True, "") for name in _tops(old, new)]
    found += [Change("added", name, new[name].place, False, "") for name in _tops(new, old)]
    for name in old.keys() & new.keys():
        change = _changed(name, old[name], new[name])
        if change:
            found.append(change)
    return tuple(sorted(found, key=lambda change: change.name))


def _tops(first: Mapping[str, Symbol], second: Mapping[str, Symbol]) -> list[str]:
    """Names that only the first has, without those whose parent it alone has, too."""
    alone = first.keys() - second.keys()
    return [name for name in alone if name.rpartition(".")[0] not in alone]


def _changed(name: str, old: Symbol, new: Symbol) -> Change | None:
    if old.kind != new.kind:
        return Change("changed", name, new.place, True, f"{old.kind} → {new.kind}")
    if old.parameters == new.parameters:
        return None
    reasons = list(_breaks(old.parameters, new.parameters))
    how = f"{old.signature} → {new.signature}"
    return Change("changed", name, new.place, bool(reasons), "; ".join([*reasons, how]))


def _breaks(old: tuple[Parameter, ...], new: tuple[Parameter, ...]) -> Iterator[str]:
    """Why calls that worked do not any more."""
    before, after = ({p.name: p for p in parameters} for parameters in (old, new))
    kinds = {parameter.kind for parameter in new}
    for name, parameter in before.items():
        if name not in after and parameter.kind not in VARIADIC and VARIADIC[1] not in kinds:
            yield f"{name} is gone"
        elif name not in after and parameter.kind in VARIADIC:
            yield f"{_written(parameter)} is gone"
        elif name in after and parameter.default and not after[name].default:
            yield f"{name} must be given now"
    for name, parameter in after.items():
        if name not in before and not parameter.default and parameter.kind not in VARIADIC:
            yield f"{name} is new and must be given"
    kept = [p.name for p in old if p.name in after and "positional" in p.kind]
    if [p.name for p in new if p.name in kept] != kept:
        yield "their order is another"
    elif any(p.name not in before for p in _until(new, kept)):
        yield "a new one stands before old ones"


def _until(parameters: tuple[Parameter, ...], names: list[str]) -> list[Parameter]:
    """The parameters before the last of those names."""
    places = [place for place, parameter in enumerate(parameters) if parameter.name in names]
    return list(parameters[: max(places, default=0)])


def _collection(texts: Mapping[str, str]) -> griffe.ModulesCollection:
    """All modules of the package; nothing is imported, nothing is read from disk."""
    import griffe

    modules, lines = griffe.ModulesCollection(), griffe.LinesCollection()
    made: dict[tuple[str, ...], griffe.Module] = {}

    def place(name: tuple[str, ...], path: Path, code: str) -> None:
        if len(name) > 1 and name[:-1] not in made:  # a folder without __init__.py
            place(name[:-1], path.parent / "__init__.py", "")
        parent = made.get(name[:-1])
        module = griffe.visit(
            name[-1],
            filepath=path,
            code=code,
            parent=parent,
            modules_collection=modules,
            lines_collection=lines,
        )
        made[name] = module
        (modules if parent is None else parent).set_member(name[-1], module)

    for path in sorted(filter(_is_module, texts), key=_outermost_first):
        with syntax.LOCK, contextlib.suppress(*syntax.UNREADABLE):
            place(_name(path), Path(path), texts[path])
    loader = griffe.GriffeLoader(modules_collection=modules, lines_collection=lines, allow_inspection=False)
    for module in list(modules.members.values()):
        loader.expand_wildcards(module)
    return modules


def _is_module(path: str) -> bool:
    return path.startswith(f"{PACKAGE}/") and path.endswith(".py") and not path.endswith("_test.py")


def _outermost_first(path: str) -> tuple[int, bool, str]:
    return path.count("/"), not path.endswith("/__init__.py"), path


def _name(path: str) -> tuple[str, ...]:
    parts = PurePosixPath(path).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


def _symbols(holder: griffe.Object, name: str, seen: frozenset[str]) -> Iterator[tuple[str, Symbol]]:
    """What is public in a module or class, and all in it; not what it has from other packages."""
    for member_name, member in sorted(holder.members.items()):
        if member_name.startswith("_") and member_name not in SPECIAL:
            continue
        shown = STAR if member_name.endswith(STAR) else member_name  # of an import that could not be followed
        full, target = f"{name}.{shown}", _target(member)
        if isinstance(target, str):
            if target.startswith(f"{PACKAGE}."):
                yield full, Symbol(BROKEN, f"{holder.filepath}:{getattr(member, 'alias_lineno', None) or 1}")
            continue
        yield full, _symbol(target)
        if (target.is_module or target.is_class) and target.canonical_path not in seen:
            yield from _symbols(target, full, seen | {target.canonical_path})


def _target(member: griffe.Object | griffe.Alias) -> griffe.Object | str:
    """What a name stands for; where its chain of imports ends, if that is not in the package."""
    import griffe

    try:
        return member.final_target if isinstance(member, griffe.Alias) else member
    except griffe.AliasResolutionError as error:
        return error.alias.target_path
    except griffe.CyclicAliasError:
        return ""


def _symbol(target: griffe.Object) -> Symbol:
    place = f"{target.filepath}:{target.lineno}" if target.lineno else str(target.filepath)
    if not target.is_function:
        return Symbol(target.kind.value, place)
    parameters = tuple(
        Parameter(p.name, p.kind.value if p.kind else "", "" if p.default is None else str(p.default))
        for p in getattr(target, "parameters", ())
        if p.name not in {"self", "cls"}
    )
    return Symbol("function", place, parameters)


def _written(parameter: Parameter) -> str:
    stars = {VARIADIC[0]: "*", VARIADIC[1]: "**"}.get(parameter.kind, "")
    if stars:
        return f"{stars}{parameter.name}"
    return f"{parameter.name}={parameter.default}" if parameter.default else parameter.name

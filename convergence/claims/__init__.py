"""The documented numbers: one TOML file a technique, read into recipes with their claims."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from convergence import records
from convergence.model import Claim, Kind, Recipe, References, UserError

T = TypeVar("T")

FOLDER = Path(__file__).parent
TIERS = ("smoke", "full")
STATISTICAL = {Kind.AT_LEAST, Kind.AT_MOST, Kind.PAIRED, Kind.LATENCY}


def load(folder: Path = FOLDER) -> dict[str, Recipe]:
    """Every recipe in the folder's claim files, by `technique/name`.

    Raises:
      UserError: claim-file, with the file and the key that is wrong.
    """
    recipes: dict[str, Recipe] = {}
    for path in sorted(folder.glob("*.toml")):
        for recipe in read(path):
            if recipe.id in recipes:
                raise _refusal(path, recipe.name, "this recipe is written twice")
            recipes[recipe.id] = recipe
    for recipe in recipes.values():
        _check_start(folder, recipes, recipe)
    return recipes


def read(path: Path) -> list[Recipe]:
    """The recipes of one claim file, which is named after its technique."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _refusal(path, "", str(error)) from error
    if set(document) != {"recipes"} or not isinstance(document["recipes"], list):
        raise _refusal(path, ", ".join(set(document) - {"recipes"}), "a claim file is a list of [[recipes]]")
    return [_recipe(path, entry) for entry in document["recipes"]]


def select(recipes: Mapping[str, Recipe], techniques: Iterable[str], tier: str) -> list[Recipe]:
    """The recipes of those techniques (all, where none is named) and that tier.

    Raises:
      UserError: unknown-tier, unknown-technique.
    """
    if tier not in TIERS:
        raise UserError("unknown-tier", f'no tier "{tier}"', hint=f"known: {', '.join(TIERS)}")
    known = sorted({recipe.technique for recipe in recipes.values() if recipe.claims})
    wanted = list(dict.fromkeys(techniques)) or known
    for technique in wanted:
        if technique not in known:
            raise UserError(
                "unknown-technique",
                f'no technique "{technique}" has claims',
                hint=f"known: {', '.join(known)}",
            )
    chosen = [r for r in recipes.values() if r.technique in wanted and r.tier == tier and r.claims]
    if not chosen:
        raise UserError("no-claims", f"no claim of {', '.join(wanted)} at tier {tier}")
    return chosen


def closure(recipes: Mapping[str, Recipe], chosen: Sequence[Recipe]) -> list[Recipe]:
    """The chosen recipes behind those that they start from, each once."""
    ordered: dict[str, Recipe] = {}
    for recipe in chosen:
        chain = [recipe]
        while chain[-1].start:
            chain.append(recipes[chain[-1].start])
        ordered.update((link.id, link) for link in reversed(chain))
    return list(ordered.values())


def _check_start(folder: Path, recipes: Mapping[str, Recipe], recipe: Recipe) -> None:
    """Every chain of starts ends at a recipe that starts from nothing."""
    where, passed, link = folder / f"{recipe.technique}.toml", {recipe.id}, recipe
    while link.start:
        if link.start not in recipes:
            raise _refusal(where, f"{recipe.name}.start", f'no recipe "{link.start}"')
        if link.start in passed:
            raise _refusal(where, f"{recipe.name}.start", "a recipe starts from itself")
        passed.add(link.start)
        link = recipes[link.start]


def _recipe(path: Path, entry: Mapping[str, Any]) -> Recipe:
    values = dict(entry)
    claims = values.pop("claims", [])
    if not isinstance(claims, list):
        raise _refusal(path, "recipes.claims", "must be a list of [[recipes.claims]]")
    recipe = _validate(path, Recipe, {"technique": path.stem, **values})
    if recipe.tier not in TIERS:
        raise _refusal(path, f"{recipe.name}.tier", f'no tier "{recipe.tier}"; known: {", ".join(TIERS)}')
    references = _references(path, recipe)
    return _validate(
        path,
        Recipe,
        {
            "technique": path.stem,
            **values,
            "claims": tuple(_claim(path, recipe, claim, references) for claim in claims),
        },
    )


def _claim(path: Path, recipe: Recipe, entry: Mapping[str, Any], references: References | None) -> Claim:
    where = f"{recipe.name}.{entry.get('name', '?')}"
    if entry.get("kind") not in {kind.value for kind in Kind}:
        raise _refusal(path, f"{where}.kind", f"must be one of {', '.join(kind.value for kind in Kind)}")
    values = {
        "technique": recipe.technique,
        "recipe": recipe.name,
        **entry,
        "kind": Kind(entry["kind"]),
    }
    claim = _validate(path, Claim, values)
    if claim.margin < 0 or (claim.margin == 0 and claim.kind in STATISTICAL):
        raise _refusal(path, f"{where}.margin", "must be above 0: the loss that would break the promise")
    if references is None:
        return claim
    return _validate(path, Claim, {**values, "references": references.values(claim)})


def _references(path: Path, recipe: Recipe) -> References | None:
    file = path.parent / "references" / f"{recipe.technique}.{recipe.name}.json"
    return records.read(file, References) if file.exists() else None


def _validate(path: Path, kind: type[T], values: Mapping[str, Any]) -> T:
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(kind).validate_python(values)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join([str(values.get("name", "?")), *(str(part) for part in first["loc"])])
        raise _refusal(path, key, first["msg"]) from error


def _refusal(path: Path, key: str, reason: str) -> UserError:
    return UserError("claim-file", reason, where=f"{path.name}: {key}" if key else path.name)

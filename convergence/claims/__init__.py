"""The documented numbers: one TOML file a technique, read into recipes with their claims."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path, PurePath
from typing import Any, TypeVar

from convergence import records, toml
from convergence.claims import documents
from convergence.errors import UserError
from convergence.model import DESCRIPTIVE, LATENCY_RATIO, WITHOUT_STATISTICS, Claim, Kind, Recipe, References

T = TypeVar("T")

FOLDER = Path(__file__).parent
TIERS = ("smoke", "full")
COST_UNITS = ("CPU-minutes", "GPU-hours")  # in any other, a cost would pass by the budgets
MOST_COST = 1e6  # of a trial; what is more is a slip
NAME = re.compile(r"[A-Za-z0-9][\w.-]*", re.ASCII)
LEAST_SIGMA = 1e-9


def load(folder: Path = FOLDER) -> dict[str, Recipe]:
    """Every recipe in the folder's claim files, by `technique/name`.

    Raises:
      UserError: claim-file, with the file and the key that is wrong.
    """
    recipes: dict[str, Recipe] = {}
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise UserError(
            "claim-file", "no claim files", where=str(folder), hint="a claim file is <technique>.toml"
        )
    for path in files:
        for recipe in read(path):
            if recipe.id in recipes:
                raise _refusal(path, recipe.name, "this recipe is written twice")
            recipes[recipe.id] = recipe
    for recipe in recipes.values():
        check_start(folder / f"{recipe.technique}.toml", recipes, recipe)
    return {name: _with_references(folder, recipes, recipe) for name, recipe in recipes.items()}


def read(path: Path) -> list[Recipe]:
    """The recipes of one claim file, which is named after its technique."""
    try:
        return parse(path, path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _refusal(path, "", str(error)) from error


def parse(path: PurePath, text: str) -> list[Recipe]:
    """The recipes that a claim file states, whose text may be from anyone; nothing is read or executed.

    Args:
      path: names the technique, and the file in errors.

    Raises:
      UserError: claim-file, with the file and the key that is wrong.
    """
    try:
        document = toml.loads(text)
    except (ValueError, RecursionError) as error:
        raise _refusal(path, "", str(error)) from error
    if set(document) != {"recipes"} or not isinstance(document["recipes"], list):
        raise _refusal(path, ", ".join(set(document) - {"recipes"}), "a claim file is a list of [[recipes]]")
    if not all(isinstance(entry, dict) for entry in document["recipes"]):
        raise _refusal(path, "recipes", "a claim file is a list of [[recipes]]")
    return [_recipe(path, entry) for entry in document["recipes"]]


def fingerprint(recipes: Mapping[str, Recipe], recipe: Recipe) -> str:
    """Hash of what determines a recipe's numbers: itself and those that it starts from, without claims.

    What only describes a recipe is left out: reference runs outlive a better description.
    """
    chain = [asdict(replace(link, claims=(), cost=0.0)) for link in closure(recipes, [recipe])]
    chain = [{key: value for key, value in link.items() if key not in DESCRIPTIVE} for link in chain]
    return hashlib.sha256(json.dumps(chain, sort_keys=True).encode()).hexdigest()[:32]


def select(recipes: Mapping[str, Recipe], names: Iterable[str], tier: str) -> list[Recipe]:
    """The recipes of those techniques (all, where none is named) and that tier that can be run.

    Args:
      names: of techniques, or of single recipes as `technique/recipe`.

    Raises:
      UserError: unknown-tier, unknown-technique, unknown-recipe, no-claims.
    """
    if tier not in TIERS:
        raise UserError("unknown-tier", f'no tier "{tier}"', hint=f"known: {', '.join(TIERS)}")
    known = sorted({recipe.technique for recipe in recipes.values() if recipe.claims})
    wanted = list(dict.fromkeys(names)) or known
    for name in wanted:
        _check_selected(recipes, known, name, tier)
    fitting = [r for r in recipes.values() if r.claims and not {r.technique, r.id}.isdisjoint(wanted)]
    chosen = [r for r in fitting if r.tier == tier and not r.not_runnable]
    if not chosen:
        reasons = list(dict.fromkeys(r.not_runnable for r in fitting if r.tier == tier))
        what = f"no claim of {', '.join(wanted)} at tier {tier}" + " can be run" * bool(reasons)
        tiers = sorted({r.tier for r in fitting if not r.not_runnable})
        hint = f"known: {', '.join(tiers)}" if tiers else ""
        raise UserError("no-claims", what, where="; ".join(reasons), hint=hint)
    return chosen


def _check_selected(recipes: Mapping[str, Recipe], known: Sequence[str], name: str, tier: str) -> None:
    technique, slash, _ = name.partition("/")
    if technique not in known:
        what = f'no technique "{technique}" has claims'
        raise UserError("unknown-technique", what, hint=f"known: {', '.join(known)}")
    if slash and (name not in recipes or not recipes[name].claims):
        fitting = [r for r in recipes.values() if (r.technique, r.tier) == (technique, tier) and r.claims]
        own = ", ".join(r.id for r in fitting if not r.not_runnable) or "none"
        raise UserError("unknown-recipe", f'no recipe "{name}" has claims', hint=f"known: {own}")


def closure(recipes: Mapping[str, Recipe], chosen: Sequence[Recipe]) -> list[Recipe]:
    """The chosen recipes behind those that they start from, each once."""
    ordered: dict[str, Recipe] = {}
    for recipe in chosen:
        chain = [recipe]
        while chain[-1].start:
            chain.append(recipes[chain[-1].start])
        ordered.update((link.id, link) for link in reversed(chain))
    return list(ordered.values())


def check_start(where: PurePath, recipes: Mapping[str, Recipe], recipe: Recipe) -> None:
    """Makes sure that the recipe's chain of starts ends at a recipe that starts from nothing.

    Raises:
      UserError: claim-file, with `where` as the file.
    """
    passed, link = {recipe.id}, recipe
    while link.start:
        if link.start not in recipes:
            raise _refusal(where, f"{recipe.name}.start", f'no recipe "{link.start}"')
        if link.start in passed:
            raise _refusal(where, f"{recipe.name}.start", "a recipe starts from itself")
        passed.add(link.start)
        link = recipes[link.start]
        if link.not_runnable and not recipe.not_runnable:
            raise _refusal(where, f"{recipe.name}.start", f"{link.id} cannot be run: {link.not_runnable}")


def _recipe(path: PurePath, entry: Mapping[str, Any]) -> Recipe:
    values = {"technique": path.stem, **entry}
    if entry.get("not_runnable"):
        values = {"experiment": "", "module": "", **values}
    claims = values.pop("claims", [])
    if not isinstance(claims, list) or not all(isinstance(claim, dict) for claim in claims):
        raise _refusal(path, "recipes.claims", "must be a list of [[recipes.claims]]")
    _refuse(path, str(entry.get("name", "?")), entry, ("technique",))
    recipe = _validate(path, Recipe, values)
    _check_name(path, recipe.name)
    _check_numbers(path, recipe.name, {"threads": recipe.threads - 1, "cost": recipe.cost})
    _check_plain(path, recipe)
    _check_known(path, f"{recipe.name}.tier", "tier", recipe.tier, TIERS)
    _check_known(path, f"{recipe.name}.cost_unit", "unit", recipe.cost_unit, COST_UNITS)
    if recipe.cost > MOST_COST:
        raise _refusal(path, f"{recipe.name}.cost", "a trial's cost is too large")
    found = tuple(_claim(path, recipe, claim) for claim in claims)
    if len({claim.name for claim in found}) < len(found):
        raise _refusal(path, f"{recipe.name}.claims", "two claims have one name")
    return replace(recipe, claims=found)


def _claim(path: PurePath, recipe: Recipe, entry: Mapping[str, Any]) -> Claim:
    where = f"{recipe.name}.{entry.get('name', '?')}"
    _refuse(path, where, entry, ("technique", "recipe", "references"))
    if str(entry.get("kind")) not in {kind.value for kind in Kind}:
        raise _refusal(path, f"{where}.kind", f"must be one of {', '.join(kind.value for kind in Kind)}")
    values = {"technique": recipe.technique, "recipe": recipe.name, **entry, "kind": Kind(str(entry["kind"]))}
    claim = _validate(path, Claim, values)
    _check_name(path, claim.name)
    _check_numbers(path, where, {"sigma": claim.sigma if claim.sigma is None else claim.sigma - LEAST_SIGMA})
    if isinstance(entry["target"], bool) or isinstance(entry["margin"], bool):
        raise _refusal(path, where, "target and margin are numbers")
    if claim.margin < 0 or (claim.margin == 0 and claim.kind not in WITHOUT_STATISTICS):
        raise _refusal(path, f"{where}.margin", "must be above 0: the loss that would break the promise")
    if claim.kind is Kind.PAIRED and not (claim.baseline and recipe.start):
        raise _refusal(path, f"{where}.baseline", "compares with the start: name its metric, and a start")
    if claim.kind is Kind.LATENCY and not (claim.metric.endswith(LATENCY_RATIO) and recipe.start):
        reason = f"is timed against the start: a metric that ends in {LATENCY_RATIO}, and a start"
        raise _refusal(path, f"{where}.metric", reason)
    if claim.headline and recipe.not_runnable:
        raise _refusal(path, f"{where}.headline", "nobody can stand or fall with what cannot be run")
    for key, reason in documents.problems(claim):
        raise _refusal(path, f"{where}.{key}", reason)
    return claim


def _check_plain(path: PurePath, recipe: Recipe) -> None:
    """Recipes go into records, some levels deep."""
    from pydantic_core import from_json

    try:
        from_json(10 * "[" + json.dumps(asdict(recipe), allow_nan=False) + 10 * "]")
    except (TypeError, ValueError, RecursionError) as error:
        raise _refusal(path, recipe.name, f"holds what JSON cannot: {error}") from error


def _check_name(path: PurePath, name: str) -> None:
    """Names go into file names, command lines and pages."""
    if not NAME.fullmatch(name):
        raise _refusal(path, repr(name), "a name has letters, digits, '.', '_' and '-'")


def _check_known(path: PurePath, where: str, noun: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        raise _refusal(path, where, f'no {noun} "{value}"; known: {", ".join(known)}')


def _check_numbers(path: PurePath, where: str, at_least_zero: Mapping[str, float | None]) -> None:
    for key, value in at_least_zero.items():
        if value is not None and value < 0:
            raise _refusal(path, f"{where}.{key}", "is too small")


def _refuse(path: PurePath, where: str, entry: Mapping[str, Any], keys: Iterable[str]) -> None:
    """Keys that follow from the file's name or from other files are not written."""
    for key in keys:
        if key in entry:
            raise _refusal(path, f"{where}.{key}", "is not written here")


def _with_references(folder: Path, recipes: Mapping[str, Recipe], recipe: Recipe) -> Recipe:
    """The recipe, its claims with the values of its reference runs, where there are any."""
    path = folder / "references" / f"{recipe.technique}.{recipe.name}.json"
    if not path.exists():
        return recipe
    references = records.read(path, References)
    if references.recipe != fingerprint(recipes, recipe):
        raise _refusal(path, "recipe", "these runs are of another recipe; run make references")
    try:
        claims = [replace(claim, references=references.values(claim)) for claim in recipe.claims]
    except KeyError as error:
        raise _refusal(path, "metrics", f"the runs did not measure {error}") from error
    return replace(recipe, claims=tuple(claims))


def _validate(path: PurePath, kind: type[T], values: Mapping[str, Any]) -> T:
    from pydantic import ValidationError

    try:
        return records.adapter(kind).validate_python(values)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join([str(values.get("name", "?")), *(str(part) for part in first["loc"])])
        raise _refusal(path, key, first["msg"]) from error


def _refusal(path: PurePath, key: str, reason: str) -> UserError:
    return UserError("claim-file", reason, where=f"{path.name}: {key}" if key else path.name)

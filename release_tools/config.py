"""Reads the policy, `.github/release-tools.toml`, and checks it once.

It is read from the default branch only, so that no pull request grants itself anything.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_type_hints

from convergence import records, toml
from convergence.claims import TIERS
from convergence.errors import UserError
from convergence.model import Recipe
from release_tools.model import Role
from release_tools.policy import Policy

PATH = ".github/release-tools.toml"
HOMES = ("official", "fork")
LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,38}")
TEAM = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9_][A-Za-z0-9_-]{0,99}")
REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/(?!\.{1,2}$)[A-Za-z0-9_.-]{1,100}")
FOLDER_IN_REPOSITORY = re.compile(r"(?!.*(^|/)\.{1,2}(/|$))[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*")

LABEL = re.compile(r"[A-Za-z0-9_.-]+")
IMAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./:@-]*")
FOLDER = re.compile(r"/[A-Za-z0-9_./-]*")

MOST_RUNS = 50  # of a recipe in one request: each is a job

Problem = tuple[str, str, str]  # key, what is wrong, what would work


def read(text: str, name: str, recipes: Mapping[str, Recipe]) -> Policy:
    """The policy that `text` states.

    Args:
      name: of the file, for errors.
      recipes: the accepted claims, which the policy may name.

    Raises:
      UserError: policy, with the file, the key, and what would work.
    """
    try:
        document = toml.loads(text)
    except (ValueError, RecursionError) as error:
        raise _refusal(name, ("", f"is not TOML: {error}", "")) from error
    policy = _validate(document, name)
    for problem in _problems(policy, recipes):
        raise _refusal(name, problem)
    return policy


def _validate(document: Mapping[str, Any], name: str) -> Policy:
    from pydantic import ValidationError

    try:
        return records.adapter(Policy).validate_json(json.dumps(document, default=_date), strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        *path, last = [str(part) for part in first["loc"]]
        key = ".".join([*path, last])
        if first["type"] != "unexpected_keyword_argument":
            raise _refusal(name, (key, first["msg"], "")) from error
        raise _refusal(name, (key, "no such key", _suggestion(last, _keys(path)))) from error


def _date(value: object) -> dict[str, str]:
    """What TOML has and JSON does not, as what no key takes."""
    return {"date": str(value)}


def _keys(path: list[str]) -> list[str]:
    """The keys that there are below a path of keys."""
    kind: Any = Policy
    for part in path:
        kind = get_type_hints(kind)[part] if is_dataclass(kind) else get_args(kind)[1]
    return [known.name for known in fields(kind)]


def _problems(policy: Policy, recipes: Mapping[str, Recipe]) -> Iterator[Problem]:
    """What types do not say."""
    yield from _names(policy)
    yield from _techniques(policy, recipes)
    yield from _roles(policy)
    yield from _machines(policy)
    for key in ("per_request", "total"):
        if getattr(policy.budgets, key) < 0:
            yield f"budgets.{key}", "is below 0", "give GPU-hours, or 0"
    for key in ("tier", "evidence_tier"):
        yield from _one_of(f"converge.{key}", getattr(policy.converge, key), TIERS)
    looks = policy.converge.looks
    if not looks or looks[0] < 1 or list(looks) != sorted(set(looks)):
        yield "converge.looks", f"{list(looks)} are no looks", "give rising numbers of runs: [1, 3, 7]"
    elif looks[-1] > MOST_RUNS:
        yield "converge.looks", f"{looks[-1]} runs are too many", f"at most {MOST_RUNS} are looked at"


def _names(policy: Policy) -> Iterator[Problem]:
    seen: set[str] = set()
    for key in ("tfmot", "models", "fork"):
        repository = getattr(policy.repositories, key)
        if not REPOSITORY.fullmatch(repository) and (repository or key != "fork"):
            yield f"repositories.{key}", f'"{repository}" is no repository', "write owner/name"
        if repository.lower() in seen:
            yield f"repositories.{key}", f'"{repository}" is there twice', "name each repository once"
        seen.add(repository.lower())
    folder = policy.storage.claims
    if not FOLDER_IN_REPOSITORY.fullmatch(folder):
        yield "storage.claims", f'"{folder}" is no folder of a repository', "write it as convergence/claims"


def _machines(policy: Policy) -> Iterator[Problem]:
    """Labels and folders go through workflows' expressions and shells."""
    for key in ("hosted", "gpu"):
        labels = getattr(policy.runners, key)
        if not labels or not all(map(LABEL.fullmatch, labels)):
            yield f"runners.{key}", f"{list(labels)} are no labels", "write letters, digits, -, _ and ."
    if not IMAGE.fullmatch(policy.runners.image):
        yield "runners.image", f'"{policy.runners.image}" is no image', "write name:tag or name@sha256:…"
    for key in ("data", "checkpoints"):
        folder = getattr(policy.storage, key)
        if not FOLDER.fullmatch(folder):
            yield f"storage.{key}", f'"{folder}" is no folder', "write an absolute path without spaces"


def _techniques(policy: Policy, recipes: Mapping[str, Recipe]) -> Iterator[Problem]:
    claims = {claim.id: recipe for recipe in recipes.values() for claim in recipe.claims}
    known = sorted({recipe.technique for recipe in claims.values()})
    for name, technique in policy.techniques.items():
        key = f"techniques.{name}"
        yield from _one_of(key, name, known)
        for tier in technique.tiers:
            yield from _one_of(f"{key}.tiers", tier, TIERS)
        for claim in technique.headline:
            own = [id_ for id_, recipe in claims.items() if recipe.technique == name]
            yield from _one_of(f"{key}.headline", claim, own)
            if claim in own and (reason := claims[claim].not_runnable):
                can = [id_ for id_ in own if not claims[id_].not_runnable]
                hint = f"name one that can: {', '.join(can)}" if can else "strike it"
                yield f"{key}.headline", f"{claim} cannot be run: {reason}", hint
        yield from _one_of(f"{key}.home", technique.home or HOMES[0], HOMES)
        if technique.home == "fork" and not policy.repositories.fork:
            yield f"{key}.home", "there is no fork", "name it: repositories.fork"


def _roles(policy: Policy) -> Iterator[Problem]:
    """A person holds one role a technique."""
    for key, names in _parties(policy):
        for name in names:
            if not (TEAM if "/" in name else LOGIN).fullmatch(name):
                yield key, f'"{name}" is no team and no login', "write org/slug or a login, without @"
            elif policy.is_bot(name):
                yield key, f'"{name}" is a bot, and nobody', "name a person, or strike it from bots"
    for technique in ("", *policy.techniques):
        roles: dict[str, Role] = {}
        for role in Role:
            for holder in policy.holders(role, technique):
                other = roles.setdefault(holder.lower(), role)
                if other is not role:
                    key = f"techniques.{technique}" if technique else "roles"
                    what = f'"{holder}" has two roles, {other.value} and {role.value}'
                    yield key, what, "a person holds one role a technique: strike one"


def _parties(policy: Policy) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every list of teams and logins, by key."""
    yield "roles.mot", policy.roles.mot
    yield "roles.official", policy.roles.official
    for name, technique in policy.techniques.items():
        for key in ("mot", "official", "owners"):
            yield f"techniques.{name}.{key}", getattr(technique, key) or ()


def _one_of(key: str, value: str, known: Sequence[str]) -> Iterator[Problem]:
    if value not in known:
        yield key, f'there is no "{value}"', _suggestion(value, known)


def _suggestion(word: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(word[:100], known, n=1)
    return f"did you mean {close[0]}?" if close else f"known: {', '.join(known)}"


def _refusal(name: str, problem: Problem) -> UserError:
    key, what, hint = problem
    return UserError("policy", what, where=f"{name}: {key}" if key else name, hint=hint)

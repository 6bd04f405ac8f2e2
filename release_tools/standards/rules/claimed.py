"""The numbers that the example promises are stated, and are those of the claim file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from convergence import claims
from convergence.errors import UserError
from convergence.model import Claim, Recipe, Status
from release_tools.proposals import Statement
from release_tools.standards import experiments
from release_tools.standards.example import Example
from release_tools.standards.nouns import Finding

STATE = "state them in convergence/claims/TECHNIQUE.toml, and in the pull request as ```toml claims TECHNIQUE"


def spared(example: Example) -> str:
    """Nobody's example, nobody's fault."""
    return "code of everybody's is no example" if example.shared else ""


def check(example: Example) -> Iterator[Finding]:
    """No claim for any of its experiments; a statement that cannot be read, or is not the claim file's."""
    stated = example.stated
    body, problems = _body(stated.body or "")
    files, more = _read(stated.files)
    yield from (*problems, *more)
    recipes = [*stated.accepted.values(), *(one for found in (body, files) for one in found.values())]
    if not any(one.claims and _about(one, example) for one in recipes):
        yield Finding(example.label, 0, "no claim is stated for any of its experiments", STATE)
    yield from _differences(body, {**stated.accepted, **files})
    if stated.body is not None and files and not body and not problems:
        what = "the pull request's text does not state the numbers that its claim file has"
        yield Finding(stated.files[0].origin, 0, what, "put the file into a block ```toml claims TECHNIQUE")


def _about(recipe: Recipe, example: Example) -> bool:
    names = {one.name for one in experiments.of(example)}
    packages = {one.name for one in example.parts} | {one.package for one in example.parts}
    return recipe.experiment in names and (recipe.module in packages or not packages)


def _body(text: str) -> tuple[dict[str, Recipe], list[Finding]]:
    from release_tools import proposals

    try:
        statements = proposals.fenced(text)
    except UserError as error:
        return {}, [_unreadable(proposals.TEXT, error)]
    return _read(tuple(statements))


def _read(statements: tuple[Statement, ...]) -> tuple[dict[str, Recipe], list[Finding]]:
    recipes: dict[str, Recipe] = {}
    problems = []
    for one in statements:
        try:
            recipes |= {recipe.id: recipe for recipe in claims.parse(one.file, one.text)}
        except UserError as error:
            problems.append(_unreadable(one.origin, error))
    return recipes, problems


def _unreadable(origin: str, error: UserError) -> Finding:
    return Finding(
        origin,
        0,
        f"states claims that cannot be read: {error.where}: {error.what}",
        error.hint or "correct it",
    )


def _differences(body: dict[str, Recipe], known: dict[str, Recipe]) -> Iterator[Finding]:
    """Claims that the text states otherwise than the claim file, or that the file does not have."""
    for recipe in body.values():
        if recipe.id not in known:
            continue  # nothing but the text states it
        ours = {claim.name: _plain(claim) for claim in known[recipe.id].claims}
        for claim in recipe.claims:
            there = ours.get(claim.name)
            where = f"{recipe.id} {claim.name}"
            if there is None:
                yield Finding(
                    "the pull request's text", 0, f"{where} is not in the claim file", "add it there"
                )
            elif there != _plain(claim):
                what = f"{where}: the text says {_said(claim)}, the claim file {_said(there)}"
                yield Finding("the pull request's text", 0, what, "have both say the same")


def _plain(claim: Claim) -> Claim:
    """Without what tells nothing of the promise."""
    return replace(claim, references=(), status=Status.ACCEPTED)


def _said(claim: Claim) -> str:
    return f"{claim.metric} {claim.target:g} ± {claim.margin:g}"

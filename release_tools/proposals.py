"""Claims that a pull request states, beside those that are accepted: read as data, never instead of them."""

from __future__ import annotations

import functools
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from convergence import claims
from convergence.errors import UserError
from convergence.model import Claim, Recipe, Status

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

SUFFIX = ".proposed"  # tells a proposed recipe or claim from the accepted one of the same name
TEXT = "the pull request's text"
OUTSIDE = re.compile(r"^[/~\\]|://|(?:^|[/\\])\.\.(?:[/\\]|$)")  # of the run's folders, or on the network
LARGEST = 64 * 2**10  # characters of a statement
LONGEST_BODY = 2**18  # GitHub's own have 65,536 characters at most


@dataclass(frozen=True)
class Statement:
    """A claim file's text as the pull request has it.

    Attributes:
      origin: where it is stated, for people.
    """

    technique: str
    text: str
    origin: str

    @property
    def file(self) -> PurePath:
        """The name that a claim file of the technique has."""
        return PurePath(f"{self.technique}.toml")


def may_state(body: str) -> bool:
    """Whether there can be a statement in a pull request's body: a look that costs nothing."""
    return "claims" in body


def fenced(body: str) -> list[Statement]:
    """The statements in a pull request's body: blocks fenced as ```toml claims TECHNIQUE.

    Raises:
      UserError: claim-file, for a block that does not name a technique, or a text that is none of GitHub's.
    """
    if not may_state(body):
        return []
    if len(body) > LONGEST_BODY:
        raise UserError("claim-file", f"is longer than {LONGEST_BODY} characters", where=TEXT)
    named = [
        (token.info.split(), token.content) for token in _parser().parse(body)
    ]  # fences alone have an info
    return [_statement(info[2:], text) for info, text in named if info[:2] == ["toml", "claims"]]


@functools.cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("zero", {"html": True}).enable(["fence", "code", "html_block"])


def _statement(words: Sequence[str], text: str) -> Statement:
    if len(words) != 1 or not claims.NAME.fullmatch(words[0]):
        hint = "begin the block with ```toml claims pruning"
        raise UserError("claim-file", "a block of claims names its technique", where=TEXT, hint=hint)
    return Statement(words[0], text, TEXT)


def join(accepted: Mapping[str, Recipe], statements: Iterable[Statement]) -> dict[str, Recipe]:
    """The accepted recipes with all that is stated beside them as proposed.

    What is stated of a recipe that trains as the accepted one does is judged on the same trials; any other
    statement is a recipe of its own. What repeats an accepted claim says nothing.

    Raises:
      UserError: claim-file, with where it is stated; whatever the text is.
    """
    found = [(recipe, statement) for statement in statements for recipe in _recipes(statement)]
    stated: dict[str, Recipe] = {}
    for recipe, statement in found:
        if stated.setdefault(recipe.id, recipe) != recipe:
            raise UserError("claim-file", f"{recipe.id} is stated twice, differently", where=statement.origin)
    view = dict(accepted) | stated
    for recipe, statement in found:
        claims.check_start(statement.file, view, recipe)
    return _joined(accepted, view, list(stated.values()))


def only(recipes: Mapping[str, Recipe], techniques: Container[str]) -> dict[str, Recipe]:
    """The recipes without what is proposed for other techniques: who asks may have no say in those."""
    return {
        recipe.id: recipe
        if recipe.technique in techniques
        else replace(recipe, claims=tuple(c for c in recipe.claims if c.status is not Status.PROPOSED))
        for recipe in recipes.values()
    }


def _recipes(statement: Statement) -> list[Recipe]:
    if len(statement.text) > LARGEST:
        raise UserError("claim-file", f"is longer than {LARGEST} characters", where=statement.origin)
    try:
        recipes = claims.parse(statement.file, statement.text)
        for recipe in recipes:
            _check_paths(recipe)
        return [_proposed(recipe) for recipe in recipes]
    except RecursionError as error:
        raise UserError("claim-file", "is nested too deeply", where=statement.origin) from error
    except UserError as error:
        where = f"{error.where}, in {statement.origin}"
        raise UserError(error.code, error.what, where=where, hint=error.hint) from error


def _check_paths(recipe: Recipe) -> None:
    """What strangers state reads and writes below the run's own folders."""
    for text in _texts([recipe.overrides, recipe.optimization]):
        paths = [part.strip() for part in text.split(",")]  # Official Models reads several
        if any(OUTSIDE.search(path) for path in paths):
            what = f"an override leads out of the run's folder: {text!r}"
            hint = "leave folders out: where data and results lie is the machine's"
            raise UserError("claim-file", what, where=recipe.id, hint=hint)


def _texts(value: object) -> Iterator[str]:
    """All strings in nested plain data, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _texts([*value.keys(), *value.values()])
    elif isinstance(value, Sequence):
        for one in value:
            yield from _texts(one)


def _proposed(recipe: Recipe) -> Recipe:
    return replace(recipe, claims=tuple(replace(claim, status=Status.PROPOSED) for claim in recipe.claims))


def _joined(
    accepted: Mapping[str, Recipe], view: Mapping[str, Recipe], stated: Sequence[Recipe]
) -> dict[str, Recipe]:
    same = {r.id for r in stated if r.id in accepted and _trains_alike(accepted, view, r)}
    renamed = {r.id: f"{r.id}{SUFFIX}" for r in stated if r.id in accepted and r.id not in same}
    joined = dict(accepted)
    for recipe in stated:
        if recipe.id in same:
            joined[recipe.id] = _with_claims(accepted[recipe.id], recipe.claims)
            continue
        own = _renamed(recipe, renamed)
        if own.id in joined:
            raise UserError("claim-file", f"two recipes are called {own.id}", where=f"{own.technique}.toml")
        joined[own.id] = own
    return joined


def _trains_alike(accepted: Mapping[str, Recipe], view: Mapping[str, Recipe], recipe: Recipe) -> bool:
    ours = claims.fingerprint(accepted, accepted[recipe.id])
    return ours == claims.fingerprint(view, recipe)


def _renamed(recipe: Recipe, renamed: Mapping[str, str]) -> Recipe:
    name = recipe.name + SUFFIX if recipe.id in renamed else recipe.name
    own = tuple(replace(claim, recipe=name) for claim in recipe.claims)
    return replace(recipe, name=name, start=renamed.get(recipe.start, recipe.start), claims=own)


def _with_claims(recipe: Recipe, stated: Iterable[Claim]) -> Recipe:
    """The accepted recipe with what is stated beyond its claims; σ of what both measure is known."""
    known = {claim.name: claim for claim in recipe.claims}
    added = []
    for claim in stated:
        ours = known.get(claim.name)
        if ours is None:
            added.append(claim)
        elif replace(claim, status=ours.status, references=ours.references) != ours:
            references = ours.references if _measured_alike(ours, claim) else ()
            added.append(replace(claim, name=claim.name + SUFFIX, references=references))
    names = [claim.name for claim in (*recipe.claims, *added)]
    if len(set(names)) < len(names):
        raise UserError("claim-file", "two claims have one name", where=recipe.id)
    return replace(recipe, claims=(*recipe.claims, *added))


def _measured_alike(ours: Claim, other: Claim) -> bool:
    return (ours.kind, ours.metric, ours.baseline, ours.unit) == (
        other.kind,
        other.metric,
        other.baseline,
        other.unit,
    )

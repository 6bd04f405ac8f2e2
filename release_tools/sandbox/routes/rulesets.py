"""A repository's own rulesets."""

from __future__ import annotations

from flask import Blueprint

from release_tools.model import Permission
from release_tools.sandbox import rulesets
from release_tools.sandbox.access import caller, world
from release_tools.sandbox.answers import Json
from release_tools.sandbox.errors import not_found
from release_tools.sandbox.nouns import Repository, Ruleset
from release_tools.sandbox.pages import Answer, body, page, required

routes = Blueprint("rulesets", __name__, url_prefix="/repos/<owner>/<repo>/rulesets")


@routes.get("")
def listed(repository: Repository) -> Answer:
    found = list(repository.settings.rulesets.values())
    return page(found, lambda one: rulesets.said(repository, one, whole=False))


@routes.post("")
def create(repository: Repository) -> tuple[Json, int]:
    caller().may(repository, Permission.ADMIN, "administration:write")
    sent = body()
    required(sent, "Ruleset", "name", "enforcement")
    return rulesets.said(repository, rulesets.keep(world(), repository, sent), whole=True), 201


@routes.get("/<int:ruleset_id>")
def one(repository: Repository, ruleset_id: int) -> Json:
    return rulesets.said(repository, _find(repository, ruleset_id), whole=True)


@routes.put("/<int:ruleset_id>")
def change(repository: Repository, ruleset_id: int) -> Json:
    caller().may(repository, Permission.ADMIN, "administration:write")
    made = rulesets.keep(world(), repository, body(), _find(repository, ruleset_id))
    return rulesets.said(repository, made, whole=True)


def _find(repository: Repository, ruleset_id: int) -> Ruleset:
    if ruleset_id not in repository.settings.rulesets:
        raise not_found()
    return repository.settings.rulesets[ruleset_id]

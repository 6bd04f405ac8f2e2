"""Claims fenced in the text of a pull request: they never change what is accepted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import damage
import process

from convergence.model import Recipe, Status
from release_tools import proposals

ACCEPTED = process.RECIPES
EXAMPLES = (process.BODY, process.BODY.replace('"imagenet"', '"new"'), "No claims.")
INPUTS = damage.texts(EXAMPLES)


def read(given: str, folder: Path) -> Mapping[str, Recipe]:
    return proposals.join(ACCEPTED, proposals.fenced(given))


def holds(value: Mapping[str, Recipe], given: str) -> None:
    for id_, recipe in value.items():
        assert recipe.id == id_
        accepted = tuple(claim for claim in recipe.claims if claim.status is Status.ACCEPTED)
        if id_ in ACCEPTED:
            assert accepted == ACCEPTED[id_].claims
        else:
            assert not accepted
    assert set(value) >= set(ACCEPTED)
    assert "claims" in given or value == ACCEPTED

"""Step 2: the contributor says which wheel, built from source, gave which numbers."""

from __future__ import annotations

import re

from convergence.errors import UserError
from release_tools import proposals
from release_tools.approvals import words
from release_tools.approvals.people import Case
from release_tools.approvals.rules import Before, done, waiting
from release_tools.approvals.steps import Actor, Evidence, Step, StepState

WHEEL = re.compile(
    r"\b(?:tensorflow_model_optimization|tf_model_optimization_nightly)-[\w.+!-]{1,100}\.whl\b"
)
DIGEST = re.compile(r"\b[0-9a-f]{64}\b")


def decide(case: Case, _: Before) -> StepState:
    """Whether the text says both; nobody checks it here, for MOT's own run of the claims does in step 4."""
    pull = case.facts.pull_request
    wheel, digest = WHEEL.search(pull.body), DIGEST.search(pull.body)
    if not (wheel and digest):
        return waiting(Step.REPRODUCED, words.NO_WHEEL, Actor.CONTRIBUTOR)
    try:
        numbers = _numbers(case)
    except UserError as error:
        why = words.unreadable_claims(error.what)
        return waiting(Step.REPRODUCED, why, Actor.CONTRIBUTOR)
    if not numbers:
        return waiting(Step.REPRODUCED, words.NO_CLAIMS, Actor.CONTRIBUTOR)
    what = words.claimed(wheel[0], digest[0], numbers)
    return done(Step.REPRODUCED, Evidence(what, pull.author.login, url=pull.url))


def _numbers(case: Case) -> int:
    """How many claims of the technique the text states.

    Raises:
      UserError: claim-file.
    """
    stated = [
        one for one in proposals.fenced(case.facts.pull_request.body) if one.technique == case.facts.technique
    ]
    recipes = proposals.join({}, stated) if stated else {}
    return sum(len(recipe.claims) for recipe in recipes.values())

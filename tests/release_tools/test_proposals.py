"""Claims that a pull request states: shown beside the accepted ones, never instead, whatever they hold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from convergence import claims
from convergence.errors import UserError
from convergence.model import Claim, Recipe, Status
from release_tools import proposals
from release_tools.proposals import Statement

BASE = """
[[recipes]]
name = "base"
tier = "smoke"
experiment = "e"
module = "m"
"""
TINY = """
[[recipes]]
name = "tiny"
tier = "smoke"
experiment = "e"
module = "m"
start = "pruning/base"

[[recipes.claims]]
name = "accuracy"
kind = "at least"
metric = "accuracy"
target = 0.9
margin = 0.02
source = "a guide"
measured = "one run"
"""
OTHER = TINY[TINY.index("[[recipes.claims]]") :].replace('"accuracy"', '"sparsity"')
OVERRIDE = '[recipes.overrides.trainer]\nbest_checkpoint_export_subdir = "{}"\n'
REFERENCES = (0.9, 0.91, 0.89, 0.9, 0.9)


def parsed(text: str) -> dict[str, Recipe]:
    return {recipe.id: recipe for recipe in claims.parse(PurePath("pruning.toml"), text)}


def with_references(recipe: Recipe) -> Recipe:
    return replace(recipe, claims=tuple(replace(claim, references=REFERENCES) for claim in recipe.claims))


ACCEPTED = {name: with_references(recipe) for name, recipe in parsed(BASE + TINY).items()}


def join(text: str, technique: str = "pruning") -> dict[str, Recipe]:
    return proposals.join(ACCEPTED, [Statement(technique, text, "there")])


def proposed(recipes: dict[str, Recipe]) -> dict[str, Claim]:
    return {c.id: c for r in recipes.values() for c in r.claims if c.status is Status.PROPOSED}


def test_what_repeats_the_accepted_says_nothing() -> None:
    assert join(BASE + TINY) == ACCEPTED


def test_another_target_stands_beside_on_the_same_trials() -> None:
    joined = join(BASE + TINY.replace("target = 0.9", "target = 0.95"))
    (ours,) = ACCEPTED["pruning/tiny"].claims
    stated = replace(ours, name="accuracy.proposed", target=0.95, status=Status.PROPOSED)
    assert joined == ACCEPTED | {
        "pruning/tiny": replace(ACCEPTED["pruning/tiny"], claims=(ours, stated)),
    }


def test_an_override_may_name_a_folder_below_the_runs_own() -> None:
    joined = join(BASE + TINY + OVERRIDE.format("best/..x/a..b"))
    stated = joined["pruning/tiny.proposed"].overrides
    assert stated == {"trainer": {"best_checkpoint_export_subdir": "best/..x/a..b"}}


def test_another_metric_has_no_references() -> None:
    joined = join(BASE + TINY.replace('metric = "accuracy"', 'metric = "other"'))
    assert proposed(joined)["pruning/tiny/accuracy.proposed"].references == ()


def test_a_further_claim_stands_beside() -> None:
    assert list(proposed(join(BASE + TINY + OTHER))) == ["pruning/tiny/sparsity"]


def test_a_recipe_that_trains_otherwise_is_one_of_its_own() -> None:
    joined = join(BASE + TINY.replace('"smoke"', '"smoke"\nthreads = 2'))
    assert list(joined) == ["pruning/base", "pruning/tiny", "pruning/tiny.proposed"]
    assert joined["pruning/tiny"] == ACCEPTED["pruning/tiny"]
    assert list(proposed(joined)) == ["pruning/tiny.proposed/accuracy"]


def test_a_changed_start_makes_what_starts_from_it_another() -> None:
    joined = join(BASE.replace('"smoke"', '"smoke"\nthreads = 2') + TINY)
    assert joined["pruning/tiny.proposed"].start == "pruning/base.proposed"
    assert {name: joined[name] for name in ACCEPTED} == ACCEPTED


def test_a_new_technique_starts_from_what_is_there() -> None:
    joined = join(TINY, "sketching")
    assert joined["sketching/tiny"].claims[0].status is Status.PROPOSED
    assert joined["sketching/tiny"].start == "pruning/base"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x", "pruning.toml, in there"),
        ("[[recipes]]\nname = 'a'", "a.tier, in there"),
        (TINY.replace("pruning/base", "pruning/none"), 'no recipe "pruning/none"'),
        (TINY.replace("pruning/base", "pruning/tiny"), "a recipe starts from itself"),
        (TINY.replace('"tiny"', '"../x"'), "a name has letters"),
        (TINY.replace("target = 0.9", "target = nan"), "accuracy.target"),
        (TINY.replace("target = 0.9", "target = 0.9\nreferences = [0.9]"), "is not written here"),
        (
            TINY + "[recipes.overrides]\nx = " + "[" * 400 + "]" * 400,
            "holds what JSON cannot: recursion limit",
        ),
        (TINY + OVERRIDE.format("../../home/x"), "an override leads out of the run's folder: '../../home/x'"),
        (TINY + OVERRIDE.format("best/../.."), "out of the run's folder"),
        (TINY + OVERRIDE.format(r"best\\..\\x"), "out of the run's folder"),
        (TINY + OVERRIDE.format("/etc/x"), "out of the run's folder"),
        (TINY + OVERRIDE.format("~root"), "out of the run's folder"),
        (TINY + OVERRIDE.format(".."), "out of the run's folder"),
        (TINY + OVERRIDE.format("x,/etc/y"), "out of the run's folder"),
        (TINY + OVERRIDE.format("x, ../y"), "out of the run's folder"),
        (TINY + OVERRIDE.format("\\t/etc/y"), "out of the run's folder"),
        (TINY + OVERRIDE.format("file:///etc/y"), "out of the run's folder"),
        (TINY + OVERRIDE.format("gs://bucket/y"), "out of the run's folder"),
        (TINY + '[recipes.overrides.x]\ny = [" /etc/x"]', "out of the run's folder"),
        (TINY + '[recipes.overrides.x]\ny = [["a", {"../z" = 1}]]', "out of the run's folder"),
        ("#" * 70_000, "is longer than 65536 characters"),
        (TINY + TINY.replace("0.02", "0.03"), "is stated twice, differently"),
        (BASE + TINY.replace('"accuracy"', '"accuracy.proposed"', 1) + OTHER, ""),
        (
            TINY.replace('"smoke"', '"smoke"\nthreads=2') + TINY.replace('"tiny"', '"tiny.proposed"'),
            "two recipes",
        ),
        (
            TINY.replace("0.02", "0.03") + OTHER.replace('"sparsity"', '"accuracy.proposed"', 1),
            "two claims have one name",
        ),
    ],
)
def test_a_mistaken_statement_is_refused_in_one_line(text: str, said: str) -> None:
    if not said:
        assert join(text)
        return
    with pytest.raises(UserError) as refused:
        join(text)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


@settings(deadline=None)
@given(st.text(), st.sampled_from([BASE, BASE + TINY, TINY + OTHER]), st.integers(0, 400), st.integers(0, 40))
@example('overrides = {"a" = inf}', TINY, 60, 0)
def test_no_statement_touches_what_is_accepted(new: str, text: str, at: int, cut: int) -> None:
    try:
        joined = join(text[:at] + new + text[at + cut :])
    except UserError:
        return
    accepted = [c for r in joined.values() for c in r.claims if c.status is Status.ACCEPTED]
    assert accepted == [claim for recipe in ACCEPTED.values() for claim in recipe.claims]


BLOCK = "```toml claims pruning\na = 1\n```\n"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("", []),
        ("no claims", []),
        (f"Words\n\n{BLOCK}more", ["a = 1\n"]),
        (BLOCK.replace("\n", "\r\n"), ["a = 1\n"]),
        (BLOCK + BLOCK, ["a = 1\n", "a = 1\n"]),
        ("~~~~toml claims pruning\n```\n~~~~", ["```\n"]),
        (f"<!--\n{BLOCK}-->", []),
        ("".join(f"    {line}\n" for line in BLOCK.splitlines()), []),
        ("".join(f"> {line}\n" for line in BLOCK.splitlines()), []),
        (f"````\n{BLOCK}````", []),
        ("```toml\nclaims\n```", []),
    ],
)
def test_blocks_in_the_text_are_found(body: str, found: list[str]) -> None:
    assert proposals.fenced(body) == [Statement("pruning", text, proposals.TEXT) for text in found]


@pytest.mark.parametrize("info", ["toml claims", "toml claims a b", "toml claims ../x"])
def test_a_block_names_its_technique(info: str) -> None:
    with pytest.raises(UserError, match="a block of claims names its technique"):
        proposals.fenced(f"```{info}\n```")


def test_a_text_of_megabytes_is_no_pull_requests() -> None:
    with pytest.raises(UserError, match=r"error\[claim-file\].*longer than 262144 characters"):
        proposals.fenced("claims" + "`" * proposals.LONGEST_BODY)

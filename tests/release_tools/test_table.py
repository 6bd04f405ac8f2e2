"""The table that a person reads after a campaign, held by a golden file."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from convergence import verdict
from convergence.campaign import CampaignResult, Plan
from convergence.model import Claim, Kind, Outcome, Recipe
from convergence.needs import Need
from convergence.resolved import Experiment
from release_tools import catalogue, table

ACCURACY = Claim(
    technique="pruning",
    recipe="mobilenetv2-digits-50",
    name="accuracy",
    kind=Kind.AT_LEAST,
    metric="accuracy",
    target=96.2,
    margin=2.0,
    unit="%",
    source="a guide",
    measured="mean of 10 runs",
    references=(96.0, 96.4, 95.5, 96.9, 96.2, 96.8, 95.6, 96.1, 96.3, 96.2),
)
SPARSITY = replace(ACCURACY, name="sparsity", kind=Kind.EXACT, target=50.0, margin=0.0, references=())
SIZE = replace(
    ACCURACY, name="size", kind=Kind.SIZE, target=965_700.0, margin=20_000.0, unit="bytes", references=()
)
VALUES = {"accuracy": [95.9], "sparsity": [50.0], "size": [965_694.0]}


def result(values: dict[str, list[float]]) -> CampaignResult:
    recipe = Recipe("pruning", "mobilenetv2-digits-50", "smoke", "e", "m", claims=(ACCURACY, SPARSITY, SIZE))
    plan = Plan({recipe.id: recipe}, "86e178206a0cc53c", "h", {}, "c")
    verdicts = tuple(verdict.judge(claim, values[claim.name]) for claim in recipe.claims)
    return CampaignResult(plan, verdicts, ("a", "b"), 0, 154.2)


def printed(shown: CampaignResult, width: int = 120) -> str:
    text = StringIO()
    table.show(shown, Console(file=text, width=width))
    return text.getvalue()


@pytest.mark.parametrize(
    ("golden", "change"),
    [
        ("table-reproduced.txt", {}),
        ("table-not-reproduced.txt", {"accuracy": [91.0], "sparsity": [0.0]}),
        (
            "table-diverged.txt",
            {"accuracy": [float("nan")], "sparsity": [float("nan")], "size": [float("nan")]},
        ),
    ],
)
def test_the_table_reads_as_it_should(goldens: Path, golden: str, change: dict[str, list[float]]) -> None:
    assert printed(result(VALUES | change)) == (goldens / golden).read_text(encoding="utf-8")


def test_several_recipes_of_a_technique_are_told_apart(goldens: Path) -> None:
    shown = result(VALUES)
    technique, recipe = "post_training_quantization", "mobilenetv2-digits-int8"
    named = [
        replace(one, claim=replace(one.claim, technique=technique, recipe=recipe)) for one in shown.verdicts
    ]
    more = [replace(one, claim=replace(one.claim, recipe=f"{recipe}-again")) for one in named]
    both = replace(shown, verdicts=(*shown.verdicts, *named, *more))
    assert printed(both, width=80) == (goldens / "table-several-recipes.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("outcome", list(Outcome))
def test_the_last_line_leads_with_the_worst_outcome(outcome: Outcome) -> None:
    shown = result(VALUES)
    one = replace(shown.verdicts[0], outcome=outcome)
    last = printed(replace(shown, verdicts=(one, *shown.verdicts[1:]))).strip().splitlines()[-1]
    assert last.startswith(f"{outcome.value.upper()} —")


RECIPE = Recipe("pruning", "mobilenetv2-imagenet-50", "full", "mobilenet_imagenet_mot", "convergence.example")
FORECASTS = [
    catalogue.Forecast(replace(RECIPE, technique="uncompressed", cost_unit="GPU-hours"), 5.0, 0.0),
    catalogue.Forecast(replace(RECIPE, cost=136.0, cost_unit="GPU-hours"), 5.0, 680.0),
]
EXPERIMENT = Experiment(
    recipe="pruning/mobilenetv2-imagenet-50",
    name="mobilenet_imagenet_mot",
    module="convergence.example",
    steps=125_100,
    batch=1024,
    interval=2502,
    strategy="mirrored",
    precision="float32",
    needs=(
        Need("data", "/data/imagenet-2012-tfrecord/train*", there=True),
        Need("TFDS data set", "/data/tfds/cityscapes/semantic_segmentation", there=False),
        Need("checkpoint", "/data/checkpoints/[bold]", there=False),
    ),
)


def test_what_would_be_trained_reads_as_it_should(goldens: Path) -> None:
    text = StringIO()
    console = Console(file=text, width=80)
    table.show_experiments([EXPERIMENT], console)
    table.show_forecast(FORECASTS, 2, console)
    assert text.getvalue() == (goldens / "experiments.txt").read_text(encoding="utf-8")


def test_nothing_resolved_says_nothing() -> None:
    text = StringIO()
    table.show_experiments([], Console(file=text))
    assert text.getvalue() == ""

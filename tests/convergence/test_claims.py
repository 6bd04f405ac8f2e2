"""Claim files: what they may hold, and that what they hold is true to its references."""

from __future__ import annotations

import statistics
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any

import pytest

from convergence import claims, records, trial, verdict
from convergence.errors import UserError
from convergence.model import WITHOUT_STATISTICS, Claim, Kind, Recipe, References
from release_tools import catalogue

GOOD = """
[[recipes]]
name = "base"
tier = "smoke"
experiment = "e"
module = "m"

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


CLAIM = GOOD[GOOD.index("[[recipes.claims]]") :]
NOT_RUNNABLE = f"""
[[recipes]]
name = "large"
tier = "smoke"
not_runnable = "Official Models has no GNMT"
{CLAIM}
"""


def written(folder: Path, text: str, name: str = "pruning.toml") -> Path:
    (folder / name).write_text(text)
    return folder


def test_a_claim_file_is_read(tmp_path: Path) -> None:
    recipes = claims.load(written(tmp_path, GOOD))
    assert list(recipes) == ["pruning/base", "pruning/tiny"]
    (claim,) = recipes["pruning/tiny"].claims
    assert (claim.id, claim.kind, claim.target, claim.references) == (
        "pruning/tiny/accuracy",
        Kind.AT_LEAST,
        0.9,
        (),
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('kind = "at least"', 'kind = "about"', "pruning.toml: tiny.accuracy.kind"),
        ("margin = 0.02", "margin = 0", "pruning.toml: tiny.accuracy.margin"),
        ("margin = 0.02", "margin = -0.02", "must be above 0"),
        ("margin = 0.02", 'margin = "wide"', "accuracy.margin"),
        ("margin = 0.02", "margin = nan", "accuracy.margin"),
        ("target = 0.9", "", "accuracy.target"),
        ("target = 0.9", "goal = 0.9", "accuracy."),
        ('tier = "smoke"', 'tier = "mist"', 'no tier "mist"; known: smoke, full'),
        ('experiment = "e"', "", "base.experiment"),
        ('start = "pruning/base"', 'start = "pruning/none"', 'no recipe "pruning/none"'),
        ("[[recipes]]", "[[recepies]]", "recepies"),
        ("[[recipes]]", "[[recipes", "pruning.toml"),
        ('name = "tiny"', 'name = "tiny"\nthreads = "many"', "tiny.threads"),
        ('name = "tiny"', 'name = "tiny"\nsteps = 1', "tiny.steps"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(UserError) as refused:
        claims.load(written(tmp_path, GOOD.replace(old, new)))
    assert refused.value.code == "claim-file"
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'metric = "accuracy"',
            'metric = "accuracy"\nrecipe = "other"',
            "is not written here; pruning.toml: tiny.accuracy.recipe",
        ),
        (
            'metric = "accuracy"',
            'metric = "accuracy"\nreferences = [0.9]',
            "is not written here; pruning.toml: tiny.accuracy.references",
        ),
        (
            'name = "base"',
            'name = "base"\ntechnique = "other"',
            "is not written here; pruning.toml: base.technique",
        ),
        ('kind = "at least"', 'kind = "paired"', "accuracy.baseline"),
        ('name = "tiny"', 'name = "../tiny"', "a name has letters"),
        ('name = "accuracy"', 'name = "a\\u001b[2Jb"', "a name has letters"),
        ('name = "tiny"', 'name = "tiny"\nthreads = 0', "tiny.threads"),
        ('name = "tiny"', 'name = "tiny"\ncost = -1.0', "tiny.cost"),
        ('name = "tiny"', 'name = "tiny"\ncost = 1e308', "cost is too large; pruning.toml: tiny.cost"),
        (
            'name = "tiny"',
            'name = "tiny"\ncost_unit = "GPU-days"',
            'no unit "GPU-days"; known: CPU-minutes, GPU-hours; pruning.toml: tiny.cost_unit',
        ),
        ('metric = "accuracy"', 'metric = "accuracy"\nsigma = 0.0', "accuracy.sigma"),
        (
            'metric = "accuracy"',
            'metric = "accuracy"\nsigma_from = "a paper"',
            "says where no sigma is from; pruning.toml: tiny.accuracy.sigma_from",
        ),
        (
            'measured = "one run"',
            'measured = "one run"\n[[recipes.claims.documented]]\npath = "a.md"\ncells = { a = "0.8" }',
            "0.9 is not among what is documented: 0.8; pruning.toml: tiny.accuracy.target",
        ),
        (
            'measured = "one run"',
            'measured = "one run"\n[[recipes.claims.documented]]\npath = "a.md"\nline = 3\ncells = {}',
            "accuracy.documented.0.line",
        ),
        (
            'experiment = "e"\nmodule = "m"\n\n',
            'not_runnable = "no such model"\n\n',
            "pruning/base cannot be run: no such model; pruning.toml: tiny.start",
        ),
        ("target = 0.9", "target = true", "target"),
        ('kind = "at least"', 'kind = ["at least"]', "accuracy.kind"),
        ('name = "tiny"', 'name = "tiny"\noverrides = { day = 2026-01-01 }', "holds what JSON cannot"),
        ('name = "tiny"', 'name = "tiny"\noverrides = { rate = inf }', "holds what JSON cannot"),
        ("[[recipes.claims]]", f"{CLAIM}\n[[recipes.claims]]", "two claims have one name"),
    ],
)
def test_what_would_mislead_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(UserError, match="claim-file") as refused:
        claims.load(written(tmp_path, GOOD.replace(old, new)))
    assert said in str(refused.value)


def with_references(folder: Path, **changes: object) -> Path:
    """GOOD with five reference runs of its tiny recipe."""
    recipes = claims.load(written(folder, GOOD))
    made = References(
        command="make references",
        recipe=claims.fingerprint(recipes, recipes["pruning/tiny"]),
        content_digest="c",
        tfmot_version="0.8.1",
        harness="h",
        versions={},
        device="CPU",
        seeds=(1, 2, 3, 4, 5),
        metrics={"accuracy": (0.9, 0.91, 0.89, 0.9, 0.9)},
    )
    records.write(folder / "references" / "pruning.tiny.json", replace(made, **changes))
    return folder


def test_references_come_with_their_claims(tmp_path: Path) -> None:
    (claim,) = claims.load(with_references(tmp_path))["pruning/tiny"].claims
    assert claim.references == (0.9, 0.91, 0.89, 0.9, 0.9)


def test_references_of_another_recipe_are_refused(tmp_path: Path) -> None:
    folder = with_references(tmp_path)
    written(folder, GOOD.replace('name = "base"', 'name = "base"\nthreads = 2'))
    with pytest.raises(UserError, match="these runs are of another recipe"):
        claims.load(folder)


def test_references_without_the_metric_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="the runs did not measure 'accuracy'"):
        claims.load(with_references(tmp_path, metrics={"loss": (1.0, 1.0, 1.0, 1.0, 1.0)}))


def test_a_changed_claim_keeps_its_references(tmp_path: Path) -> None:
    folder = with_references(tmp_path)
    written(folder, GOOD.replace("margin = 0.02", "margin = 0.03"))
    assert claims.load(folder)["pruning/tiny"].claims[0].references


EXACT = ('kind = "at least"', 'kind = "exact"')


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([], ""),
        ([("target = 0.9", "target = 0.91")], "the target 0.91 is not the mean of its references, 0.9000"),
        ([EXACT], ""),
        ([EXACT, ("target = 0.9", "target = 0.905")], ""),
        ([EXACT, ("margin = 0.02", "margin = 0.005")], "its references do not hold it: FAIL"),
    ],
)
def test_a_target_is_held_against_its_references(
    tmp_path: Path, changes: list[tuple[str, str]], said: str
) -> None:
    folder = with_references(tmp_path)
    text = GOOD
    for old, new in changes:
        text = text.replace(old, new)
    written(folder, text)
    if not said:
        assert [entry.claim.name for entry in catalogue.check(folder)] == ["accuracy"]
        return
    with pytest.raises(UserError, match="claim-target") as refused:
        catalogue.check(folder)
    assert said in str(refused.value)


@pytest.mark.parametrize("text", ["recipes = [1]", "a = " + "[" * 5000, "recipes = 3"])
def test_a_strange_document_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UserError, match="claim-file"):
        claims.load(written(tmp_path, text))


def test_a_folder_without_claim_files_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=f"no claim files; {tmp_path}"):
        claims.load(tmp_path)


def test_a_circle_of_starts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="starts from itself"):
        claims.load(
            written(tmp_path, GOOD.replace('module = "m"\n\n', 'module = "m"\nstart = "pruning/tiny"\n\n', 1))
        )


def test_two_recipes_of_a_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="twice"):
        claims.load(written(tmp_path, GOOD.replace('"tiny"', '"base"')))


def test_unreadable_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pruning.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(UserError, match="claim-file"):
        claims.load(tmp_path)


def test_select_names_what_there_is() -> None:
    recipes = claims.load()
    with pytest.raises(UserError, match=r'no technique "prunng" has claims; known: .*pruning, quantization'):
        claims.select(recipes, ["prunng"], "smoke")
    with pytest.raises(
        UserError, match=r'no recipe "pruning/nine" has claims; known: pruning/mobilenetv2-dig'
    ):
        claims.select(recipes, ["pruning/nine"], "smoke")
    with pytest.raises(UserError, match='no tier "mist"; known: smoke, full'):
        claims.select(recipes, [], "mist")


def test_select_takes_every_technique_unless_some_are_named() -> None:
    recipes = claims.load()
    assert {r.technique for r in claims.select(recipes, [], "smoke")} >= {"pruning", "quantization"}
    assert {r.technique for r in claims.select(recipes, ["pruning"], "smoke")} == {"pruning"}


def test_select_takes_single_recipes() -> None:
    names = ["pruning/resnet50-imagenet-50", "pruning/resnet50-imagenet-80"]
    assert [recipe.id for recipe in claims.select(claims.load(), names, "full")] == names


def test_a_headline_is_of_what_can_be_run(tmp_path: Path) -> None:
    headline = NOT_RUNNABLE.replace('name = "accuracy"', 'name = "accuracy"\nheadline = true')
    with pytest.raises(UserError, match=r"what cannot be run; pruning.toml: large\.accuracy\.headline"):
        claims.load(written(tmp_path, GOOD + headline))


def test_select_leaves_out_what_cannot_be_run(tmp_path: Path) -> None:
    recipes = claims.load(written(tmp_path, GOOD + NOT_RUNNABLE))
    assert [recipe.name for recipe in claims.select(recipes, [], "smoke")] == ["tiny"]
    with pytest.raises(UserError) as refused:
        claims.select(recipes, ["pruning/large"], "smoke")
    assert str(refused.value) == (
        "error[no-claims]: no claim of pruning/large at tier smoke can be run; Official Models has no GNMT"
    )


def test_closure_holds_each_start_once_and_first() -> None:
    recipes = claims.load()
    names = ["pruning/mobilenetv2-digits-50", "quantization/mobilenetv2-digits-int8"]
    chosen = claims.select(recipes, names, "smoke")
    ids = [r.id for r in claims.closure(recipes, chosen)]
    assert ids == ["uncompressed/mobilenetv2-digits", *names]


OURS = [claim for recipe in claims.load().values() for claim in recipe.claims]
SMOKE = [r for r in claims.load().values() if r.tier == "smoke" and r.claims]
FULL = [r for r in claims.load().values() if r.tier == "full"]
JUDGED = [claim for r in claims.load().values() if not r.not_runnable for claim in r.claims]


@pytest.mark.parametrize("recipe", SMOKE, ids=lambda recipe: recipe.id)
def test_a_smoke_claim_rests_on_ten_reference_runs_or_more(recipe: Recipe) -> None:
    assert {len(claim.references) >= 10 for claim in recipe.claims} == {True}


def test_targets_are_the_means_of_their_references() -> None:
    assert len(catalogue.check(None)) == len(OURS)


@pytest.mark.parametrize(
    "claim",
    [c for recipe in SMOKE for c in recipe.claims if c.kind not in WITHOUT_STATISTICS],
    ids=lambda claim: claim.id,
)
def test_the_noise_of_a_smoke_claim_is_small_beside_its_margin(claim: Claim) -> None:
    # Above that, the error of a target that is itself a mean of runs would count.
    assert statistics.stdev(claim.references) <= 0.35 * claim.margin


@pytest.mark.parametrize("claim", JUDGED, ids=lambda claim: claim.id)
def test_our_claims_can_be_judged(claim: Claim) -> None:
    tier = next(recipe.tier for recipe in claims.load().values() if claim in recipe.claims)
    together = verdict.judged_together(c for r in claims.select(claims.load(), [], tier) for c in r.claims)
    assert 1 <= verdict.expected_runs(claim, claims_judged=together) <= 5


@pytest.mark.parametrize("technique", sorted({recipe.technique for recipe in SMOKE}))
def test_a_technique_has_one_smoke_headline(technique: str) -> None:
    own = [claim for recipe in SMOKE if recipe.technique == technique for claim in recipe.claims]
    assert sum(claim.headline for claim in own) == 1


DESCRIBED = """
model = "MobileNetV2"
data_set = "ImageNet"
cost = 3.0
"""


def test_what_only_describes_a_recipe_changes_no_numbers(tmp_path: Path) -> None:
    plain = claims.load(written(tmp_path, GOOD))
    described = claims.load(written(tmp_path, GOOD.replace('name = "tiny"', f'name = "tiny"{DESCRIBED}')))
    told = [claims.fingerprint(recipes, recipes["pruning/tiny"]) for recipes in (plain, described)]
    assert told[0] == told[1] == "d9a952bab7abe46bd5254edb54ed90fd"
    digests = [trial.Trial(r["pruning/tiny"], 1, "", "c", "h", {}).digest for r in (plain, described)]
    assert digests[0] == digests[1] == "0fb349940876b6f8ca69b7673798c33c"


@pytest.mark.parametrize(
    ("change", "noise"),
    [
        ({"references": (1.0, 2.0)}, "measured"),
        ({"sigma": 0.1, "sigma_dof": 4}, "literature"),
        ({}, "unknown"),
    ],
)
def test_a_claim_says_how_its_noise_is_known(change: dict[str, Any], noise: str) -> None:
    claim = Claim("t", "r", "c", Kind.AT_LEAST, "m", 1.0, 0.5, "a guide", "once")
    assert replace(claim, **change).noise == noise


GUIDES = "tensorflow_model_optimization/g3doc/guide/"
PROJECTS = "official/projects/"


@pytest.mark.parametrize(
    ("document", "count"),
    [
        (f"{GUIDES}pruning/index.md", 16),
        (f"{GUIDES}quantization/training.md", 5),
        (f"{GUIDES}clustering/index.md", 16),
        (f"{GUIDES}combine/collaborative_optimization.md", 11),
        (f"{PROJECTS}pruning/README.md", 4),
        (f"{PROJECTS}qat/vision/README.md", 6),
        (f"{PROJECTS}qat/nlp/README.md", 1),
        (f"{PROJECTS}qat/vision/configs/experiments/image_classification/", 10),
        (f"{PROJECTS}qat/vision/configs/experiments/retinanet/", 5),
    ],
)
def test_every_document_has_its_claims(document: str, count: int) -> None:
    quoting = [c for c in OURS if any(said.path.startswith(document) for said in c.documented)]
    assert len(quoting) == count


def documented(id_: str) -> tuple[float, float | None]:
    (claim,) = (claim for claim in OURS if claim.id == id_)
    return claim.target, claim.documented_baseline


@pytest.mark.parametrize(
    ("id_", "target", "baseline"),
    [
        ("pruning/mobilenetv2-imagenet-50/accuracy", 71.334, 72.768),
        ("pruning/mobilenetv2-imagenet-50/accuracy-guide", 69.64, 71.77),
        ("pruning/inceptionv3-imagenet-87.5/accuracy", 74.6, 78.1),
        ("pruning/gnmt-de-en-80/bleu", 29.5, 29.47),
        ("quantization/mobilenetv2-imagenet-int8/accuracy", 72.79, 72.78),
        ("quantization/mobilenetv3large-imagenet-int8/accuracy-trained", 74.43, None),
        ("quantization/resnet50-imagenet-int8-fast/accuracy-gained", 0.0, None),
        ("quantization/retinanet-mobilenetv2-coco-tflite/map", 21.7, 23.3),
        ("quantization/mobilebert-squad-int8/f1", 85.42, 88.02),
        ("clustering/mobilenetv2-imagenet-all-32/size", 4246733.0, None),
        ("collaborative/mobilenetv1-imagenet-pqat/accuracy", 70.29, 70.99),
        ("collaborative/mobilenetv2-pruned-per-channel/accuracy", 71.901, 71.45),
    ],
)
def test_a_claim_is_what_its_document_says(id_: str, target: float, baseline: float | None) -> None:
    assert documented(id_) == (target, baseline)


DISPUTES = {
    "pruning/mobilenetv2-imagenet-50/accuracy": "69.64 in TFMOT's pruning guide",
    "pruning/mobilenetv2-imagenet-50/accuracy-guide": "71.334 in Official Models' pruning README",
    "quantization/mobilenetv2-imagenet-int8/accuracy": "70.01 in TFMOT's quantization guide",
    "quantization/mobilenetv3large-imagenet-int8/accuracy-trained": "written 0.74.43, which is no number",
    "quantization/resnet50-imagenet-int8/accuracy": "76.1 in TFMOT's quantization guide",
    "quantization/retinanet-mobilenetv2-coco-tflite/map": "21.62 in Official Models' coco_mobilenetv2_qat",
    "quantization/deeplabv3-mobilenetv2-pascal-int8/miou": "74.78 in deeplabv3_mobilenetv2_pascal_qat_gpu",
    "quantization/deeplabv3plus-mobilenetv2-cityscapes-int8/miou": "the same row stands under Pascal VOC too",
}


@pytest.mark.parametrize("id_", DISPUTES)
def test_what_sources_say_otherwise_is_kept(id_: str) -> None:
    (claim,) = (claim for claim in OURS if claim.id == id_)
    assert DISPUTES[id_] in claim.disputed


@pytest.mark.parametrize("recipe", FULL, ids=lambda recipe: recipe.id)
def test_a_full_recipe_says_what_it_is(recipe: Recipe) -> None:
    assert recipe.model
    assert recipe.data_set
    assert recipe.cost_unit == "GPU-hours"
    assert bool(recipe.not_runnable) != bool(recipe.experiment)
    stated = [claim for claim in recipe.claims if claim.kind not in (Kind.EXACT,)]
    assert all(claim.documented and claim.margin > 0 for claim in stated)
    assert all(bool(claim.sigma) == bool(claim.sigma_from) for claim in recipe.claims)


def test_a_technique_stands_or_falls_with_one_documented_claim() -> None:
    heads = [claim.technique for recipe in FULL for claim in recipe.claims if claim.headline]
    assert sorted(heads) == sorted({recipe.technique for recipe in FULL if recipe.claims})


def test_half_a_character_is_refused_since_no_record_can_keep_it() -> None:
    with pytest.raises(UserError, match=r"error\[claim-file\].*surrogates not allowed"):
        claims.parse(PurePath("pruning.toml"), '[[recipes]]\nname = "a"\nmodel = "\ud800"\n')

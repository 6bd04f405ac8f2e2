"""The real Official Models, and our own example: really imported, with TensorFlow."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path

import pytest

import convergence
from convergence import claims
from release_tools import standards
from release_tools.jobs.isolation import Isolation
from release_tools.standards import example as examples
from release_tools.standards import experiments, importing
from release_tools.standards.importing import Apart
from release_tools.standards.nouns import Report, Standing

pytestmark = [pytest.mark.long, pytest.mark.training]

VISION = {
    "modeling/factory.py:18",
    "modeling/heads/dense_prediction_heads.py:21",
    "modeling/layers/nn_blocks.py:21",
    "modeling/layers/nn_layers.py:22",
    "n_bit/configs.py:19",
    "n_bit/nn_blocks.py:21",
    "n_bit/nn_layers.py:20",
    "n_bit/schemes.py:20",
    "quantization/configs.py:19",
    "quantization/helper.py:24",
    "quantization/layer_transforms.py:19",
    "quantization/schemes.py:16",
}
NLP = {
    "modeling/layers/mobile_bert_layers.py:18",
    "modeling/layers/transformer_encoder_block.py:21",
    "modeling/networks/span_labeling.py:19",
    "quantization/configs.py:19",
    "quantization/helper.py:17",
    "quantization/schemes.py:19",
    "quantization/wrappers.py:16",
    "tasks/question_answering.py:20",
}


def examine(path: Path) -> Report:
    found = examples.read(path)
    found = replace(found, stated=examples.Stated(claims.load()))
    apart = Apart(Isolation(""), importing.has_namespaces())
    run = importing.run(found, experiments.order(found), apart)
    assert run.trouble == ""
    return standards.examine(replace(found, run=run))


def official(*parts: str) -> Path:
    spec = importlib.util.find_spec("official")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent.joinpath(*parts)


def lazy(report: Report) -> set[str]:
    return {one.where for one in report.findings if one.rule == "lazy" and one.certain}


@pytest.mark.parametrize(("name", "places"), [("vision", VISION), ("nlp", NLP)])
def test_what_qat_imports_too_early_is_all_named(name: str, places: set[str]) -> None:
    report = examine(official("projects", "qat", name))
    assert lazy(report) == {f"official/projects/qat/{name}/{place}" for place in places}
    assert report.standing is Standing.FAILED


def test_the_legacy_example_has_an_import_and_seven_flags() -> None:
    report = examine(official("legacy", "image_classification"))
    assert lazy(report) == {"official/legacy/image_classification/resnet/common.py:25"}
    flags = [one.what for one in report.findings if one.rule == "grouped"]
    assert flags == [
        f"--{name} is a flag of its own"
        for name in (
            "pruning_method",
            "pruning_initial_sparsity",
            "pruning_final_sparsity",
            "pruning_begin_step",
            "pruning_end_step",
            "pruning_frequency",
            "clustering_method",
        )
    ]


@pytest.mark.parametrize(("name", "least"), [("core", 16), ("vision", 150)])
def test_code_of_everybody_passes(name: str, least: int) -> None:
    report = examine(official(name))
    assert (report.standing, report.findings) == (Standing.PASSED, ())
    assert report.imported >= least


def test_our_own_example_passes_and_its_models_are_made_without_tfmot() -> None:
    report = examine(Path(str(convergence.__file__)).parent / "example")
    assert (report.standing, report.findings) == (Standing.PASSED, ())
    assert {one.standing for one in report.rules} == {Standing.PASSED, Standing.SPARED}

"""Every model-optimization option is in one config object, unset unless a user wants it."""

from __future__ import annotations

from pathlib import Path

import examples
import pytest

HEAD = "import dataclasses\nfrom typing import Optional\nfrom official.modeling import hyperparams\n"
GROUP = (
    "@dataclasses.dataclass\nclass ModelOptimizationConfig(hyperparams.Config):\n"
    "  sparsity: float = 0.5\n  clusters: int = 16\n"
)


def task(*fields: str, base: str = "cfg.TaskConfig") -> str:
    return f"@dataclasses.dataclass\nclass Task({base}):\n" + "".join(f"  {one}\n" for one in fields)


def said(root: Path, *texts: str) -> list[str]:
    files = {f"example/m{number}.py": HEAD + text for number, text in enumerate(texts)}
    return [what for _, what, _ in examples.said(examples.read(root, files), "grouped")]


@pytest.mark.parametrize(
    "field",
    [
        "model_optimization: Optional[ModelOptimizationConfig] = None",
        "model_optimization: ModelOptimizationConfig | None = None",
        "model_optimization: 'Optional[configs.ModelOptimizationConfig]' = None",
        "model_optimization: Optional[common.ModelOptimizationConfig] = dataclasses.field(default=None)",
    ],
)
def test_one_optional_object_is_it(tmp_path: Path, field: str) -> None:
    assert said(tmp_path, GROUP + task("model: str = ''", field)) == []


@pytest.mark.parametrize(
    "annotation", ["", "dict[0| None", "(" * 150, "a." * 9000 + "b", "\\0", "not " * 9000]
)
def test_an_annotation_that_is_no_python_names_nothing(tmp_path: Path, annotation: str) -> None:
    [what] = said(tmp_path, GROUP + task(f"model_optimization: '{annotation}' = None"))
    assert what == "Task.model_optimization is an option of its own among others"


def test_options_of_a_task_are_each_named(tmp_path: Path) -> None:
    assert said(tmp_path, task("pruning_steps: int = 0", "lr: float = 0.1", "quantize: bool = False")) == [
        "Task.pruning_steps is an option of its own among others",
        "Task.quantize is an option of its own among others",
    ]


def test_two_objects_of_two_tasks_are_not_one(tmp_path: Path) -> None:
    first = task("quantization: Optional[common.Quantization] = None")
    second = task("pruning: Optional[PruningConfig] = None")
    assert said(tmp_path, first, second) == [
        "Task.quantization is a Quantization, beside PruningConfig",
        "Task.pruning is a PruningConfig, beside Quantization",
    ]


def test_three_tasks_may_have_the_same_object(tmp_path: Path) -> None:
    one = task("quantization: Optional[common.Quantization] = None")
    assert said(tmp_path, one, one, one) == []


@pytest.mark.parametrize(
    "default", ["ModelOptimizationConfig()", "dataclasses.field(default_factory=ModelOptimizationConfig)"]
)
def test_an_object_that_everybody_gets_is_named(tmp_path: Path, default: str) -> None:
    field = f"model_optimization: ModelOptimizationConfig = {default}"
    what = f"Task.model_optimization is there for users who do not want it: {default}"
    assert said(tmp_path, task(field)) == [what]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("flags.DEFINE_float('pruning_final_sparsity', 0.5, 'x')", "pruning_final_sparsity"),
        ("flags.DEFINE_string('clustering_method', None, 'x')", "clustering_method"),
        ("parser.add_argument('--quantize')", "quantize"),
        ("flags.DEFINE_bool('qat', False, 'x')", "qat"),
    ],
)
def test_a_flag_is_named(tmp_path: Path, line: str, name: str) -> None:
    assert said(tmp_path, line) == [f"--{name} is a flag of its own"]


@pytest.mark.parametrize(
    "line", ["flags.DEFINE_string('experiment_qat', '', 'x')", "flags.DEFINE_float('lr', 1, 'x')"]
)
def test_a_flag_about_something_else_is_not(tmp_path: Path, line: str) -> None:
    assert said(tmp_path, line) == []


def test_tfmot_without_any_option_is_named(tmp_path: Path) -> None:
    text = "def f():\n  import tensorflow_model_optimization as tfmot\n"
    assert said(tmp_path, text) == ["TFMOT is used, and no option of any config switches it on"]


def test_code_of_everybody_may_use_it_without(tmp_path: Path) -> None:
    text = "def f():\n  import tensorflow_model_optimization as tfmot\n"
    made = examples.read(
        tmp_path, {"official/__init__.py": "", "official/core/actions.py": text}, "official/core"
    )
    assert examples.said(made, "grouped") == []

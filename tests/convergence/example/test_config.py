"""The grouped config is unset by default, and takes only options that there are."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.training

pytest.importorskip("official")


def test_no_option_is_set_by_default() -> None:
    from convergence import techniques
    from convergence.example import config

    task = config.ModelOptimizationTask()
    assert task.model_optimization is None
    unset = config.ModelOptimizationConfig().as_dict()
    assert unset == dict.fromkeys(techniques.names())


def test_the_options_of_a_technique_come_from_its_file() -> None:
    from convergence.example import config
    from convergence.techniques import pruning

    made = config.ModelOptimizationConfig(pruning=pruning.Options(final_sparsity=0.75))
    assert (made.pruning.final_sparsity, made.quantization) == (0.75, None)


def test_an_option_that_there_is_not_is_refused() -> None:
    from convergence.example import config

    with pytest.raises(KeyError, match="prunning"):
        config.ModelOptimizationConfig().override({"prunning": {}}, is_strict=True)

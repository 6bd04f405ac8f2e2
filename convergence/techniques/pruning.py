"""Pruning: weights of low magnitude become zero and stay zero.

Zhu & Gupta, "To prune, or not to prune" (arXiv:1710.01878); 2:4 sparsity: Mishra et al. (arXiv:2104.08378).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from official.modeling import hyperparams

from convergence import kernels, layers
from convergence.errors import UserError

CONVERSIONS = ("float", "int8")
TRAINS_RANGES = False
SCHEDULES = ("polynomial", "constant")


@dataclasses.dataclass
class Options(hyperparams.Config):
    """Options of pruning.

    Attributes:
      schedule: `polynomial` (sparsity grows from initial to final between two steps) or `constant`.
      initial_sparsity: fraction of zeros at `begin_step`, polynomial only.
      final_sparsity: fraction of zeros to reach.
      begin_step: training step at which pruning begins.
      end_step: training step at which the final sparsity is reached (polynomial) or pruning ends.
      frequency: steps between mask updates.
      block_size: height and width of the blocks that are pruned together, in rank-2 weights.
      sparsity_m_by_n: `[m, n]`: m zeros in every n consecutive weights; replaces the schedule's fraction.
      layers: names of the layers that are pruned, `block_*` as in a shell; none means all.
    """

    schedule: str = "polynomial"
    initial_sparsity: float = 0.0
    final_sparsity: float = 0.5
    begin_step: int = 0
    end_step: int = 1000
    frequency: int = 10
    block_size: list[int] = dataclasses.field(default_factory=lambda: [1, 1])
    sparsity_m_by_n: list[int] | None = None
    layers: list[str] = dataclasses.field(default_factory=list)


def apply(model: Any, options: Options) -> Any:
    """The model with every chosen layer wrapped that TFMOT can prune.

    Raises:
      UserError: pruning-options, no-such-layer, unsupported-layer.
    """
    import tensorflow_model_optimization as tfmot

    def prune(part: Any) -> Any:
        m_by_n = options.sparsity_m_by_n
        return tfmot.sparsity.keras.prune_low_magnitude(
            part,
            pruning_schedule=_schedule(options),
            block_size=tuple(options.block_size),
            **({"sparsity_m_by_n": tuple(m_by_n)} if m_by_n else {}),
        )

    with layers.naming(model, options.layers, "prune", prune):
        return layers.rebuilt(model, options.layers, prune) if options.layers else prune(model)


def train_actions(model: Any, optimizer: Any, options: Options, folder: str) -> Sequence[Any]:
    """Counts pruning steps and re-applies the masks after every training loop."""
    from official.core import actions

    return [actions.PruningAction(folder, model, optimizer)]


def finish(model: Any, options: Options) -> Any:
    """The plain model, its pruned weights zero."""
    import tensorflow_model_optimization as tfmot

    return tfmot.sparsity.keras.strip_pruning(model)


def properties(trained: Any, finished: Any, options: Options) -> Mapping[str, float]:
    """Zeros among the weights of the pruned layers: `sparsity` overall, `sparsity_min_layer` of the least."""
    from tensorflow_model_optimization.python.core.sparsity.keras import pruning_wrapper

    wrapped = pruning_wrapper.collect_prunable_layers(trained)
    return kernels.zeros([weight.numpy() for layer in wrapped for weight, _, _ in layer.pruning_vars])


def deployed(files: Mapping[str, bytes]) -> Mapping[str, float]:
    """`sparsity` and `sparsity_min_layer` of the kernels, and how far their zeros are 2:4, in the float file.

    TFMOT prunes no depthwise ones. Folding batch normalization into a kernel scales it: its zeros stay.
    """
    found = kernels.of_file(files, "float")
    return {**kernels.zeros(found), "two_in_four": kernels.two_in_four(found)}


def _schedule(options: Options) -> Any:
    import tensorflow_model_optimization as tfmot

    if options.schedule == "constant":
        return tfmot.sparsity.keras.ConstantSparsity(
            options.final_sparsity, options.begin_step, options.end_step, options.frequency
        )
    if options.schedule == "polynomial":
        return tfmot.sparsity.keras.PolynomialDecay(
            options.initial_sparsity,
            options.final_sparsity,
            options.begin_step,
            options.end_step,
            frequency=options.frequency,
        )
    raise UserError(
        "pruning-options", f'no pruning schedule "{options.schedule}"', hint=f"known: {', '.join(SCHEDULES)}"
    )

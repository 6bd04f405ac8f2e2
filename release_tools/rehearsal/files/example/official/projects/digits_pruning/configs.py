# SPDX-License-Identifier: Apache-2.0
"""The options of pruning, and the experiment that a user runs by its name."""

import dataclasses
from typing import Optional

from official.core import config_definitions as cfg
from official.core import exp_factory
from official.modeling import hyperparams, optimization
from official.vision.configs import common
from official.vision.configs import image_classification as ic

STEPS = 240


@dataclasses.dataclass
class PruningConfig(hyperparams.Config):
    """Pruning: the fraction of zeros, the step at which it is reached, the steps between two masks."""

    final_sparsity: float = 0.5
    end_step: int = 120
    frequency: int = 10


@dataclasses.dataclass
class ModelOptimizationConfig(hyperparams.Config):
    """Every option of model optimization."""

    pruning: Optional[PruningConfig] = None


@dataclasses.dataclass
class DigitsTask(ic.ImageClassificationTask):
    """Image classification whose network may be pruned."""

    model_optimization: Optional[ModelOptimizationConfig] = None


@exp_factory.register_config_factory("digits_pruning")
def digits_pruning() -> cfg.ExperimentConfig:
    """Three convolutions on scikit-learn's digits."""
    return cfg.ExperimentConfig(
        task=DigitsTask(
            model=ic.ImageClassificationModel(
                num_classes=10, input_size=[32, 32, 3], norm_activation=common.NormActivation()
            ),
            losses=ic.Losses(l2_weight_decay=0.0),
            train_data=_data("digits/train.tfrecord", is_training=True, batch=64),
            validation_data=_data("digits/test.tfrecord", is_training=False, batch=100),
        ),
        runtime=cfg.RuntimeConfig(distribution_strategy="one_device", num_gpus=0),
        trainer=cfg.TrainerConfig(
            train_steps=STEPS,
            steps_per_loop=20,
            summary_interval=STEPS,
            checkpoint_interval=STEPS,
            validation_interval=60,
            validation_steps=5,
            max_to_keep=1,
            optimizer_config=optimization.OptimizationConfig(
                {
                    "optimizer": {"type": "adam", "adam": {}},
                    "learning_rate": {
                        "type": "cosine",
                        "cosine": {"initial_learning_rate": 0.01, "decay_steps": STEPS},
                    },
                    "warmup": {"type": "linear", "linear": {"warmup_steps": 10, "warmup_learning_rate": 0.0}},
                }
            ),
        ),
        restrictions=["task.train_data.is_training != None", "task.validation_data.is_training != None"],
    )


def _data(path: str, *, is_training: bool, batch: int) -> ic.DataConfig:
    return ic.DataConfig(
        input_path=path,
        is_training=is_training,
        global_batch_size=batch,
        shuffle_buffer_size=1297,
        deterministic=True,
        cache=True,
        drop_remainder=is_training,
        decode_jpeg_only=False,
        aug_rand_hflip=False,
        aug_crop=False,
    )

# SPDX-License-Identifier: Apache-2.0
"""The options of model optimization, grouped, and the experiments that a user runs by name."""

import dataclasses
from typing import Optional

from official.core import config_definitions as cfg
from official.core import exp_factory
from official.modeling import hyperparams, optimization
from official.vision.configs import backbones, common
from official.vision.configs import image_classification as ic

DIGITS_STEPS = 450


@dataclasses.dataclass
class ClusteringConfig(hyperparams.Config):
    """Options of weight clustering.

    Attributes:
      number_of_clusters: values that the weights of a layer share.
      initialization: of the centroids: linear, random, density_based or kmeans_plus_plus.
    """

    number_of_clusters: int = 16
    initialization: str = "kmeans_plus_plus"


@dataclasses.dataclass
class ModelOptimizationConfig(hyperparams.Config):
    """Every option of model optimization; a technique is off while its field is None."""

    clustering: Optional[ClusteringConfig] = None


@dataclasses.dataclass
class ImageClassificationTask(ic.ImageClassificationTask):
    """Official Models' image classification, and the options, which are unset unless a user wants them."""

    model_optimization: Optional[ModelOptimizationConfig] = None


@exp_factory.register_config_factory("mobilenet_imagenet_clustering")
def mobilenet_imagenet_clustering() -> cfg.ExperimentConfig:
    """MobileNetV2 on ImageNet: Official Models' own experiment, whose network may be clustered."""
    config = exp_factory.get_exp_config("mobilenet_imagenet")
    task = ImageClassificationTask()
    task.override(config.task.as_dict(), is_strict=False)
    config.task = task
    return config


@exp_factory.register_config_factory("mobilenet_digits_clustering")
def mobilenet_digits_clustering() -> cfg.ExperimentConfig:
    """The variant that runs on a laptop: MobileNetV2 (width 0.35, 32×32) on scikit-learn's digits."""
    return cfg.ExperimentConfig(
        task=ImageClassificationTask(
            model=ic.ImageClassificationModel(
                num_classes=10,
                input_size=[32, 32, 3],
                backbone=backbones.Backbone(
                    type="mobilenet",
                    mobilenet=backbones.MobileNet(model_id="MobileNetV2", filter_size_scale=0.35),
                ),
                norm_activation=common.NormActivation(activation="relu", norm_momentum=0.9),
            ),
            losses=ic.Losses(l2_weight_decay=1e-5, label_smoothing=0.1),
            train_data=_digits("train", is_training=True, batch=64),
            validation_data=_digits("test", is_training=False, batch=100),
        ),
        runtime=cfg.RuntimeConfig(distribution_strategy="one_device", num_gpus=0),
        trainer=_trainer(DIGITS_STEPS),
        restrictions=["task.train_data.is_training != None", "task.validation_data.is_training != None"],
    )


def _digits(split: str, *, is_training: bool, batch: int) -> ic.DataConfig:
    return ic.DataConfig(
        input_path=f"digits/{split}.tfrecord",
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


def _trainer(steps: int) -> cfg.TrainerConfig:
    return cfg.TrainerConfig(
        train_steps=steps,
        steps_per_loop=20,
        summary_interval=steps,
        checkpoint_interval=steps,
        validation_interval=100,
        validation_steps=5,
        max_to_keep=1,
        optimizer_config=optimization.OptimizationConfig(
            {
                "optimizer": {"type": "adam", "adam": {}},
                "learning_rate": {
                    "type": "cosine",
                    "cosine": {"initial_learning_rate": 0.01, "decay_steps": steps},
                },
                "warmup": {"type": "linear", "linear": {"warmup_steps": 50, "warmup_learning_rate": 0.0}},
            }
        ),
    )

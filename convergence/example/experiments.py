# SPDX-License-Identifier: Apache-2.0
"""Experiments that a user runs by name: Official Models' own, with the grouped config added."""

from __future__ import annotations

from typing import Any

from official.core import config_definitions as cfg
from official.core import exp_factory
from official.modeling import optimization
from official.vision.configs import backbones, common
from official.vision.configs import image_classification as ic

from convergence.example.config import ModelOptimizationTask

DIGITS_TRAIN_EXAMPLES = 1297
DIGITS_BATCH = 64
DIGITS_STEPS = 450
DIGITS_WARMUP = 50


def with_model_optimization(experiment: str) -> Any:
    """Official Models' experiment of that name, its task able to optimize the model.

    Args:
      experiment: a registered image classification experiment, e.g. `mobilenet_imagenet`.
    """
    config = exp_factory.get_exp_config(experiment)
    task = ModelOptimizationTask()
    task.override(config.task.as_dict(), is_strict=False)
    config.task = task
    return config


@exp_factory.register_config_factory("mobilenet_imagenet_mot")
def mobilenet_imagenet() -> Any:
    """MobileNetV2 on ImageNet, with model optimization."""
    return with_model_optimization("mobilenet_imagenet")


@exp_factory.register_config_factory("resnet_imagenet_mot")
def resnet_imagenet() -> Any:
    """ResNet-50 on ImageNet, with model optimization."""
    return with_model_optimization("resnet_imagenet")


@exp_factory.register_config_factory("mobilenet_digits_mot")
def mobilenet_digits() -> Any:
    """MobileNetV2 (width 0.35, 32×32) on handwritten digits: minutes on two CPU cores.

    The defaults made for ImageNet (random crops, slow batch-norm averages, a low learning rate) stay at
    chance level on a run this short; hence no crops, momentum 0.9 and Adam. Without a warm-up, one seed in
    a dozen ends several points below the others.
    """
    return cfg.ExperimentConfig(
        task=ModelOptimizationTask(
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
            train_data=_digits("train", is_training=True, batch=DIGITS_BATCH),
            validation_data=_digits("test", is_training=False, batch=100),
        ),
        runtime=cfg.RuntimeConfig(distribution_strategy="one_device", num_gpus=0),
        trainer=_trainer(DIGITS_STEPS, learning_rate=0.01),
        restrictions=["task.train_data.is_training != None", "task.validation_data.is_training != None"],
    )


def _digits(split: str, *, is_training: bool, batch: int) -> ic.DataConfig:
    return ic.DataConfig(
        input_path=f"digits/{split}.tfrecord",
        is_training=is_training,
        global_batch_size=batch,
        shuffle_buffer_size=DIGITS_TRAIN_EXAMPLES,
        deterministic=True,
        cache=True,
        drop_remainder=is_training,
        decode_jpeg_only=False,
        aug_rand_hflip=False,
        aug_crop=False,
    )


def _trainer(steps: int, learning_rate: float) -> cfg.TrainerConfig:
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
                    "cosine": {"initial_learning_rate": learning_rate, "decay_steps": steps},
                },
                "warmup": {
                    "type": "linear",
                    "linear": {"warmup_steps": DIGITS_WARMUP, "warmup_learning_rate": 0.0},
                },
            }
        ),
    )

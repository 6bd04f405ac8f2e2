# SPDX-License-Identifier: Apache-2.0
"""Writes what `train` has left as a TFLite file of plain layers, each clustered weight being its centroid."""

from collections.abc import Sequence

import tensorflow as tf
from absl import app, flags
from official.core import exp_factory, task_factory
from official.modeling import hyperparams
from official.projects.clustering import registry_imports  # noqa: F401

EXPERIMENT = flags.DEFINE_string("experiment", None, "The experiment that was trained.", required=True)
MODEL_DIR = flags.DEFINE_string("model_dir", None, "The folder that it was trained in.", required=True)
OUTPUT = flags.DEFINE_string("output", None, "The file to write.", required=True)


def main(_: Sequence[str]) -> None:
    """Rebuilds the network by the parameters in the folder, and loads its newest checkpoint."""
    config = exp_factory.get_exp_config(EXPERIMENT.value)
    parameters = f"{MODEL_DIR.value}/params.yaml"
    config = hyperparams.override_params_dict(config, parameters, is_strict=True)
    config.task.init_checkpoint = None  # the newest has it all
    task = task_factory.get_task(config.task)
    model = task.build_model()
    checkpoint = tf.train.Checkpoint(model=model)
    checkpoint.read(tf.train.latest_checkpoint(MODEL_DIR.value)).expect_partial()
    tflite = tf.lite.TFLiteConverter.from_keras_model(task.finish(model)).convert()
    with tf.io.gfile.GFile(OUTPUT.value, "wb") as file:
        file.write(tflite)


if __name__ == "__main__":
    app.run(main)

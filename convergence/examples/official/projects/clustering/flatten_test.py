# SPDX-License-Identifier: Apache-2.0
"""Tests of flattening: plain layers, the same function."""

import numpy as np
import tensorflow as tf
from official.core import exp_factory, task_factory
from official.projects.clustering import flatten, task  # noqa: F401 - registers


class FlattenTest(tf.test.TestCase):
    """MobileNetV2 as Official Models builds it."""

    def test_the_function_stays_the_same(self) -> None:
        """On random images, to the last bits."""
        config = exp_factory.get_exp_config("mobilenet_digits_clustering").task
        model = task_factory.get_task(config).build_model()
        images = np.random.default_rng(0).normal(size=(2, 32, 32, 3)).astype("float32")
        flat = flatten.flatten(model)
        self.assertAllClose(flat(images), model(images, training=False), atol=1e-5)
        self.assertFalse(
            any(isinstance(layer, tf.Module) and hasattr(layer, "layers") for layer in flat.layers)
        )


if __name__ == "__main__":
    tf.test.main()

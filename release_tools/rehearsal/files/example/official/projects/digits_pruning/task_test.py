# SPDX-License-Identifier: Apache-2.0
"""Tests of the task."""

import tensorflow as tf
from official.core import exp_factory
from official.projects.digits_pruning import configs, task


class TaskTest(tf.test.TestCase):
    """The network with and without pruning."""

    def test_only_options_wrap_the_network(self):
        """As many layers as before, other than without options."""
        config = exp_factory.get_exp_config("digits_pruning")
        plain = task.DigitsTask(config.task).build_model()
        config.task.model_optimization = configs.ModelOptimizationConfig(pruning=configs.PruningConfig())
        pruned = task.DigitsTask(config.task).build_model()
        self.assertNotIn("prune", " ".join(layer.name for layer in plain.layers))
        self.assertIn("prune", " ".join(layer.name for layer in pruned.layers))


if __name__ == "__main__":
    tf.test.main()

# SPDX-License-Identifier: Apache-2.0
"""Tests of the experiment."""

import tensorflow as tf
from official.core import exp_factory
from official.projects.digits_pruning import configs


class ConfigsTest(tf.test.TestCase):
    """What a user gets by the experiment's name."""

    def test_nothing_is_optimized_unless_a_user_wants_it(self):
        """The options are unset."""
        config = exp_factory.get_exp_config("digits_pruning")
        config.validate()
        self.assertIsInstance(config.task, configs.DigitsTask)
        self.assertIsNone(config.task.model_optimization)


if __name__ == "__main__":
    tf.test.main()

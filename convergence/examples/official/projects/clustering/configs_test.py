# SPDX-License-Identifier: Apache-2.0
"""Tests of what a user gets by an experiment's name."""

import tensorflow as tf
from official.core import exp_factory
from official.projects.clustering import configs


class ConfigsTest(tf.test.TestCase):
    """The experiments."""

    def test_nothing_is_optimized_unless_a_user_wants_it(self) -> None:
        """All options are unset."""
        for name in ("mobilenet_imagenet_clustering", "mobilenet_digits_clustering"):
            config = exp_factory.get_exp_config(name)
            config.validate()
            self.assertIsInstance(config.task, configs.ImageClassificationTask)
            self.assertIsNone(config.task.model_optimization)

    def test_imagenet_is_official_models_own_but_for_the_options(self) -> None:
        """One field more than the experiment that it is made of."""
        ours = exp_factory.get_exp_config("mobilenet_imagenet_clustering").as_dict()
        theirs = exp_factory.get_exp_config("mobilenet_imagenet").as_dict()
        self.assertIsNone(ours["task"].pop("model_optimization"))
        self.assertEqual(ours, theirs)

    def test_options_are_set_by_their_names(self) -> None:
        """As on the command line: task.model_optimization.clustering.number_of_clusters=8."""
        config = exp_factory.get_exp_config("mobilenet_digits_clustering")
        options = {"clustering": {"number_of_clusters": 8}}
        config.override({"task": {"model_optimization": options}}, is_strict=True)
        self.assertEqual(
            config.task.model_optimization.clustering, configs.ClusteringConfig(number_of_clusters=8)
        )


if __name__ == "__main__":
    tf.test.main()

# SPDX-License-Identifier: Apache-2.0
"""Tests of the task: with options the network is clustered, without them it is Official Models' own."""

import numpy as np
import tensorflow as tf
from official.core import exp_factory
from official.projects.clustering import configs, task
from official.vision.tasks import image_classification


def _made(clusters: int = 0) -> task.ImageClassificationTask:
    config = exp_factory.get_exp_config("mobilenet_digits_clustering").task
    if clusters:
        options = configs.ClusteringConfig(number_of_clusters=clusters)
        config.model_optimization = configs.ModelOptimizationConfig(clustering=options)
    return task.ImageClassificationTask(config)


class TaskTest(tf.test.TestCase):
    """The network that the task makes, and the one that it leaves."""

    def test_without_options_it_is_official_models_own(self) -> None:
        """Layer by layer."""
        ours = _made()
        theirs = image_classification.ImageClassificationTask(ours.task_config)
        found, known = ([type(layer) for layer in one.build_model().layers] for one in (ours, theirs))
        self.assertEqual(found, known)

    def test_what_is_left_has_few_values_a_layer(self) -> None:
        """Convolutions and the classifier; TFMOT leaves depthwise kernels as they are."""
        made = _made(clusters=4)
        left = made.finish(made.build_model())
        kernels = [layer.kernel for layer in left.layers if hasattr(layer, "kernel")]
        self.assertGreater(len(kernels), 10)
        self.assertLessEqual(max(np.unique(kernel.numpy()).size for kernel in kernels), 4)


if __name__ == "__main__":
    tf.test.main()

# SPDX-License-Identifier: Apache-2.0
"""The task; TFMOT is imported only when pruning is on."""

import tensorflow as tf
import tf_keras
from official.core import task_factory
from official.projects.digits_pruning import configs
from official.vision.tasks import image_classification


@task_factory.register_task_cls(configs.DigitsTask)
class DigitsTask(image_classification.ImageClassificationTask):
    """Classifies digits by three convolutions, pruned where the options say so."""

    @property
    def _pruning(self):
        options = self.task_config.model_optimization
        return options.pruning if options else None

    def build_model(self):
        """The network, wrapped where it is pruned."""
        model = _network(self.task_config.model.input_size, self.task_config.model.num_classes)
        return self._pruned(model) if self._pruning else model

    def _pruned(self, model):
        import tensorflow_model_optimization as tfmot

        schedule = tfmot.sparsity.keras.PolynomialDecay(
            0.0, self._pruning.final_sparsity, 0, self._pruning.end_step, frequency=self._pruning.frequency
        )
        return tfmot.sparsity.keras.prune_low_magnitude(model, pruning_schedule=schedule)

    def train_actions(self, model, optimizer, folder):
        """Counts the steps of pruning and renews its masks after every loop of training."""
        from official.core import actions

        return [actions.PruningAction(folder, model, optimizer)] if self._pruning else []

    def finish(self, model):
        """The network to deploy, without what only training needs."""
        if not self._pruning:
            return model
        import tensorflow_model_optimization as tfmot

        return tfmot.sparsity.keras.strip_pruning(model)

    def conversions(self):
        """To TFLite, for the numbers that are claimed."""
        return ("float",)


def _network(size, classes):
    image = tf_keras.Input(size)
    features = image
    for filters in (16, 32, 64):
        features = tf_keras.layers.Conv2D(filters, 3, strides=2, padding="same", activation="relu")(features)
    features = tf_keras.layers.Flatten()(features)
    return tf_keras.Model(image, tf_keras.layers.Dense(classes, dtype=tf.float32)(features))

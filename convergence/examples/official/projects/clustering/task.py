# SPDX-License-Identifier: Apache-2.0
"""Image classification whose network may be clustered; TFMOT is imported only when its options are on."""

from typing import Any

from official.core import task_factory
from official.projects.clustering import configs, flatten
from official.vision.tasks import image_classification

Model = Any


@task_factory.register_task_cls(configs.ImageClassificationTask)
class ImageClassificationTask(image_classification.ImageClassificationTask):
    """Clusters the network of `init_checkpoint`, an uncompressed one, where the options say so."""

    def build_model(self) -> Model:
        """Official Models' network; or its clustered copy, made of plain layers."""
        model = super().build_model()
        options = self._clustering
        if options is None:
            return model
        super().initialize(model)  # centroids are found among trained weights
        return _clustered(flatten.flatten(model), options)

    def initialize(self, model: Model) -> None:
        """Loads `init_checkpoint`; what is clustered has begun with it."""
        if self._clustering is None:
            super().initialize(model)

    def finish(self, model: Model) -> Model:
        """The network to deploy, of plain layers: each clustered weight is its centroid."""
        if self._clustering is None:
            return flatten.flatten(model)
        import tensorflow_model_optimization as tfmot

        return tfmot.clustering.keras.strip_clustering(model)

    def conversions(self) -> tuple[str, ...]:
        """The TFLite files that convergence tests measure."""
        return ("float", "int8")

    @property
    def _clustering(self) -> configs.ClusteringConfig | None:
        options = self.task_config.model_optimization
        return options.clustering if options else None


def _clustered(model: Model, options: configs.ClusteringConfig) -> Model:
    """The same network, whose convolutions and classifier choose their weights among a few."""
    import tensorflow_model_optimization as tfmot

    initialization = tfmot.clustering.keras.CentroidInitialization[options.initialization.upper()]
    return tfmot.clustering.keras.cluster_weights(
        model, number_of_clusters=options.number_of_clusters, cluster_centroids_init=initialization
    )

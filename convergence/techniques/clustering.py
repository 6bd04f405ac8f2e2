"""Weight clustering: the weights of a layer share a few values, so that the file compresses well.

Han et al., "Deep Compression" (arXiv:1510.00149). Clusters that keep zeros are part of TFMOT's collaborative
optimization.
"""

from __future__ import annotations

import dataclasses
import math
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from official.modeling import hyperparams

from convergence import kernels, layers
from convergence.errors import UserError

CONVERSIONS = ("float", "int8")
TRAINS_RANGES = False
INITIALIZATIONS = ("linear", "random", "density_based", "kmeans_plus_plus")


@dataclasses.dataclass
class Options(hyperparams.Config):
    """Options of weight clustering.

    Attributes:
      number_of_clusters: values that the weights of a layer share; of a channel, with `per_channel`.
      initialization: of the centroids: linear, random, density_based or kmeans_plus_plus.
      per_channel: whether each output channel of a convolution has clusters of its own; TFMOT 0.8.1 takes
        only convolutions with a bias for it, and says of others that they have too few weights.
      preserve_sparsity: whether weights that are zero at the start stay zero.
      layers: names of the layers that are clustered, `block_*` as in a shell; none means all.
    """

    number_of_clusters: int = 16
    initialization: str = "kmeans_plus_plus"
    per_channel: bool = False
    preserve_sparsity: bool = False
    layers: list[str] = dataclasses.field(default_factory=list)


def apply(model: Any, options: Options) -> Any:
    """The model with every chosen layer wrapped that TFMOT can cluster.

    Raises:
      UserError: clustering-options, no-such-layer, unsupported-layer.
    """
    import tensorflow_model_optimization as tfmot

    if options.initialization not in INITIALIZATIONS:
        what = f'no initialization of centroids "{options.initialization}"'
        raise UserError("clustering-options", what, hint=f"known: {', '.join(INITIALIZATIONS)}")
    _require_enough_weights(model, options)
    words = {
        "number_of_clusters": options.number_of_clusters,
        "cluster_centroids_init": tfmot.clustering.keras.CentroidInitialization[
            options.initialization.upper()
        ],
        "cluster_per_channel": options.per_channel,
    }
    cluster = tfmot.clustering.keras.cluster_weights
    if options.preserve_sparsity:
        from tensorflow_model_optimization.python.core.clustering.keras.experimental import cluster as sparse

        cluster, words["preserve_sparsity"] = sparse.cluster_weights, True

    def wrap(part: Any) -> Any:
        return cluster(part, **words)

    with warnings.catch_warnings(record=True) as said, layers.naming(model, options.layers, "cluster", wrap):
        warnings.simplefilter("always")
        made = layers.rebuilt(model, options.layers, wrap) if options.layers else wrap(model)
    _require_clustered(model, made, options, [str(one.message) for one in said])
    return made


def train_actions(model: Any, optimizer: Any, options: Options, folder: str) -> Sequence[Any]:
    """Nothing: the forward pass looks up the nearest centroid of each weight."""
    return ()


def finish(model: Any, options: Options) -> Any:
    """The plain model, the weights of each clustered layer being its centroids."""
    import tensorflow_model_optimization as tfmot

    return tfmot.clustering.keras.strip_clustering(model)


def properties(trained: Any, finished: Any, options: Options) -> Mapping[str, float]:
    """`clusters`: the most values that the weights of a clustered layer have, or with `per_channel` of a
    channel; and the zeros that are left in these layers."""
    plain = [finished.get_layer(layer.layer.name) for layer in _clustered(trained)]
    found = [layer.kernel.numpy().T for layer in plain]  # output channels first
    most = kernels.most_values(found, per_channel=options.per_channel)
    return {"clusters": float(most), **kernels.zeros(found)}


def deployed(files: Mapping[str, bytes]) -> Mapping[str, float]:
    """`clusters_per_channel` of the float file's kernels, and their zeros.

    TFMOT clusters no depthwise kernels. Folding batch normalization scales each channel by a number of its
    own: in a channel there are as many values afterwards as before.
    """
    found = kernels.of_file(files, "float")
    return {"clusters_per_channel": float(kernels.most_values(found)), **kernels.zeros(found)}


def _require_enough_weights(model: Any, options: Options) -> None:
    if options.number_of_clusters < 2:
        what = f"{options.number_of_clusters} clusters are none"
        raise UserError("clustering-options", what, hint="at least 2")
    for layer in _wanted(model, options):
        weights = math.prod(layer.kernel.shape)
        if weights < options.number_of_clusters:
            what = f"{options.number_of_clusters} clusters for the {weights} weights of {layer.name}"
            raise UserError("clustering-options", what, hint=f"at most {weights}, or leave the layer out")


def _require_clustered(model: Any, made: Any, options: Options, said: Sequence[str]) -> None:
    """Refuses where TFMOT left out a layer and only warned: by channel, wherever there is no bias."""
    done = {layer.layer.name for layer in _clustered(made)}
    for layer in _wanted(model, options):
        if layer.name not in done:
            reason = next((line for line in said if layer.name in line), "it does not say why")
            what = f"TFMOT does not cluster {layer.name}: {reason}"
            raise UserError("clustering-options", what, hint="leave the layer out, or per_channel")


def _wanted(model: Any, options: Options) -> list[Any]:
    """The layers with weights to cluster that the options name; all of them where none is named."""
    names = layers.chosen(model, options.layers)
    return [one for one in model.layers if _clusterable(one) and (not options.layers or one.name in names)]


def _clustered(model: Any) -> list[Any]:
    """Wrappers of layers with weights that are clustered."""
    from tensorflow_model_optimization.python.core.clustering.keras import cluster_wrapper

    wrappers = [layer for layer in model.layers if isinstance(layer, cluster_wrapper.ClusterWeights)]
    return [layer for layer in wrappers if _clusterable(layer.layer)]


def _clusterable(layer: Any) -> bool:
    """Whether TFMOT clusters the layer's kernel: it leaves out depthwise ones."""
    import tf_keras

    weighted = isinstance(layer, tf_keras.layers.Conv2D | tf_keras.layers.Dense)
    return weighted and not isinstance(layer, tf_keras.layers.DepthwiseConv2D)

"""Official Models' classification task with model optimization; TFMOT is imported only when it is used."""

from __future__ import annotations

from typing import Any

from official.core import task_factory
from official.vision.tasks import image_classification

from convergence import stages, techniques
from convergence.example import config as example_config
from convergence.flatten import flatten


@task_factory.register_task_cls(example_config.ModelOptimizationTask)
class ModelOptimizationTask(image_classification.ImageClassificationTask):
    """Image classification whose model is optimized from an uncompressed checkpoint."""

    def build_model(self) -> Any:
        """The network, or where options are set the optimized one, started from `init_checkpoint`: that of an
        uncompressed network, or what another technique has left."""
        model = super().build_model()
        active = techniques.active(self.task_config.model_optimization)
        if not active:
            return model
        start = self.task_config.init_checkpoint
        if stages.kept(start):
            model = flatten(model)
            stages.restore(model, start)
        else:
            super().initialize(model)
            model = flatten(model)
        for technique, options in active:
            model = technique.apply(model, options)
        return model

    def initialize(self, model: Any) -> None:
        """Loads `init_checkpoint`; an optimized model has loaded it before it was wrapped."""
        if not techniques.active(self.task_config.model_optimization):
            super().initialize(model)

    def train_actions(self, model: Any, optimizer: Any, folder: str) -> list[Any]:
        """The active techniques' actions, called after every training loop."""
        return [
            action
            for technique, options in techniques.active(self.task_config.model_optimization)
            for action in technique.train_actions(model, optimizer, options, folder)
        ]

    def finish(self, model: Any) -> Any:
        """The model to deploy: plain layers, optimized weights."""
        active = techniques.active(self.task_config.model_optimization)
        if not active:
            return flatten(model)
        for technique, options in active:
            model = technique.finish(model, options)
        return model

    def properties(self, trained: Any, finished: Any) -> dict[str, float]:
        """What the active techniques say must hold of the trained model, by metric name."""
        found: dict[str, float] = {}
        for technique, options in techniques.active(self.task_config.model_optimization):
            found.update(technique.properties(trained, finished, options))
        return found

    def conversions(self) -> tuple[str, ...]:
        """The TFLite conversions that are measured: those of the last technique."""
        active = techniques.active(self.task_config.model_optimization)
        return tuple(active[-1][0].CONVERSIONS) if active else ("float", "int8")

    def calibrates(self) -> bool:
        """Whether conversion to integers has to range the activations: not if training did."""
        active = techniques.active(self.task_config.model_optimization)
        return not any(technique.TRAINS_RANGES for technique, _ in active)

"""Official Models backend: runs one recipe through `train_lib.run_experiment`.

Needs the convergence extra. Importing this module imports TensorFlow; only `trial` and workers do.
"""

from __future__ import annotations

import importlib
import logging
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tensorflow as tf
import tf_keras
from official.core import exp_factory, task_factory, train_lib, train_utils
from official.modeling import performance
from official.vision.tasks import image_classification

from convergence import cluster, data, needs, resume, techniques
from convergence.batches import TestSet
from convergence.errors import UserError
from convergence.flatten import flatten
from convergence.model import Recipe
from convergence.results import Evaluation
from convergence.trial import DivergedError
from convergence.waiting import InputWait

Progress = Callable[[int, int], None]

CALIBRATION_BATCHES = 2
DIVERGED = "loss value is"  # how Official Models' RecoveryCondition reports NaN and blown-up losses


@dataclass(frozen=True)
class Trained:
    """A finished training run.

    Attributes:
      task: the Official Models task, which knows its data and how to finish its model.
      model: the trained model, still wrapped by its techniques.
      curve: every evaluation.
      input_wait_share: of the time in training loops, how much was spent waiting for batches.
    """

    task: Any
    config: Any
    model: Any
    curve: tuple[Evaluation, ...]
    input_wait_share: float

    def finished(self) -> Any:
        """The model to deploy; a classifier whose task does not say how to finish becomes a plain one.

        What Official Models' own QAT projects train is deployed as it is: the converter makes integers of it.
        """
        if _quantizes(self.config) or not self.conversions():
            return self.model
        finish = getattr(self.task, "finish", flatten)
        return finish(self.model)

    def properties(self, finished: Any) -> dict[str, float]:
        """What the task says must hold, by metric name."""
        if not hasattr(self.task, "properties"):
            return {}
        return dict(self.task.properties(self.model, finished))

    def conversions(self) -> tuple[str, ...]:
        """The TFLite conversions to measure: of classifiers only, others are judged as they were trained."""
        if hasattr(self.task, "conversions"):
            return tuple(self.task.conversions())
        if not isinstance(self.task, image_classification.ImageClassificationTask):
            return ()
        return ("int8",) if _quantizes(self.config) else ("float", "int8")

    def calibration(self) -> list[Any] | None:
        """Training images (n, height, width, channels) to range activations by; None if training did it."""
        if _quantizes(self.config) or (hasattr(self.task, "calibrates") and not self.task.calibrates()):
            return None
        dataset = self.task.build_inputs(self.config.task.train_data)
        return [images.numpy() for images, _ in dataset.take(CALIBRATION_BATCHES)]


def test_batches(recipe: Recipe, data_root: Path) -> TestSet:
    """The whole test set of a recipe: images (n, height, width, channels) and labels (n,).

    Raises:
      UserError: those of `experiment_config`.
    """
    config = experiment_config(recipe, 0, data_root, None)
    return TestSet(task_factory.get_task(config.task).build_inputs(config.task.validation_data))


def train(
    recipe: Recipe, seed: int, folder: Path, data_root: Path, start: Path | None, progress: Progress
) -> Trained:
    """Trains a recipe as its experiment says; leaves params.yaml and a checkpoint in `folder`.

    A recipe of 0 steps is only evaluated, as it starts.

    On CPU the same arguments give the same weights to the last bit, also when an earlier call was killed:
    training goes on from the newest checkpoint in `folder` (dropout would draw anew from there).

    Args:
      data_root: folder that relative input paths of the experiment are under.
      start: folder with the checkpoint to start from.
      progress: called after every training loop with the step and the last step.

    Raises:
      UserError: those of `experiment_config`.
      DivergedError: the loss is NaN or out of bounds.
    """
    cluster.join(_overridden(recipe).runtime)
    config = experiment_config(recipe, seed, data_root, start)
    _reset(seed)
    performance.set_mixed_precision_policy(config.runtime.mixed_precision_dtype or "float32")
    strategy = cluster.strategy(config.runtime)
    step = resume.position(folder)
    with strategy.scope():
        task = task_factory.get_task(config.task, logging_dir=str(folder))
        with resume.skip_seen(task, step):
            trainer = train_utils.create_trainer(config, task, train=True, evaluate=True)
    waiting = InputWait(trainer)
    train_utils.serialize_config(config, str(folder))
    curve = resume.Curve(folder, step, writes=cluster.chief())
    run = _Run(config, strategy, task, trainer, folder, curve, progress)
    run.catch_up(step)
    model = run.experiment("train_and_eval" if config.trainer.train_steps else "eval")
    if config.runtime.distribution_strategy == cluster.MULTI_WORKER:
        model = _here(task, model)
    return Trained(task, config, model, tuple(curve.points), waiting.share)


def _here(task: Any, trained: Any) -> Any:
    """The trained model on this host alone: one that is spread over hosts cannot be converted."""
    model = task.build_model()
    model.set_weights(trained.get_weights())
    return model


def experiment_config(
    recipe: Recipe, seed: int, data_root: Path, start: Path | None, *, whole: bool = True
) -> Any:
    """The recipe's experiment with its overrides, options, data paths and seed, locked.

    Args:
      whole: whether data are made, and what is missing is refused.

    Raises:
      UserError: unknown-module, unknown-experiment, recipe-override, unknown-technique, unknown-data,
        missing-data, bad-path.
    """
    config = _overridden(recipe)
    _place(config, seed, data_root, start)
    if whole:
        data.prepare(recipe.data, data_root)
        needs.require(needs.of(config), recipe.id)
    config.validate()
    config.lock()
    return config


def _overridden(recipe: Recipe) -> Any:
    """The recipe's experiment with its overrides and options, before it belongs to a run and a machine."""
    _register(recipe)
    try:
        config = exp_factory.get_exp_config(recipe.experiment)
    except LookupError as error:
        hint = f"does {recipe.module} register it?"
        raise UserError(
            "unknown-experiment", f'no experiment "{recipe.experiment}"', where=recipe.id, hint=hint
        ) from error
    try:
        config.override(recipe.overrides, is_strict=True)
        if recipe.optimization:
            # Official Models takes any key for a field that is still None; a typo would train nothing.
            for name, options in recipe.optimization.items():
                techniques.load(name).Options().override(options, is_strict=True)
            config.override({"task": {"model_optimization": dict(recipe.optimization)}}, is_strict=True)
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(
            "recipe-override", f"Official Models refuses an override: {error}", where=recipe.id
        ) from error
    return config


def _register(recipe: Recipe) -> None:
    try:
        importlib.import_module(recipe.module)
    except ModuleNotFoundError as error:
        if error.name is None or not recipe.module.startswith(error.name):
            raise
        hint = "install it, or give its folder with --example"
        raise UserError(
            "unknown-module", f'no module "{recipe.module}"', where=recipe.id, hint=hint
        ) from error


def _place(config: Any, seed: int, data_root: Path, start: Path | None) -> None:
    """Sets what belongs to this run and this machine: data, seed, checkpoint, devices."""
    if "," in str(data_root):
        hint = "choose a folder without one"
        raise UserError("bad-path", f"Official Models splits {data_root} at its comma", hint=hint)
    needs.place(config, data_root)
    config.task.train_data.seed = seed
    config.task.train_data.deterministic = True
    if start is not None and _quantizes(config):  # which reads a file, and before it wraps the network
        config.task.quantization.pretrained_original_checkpoint = tf.train.latest_checkpoint(str(start))
    elif start is not None:
        config.task.init_checkpoint = str(start)
    config.trainer.checkpoint_interval = config.trainer.validation_interval
    gpus = len(tf.config.list_physical_devices("GPU"))
    config.runtime.num_gpus = min(gpus, 1) if config.runtime.distribution_strategy == "one_device" else gpus


def _quantizes(config: Any) -> bool:
    """Whether it is an experiment of Official Models' own QAT projects."""
    return getattr(config.task, "quantization", None) is not None


def _reset(seed: int) -> None:
    tf_keras.backend.clear_session()
    tf_keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()


@dataclass(frozen=True)
class _Run:
    """One call after another of `train_lib.run_experiment` with the same trainer."""

    config: Any
    strategy: Any
    task: Any
    trainer: Any
    folder: Path
    curve: resume.Curve
    progress: Progress

    def catch_up(self, step: int) -> None:
        """Makes a resumed run evaluate where an uninterrupted one does."""
        interval = self.config.trainer.validation_interval
        if step % interval:
            self.experiment("train_and_eval", until=step - step % interval + interval)
        elif self.curve.step < step:  # killed between a checkpoint and its evaluation
            self.experiment("eval")

    def experiment(self, mode: str, until: int | None = None) -> Any:
        """Trains or evaluates from the newest checkpoint on, to the last step or to `until`; the model."""
        last = self.config.trainer.train_steps
        config = self.config.replace(trainer={"train_steps": min(until, last)}) if until else self.config
        try:
            model, _ = train_lib.run_experiment(
                self.strategy,
                self.task,
                mode,
                config,
                str(self.folder),
                save_summary=False,
                train_actions=[self._report, *self._technique_actions()],
                eval_actions=[self._record],
                trainer=self.trainer,
            )
        except RuntimeError as error:
            if DIVERGED in str(error):
                raise DivergedError(str(error)) from error
            raise
        return model

    def _technique_actions(self) -> list[Any]:
        if not hasattr(self.task, "train_actions"):
            return []
        return list(self.task.train_actions(self.trainer.model, self.trainer.optimizer, str(self.folder)))

    def _record(self, output: Mapping[str, Any]) -> None:
        numbers = _numbers(output)
        for name, value in numbers.items():
            if not math.isfinite(value):
                raise DivergedError(f"{name} is {value} at step {self._step()}")
        self.curve.append(Evaluation(self._step(), numbers))

    def _report(self, _: Any) -> None:
        self.progress(self._step(), self.config.trainer.train_steps)

    def _step(self) -> int:
        return int(self.trainer.global_step.numpy())


def _numbers(output: Mapping[str, Any]) -> dict[str, float]:
    """The evaluation's numbers; speeds are left out, since they are not results."""
    return {
        key: float(value) for key, value in output.items() if tf.rank(value) == 0 and "per_second" not in key
    }


def quiet() -> None:
    """Keeps TensorFlow's and absl's chatter out of a worker's log below warnings."""
    logging.getLogger("absl").setLevel(logging.WARNING)
    logging.getLogger("tensorflow").setLevel(logging.ERROR)

"""The nouns of a convergence test: what is claimed, how it is trained, what its results mean."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

STRICT = {"extra": "forbid", "allow_inf_nan": False}

PERCENT = 100.0
DESCRIPTIVE = (
    "model",
    "data_set",
    "not_runnable",
)  # fields of a recipe that say what it is, and change nothing
LATENCY_RATIO = "_latency_ratio"  # how the metrics end that compare times
TFLITE = "tflite_"  # prefix of the metrics that come from a TFLite file
BASELINE = "baseline."  # prefix of the metrics that come from the trial one started from


class Kind(enum.Enum):
    """What sort of promise a claim is (see docs: decision rule)."""

    AT_LEAST = "at least"  # a documented value, higher is better
    AT_MOST = "at most"  # a documented value, lower is better
    PAIRED = "paired"  # difference to the uncompressed model of the same seed, higher is better
    EXACT = "exact"  # structural: holds or does not, one run, no statistics
    SIZE = "size"  # bytes, at most the documented size plus a toolchain tolerance
    LATENCY = "latency"  # ratio to the start's model, timed in turn in one process, lower is better


WITHOUT_STATISTICS = frozenset({Kind.EXACT, Kind.SIZE})


class Status(enum.Enum):
    """Where a claim stands: only accepted claims can satisfy a gate."""

    ACCEPTED = "accepted"
    PROPOSED = "proposed"


class Outcome(enum.Enum):
    """What is known of a claim after some runs; only REPRODUCED counts as a pass."""

    REPRODUCED = "reproduced"
    NOT_REPRODUCED = "not reproduced"
    INCONCLUSIVE = "inconclusive"
    INFRASTRUCTURE = "infrastructure"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Statement:
    """What a document says of a claim, word for word, and where; `claims check` compares.

    Attributes:
      path: of the document in its repository.
      section: the heading that its table stands under; empty for the comments of a file that has no tables.
      row: texts of the row's cells that tell it from the other rows.
      cells: what the row says, by the headings of its columns; of comments, what they say, under any heading.
    """

    __pydantic_config__: ClassVar = STRICT

    path: str
    cells: Mapping[str, str]
    section: str = ""
    row: tuple[str, ...] = ()


@dataclass(frozen=True)
class Claim:
    """One number that the documentation promises.

    Attributes:
      technique: name of the technique, as in `convergence/techniques/`.
      recipe: name of the recipe whose trials give the metric.
      name: unique within the recipe.
      kind: how the number is judged.
      metric: key of `results.TrialResult.measured`.
      baseline: for PAIRED, the metric of the start recipe's trial of the same seed.
      target: the documented value T, in the metric's own unit.
      margin: d > 0, the loss that would break the promise (for SIZE and LATENCY the tolerance above T;
        for EXACT the absolute tolerance of the equality, which may be 0).
      source: where the number is documented.
      measured: how the target was measured.
      references: values of earlier runs of the same recipe, for σ; may be empty.
      sigma: σ of one run from the literature, where there are no references.
      sigma_dof: degrees of freedom of `sigma`.
      sigma_from: where `sigma` and its degrees of freedom are from.
      documented: what the documentation says, word for word; one of its numbers is the target.
      documented_baseline: what it says of the uncompressed model, in the claim's unit.
      disputed: what speaks against the target (another value and where it stands, a malformed number).
      unit: shown behind the numbers; "%" where the metric is a fraction and the claim a percentage.
      headline: whether the technique stands or falls with this claim.
    """

    __pydantic_config__: ClassVar = STRICT

    technique: str
    recipe: str
    name: str
    kind: Kind
    metric: str
    target: float
    margin: float
    source: str
    measured: str
    baseline: str = ""
    references: tuple[float, ...] = ()
    sigma: float | None = None
    sigma_dof: int | None = None
    sigma_from: str = ""
    documented: tuple[Statement, ...] = ()
    documented_baseline: float | None = None
    disputed: str = ""
    unit: str = ""
    headline: bool = False
    status: Status = Status.ACCEPTED

    @property
    def id(self) -> str:
        """`technique/recipe/name`, unique over all claim files."""
        return f"{self.technique}/{self.recipe}/{self.name}"

    @property
    def noise(self) -> str:
        """How σ is known: `measured` by reference runs, from the `literature`, or `unknown`."""
        if self.references:
            return "measured"
        return "unknown" if self.sigma is None else "literature"

    def value(self, metrics: Mapping[str, float]) -> float:
        """The number that is judged, from a trial's metrics.

        Raises:
          KeyError: the trial did not measure it.
        """
        scale = PERCENT if self.unit == "%" else 1.0
        if self.kind is Kind.PAIRED:
            return scale * (metrics[self.metric] - metrics[BASELINE + self.baseline])
        return scale * metrics[self.metric]


@dataclass(frozen=True)
class Recipe:
    """How one setting is trained: everything that changes the numbers, and what it costs.

    Attributes:
      technique: the technique it belongs to.
      name: unique within the technique.
      tier: `smoke` or `full`.
      experiment: name registered with Official Models' exp_factory.
      module: importable module that registers it.
      start: `technique/name` of the recipe whose trial of the same seed this one starts from, or empty.
      optimization: fields of `ModelOptimizationConfig` that are set, as nested plain data.
      overrides: fields of the experiment's config that are set, as nested plain data.
      data: name of a data set that `convergence.data` makes, or empty for one that the user provides.
      threads: CPU threads of one trial; part of the recipe, for it changes the numbers.
      cost: what one trial takes, in the unit of `cost_unit`; 0 where nobody says it.
      model: the network, as the documentation calls it.
      data_set: what it is trained and tested on.
      not_runnable: why nothing can be trained here, where that is so: the claims are kept, and never judged.
    """

    __pydantic_config__: ClassVar = STRICT

    technique: str
    name: str
    tier: str
    experiment: str
    module: str
    start: str = ""
    optimization: Mapping[str, Any] = field(default_factory=dict)
    overrides: Mapping[str, Any] = field(default_factory=dict)
    data: str = ""
    threads: int = 1
    cost: float = 0.0
    cost_unit: str = "CPU-minutes"
    claims: tuple[Claim, ...] = ()
    model: str = ""
    data_set: str = ""
    not_runnable: str = ""

    @property
    def id(self) -> str:
        """`technique/name`, unique over all claim files."""
        return f"{self.technique}/{self.name}"


@dataclass(frozen=True)
class References:
    """Earlier runs of a recipe: where σ and the smoke targets come from.

    Attributes:
      command: what made them.
      recipe: fingerprint of the recipe and of those it starts from; other recipes have other numbers.
      content_digest: of the TFMOT that they were made with, which had `tfmot_version`.
      harness: digest of the code that made them.
      seeds: one a run.
      metrics: for each metric its values, in the order of `seeds`.
    """

    __pydantic_config__: ClassVar = STRICT

    command: str
    recipe: str
    content_digest: str
    tfmot_version: str
    harness: str
    versions: Mapping[str, str]
    device: str
    seeds: tuple[int, ...]
    metrics: Mapping[str, tuple[float, ...]]

    def values(self, claim: Claim) -> tuple[float, ...]:
        """The claim's own value of each run.

        Raises:
          KeyError: the runs did not measure it.
        """
        runs = [dict(zip(self.metrics, row, strict=True)) for row in zip(*self.metrics.values(), strict=True)]
        return tuple(claim.value(run) for run in runs)


@dataclass(frozen=True)
class Evidence:
    """The figures a verdict rests on, all in the claim's unit.

    Attributes:
      seeds: runs looked at.
      mean: their mean; None when a run diverged or none was made.
      sigma: the σ used; None where the kind needs none.
      sigma_runs: how many runs σ was pooled from; 0 where it is from the literature.
      pass_line: a mean at or above it (at or below, for lower-is-better) passes at this look.
      fail_line: a mean below it (above, for lower-is-better) fails at this look.
      alpha: false-pass error of the rule.
      beta: false-fail error of the rule, after sharing among the claims judged together.
      looks: the planned looks, cumulative numbers of runs.
      next_look: runs needed for the next look; None when decided or exhausted.
    """

    __pydantic_config__: ClassVar = STRICT

    seeds: int
    mean: float | None
    sigma: float | None = None
    sigma_runs: int = 0
    pass_line: float | None = None
    fail_line: float | None = None
    alpha: float | None = None
    beta: float | None = None
    looks: tuple[int, ...] = ()
    next_look: int | None = None


@dataclass(frozen=True)
class Verdict:
    """What is known of one claim, and the one line that says why."""

    __pydantic_config__: ClassVar = STRICT

    claim: Claim
    outcome: Outcome
    evidence: Evidence
    line: str

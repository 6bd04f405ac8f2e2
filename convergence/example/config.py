# SPDX-License-Identifier: Apache-2.0
"""The one grouped config: every model-optimization option, off by default.

Each technique brings its options with it (`Options` in its file); this module only gathers them, so that
a technique is added by adding its file.
"""

from __future__ import annotations

import dataclasses

from official.vision.configs import image_classification

from convergence import techniques

ModelOptimizationConfig = techniques.grouped_config()


@dataclasses.dataclass
class ModelOptimizationTask(image_classification.ImageClassificationTask):
    """Official Models' image classification plus the grouped config, unset unless a user wants it."""

    model_optimization: ModelOptimizationConfig | None = None  # type: ignore[valid-type]

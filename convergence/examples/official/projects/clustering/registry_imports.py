# SPDX-License-Identifier: Apache-2.0
"""Registers the experiments and the task of this project, and all of Official Models' vision."""

from official.projects.clustering import configs, task  # noqa: F401
from official.vision import registry_imports  # noqa: F401

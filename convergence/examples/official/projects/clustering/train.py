# SPDX-License-Identifier: Apache-2.0
"""Trains an experiment of this project by Official Models' own driver."""

from absl import app
from official.common import flags as tfm_flags
from official.projects.clustering import registry_imports  # noqa: F401
from official.vision import train

if __name__ == "__main__":
    tfm_flags.define_flags()
    app.run(train.main)

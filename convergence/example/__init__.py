# SPDX-License-Identifier: Apache-2.0
"""A production example as Official Models wants it: one config object, one task, registered experiments.

Importing this package registers the experiments with Official Models' exp_factory.
"""

from convergence.example import experiments, task

__all__ = ["experiments", "task"]

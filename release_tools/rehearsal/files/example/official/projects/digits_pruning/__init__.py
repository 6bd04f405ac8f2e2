# SPDX-License-Identifier: Apache-2.0
"""Pruning a small network for handwritten digits."""

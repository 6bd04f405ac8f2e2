# SPDX-License-Identifier: Apache-2.0
"""Weight clustering of image classifiers."""

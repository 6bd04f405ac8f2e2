"""A plan as tests show it."""

from __future__ import annotations

from release_tools.release.nouns import Bump, GateResult, PlannedFile, PlannedWheel, ReleasePlan

RUN = "https://github.com/tensorflow/models/actions/runs/7"
GATES = (
    GateResult("checks", True, "the policy names none"),
    GateResult("claims", True, "2 of 2 headline claims reproduced at full scale for cccccccccccc", RUN),
    GateResult(
        "doctor", False, "licence: no licence in the wheel (METADATA)", "", "mona: mended after <b>| @ann"
    ),
    GateResult(
        "steps", False, "pruning: step 4, approved: @carl\x1b[2J has not answered", "javascript:alert(1)"
    ),
)
VERSION = "tensorflow_model_optimization/python/core/version.py"
WHEEL = "tensorflow_model_optimization-0.8.2-py2.py3-none-any.whl"
DIFF = f"""\
diff --git a/{VERSION} b/{VERSION}
--- a/{VERSION}
+++ b/{VERSION}
@@ -1,3 +1,3 @@
 _MINOR_VERSION = '8'
-_PATCH_VERSION = '1'
+_PATCH_VERSION = '2'
"""
PLAN = ReleasePlan(
    release="0.8.2",
    tag="v0.8.2",
    repository="tensorflow/model-optimization",
    branch="master",
    base="a" * 40,
    since="v0.8.1",
    commit="b" * 40,
    tree="e" * 40,
    message="Update release notes and version for TFMOT release 0.8.2.\n",
    files=(PlannedFile(VERSION, "_PATCH_VERSION = '2'\n"),),
    diff=DIFF,
    notes="TFMOT 0.8.2.\n\nKeras pruning API:\n\n* Bug Fixes and Other Changes\n  * Fix <it> for @ann – Carl",
    credits=("Carl Contributor", "Ann"),
    wheel=PlannedWheel(WHEEL, "d" * 64, "c" * 64, ("six~=1.14",)),
    gates=GATES,
    bumps=(Bump("tensorflow/models", ("pruning", "quantization")),),
    findings=("absl-py: setup.py says absl-py~=1.2, requirements.txt says absl-py~=1.3",),
)  # fmt: skip

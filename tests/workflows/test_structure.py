"""No workflow of ours lets others run or forge what they should not; planted holes are found."""

from __future__ import annotations

from pathlib import Path

import holes
import pytest

WORKFLOWS = sorted(Path(__file__).parents[2].glob(".github/workflows/*.yml"))
SHA = "0123456789abcdef0123456789abcdef01234567"
SOUND = f"""
on:
  issue_comment:
permissions: {{}}
jobs:
  report:
    if: github.event.issue.pull_request && contains(github.event.comment.body, '/converge')
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions:
      checks: write
    steps:
      - uses: actions/checkout@{SHA} # v5.0.0
        with:
          repository: ${{{{ job.workflow_repository || github.repository }}}}
          ref: ${{{{ job.workflow_sha || github.sha }}}}
          path: harness
          persist-credentials: false
      - run: sh harness/.github/install light
      - uses: actions/download-artifact@{SHA} # v5.0.0
        with:
          artifact-ids: ${{{{ needs.gate.outputs.plan }}}}
      - run: release-tools converge-report plan.json
        env:
          GITHUB_TOKEN: ${{{{ github.token }}}}
  train:
    needs: report
    runs-on: ${{{{ fromJSON(needs.gate.outputs.gpu) }}}}
    timeout-minutes: 5
    permissions: {{}}
    concurrency: {{group: a}}
    steps:
      - uses: actions/checkout@{SHA} # v5.0.0
        with:
          repository: o/r
          persist-credentials: false
      - uses: actions/download-artifact@{SHA} # v5.0.0
        with:
          pattern: trained-*
      - run: release-tools converge-train plan.json
  more:
    needs: report
    permissions: {{}}
    uses: ./.github/workflows/wave.yml
"""
REPORT = "release-tools converge-report plan.json"
PLANTED = {
    "an event that runs others' code with a token": ("  issue_comment:", "  pull_request_target:"),
    "another workflow's end": ("  issue_comment:", "  issue_comment:\n  workflow_run: {workflows: [ci]}"),
    "permissions for all": ("permissions: {}\njobs", "permissions: {checks: write}\njobs"),
    "no permissions at the top": ("permissions: {}\njobs", "jobs"),
    "a queue that comments fill": ("permissions: {}\njobs", "permissions: {}\nconcurrency: a\njobs"),
    "a token for all": ("permissions: {}\njobs", "permissions: {}\nenv: {T: '${{ github.token }}'}\njobs"),
    "a moving tag": (f"checkout@{SHA} # v5.0.0", "checkout@v5"),
    "a commit without its version": (f"checkout@{SHA} # v5.0.0", f"checkout@{SHA}"),
    "a branch of a workflow": ("./.github/workflows/wave.yml", "o/r/.github/workflows/wave.yml@main"),
    "an end before its time": (
        "    timeout-minutes: 5\n    permissions: {}\n    conc",
        "    permissions: {}\n    conc",
    ),
    "a job that says no permissions": ("    permissions: {}\n    concurrency", "    concurrency"),
    "all permissions": ("      checks: write", "      checks: write\n    permissions: write-all"),
    "no timeout": (
        "    timeout-minutes: 5\n    permissions:\n      checks",
        "    permissions:\n      checks",
    ),
    "secrets handed on": ("    uses: ./.github", "    secrets: inherit\n    uses: ./.github"),
    "permissions handed on": (
        "    permissions: {}\n    uses",
        "    permissions: {contents: write}\n    uses",
    ),
    "an image nobody pinned": ("    steps:", "    container: ubuntu\n    steps:"),
    "a queue before the answer": ("    timeout-minutes", "    concurrency: a\n    timeout-minutes"),
    "comments on issues": ("github.event.issue.pull_request && ", ""),
    "a comment in a script": (REPORT, "echo '${{ github.event.comment.body }}'"),
    "an output in a script": (REPORT, "release-tools respond ${{ needs.gate.outputs.x }}"),
    "a title as a name": ("  report:\n", "  report:\n    name: ${{ github.event.issue.title }}\n"),
    "a branch as a group": ("{group: a}", "{group: '${{ github.head_ref }}'}"),
    "others' words as an input": (
        "artifact-ids: ${{ needs.gate",
        "artifact-ids: ${{ github.event.comment.body",
    ),
    "a script in an input": ("artifact-ids: $", "script: x\n          artifact-ids: $"),
    "credentials in a checkout": ("repository: o/r\n          persist-credentials: false", "repository: o/r"),
    "the pull request with a token": (
        "${{ job.workflow_sha || github.sha }}",
        "refs/pull/${{ github.event.issue.number }}/head",
    ),
    "the pull request's repository with a token": (
        "${{ job.workflow_repository || github.repository }}",
        "${{ needs.gate.outputs.models-repository }}",
    ),
    "a token where others' code is": (
        "permissions: {}\n    concurrency",
        "permissions: {checks: write}\n    concurrency",
    ),
    "a secret where others' code is": (
        "converge-train plan.json",
        "converge-train plan.json\n        env: {T: '${{ secrets.T }}'}",
    ),
    "the token where others' code is": (
        "converge-train plan.json",
        "converge-train plan.json\n        env: {T: '${{ github.token }}'}",
    ),
    "reading on our own machine": (
        "permissions: {}\n    concurrency",
        "permissions: {contents: read}\n    concurrency",
    ),
    "an example's import with a token": (REPORT, "release-tools check-example models --asked plan/x.json"),
    "others' code with a token": (REPORT, "release-tools converge-train plan.json"),
    "a release's examination with a token": (REPORT, "release-tools release doctor x.whl"),
    "a release's build with a token": (REPORT, "release-tools release plan 0.8.2"),
    "the wheel with a token": (REPORT, "pip install wheel/*.whl"),
    "what was downloaded with a token": (REPORT, "sh plan/run.sh"),
    "more after ours with a token": (REPORT, f"|\n          {REPORT}\n          python plan/x.py"),
    "the training's packages with a token": ("install light", "install training"),
    "another action with a token": (f"actions/download-artifact@{SHA}", f"actions/github-script@{SHA}"),
    "a cache with a token": (f"actions/download-artifact@{SHA}", f"actions/cache@{SHA}"),
    "an artifact by its name": ("artifact-ids: ${{ needs.gate.outputs.plan }}", "name: plan"),
    "artifacts by a pattern with a token": (
        "artifact-ids: ${{ needs.gate.outputs.plan }}",
        "pattern: scores-*",
    ),
    "all artifacts": ("          pattern: trained-*", "          path: x"),
    "another run's artifacts": ("pattern: trained-*", "pattern: trained-*\n          run-id: 7"),
    "a token for all steps": ("    steps:", "    env: {T: '${{ github.token }}'}\n    steps:"),
}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_ours_have_no_holes(path: Path) -> None:
    assert holes.find(path.read_text(encoding="utf-8")) == []


def test_a_sound_one_has_none() -> None:
    assert holes.find(SOUND) == []


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_one_is_found(name: str) -> None:
    sound, broken = PLANTED[name]
    assert sound in SOUND
    text = SOUND.replace(sound, broken, 1)
    if "permissions: write-all" in text:  # in place of the mapping
        text = text.replace("    permissions:\n      checks: write\n", "", 1)
    assert holes.find(text) != []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
@pytest.mark.parametrize(
    "line", ["permissions: {}", "          persist-credentials: false", "    timeout-minutes: ", " # v"]
)
def test_every_line_that_stops_somebody_is_missed(path: Path, line: str) -> None:
    """Without any one of them there is a hole."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, one in enumerate(lines):
        if line in one:
            kept = one.partition(line)[0] + "_: _" if line == "permissions: {}" else one.partition(line)[0]
            assert holes.find("\n".join([*lines[:number], kept, *lines[number + 1 :]])), (number, one)

#!/bin/sh
# Ends every job on this machine that is not ours, before its first step.
#
# A pull request can name this machine's labels in a workflow of its own: GitHub then sends the job here. Install
# it on the runner, outside of every folder that jobs write to, and name it in the runner's .env file:
#
#     ACTIONS_RUNNER_HOOK_JOB_STARTED=/opt/release-tools/job-started.sh
#
# More repositories: one line each in WORKFLOWS.
set -u
EVENTS='
issue_comment
workflow_dispatch
'
WORKFLOWS='
@REPOSITORY@/.github/workflows/mot-converge.yml@refs/heads/@BRANCH@
'

listed() { # whether the list $1 has the line $2; quoted, so that nothing in $2 is a pattern
  case "$2" in
    '' | *'
'*) return 1 ;;
  esac
  case "$1" in
    *"
$2
"*) return 0 ;;
  esac
  return 1
}

refuse() {
  printf 'This machine does not run this job: %s\n' "$1" >&2
  exit 1
}

listed "$EVENTS" "${GITHUB_EVENT_NAME:-}" || refuse 'started by another event than we allow'
listed "$WORKFLOWS" "${GITHUB_WORKFLOW_REF:-}" || refuse 'part of another workflow, or of another branch'
case "${GITHUB_WORKFLOW_REF}" in
  "${GITHUB_REPOSITORY:-}"/.github/workflows/*) ;;
  *) refuse 'of another repository' ;;
esac

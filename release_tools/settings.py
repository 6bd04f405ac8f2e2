"""What an owner has set in a repository, as far as GitHub tells: a line each, and nothing is changed."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from convergence import claims
from convergence.errors import UserError
from release_tools import config, installation
from release_tools.policy import Policy

NEEDED_RULES = ("creation", "deletion", "non_fast_forward", "update")
PINNED = re.compile(r"uses: \S+/converge\.yml@[0-9a-f]{40}(?= )")
ENVIRONMENT = "environment:"  # before the name of any other one, to check that alone
OWN_WORKFLOW = ".github/workflows/converge.yml"


class State(enum.Enum):
    """What is known of a setting."""

    PASS = "pass"  # noqa: S105 - no password
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Finding:
    """A setting: what it is, how it is, and where it is not as it should be what to do."""

    name: str
    state: State
    line: str
    hint: str = ""


@dataclass(frozen=True)
class Setting:
    """What GitHub says under a path. `hidden`: this token may not see whether there is anything."""

    value: Any = None
    hidden: bool = False


class Reader(Protocol):
    """What is asked of GitHub."""

    def read_file(self, repository: str, path: str, ref: str) -> bytes | None:
        """A file at a commit; None where there is none."""

    def default_branch(self, repository: str) -> str:
        """The branch that counts."""

    def setting(self, repository: str, path: str) -> Setting:
        """What the API has below the repository's path."""


def check(repository: str, reader: Reader, only: str = "") -> Iterator[Finding]:
    """Every setting that matters, in the order of the checklist; or one alone.

    Raises:
      UserError: unknown-setting.
    """
    if only.startswith(ENVIRONMENT):
        yield _reviewed(repository, only.removeprefix(ENVIRONMENT), reader)
        return
    if only and only not in RULES:
        raise UserError("unknown-setting", f"no setting {only!r}", hint=f"known: {', '.join(RULES)}")
    branch = reader.default_branch(repository)
    policy, found = _policy(repository, branch, reader)
    if not only:
        yield _workflow(repository, branch, reader)
        yield found
    for name, rule in RULES.items():
        if only in {"", name}:
            yield rule(repository, policy, reader)


def exit_status(findings: list[Finding]) -> int:
    """0 where all is as it should be, 1 where something is not, 3 where something cannot be told."""
    states = {finding.state for finding in findings}
    return 1 if State.FAIL in states else 3 if State.UNKNOWN in states else 0


def _workflow(repository: str, branch: str, reader: Reader) -> Finding:
    stub = reader.read_file(repository, installation.STUB, branch)
    own = reader.read_file(repository, OWN_WORKFLOW, branch)
    if stub is not None and PINNED.search(stub.decode(errors="replace")):
        return Finding("workflow", State.PASS, f"{installation.STUB} calls ours at a fixed commit")
    if stub is not None:
        return Finding(
            "workflow", State.FAIL, f"{installation.STUB} calls ours at no fixed commit", "release-tools init"
        )
    if own is not None:
        return Finding("workflow", State.PASS, f"{OWN_WORKFLOW} is here itself")
    return Finding(
        "workflow", State.FAIL, f"there is no {installation.STUB} on {branch}", "release-tools init"
    )


def _policy(repository: str, branch: str, reader: Reader) -> tuple[Policy, Finding]:
    content = reader.read_file(repository, config.PATH, branch)
    if content is None:
        return Policy(), Finding("policy", State.FAIL, f"there is no {config.PATH} on {branch}")
    try:
        policy = config.read(content.decode("utf-8"), config.PATH, claims.load())
    except (UserError, UnicodeDecodeError) as error:
        return Policy(), Finding("policy", State.FAIL, f"cannot be read: {error}")
    return policy, Finding("policy", State.PASS, f"{config.PATH} is sound")


def _ruleset(repository: str, policy: Policy, reader: Reader) -> Finding:
    branch = policy.storage.history
    found = reader.setting(repository, f"rules/branches/{branch}")
    if found.hidden or not isinstance(found.value, list):
        return Finding("ruleset", State.UNKNOWN, f"the rules of {branch} cannot be read")
    missing = [rule for rule in NEEDED_RULES if rule not in {one.get("type") for one in found.value}]
    if missing:
        hint = "Settings → Rules: restrict creations, updates, deletions; block force pushes"
        return Finding(
            "ruleset", State.FAIL, f"on {branch} these rules are missing: {', '.join(missing)}", hint
        )
    return Finding("ruleset", State.PASS, f"{branch} is protected; who may bypass it is not told")


def _environment(repository: str, _: Policy, reader: Reader) -> Finding:
    return _reviewed(repository, installation.ENVIRONMENT, reader)


def _reviewed(repository: str, name: str, reader: Reader) -> Finding:
    """Whether an environment has reviewers; where there is none GitHub makes it, without any."""
    found = reader.setting(repository, f"environments/{name}")
    if found.hidden:
        return Finding("environment", State.UNKNOWN, f"{name} cannot be read")
    hint = "Settings → Environments: required reviewers. Without them nothing is held"
    if not isinstance(found.value, Mapping):
        return Finding("environment", State.FAIL, f"there is no environment {name}", hint)
    rules = found.value.get("protection_rules") or []
    if not any(one.get("type") == "required_reviewers" and one.get("reviewers") for one in rules):
        return Finding("environment", State.FAIL, f"{name} has no reviewers", hint)
    return Finding("environment", State.PASS, f"{name} waits for a reviewer")


def _permissions(repository: str, _: Policy, reader: Reader) -> Finding:
    found = reader.setting(repository, "actions/permissions/workflow")
    if found.hidden or not isinstance(found.value, Mapping):
        return Finding("actions", State.UNKNOWN, "only an administrator's token sees the rights of workflows")
    wrong = [
        text
        for text, is_wrong in {
            "workflows may write unless they say otherwise": found.value.get("default_workflow_permissions")
            != "read",
            "workflows may approve pull requests": bool(found.value.get("can_approve_pull_request_reviews")),
        }.items()
        if is_wrong
    ]
    if wrong:
        hint = "Settings → Actions → General → Workflow permissions"
        return Finding("actions", State.FAIL, "; ".join(wrong), hint)
    return Finding("actions", State.PASS, "workflows read unless they say otherwise")


def _app(_: str, policy: Policy, __: Reader) -> Finding:
    names = {*policy.roles.mot, *policy.roles.official}
    names.update(*(policy.technique(one).owners for one in policy.techniques))
    teams = sorted(name for name in names if "/" in name)
    if not teams:
        return Finding("app", State.PASS, "the policy names no teams, so no App is needed")
    hint = "install an App with members: read, or list logins"
    return Finding("app", State.UNKNOWN, f"whether an App reads {', '.join(teams)} is not told", hint)


def _runners(_: str, policy: Policy, __: Reader) -> Finding:
    labels = ", ".join(policy.runners.gpu)
    hint = f"on each: ACTIONS_RUNNER_HOOK_JOB_STARTED names {installation.HOOK}; ephemeral; podman or docker"
    return Finding("runners", State.UNKNOWN, f"what is set on runners ({labels}) only they know", hint)


Rule = Callable[[str, Policy, Reader], Finding]
RULES: Mapping[str, Rule] = {
    "ruleset": _ruleset,
    "environment": _environment,
    "actions": _permissions,
    "app": _app,
    "runners": _runners,
}

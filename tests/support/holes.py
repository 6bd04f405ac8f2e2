"""What would let somebody run or forge in a workflow what they should not; knows our own conventions only."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML

HARNESS = {
    "repository": "${{ job.workflow_repository || github.repository }}",
    "ref": "${{ job.workflow_sha || github.sha }}",
    "path": "harness",
    "persist-credentials": False,
}
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")
REMOTE = re.compile(r"^[ -]*uses: +(?!\./)(\S+)(.*)$", re.MULTILINE)
VERSION = re.compile(r" # v\d+(\.\d+)*")
# Words that others choose. Numbers, ids and commits are not among them.
OTHERS = re.compile(
    r"github\.(head_ref|event\.(\w+\.)*(body|title|label|name|login|ref|email|message|default_branch)\b)"
    r"|github\.event\s*[})\]]|toJSON\(github|github\[|github\.actor|github\.triggering_actor"
)
SECRET = re.compile(r"\bsecrets\b|github\.token|github\[")
OURS = {
    "init",
    "respond",
    "policy",
    "converge-report",
    "converge-archive",
    "approvals",
    "check-example --ask",
    "check-example --publish",
}  # commands that load nobody else's code
FOREIGN = {"build", "check-example", "converge-train"}  # those that do
PLAIN = {"mkdir", "set", "if", "fi", "then", "echo", "release-tools", "sh harness/.github/install light"}
ACTIONS = {"actions/checkout", "actions/setup-python", "actions/upload-artifact", "actions/download-artifact"}
REFUSED = {"pull_request_target", "workflow_run"}

Problems = Iterator[str]


@dataclass(frozen=True)
class Job:
    """A job of a workflow, with the whole text that it is written in."""

    name: str
    body: dict[str, Any]
    events: frozenset[str]

    @property
    def steps(self) -> list[dict[str, Any]]:
        return list(self.body.get("steps", ()))

    @property
    def calls(self) -> bool:
        return "uses" in self.body

    @property
    def calls_freely(self) -> bool:
        """Whether it calls what is not fixed to a commit that was looked at."""
        return self.calls and not PINNED.fullmatch(str(self.body["uses"]))

    @property
    def permissions(self) -> Any:
        return self.body.get("permissions")

    @property
    def trusted_with(self) -> bool:
        """Whether it has something that others want: a right to write, or a secret."""
        given = self.permissions
        writes = not isinstance(given, dict) or any(level == "write" for level in given.values())
        return writes or bool(SECRET.search(repr(self.body)))

    @property
    def scripts(self) -> str:
        return "\n".join(str(step["run"]) for step in self.steps if "run" in step)

    @property
    def commands(self) -> set[str]:
        """Those of ours that it runs; of `check-example` two only ask, or say what was found elsewhere."""
        lines = self.scripts.replace("\\\n", " ").splitlines()
        found = ((re.findall(r"release-tools ([a-z-]+)", line), line) for line in lines)
        return {_kind(name, line) for names, line in found for name in names}

    @property
    def runs_others_code(self) -> bool:
        foreign = any(
            step.get("with") != HARNESS for step in self.steps if action(step) == "actions/checkout"
        )
        return foreign or bool(self.commands & FOREIGN) or self.builds_a_release

    @property
    def builds_a_release(self) -> bool:
        """`--wheel` says that a job without a token has built and examined it."""
        lines = self.scripts.replace("\\\n", " ").splitlines()
        called = [line for line in lines if "release-tools release " in line]
        return any("release doctor" in line or "--wheel" not in line for line in called)


def _kind(command: str, line: str) -> str:
    harmless = [word for word in ("--ask", "--publish") if f"{word} " in line]
    return f"{command} {harmless[0]}" if command == "check-example" and harmless else command


def action(step: dict[str, Any]) -> str:
    return str(step.get("uses", "")).partition("@")[0]


def find(text: str) -> list[str]:
    """All that is wrong with a workflow, a line each."""
    workflow = YAML(typ="safe", pure=True).load(text)
    triggers = workflow["on"]
    events = frozenset([triggers] if isinstance(triggers, str) else triggers)
    jobs = [Job(name, body, events) for name, body in workflow["jobs"].items()]
    found = list(_workflow(workflow, events, jobs, text))
    for job in jobs:
        found += [f"{job.name}: {problem}" for rule in RULES for problem in rule(job)]
    return found


def _workflow(workflow: dict[str, Any], events: frozenset[str], jobs: list[Job], text: str) -> Problems:
    if workflow.get("permissions") != {}:
        yield "permissions at the top are not {}"
    if events & REFUSED and any(job.runs_others_code or job.calls_freely for job in jobs):
        yield f"is started by {', '.join(sorted(events & REFUSED))}, and runs others' code"
    if "issue_comment" in events and "concurrency" in workflow:
        yield "comments can fill its queue, or end its runs"
    if "env" in workflow or "defaults" in workflow:
        yield "gives something to all jobs"
    for used, rest in REMOTE.findall(text):
        if not PINNED.fullmatch(used) or not VERSION.fullmatch(rest):
            yield f"{used} is not pinned to a commit, with its version beside it"


def _frame(job: Job) -> Problems:
    if not isinstance(job.permissions, dict):
        yield "does not say its permissions"
    if not job.calls and "timeout-minutes" not in job.body:
        yield "has no timeout"
    if job.body.get("secrets"):
        yield "hands secrets on"
    if "container" in job.body or "services" in job.body:
        yield "has an image that nobody pinned"
    if "concurrency" in job.body and "train" not in job.name and "issue_comment" in job.events:
        yield "waits in a queue"
    first = "issue_comment" in job.events and "needs" not in job.body
    if first and "github.event.issue.pull_request" not in str(job.body.get("if", "")):
        yield "runs for comments on issues"


def _words(job: Job) -> Problems:
    """Words that others choose are conditions, and variables of a step; nothing else."""
    body = {key: value for key, value in job.body.items() if key not in {"steps", "if", "env"}}
    steps = [{key: value for key, value in step.items() if key not in {"if", "env"}} for step in job.steps]
    for place in (body, *steps):
        found = OTHERS.search(repr(place))
        if found:
            yield f"uses {found[0]} outside of a condition or a variable"
    for step in job.steps:
        if "${{" in str(step.get("run", "")):
            yield f"has an expression in a script: {step['run']!r}"
        if "script" in (step.get("with") or {}):
            yield "has a script in an action's input"


def _checkouts(job: Job) -> Problems:
    for step in job.steps:
        if (
            action(step) == "actions/checkout"
            and (step.get("with") or {}).get("persist-credentials") is not False
        ):
            yield "leaves the token in the checkout"


def _artifacts(job: Job) -> Problems:
    for step in job.steps:
        given = step.get("with") or {}
        if action(step) != "actions/download-artifact":
            continue
        if "github-token" in given or "run-id" in given:
            yield "takes another run's artifacts"
        if "artifact-ids" not in given and (job.trusted_with or "pattern" not in given):
            yield "takes an artifact by a name that anybody's job could have given"


def _powers(job: Job) -> Problems:
    """Who has a token runs our code only; who runs others' code has nothing."""
    if job.trusted_with and job.runs_others_code:
        yield "has a token or secret, and others' code"
    if job.trusted_with and job.events & {"issue_comment", "workflow_call"}:
        yield from _only_ours(job)
    if "gpu" in str(job.body.get("runs-on", "")) and (job.permissions or job.trusted_with):
        yield "has permissions on our own machine"
    if job.calls and job.trusted_with and str(job.body["uses"]).startswith("./"):
        yield "gives permissions to a whole workflow"
    if job.body.get("env"):
        yield "gives a variable to all its steps"


def _only_ours(job: Job) -> Problems:
    for command in sorted(job.commands - OURS):
        yield f"runs {command} with a token"
    for line in job.scripts.replace("\\\n", " ").splitlines():
        if line.strip() and not any(re.match(rf"\s*{re.escape(word)}\b", line) for word in PLAIN):
            yield f"runs {line.strip()!r} with a token"
    for step in job.steps:
        if "uses" in step and action(step) not in ACTIONS:
            yield f"runs {action(step)} with a token"
        if "cache" in action(step) or "cache" in (step.get("with") or {}):
            yield "takes from a cache that others write"


RULES: tuple[Callable[[Job], Problems], ...] = (_frame, _words, _checkouts, _artifacts, _powers)

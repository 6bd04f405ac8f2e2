"""A campaign on this machine: the wheel under test, an environment with it, and the harness run there."""

from __future__ import annotations

import importlib.util
import os
import re
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from convergence import claims, needs, records
from convergence.campaign import CampaignResult
from convergence.errors import UserError
from convergence.resolved import Experiment, Experiments
from convergence.trial import missing_extra

FULL = "full"
USER_ERROR = 2
SAID = re.compile(r"error\[(?P<code>[a-z-]+)\]: (?P<text>.*)")
SAID_WHY = (USER_ERROR, 128 + signal.SIGINT, 128 + signal.SIGTERM)


@dataclass(frozen=True)
class Request:
    """What `release-tools converge` was asked for."""

    techniques: tuple[str, ...]
    tier: str
    wheel: Path | None
    source: str | None
    ref: str
    claims: Path | None
    example: Path | None
    out: Path
    data: Path
    workers: int
    gpus_each: int = 1


def check(request: Request) -> None:
    """Refuses bad input before anything is built or trained.

    Raises:
      UserError: wheel-and-source, and those of `claims.load` and `claims.select`.
    """
    if request.wheel is not None and request.source is not None:
        raise UserError(
            "wheel-and-source", "--wheel and --source exclude each other", hint="give one of them"
        )
    claims.select(claims.load(request.claims or claims.FOLDER), request.techniques, request.tier)


def data_root(tier: str, out: Path) -> Path:
    """The folder of data where none is named: at the full tier that of the policy here, if there is one.

    Raises:
      UserError: policy.
    """
    from release_tools import config

    policy = Path(config.PATH)
    if tier != FULL or not policy.is_file():
        return out / "data"
    text = policy.read_text(encoding="utf-8", errors="replace")
    return Path(config.read(text, str(policy), claims.load()).storage.data)


def lacks() -> str:
    """What training needs and this environment has not; empty where it can train."""
    for name in ("tensorflow", "official"):
        if importlib.util.find_spec(name) is None:
            return {"official": "tf-models-official"}.get(name, name)
    return ""


def prepare(request: Request, say: Callable[[str], None], warn: Callable[[str], None]) -> Path:
    """The interpreter of an environment with the TFMOT under test.

    Raises:
      UserError: missing-extra, and those of `wheel.build` and `environment.create`.
    """
    from release_tools import wheel
    from release_tools.wheel import environment

    if missing := lacks():
        raise missing_extra(missing)
    path = request.wheel
    if request.source is not None:
        asked = wheel.Request(request.source, request.ref, out=request.out / "dist")
        built = wheel.build(asked, say=say)
        for warning in built.warnings:
            warn(warning)
        path = built.wheel
    if path is None:
        return Path(sys.executable)
    say("Installing the wheel")
    return environment.create(path)


def resolve(request: Request, python: Path) -> tuple[Experiment, ...]:
    """What would be trained, as that interpreter's Official Models resolves it, and what it reads here.

    Raises:
      UserError: not-resolved, with what it said; those of `prepare`.
    """
    from release_tools import shell

    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "experiments.json"
        options = [*_common(request), "--out", out]
        command = [python, "-P", "-m", "convergence", "resolve", *request.techniques, *options]
        ran = shell.run(command, env=_environment(), check=False)
        if ran.status:
            said = ran.tail(1)
            if ran.status == USER_ERROR and (found := SAID.fullmatch(said)):
                raise UserError(found["code"], found["text"])
            raise UserError("not-resolved", "Official Models cannot resolve the experiments", where=said)
        return records.read(out, Experiments).experiments


def require(experiments: Sequence[Experiment], data: Path) -> None:
    """Refuses to train what something is missing for.

    Raises:
      UserError: missing-data, naming each missing thing once.
    """
    needs.require((need for one in experiments for need in one.needs), str(data))


def run(request: Request, python: Path) -> CampaignResult:
    """Trains and judges with that interpreter; its progress goes to our terminal.

    Raises:
      UserError: campaign-ended, when it was killed; not-a-record.
      SystemExit: when the campaign said itself why there is no result.
    """
    from release_tools import shell

    options = [*_common(request), "--out", request.out]
    options += ["--workers", str(request.workers), "--gpus-each", str(request.gpus_each), "--end-with-parent"]
    before = _made(result_path(request))
    command = [python, "-P", "-m", "convergence", "run", *request.techniques, *options]
    status = shell.attached(command, env=_environment())
    if status in SAID_WHY:
        sys.exit(status)
    if _made(result_path(request)) in (None, before):
        hint = "run the same command again: finished trials are kept"
        raise UserError("campaign-ended", f"the campaign ended with status {status}", hint=hint)
    return records.read(result_path(request), CampaignResult)


def result_path(request: Request) -> Path:
    """Where the campaign writes what it found."""
    return request.out / "campaign.json"


def _common(request: Request) -> list[str | Path]:
    """The options that say what is trained and with which data."""
    options: list[str | Path] = ["--tier", request.tier, "--data", request.data]
    if request.claims is not None:
        options += ["--claims", request.claims]
    if request.example is not None:
        options += ["--example", request.example]
    return options


def _environment() -> dict[str, str]:
    """-P and no PYTHONPATH: what lies in the working directory must not hide the TFMOT under test."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def _made(path: Path) -> tuple[int, int] | None:
    """Tells one writing of a file from another; None where there is no file."""
    if not path.exists():
        return None
    found = path.stat()
    return found.st_ino, found.st_mtime_ns

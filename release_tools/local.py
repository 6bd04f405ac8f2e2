"""A campaign on this machine: the wheel under test, an environment with it, and the harness run there."""

from __future__ import annotations

import importlib.util
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from convergence import claims, records
from convergence.campaign import CampaignResult
from convergence.model import UserError
from convergence.trial import missing_extra

SAID_WHY = (2, 128 + signal.SIGINT, 128 + signal.SIGTERM)


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


def prepare(request: Request, say: Callable[[str], None], warn: Callable[[str], None]) -> Path:
    """The interpreter of an environment with the TFMOT under test.

    Raises:
      UserError: missing-extra, and those of `wheel.build` and `environment.create`.
    """
    from release_tools import wheel
    from release_tools.wheel import environment

    for name in ("tensorflow", "official"):
        if importlib.util.find_spec(name) is None:
            raise missing_extra({"official": "tf-models-official"}.get(name, name))
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


def run(request: Request, python: Path) -> CampaignResult:
    """Trains and judges with that interpreter; its progress goes to our terminal.

    Raises:
      UserError: campaign-ended, when it was killed; not-a-record.
      SystemExit: when the campaign said itself why there is no result.
    """
    from release_tools import shell

    options: list[str | Path] = ["--tier", request.tier, "--out", request.out, "--data", request.data]
    options += ["--workers", str(request.workers), "--gpus-each", str(request.gpus_each), "--end-with-parent"]
    if request.claims is not None:
        options += ["--claims", request.claims]
    if request.example is not None:
        options += ["--example", request.example]
    # -P and no PYTHONPATH: what lies in the working directory must not hide the TFMOT under test.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    before = _made(result_path(request))
    command = [python, "-P", "-m", "convergence", "run", *request.techniques, *options]
    status = shell.attached(command, env=env)
    if status in SAID_WHY:
        sys.exit(status)
    if _made(result_path(request)) in (None, before):
        hint = "run the same command again: finished trials are kept"
        raise UserError("campaign-ended", f"the campaign ended with status {status}", hint=hint)
    return records.read(result_path(request), CampaignResult)


def result_path(request: Request) -> Path:
    """Where the campaign writes what it found."""
    return request.out / "campaign.json"


def _made(path: Path) -> tuple[int, int] | None:
    """Tells one writing of a file from another; None where there is no file."""
    if not path.exists():
        return None
    found = path.stat()
    return found.st_ino, found.st_mtime_ns

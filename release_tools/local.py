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

INFRASTRUCTURE = 4
PASSED_ON = (2, 128 + signal.SIGINT, 128 + signal.SIGTERM)


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


def prepare(request: Request, say: Callable[[str], None], warn: Callable[[str], None]) -> Path:
    """The interpreter of an environment with the TFMOT under test; bad input is refused before building.

    Raises:
      UserError: missing-extra, wheel-and-source, those of `claims.select`, `wheel.build` and
        `environment.create`.
    """
    from release_tools import environment, wheel

    if request.wheel is not None and request.source is not None:
        raise UserError(
            "wheel-and-source", "--wheel and --source exclude each other", hint="give one of them"
        )
    claims.select(claims.load(request.claims or claims.FOLDER), request.techniques, request.tier)
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


def run(request: Request, python: Path) -> int:
    """Trains and judges with that interpreter; its exit status. Its progress goes to our terminal."""
    from release_tools import shell

    options: list[str | Path] = ["--tier", request.tier, "--out", request.out, "--data", request.data]
    options += ["--workers", str(request.workers)]
    if request.claims is not None:
        options += ["--claims", request.claims]
    if request.example is not None:
        options += ["--example", request.example]
    # -P and no PYTHONPATH: what lies in the working directory must not hide the TFMOT under test.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return shell.attached([python, "-P", "-m", "convergence", "run", *request.techniques, *options], env=env)


def status_without_result(status: int) -> int:
    """The exit status of a campaign that ended without a result: 1 is kept for negative verdicts."""
    return status if status in PASSED_ON else INFRASTRUCTURE


def result_path(request: Request) -> Path:
    """Where the campaign writes what it found."""
    return request.out / "campaign.json"


def read_result(request: Request) -> CampaignResult:
    """What the campaign found.

    Raises:
      UserError: not-a-record.
    """
    return records.read(result_path(request), CampaignResult)

"""Somebody runs `release-tools` where they work; it may be killed on the way."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from release_tools.rehearsal.deeds import Done
from release_tools.rehearsal.stage import Stage

KILLED = "   # killed as soon as its audit says {until!r}"


def do(stage: Stage, who: str, value: str | Mapping[str, str]) -> Done:
    """The words; or as `words` with `until`: it is killed once the file `audit` holds this text.

    `keeps` names facts that are taken from what it says, of lines `name value`.
    """
    told = {"words": value} if isinstance(value, str) else dict(value)
    words, until = shlex.split(told["words"]), told.get("until")
    if until:
        path = stage.at(who) / told["audit"]
        ran = stage.run(
            who, *words, until=lambda: path.exists() and until in path.read_text(encoding="utf-8")
        )
        return Done(does=ran.line + KILLED.format(until=until), ran=ran)
    ran = stage.run(who, *words)
    for line in ran.said.splitlines():
        name, _, rest = line.strip().partition(" ")
        if name in told.get("keeps", "").split():
            stage.facts[name] = rest.strip()
    return Done(does=ran.line, ran=ran)

"""A request's plan, as it is handed from job to job."""

from __future__ import annotations

from pathlib import Path

import asked
import damage
import record_rules

from convergence import records
from release_tools.plan import Plan

EXAMPLES = (record_rules.text(asked.plan()), record_rules.text(asked.plan(costs={}, looks=(1,))))
INPUTS = damage.trees([record_rules.plain(one) for one in EXAMPLES])


def place(given: bytes, folder: Path) -> None:
    (folder / "plan.json").write_bytes(given)


def read(given: bytes, folder: Path) -> Plan:
    return records.read(folder / "plan.json", Plan)


def holds(value: Plan, given: bytes) -> None:
    record_rules.require_same_again(value, Plan)

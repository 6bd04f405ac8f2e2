"""What a campaign found, as the job with the token reads it: only verdicts of the plan's own claims."""

from __future__ import annotations

import tempfile
from pathlib import Path

import asked
import damage
import record_rules

from convergence import records
from convergence.campaign import CampaignResult
from release_tools.jobs import judging, scores

REQUEST = asked.Asked(Path(tempfile.mkdtemp()), asked.plan())
REQUEST.runs([0.9])
MADE = judging.judge(REQUEST.subject, scores.read(REQUEST.scores), 1).campaign
CAMPAIGN = REQUEST.subject.campaign()
EXAMPLES = (record_rules.text(MADE),)
INPUTS = damage.trees([record_rules.plain(one) for one in EXAMPLES])


def place(given: bytes, folder: Path) -> None:
    (folder / "campaign.json").write_bytes(given)


def read(given: bytes, folder: Path) -> CampaignResult:
    result = records.read(folder / "campaign.json", CampaignResult)
    judging.require_of_plan(result, CAMPAIGN)
    return result


def holds(value: CampaignResult, given: bytes) -> None:
    record_rules.require_same_again(value, CampaignResult)
    assert {one.claim.id for one in value.verdicts} <= {one.claim.id for one in MADE.verdicts}

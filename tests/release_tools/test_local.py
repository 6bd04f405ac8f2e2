"""A campaign on this machine as the command sees it: what it believes, and what it does not."""

from __future__ import annotations

from pathlib import Path

import pytest
from convergence import records
from convergence.campaign import CampaignResult
from convergence.model import UserError
from release_tools import local, shell
from release_tools.sandbox import campaigns

RESULT = campaigns.REPRODUCED.result if hasattr(campaigns, "REPRODUCED") else None

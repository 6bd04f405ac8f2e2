"""What a performance came to, for its page: what it says of itself beside the play."""

from __future__ import annotations

import pytest

from release_tools.rehearsal import telling


@pytest.mark.parametrize(
    ("met", "says"), [([], ""), (["502", "dropped"], " GitHub was made to fail 2 times.")]
)
def test_faults_that_were_met_are_counted(met: list[str], says: str) -> None:
    assert telling._faults(met) == says

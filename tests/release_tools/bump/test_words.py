"""What a bump says on GitHub: outcome and meaning of a campaign first, and nothing that calls anybody."""

from __future__ import annotations

from pathlib import Path

import pytest
from packaging.version import Version

from convergence import records
from convergence.errors import UserError
from release_tools.bump import Change, Decision, Raised
from release_tools.bump import words as bump_words
from release_tools.bump.reading import Package
from release_tools.sandbox import campaigns

RAISED = Raised(Path("a`b/@mona.txt"), 3, "it>=1", ">=1 ,\t<3", ">=2 ,\t<3")
DECISION = Decision(Package("it"), Version("2"), (RAISED,), (), (), ())
RESULT = campaigns.diverged().result


def test_a_campaign_as_evidence(tmp_path: Path) -> None:
    records.write(tmp_path / "campaign.json", RESULT)
    headline, meaning, first, *_ = bump_words.read_verdicts(tmp_path / "campaign.json")
    digest = RESULT.plan.content_digest[:12]
    assert headline == f"2 of 4 claims not reproduced on TFMOT content {digest} ({len(RESULT.trials)} trials)"
    assert meaning.startswith("A documented number does not hold")
    assert first.startswith(f"{RESULT.verdicts[0].claim.id}: not reproduced, FAIL — run 1")


def test_what_is_no_campaign(tmp_path: Path) -> None:
    (tmp_path / "campaign.json").write_text("{}")
    with pytest.raises(UserError, match="not-a-record"):
        bump_words.read_verdicts(tmp_path / "campaign.json")


def test_the_pull_request() -> None:
    said = bump_words.pull_request(
        DECISION, ["needs 2 (f, x.py:1)"], ["2 of 4", "It means <b>", "a: 1", "b: 2"]
    )
    assert said.splitlines() == [
        "Requires `it>=2`:",
        "- needs 2 (f, x.py:⁠1)",
        "- 2 of 4",
        "- It means &lt;b&gt;",
        "",
        "<details>",
        "<summary>Verdicts</summary>",
        "",
        "- a: 1",
        "- b: 2",
        "",
        "</details>",
        "",
        "- ``a`b/@mona.txt:3``: `>=1 , <3` becomes `>=2 , <3`",
        "",
        "Every version allowed before that is at or above the new minimum stays allowed.",
    ]


def test_a_fence_in_the_file_does_not_end_the_patch() -> None:
    change = Change(Path("a.txt"), Path("a.txt"), b"", b"", ("```\nit>=1\n", "```\nit>=2\n"))
    said = bump_words.patch(DECISION, ["@mona says so"], [change])
    assert "\n````diff\n--- a/a.txt\n" in said
    assert said.rstrip().endswith("\n````")
    assert "- @⁠mona says so" in said

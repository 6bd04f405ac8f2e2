"""What `--dry-run` prints, effect by effect."""

from __future__ import annotations

import pytest

from release_tools.effects import describe
from release_tools.model import (
    CancelRun,
    CheckStatus,
    Comment,
    Conclusion,
    Dispatch,
    Effect,
    Reaction,
    SetCheck,
    SetLabels,
)
from release_tools.offers import Content, OpenPullRequest, Suggest, Suggestion
from release_tools.publications import ClosePullRequest, DeleteDraft, DeleteTag, PublishRelease, PushTag

CHECK = SetCheck("o/r", "a" * 40, "convergence", "42", CheckStatus.QUEUED, "2 claims wait", "")


@pytest.mark.parametrize(
    ("effect", "line"),
    [
        (
            Comment("o/r", 7, "converge", "**Reproduced**\nmore"),
            "comment on o/r#7 [converge]: **Reproduced**",
        ),
        (Comment("o/r", 7, "help", "", replace=False), "reply once on o/r#7 [help]:"),
        (Comment("o/r", 7, "k", "a\x1b[2J" + 200 * "b"), f"comment on o/r#7 [k]: a\\x1b[2J{94 * 'b'}…"),
        (Reaction("o/r", 5, "eyes"), "react with eyes to comment 5 of o/r"),
        (CHECK, "check “convergence” queued on o/r@aaaaaaaaaaaa [42]: 2 claims wait"),
        (
            SetCheck("o/r", "b" * 40, "c", "1", CheckStatus.COMPLETED, "t", "s", Conclusion.FAILURE),
            "check “c” failure on o/r@bbbbbbbbbbbb [1]: t",
        ),
        (SetLabels("o/r", 7, ("x", "y"), ("z",)), "label o/r#7: +x, +y, -z"),
        (SetLabels("o/r", 7), "label o/r#7: nothing"),
        (
            OpenPullRequest("o/r", "bump-a", "main", "c" * 40, "Require a>=2", "", "", (Content("x", b""),)),
            "pull request in o/r, bump-a onto main@cccccccccccc: Require a>=2 (x)",
        ),
        (
            Suggest("o/r", 7, "a" * 40, "bump-a", "", (Suggestion("x y", 2, 3, "a>=2"),)),
            "suggest on o/r#7 [bump-a]: x y:3",
        ),
        (Dispatch("o/r", "c.yml", "main", {"b": "2", "a": "1\n"}), "start c.yml of o/r at main a=1 b=2"),
        (CancelRun("o/r", 9), "cancel run 9 of o/r"),
        (PushTag("o/r", "v1", "a" * 40), "tag v1 of o/r at aaaaaaaaaaaa"),
        (PublishRelease("o/r", "v1", "TFMOT 1\n", ""), "release v1 of o/r: TFMOT 1"),
        (PublishRelease("o/r", "v1rc0", "T", "", prerelease=True), "pre-release v1rc0 of o/r: T"),
        (DeleteTag("o/r", "v1", "a" * 40), "delete tag v1 of o/r, which is at aaaaaaaaaaaa"),
        (DeleteDraft("o/r", "v1"), "delete the draft of release v1 of o/r"),
        (ClosePullRequest("o/r", 7, "release-1", "a" * 40), "close o/r#7 and delete its branch release-1"),
    ],
)
def test_an_effect_is_one_line(effect: Effect, line: str) -> None:
    assert describe(effect) == line

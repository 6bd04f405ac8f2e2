"""Comments, and who consents to what they start."""

from __future__ import annotations

from typing import Any

import pytest

from convergence.errors import UserError
from release_tools.rehearsal.deeds import Done, say


@pytest.mark.parametrize(
    ("stated", "consents", "does"),
    [("/home", False, ""), ({"text": "/home", "consents": "mark"}, True, "mark consents to it")],
)
def test_a_comment_is_on_the_pull_request(opened: Any, stated: object, does: str, *, consents: bool) -> None:
    opened.consents = not consents
    done = say.do(opened, "olga", say.read(stated))
    assert [(one.user.login, one.body) for one in opened.issue.comments] == [("olga", "/home")]
    assert (done, opened.consents) == (Done(says="/home", does=does), consents)


def test_without_a_pull_request_there_is_nowhere_to_say_it(stage: Any) -> None:
    with pytest.raises(UserError, match="no pull request is open yet"):
        say.do(stage, "olga", say.read("/home"))

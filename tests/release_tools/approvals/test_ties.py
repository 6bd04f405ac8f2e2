"""Which techniques a pull request is about."""

from __future__ import annotations

import process
import pytest
from process import BOT, CARL, MONA, STAN, Process

from release_tools.approvals import ties
from release_tools.model import Person

KNOWN = {"pruning", "quantization"}
US = Person("github-actions[bot]", 99, bot=True)


def tied(made: Process) -> list[str]:
    return ties.techniques(made.facts.snapshot, KNOWN, US.login)


def bare(**changes: object) -> Process:
    made = Process()
    made.pull(**{"body": "Please.", **changes})
    return made


def test_claims_in_the_text_tie_it() -> None:
    assert tied(Process()) == ["pruning"]


def test_also_of_a_technique_that_is_new() -> None:
    made = bare(body="```toml claims sparsity-2-by-4\n```")
    assert tied(made) == ["sparsity-2-by-4"]
    assert ties.perhaps(made.facts.pull_request)


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (("technique:pruning",), ["pruning"]),
        (("technique: quantization", "technique:pruning"), ["pruning", "quantization"]),
        (("technique:cooking",), []),
        (("pruning",), []),
        (("mot: home",), []),
    ],
)
def test_a_label_ties_it(labels: tuple[str, ...], expected: list[str]) -> None:
    assert tied(bare(labels=labels)) == expected


def accepted(made: Process, command: str, who: Person = MONA, by: Person = US, reply: str = "") -> None:
    said = made.say(who, command)
    row = "| request | `0123456789abcdef` |"
    made.say(by, reply or f"**Queued**\n\n{row}\n\n<!-- release-tools:reply-{said.id} -->")


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("/converge pruning", ["pruning"]),
        ("/converge pruning quantization tier=full", ["pruning", "quantization"]),
        ("/converge", []),
        ("/converge cooking", []),
        ("/converge status", []),
        ("/converge pruning teir=full", []),
        ("> /converge pruning", []),
    ],
)
def test_an_accepted_request_ties_it(command: str, expected: list[str]) -> None:
    made = bare()
    accepted(made, command)
    assert tied(made) == expected


@pytest.mark.parametrize(
    ("by", "reply"),
    [
        (STAN, ""),
        (CARL, ""),
        (BOT, ""),
        (US, "Nothing was started: only who can write\n\n<!-- release-tools:reply-1 -->"),
        (US, "| request | `0123456789abcdef` |\n\n<!-- release-tools:reply-7 -->"),
    ],
)
def test_a_request_that_was_not_accepted_does_not(by: Person, reply: str) -> None:
    made = bare()
    accepted(made, "/converge pruning", STAN, by, reply)
    assert tied(made) == []


def test_a_request_without_an_answer_does_not() -> None:
    made = bare()
    made.say(MONA, "/converge pruning")
    assert tied(made) == []


@pytest.mark.parametrize(
    "body", ["```toml claims\n```", "```toml claims ../x\n```", "`toml claims pruning`", ""]
)
def test_a_text_that_says_nothing(body: str) -> None:
    assert tied(bare(body=body)) == []


def test_our_own_reply_says_a_request_as_it_is_looked_for() -> None:
    """The row of an accepted request, in the words of `replies`."""
    from release_tools.markdown import code, table

    row = table([("request", code("0123456789abcdef"))], ("", ""))
    assert ties._REQUEST.search(row)
    assert process.BODY


def test_a_text_that_names_hundreds_gets_only_so_many_and_known_ones_first() -> None:
    made = bare(
        body="\n".join(f"```toml claims a-{number}\n```" for number in range(300)),
        labels=("technique:pruning",),
    )
    found = tied(made)
    assert len(found) == ties.MOST
    assert "pruning" in found

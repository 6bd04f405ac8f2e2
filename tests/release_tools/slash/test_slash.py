"""The grammar of what is said to us: what is a command, what is none, and what is wrong with one."""

from __future__ import annotations

import click
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from release_tools import slash
from release_tools.slash import Command, Problem, Wrong
from release_tools.slash.converge import Action, Request, line

SHA = "0123456789abcdef0123456789abcdef01234567"


def run(*techniques: str, **values: object) -> Command:
    return Command("converge", Request(Action.RUN, techniques, **values))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("body", "heard"),
    [
        ("/converge", run()),
        ("/CONVERGE", run()),
        ("/converge pruning quantization", run("pruning", "quantization")),
        (f"/converge @{SHA.upper()}", run(sha=SHA)),
        ("/converge @0123456", run(sha="0123456")),
        ("/converge TIER=Full", run(tier="full")),
        ("/converge tfmot=refs/pull/12/head seeds=3", run(tfmot="refs/pull/12/head", seeds=3)),
        (
            "/converge seeds=3 pruning tier=smoke @0123456",
            run("pruning", sha="0123456", tier="smoke", seeds=3),
        ),
        ("/converge\tpruning\u00a0quantization  ", run("pruning", "quantization")),
        ("\r\n \r\n   /converge pruning\r\nWhy: #1", run("pruning")),
        ("/converge status", Command("converge", Request(Action.STATUS))),
        ("/converge Cancel", Command("converge", Request(Action.CANCEL))),
        ("/converge help\n\n/converge", Command("converge", Request(Action.HELP))),
    ],
)
def test_what_is_understood(body: str, heard: Command) -> None:
    assert slash.parse(body) == heard


@pytest.mark.parametrize(
    "body",
    [
        "",
        "\n \u00a0\n",
        "converge",
        "/converged",
        "/converge.",
        "/converge, please",
        "/converge/x",
        "/converge-x",
        "/convergé",
        "/con verge",
        "//converge",
        "\uff0fconverge",
        "/\u212aonverge",
        "\u200b/converge",
        "\u202e/converge",
        "\ufeff/converge",
        "> /converge",
        "- /converge",
        "    /converge",
        "\t/converge",
        "`/converge`",
        "```\n/converge\n```",
        "~~~\n/converge\n~~~",
        "<!-- -->\n/converge",
        "<!--\n/converge\n-->",
        "See:\n/converge",
        "/lgtm",
        "/__init__",
    ],
)
def test_what_is_no_command(body: str) -> None:
    assert slash.parse(body) is None


@pytest.mark.parametrize(
    ("body", "wrong", "word", "hint"),
    [
        ("/converge teir=full", Wrong.UNKNOWN, "teir=full", "did you mean tier=?"),
        ("/converge zz=1", Wrong.UNKNOWN, "zz=1", "known: @SHA, tier=, tfmot=, seeds="),
        ("/converge tier=full tier=full", Wrong.TWICE, "tier=full", ""),
        ("/converge @0123456 @0123456", Wrong.TWICE, "@0123456", ""),
        ("/converge tier=", Wrong.VALUE, "tier=", "it needs a value"),
        ("/converge @", Wrong.VALUE, "@", "it needs a value"),
        ("/converge tier=mist", Wrong.VALUE, "tier=mist", "'mist' is not one of 'smoke', 'full'."),
        ("/converge seeds=0", Wrong.VALUE, "seeds=0", "give a number from 1 to 20"),
        ("/converge seeds=21", Wrong.VALUE, "seeds=21", "give a number from 1 to 20"),
        ("/converge seeds=1e9", Wrong.VALUE, "seeds=1e9", "give a number from 1 to 20"),
        ("/converge seeds=1_0", Wrong.VALUE, "seeds=1_0", "give a number from 1 to 20"),
        ("/converge seeds=\u0663", Wrong.VALUE, "seeds=\u0663", "give a number from 1 to 20"),
        ("/converge @012345", Wrong.VALUE, "@012345", "a commit is @ and 7 to 40 hexadecimal digits"),
        (f"/converge @{SHA}0", Wrong.VALUE, f"@{SHA}0", "a commit is @ and 7 to 40 hexadecimal digits"),
        ("/converge @someone", Wrong.VALUE, "@someone", "a commit is @ and 7 to 40 hexadecimal digits"),
        ("/converge tfmot=a..b", Wrong.VALUE, "tfmot=a..b", "give a branch, a tag, a commit or pull/N/head"),
        ("/converge tfmot=-x", Wrong.VALUE, "tfmot=-x", "give a branch, a tag, a commit or pull/N/head"),
        ("/converge tfmot=$(x)", Wrong.VALUE, "tfmot=$(x)", "give a branch, a tag, a commit or pull/N/head"),
        ("/converge pruning pruning", Wrong.VALUE, "", "'pruning' is named twice"),
        ("/converge ../x", Wrong.VALUE, "", "'../x' is no technique's name"),
        ("/converge --help", Wrong.VALUE, "", "'--help' is no technique's name"),
        ("/converge --tier=full", Wrong.VALUE, "", "'--tier=full' is no technique's name"),
        ("/converge cancel pruning", Wrong.VALUE, "", "cancel stands alone: /converge cancel"),
        ("/converge status tier=full", Wrong.VALUE, "", "status stands alone: /converge status"),
        ("/converge pru\u200bning", Wrong.INVISIBLE, "\u200b", ""),
        ("/converge \u202egninurp", Wrong.INVISIBLE, "\u202e", ""),
        ("/converge\u2028pruning", Wrong.INVISIBLE, "\u2028", ""),
        ("/converge\u200b", Wrong.INVISIBLE, "\u200b", ""),
        (f"/converge {'x' * 500}", Wrong.LONG, f" {'x' * 19}…", ""),
    ],
)
def test_what_is_wrong_is_named(body: str, wrong: Wrong, word: str, hint: str) -> None:
    assert slash.parse(body) == Problem("converge", wrong, word, hint)


WORDS = st.one_of(
    st.sampled_from(
        ["pruning", "@0123456", "tier=full", "tfmot=master", "seeds=2", "status", "--", "@", "="]
    ),
    st.text(max_size=12),
)


@settings(deadline=None)
@given(st.sampled_from(["", "/converge ", "/CONVERGE ", "\n/converge "]), st.lists(WORDS, max_size=6))
@example("/converge ", ["\ud800"])
@example("/converge ", ["-", "--sha", "x"])
def test_whatever_is_said_is_data(start: str, words: list[str]) -> None:
    heard = slash.parse(start + " ".join(words))
    assert heard is None or isinstance(heard, Command | Problem)


@settings(deadline=None)
@given(st.text("\r\n\t `~><-!/converg", max_size=40))
def test_only_the_first_line_that_is_not_blank_counts(body: str) -> None:
    heard = slash.parse(f"{body}\nx\n/converge pruning")
    assert heard == slash.parse(f"{body}\nx")


REQUESTS = st.builds(
    Request,
    st.just(Action.RUN),
    st.lists(st.sampled_from(["pruning", "quantization", "a.b-c_d"]), unique=True).map(tuple),
    st.just(SHA),
    st.sampled_from(["", "smoke", "full"]),
    st.sampled_from(["", "master", "v0.8.1", "pull/7/head"]),
    st.integers(0, 20),
)


@settings(deadline=None)
@given(REQUESTS)
def test_the_line_to_copy_asks_for_the_same(request: Request) -> None:
    assert slash.parse(line(request, SHA)) == Command("converge", request)


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ("\n" * 65_536, type(None)),
        (" \n" * 32_768, type(None)),
        ("\u00a0" * 65_536, type(None)),
        ("/converge " + "a " * 32_000, Problem),
        ("/converge " + "tier=" * 13_000, Problem),
        ("/converge @" + "0" * 65_000, Problem),
        ("/" + "converge" * 8_000, type(None)),
        ("/converge " + "\u200b" * 65_000, Problem),
        ("\r" * 65_536, type(None)),
    ],
    ids=range(9),
)
def test_the_longest_comment_is_answered(body: str, answer: type) -> None:
    """What took more than linear time would take for ever here; `make bench` shows how long it takes."""
    assert isinstance(slash.parse(body), answer)


@pytest.mark.parametrize("name", slash.names())
def test_every_file_is_a_command(name: str) -> None:
    found = slash.find(name)
    assert isinstance(found.command, click.Command)
    assert callable(found.read)
    assert callable(found.decide)
    assert all(isinstance(p, click.Argument) or p.help for p in found.command.params)  # type: ignore[attr-defined]

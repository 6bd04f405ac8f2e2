"""Text from outside, rendered: it reads as it was written, and nothing in it is markup or a link."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from release_tools import markdown
from release_tools.markdown import JOINER

RENDERER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
LINKED = re.compile(  # what GitHub makes links of in rendered text: people, issues, commits, addresses, emoji
    r"@\w|#[0-9]|\bgh-[0-9]|\b[0-9a-f]{7,40}\b|[a-z]://|www\.|mailto:\w|:[\w+-]+:", re.IGNORECASE | re.ASCII
)
HOSTILE = (
    "@someone",
    "fixes #1, GH-2, a/b#3",
    "https://evil.example www.evil.example mailto:a@b.example",
    "<img src=x onerror=alert(1)> </details> <!-- -->",
    "[x](javascript:alert(1)) ![x](y) [x]: z",
    "`a` ``b`` ~~~ ``` c",
    "# heading",
    "- item",
    "1. item",
    "12) item",
    "> quote",
    "| a | b |\n|---|---|\n| c | d |",
    "*a* __b__ ~~c~~ $x$ :tada: &amp; &#64;",
    "\\",
    "a\\|b",
    "\u202etxt\u200b\u2060\ud800",
    "deadbeefcafe",
    "---",
    "===",
)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def rendered(source: str) -> tuple[list[str], str]:
    """Tags and text of the page that a Markdown source makes."""
    page = Tags()
    page.feed(RENDERER.render(source))
    page.close()
    return page.tags, page.text.removesuffix("\n")


def outside() -> st.SearchStrategy[str]:
    pieces = st.one_of(
        st.sampled_from(HOSTILE), st.text(max_size=6), st.text("@#:/.`|\\<>&$*_~- ab1\n", max_size=8)
    )
    return st.lists(pieces, max_size=5).map("".join)


@settings(deadline=None)
@given(outside())
@example("@@a")
@example("1.")
@example("&#64;a")
def test_text_reads_as_written_and_does_nothing(value: str) -> None:
    tags, shown = rendered(markdown.text(value))
    assert tags in (["p"], [])
    assert shown.replace(JOINER, "") == markdown.one_line(value)
    assert not LINKED.search(shown)


@settings(deadline=None)
@given(outside())
def test_code_holds_the_text_and_nothing_else(value: str) -> None:
    tags, shown = rendered(markdown.code(value))
    assert tags == ["p", "code"]
    assert shown == (markdown.visible(value) or " ")


@settings(deadline=None)
@given(outside(), outside(), outside())
def test_text_and_code_leave_each_other_alone(left: str, middle: str, right: str) -> None:
    tags, _ = rendered(f"say {markdown.text(left)} {markdown.code(middle)} {markdown.text(right)}.")
    assert tags == ["p", "code"]


@settings(deadline=None)
@given(st.lists(st.tuples(outside(), outside()), max_size=4))
def test_a_table_has_its_cells_whatever_is_in_them(values: list[tuple[str, str]]) -> None:
    cells = [(markdown.text(left), markdown.code(right)) for left, right in values]
    tags, _ = rendered(markdown.table(cells, ("a", "b"), "lr"))
    body = [*["tr", "td", "td", "code"] * len(values)]
    assert [tag for tag in tags if tag != "tbody"] == ["table", "thead", "tr", "th", "th", *body]


@settings(deadline=None)
@given(outside())
def test_details_open_once(summary: str) -> None:
    tags, shown = rendered(markdown.details(summary, "body"))
    assert tags == ["details", "summary", "p"]
    assert not LINKED.search(shown)


@pytest.mark.parametrize(
    ("value", "most", "said"),
    [
        ("plain words", None, "plain words"),
        ("two\n lines", None, "two lines"),
        ("@someone: see #1", None, f"@{JOINER}someone: see \\#{JOINER}1"),
        ("<b>", None, "&lt;b&gt;"),
        ("a|b", None, "a&#124;b"),
        ("abcdef", 4, "abc…"),
        ("a\u200bb", None, "a\\\\u200bb"),
        ("", None, ""),
    ],
)
def test_text(value: str, most: int | None, said: str) -> None:
    assert markdown.text(value, most=most) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("a", "`a`"),
        ("a`b", "``a`b``"),
        ("`", "`` ` ``"),
        (" a ", "`  a  `"),
        ("", "` `"),
        ("a\nb", "`a\\nb`"),
    ],
)
def test_code(value: str, said: str) -> None:
    assert markdown.code(value) == said


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("### ✅ Reproduced: *all*\n**This  counts**, `a|b`", "✅ Reproduced: all This counts, a|b"),
        ("one\ntwo  \nthree", "one two three"),
        ("[a link](https://example.org) & &lt;<sub>x</sub>", "a link & <x"),
        ("<!-- release-tools: key -->\n", ""),
        ("a *b", "a *b"),
        ("", ""),
    ],
)
def test_words(written: str, read: str) -> None:
    assert markdown.words(written) == read


@given(st.text(max_size=50))
def test_words_are_what_text_was_made_from(value: str) -> None:
    shown = markdown.words(markdown.text(value))
    assert shown.split() == markdown.one_line(value).replace(markdown.JOINER, "").split()


def test_table() -> None:
    assert markdown.table([("x", "`1|2`")], ("a", "b"), "lr") == "| a | b |\n| :-- | --: |\n| x | `1\\|2` |\n"
    with pytest.raises(ValueError, match="2 cells"):
        markdown.table([("x",)], ("a", "b"))

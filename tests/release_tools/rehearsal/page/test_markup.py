"""Markdown as GitHub shows it, and what is left of what somebody hopes to slip in."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from justhtml import JustHTML

from release_tools import markdown
from release_tools.rehearsal.page import markup, mermaid

pytestmark = pytest.mark.usefixtures("undrawn")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("one\ntwo", "<p>one<br>\ntwo</p>\n"),
        ("~~gone~~ ~gone~", "<p><s>gone</s> <s>gone</s></p>\n"),
        ("<sub>Head `1f`</sub>", "<p><sub>Head <code>1f</code></sub></p>\n"),
        ("- [x] done\n- [ ] open", '<ul class="contains-task-list">\n'
         '<li class="task-list-item">☑ done</li>\n<li class="task-list-item">☐ open</li>\n</ul>\n'),
        ("```python\na < 'b'\n```", "<pre><code>a &lt; 'b'\n</code></pre>\n"),
        ("> [!WARNING]\n> hot", '<div class="markdown-alert markdown-alert-warning">\n'
         '<p class="markdown-alert-title">Warning</p>\n<p>hot</p>\n</div>\n'),
        ("@mona, see #3", "<p>@mona, see #3</p>\n"),
        ("<!-- release-tools: key -->\nseen", "\n<p>seen</p>\n"),
        ("![a chart](https://x.example/y.png)", "<p>a chart</p>\n"),
    ],
)  # fmt: skip
def test_markdown_is_githubs(text: str, shown: str) -> None:
    assert markup.render(text).lstrip("\n") == shown.lstrip("\n")


def test_a_table_scrolls_with_the_keyboard_and_keeps_its_alignment() -> None:
    shown = markup.render(markdown.table([("a", "1")], ("", "n"), "lr"))
    assert shown.startswith('<div class="scroll" role="group" aria-label="Table" tabindex="0"><table>')
    assert shown.rstrip().endswith("</table></div>")
    assert '<td style="text-align:left"></td>' in shown
    assert '<th style="text-align:right">n</th>' in shown


def test_details_open_and_hold_markdown() -> None:
    shown = markup.render(markdown.details("More <b>", "- **x**"))
    assert shown.split("\n")[:2] == ["<details>", "<summary>More &lt;b&gt;</summary>"]
    assert "<strong>x</strong>" in shown


@pytest.mark.parametrize(
    ("text", "level", "levels"),
    [
        ("# a\n### b\n### c\n", 5, ["h5", "h6", "h6"]),
        ("### a\n", 4, ["h4"]),
        ("## b\n# a\n###### c\n", 5, ["h6", "h5", "h6"]),
        ("## b\nx\n# a\n", 6, ["h6", "h6"]),
    ],
)
def test_headings_stand_below_those_around_them(text: str, level: int, levels: list[str]) -> None:
    assert re.findall(r"<(h\d)>", markup.render(text, level=level)) == levels


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><script>1</script></svg>",
    '<b onclick="alert(1)" style="position:fixed" id="main" class="tier">x</b>',
    "[x](javascript:alert(1)) <a href='java\nscript:alert(1)'>y</a> <a href=data:text/html,x>z</a>",
    "<iframe src=https://x.example></iframe><object data=x></object><embed src=x><base href=//x.example>",
    "<style>body{display:none}</style><link rel=stylesheet href=//x.example><meta http-equiv=refresh>",
    "<form action=//x.example><input type=password autofocus><button>x</button><textarea></textarea></form>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--><img src onerror=alert(1)>'>",
    "<table><tr><td style='text-align:left;background:url(//x.example)'>x</td></tr></table>",
    "<details ontoggle=alert(1) open><summary>x</summary></details>",
    "</div></article></main></body><script>",
    "<input class=\"task-list-item-checkbox\" onfocus=alert(1) autofocus>",
    "```mermaid\n</code><script>alert(1)</script>\n```",
    "<a href=//x.example/p>relative</a> <a href='#main' name=x>inside</a>",
    "![x](javascript:alert(1)) ![<script>](y)",
]  # fmt: skip
NEVER = {
    "script", "style", "link", "meta", "base", "iframe", "object", "embed", "form", "input", "button",
    "textarea", "select", "svg", "math", "template", "audio", "video", "noscript", "title", "main",
    "section", "article",
}  # fmt: skip
ALLOWED = {
    "class", "href", "rel", "style", "open", "start", "tabindex", "role", "aria-label", "media", "srcset",
    "src", "width", "height", "alt",
}  # fmt: skip


def harmless(shown: str) -> None:
    """Nothing runs, loads, links elsewhere than the web, or closes what is around it."""
    page = JustHTML(f"<main><section>{shown}</section><i class='after'></i></main>", sanitize=False)
    assert page.query("main > i.after"), "it closes what is around it"
    frame, elements = page.query("*")[:5], page.query("*")[5:]
    assert [one.name for one in frame] == ["html", "head", "body", "main", "section"]
    for element in elements:
        assert element.name not in NEVER
        assert set(element.attrs or {}) <= ALLOWED, element
        for name in ("src", "srcset"):
            assert (
                (element.attrs or {}).get(name, "data:image/svg+xml;base64,").startswith("data:image/svg+xml")
            )
        href = (element.attrs or {}).get("href")
        assert href is None or href.startswith(("https://", "http://"))
        style = (element.attrs or {}).get("style")
        assert style is None or re.fullmatch(r"text-align:\w+;?", style)


@pytest.mark.parametrize("text", [*HOSTILE[:4], *HOSTILE[5:8], HOSTILE[11], HOSTILE[14]])
def test_what_is_not_cleaned_would_be_seen(text: str) -> None:
    with pytest.raises(AssertionError):
        harmless(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_does_nothing(text: str) -> None:
    shown = markup.render(text, resolve=lambda url: url if url.startswith(("https://", "http://")) else None)
    harmless(shown)


@given(
    st.lists(
        st.sampled_from([*HOSTILE, "|a|\n|-|\n|b|\n", "- [x] ", "\n\n", "> ", "`", "<b>", "* "]), max_size=6
    )
)
@example(["<table><tr><td>", "</td></table></table></div>"])
def test_hostile_texts_together_do_nothing(parts: list[str]) -> None:
    harmless(markup.render("".join(parts), resolve=lambda url: None))


@given(st.text(max_size=60))
def test_any_text_can_be_shown(text: str) -> None:
    harmless(markup.render(text, resolve=lambda url: None))


def test_links_lead_where_they_are_resolved_to() -> None:
    places = {"https://github.com/x": "#here", "https://fine.example/": "https://fine.example/"}
    text = "[a](https://github.com/x) https://fine.example/ [gone](https://gone.example) <a href='/rel'>r</a>"
    shown = markup.render(text, resolve=places.get)
    assert re.findall(r'href="([^"]*)"', shown) == ["#here", "https://fine.example/"]
    assert "gone" in shown
    assert 'rel="noopener noreferrer nofollow"' in shown


def test_a_chart_stands_where_its_text_stood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mermaid, "figure", lambda source: f"<figure>{source.strip()}</figure>")
    shown = markup.render("before\n```mermaid\none\n```\nbetween\n``` mermaid \ntwo\n```\nafter")
    assert re.sub(r"\s+", "", shown) == (
        "<p>before</p><figure>one</figure><p>between</p><figure>two</figure><p>after</p>"
    )

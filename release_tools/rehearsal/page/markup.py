"""Markdown from anybody as GitHub shows it, in HTML that does nothing.

What is read is GitHub's Markdown, raw HTML included; what is left of that is the little that a comment needs:
no script, no style, no picture from elsewhere, no mention that is a link.
"""

from __future__ import annotations

import functools
import hashlib
import html
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from release_tools.rehearsal.page import mermaid

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

Resolve = Callable[[str], str | None]  # where a link leads from this page; None where it leads nowhere

TAGS = {
    "a", "b", "blockquote", "br", "code", "dd", "del", "details", "div", "dl", "dt", "em", "hr", "i", "ins",
    "kbd", "li", "ol", "p", "pre", "q", "s", "samp", "span", "strike", "strong", "sub", "summary", "sup",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "ul", "var", "h4", "h5", "h6",
}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "details": {"open"}, "ol": {"start"}, "td": {"style"}, "th": {"style"}}
ALERTS = {f"markdown-alert-{kind}" for kind in ("note", "tip", "important", "warning", "caution")}
CLASSES = {
    "div": {"markdown-alert", *ALERTS},
    "p": {"markdown-alert-title"},
    "ul": {"contains-task-list"},
    "li": {"task-list-item"},
}
DEEPEST = 6
_SCROLLS = '<div class="scroll" role="group" aria-label="Table" tabindex="0"><table>'
_EMPTY_HEAD = re.compile(r"<th([^>]*)></th>")


def nowhere(_address: str) -> str | None:
    """For text of which nothing is linked."""
    return None


def render(text: str, *, level: int = 5, resolve: Resolve = nowhere) -> str:
    """HTML to put into a page.

    Args:
      level: of the highest headings in it, so that they stand below those around them.
    """
    mark = "mermaid" + hashlib.sha256(text.encode()).hexdigest()  # a text does not hold its own digest
    charts: list[str] = []
    parser = _parser()
    tokens = parser.parse(text.replace("\0", "�"))
    _lower(tokens, level)
    shown = parser.renderer.render(tokens, parser.options, {"mark": mark, "charts": charts})
    clean = _finished(_cleaned(shown, resolve))
    for number, source in enumerate(charts):
        clean = clean.replace(f"<p>{mark}{number}.</p>", mermaid.figure(source))
    return clean


@functools.cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.gfm_autolink import gfm_autolink_plugin

    options = {"breaks": True, "tasklists": True, "alerts": True, "strikethrough_single_tilde": True}
    parser = MarkdownIt("commonmark", options).enable(["table", "strikethrough"]).use(gfm_autolink_plugin)
    parser.add_render_rule("fence", _fence)
    parser.add_render_rule("image", _image)
    parser.add_render_rule("list_item_open", _item)
    return parser


def _fence(_renderer: Any, tokens: Sequence[Token], index: int, _options: Any, env: dict[str, Any]) -> str:
    """A block of code, or the mark of a chart's place."""
    token = tokens[index]
    if token.info.strip().lower() != "mermaid":
        return f"<pre><code>{html.escape(token.content)}</code></pre>\n"
    env["charts"].append(token.content)
    return f"<p>{env['mark']}{len(env['charts']) - 1}.</p>\n"


def _image(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: dict[str, Any]) -> str:
    """What an image shows, in words: the image itself is elsewhere."""
    return html.escape(renderer.renderInlineAsText(tokens[index].children or [], options, env))


def _item(_renderer: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    """The begin of a list's item; a task has a sign in place of the box, which nobody can tick here."""
    checked = tokens[index].meta.get("checked")
    if checked is None:
        return "<li>"
    return f'<li class="task-list-item">{"☑" if checked else "☐"} '


def _lower(tokens: Sequence[Token], level: int) -> None:
    """Give headings the levels from `level` on, none left out."""
    headings = [token for token in tokens if token.type in {"heading_open", "heading_close"}]
    used = sorted({token.tag for token in headings})
    for token in headings:
        token.tag = f"h{min(level + used.index(token.tag), DEEPEST)}"


def _cleaned(shown: str, resolve: Resolve) -> str:
    import nh3

    def linked(_element: str, attribute: str, value: str) -> str | None:
        return resolve(value) if attribute == "href" else value

    return nh3.clean(
        shown,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=linked,
        allowed_classes=CLASSES,
        filter_style_properties={"text-align"},
        url_schemes={"http", "https"},
        link_rel="noopener noreferrer nofollow",
    )


def _finished(clean: str) -> str:
    """Tables scroll by themselves, also with the keyboard; what is empty heads nothing."""
    wrapped = clean.replace("<table>", _SCROLLS).replace("</table>", "</table></div>")
    return _EMPTY_HEAD.sub(r"<td\1></td>", wrapped)

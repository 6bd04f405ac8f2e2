"""Text from outside as GitHub's Markdown: it shows what was written, and does nothing.

GitHub links mentions, issues, commits and addresses in the text that Markdown leaves behind, so that escaping
does not stop it: there an invisible word joiner does.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

JOINER = "\u2060"  # has no width and ends a word

_LINKED = re.compile(
    r"@|#(?=\w)|:(?=\S)|www(?=\.)|\bgh(?=-[0-9])|[0-9a-f]{6}(?=[0-9a-f])", re.IGNORECASE | re.ASCII
)
_MARKUP = re.compile(r"[\\`*_\[\]#~<>&|$]")
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "|": "&#124;", "$": "&#36;"}  # a backslash is not enough
_BLOCK_START = re.compile(r"^(?=[-+=])|^(\d+)(?=[.)])")
_INSTEAD = {"softbreak": " ", "hardbreak": " ", "html_inline": ""}  # of what nobody reads
_RULES = {"l": ":--", "r": "--:", "c": ":-:"}


def text(value: str, *, most: int | None = None) -> str:
    """One line that reads as `value` in a sentence, a list or a table's cell, and links and calls nobody.

    What cannot be seen (controls, zero-width and bidirectional marks) is shown as its escape.
    """
    line = _LINKED.sub(rf"\g<0>{JOINER}", one_line(value, most))
    escaped = _MARKUP.sub(lambda found: _ENTITIES.get(found[0], f"\\{found[0]}"), line)
    return _BLOCK_START.sub(lambda found: (found[1] or "") + "\\", escaped)


def code(value: str, *, most: int | None = None) -> str:
    """A code span of one line that holds `value`, whatever backticks there are in it."""
    line = visible(value, most) or " "
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", line)), default=0))
    pad = " " if not line.isspace() and {line[0], line[-1]} & {"`", " "} else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def fenced(value: str, language: str = "") -> str:
    """A block that holds `value`, whatever fences there are in it."""
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", value)), default=0))
    return f"{fence}{language}\n{value.removesuffix(chr(10))}\n{fence}"


def table(rows: Iterable[Sequence[str]], headers: Sequence[str], align: str = "") -> str:
    """A table of cells that are Markdown already.

    Args:
      align: a letter a column: l, r or c; all l where it is empty.
    """
    rules = [_RULES[letter] for letter in align or "l" * len(headers)]
    lines = [[_cell(cell) for cell in headers], rules, *([_cell(cell) for cell in row] for row in rows)]
    if {len(line) for line in lines} != {len(headers)}:
        raise ValueError(f"not every row has {len(headers)} cells")
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def details(summary: str, body: str) -> str:
    """A section that opens on a click; the summary is text from anywhere, the body Markdown."""
    shown = html.escape(_LINKED.sub(rf"\g<0>{JOINER}", one_line(summary)), quote=False)
    return f"<details>\n<summary>{shown}</summary>\n\n{body.strip()}\n\n</details>\n"


def words(markdown: str) -> str:
    """What people read of paragraphs, headings and lists, on one line and without their marks."""
    from markdown_it import MarkdownIt

    blocks = [block.children or () for block in MarkdownIt().parse(markdown.replace(JOINER, ""))]
    read = ("".join(_INSTEAD.get(one.type, one.content) for one in block) for block in blocks)
    return " ".join(" ".join(read).split())


def one_line(value: str, most: int | None = None) -> str:
    """The words of `value` on one line, invisible characters shown; for where there is no Markdown."""
    return visible(" ".join(value.split()), most)


def visible(value: str, most: int | None = None) -> str:
    """The value, at most so long, with the escapes of what cannot be seen (a line's end, too)."""
    kept = value if most is None or len(value) <= most else value[: most - 1] + "…"
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in kept)


def _cell(markdown: str) -> str:
    return " ".join(markdown.split("\n")).replace("|", r"\|")

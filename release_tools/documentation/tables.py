"""The tables of a Markdown document, written as pipes or as HTML, as grids of what they say."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from convergence.errors import UserError

if TYPE_CHECKING:
    from markdown_it.token import Token

MOST_SPAN = 1000  # as HTML has it for columns
MOST_CELLS = 50_000  # of a table with its spans written out
LARGEST = 2**19  # characters of a document: TFMOT's and Official Models' have 60,000 at most


@dataclass(frozen=True)
class Cell:
    """What a cell says; one that spans several places of the grid is the same cell at each.

    Attributes:
      place: row and column where the cell begins.
      outside_links: what it says beside the texts of its links, which name files.
    """

    text: str
    outside_links: str
    place: tuple[int, int]


@dataclass(frozen=True)
class Table:
    """A table below a heading: the texts above its columns, and its rows, all of one length.

    A row whose first cell is empty goes on with what the first cell above it names.
    """

    section: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass
class _Written:
    """A cell as it is written, while it is read."""

    header: bool = False
    rowspan: int = 1
    colspan: int = 1
    parts: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    def add(self, text: str, *, link: bool) -> None:
        self.parts.append(text)
        if not link:
            self.links.append(text)


def parse(text: str) -> list[Table]:
    """Every table of a Markdown text, in order.

    Raises:
      UserError: table, for one that is too large to be a table; document.
    """
    from markdown_it import MarkdownIt

    if len(text) > LARGEST:
        raise UserError("document", f"a document has more than {LARGEST:,} characters", hint="is it one?")
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    tables: list[Table] = []
    section, html = "", _Html()
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            tables += [_table(section, rows) for rows in html.finish()]
            section, html = _words("".join(part for part, _ in _texts(tokens[index + 1]))), _Html()
        elif token.type == "html_block":
            html.feed(token.content)
        elif token.type == "table_open":
            tables += [_table(section, rows) for rows in html.finish()]
            html = _Html()
            tables.append(_table(section, _pipes(tokens[index:])))
    return [*tables, *(_table(section, rows) for rows in html.finish())]


class _Html(HTMLParser):
    """Gathers the rows of each `<table>`; what is not closed ends where the next begins."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[_Written]]] = []
        self.open = self.cell = False
        self.link = 0

    def finish(self) -> list[list[list[_Written]]]:
        """The tables that were read."""
        self.close()
        return self.tables

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
            self.open, self.cell = True, False
        elif tag == "tr" and self.open:
            self.tables[-1].append([])
            self.cell = False
        elif tag in ("td", "th") and self.open:
            if not self.tables[-1]:
                self.tables[-1].append([])
            known = dict(attrs)
            spans = (_span(known.get("rowspan")), _span(known.get("colspan")))
            self.tables[-1][-1].append(_Written(tag == "th", *spans))
            self.cell, self.link = True, 0
        elif tag == "a":
            self.link += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self.open = self.cell = False
        elif tag in ("tr", "td", "th"):
            self.cell = False
        elif tag == "a":
            self.link = max(0, self.link - 1)

    def handle_data(self, data: str) -> None:
        if self.cell:
            self.tables[-1][-1][-1].add(data, link=bool(self.link))


def _pipes(tokens: Sequence[Token]) -> list[list[_Written]]:
    """The rows of the table that the tokens begin with."""
    rows: list[list[_Written]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type in ("td_open", "th_open"):
            rows[-1].append(_Written(token.type == "th_open"))
        elif token.type == "inline":
            for text, link in _texts(token):
                rows[-1][-1].add(text, link=link)
        elif token.type == "table_close":
            break
    return rows


def _texts(inline: Token) -> Iterator[tuple[str, bool]]:
    """The texts in a line of Markdown, each with whether it is a link's."""
    links = 0
    for child in inline.children or []:
        links += child.nesting if child.type in ("link_open", "link_close") else 0
        if child.type in ("text", "code_inline"):
            yield child.content, links > 0
        elif child.type in ("softbreak", "hardbreak"):
            yield " ", links > 0


def _table(section: str, written: list[list[_Written]]) -> Table:
    headers = list(itertools.takewhile(lambda row: all(cell.header for cell in row), written))
    grid = _grid([row for row in written if row])
    count = len([row for row in headers if row])
    above = itertools.zip_longest(*grid[:count], fillvalue=Cell("", "", (0, 0)))
    columns = tuple(" ".join(dict.fromkeys(cell.text for cell in column if cell.text)) for column in above)
    rows: list[tuple[Cell, ...]] = []
    for row in grid[count:]:
        first = row[0] if row[0].text or not rows else rows[-1][0]
        rows.append((first, *row[1:]))
    return Table(section, columns, tuple(rows))


def _grid(written: list[list[_Written]]) -> list[list[Cell]]:
    """The cells at their places, spans written out; places that no cell takes are empty."""
    places: dict[tuple[int, int], Cell] = {}
    for y, row in enumerate(written):
        x = 0
        for one in row:
            while (y, x) in places:
                x += 1
            cell = Cell(_words("".join(one.parts)), _words("".join(one.links)), (y, x))
            spanned = itertools.product(range(y, min(y + one.rowspan, len(written))), range(one.colspan))
            places.update({(row_, x + column): cell for row_, column in spanned})
            if len(places) > MOST_CELLS:
                raise UserError("table", f"a table has more than {MOST_CELLS:,} cells", hint="is it one?")
            x += one.colspan
    width = 1 + max((x for _, x in places), default=-1)
    if width * len(written) > MOST_CELLS:
        raise UserError("table", f"a table has more than {MOST_CELLS:,} cells", hint="is it one?")
    return [[places.get((y, x), Cell("", "", (y, x))) for x in range(width)] for y in range(len(written))]


def _span(value: str | None) -> int:
    """An attribute of HTML as browsers read it: what is no number spans one place."""
    if not value or not value.isascii() or not value.isdigit():
        return 1
    return max(1, int(value)) if len(value) < 4 else MOST_SPAN if value.strip("0") else 1


def _words(text: str) -> str:
    return " ".join(text.split())

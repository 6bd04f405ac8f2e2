"""The tables of a document, as Markdown and as HTML."""

from __future__ import annotations

from pathlib import Path

import damage

from release_tools.documentation import tables
from release_tools.documentation.tables import MOST_CELLS, Table

EXAMPLES = (
    "# Results\n\n| model | acc |\n|---|---|\n| a | 74.4 |\n| | [75](x) |\n",
    "## HTML\n<table><tr><th rowspan=2>a<th colspan='2'>b</tr>\n<tr><td>a</td><td>1</td></tr></table>\n",
    "No table.\n",
)
INPUTS = damage.texts(EXAMPLES)


def read(given: str, folder: Path) -> list[Table]:
    return tables.parse(given)


def holds(value: list[Table], given: str) -> None:
    for table in value:
        assert len({len(row) for row in table.rows}) <= 1
        assert sum(map(len, table.rows)) <= MOST_CELLS
        assert all(cell.text == " ".join(cell.text.split()) for row in table.rows for cell in row)

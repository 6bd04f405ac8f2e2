"""What claims quote against what documents say: changed, missing and new numbers. Pure."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from convergence.claims.documents import numbers
from convergence.errors import UserError
from convergence.model import Claim, Statement
from release_tools.documentation import tables
from release_tools.documentation.tables import Cell, Table

MARKDOWN = (".md", ".markdown")
METRIC = re.compile(r"\b(accuracy|miou|map|f1|bleu)\b", re.IGNORECASE)


class Change(enum.Enum):
    """How a document differs from what is quoted."""

    CHANGED = "changed"
    MISSING = "missing"
    NEW = "new"


@dataclass(frozen=True)
class Difference:
    """One place where claims and documents have drifted apart.

    Attributes:
      where: section, row and column, from the outside in.
      quoted: what the claims say that it says; empty for NEW.
      found: what it says; empty for MISSING.
      claims: ids of those that quote it.
    """

    change: Change
    path: str
    where: tuple[str, ...]
    quoted: str
    found: str
    claims: tuple[str, ...] = ()


Quotation = tuple[Claim, Statement]


def compare(claims: Iterable[Claim], documents: Mapping[str, str | None]) -> list[Difference]:
    """Where the claims and the documents differ, in the order of the documents.

    Args:
      documents: their texts by path, None for one that is gone; those that no claim quotes are searched for
        numbers.

    Raises:
      UserError: table, with its document.
    """
    quotations: dict[str, list[Quotation]] = {path: [] for path in documents}
    for claim in claims:
        for statement in claim.documented:
            if statement.path in quotations:
                quotations[statement.path].append((claim, statement))
    return list(
        dict.fromkeys(one for path in documents for one in _one(path, documents[path], quotations[path]))
    )


def _one(path: str, text: str | None, quoted: Sequence[Quotation]) -> Iterator[Difference]:
    if text is None:
        ids = tuple(dict.fromkeys(claim.id for claim, _ in quoted))
        yield Difference(Change.MISSING, path, (), "the document", "", ids)
    elif PurePosixPath(path).suffix in MARKDOWN:
        yield from _tables(path, _parsed(path, text), quoted)
    else:
        yield from _comments(path, comments(text), quoted)


def _parsed(path: str, text: str) -> list[Table]:
    try:
        return tables.parse(text)
    except UserError as error:
        raise UserError(error.code, error.what, where=path, hint=error.hint) from error


def _tables(path: str, found: Sequence[Table], quoted: Sequence[Quotation]) -> Iterator[Difference]:
    known: set[tuple[int, tuple[int, int]]] = set()  # of which table, where: what claims quote
    for claim, statement in quoted:
        rows = [
            (index, table, row)
            for index, table in enumerate(found)
            if table.section == statement.section
            for row in table.rows
            if set(statement.row) <= {cell.text for cell in row}
        ]
        if len(rows) != 1:
            yield _no_row(path, claim, statement, len(rows))
            continue
        index, table, row = rows[0]
        known |= {(index, cell.place) for cell in row if cell.text in statement.row}
        for column, text in statement.cells.items():
            where = (statement.section, *statement.row, column)
            cell = _cell(table, row, column)
            if cell is None or not cell.text:
                yield Difference(Change.MISSING, path, where, text, "", (claim.id,))
                continue
            known.add((index, cell.place))
            if numbers(cell.text) != numbers(text):
                yield Difference(Change.CHANGED, path, where, text, cell.text, (claim.id,))
    yield from _new_cells(path, found, known)


def _no_row(path: str, claim: Claim, statement: Statement, rows: int) -> Difference:
    where = (statement.section, *statement.row)
    quoted = "; ".join(statement.cells.values())
    return Difference(Change.MISSING, path, where, quoted, f"{rows} such rows" if rows else "", (claim.id,))


def _cell(table: Table, row: Sequence[Cell], column: str) -> Cell | None:
    return next((cell for name, cell in zip(table.columns, row, strict=False) if name == column), None)


def _new_cells(
    path: str, found: Sequence[Table], known: set[tuple[int, tuple[int, int]]]
) -> Iterator[Difference]:
    """The cells with a number that no claim quotes."""
    for index, table in enumerate(found):
        for row in table.rows:
            for number, cell in enumerate(row):
                if (index, cell.place) in known or not numbers(cell.outside_links):
                    continue
                column = table.columns[number] if number < len(table.columns) else f"column {number + 1}"
                where = (table.section, *([row[0].text] if number else []), column)
                yield Difference(Change.NEW, path, where, "", cell.text)


def comments(text: str) -> str:
    """The comments of a file that have lines of their own, as one text."""
    lines = (line.strip() for line in text.splitlines())
    return " ".join(line.lstrip("#").strip() for line in lines if line.startswith("#"))


def _comments(path: str, found: str, quoted: Sequence[Quotation]) -> Iterator[Difference]:
    said, known = numbers(found), set[str]()
    for claim, statement in quoted:
        for text in statement.cells.values():
            known.update(numbers(text))
            if not _within(numbers(text), said):
                change = Change.CHANGED if found else Change.MISSING
                yield Difference(change, path, (), text, found, (claim.id,))
    new = [number for number in said if "." in number and number not in known]
    if new and METRIC.search(found):
        yield Difference(Change.NEW, path, (), "", found if not quoted else ", ".join(new))


def _within(part: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether the numbers stand there one after the other."""
    return any(tuple(whole[at : at + len(part)]) == tuple(part) for at in range(len(whole) - len(part) + 1))

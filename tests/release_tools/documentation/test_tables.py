"""Tables of documents: pipes and HTML, spans, headings, and all that is malformed."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convergence.errors import UserError
from release_tools.documentation import tables


def read(text: str) -> list[tuple[str, tuple[str, ...], list[list[str]]]]:
    """Section, columns and the rows' texts of each table."""
    found = tables.parse(textwrap.dedent(text))
    return [(one.section, one.columns, [[cell.text for cell in row] for row in one.rows]) for one in found]


def test_a_table_of_pipes_stands_under_its_heading() -> None:
    text = """
    # Guide
    ## Results *now*
    | Model | `Top-1` |
    |:------|-----:|
    | a     | 71.0 |
    | [b](c)| 72.0 |
    """
    assert read(text) == [("Results now", ("Model", "Top-1"), [["a", "71.0"], ["b", "72.0"]])]


def test_a_table_of_html_has_its_spans_written_out() -> None:
    text = """
    ### Image classification
    <figure><table>
      <tr><th rowspan="2">Model</th><th colspan="2">Original</th></tr>
      <tr><th>Top-1</th><th>Size</th></tr>
      <tr><td rowspan=2>V1</td><td>70.9</td><td><b>7</b>&nbsp;MB</td></tr>
      <tr><td>70.2</td></tr>
    </table></figure>
    """
    columns = ("Model", "Original Top-1", "Original Size")
    rows = [["V1", "70.9", "7 MB"], ["V1", "70.2", ""]]
    assert read(text) == [("Image classification", columns, rows)]


def test_an_empty_first_cell_goes_on_with_the_one_above() -> None:
    text = """
    <table><tr><th>Model</th><th>Items</th></tr>
    <tr><td>V1</td><td>float</td></tr><tr><td>&nbsp;</td><td>int8</td></tr></table>
    """
    assert read(text) == [("", ("Model", "Items"), [["V1", "float"], ["V1", "int8"]])]


def test_a_link_names_a_file_and_states_nothing() -> None:
    text = "| Model | File |\n|-|-|\n| a | [at 50%](x) |\n"
    ((cell,),) = [[row[1] for row in one.rows] for one in tables.parse(text)]
    assert (cell.text, cell.outside_links) == ("at 50%", "")
    ((cell,),) = [
        [row[0] for row in one.rows]
        for one in tables.parse("<table><tr><td><a href=x>50%</a> 7</td></tr></table>")
    ]
    assert (cell.text, cell.outside_links) == ("50% 7", "7")


def test_a_cell_that_spans_places_is_one_cell() -> None:
    text = "<table><tr><td rowspan=2>71</td><td>a</td></tr><tr><td>b</td></tr></table>"
    (table,) = tables.parse(text)
    assert [row[0].place for row in table.rows] == [(0, 0), (0, 0)]


@pytest.mark.parametrize(
    ("html", "rows"),
    [
        ("<table><tr><td>a<td>b<tr><td>c", [["a", "b"], ["c", ""]]),
        ("<table><td>a</td></table>", [["a"]]),
        ("<tr><td>a</td></tr>", None),
        ("<table><tr><td rowspan=x colspan=-1>a</td></tr></table>", [["a"]]),
        ("<table><tr><td rowspan=99999999999999>a</td></tr></table>", [["a"]]),
        (f"<table><tr><td rowspan={'9' * 5000}>a</td></tr></table>", [["a"]]),
        (f"<table><tr><td colspan={'0' * 5000}>a</td></tr></table>", [["a"]]),
        ("<table></table>", []),
        ("<table><tr></tr></table>", []),
        ("<table><tr><td>a</td></tr><table><tr><td>b</td></tr></table>", [["a"]]),
    ],
)
def test_what_is_malformed_is_read_as_far_as_it_goes(html: str, rows: list[list[str]] | None) -> None:
    found = read(html)
    assert (found[0][2] if found else None) == rows


def test_blank_lines_inside_do_not_end_a_table() -> None:
    text = "<table>\n<tr><th>a</th></tr>\n\n<tr><td>1</td></tr>\n</table>\n"
    assert read(text) == [("", ("a",), [["1"]])]


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr>" + 60 * "<td colspan=1000>a</td>" + "</tr></table>",
        "<table>" + 600 * "<tr><td>a</td></tr>" + "<tr><td colspan=1000>a</td></tr></table>",
    ],
)
def test_what_is_too_large_for_a_table_is_refused(html: str) -> None:
    with pytest.raises(UserError, match="more than 50,000 cells"):
        tables.parse(html)


def test_a_document_of_megabytes_is_none() -> None:
    with pytest.raises(UserError, match=r"error\[document\].*more than 524,288 characters"):
        tables.parse("[" * (tables.LARGEST + 1))


PIECES = st.sampled_from(
    ["<table>", "</table>", "<tr>", "</tr>", "<td rowspan=3>", "<th colspan=2>", "</td>", "71.0",
     "| a | b |\n", "|-|-|\n", "\n", "\n\n", "# h\n", "<a>", "</a>", "<!--", "&nbsp;", "<td"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).map("".join))
def test_no_document_ends_in_a_traceback(text: str) -> None:
    for table in tables.parse(text):
        assert {len(row) for row in table.rows} <= {len(table.columns)} | {0} or not table.columns

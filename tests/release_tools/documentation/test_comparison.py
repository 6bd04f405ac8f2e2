"""Claims against documents that are wrong in each way, and against such that are right."""

from __future__ import annotations

from dataclasses import replace

import pytest

from convergence.model import Claim, Kind, Statement
from release_tools.documentation.comparison import Change, Difference, comments, compare

GUIDE = "docs/guide.md"
TEXT = """
# Guide

## Results

| Model     | Resolution | Float  | Pruned (50%) | Pruned (80%) | File             |
|-----------|------------|--------|--------------|--------------|------------------|
| MobileNet | 224x224    | 72.77% | 71.33%       | 61.38%       | [at 50%](a.bin)  |
| ResNet    | 224x224    | 76.70% | 76.61%       | 75.51%       | [at 80%](b.bin)  |
"""
YAML = "recipes/mobilenet.yaml"
COMMENT = "trainer:\n  # Top1 accuracy 0.7133 after\n  # 17 hours.\n  rate: 0.04  # changed from 0.5\n"


def claim(name: str, row: str, **cells: str) -> Claim:
    columns = {"float_": "Float", "half": "Pruned (50%)", "most": "Pruned (80%)"}
    quoted = Statement(GUIDE, {columns[key]: text for key, text in cells.items()}, "Results", (row,))
    return Claim(
        "pruning", "r", name, Kind.AT_LEAST, "accuracy", 71.33, 0.5, "a guide", "once", documented=(quoted,)
    )


HALF = claim("half", "MobileNet", float_="72.77%", half="71.33%")
MOST = claim("most", "MobileNet", float_="72.77%", most="61.38%")
RESNET = claim("resnet", "ResNet", float_="76.70%", half="76.61%", most="75.51%")
CLAIMS = [HALF, MOST, RESNET]
SAID = replace(
    HALF, name="said", documented=(Statement(YAML, {"comments": "accuracy 0.7133 after 17 hours"}),)
)
HALF_ID, MOST_ID, RESNET_ID = "pruning/r/half", "pruning/r/most", "pruning/r/resnet"


def test_the_same_numbers_are_no_difference() -> None:
    assert compare([*CLAIMS, SAID], {GUIDE: TEXT, YAML: COMMENT}) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("71.33%", "71.330 %"),
        ("| MobileNet |", "|  MobileNet|"),
        ("## Results", "#### Results"),
        ("[at 50%]", "[no]"),
    ],
)
def test_how_a_number_is_written_is_no_difference(old: str, new: str) -> None:
    assert compare(CLAIMS, {GUIDE: TEXT.replace(old, new)}) == []


def where(row: str, column: str) -> tuple[str, ...]:
    return ("Results", row, column)


CHANGED = Difference(
    Change.CHANGED, GUIDE, where("MobileNet", "Pruned (50%)"), "71.33%", "71.43%", (HALF_ID,)
)
NO_ROW = [
    Difference(Change.MISSING, GUIDE, ("Results", "MobileNet"), "72.77%; 71.33%", "", (HALF_ID,)),
    Difference(Change.MISSING, GUIDE, ("Results", "MobileNet"), "72.77%; 61.38%", "", (MOST_ID,)),
]
TWO_ROWS = [replace(one, found="2 such rows") for one in NO_ROW]
ROW = "| MobileNet | 224x224    | 72.77% | 71.33%       | 61.38%       | [at 50%](a.bin)  |\n"
WHOLE_ROW = (("Float", "72.77%"), ("Pruned (50%)", "71.33%"), ("Pruned (80%)", "61.38%"))


def new(row: str, *cells: tuple[str, str]) -> list[Difference]:
    return [Difference(Change.NEW, GUIDE, where(row, column), "", text) for column, text in cells]


@pytest.mark.parametrize(
    ("old", "now", "differences"),
    [
        ("71.33%", "71.43%", [CHANGED]),
        ("71.33%", "n/a", [replace(CHANGED, found="n/a")]),
        ("71.33%", "0.71.33", [replace(CHANGED, found="0.71.33")]),
        ("71.33%", "", [replace(CHANGED, change=Change.MISSING, found="")]),
        (
            "Pruned (50%)",
            "Pruned",
            [
                replace(CHANGED, change=Change.MISSING, found=""),
                Difference(
                    Change.MISSING, GUIDE, where("ResNet", "Pruned (50%)"), "76.61%", "", (RESNET_ID,)
                ),
                *new("MobileNet", ("Pruned", "71.33%")),
                *new("ResNet", ("Pruned", "76.61%")),
            ],
        ),
        (ROW, "", NO_ROW),
        (ROW, ROW + ROW, [*TWO_ROWS, *new("MobileNet", *WHOLE_ROW)]),
        (ROW, ROW + ROW.replace("MobileNet", "VGG"), new("VGG", *WHOLE_ROW)),
        ("224x224    | 76", "224 px     | 76", new("ResNet", ("Resolution", "224 px"))),
    ],
)  # fmt: skip
def test_what_differs_is_named_with_its_place(old: str, now: str, differences: list[Difference]) -> None:
    assert old in TEXT
    assert compare(CLAIMS, {GUIDE: TEXT.replace(old, now, 1)}) == differences


def test_swapped_columns_are_two_changes() -> None:
    swapped = TEXT.replace("71.33%       | 61.38%", "61.38%       | 71.33%")
    assert [(one.quoted, one.found) for one in compare(CLAIMS, {GUIDE: swapped})] == [
        ("71.33%", "61.38%"),
        ("61.38%", "71.33%"),
    ]


def test_what_two_claims_quote_is_listed_for_each() -> None:
    found = compare(CLAIMS, {GUIDE: TEXT.replace("72.77%", "72.97%")})
    assert [(one.change, one.claims) for one in found] == [
        (Change.CHANGED, (HALF_ID,)),
        (Change.CHANGED, (MOST_ID,)),
    ]


@pytest.mark.parametrize(
    "text", ["", "# Results\n", "<table><tr>", "|", "\x00\x01", "# Results\n| Model |\n"]
)
def test_a_malformed_document_lacks_every_number(text: str) -> None:
    assert {one.change for one in compare(CLAIMS, {GUIDE: text})} == {Change.MISSING}


def test_a_document_that_is_gone_is_said_once() -> None:
    ids = (HALF_ID, MOST_ID, RESNET_ID)
    assert compare(CLAIMS, {GUIDE: None}) == [Difference(Change.MISSING, GUIDE, (), "the document", "", ids)]


def test_comments_have_lines_of_their_own() -> None:
    assert comments(COMMENT) == "Top1 accuracy 0.7133 after 17 hours."


@pytest.mark.parametrize(
    ("text", "change", "found"),
    [
        (COMMENT.replace("0.7133", "0.7143"), [Change.CHANGED, Change.NEW], "0.7143"),
        (COMMENT.replace("0.7133", "0.71.33"), [Change.CHANGED, Change.NEW], "0.71.33"),
        (COMMENT.replace("17 hours", "18 hours"), [Change.CHANGED], "accuracy 0.7133 after 18 hours"),
        (COMMENT.replace("17 hours.", "17 hours, mIoU 0.5."), [Change.NEW], "0.5"),
        ("rate: 0.04\n", [Change.MISSING], ""),
        (COMMENT.replace("# 17 hours.", "# 17 hours. Rate 0.3 is low"), [Change.NEW], "0.3"),
    ],
)
def test_what_comments_say_otherwise_is_named(text: str, change: list[Change], found: str) -> None:
    differences = compare([SAID], {YAML: text})
    assert [one.change for one in differences] == change
    assert found in differences[-1].found


def test_an_accuracy_in_a_file_that_nobody_quotes_is_new() -> None:
    other = "recipes/resnet.yaml"
    texts = {YAML: COMMENT, other: "# Top1 accuracy 0.7660\n", "recipes/plain.yaml": "# rate 0.1\n"}
    assert compare([SAID], texts) == [Difference(Change.NEW, other, (), "", "Top1 accuracy 0.7660")]

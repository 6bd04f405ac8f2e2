"""Which documents of a checkout are read, and what is said where they cannot be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from convergence.errors import UserError
from convergence.model import Claim, Kind, Statement
from release_tools.documentation import checkout

QUOTING = Claim("t", "r", "c", Kind.AT_LEAST, "m", 1.0, 0.5, "a guide", "once")
PATHS = ("tfmot/guide.md", "official/README.md", "official/recipes/a.yaml")
CLAIMS = [replace(QUOTING, documented=(Statement(path, {"x": "1"}),)) for path in PATHS]


def made(root: Path, *paths: str) -> Path:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(path, encoding="utf-8")
    return root


def test_only_the_repository_that_is_there_is_read(tmp_path: Path) -> None:
    root = made(tmp_path, "tfmot/guide.md", "tfmot/other.md")
    assert checkout.documents(root, CLAIMS) == {"tfmot/guide.md": "tfmot/guide.md"}


def test_what_stands_beside_files_without_tables_is_read_as_well(tmp_path: Path) -> None:
    root = made(tmp_path, "official/README.md", "official/recipes/a.yaml", "official/recipes/b.yaml")
    assert list(checkout.documents(root, CLAIMS)) == [
        "official/README.md",
        "official/recipes/a.yaml",
        "official/recipes/b.yaml",
    ]


def test_a_document_that_is_gone_is_none(tmp_path: Path) -> None:
    root = made(tmp_path, "official/README.md")
    assert checkout.documents(root, CLAIMS) == {
        "official/README.md": "official/README.md",
        "official/recipes/a.yaml": None,
    }


def test_text_that_is_no_text_is_read_all_the_same(tmp_path: Path) -> None:
    (made(tmp_path, "tfmot/guide.md") / "tfmot/guide.md").write_bytes(b"\xff71")
    assert checkout.documents(tmp_path, CLAIMS) == {"tfmot/guide.md": "\ufffd71"}


def test_another_folder_is_no_checkout(tmp_path: Path) -> None:
    with pytest.raises(UserError) as refused:
        checkout.documents(tmp_path, CLAIMS)
    assert str(refused.value) == (
        f"error[not-a-checkout]: there is no official/ nor tfmot/; {tmp_path}; "
        "name the folder of a checkout of TFMOT or of Official Models"
    )


def test_claims_that_quote_nothing_have_no_documents(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="there is no document that a claim quotes"):
        checkout.documents(tmp_path, [QUOTING])


@pytest.mark.parametrize("size", [checkout.MOST_BYTES + 1])
def test_what_is_too_large_for_a_document_is_refused(tmp_path: Path, size: int) -> None:
    with (made(tmp_path, "tfmot/guide.md") / "tfmot/guide.md").open("wb") as file:
        file.truncate(size)
    with pytest.raises(UserError, match=r"error\[document\]: is larger than"):
        checkout.documents(tmp_path, CLAIMS)


def test_a_folder_in_a_documents_place_is_said(tmp_path: Path) -> None:
    (tmp_path / "tfmot/guide.md").mkdir(parents=True)
    with pytest.raises(UserError, match=r"error\[document\]: cannot be read: Is a directory"):
        checkout.documents(tmp_path, CLAIMS)

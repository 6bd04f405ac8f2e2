from __future__ import annotations

import pytest
from packaging.version import Version

from release_tools.doctor import notes

TEXT = """\
<!-- how to -->
# Release Template

* Tested against TensorFlow 1.14.0, and Python 3.

# TensorFlow Model Optimization next release TBD

# TensorFlow Model Optimization 0.8.1

TFMOT 0.8.1 is new.
## Details
* Tested against TensorFlow 2.14.1, 2.9.0 and nightly on Python 3.12.
# TensorFlow Model Optimization 0.8.0
Tested against TensorFlow nightly.
Tested against TensorFlow 2.3.0 with Python 3.9
# Release following 0.3.0
old
"""


def test_sections_end_with_the_next_heading_whatever_it_says() -> None:
    assert [(str(s.version), s.line, len(s.lines), s.empty) for s in notes.sections(TEXT)] == [
        ("None", 6, 1, True),
        ("0.8.1", 8, 4, False),
        ("0.8.0", 13, 2, False),
    ]


@pytest.mark.parametrize(("version", "tensorflows"), [("0.8.1", ["2.9.0", "2.14.1"]), ("0.8.0", ["2.3.0"])])
def test_what_it_was_tested_against(version: str, tensorflows: list[str]) -> None:
    section = notes.of(TEXT, Version(version))
    assert section is not None
    assert list(map(str, section.tensorflows())) == tensorflows


@pytest.mark.parametrize(
    ("text", "version", "line"),
    [
        (TEXT, "0.8.1", 8),
        (TEXT, "0.9.0", 6),
        (TEXT, None, 6),
        ("# TensorFlow Model Optimization 0.9.0\n", "0.9.0", 1),
        (
            "# TensorFlow Model Optimization next release TBD\n* x\n# TensorFlow Model Optimization 1\n",
            "1",
            1,
        ),
        ("# TensorFlow Model Optimization 0.8.0\nx\n", None, None),
        ("", "0.9.0", None),
    ],
)
def test_the_section_that_counts(text: str, version: str | None, line: int | None) -> None:
    found = notes.current(text, Version(version) if version else None)
    assert (found.line if found else None) == line

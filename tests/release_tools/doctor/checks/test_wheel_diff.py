from __future__ import annotations

import patient
from patient import PRUNE, gone, replaced

from release_tools.doctor.checks import wheel_diff


def test_what_did_not_change() -> None:
    subject = patient.subject()
    assert patient.said(wheel_diff, subject) == []
    assert patient.noted(wheel_diff, subject) == ["0 files are new since 1.2.2, 1 changed, 6 did not"]


def test_what_changed() -> None:
    new = {f"{patient.CORE}/cluster.py": patient.written("X = 1\n"), PRUNE: replaced("0.5", "0.6")}
    subject = patient.subject(new, requires=["numpy>=2", "scipy"])
    subject = patient.with_wheel(subject, requires_python=">=3.10")
    assert patient.said(wheel_diff, subject) == []
    assert patient.noted(wheel_diff, subject) == [
        "numpy: numpy>=1.23 → numpy>=2 since 1.2.2",
        "scipy: nothing → scipy since 1.2.2",
        "tf-keras: tf-keras<3,>=2.14 → nothing since 1.2.2",
        "Python: >=3.9 → >=3.10 since 1.2.2",
        "1 files are new since 1.2.2, 2 changed, 5 did not",
    ]


def test_a_file_that_is_not_there_any_more() -> None:
    subject = patient.subject({PRUNE: gone})
    assert patient.said(wheel_diff, subject) == [
        ("warning", "a file of 1.2.2 is not in the wheel any more", PRUNE)
    ]

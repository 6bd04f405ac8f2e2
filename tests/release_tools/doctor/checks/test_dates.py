from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import patient
import pytest

from release_tools.doctor.checks import dates
from release_tools.doctor.subject import Subject

MADE = datetime(2020, 11, 23, 18, 50, tzinfo=UTC)  # of TFMOT's v0.5.0


def subject(built: datetime | None, made: datetime | None = MADE) -> Subject:
    dated = patient.with_wheel(patient.subject(), built=built)
    assert dated.tree is not None
    return dataclasses.replace(dated, tree=dataclasses.replace(dated.tree, time=made))


@pytest.mark.parametrize(
    ("built", "made"),
    [
        (datetime(2020, 11, 24, tzinfo=UTC), MADE),
        (MADE, MADE),
        (datetime(2020, 11, 23, 7, tzinfo=UTC), MADE),  # the same moment, somewhere else
        (None, MADE),
        (datetime(2020, 9, 14, tzinfo=UTC), None),
    ],
)
def test_built_from_it(built: datetime | None, made: datetime | None) -> None:
    assert patient.said(dates, subject(built, made)) == []


def test_built_ten_weeks_before_the_commit() -> None:
    what = "the wheel is of 2020-09-14, 70 days before the commit it should be of (2020-11-23)"
    where = "tensorflow_model_optimization-1.2.3-py3-none-any.whl"
    found = patient.said(dates, subject(datetime(2020, 9, 14, 4, 34, tzinfo=UTC)))
    assert found == [("warning", what, where)]

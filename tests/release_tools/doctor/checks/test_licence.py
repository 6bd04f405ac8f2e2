from __future__ import annotations

import patient
import pytest

from release_tools.doctor.checks import licence


@pytest.mark.parametrize("name", ["LICENSE", "licenses/LICENSE", "LICENCE.txt", "COPYING"])
def test_there_is_one(name: str) -> None:
    assert patient.said(licence, patient.with_wheel(patient.subject(), info=("METADATA", name))) == []


@pytest.mark.parametrize("info", [(), ("METADATA", "LICENSES.py", "licenses/NOTICE")])
def test_there_is_none(info: tuple[str, ...]) -> None:
    ill = patient.with_wheel(patient.subject(), info=info)
    where = "tensorflow_model_optimization-1.2.3-py3-none-any.whl"
    assert patient.said(licence, ill) == [("warning", "there is no LICENSE in the wheel", where)]

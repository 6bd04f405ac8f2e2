from __future__ import annotations

import zipfile
from pathlib import Path

import patient
import pytest

from convergence.errors import UserError
from release_tools.doctor import reading
from release_tools.wheel import tfmot


def test_a_tree(tmp_path: Path) -> None:
    tree = patient.tree()
    assert str(tree.version) == "1.2.3"
    assert tree.shipped is not None
    assert patient.PRUNE in tree.shipped
    assert patient.TEST not in tree.shipped
    assert tree.texts["RELEASE.md"].startswith("# TensorFlow Model Optimization next release TBD")
    assert set(tree.texts) <= set(tree.digests)
    assert "WORKSPACE" not in tree.texts


def test_links_that_lead_out_of_the_tree_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.py").write_text("SECRET = 1\n")
    root = tmp_path / "tree"
    root.mkdir()
    (root / "link.py").symlink_to(tmp_path / "secret.py")
    (root / "setup.py").write_bytes(b"# \xff\n")
    version = root / tfmot.VERSION_FILE
    version.parent.mkdir(parents=True)
    version.write_text("_MAJOR_VERSION = 1\n")
    tree = reading.folder(root, "x")
    assert (sorted(tree.texts), tree.version) == (["setup.py", tfmot.VERSION_FILE], None)
    assert tree.texts["setup.py"] == "# \ufffd\n"


def test_a_wheel(tmp_path: Path) -> None:
    tree = patient.tree()
    read = reading.wheel(patient.write_wheel(tmp_path, tree))
    expected = patient.wheel(tree)
    assert read.members == expected.members
    assert read.texts == expected.texts
    assert (read.requires, read.requires_python) == (expected.requires, ">=3.9")
    assert set(read.info) == {"METADATA", "WHEEL", "RECORD", "licenses/LICENSE"}


@pytest.mark.parametrize(
    ("times", "built"),
    [
        ([(2020, 9, 14, 4, 34, 0), (2020, 9, 13, 0, 0, 0)], "2020-09-14 04:34:00+00:00"),
        ([(1980, 1, 1, 0, 0, 0)], "None"),
        ([(2020, 2, 31, 0, 0, 0)], "None"),
    ],
)
def test_when_a_wheel_was_built(
    times: list[tuple[int, int, int, int, int, int]], built: str, tmp_path: Path
) -> None:
    plain = patient.write_wheel(tmp_path, patient.tree())
    (tmp_path / "out").mkdir()
    path = tmp_path / "out" / plain.name
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w") as new:
        for number, name in enumerate(old.namelist()):
            new.writestr(zipfile.ZipInfo(name, times[number % len(times)]), old.read(name))
    assert str(reading.wheel(path).built) == built


@pytest.mark.parametrize(
    "extra", ["../evil.py", "/evil.py", "elsewhere/x.py", "tensorflow_model_optimization/../x.py"]
)
def test_a_wheel_that_reaches_out_of_its_folder(extra: str, tmp_path: Path) -> None:
    path = patient.write_wheel(tmp_path, patient.tree(), extra={extra: b"x = 1\n"})
    with pytest.raises(UserError, match=r"error\[bad-wheel\].*is outside"):
        reading.wheel(path)


def test_a_wheel_that_unpacks_to_very_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("release_tools.wheel.wheelfile.MAX_BYTES", 10_000)
    path = patient.write_wheel(tmp_path, patient.tree())
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{tfmot.PACKAGE}/zeros.py", bytes(100_000))
    with pytest.raises(UserError, match=r"error\[bad-wheel\].*unpacks to more than 10000 bytes"):
        reading.wheel(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a zip at all"])
def test_what_is_no_wheel(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "tensorflow_model_optimization-1.2.3-py3-none-any.whl"
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"error\[bad-wheel\]"):
        reading.wheel(path)


def test_a_wheel_that_was_changed(tmp_path: Path) -> None:
    path = patient.write_wheel(tmp_path, patient.tree())
    path.write_bytes(path.read_bytes().replace(b"np.minimum", b"np.maximum"))
    with pytest.raises(UserError, match=r"error\[bad-wheel\]"):
        reading.wheel(path)


def test_requirements_that_are_none(tmp_path: Path) -> None:
    path = patient.write_wheel(tmp_path, patient.tree(), requires=["numpy >>> 1"])
    with pytest.raises(UserError, match=r"error\[bad-wheel\]: its METADATA has no valid requirement"):
        reading.wheel(path)


@pytest.mark.parametrize(
    ("name", "version"),
    [("v0.8.1", "0.8.1"), ("v0.5.1-rc0", "0.5.1rc0"), ("0.8.1", "None"), ("vision", "None"), ("v", "None")],
)
def test_tags_that_name_a_version(name: str, version: str) -> None:
    assert str(reading.tag_version(name)) == version

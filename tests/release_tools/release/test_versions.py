"""version.py says another version, and every other byte stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from convergence.errors import UserError
from release_tools.release import versions
from release_tools.wheel import tfmot

TEXT = """# head\r
_MAJOR_VERSION = '0'
_MINOR_VERSION  =  "8"  # minor
_PATCH_VERSION = '1'

# Until then `_VERSION_SUFFIX = ''` is right.
_VERSION_SUFFIX = ''
__version__ = '.'.join([
    _MAJOR_VERSION, _MINOR_VERSION, _PATCH_VERSION])
if _VERSION_SUFFIX:
  __version__ = '{}-{}'.format(__version__, _VERSION_SUFFIX)
"""


def test_only_the_four_constants_change() -> None:
    after = versions.edited(TEXT, Version("1.10.2rc3"))
    assert after == TEXT.replace("'0'", "'1'").replace('"8"', '"10"').replace("'1'\n\n", "'2'\n\n").replace(
        "_SUFFIX = ''\n_", "_SUFFIX = 'rc3'\n_"
    )


@given(st.tuples(*[st.integers(0, 999)] * 3), st.none() | st.integers(0, 99))
def test_python_then_says_the_version(release: tuple[int, int, int], candidate: int | None) -> None:
    version = Version(".".join(map(str, release)) + ("" if candidate is None else f"rc{candidate}"))
    found: dict[str, str] = {}
    exec(versions.edited(TEXT, version), found)
    assert Version(found["__version__"]) == version
    assert found["__version__"] == str(version).replace("rc", "-rc")
    assert versions.edited(versions.edited(TEXT, version), Version("0.8.1")) == TEXT


def test_it_is_what_the_builder_reads(tmp_path: Path) -> None:
    path = tmp_path / tfmot.VERSION_FILE
    path.parent.mkdir(parents=True)
    path.write_text(versions.edited(TEXT, Version("0.9.0rc1")))
    assert tfmot.declared_version(tmp_path, "here") == Version("0.9.0rc1")


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("_PATCH_VERSION = '1'\n", ""),
        f"{TEXT}_PATCH_VERSION = '1'\n",
        TEXT.replace("_PATCH_VERSION = '1'", "_PATCH_VERSION = str(1)"),
        TEXT.replace("_PATCH_VERSION = '1'", "_PATCH_VERSION = '\\x31'"),
        TEXT.replace("_PATCH_VERSION = '1'", "_PATCH_VERSION = '1' + '1'"),
        TEXT.replace("_PATCH_VERSION = '1'", "_PATCH_VERSION = '1'; _PATCH_VERSION = '7'"),
    ],
)
def test_what_is_not_plain_is_left_to_a_person(text: str) -> None:
    with pytest.raises(UserError, match=r"error\[bad-version\].*_PATCH_VERSION"):
        versions.edited(text, Version("1.0.0"))


@pytest.mark.parametrize(
    "text",
    ["0.8", "v0.8.2", "0.8.2.dev0", "0.8.2-rc0", "0.8.2rc", "00.8.2", "0.8.2.1", "", "0.8.2\n", "1٣.0.0"],
)
def test_no_release_of_tfmot(text: str) -> None:
    with pytest.raises(UserError, match=r"error\[bad-version\]"):
        versions.parse(text)


@pytest.mark.parametrize(("text", "tag"), [("0.8.2", "v0.8.2"), ("0.9.0rc1", "v0.9.0rc1")])
def test_tags(text: str, tag: str) -> None:
    assert versions.tag(versions.parse(text)) == tag
    assert versions.of_tag(tag) == Version(text)


@pytest.mark.parametrize("name", ["0.8.2", "vnext", "release"])
def test_other_tags_name_no_version(name: str) -> None:
    assert versions.of_tag(name) is None

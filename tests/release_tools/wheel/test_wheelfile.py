from __future__ import annotations

import base64
import hashlib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from convergence.errors import UserError
from release_tools.wheel import tfmot, wheelfile

INFO = "tiny-1.0.dist-info"
FILES = {
    "tensorflow_model_optimization/__init__.py": "",
    "tensorflow_model_optimization/a.py": "a",
    f"{INFO}/METADATA": "Name: tiny\nVersion: 1.0\nRequires-Dist: six\nRequires-Dist: numpy>=1\n",
    f"{INFO}/WHEEL": "Wheel-Version: 1.0\n",
}
Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Writes a wheel with a right RECORD, or with the RECORD given."""

    def write(
        files: dict[str, str], record: str | None = None, name: str = "tiny-1.0-py3-none-any.whl"
    ) -> Path:
        lines = []
        for member, text in files.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
            lines.append(f"{member},sha256={digest},{len(text)}\n")
        lines.append(f"{INFO}/RECORD,,\n")
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            for member, text in files.items():
                archive.writestr(member, text)
            archive.writestr(f"{INFO}/RECORD", "".join(lines) if record is None else record)
        return tmp_path / name

    return write


def test_reads(make: Make) -> None:
    path = make(FILES)
    read = wheelfile.read(path)
    empty, a = (hashlib.sha256(text).hexdigest() for text in (b"", b"a"))
    assert (read.name, str(read.version), read.tag, read.requires) == (
        "tiny",
        "1.0",
        "py3-none-any",
        ("six", "numpy>=1"),
    )
    assert read.members == {
        "tensorflow_model_optimization/__init__.py": empty,
        "tensorflow_model_optimization/a.py": a,
    }
    assert read.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    listing = f"{empty}  tensorflow_model_optimization/__init__.py\n{a}  tensorflow_model_optimization/a.py\n"
    assert read.content_digest == hashlib.sha256(listing.encode()).hexdigest()


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        ({tfmot.VERSION_FILE: "_PATCH = '2'"}, True),
        ({tfmot.VERSION_FILE: "_PATCH = forge()"}, False),
        ({f"{INFO}/METADATA": FILES[f"{INFO}/METADATA"] + "Summary: other\n"}, True),
        ({"tensorflow_model_optimization/a.py": "b"}, False),
        ({"tensorflow_model_optimization/b.py": ""}, False),
    ],
)
def test_the_content_digest_sees_what_is_installed(make: Make, changed: dict[str, str], same: bool) -> None:
    files = FILES | {tfmot.VERSION_FILE: "_PATCH = '1'"}
    before, after = (wheelfile.read(make(one)).content_digest for one in (files, files | changed))
    assert (before == after) is same


def test_order_and_times_do_not_change_the_content_digest(make: Make) -> None:
    digests = [
        wheelfile.read(make(dict(order))).content_digest for order in (FILES.items(), reversed(FILES.items()))
    ]
    assert digests[0] == digests[1]


@pytest.mark.parametrize(
    ("files", "record", "name", "said"),
    [
        (FILES, "", None, "RECORD is wrong about tensorflow_model_optimization/__init__.py"),
        (
            FILES,
            f"tensorflow_model_optimization/a.py,sha256=x,1\n{INFO}/RECORD,,\n",
            None,
            "RECORD is wrong about",
        ),
        ({"tensorflow_model_optimization/a.py": "a"}, None, None, "There is no item|METADATA"),
        (FILES | {"other-1.dist-info/x": ""}, None, None, "2 dist-info folders"),
        (FILES | {f"{INFO}/METADATA": "Name: tiny\nVersion: one\n"}, None, None, "Invalid version: 'one'"),
        (FILES, None, "tiny.whl", "Invalid wheel filename"),
    ],
)
def test_an_unsound_wheel(
    make: Make, files: dict[str, str], record: str | None, name: str | None, said: str
) -> None:
    path = make(files, record, *([name] if name else []))
    with pytest.raises(UserError, match=said) as caught:
        wheelfile.read(path)
    assert caught.value.code == "bad-wheel"


def test_no_wheel_at_all(tmp_path: Path) -> None:
    for content in (None, b"not a zip"):
        if content is not None:
            (tmp_path / "tiny-1.0-py3-none-any.whl").write_bytes(content)
        with pytest.raises(UserError, match=r"error\[bad-wheel\]"):
            wheelfile.read(tmp_path / "tiny-1.0-py3-none-any.whl")


def test_a_changed_byte_is_seen(make: Make) -> None:
    path = make(FILES)
    content = bytearray(path.read_bytes())
    content[
        content.index(b"tensorflow_model_optimization/a.py") + len("tensorflow_model_optimization/a.py")
    ] ^= 1
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"error\[bad-wheel\]"):
        wheelfile.read(path)


def test_a_bomb_is_not_unpacked(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wheelfile, "MAX_BYTES", 100)
    with pytest.raises(UserError, match="unpacks to more than 100 bytes"):
        wheelfile.read(make(FILES | {"tensorflow_model_optimization/big": "x" * 101}))


def test_a_member_twice(make: Make) -> None:
    path = make(FILES)
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("tensorflow_model_optimization/a.py", "other")
    with pytest.raises(UserError, match="a member is there twice"):
        wheelfile.read(path)


def test_modules() -> None:
    names = ["tiny/__init__.py", "tiny/a.py", "tiny/sub/b.py", "tiny/data.txt"]
    assert wheelfile.modules(names) == ("tiny", "tiny.a", "tiny.sub.b")


@pytest.mark.parametrize(
    "member",
    [
        "convergence/__init__.py",
        "tensorflow/__init__.py",
        "official/x.py",
        "early.pth",
        "tensorflow_model_optimization",
        "tensorflow_model_optimization/../convergence/x.py",
        "tensorflow_model_optimization//x.py",
        "tiny-1.0.data/purelib/convergence/x.py",
        f"{INFO}/../x.py",
        "/etc/x",
        "../x.py",
    ],
)
def test_a_member_outside_the_package_is_refused(make: Make, member: str) -> None:
    path = make(FILES | {member: ""})
    with pytest.raises(UserError, match=r"error\[bad-wheel\]") as caught:
        wheelfile.read(path)
    assert f"{member!r} is outside tensorflow_model_optimization/" in str(caught.value)


@pytest.mark.parametrize(
    ("field", "value"),
    [(8, 1), (10, 99), (10, 8), (10, 12), (10, 14)],
    ids=["encrypted", "unknown", "no deflate", "no bzip2", "no lzma"],
)
def test_a_member_that_cannot_be_unpacked(make: Make, field: int, value: int) -> None:
    path = make(FILES | {"tensorflow_model_optimization/a.py": "x" * 100})
    content = bytearray(path.read_bytes())
    directory = content.index(b"PK\x01\x02")
    for member in range(len(FILES) + 1):
        local = int.from_bytes(content[directory + 42 : directory + 46], "little")
        if member == 1:
            content[directory + field] = content[local + field - 2] = value
        lengths = (content[directory + at] + 256 * content[directory + at + 1] for at in (28, 30, 32))
        directory += 46 + sum(lengths)
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"error\[bad-wheel\]"):
        wheelfile.read(path)


def test_a_record_that_is_no_csv(make: Make) -> None:
    with pytest.raises(UserError, match=r"error\[bad-wheel\]"):
        wheelfile.read(make(FILES, '"' + "x" * 200_000 + '",,'))


def test_the_name_is_looked_at_before_the_file(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="Invalid wheel filename"):
        wheelfile.read(tmp_path / "not-there.whl")

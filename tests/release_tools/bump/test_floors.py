from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from release_tools.bump.floors import Options, applied, lower_bound, raise_floor
from release_tools.bump.refusal import Code, Reason

SUFFIXES = (".dev0", ".dev1", "a1", "rc1", "rc1.post1", "", ".post1", ".post2", "+cpu", ".post1+cpu")
RELEASES = (
    "0",
    "0.4",
    "0.4.1",
    "0.7",
    "0.7.1",
    "0.7.3",
    "0.8",
    "0.8.0",
    "0.8.1",
    "0.9",
    "1",
    "1.2.3",
    "1!0.7",
)
GRID = tuple(Version(release + suffix) for release in RELEASES for suffix in SUFFIXES)
PUBLIC = sorted({str(version) for version in GRID if not version.local})
numbers = st.sampled_from(PUBLIC)
prefixes = st.sampled_from(RELEASES)
clauses = st.one_of(
    st.builds(
        "{}{}{}".format,
        st.sampled_from([">=", "<=", "<", ">", "==", "!=", "==="]),
        st.sampled_from(["", " "]),
        numbers,
    ),
    st.builds("~={}".format, numbers.filter(lambda text: len(Version(text).release) > 1)),
    st.builds("{}{}.*".format, st.sampled_from(["==", "!="]), prefixes),
)
specifiers = st.builds(
    lambda parts, comma, edges: edges[0] + comma.join(parts) + edges[1],
    st.lists(clauses, max_size=4),
    st.sampled_from([",", ", ", " , "]),
    st.tuples(st.sampled_from(["", " "]), st.sampled_from(["", " "])),
)


@pytest.mark.parametrize(
    ("before", "version", "after"),
    [
        ("", "0.8.0", ">=0.8.0"),
        (">=0.4.1", "0.8.0", ">=0.8.0"),
        (" >= 0.4.1", "0.8.0", " >= 0.8.0"),
        (">0.7", "0.8", ">=0.8"),
        ("<0.9", "0.8", ">=0.8,<0.9"),
        ("< 0.9, !=0.8.1", "0.8", ">= 0.8, < 0.9, !=0.8.1"),
        (">=0.4,<0.9,!=0.5", "0.8", ">=0.8,<0.9,!=0.5"),
        ("<0.9 , >=0.4", "0.8", "<0.9 , >=0.8"),
        (">=0.4,", "0.8", ">=0.8,"),
        ("~=0.7.1", "0.7.3", "~=0.7.3"),
        ("~=0.7", "0.8.0", "~=0.8"),
        ("~=0.7", "0.8.1", "~=0.7,>=0.8.1"),
        ("==0.7.*", "0.7.3", "==0.7.*,>=0.7.3"),
        ("==0.8.*", "0.8", "==0.8.*,>=0.8"),
        (">=0.7rc1", "0.8", ">=0.7rc1,>=0.8"),
        (">=0.4,<=0.8.0", "0.8.0", ">=0.8.0,<=0.8.0"),
        (">=0.8.0", "0.8", ">=0.8.0"),
        (">=0.9", "0.8", ">=0.9"),
        (">0.8", "0.8", ">0.8"),
        ("==0.8.1", "0.8", "==0.8.1"),
        ("===0.8.1", "0.8", "===0.8.1"),
        ("~=0.9", "0.8", "~=0.9"),
        ("==0.9.*", "0.8", "==0.9.*"),
    ],
)
def test_raises(before: str, version: str, after: str) -> None:
    edits = raise_floor(before, Version(version), Options())
    assert isinstance(edits, tuple)
    assert applied(before, edits) == after


@pytest.mark.parametrize(
    ("before", "version", "code"),
    [
        ("==0.4.1", "0.8", Code.PINNED),
        ("===0.4.1", "0.8", Code.PINNED),
        ("===of-my-own", "0.8", Code.PINNED),
        ("==0.4.1+cpu", "0.8", Code.PINNED),
        ("<0.8", "0.8", Code.UPPER_BOUND_CONFLICT),
        ("<=0.7.5", "0.8", Code.UPPER_BOUND_CONFLICT),
        ("~=0.7.1", "0.8", Code.UPPER_BOUND_CONFLICT),
        ("==0.7.*", "0.8", Code.UPPER_BOUND_CONFLICT),
        (">=0.4,!=0.8", "0.8", Code.EXCLUDED),
        ("!=0.8.*", "0.8.1", Code.EXCLUDED),
        (">=0.4", "0.8rc1", Code.PRERELEASE),
        (">=0.4", "0.8.dev1", Code.PRERELEASE),
        (">=", "0.8", Code.UNPARSEABLE),
        ("0.4", "0.8", Code.UNPARSEABLE),
        (">=0.4,,<1", "0.8", Code.UNPARSEABLE),
        (">=0.4 <1", "0.8", Code.UNPARSEABLE),
        ("^0.4", "0.8", Code.UNPARSEABLE),
        (">=not.a.version", "0.8", Code.UNPARSEABLE),
    ],
)
def test_refuses(before: str, version: str, code: Code) -> None:
    answer = raise_floor(before, Version(version), Options())
    assert isinstance(answer, Reason)
    assert answer.code is code


@pytest.mark.parametrize(
    ("before", "version", "after"),
    [
        ("==0.4.1", "0.8", "==0.8"),
        ("==0.4.1,<0.5", "0.8", "==0.8,<0.9"),
        ("<0.8", "0.8.1", ">=0.8.1,<0.9"),
        ("<0.8.0", "0.8.1", ">=0.8.1,<0.9.0"),
        ("<1.0.0", "1.2.3", ">=1.2.3,<2.0.0"),
        ("<10.0", "20.1", ">=20.1,<21.0"),
        (">=0.4,<=0.7.5", "0.8", ">=0.8,<=0.8"),
        ("~=0.7.1", "0.8.1", "~=0.8.1"),
        ("~=0.7", "1.2.3", "~=1.2,>=1.2.3"),
        ("==0.7.*", "0.8.1", "==0.8.*,>=0.8.1"),
        (">=0.4,<0.9", "0.8", ">=0.8,<0.9"),
    ],
)
def test_moves_pins_and_upper_bounds_when_asked(before: str, version: str, after: str) -> None:
    edits = raise_floor(before, Version(version), Options(pins=True, widen=True))
    assert isinstance(edits, tuple)
    assert applied(before, edits) == after


def test_a_prerelease_can_be_asked_for() -> None:
    edits = raise_floor(">=0.4", Version("0.8rc1"), Options(prerelease=True))
    assert isinstance(edits, tuple)
    assert applied(">=0.4", edits) == ">=0.8rc1"


@pytest.mark.parametrize(
    ("specifier", "bound"),
    [
        (">=0.4.1,<1", "0.4.1"),
        (">=0.4,>0.5", "0.5"),
        ("==0.7.*", "0.7"),
        ("<1", None),
        ("", None),
        ("?", None),
    ],
)
def test_lower_bound(specifier: str, bound: str | None) -> None:
    assert lower_bound(specifier) == (Version(bound) if bound else None)


@given(specifiers, numbers.map(Version))
@example("==0.7.*", Version("0.7.3"))
@example(">0.7", Version("0.7.post2"))
@example("===0.8", Version("0.7"))
@example("~=1.0", Version("1.post1"))  # ~=1.post1 is no specifier
def test_allows_exactly_what_was_allowed_from_the_minimum_on(before: str, version: Version) -> None:
    answer = raise_floor(before, version, Options(prerelease=True))
    old = SpecifierSet(before)
    if isinstance(answer, Reason):
        assert not old.contains(version, prereleases=True)
        return
    new = SpecifierSet(applied(before, answer))
    for candidate in GRID:
        above = Version(candidate.public) >= version
        assert new.contains(candidate, prereleases=True) == (
            old.contains(candidate, prereleases=True) and above
        )
        if (
            not version.is_prerelease
        ):  # a minimum that is a pre-release lets pre-releases in: it was asked for
            assert new.contains(candidate) == (old.contains(candidate) and above)
    assert raise_floor(applied(before, answer), version, Options(prerelease=True)) == ()


@given(specifiers, numbers.map(Version), st.booleans(), st.booleans())
@example("~=0.4", Version("1.post1"), False, True)
def test_whatever_is_asked_the_minimum_holds(before: str, version: Version, pins: bool, widen: bool) -> None:
    options = Options(pins, widen, prerelease=True)
    answer = raise_floor(before, version, options)
    if isinstance(answer, tuple):
        after = applied(before, answer)
        assert all(Version(c.public) >= version for c in SpecifierSet(after).filter(GRID, prereleases=True))
        assert raise_floor(after, version, options) == ()


@given(st.text(max_size=30), numbers.map(Version))
def test_any_text_has_an_answer(text: str, version: Version) -> None:
    answer = raise_floor(text, version, Options(pins=True, widen=True, prerelease=True))
    if isinstance(answer, tuple):
        assert lower_bound(applied(text, answer)) is not None

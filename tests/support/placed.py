"""What holds of a reading, whatever the text was: each place that may be changed is one of the text's."""

from __future__ import annotations

from release_tools.bump.reading import Reading


def require(text: str, reading: Reading) -> None:
    """Each character of a specifier has its place, in order, and so has one after it."""
    for found in reading.declarations:
        places = list(found.places)
        assert len(places) == len(found.specifier) + 1, found
        assert places == sorted(places), found
        assert 0 <= places[0] <= places[-1] <= len(text), found
        assert 1 <= found.line <= 1 + len(text.splitlines()), found

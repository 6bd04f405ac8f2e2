"""The sandbox's time, which stands still unless something is written, and its ids: both repeat exactly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

START = datetime(2026, 1, 1, tzinfo=UTC)
FIRST_ID = 1001


class Clock:
    """Starts at a fixed time; each stamp is a second later than the one before."""

    def __init__(self, start: datetime = START) -> None:
        self.now = start

    def stamp(self) -> datetime:
        """The time of a write."""
        self.now += timedelta(seconds=1)
        return self.now

    def advance(self, **by: float) -> None:
        """Let time pass, in the words of `timedelta`."""
        self.now += timedelta(**by)


class Ids:
    """One series of numbers for everything, so that no two things share an id."""

    def __init__(self) -> None:
        self._last = FIRST_ID - 1

    def next(self) -> int:
        """A number that was never given out."""
        self._last += 1
        return self._last

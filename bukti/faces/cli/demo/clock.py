"""The time in which the demonstration's round happened, and its working days."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

SATURDAY = 5
OFFICE_CLOSES = 16


class Clock:
    """What `timezone.now` answers while the story is played."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def go_to(self, moment: datetime) -> None:
        """On to a moment; time never runs back, so that the log's times never do."""
        self.moment = max(self.moment + timedelta(seconds=1), moment)


@contextmanager
def story_time(start: datetime) -> Iterator[Clock]:
    """Commands read Django's clock once; inside, it shows the story's time.

    A dated past cannot be had otherwise: the log is append-only, and what was written today could
    not be dated back without breaking it. So the log of the demonstration tells the story's times.
    """
    clock, real = Clock(start), timezone.now
    timezone.now = lambda: clock.moment
    try:
        yield clock
    finally:
        timezone.now = real


class Days:
    """Days around the day of loading, in the region's zone."""

    def __init__(self, now: datetime, zone: str) -> None:
        self.now = now
        self.zone = ZoneInfo(zone)
        self.today = now.astimezone(self.zone).date()

    def worked(self, back: int, hour: int, minute: int = 0) -> datetime:
        """A time of day, so many working days ago."""
        day = self.today
        while back:
            day -= timedelta(days=1)
            back -= day.weekday() < SATURDAY
        return self._at(day, hour, minute)

    def ahead(self, days: int) -> datetime:
        """The end of office hours so many days from today, moved off a weekend."""
        day = self.today + timedelta(days=days)
        day += timedelta(days={5: -1, 6: 1}.get(day.weekday(), 0))
        return self._at(max(day, self.today + timedelta(days=1)), OFFICE_CLOSES, 0)

    def ago(self, days: int) -> date:
        """The day of a document so many days old; offices write nothing on weekends."""
        day = self.today - timedelta(days=days)
        return day - timedelta(days=max(0, day.weekday() - SATURDAY + 1))

    def _at(self, day: date, hour: int, minute: int) -> datetime:
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=self.zone)

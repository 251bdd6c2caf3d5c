"""When people of an office do things: in office hours of working days, seldom in the evening or at a weekend."""

from datetime import date, datetime, time, timedelta
from random import Random

from pr_tracker.deadlines.rules_calendar import WorkingCalendar
from pr_tracker.office_time import office_day, office_instant

OFFICE_HOURS = ((time(7, 0), time(11, 30)), (time(13, 0), time(17, 0)))
Span = tuple[datetime, datetime]


class Hours:
    """The office hours of a working calendar."""

    def __init__(self, calendar: WorkingCalendar) -> None:
        self.calendar = calendar

    def along(self, start: datetime, end: datetime, part: float, *, day_and_night: bool = False) -> datetime:
        """The minute after `part` (0 to 1) of the office time between two instants; of all time if it is little."""
        spans = self._spans(start, end)
        total = sum((until - since for since, until in spans), timedelta())
        if day_and_night or total < timedelta(minutes=45):
            return _minute(start + (end - start) * part)
        left = total * part
        for since, until in spans:
            if left <= until - since:
                return _minute(since + left)
            left -= until - since
        return _minute(end)

    def _spans(self, start: datetime, end: datetime) -> list[Span]:
        spans, day = [], office_day(start)
        while day <= office_day(end):
            if self.calendar.is_working_day(day):
                for opens, closes in OFFICE_HOURS:
                    since = max(office_instant(day, opens), start)
                    until = min(office_instant(day, closes), end)
                    if since < until:
                        spans.append((since, until))
            day += timedelta(days=1)
        return spans

    def working_day(self, day: date, step: int) -> date:
        """The working day that lies `step` working days after (or before) a day; 0: itself or the next one."""
        found = self.calendar.working_day_from(day)
        for _ in range(abs(step)):
            one = timedelta(days=1)
            found = (
                self.calendar.working_day_from(found + one)
                if step > 0
                else self.calendar.working_day_until(found - one)
            )
        return found

    def call(self, day: date, random: Random) -> datetime:
        """When a journalist calls or writes on a day: mostly in office hours, else in the evening."""
        if random.random() < 0.1:
            return office_instant(day, time(random.randint(17, 20), random.randint(0, 59)))
        opens, closes = random.choice(((7 * 60 + 20, 11 * 60 + 20), (13 * 60, 16 * 60 + 50)))
        minutes = random.randint(opens, closes)
        return office_instant(day, time(minutes // 60, minutes % 60))


def _minute(instant: datetime) -> datetime:
    return instant.replace(second=0, microsecond=0)

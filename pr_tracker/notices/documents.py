"""A person's due times as an iCalendar file (RFC 5545), which calendar programs fetch again and again."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from icalendar import Alarm, Calendar, Event, vDatetime

from pr_tracker.notices.rules import FeedEntry
from pr_tracker.office_time import OFFICE_ZONE, in_office

FETCH_EVERY = timedelta(hours=1)


def write_feed(entries: Iterable[FeedEntry], *, name: str, base: str, domain: str, now: datetime) -> bytes:
    """The calendar `name`: a whole day for a term in days, a moment in office time for a term in hours.

    `base` is the address of the site, for links; `domain` makes the uid of each entry unlike any other program's.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//pr_tracker//press desk//VI")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", str(OFFICE_ZONE))
    calendar.add("refresh-interval", FETCH_EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for entry in entries:
        calendar.add_component(_event(entry, base, domain, now))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _event(entry: FeedEntry, base: str, domain: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{entry.uid}@{domain}")
    event.add("summary", entry.title)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("last-modified", entry.changed_at.astimezone(UTC))
    if entry.due_at is not None:
        event.add("dtstart", in_office(entry.due_at))
    else:
        assert entry.due_on is not None
        event.add("dtstart", entry.due_on)
        event.add("dtend", entry.due_on + timedelta(days=1))
    if entry.ends_at is not None:
        event.add("dtend", in_office(entry.ends_at))
    takes_hours = entry.ends_at is not None and not entry.is_cancelled
    event.add("transp", "OPAQUE" if takes_hours else "TRANSPARENT")  # a due time takes no hour of the day
    if entry.place:
        event.add("location", entry.place)
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("sequence", entry.revision)
    event.add("url", base + entry.path)
    event.add("description", "\n".join(part for part in (entry.note, base + entry.path) if part))
    if entry.alarm_at is not None and entry.alarm_at > now:
        event.add_component(_alarm(entry))
    return event


def _alarm(entry: FeedEntry) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", entry.title)
    assert entry.alarm_at is not None
    alarm.add("trigger", vDatetime(entry.alarm_at.astimezone(UTC)), parameters={"VALUE": "DATE-TIME"})
    return alarm

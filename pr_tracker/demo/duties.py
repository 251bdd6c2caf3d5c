"""The demo's duties: three months and more of press conferences, monthly information, a report."""

from datetime import date, datetime, time, timedelta

from pr_tracker.db import db
from pr_tracker.demo.doing import Office
from pr_tracker.demo.hours import Hours
from pr_tracker.demo.reading import read_toml
from pr_tracker.demo.stories import fill
from pr_tracker.duties import actions, queries
from pr_tracker.duties import actions_conferences as conferences
from pr_tracker.duties.rules import (
    ConferenceFacts,
    ConferenceFormat,
    DutyKind,
    first_day_of,
    items_from,
)
from pr_tracker.office_time import office_instant

PROVINCE, ORGANISER = "UBND", "SXD"
BETWEEN_CONFERENCES = 78  # days, so that each is within three months of the last
EVIDENCE_DAY = 24  # of a month, about: when its information goes out


def fulfil_duties(office: Office, day: date, hours: Hours, moment: datetime) -> None:
    """What the province did since the law is in force, what runs on the day, a conference planned for next week."""
    texts = read_toml("duties.toml")
    _inform_each_month(office, texts, day, hours, moment)
    _hold_conferences(office, texts, day, hours)
    _plan_next_week(office, texts, day, hours, moment)
    actions.open_periodic(office.agencies[PROVINCE], now=moment)


def _inform_each_month(office: Office, texts: dict, day: date, hours: Hours, moment: datetime) -> None:
    """Every month since the law has its information; the one of the second month came late."""
    month = first_day_of(DutyKind.MONTHLY)
    while month < day.replace(day=1):
        actions.open_periodic(office.agencies[PROVINCE], now=office_instant(month, time(8)))
        late = 12 if month.month == 8 else 0
        on = hours.working_day(month.replace(day=EVIDENCE_DAY) + timedelta(days=late), 0)
        at = min(office_instant(on, time(15, 20)), moment - timedelta(minutes=5))
        duty = queries.find_duty(DutyKind.MONTHLY, office.agencies[PROVINCE].id, f"{month:%Y-%m}")
        assert duty is not None
        words = fill(texts["monthly"], {"thang": f"{month:%m/%Y}", "ngay": f"{on:%d/%m/%Y}"})
        actions.complete(duty, at, words, texts["portal"], actor=office.people["vanthu"], now=at)
        if month.month == 12:
            _report(office, texts, month.year, hours)
        month = (month + timedelta(days=32)).replace(day=1)


def _report(office: Office, texts: dict, year: int, hours: Hours) -> None:
    """The report of a year that is over went out two days before its last day."""
    on = hours.working_day(date(year, 12, 18), -2)
    at = office_instant(on, time(10, 40))
    duty = queries.find_duty(DutyKind.ANNUAL, office.agencies[PROVINCE].id, str(year))
    assert duty is not None
    words = fill(texts["annual"], {"nam": str(year), "ngay": f"{on:%d/%m/%Y}"})
    actions.complete(duty, at, words, actor=office.people["vanthu"], now=at)


def _hold_conferences(office: Office, texts: dict, day: date, hours: Hours) -> None:
    """The periodic conferences since the law, the last one some weeks ago."""
    first = first_day_of(DutyKind.QUARTERLY) + timedelta(days=7)
    days = [first]
    while days[-1] + timedelta(days=BETWEEN_CONFERENCES) < day - timedelta(days=3):
        days.append(days[-1] + timedelta(days=BETWEEN_CONFERENCES))
    for each in days:
        on = hours.working_day(each, 0)
        starts_at = office_instant(on, time(14, 30))
        title = fill(texts["periodic"]["title"], {"thang": str(on.month), "nam": str(on.year)})
        facts = _facts(texts["periodic"], title, starts_at, periodic=True)
        registrar, planned_at = office.people["vanthu"], starts_at - timedelta(days=6)
        one = conferences.plan(office.agencies[PROVINCE], facts, actor=registrar, now=planned_at)
        db.session.flush()
        words = fill(texts["periodic"]["evidence"], {"ngay": f"{on:%d/%m/%Y}"})
        now = starts_at + timedelta(hours=2, minutes=10)
        conferences.hold(one, starts_at, words, texts["portal"], actor=registrar, now=now)


def _plan_next_week(office: Office, texts: dict, day: date, hours: Hours, moment: datetime) -> None:
    """A department plans a conference for next week; its notice waits with two items open."""
    staff, row = office.people["chuyenvien"], texts["next_week"]
    starts_at = office_instant(hours.working_day(day + timedelta(days=7), 0), time(9))
    facts = _facts(row, row["title"], starts_at, periodic=False)
    now = moment - timedelta(minutes=50)
    one = conferences.plan(office.agencies[ORGANISER], facts, actor=staff, now=now)
    notice = queries.notices_of(one.id)[0]
    filled = [*(item.text for item in notice.notice_items[:4]), row["invited"], ""]
    texts_now = [item.text for item in items_from(filled, queries.notice_form().settings)]
    actions.fill_items(notice, texts_now, actor=staff, now=now + timedelta(minutes=12))


def _facts(row: dict, title: str, starts_at: datetime, *, periodic: bool) -> ConferenceFacts:
    return ConferenceFacts(
        title, starts_at, row["place"], ConferenceFormat.IN_PERSON, periodic, row["chair"], row["content"]
    )

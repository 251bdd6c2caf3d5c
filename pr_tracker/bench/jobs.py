"""Fill an empty database with N inquiries of a large province: the same every time, ending now.

The press asks as much on every day as on any other day of its weekday, about 50,000 times a year, so that a database of
a million inquiries goes back twenty years and no more cases are open in it than in one of ten thousand.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa

from pr_tracker import planner
from pr_tracker.accounts.models import Agency, Person
from pr_tracker.audit.models import AuditHead
from pr_tracker.bench.cast import Cast
from pr_tracker.bench.clocks import Clocks
from pr_tracker.bench.course import Course, live
from pr_tracker.bench.jobs_search import searched_through
from pr_tracker.bench.jobs_tables import last_ids, ready_for_rows, unhurried
from pr_tracker.bench.moments import DAY, EPOCH, OFFICE_OFFSET, WorkingTime, minute_of, stored
from pr_tracker.bench.people import found_office
from pr_tracker.bench.pipe import in_another_process
from pr_tracker.bench.sheets import Acts, Counters, Journal, Row, Rows, new_rows
from pr_tracker.bench.training import EVERY, Training
from pr_tracker.bench.whole_life import WholeLife
from pr_tracker.bench.words import matter, themes_by_kind
from pr_tracker.db import db
from pr_tracker.deadlines.models import ClockVersionRow
from pr_tracker.deadlines.queries import rule_book, terms_of, working_calendar
from pr_tracker.deadlines.rules import ClockKey
from pr_tracker.deadlines.rules_ladder import reminders
from pr_tracker.deadlines.rules_steps import to_json
from pr_tracker.deadlines.rules_table import Citation, Confidence, Instrument
from pr_tracker.deadlines.rules_terms import DayUnit, SettingDays
from pr_tracker.errors import N_, BadInput
from pr_tracker.inquiries.jobs import make_summaries
from pr_tracker.inquiries.models import NumberCounter
from pr_tracker.office_time import office_day, office_instant
from pr_tracker.statements.models import StatementCounter

SEED = 7
A_WEEK = (186, 182, 178, 180, 170, 38, 26)  # inquiries from Monday to Sunday
BATCH = 500
FIRST_DAY = date(2005, 3, 1)  # the working calendar begins in that year
SET_UP = timedelta(days=30)
FEWEST = 200
EVENTS, LONG_ONE_BEFORE_LAST = 200, 700  # a case of the last week


def fill(count: int, *, password_hash: str, now: datetime, told: Callable[[int], None] = lambda _done: None) -> None:
    """Make `count` inquiries. Raises BadInput for a database that is not empty, or a number out of range."""
    if db.session.scalar(sa.select(sa.exists().select_from(Agency))):
        raise BadInput(N_("Only an empty database is filled: set up a new one (flask db upgrade)."), field="count")
    today = office_day(now)
    days = days_of(count, today, minute_of(now))
    random = Random(SEED)  # noqa: S311 - chance, no secret
    first = EPOCH + timedelta(days=next(iter(days)))
    set_up_at = office_instant(first) - SET_UP + timedelta(hours=8)
    found_office(password_hash, set_up_at, random)
    _older_terms(first, set_up_at)
    filling = _Filling(random, now, first)
    with unhurried():
        filling.run(days, told)
        with searched_through():
            if db.engine.dialect.name == "sqlite":
                planner.look()
            else:
                db.session.execute(sa.text("ANALYZE"))
            filling.count_on()
            make_summaries(now)


def days_of(count: int, today: date, now: int) -> dict[int, int]:
    """How many inquiries come on each day, the last one today until now. Raises BadInput for too many or too few."""
    last = (today - EPOCH).days
    days: dict[int, int] = {}
    left, day = count, last
    while left > 0:
        of_day = A_WEEK[(EPOCH + timedelta(days=day)).weekday()] + (day * 7919) % 17 - 8
        if day == last:
            gone = min(max((now + OFFICE_OFFSET) % DAY - 7 * 60, 0) / (10 * 60), 1.0)
            of_day = int(of_day * gone)
        days[day] = min(of_day, left)
        left -= days[day]
        day -= 1
    if count < FEWEST or EPOCH + timedelta(days=day) < FIRST_DAY:
        raise BadInput(N_("Between %(fewest)s inquiries and what twenty years hold."), field="count", fewest=FEWEST)
    return {day: number for day, number in sorted(days.items()) if number}


def _older_terms(first: date, now: datetime) -> None:
    """The internal term of the years before the first decree that the book has, entered as an office would."""
    if first >= min(version.valid_from for version in rule_book().versions_of(ClockKey.INTERNAL_REPLY)):
        return
    administrator = db.session.scalars(sa.select(Person).where(Person.email.startswith("quantri@"))).one()
    db.session.add(
        ClockVersionRow(
            key=ClockKey.INTERNAL_REPLY,
            valid_from=FIRST_DAY,
            term=to_json(SettingDays(DayUnit.WORKING)),
            basis=to_json((Citation(Instrument.INTERNAL_REGULATION),)),
            confidence=Confidence.UNCONFIRMED,
            stop_days=10,
            extension_days=5,
            note="Quy chế nội bộ trước Nghị định 09/2017/NĐ-CP",
            created_at=now,
            created_by_id=administrator.id,
        )
    )


class _Filling:
    """One fill from the first day to now."""

    def __init__(self, random: Random, now: datetime, first: date) -> None:
        db.session.flush()
        calendar, book = working_calendar(), rule_book()
        self.random, self.instant, self.now = random, now, minute_of(now)
        self.calendar, self.clocks = calendar, Clocks(calendar, book, terms_of(None))
        self.cast = Cast(random)
        work = WorkingTime(calendar, first - timedelta(days=40), office_day(now) + timedelta(days=400))
        self.course = Course(self.cast, themes_by_kind(), self.clocks, work, random)
        last = last_ids()
        self.ids, self.acts = Counters(last), Acts()
        head = db.session.get(AuditHead, 1)
        assert head
        self.journal = Journal(self.cast.people, last, head.last_number, head.last_hash, self.now)
        self.long_one = 0  # the case of two hundred events
        self.numbers: dict[int, int] = {}  # the last of each year
        self.statements: dict[int, int] = {}
        self.training = Training(self.cast, work, self.ids, self.acts, self.cast.trainer, random)

    def run(self, days: dict[int, int], told: Callable[[int], None]) -> None:
        """Day after day: another process makes the cases, this one keeps the journal and writes."""
        db.session.commit()
        with ready_for_rows() as target:
            for batch in in_another_process(self._batches(days)):
                done, until, rows, acts, counters = batch
                self.journal.take(acts)
                self.journal.write_until(until, rows)
                target.write(rows)
                told(done)
        assert counters
        self.numbers, self.statements = counters

    def count_on(self) -> None:
        """The counters go on where the fill ended."""
        head = db.session.get(AuditHead, 1)
        assert head
        head.last_number, head.last_hash = self.journal.number, self.journal.hash
        db.session.add_all(NumberCounter(year=year, last=last) for year, last in self.numbers.items())
        db.session.add_all(StatementCounter(year=year, last=last) for year, last in self.statements.items())
        db.session.commit()

    def _batches(self, days: dict[int, int]) -> Iterator[tuple[int, int, Rows, list[Row], Any]]:
        """How many are done, before which day nothing more happens, rows, acts, and where the counters stand."""
        rows, done = new_rows(), 0
        self.long_one = max(sum(days.values()) - LONG_ONE_BEFORE_LAST, 1)
        for day, count in days.items():
            if day % EVERY == 0:
                self.training.hold(day, rows, self.now)
            for logged in self._moments(day, count):
                self._case(day, logged, rows)
                done += 1
                if not done % BATCH:
                    yield done, day - 2, rows, self.acts.taken(), None
                    rows = new_rows()
        yield done, max(days) + 2, rows, self.acts.taken(), (self.numbers, self._statement_numbers())

    def _statement_numbers(self) -> dict[int, int]:
        named = "statements of "
        return {int(name.removeprefix(named)): last for name, last in self.ids.last.items() if name.startswith(named)}

    def _moments(self, day: int, count: int) -> Iterator[int]:
        """When inquiries are logged on a day, in order: mostly in office hours, some in the evening."""
        chance = self.random.random
        begins = day * DAY - OFFICE_OFFSET
        ends = min(begins + 21 * 60, self.now)
        morning, evening = begins + 7 * 60 + 20, begins + 17 * 60
        office = min(evening, ends)
        drawn = [
            evening + int(chance() * max(ends - evening, 1))
            if chance() < 0.06 and ends > evening
            else morning + int(chance() * max(office - morning, 1))
            for _ in range(count)
        ]
        return iter(sorted(min(each, ends) for each in drawn))

    def _case(self, day: int, logged: int, rows: Any) -> None:
        year = (EPOCH + timedelta(days=day)).year
        number = self.numbers[year] = self.numbers.get(year, 0) + 1
        course = self.course
        kind = course.kind_on(day)
        place = course.one_of(self.cast.communes)
        about = matter(course.themes[kind], course.place_words(place, logged), self.random)  # type: ignore[arg-type]
        facts = course.facts(kind, about.theme, place, logged, year, number)  # type: ignore[arg-type]
        life = WholeLife(facts, about, rows, self.acts, self.ids, self.now)
        live(course, life)
        if life.id == self.long_one:
            self._goes_on(life)
        life.store(self._next_reminder(life) if life.finished is None else None)

    def _goes_on(self, life: WholeLife) -> None:
        """The one case of which so much is said that its history has two hundred lines."""
        step = max((min(life.closed or self.now, self.now) - life.facts.logged) // EVENTS, 1)
        for number in range(1, EVENTS):
            life.comment(life.facts.logged + number * step)

    def _next_reminder(self, life: WholeLife) -> str | None:
        """Of an open case, by the rules: the first that is still to come."""
        facts = life.facts
        deadline = life.deadline or self.clocks.deadline(facts.kind, facts.started, facts.lead.settings)
        assert deadline.due
        rungs = reminders(
            deadline.due,
            starts_at=deadline.trigger_at,
            calendar=self.calendar,
            ladder=deadline.ladder,
            quiet=deadline.stops,
        )
        return next((stored(minute_of(each.at)) for each in rungs if each.at > self.instant), None)

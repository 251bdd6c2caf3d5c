"""The calendar and the terms as the rules want them: what was shipped, overridden by what the office entered."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from threading import Lock
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.db import db, read_once, rows_of
from pr_tracker.deadlines.models import AgencyTerm, CalendarEntry, ClockVersionRow, ProvinceTerm
from pr_tracker.deadlines.queries_seed import seeded_calendar
from pr_tracker.deadlines.rules import SHIPPED, ClockKey, RuleBook, TermSettings
from pr_tracker.deadlines.rules_book import NewVersion
from pr_tracker.deadlines.rules_calendar import DayEntry, WorkingCalendar
from pr_tracker.deadlines.rules_ladder import Ladder
from pr_tracker.deadlines.rules_steps import from_json
from pr_tracker.deadlines.rules_table import Citation
from pr_tracker.deadlines.rules_terms import Allowance, AnyTerm
from pr_tracker.deadlines.rules_year import Standing
from pr_tracker.errors import N_, NotFound

Built = TypeVar("Built")


class _Kept(Generic[Built]):
    """What was last built in this process, good for as long as the fingerprint of its rows is the same."""

    def __init__(self, build: Callable[[], Built]) -> None:
        self._build, self._lock = build, Lock()
        self._kept: tuple[object, Built] | None = None

    def good_for(self, fingerprint: object) -> Built:
        with self._lock:
            if self._kept is None or self._kept[0] != fingerprint:
                self._kept = fingerprint, self._build()
            return self._kept[1]


def working_calendar() -> WorkingCalendar:
    """The calendar that counts now: one tiny query a transaction, and one more after somebody changed a day."""
    return read_once("calendar", lambda: calendar_of(rows_of(calendar_state())[0]))


@cache
def calendar_state() -> sa.Select[Any]:
    """What tells whether the calendar that was built last still counts: one row, also as part of another statement."""
    entry = CalendarEntry
    return _state_of(entry, sa.func.sum(entry.revision), sa.func.max(entry.changed_at))


def calendar_of(state: Iterable[Any]) -> WorkingCalendar:
    """The calendar that counts by a row of calendar_state."""
    return _calendar.good_for((str(db.engine.url), *state))


def rule_book() -> RuleBook:
    """The versions that count now, shipped and entered, as working_calendar."""
    return read_once("rules", lambda: _book.good_for((str(db.engine.url), *db.session.execute(_book_state()).one())))


@cache
def _book_state() -> sa.Select[Any]:
    return _state_of(ClockVersionRow, sa.func.max(ClockVersionRow.created_at))


def _state_of(model: type[CalendarEntry | ClockVersionRow], *more: Any) -> sa.Select[Any]:
    """Differs whenever a row was added, changed or withdrawn, by any process.

    The numbers of what stands are summed, so that of two rows that might be withdrawn each makes its own difference.
    """
    standing = sa.func.sum(sa.case((model.withdrawn_at.is_(None), model.id), else_=0))
    facts = (sa.func.count(), sa.func.max(model.id), standing, sa.func.max(model.withdrawn_at), *more)
    return sa.select(*(fact.label(f"fact_{at}") for at, fact in enumerate(facts)))


def _entries() -> dict[date, DayEntry]:
    rows = db.session.execute(
        sa.select(
            CalendarEntry.day,
            CalendarEntry.kind,
            CalendarEntry.name,
            CalendarEntry.decision,
            CalendarEntry.confirmed,
            CalendarEntry.swapped_with,
        ).where(CalendarEntry.withdrawn_at.is_(None))
    )
    return {
        row.day: DayEntry(row.kind, row.name, row.decision, row.confirmed, swapped_with=row.swapped_with)
        for row in rows
    }


def _stored_versions() -> list[NewVersion]:
    row = ClockVersionRow
    columns = (row.key, row.valid_from, row.term, row.basis, row.confidence, row.stop_days, row.extension_days)
    rows = db.session.execute(sa.select(*columns, row.ladder).where(row.withdrawn_at.is_(None)))
    return [new_version_of(found) for found in rows]


def new_version_of(row: Any) -> NewVersion:
    """A stored version as a value."""
    return NewVersion(
        key=row.key,
        valid_from=row.valid_from,
        term=from_json(AnyTerm, row.term),
        basis=from_json(tuple[Citation, ...], row.basis),
        confidence=row.confidence,
        allowance=Allowance(row.stop_days, row.extension_days),
        ladder=from_json(Ladder, row.ladder),
    )


_calendar = _Kept(lambda: seeded_calendar().with_overrides(_entries()))
_book = _Kept(lambda: SHIPPED.with_stored(_stored_versions()))


def standing() -> Standing:
    """The calendar as shipped, and what the office has entered, read anew."""
    return Standing(seeded_calendar(), _entries())


def entries_of_year(year: int) -> Sequence[sa.Row]:
    """What the office entered for the days of a year, withdrawn entries too, by day, the newest first."""
    by, withdrawn_by = sa.orm.aliased(Person), sa.orm.aliased(Person)
    return db.session.execute(
        sa.select(
            CalendarEntry.id,
            CalendarEntry.day,
            CalendarEntry.kind,
            CalendarEntry.name,
            CalendarEntry.decision,
            CalendarEntry.confirmed,
            CalendarEntry.swapped_with,
            CalendarEntry.changed_at,
            CalendarEntry.withdrawn_at,
            CalendarEntry.withdrawn_why,
            by.full_name.label("changed_by"),
            withdrawn_by.full_name.label("withdrawn_by"),
        )
        .outerjoin(by, by.id == CalendarEntry.changed_by_id)
        .outerjoin(withdrawn_by, withdrawn_by.id == CalendarEntry.withdrawn_by_id)
        .where(CalendarEntry.day.between(date(year, 1, 1), date(year, 12, 31)))
        .order_by(CalendarEntry.day, CalendarEntry.id.desc())
    ).all()


def current_entries(days: Iterable[date]) -> dict[date, CalendarEntry]:
    """The office's entries of these days, to be changed."""
    query = sa.select(CalendarEntry).where(CalendarEntry.day.in_(list(days)), CalendarEntry.withdrawn_at.is_(None))
    return {entry.day: entry for entry in db.session.scalars(query)}


def terms_of(agency_id: int | None) -> TermSettings:
    """The terms that are settings: those of an agency, and those of the province; defaults where nobody set any."""
    return read_once(("terms", agency_id), lambda: _terms_of(agency_id))


def _terms_of(agency_id: int | None) -> TermSettings:
    own = sa.select(AgencyTerm.key, AgencyTerm.working_days.label("days")).where(AgencyTerm.agency_id == agency_id)
    rows = db.session.execute(sa.union_all(own, sa.select(ProvinceTerm.key, ProvinceTerm.days)))
    return replace(TermSettings(), **{str(row.key): row.days for row in rows})


def all_terms() -> dict[int | None, TermSettings]:
    """The terms of every agency that has set any; under None those of all others."""
    province = terms_of(None)
    own: dict[int | None, dict[str, int]] = {}
    for row in db.session.execute(sa.select(AgencyTerm.agency_id, AgencyTerm.key, AgencyTerm.working_days)):
        own.setdefault(row.agency_id, {})[str(row.key)] = row.working_days
    return {None: province, **{agency_id: replace(province, **terms) for agency_id, terms in own.items()}}


def entered_versions(key: ClockKey) -> Sequence[sa.Row]:
    """What administrators entered for a clock, withdrawn versions too: the row, and who entered and withdrew it."""
    by, withdrawn_by = sa.orm.aliased(Person), sa.orm.aliased(Person)
    return db.session.execute(
        sa.select(ClockVersionRow, by.full_name.label("created_by"), withdrawn_by.full_name.label("withdrawn_by"))
        .join(by, by.id == ClockVersionRow.created_by_id)
        .outerjoin(withdrawn_by, withdrawn_by.id == ClockVersionRow.withdrawn_by_id)
        .where(ClockVersionRow.key == key)
        .order_by(ClockVersionRow.valid_from.desc(), ClockVersionRow.id.desc())
    ).all()


def withdrawn_versions() -> dict[ClockKey, int]:
    """How many versions of each clock were withdrawn before they began."""
    row = ClockVersionRow
    counted = sa.select(row.key, sa.func.count().label("number")).where(row.withdrawn_at.is_not(None)).group_by(row.key)
    return {found.key: found.number for found in db.session.execute(counted)}


def get_version(version_id: int) -> ClockVersionRow:
    """A version an administrator entered. Raises NotFound."""
    row = db.session.get(ClockVersionRow, version_id)
    if row is None:
        raise NotFound(N_("There is no such version of a clock."))
    return row


def agencies_with_terms() -> Sequence[sa.Row]:
    """Every active agency by name: id, name, and its own internal_reply and internal_input, None where not set."""
    reply, given = sa.orm.aliased(AgencyTerm), sa.orm.aliased(AgencyTerm)
    return db.session.execute(
        sa.select(
            Agency.id,
            Agency.name,
            reply.working_days.label("internal_reply"),
            given.working_days.label("internal_input"),
        )
        .outerjoin(reply, sa.and_(reply.agency_id == Agency.id, reply.key == ClockKey.INTERNAL_REPLY))
        .outerjoin(given, sa.and_(given.agency_id == Agency.id, given.key == ClockKey.INTERNAL_INPUT))
        .where(Agency.active)
        .order_by(Agency.sort_key, Agency.id)
    ).all()


def get_agency(agency_id: int) -> Agency:
    """The active agency. Raises NotFound."""
    agency = db.session.scalar(sa.select(Agency).where(Agency.id == agency_id, Agency.active))
    if agency is None:
        raise NotFound(N_("There is no such agency."))
    return agency


def find_agency_term(agency_id: int, key: ClockKey) -> AgencyTerm | None:
    """The term an agency has set for itself."""
    return db.session.scalar(sa.select(AgencyTerm).where(AgencyTerm.agency_id == agency_id, AgencyTerm.key == key))


def find_province_term(key: ClockKey) -> ProvinceTerm | None:
    """The unconfirmed statutory term as the province has set it."""
    return db.session.scalar(sa.select(ProvinceTerm).where(ProvinceTerm.key == key))

"""What the office enters overrides the calendar and the terms as shipped, at once and everywhere."""

from datetime import date

import pytest
import sqlalchemy as sa

from pr_tracker.audit.models import AuditEntry
from pr_tracker.deadlines import actions, queries
from pr_tracker.deadlines.models import CalendarEntry
from pr_tracker.deadlines.queries_seed import seeded_calendar
from pr_tracker.deadlines.rules import ClockKey, TermSettings
from pr_tracker.deadlines.rules_calendar import DayKind
from pr_tracker.errors import BadInput
from tests.factories.accounts import NOW, an_agency
from tests.factories.deadlines import a_calendar_entry
from tests.statements import counted

TUESDAY, WEDNESDAY = date(2026, 12, 1), date(2026, 12, 2)


def works(day):
    return queries.working_calendar().is_working_day(day)


def test_without_entries_the_calendar_is_the_shipped_one(session):
    assert queries.working_calendar().entries == seeded_calendar().entries


def test_an_entered_holiday_counts_at_once(session):
    assert works(TUESDAY)
    a_calendar_entry(TUESDAY)
    assert not works(TUESDAY)


def test_a_changed_entry_counts_even_when_changed_in_the_same_instant(session):
    entry = a_calendar_entry(TUESDAY)
    assert not works(TUESDAY)
    entry.kind = DayKind.ORDINARY
    session.flush()
    assert works(TUESDAY)


def test_an_entry_that_was_rolled_back_counts_no_more(session):
    a_calendar_entry(TUESDAY)
    assert not works(TUESDAY)
    session.rollback()
    assert works(TUESDAY)


def test_of_two_entries_withdrawn_at_one_instant_each_makes_its_own_difference(session):
    first, second = a_calendar_entry(TUESDAY), a_calendar_entry(WEDNESDAY)
    session.commit()
    first.withdrawn_at = NOW
    assert works(TUESDAY)
    session.rollback()
    second.withdrawn_at = NOW
    assert not works(TUESDAY)
    assert works(WEDNESDAY)


def test_what_another_process_entered_counts_too(session):
    assert works(TUESDAY)
    values = {"day": TUESDAY, "kind": DayKind.HOLIDAY, "name": "", "confirmed": True, "changed_at": NOW, "revision": 1}
    session.execute(sa.insert(CalendarEntry).values(**values))
    assert not works(TUESDAY)


def test_the_calendar_is_asked_for_once_in_a_transaction(session):
    assert works(TUESDAY)
    session.commit()
    with counted() as statements:
        assert works(TUESDAY)
        assert works(WEDNESDAY)
    assert len(statements) == 1


def test_an_unconfirmed_entry_is_proposed_and_not_applied(session):
    a_calendar_entry(TUESDAY, confirmed=False)
    assert works(TUESDAY)
    assert TUESDAY in queries.working_calendar().proposals


def test_confirming_the_swap_of_23_november_applies_it(session):
    assert works(date(2026, 11, 23))
    a_calendar_entry(date(2026, 11, 23), kind=DayKind.SWAPPED_OFF, name="")
    a_calendar_entry(date(2026, 11, 28), kind=DayKind.SWAPPED_WORK, name="")
    assert not works(date(2026, 11, 23))
    assert works(date(2026, 11, 28))


def test_an_unchanged_calendar_is_not_built_again(session):
    assert queries.working_calendar() is queries.working_calendar()


def test_an_agency_without_terms_of_its_own_has_the_defaults(session):
    assert queries.terms_of(an_agency().id) == TermSettings()
    assert queries.terms_of(None) == TermSettings()


def test_an_agency_sets_its_own_term_and_no_other_agencys(session):
    ours, theirs = an_agency(), an_agency()
    actions.set_agency_term(ours, ClockKey.INTERNAL_REPLY, 5, actor=None, now=NOW)
    assert queries.terms_of(ours.id) == TermSettings(internal_reply=5)
    assert queries.terms_of(theirs.id) == TermSettings()


def test_a_term_is_recorded_with_what_it_was_and_is_and_once(session):
    agency = an_agency()
    for days in (5, 5, 4):
        actions.set_agency_term(agency, ClockKey.INTERNAL_REPLY, days, actor=None, now=NOW)
    recorded = session.scalars(sa.select(AuditEntry.data).where(AuditEntry.event == "agency_term:set")).all()
    assert [(data["before"], data["after"]) for data in recorded] == [(None, 5), (5, 4)]
    assert recorded[0]["agency"] == agency.name


def test_an_unconfirmed_statutory_term_is_set_for_the_whole_province(session):
    actions.set_province_term(ClockKey.DENUNCIATION_ACCEPTANCE_NOTICE, 10, actor=None, now=NOW)
    assert queries.terms_of(an_agency().id).denunciation_acceptance_notice == 10
    assert queries.terms_of(None).denunciation_acceptance_notice == 10


@pytest.mark.parametrize("days", [0, 61])
def test_a_term_out_of_range_is_refused(session, days):
    with pytest.raises(BadInput, match="1 to 60"):
        actions.set_agency_term(an_agency(), ClockKey.INTERNAL_REPLY, days, actor=None, now=NOW)


def test_a_term_the_law_sets_cannot_be_changed(session):
    with pytest.raises(BadInput):
        actions.set_agency_term(an_agency(), ClockKey.ANSWER_ON_PRESS, 5, actor=None, now=NOW)
    with pytest.raises(BadInput):
        actions.set_province_term(ClockKey.ANSWER_ON_PRESS, 5, actor=None, now=NOW)

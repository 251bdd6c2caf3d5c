"""The clocks of domain.md §7, read beside the table as text."""

from datetime import date, timedelta

import pytest

from pr_tracker.deadlines.rules import SHIPPED, ClockKey, TermSettings
from pr_tracker.deadlines.rules_table import FEEDBACK_ROUNDS, VERSIONS, Confidence
from pr_tracker.deadlines.rules_terms import ByOutlet, SettingDays
from pr_tracker.errors import NotFound

# key, how sure, term, basis; the clocks in force from 1 July 2026 in the order of domain.md §7
IN_FORCE = """
internal_reply ? setting:working_days The agency's internal regulation; Decree 244/2026/NĐ-CP Art 8(3)
internal_input ? setting:working_days The agency's internal regulation; Decree 244/2026/NĐ-CP Art 4(2)
incident_initial_info T clock_hours:24 Decree 244/2026/NĐ-CP Art 7(3)
divided_opinion_initial_info T clock_hours:24 Decree 244/2026/NĐ-CP Art 7(4)
answer_on_press T calendar_days:30 Press Law 126/2025/QH15 Art 32(1); Decree 237/2026/NĐ-CP Art 18(1)
forwarded_opinion_notice T working_days:15 Decree 237/2026/NĐ-CP Art 18(3)
complaint_acceptance_notice ? setting:calendar_days Decree 237/2026/NĐ-CP Art 18(2); \
Law on Complaints 02/2011/QH13 Art 27
denunciation_acceptance_notice ? setting:working_days Decree 237/2026/NĐ-CP Art 18(2)
complaint_conclusion_notice T working_days:5 Decree 237/2026/NĐ-CP Art 18(2)
foreign_interview_leader T working_days:5 Decree 262/2026/NĐ-CP Art 16(2)
foreign_local_activity T working_days:5 Decree 262/2026/NĐ-CP Art 16(3)
foreign_extra_reporter_opinion T working_days:5 Decree 262/2026/NĐ-CP Art 12(1)
spokesperson_publication T clock_hours:24 Decree 244/2026/NĐ-CP Art 3(3)
press_conference_notice T hours_before:24 Decree 237/2026/NĐ-CP Art 22(3)
press_conference_refusal T hours_before:12 Decree 237/2026/NĐ-CP Art 22(5)
correction_daily T calendar_days:2 Decree 237/2026/NĐ-CP Art 19(3)(b)
correction_online T at_once Decree 237/2026/NĐ-CP Art 19(3)(a)
correction_periodical T weekly=next_issue,magazine=next_issue,\
slow_magazine=calendar_days:2 Decree 237/2026/NĐ-CP Art 19(3)(b)
feedback_publication T daily=calendar_days:2,online=at_once,weekly=next_issue,magazine=next_issue,\
slow_magazine=calendar_days:2 Decree 237/2026/NĐ-CP Art 21(1)
press_relay_answer T daily=working_days:10,online=working_days:10,weekly=working_days:15,magazine=next_issue,\
slow_magazine=next_issue Decree 237/2026/NĐ-CP Art 18(5)
press_answers_agency T working_days:15 Decree 237/2026/NĐ-CP Art 18(6)
periodic_info T every_month Decree 244/2026/NĐ-CP Art 6(2)(a)
press_conference_quarterly T months:3 Decree 244/2026/NĐ-CP Art 6(2)(b)
annual_report T before_date:12:20 Decree 244/2026/NĐ-CP Art 10
"""

# key, first day, term, basis; until 30 June 2026
BEFORE = """
internal_reply 2017-03-30 setting:working_days The agency's internal regulation
internal_input 2017-03-30 setting:working_days The agency's internal regulation
incident_initial_info 2017-03-30 clock_hours:24 Decree 09/2017/NĐ-CP Art 6(3)(a)
answer_on_press 2017-01-01 calendar_days:30 Press Law 103/2016/QH13 Art 39(1)
forwarded_opinion_notice 2017-01-01 calendar_days:30 Press Law 103/2016/QH13 Art 39(2)
complaint_acceptance_notice 2017-01-01 calendar_days:30 Press Law 103/2016/QH13 Art 39(2)
denunciation_acceptance_notice 2017-01-01 calendar_days:30 Press Law 103/2016/QH13 Art 39(2)
foreign_interview_leader 2012-12-20 working_days:5 Decree 88/2012/NĐ-CP Art 13
foreign_local_activity 2012-12-20 working_days:5 Decree 88/2012/NĐ-CP Art 13
spokesperson_publication 2017-03-30 clock_hours:12 Decree 09/2017/NĐ-CP Art 3(6)
"""


def written(term):
    if isinstance(term, SettingDays):
        return f"setting:{term.unit}"
    if isinstance(term, ByOutlet):
        return ",".join(f"{pace}={written(each)}" for pace, each in term.cases)
    return ":".join([term.kind, *(str(value) for value in vars(term).values())])


def basis(version):
    return "; ".join(str(citation) for citation in version.basis)


def lines(text):
    return text.strip().splitlines()


def test_the_clocks_in_force_are_those_of_the_domain_page():
    now = [v for v in VERSIONS if v.valid_to is None]
    assert [f"{v.key} {v.confidence} {written(v.term)} {basis(v)}" for v in now] == lines(IN_FORCE)
    assert {v.valid_from for v in now} == {date(2026, 7, 1)}


def test_the_clocks_before_july_2026_are_those_of_the_domain_page():
    old = [v for v in VERSIONS if v.valid_to]
    assert [f"{v.key} {v.valid_from} {written(v.term)} {basis(v)}" for v in old] == lines(BEFORE)
    assert {v.valid_to for v in old} == {date(2026, 6, 30)}


@pytest.mark.parametrize("key", ClockKey)
def test_the_versions_of_a_clock_follow_each_other_without_gap_or_overlap(key):
    newest, *older = SHIPPED.versions_of(key)
    for version in older:
        assert version.valid_to + timedelta(days=1) == newest.valid_from
        newest = version


def test_the_unconfirmed_terms_in_force_are_settings_with_a_default():
    unconfirmed = {v.key for v in VERSIONS if v.confidence is Confidence.UNCONFIRMED}
    assert unconfirmed == {v.key for v in VERSIONS if v.needs_setting} == set(vars(TermSettings()))


def test_a_stored_version_code_is_found_again():
    for version in VERSIONS:
        assert SHIPPED.version_with_code(version.code) == version
    with pytest.raises(NotFound):
        SHIPPED.version_with_code("answer_on_press@1999-01-01")


def test_the_press_may_stop_after_two_rounds_of_feedback_and_after_three_before_july_2026():
    assert ((date(2026, 7, 1), 2), (date(2017, 1, 1), 3)) == FEEDBACK_ROUNDS

"""The box of a coordinating agency: who writes, who approves; and whose lateness a late case is, counted by hand."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pr_tracker.deadlines.rules_faces import DueTime
from pr_tracker.errors import BadInput, NotAllowed, StepNotAllowed
from pr_tracker.inquiries.rules_parts import (
    BOX_TABLE,
    BoxStanding,
    BoxState,
    BoxStep,
    Delay,
    Owed,
    PartOwed,
    answers_alone,
    box_after,
    may_in_box,
    reason_against_box,
    require_may_in_box,
    require_questions,
    whose_lateness,
)
from tests.unit.walks import CALENDAR, day, moment

LEAD, FINANCE, HEALTH = 1, 2, 3
STAFF = BoxStanding(is_own=True)
DEPUTY = BoxStanding(is_own=True, is_head=True)
CHIEF = BoxStanding(is_own=True, is_head=True, is_chief=True)


@given(st.sampled_from(BoxState), st.sampled_from(BoxStep))
def test_every_pair_is_in_the_table_or_refused(state, step):
    if (state, step) in BOX_TABLE:
        assert box_after(state, step) is BOX_TABLE[state, step]
    else:
        with pytest.raises(StepNotAllowed):
            box_after(state, step)


def test_every_state_can_be_reached_from_asking():
    reached = {BoxState.ASKED}
    for _ in BoxState:
        reached |= {after for (before, _), after in BOX_TABLE.items() if before in reached}
    assert reached == set(BoxState)


@st.composite
def acts(draw):
    """Somebody of the agency or from outside takes a step; who has written the text so far is theirs or not."""
    people = ("staff", "deputy", "second deputy", "chief", "lead", "stranger")
    return draw(st.sampled_from(BoxStep)), draw(st.sampled_from(people))


def standing(person, author):
    return BoxStanding(
        is_own=person not in ("lead", "stranger"),
        is_head=person in ("deputy", "second deputy", "chief"),
        is_chief=person == "chief",
        wrote_text=person == author,
        steers=person == "lead",
    )


@given(st.lists(acts(), max_size=40))
def test_nothing_is_sent_that_one_person_wrote_and_approved_but_by_the_head_and_recorded(sequence):
    state, author = BoxState.ASKED, None
    for step, person in sequence:
        who = standing(person, author)
        if not may_in_box(step, state, who):
            continue
        before, state = state, box_after(state, step)
        if step is BoxStep.SAVE:
            author = person
        if state is BoxState.SENT:
            assert (before, step) == (BoxState.SUBMITTED, BoxStep.APPROVE)
            assert person in ("deputy", "second deputy", "chief")
            assert person != author or (person == "chief" and answers_alone(who))


@given(st.lists(acts(), max_size=40))
def test_only_its_own_people_change_the_words_and_only_who_asks_asks(sequence):
    state = BoxState.ASKED
    for step, person in sequence:
        who = standing(person, None)
        if may_in_box(step, state, who):
            assert (step in (BoxStep.ASK_AGAIN, BoxStep.ASK_BACK)) is (person == "lead")
            assert person != "stranger"
            state = box_after(state, step)


def test_the_author_does_not_approve_but_the_head_may_alone():
    deputy = BoxStanding(is_own=True, is_head=True, wrote_text=True)
    with pytest.raises(NotAllowed):
        require_may_in_box(BoxStep.APPROVE, deputy)
    chief = BoxStanding(is_own=True, is_head=True, is_chief=True, wrote_text=True)
    require_may_in_box(BoxStep.APPROVE, chief)
    assert answers_alone(chief)
    assert not answers_alone(CHIEF)
    assert not answers_alone(deputy)


@pytest.mark.parametrize("step", [BoxStep.APPROVE, BoxStep.RETURN])
def test_staff_neither_approve_nor_return(step):
    assert reason_against_box(step, STAFF)
    assert reason_against_box(step, DEPUTY) is None


def test_a_question_is_needed_and_empty_lines_are_none():
    assert require_questions([" Bao nhiêu hộ? ", "", "Kinh phí?"]) == ["Bao nhiêu hộ?", "Kinh phí?"]
    with pytest.raises(BadInput):
        require_questions(["", "  "])


# Whose lateness. 20/11/2026 is a Friday, 24/11 a public holiday.


def by_day(due, done):
    return Owed(DueTime.on_day(day(due)), moment(done) if done else None)


def by_minute(due, done):
    return Owed(DueTime.at_minute(moment(due)), moment(done) if done else None)


def part(*rounds, agency=FINANCE, ended=None, number=10):
    name = {FINANCE: "Sở Tài chính", HEALTH: "Sở Y tế", LEAD: "Sở Xây dựng"}[agency]
    return PartOwed(number, agency, name, rounds, moment(ended) if ended else None)


def lateness(case, *parts, now="Wed 30/12/2026 09:00"):
    return whose_lateness(case, parts, lead_id=LEAD, calendar=CALENDAR, now=moment(now))


def days(number):
    return Delay(number, timedelta(0))


def test_a_case_that_was_on_time_is_nobodys_lateness_whatever_its_parts_did():
    late_part = part(by_day("Fri 20/11/2026", "Thu 26/11/2026 09:00"))
    assert lateness(by_day("Fri 27/11/2026", "Fri 27/11/2026 23:59"), late_part) is None


def test_a_day_late_because_a_part_was_two_days_late():
    # Due Thursday 26/11, answered Friday 27/11: 1 day. Part due Friday 20/11, sent Wednesday 25/11: Monday and
    # Wednesday, because Tuesday is a day off: 2 days.
    found = lateness(
        by_day("Thu 26/11/2026", "Fri 27/11/2026 10:00"), part(by_day("Fri 20/11/2026", "Wed 25/11/2026 15:00"))
    )
    assert found.delay == days(1)
    assert (found.because_of.agency, found.because_of.delay) == ("Sở Tài chính", days(2))
    assert not found.because_of.is_missing


def test_as_late_as_the_part_is_the_parts_lateness_and_a_day_more_is_the_leads():
    sent = part(by_day("Fri 20/11/2026", "Wed 25/11/2026 15:00"))  # 2 days
    assert lateness(by_day("Thu 26/11/2026", "Mon 30/11/2026 10:00"), sent).because_of  # 2 days: Friday, Monday
    found = lateness(by_day("Thu 26/11/2026", "Tue 01/12/2026 10:00"), sent)  # 3 days
    assert (found.delay, found.because_of) == (days(3), None)


def test_a_part_in_time_excuses_nobody():
    in_time = part(by_day("Fri 20/11/2026", "Fri 20/11/2026 23:59"))
    assert lateness(by_day("Thu 26/11/2026", "Fri 27/11/2026 10:00"), in_time).because_of is None


def test_a_part_late_by_minutes_does_not_excuse_a_day():
    minutes = part(by_minute("Wed 25/11/2026 16:00", "Wed 25/11/2026 16:40"))
    assert lateness(by_day("Thu 26/11/2026", "Fri 27/11/2026 10:00"), minutes).because_of is None


def test_on_a_saturday_only_the_time_itself_can_be_compared():
    # Due Friday 27/11, answered on Saturday at 09:00: no working day, nine hours late.
    case = by_day("Fri 27/11/2026", "Sat 28/11/2026 09:00")
    short = part(by_minute("Thu 26/11/2026 15:00", "Thu 26/11/2026 17:00"))
    assert lateness(case, short).because_of is None
    long = part(by_minute("Thu 26/11/2026 06:00", "Thu 26/11/2026 15:00"))
    assert lateness(case, long).because_of.delay == Delay(0, timedelta(hours=9))


def test_where_the_case_counts_hours_the_parts_do_too():
    # 24 hours end at 10:00 on Saturday; answered at 13:00: 3 hours. The part was due at 15:00 on Friday.
    case = by_minute("Sat 28/11/2026 10:00", "Sat 28/11/2026 13:00")
    three = part(by_minute("Fri 27/11/2026 15:00", "Fri 27/11/2026 18:00"))
    assert lateness(case, three).because_of.delay == Delay(0, timedelta(hours=3))
    less = part(by_minute("Fri 27/11/2026 15:00", "Fri 27/11/2026 17:59"))
    assert lateness(case, less).because_of is None


def test_a_part_still_missing_counts_up_to_now():
    case, missing = by_day("Thu 26/11/2026", None), part(by_day("Tue 24/11/2026", None))
    found = lateness(case, missing, now="Fri 27/11/2026 08:00")
    assert found.delay == days(1)
    assert (found.because_of.delay, found.because_of.is_missing) == (days(3), True)


def test_a_part_that_never_came_counts_to_the_end_of_the_case():
    case, missing = by_day("Thu 26/11/2026", "Fri 27/11/2026 10:00"), part(by_day("Wed 25/11/2026", None))
    assert lateness(case, missing).because_of.delay == days(2)  # Thursday and Friday, not until today


def test_the_longest_delay_counts_and_of_two_alike_the_one_asked_first():
    case = by_day("Thu 26/11/2026", "Fri 27/11/2026 10:00")
    one = part(by_day("Wed 25/11/2026", "Thu 26/11/2026 10:00"), number=11)
    two = part(by_day("Fri 20/11/2026", "Thu 26/11/2026 10:00"), agency=HEALTH, number=12)
    assert lateness(case, one, two).because_of.agency == "Sở Y tế"
    alike = part(by_day("Wed 25/11/2026", "Thu 26/11/2026 10:00"), agency=HEALTH, number=12)
    assert lateness(case, alike, one).because_of.agency == "Sở Tài chính"


def test_the_lateness_of_the_first_answer_stays_when_it_is_asked_back():
    asked = part(
        by_day("Fri 20/11/2026", "Wed 25/11/2026 15:00"), by_minute("Thu 26/11/2026 16:00", "Thu 26/11/2026 09:00")
    )
    assert lateness(by_day("Thu 26/11/2026", "Fri 27/11/2026 10:00"), asked).because_of.delay == days(2)


def test_a_part_withdrawn_counts_until_it_was_withdrawn():
    case = by_day("Thu 26/11/2026", "Tue 01/12/2026 10:00")  # 3 days
    withdrawn = part(by_day("Fri 20/11/2026", None), ended="Wed 25/11/2026 08:00")  # 2 days
    assert lateness(case, withdrawn).because_of is None


def test_what_the_lead_itself_owed_before_it_led_excuses_nobody():
    own = part(by_day("Fri 20/11/2026", None), agency=LEAD, ended="Wed 25/11/2026 08:00")
    assert lateness(by_day("Thu 26/11/2026", "Fri 27/11/2026 10:00"), own).because_of is None


@given(st.integers(0, 20 * 24), st.lists(st.tuples(st.integers(0, 20 * 24), st.integers(0, 20 * 24)), max_size=4))
def test_a_late_case_is_always_somebodys_and_a_longer_delay_never_helps_the_late_agency(done, parts):
    start = moment("Fri 20/11/2026 09:00")
    hours = [timedelta(hours=each) for each in range(20 * 24 + 1)]
    case = Owed(DueTime.on_day(day("Thu 26/11/2026")), start + hours[done])
    owed = [
        PartOwed(at, FINANCE + at, "Sở", (Owed(DueTime.at_minute(start + hours[due]), start + hours[sent]),))
        for at, (due, sent) in enumerate(parts)
    ]
    found = whose_lateness(case, owed, lead_id=LEAD, calendar=CALENDAR, now=start + hours[-1])
    assert (found is None) == (case.done_at < case.due.ends_at)
    if found and found.because_of:
        assert found.because_of.delay >= found.delay
        later = [PartOwed(p.id, p.agency_id, p.agency, (Owed(p.rounds[0].due, None),)) for p in owed]
        assert whose_lateness(case, later, lead_id=LEAD, calendar=CALENDAR, now=start + hours[-1]).because_of

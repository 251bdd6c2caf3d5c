"""How long a statement counts, to the day; what may take the place of what; how alike two matters are."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.errors import BadInput
from pr_tracker.statements.rules import (
    Link,
    State,
    Validity,
    acts_for,
    require_lasting,
    require_may_supersede,
    state_on,
    write_code,
)
from pr_tracker.statements.rules_facts import topic_shared
from pr_tracker.statements.rules_likeness import ALIKE_FROM, MOST_TERMS, Matter, alike, terms_of

FRIDAY, SAID = date(2026, 11, 20), datetime(2026, 11, 2, 3, tzinfo=UTC)
SOON = date(2026, 11, 30)  # five working days on: Tuesday 24 November is off


@pytest.mark.parametrize(
    ("valid_until", "state"),
    [
        (None, State.IN_FORCE),
        (date(2026, 12, 1), State.IN_FORCE),
        (date(2026, 11, 30), State.ENDS_SOON),
        (FRIDAY, State.ENDS_SOON),  # to the end of the day
        (date(2026, 11, 19), State.EXPIRED),
    ],
)
def test_a_statement_counts_until_the_end_of_its_last_day(valid_until, state):
    assert state_on(FRIDAY, Validity(valid_until), soon=SOON) is state
    assert state.is_in_force is (state is not State.EXPIRED)


def test_an_act_counts_from_its_day_on_in_the_zone_of_the_office():
    late = datetime(2026, 11, 19, 17, 30, tzinfo=UTC)  # 00:30 on Friday in the office
    assert state_on(date(2026, 11, 19), Validity(superseded_at=late), soon=SOON) is State.IN_FORCE
    assert state_on(FRIDAY, Validity(superseded_at=late), soon=SOON) is State.SUPERSEDED
    assert state_on(FRIDAY, Validity(superseded_at=late, withdrawn_at=late), soon=SOON) is State.WITHDRAWN


def test_it_cannot_end_before_it_was_said():
    require_lasting(date(2026, 11, 2), said_at=SAID)
    require_lasting(None, said_at=SAID)
    with pytest.raises(BadInput, match="02/11/2026"):
        require_lasting(date(2026, 11, 1), said_at=SAID)


LATER = datetime(2026, 11, 9, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("newer", "older", "chain"),
    [
        (Link(1, SAID), Link(1, SAID), []),
        (Link(2, LATER, withdrawn=True), Link(1, SAID), []),
        (Link(2, LATER), Link(1, SAID, withdrawn=True), []),
        (Link(2, LATER), Link(1, SAID, superseded_by_id=3), []),
        (Link(2, SAID), Link(1, LATER), []),
        (Link(2, SAID, superseded_by_id=3), Link(1, SAID), [3, 1]),
    ],
)
def test_what_may_not_take_the_place_of_what(newer, older, chain):
    with pytest.raises(BadInput):
        require_may_supersede(newer, older, chain)


def test_what_was_said_later_takes_the_place_of_what_was_said_before():
    require_may_supersede(Link(2, LATER), Link(1, SAID), [])
    require_may_supersede(Link(2, SAID), Link(1, SAID), [3])


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=40))
def test_no_sequence_of_replacements_makes_a_circle(pairs):
    above: dict[int, int] = {}

    def chain(of):
        found = []
        while of in above:
            of = above[of]
            found.append(of)
        return found

    for newer, older in pairs:
        try:
            require_may_supersede(
                Link(newer, SAID, above.get(newer)), Link(older, SAID, above.get(older)), chain(newer)
            )
        except BadInput:
            continue
        above[older] = newer
        assert older not in chain(older)


def test_each_agency_keeps_its_own_and_the_province_all():
    assert acts_for(AgencyKind.DEPARTMENT, 4, 4)
    assert not acts_for(AgencyKind.DEPARTMENT, 4, 5)
    assert acts_for(AgencyKind.PROVINCE_OFFICE, 2, 5)


def test_the_code_of_a_statement():
    assert write_code(2026, 7) == "PN-2026-0007"


ROAD = Matter(
    "Đường vào khu tái định cư Vĩnh Thông ngập sau mưa",
    "Sở đã kiểm tra hiện trường. Hệ thống thoát nước dọc tuyến bị bùn lấp, việc khơi thông hoàn thành trước 15/12.",
)


def test_the_same_matter_in_other_words_and_without_marks_is_alike():
    asked = Matter("Ngap duong vao khu tai dinh cu Vinh Thong, bao gio khoi thong?")
    assert alike(terms_of(asked), terms_of(ROAD)) > ALIKE_FROM
    again = Matter("Thoát nước khu tái định cư Vĩnh Thông", "Hệ thống thoát nước dọc tuyến được khơi thông.")
    assert alike(terms_of(again), terms_of(ROAD)) > ALIKE_FROM


@pytest.mark.parametrize(
    "other",
    [
        Matter("Thiếu thuốc bảo hiểm y tế ở trạm y tế Vĩnh Thông", "Gói thầu bổ sung đã có kết quả."),
        Matter("Giá vé phà Rạch Giá đi Phú Quốc dịp lễ", "Sở đã kiểm tra, giá vé đúng niêm yết."),
        Matter("Tuyển sinh lớp 10 năm học mới", "Sở đã công bố chỉ tiêu."),
    ],
)
def test_another_matter_is_not_alike(other):
    assert alike(terms_of(other), terms_of(ROAD)) < ALIKE_FROM


def test_what_happened_at_the_same_place_is_not_the_same_matter():
    lamps = "Nắp cống vỡ, đèn đường hỏng tại khu phố 3, phường Hà Tiên"
    homes = "Khu tái định cư khu phố 3, phường Hà Tiên thiếu điện chiếu sáng, đường nội bộ dang dở"
    assert topic_shared(lamps, homes) < 0.3
    assert topic_shared(homes, "Khu tái định cư đặc khu Phú Quốc thiếu điện chiếu sáng") > 0.8


@given(st.text(max_size=300), st.text(max_size=300))
def test_likeness_is_symmetric_and_between_0_and_1(one, other):
    here, there = terms_of(Matter(one, other)), terms_of(Matter(other, one))
    assert len(here) <= MOST_TERMS
    assert alike(here, there) == pytest.approx(alike(there, here))
    assert 0 <= alike(here, there) <= 1 + 1e-9
    assert not here or alike(here, here) == pytest.approx(1)

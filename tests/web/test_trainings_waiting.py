"""The waiting list moves up by itself; answers, apologies and substitutes; who is told."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from pr_tracker.audit.models import AuditEntry
from pr_tracker.db import db
from pr_tracker.errors import BadInput, StepNotAllowed
from pr_tracker.notices.models import Notice
from pr_tracker.notices.rules import NoticeKind
from pr_tracker.permissions import Role
from pr_tracker.trainings.actions import plan_cancel, replying, roster, waiting
from pr_tracker.trainings.models import ClassSession
from pr_tracker.trainings.queries.invitations import apologies_for, places_of, waiting_of
from pr_tracker.trainings.rules_invitations import InvitationEvent, Reply, Seating
from pr_tracker.trainings.rules_roster import Entry
from tests.factories.accounts import NOW, a_person, an_agency
from tests.factories.trainings import a_class, a_session

DOING = {"actor": None, "now": NOW}


def a_full_class(capacity=2, **quotas):
    one = a_class()
    one.capacity = capacity
    a_session("Buổi một", of=one, day=date(2026, 11, 25))
    a_session("Buổi hai", of=one, day=date(2026, 11, 26))
    return one


def named(one, *names, agency=None, seating=Seating.BY_QUOTA, **facts):
    entries = [Entry(name, agency_id=agency and agency.id, agency_name=agency.name if agency else "") for name in names]
    rows = roster.enrol(one, entries, **DOING, seating=seating, **facts)
    db.session.flush()
    return {row.full_name: row for row in rows}


def waits(*rows):
    for row in rows:
        db.session.refresh(row)
    return [row.waiting_at is not None for row in rows]


def test_whoever_is_named_beyond_the_capacity_waits_in_the_order_of_naming(session):
    one = a_full_class(1)
    rows = named(one, "Vũ Văn Tám", "Lê Thị Ba", "Bùi Văn An")
    assert waits(*rows.values()) == [True, True, False], "by given name: An, Ba, Tám; named first: Tám"
    assert [row.participant_id for row in waiting_of(one.id)] == [rows["Lê Thị Ba"].id, rows["Bùi Văn An"].id]


def test_an_agency_beyond_its_quota_waits_while_others_still_find_room(session):
    one, first, second = a_full_class(10), an_agency(), an_agency()
    db.session.flush()
    waiting.set_quotas(one, {first.id: 1, second.id: 1}, **DOING)
    mine = named(one, "Lê Văn Một", "Lê Văn Hai", agency=first)
    theirs = named(one, "Phan Văn Ba", agency=second)
    assert waits(mine["Lê Văn Một"], mine["Lê Văn Hai"], theirs["Phan Văn Ba"]) == [False, True, False]


def test_an_apology_frees_the_place_and_the_longest_waiting_gets_it(session):
    one = a_full_class(1)
    rows = named(one, "Vũ Văn Tám", "Lê Thị Ba", "Bùi Văn An")
    replying.apologise(rows["Vũ Văn Tám"], "Đi công tác", **DOING)
    assert waits(rows["Lê Thị Ba"], rows["Bùi Văn An"]) == [False, True]
    assert places_of(one).taken == 1
    events = list(db.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.number)))
    assert events[-2:] == [InvitationEvent.REPLY, InvitationEvent.MOVE_UP]


def test_whoever_is_taken_off_frees_a_place_and_comes_back_to_the_end_of_the_list(session):
    one = a_full_class(1)
    rows = named(one, "Vũ Văn Tám", "Lê Thị Ba")
    roster.remove_participant(rows["Vũ Văn Tám"], "Nghỉ hưu", **DOING)
    assert waits(rows["Lê Thị Ba"]) == [False]
    roster.restore_participant(rows["Vũ Văn Tám"], **DOING)
    assert waits(rows["Vũ Văn Tám"]) == [True]


def test_raising_a_quota_or_the_capacity_moves_the_list_up(session):
    one, agency = a_full_class(2), an_agency()
    db.session.flush()
    waiting.set_quotas(one, {agency.id: 1}, **DOING)
    rows = named(one, "Lê Văn Một", "Lê Văn Hai", "Lê Văn Ba", agency=agency)
    waiting.set_quotas(one, {agency.id: 3}, **DOING)
    assert waits(rows["Lê Văn Hai"], rows["Lê Văn Ba"]) == [False, True]
    one.capacity = 3
    waiting.move_up(one, now=NOW)
    assert waits(rows["Lê Văn Ba"]) == [False]


def test_a_lowered_quota_takes_nobodys_place_away(session):
    one, agency = a_full_class(5), an_agency()
    db.session.flush()
    waiting.set_quotas(one, {agency.id: 2}, **DOING)
    rows = named(one, "Lê Văn Một", "Lê Văn Hai", agency=agency)
    waiting.set_quotas(one, {agency.id: 1}, **DOING)
    assert waits(*rows.values()) == [False, False]


def test_nobody_moves_up_once_the_class_is_over(session):
    one = a_full_class(1)
    rows = named(one, "Vũ Văn Tám", "Lê Thị Ba")
    one.capacity = 5
    waiting.move_up(one, now=NOW + timedelta(days=30))
    assert waits(rows["Lê Thị Ba"]) == [True]


def test_whoever_moved_up_is_told_and_so_are_the_head_and_the_staff_of_the_agency(session):
    one, agency = a_full_class(1), an_agency()
    head, staff = (a_person(agency=agency, roles=(role,)) for role in (Role.HEAD, Role.STAFF))
    trainee = a_person("Lê Thị Ba", agency=agency, roles=())
    db.session.flush()
    first = named(one, "Vũ Văn Tám")["Vũ Văn Tám"]
    entry = Entry("Lê Thị Ba", agency_id=agency.id, agency_name=agency.name, person_id=trainee.id)
    outside = Entry("Bùi Văn An", email="an@vidu.example")
    roster.enrol(one, [entry, outside], **DOING, seating=Seating.BY_QUOTA)
    one.capacity = 3
    waiting.move_up(one, now=NOW)
    told = db.session.scalars(sa.select(Notice).where(Notice.kind == NoticeKind.CLASS_MOVED_UP)).all()
    assert {notice.person_id for notice in told} == {head.id, staff.id, trainee.id, None}
    assert [notice.address for notice in told if notice.address] == ["an@vidu.example"]
    assert first.id not in [notice.about_id for notice in told if notice.about_kind == "participants"]


def test_an_apology_needs_its_reason_and_the_agency_is_told_of_it(session):
    one, agency = a_full_class(), an_agency()
    staff = a_person(agency=agency)
    db.session.flush()
    row = named(one, "Vũ Văn Tám", agency=agency)["Vũ Văn Tám"]
    with pytest.raises(BadInput):
        replying.apologise(row, "", **DOING)
    replying.apologise(row, "Ốm", **DOING)
    told = db.session.scalars(sa.select(Notice).where(Notice.kind == NoticeKind.CLASS_APOLOGISED)).all()
    assert [notice.person_id for notice in told] == [staff.id]
    assert told[0].data["reason"] == "Ốm"


def test_from_one_session_one_apologises_alone_and_keeps_the_place(session):
    one = a_full_class(1)
    first, second = db.session.scalars(_sessions(one)).all()
    row = named(one, "Vũ Văn Tám")["Vũ Văn Tám"]
    replying.apologise(row, "Họp Ban Thường vụ", [second.id], **DOING)
    assert row.reply is Reply.CONFIRMED
    assert apologies_for(first) == {}
    assert apologies_for(second) == {row.id: "Họp Ban Thường vụ"}
    assert places_of(one).taken == 1
    replying.confirm(row, **DOING)
    db.session.flush()
    assert apologies_for(second) == {}


def _sessions(one):
    return sa.select(ClassSession).where(ClassSession.class_id == one.id).order_by(ClassSession.starts_at)


def test_from_all_sessions_is_from_the_class(session):
    one = a_full_class(1)
    row = named(one, "Vũ Văn Tám")["Vũ Văn Tám"]
    replying.apologise(row, "Ốm", [it.id for it in db.session.scalars(_sessions(one))], **DOING)
    assert row.reply is Reply.APOLOGISED
    assert {row.id} == set(apologies_for(db.session.scalars(_sessions(one)).first()))


def test_who_comes_after_all_gets_a_place_only_where_one_is_left(session):
    one = a_full_class(1)
    rows = named(one, "Vũ Văn Tám", "Lê Thị Ba")
    replying.apologise(rows["Vũ Văn Tám"], "Ốm", **DOING)
    replying.confirm(rows["Vũ Văn Tám"], **DOING)
    assert waits(rows["Vũ Văn Tám"], rows["Lê Thị Ba"]) == [True, False]
    assert [row.participant_id for row in waiting_of(one.id)] == [rows["Vũ Văn Tám"].id]


def test_a_substitute_takes_over_the_place_with_a_page_of_their_own_and_the_former_row_stays(session):
    one, agency = a_full_class(1), an_agency()
    db.session.flush()
    rows = named(one, "Vũ Văn Tám", "Lê Thị Ba", agency=agency)
    former = rows["Vũ Văn Tám"]
    made = replying.send_substitute(former, Entry("Đỗ Văn Chín", email="chin@vidu.example"), **DOING)
    assert (former.reply, made.substitute_of_id, made.agency_id) == (Reply.SUBSTITUTED, former.id, agency.id)
    assert made.token != former.token
    assert waits(made, rows["Lê Thị Ba"]) == [False, True]
    assert places_of(one).taken == 1
    with pytest.raises(StepNotAllowed):
        replying.send_substitute(former, Entry("Người khác"), **DOING)


def test_a_substitute_of_who_waits_keeps_the_turn(session):
    one = a_full_class(1)
    rows = named(one, "Vũ Văn Tám", "Lê Thị Ba", "Bùi Văn An")
    made = replying.send_substitute(rows["Lê Thị Ba"], Entry("Đỗ Văn Chín"), **DOING)
    db.session.flush()
    assert [row.participant_id for row in waiting_of(one.id)] == [made.id, rows["Bùi Văn An"].id]


def test_after_the_class_nothing_is_answered(session):
    row = named(a_full_class(), "Vũ Văn Tám")["Vũ Văn Tám"]
    with pytest.raises(StepNotAllowed):
        replying.confirm(row, actor=None, now=NOW + timedelta(days=30))


def test_a_trainer_may_seat_somebody_before_their_turn_while_the_class_has_room(session):
    one, agency = a_full_class(2), an_agency()
    db.session.flush()
    waiting.set_quotas(one, {agency.id: 1}, **DOING)
    rows = named(one, "Lê Văn Một", "Lê Văn Hai", "Lê Văn Ba", agency=agency)
    waiting.give_place(rows["Lê Văn Ba"], **DOING)
    assert waits(rows["Lê Văn Hai"], rows["Lê Văn Ba"]) == [True, False]
    with pytest.raises(StepNotAllowed):
        waiting.give_place(rows["Lê Văn Hai"], **DOING)


def test_whoever_comes_back_to_the_list_gets_the_place_that_became_free_meanwhile(session):
    one = a_full_class(1)
    rows = named(one, "Vũ Văn Tám", "Lê Thị Ba", "Bùi Văn An")
    roster.remove_participant(rows["Lê Thị Ba"], "Nhầm", **DOING)
    replying.apologise(rows["Bùi Văn An"], "Ốm", **DOING)
    roster.remove_participant(rows["Vũ Văn Tám"], "Nghỉ hưu", **DOING)
    roster.restore_participant(rows["Lê Thị Ba"], **DOING)
    assert waits(rows["Lê Thị Ba"]) == [False], "taken off while waiting, put back when a place was free"
    one.capacity = 2
    replying.confirm(rows["Bùi Văn An"], **DOING)
    assert waits(rows["Bùi Văn An"]) == [False], "apologised while waiting, comes after all when a place was free"


def test_whoever_is_put_under_another_agency_frees_the_place_of_the_former(session):
    one, first, second = a_full_class(10), an_agency(), an_agency()
    db.session.flush()
    waiting.set_quotas(one, {first.id: 1}, **DOING)
    rows = named(one, "Lê Văn Một", "Lê Văn Hai", agency=first)
    moved = rows["Lê Văn Một"]
    roster.change_participant(moved, Entry("Lê Văn Một", agency_name=second.name), version=moved.version, **DOING)
    assert waits(rows["Lê Văn Hai"]) == [False]


def test_a_class_held_after_all_gives_the_places_that_became_free_while_it_was_cancelled(session):
    one = a_full_class(1)
    rows = named(one, "Vũ Văn Tám", "Lê Thị Ba")
    plan_cancel.cancel_class(one, "Mưa bão", **DOING)
    roster.remove_participant(rows["Vũ Văn Tám"], "Nghỉ hưu", **DOING)
    assert waits(rows["Lê Thị Ba"]) == [True]
    plan_cancel.resume_class(one, **DOING)
    assert waits(rows["Lê Thị Ba"]) == [False]


def test_places_are_those_on_record_even_where_the_class_was_read_before_they_changed(session):
    one = a_full_class(1)
    db.session.flush()
    session.execute(sa.text("UPDATE training_classes SET capacity = 2"))
    assert (one.capacity, places_of(one).capacity) == (1, 2)


def test_no_session_is_added_to_a_class_that_was_cancelled_after_it_was_read(session):
    one = a_full_class()
    db.session.flush()
    session.execute(sa.text("UPDATE training_classes SET cancelled_at = created_at, cancelled_because = 'Bão'"))
    with pytest.raises(StepNotAllowed):
        a_session("Buổi ba", of=one)

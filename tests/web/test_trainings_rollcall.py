"""Two trainers call one roll: nobody overwrites anybody unseen; a closed session changes only with a reason."""

import threading

import pytest
import sqlalchemy as sa

from pr_tracker.audit.models import AuditEntry
from pr_tracker.db import db
from pr_tracker.errors import BadInput, StepNotAllowed
from pr_tracker.permissions import Role
from pr_tracker.trainings.actions import roll as act
from pr_tracker.trainings.actions import roster
from pr_tracker.trainings.models_roll import AttendanceMark
from pr_tracker.trainings.queries.plan import get_session, number_of
from pr_tracker.trainings.queries.roll import counts_of, earlier_marks, mark_now, roll_of
from pr_tracker.trainings.queries.roster import get_participant
from pr_tracker.trainings.rules_roll import ATTENDED, Mark, MarkedMeanwhile, Source
from tests.factories.accounts import NOW, a_person
from tests.factories.trainings import a_roster, a_session

P, E, A = Mark.PRESENT, Mark.EXCUSED, Mark.ABSENT


@pytest.fixture
def roll(session):
    """A session with three on the roster, and two trainers."""
    held = a_session()
    rows = a_roster(held.training_class, "Nguyễn Thị Thúy An", "Lý Quốc Bảo", "Danh Hoàng Út Ân")
    first, second = (a_person(name, roles={Role.TRAINER}) for name in ("Kim Ngọc Diễm Hương", "Trần Văn Điểm"))
    db.session.commit()
    return held, rows, first, second


def call(roll, row, chosen, *, by, version=0, remark=""):
    return act.mark(roll[0], row, chosen, remark, version=version, actor=by, now=NOW)


def test_marks_on_different_rows_never_meet(roll):
    held, (an, _, bao), first, second = roll
    call(roll, an, P, by=first)
    call(roll, bao, A, by=second)
    assert counts_of(held) == {"present": 1, "late": 0, "left_early": 0, "excused": 0, "absent": 1, "unmarked": 1}


def test_the_second_on_one_row_is_told_whose_mark_stands_and_may_repeat(roll):
    _, (an, *_), first, second = roll
    call(roll, an, A, by=first)
    with pytest.raises(MarkedMeanwhile) as refused:
        call(roll, an, P, by=second)
    stands = refused.value.now
    assert (stands.mark, stands.by_name, stands.version) == (A, "Kim Ngọc Diễm Hương", 1)
    assert call(roll, an, P, by=second, version=1).mark is P


def test_the_same_mark_twice_is_no_quarrel_and_no_second_act(roll):
    _, (an, *_), first, second = roll
    row = call(roll, an, P, by=first)
    assert call(roll, an, P, by=second) is row
    assert (row.version, row.marked_by_id) == (1, first.id)


def test_two_trainers_at_the_same_instant_leave_one_mark_per_row(app):
    with app.app_context():
        held = a_session()
        rows = a_roster(held.training_class, *(f"Người Số {n}" for n in range(8)))
        people = [a_person(roles={Role.TRAINER}).id for _ in range(2)]
        ids = (held.id, [row.id for row in rows])
        db.session.commit()
    start, outcomes = threading.Barrier(2), []

    def trainer(person_id, chosen):
        from pr_tracker.accounts.models import Person

        start.wait(60)
        for row_id in ids[1]:
            with app.app_context():
                row, person = get_participant(row_id), db.session.get(Person, person_id)
                try:
                    act.mark(get_session(ids[0]), row, chosen, version=0, actor=person, now=NOW)
                    db.session.commit()
                    outcomes.append("saved")
                except MarkedMeanwhile:
                    outcomes.append("told")

    threads = [threading.Thread(target=trainer, args=pair) for pair in zip(people, (P, A), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["saved"] * 8 + ["told"] * 8
    with app.app_context():
        assert list(db.session.scalars(sa.select(AttendanceMark.version))) == [1] * 8


def test_a_whole_form_saves_its_changes_and_leaves_what_others_marked(roll):
    held, (an, _, bao), first, second = roll
    call(roll, an, A, by=first)
    sent = {an.id: (P, "", 0), bao.id: (E, "Giấy số 31", 0)}
    saved = act.mark_many(held, sent, actor=second, now=NOW)
    assert saved == {bao.id}
    assert mark_now(held.id, an.id).mark is A
    assert mark_now(held.id, bao.id).remark == "Giấy số 31"


def test_nobody_of_another_class_is_marked(roll):
    held, _, first, _ = roll
    stranger = a_roster(a_session().training_class, "Người Lớp Khác")[0]
    with pytest.raises(BadInput):
        call(roll, stranger, P, by=first)
    assert act.mark_many(held, {stranger.id: (P, "", 0), 999: (P, "", 0)}, actor=first, now=NOW) == set()


def test_a_session_closes_only_when_everybody_is_marked(roll):
    held, rows, first, _ = roll
    with pytest.raises(BadInput, match="3"):
        act.close_session(held, version=1, actor=first, now=NOW)
    for row in rows:
        call(roll, row, P, by=first)
    act.close_session(held, version=1, actor=first, now=NOW)
    assert (held.closed_at, held.closed_by_id) == (NOW, first.id)


def closed(roll):
    held, rows, first, _ = roll
    for row in rows:
        call(roll, row, P, by=first)
    act.close_session(held, version=1, actor=first, now=NOW)
    return held, rows[0], first


def test_after_closing_no_mark_is_made_by_roll_call(roll):
    held, row, first = closed(roll)
    with pytest.raises(StepNotAllowed):
        call(roll, row, A, by=first, version=1)
    with pytest.raises(StepNotAllowed):
        act.mark_many(held, {row.id: (A, "", 1)}, actor=first, now=NOW)
    with pytest.raises(StepNotAllowed):
        act.close_session(held, version=2, actor=first, now=NOW)


def test_a_correction_needs_a_reason_and_is_on_record(roll):
    held, row, first = closed(roll)
    with pytest.raises(BadInput) as refused:
        act.correct_mark(held, row, A, "", "", version=1, actor=first, now=NOW)
    assert refused.value.field == "reason"
    act.correct_mark(held, row, A, "", "Ghi nhầm dòng", version=1, actor=first, now=NOW)
    event, data = db.session.execute(
        sa.select(AuditEntry.event, AuditEntry.data).order_by(AuditEntry.number.desc())
    ).first()
    assert event == "attendance:correct"
    assert data == {"code": "A01", "former": "present", "mark": "absent", "reason": "Ghi nhầm dòng"}


def test_a_correction_from_an_older_version_is_told(roll):
    held, row, first = closed(roll)
    act.correct_mark(held, row, A, "", "Ghi nhầm dòng", version=1, actor=first, now=NOW)
    with pytest.raises(MarkedMeanwhile):
        act.correct_mark(held, row, E, "", "Có giấy phép", version=1, actor=first, now=NOW)


def test_an_open_session_is_not_corrected(roll):
    held, (an, *_), first, _ = roll
    with pytest.raises(StepNotAllowed):
        act.correct_mark(held, an, A, "", "Lý do", version=0, actor=first, now=NOW)


def test_whoever_is_off_the_roster_keeps_the_marks_made_before(roll):
    held, (an, ut, bao), first, _ = roll
    call(roll, an, P, by=first)
    roster.remove_participant(an, "Chuyển lớp", actor=first, now=NOW)
    roster.remove_participant(bao, "Không dự", actor=first, now=NOW)
    db.session.flush()
    assert {row.full_name for row in roll_of(held)} == {an.full_name, ut.full_name}


def test_the_roll_is_in_the_order_of_given_names(roll):
    assert [row.full_name for row in roll_of(roll[0])] == [
        "Nguyễn Thị Thúy An",
        "Danh Hoàng Út Ân",
        "Lý Quốc Bảo",
    ]


def test_marks_of_the_two_sessions_before_are_shown(roll):
    from datetime import date

    held, (an, *_), first, _ = roll
    days = (date(2026, 11, 18), date(2026, 11, 20), date(2026, 11, 23))
    before = [a_session(f"Buổi {day}", of=held.training_class, day=day) for day in days]
    for one, chosen in zip(before, (P, E, A), strict=True):
        act.mark(one, an, chosen, version=0, actor=first, now=NOW)
    db.session.flush()
    assert number_of(held) == 4
    assert earlier_marks(held) == [(2, {an.id: E}), (3, {an.id: A})]


def test_who_came_late_or_left_early_attended(roll):
    held, (an, ut, bao), first, _ = roll
    for row, chosen in ((an, Mark.LATE), (ut, Mark.LEFT_EARLY), (bao, P)):
        assert call(roll, row, chosen, by=first).source is Source.ROLL
    assert {row.mark for row in roll_of(held)} == ATTENDED
    assert counts_of(held)["unmarked"] == 0


def test_how_a_mark_came_about_is_kept_until_a_trainer_changes_it(roll):
    held, (an, *_), first, _ = roll
    row = act.mark(held, an, P, version=0, actor=None, now=NOW, source=Source.SELF, arrived_at=NOW)
    assert (row.source, row.arrived_at) == (Source.SELF, NOW)
    call(roll, an, Mark.LEFT_EARLY, by=first, version=1)
    assert (row.source, row.arrived_at) == (Source.ROLL, NOW)
    call(roll, an, A, by=first, version=2)
    assert row.arrived_at is None

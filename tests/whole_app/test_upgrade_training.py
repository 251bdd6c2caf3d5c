"""Courses, rosters and marks of 0003 keep their meaning in 0004; the way back stands open until this version is used.

The rows are written by SQL, as they stood then: no action of today makes them. Seen red on SQLite, where a table that
is copied to be changed could not be dropped while others refer to it.
"""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask_migrate import downgrade, upgrade

from pr_tracker.accounts.models import Person
from pr_tracker.certificates.queries.standing import candidates_of
from pr_tracker.codes import CODE_LETTERS
from pr_tracker.db import db
from pr_tracker.notices.models import Notice
from pr_tracker.trainings.actions import arrival, roll
from pr_tracker.trainings.models import ClassSession, Course, TrainingClass
from pr_tracker.trainings.models_roll import AttendanceMark
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.queries.invitations import places_of
from pr_tracker.trainings.queries.roll import counts_of, roll_of
from pr_tracker.trainings.queries.roster import get_by_token
from pr_tracker.trainings.rules_invitations import Reply
from pr_tracker.trainings.rules_roll import Mark, Source
from pr_tracker.trainings.rules_roster import CODE_LENGTH
from tests.databases import dispose, make_app
from tests.whole_app.test_upgrade import contents, reads, writer

THEN = datetime(2026, 8, 3, 1, 0, tzinfo=UTC)  # a Monday morning
NOW = THEN + timedelta(hours=2)
DAY = timedelta(days=1)
TRAINER, OFFICER = 1, 2
PEOPLE = 120
GONE = 7  # taken off the roster
MARKS = {1: "present", 2: "excused", 3: "absent"}


@pytest.fixture
def filled(engine, engine_app, databases, tmp_path):
    """The application over a database of 0003 with a class of 120 people, one session closed, one open."""
    with databases.empty(engine) as url:
        app = make_app(url, tmp_path)
        with app.app_context():
            upgrade(revision="0003")
            with db.engine.begin() as connection:
                _fill(writer(connection))
            yield app
        dispose(app)


def _fill(write):
    about = {"code": "CQ", "name": "Cơ quan".ljust(200, "x"), "short_name": "Cơ quan", "kind": "department"}
    write("agencies", id=1, signing_form="head", active=True, version=1, **about)
    for ident, role in ((TRAINER, "trainer"), (OFFICER, "staff")):
        email = f"p{ident}@angiang.example"
        write(
            "people",
            id=ident,
            agency_id=1,
            full_name="x" * 120,
            email=email,
            fs_uniquifier=email,
            active=True,
            version=1,
        )
        write("person_roles", person_id=ident, role=role)
    course = {"title": "Khóa".ljust(300, "x"), "year": 2026, "legal_ground": "Điều 8".ljust(300, "x")}
    write("courses", id=1, agency_id=1, version=3, created_at=THEN - DAY, **course)
    write("training_classes", id=1, course_id=1, name="Lớp 1", name_key="lop 1", version=2, created_at=THEN - DAY)
    for ident, starts in ((1, THEN - DAY), (2, THEN)):
        closed = {"closed_at": starts + DAY / 8, "closed_by_id": TRAINER} if ident == 1 else {}
        times = {"starts_at": starts, "ends_at": starts + DAY / 8}
        write(
            "class_sessions",
            id=ident,
            class_id=1,
            topic=f"Buổi {ident}",
            version=2,
            created_at=THEN - DAY,
            **times,
            **closed,
        )
    for number in range(1, PEOPLE + 1):
        who = {"full_name": f"Người {number}", "sort_key": f"{number:04}", "email": f"nguoi{number}@angiang.example"}
        own = {"person_id": OFFICER} if number == 1 else {}
        removed = {"active": number != GONE, "removed_because": "Chuyển công tác" if number == GONE else ""}
        write(
            "participants",
            id=number,
            class_id=1,
            number=number,
            version=1,
            created_at=THEN - DAY,
            **who,
            **own,
            **removed,
        )
        mark = {
            "mark": MARKS.get(number, "present"),
            "remark": "Có đơn" if number == 2 else "",
            "marked_by_id": TRAINER,
        }
        if number != GONE:
            write("attendance_marks", session_id=1, participant_id=number, marked_at=THEN, version=1, **mark)
    write("attendance_marks", session_id=2, participant_id=1, mark="present", marked_at=NOW, version=1)
    write(
        "notices",
        person_id=OFFICER,
        kind="duty:opened",
        key="duty:1",
        mail_state="off",
        created_at=THEN,
        data={"code": "x"},
    )


def test_courses_rosters_and_marks_keep_their_meaning(filled):
    upgrade()
    course, one = db.session.get_one(Course, 1), db.session.get_one(TrainingClass, 1)
    asked = (course.least_attendance, course.least_mark, course.paper_required, course.valid_months)
    assert asked == (80, None, False, None)
    assert (one.capacity, one.registration_until, one.cancelled_at) == (None, None, None)
    assert places_of(one).free is None  # nobody waits where there was no limit
    held, coming = (db.session.get_one(ClassSession, ident) for ident in (1, 2))
    counts = counts_of(held)
    assert {name: counts[name] for name in ("present", "late", "left_early", "excused", "absent", "unmarked")} == {
        "present": PEOPLE - 3, "late": 0, "left_early": 0, "excused": 1, "absent": 1, "unmarked": 0,
    }  # fmt: skip
    assert set(db.session.scalars(sa.select(AttendanceMark.source))) == {Source.ROLL}
    assert [row.remark for row in roll_of(held) if row.mark is Mark.EXCUSED] == ["Có đơn"]
    assert {standing.standing.qualifies for standing in candidates_of(one)} == {True, False}
    assert coming.closed_at is None
    assert db.session.scalar(sa.select(sa.func.count(Notice.id))) == 1


def test_everybody_on_a_roster_gets_a_page_and_a_code(filled):
    upgrade()
    people = db.session.scalars(sa.select(Participant)).all()
    assert len({one.token for one in people}) == len({one.personal_code for one in people}) == PEOPLE
    for one in people:
        assert len(one.personal_code) == CODE_LENGTH
        assert set(one.personal_code) <= set(CODE_LETTERS)
        assert len(one.token) >= 22  # 128 bits
        assert (one.reply, one.waiting_at, one.walk_in, one.invited_at) == (Reply.OPEN, None, False, None)
    assert get_by_token(people[0].token) is people[0]


def test_the_class_goes_on_where_it_stood(filled):
    upgrade()
    trainer, coming = db.session.get_one(Person, TRAINER), db.session.get_one(ClassSession, 2)
    token = db.session.get_one(Participant, 5).token
    db.session.commit()
    for path in ("/trainings", "/trainings/classes/1", "/trainings/sessions/1", "/trainings/sessions/2"):
        assert reads(filled, trainer, path) == 200, path
    assert reads(filled, trainer, f"/my-class/{token}") == 200
    arrived = arrival.check_in(
        coming,
        db.session.get_one(Participant, 5),
        Source.SELF,
        actor=None,
        now=coming.starts_at + timedelta(minutes=30),
    )
    assert arrived.mark is Mark.LATE
    rest = {row.id: (Mark.PRESENT, "", row.version) for row in roll_of(coming) if row.mark is None}
    roll.mark_many(coming, rest, actor=trainer, now=NOW)
    roll.close_session(coming, version=coming.version, actor=trainer, now=NOW + DAY)
    db.session.commit()
    assert counts_of(coming)["unmarked"] == 0


def test_the_way_back_loses_nothing_and_leads_up_again(filled):
    before = contents()
    upgrade()
    downgrade(revision="0003")
    assert contents() == before
    upgrade()
    assert db.session.scalar(sa.select(sa.func.count(Participant.id))) == PEOPLE


def _a_capacity():
    db.session.get_one(TrainingClass, 1).capacity = 200


def _a_late_mark():
    db.session.get_one(AttendanceMark, 1).mark = Mark.LATE


def _a_self_check_in():
    db.session.get_one(AttendanceMark, 1).source = Source.SELF


def _an_answer():
    one = db.session.get_one(Participant, 1)
    one.reply, one.replied_at = Reply.CONFIRMED, NOW


def _a_walk_in():
    db.session.get_one(Participant, 1).walk_in = True


def _a_validity():
    db.session.get_one(Course, 1).valid_months = 24


def _a_cancelled_session():
    session = db.session.get_one(ClassSession, 2)
    session.cancelled_at, session.cancelled_because = NOW, "Bão"


WRITTEN = (_a_capacity, _a_late_mark, _a_self_check_in, _an_answer, _a_walk_in, _a_validity, _a_cancelled_session)


def test_the_way_back_is_refused_before_anything_changes_once_this_version_was_used(filled, caplog):
    upgrade()
    for write in WRITTEN:
        write()
        db.session.commit()
        before = contents()
        with pytest.raises(SystemExit):
            downgrade(revision="0003")
        assert "restore the backup" in caplog.text
        assert contents() == before
        _as_it_was()
        caplog.clear()
    downgrade(revision="0003")  # nothing of it is left


def _as_it_was():
    for statement in (
        "UPDATE training_classes SET capacity = NULL",
        "UPDATE attendance_marks SET mark = 'present', source = 'roll' WHERE id = 1",
        "UPDATE participants SET reply = 'open', replied_at = NULL, walk_in = false WHERE id = 1",
        "UPDATE courses SET valid_months = NULL",
        "UPDATE class_sessions SET cancelled_at = NULL, cancelled_because = '' WHERE id = 2",
    ):
        db.session.execute(sa.text(statement))
    db.session.commit()

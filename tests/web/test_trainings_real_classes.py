"""The classes that really happened (domain.md §10) go through all of it; their people here are invented."""

from datetime import date, time, timedelta
from decimal import Decimal
from random import Random

import pytest
import sqlalchemy as sa

from pr_tracker.assessments.actions.marks import enter_marks
from pr_tracker.assessments.rules import MarkSource
from pr_tracker.certificates.queries.standing import candidates_of
from pr_tracker.db import db
from pr_tracker.demo.classes import invented
from pr_tracker.demo.workshop import demo_workshop
from pr_tracker.office_time import office_day, office_instant
from pr_tracker.permissions import Role
from pr_tracker.trainings.actions import arrival, plan, plan_class, roll
from pr_tracker.trainings.models import ClassSession, TrainingClass
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.queries.plan_class import venues_of
from pr_tracker.trainings.queries.roll import counts_of, roll_of
from pr_tracker.trainings.rules import ClassFacts, CourseFacts, VenueFacts
from pr_tracker.trainings.rules_roll import Mark, Source, row_code
from pr_tracker.trainings.rules_roster import Entry
from tests.factories.accounts import a_person, an_agency
from tests.factories.certificates import certificates_of
from tests.factories.trainings import a_roster, a_session
from tests.pdf.reading import words

RANDOM = Random(10)
TOPICS = (
    "Luật Báo chí và trách nhiệm của người phát ngôn",
    "Quan hệ với cơ quan báo chí",
    "Viết thông cáo báo chí",
    "Cung cấp thông tin trên mạng xã hội",
    "Xử lý khủng hoảng truyền thông",
    "Thực hành trả lời phỏng vấn",
)


@pytest.fixture
def trainer(session, sign_in, set_clock, app, tmp_path, monkeypatch):
    """trainer(moment): a trainer's client at this moment."""
    monkeypatch.setitem(app.config, "PR_TRACKER_UPLOAD_FOLDER", str(tmp_path))
    person = a_person("Cán Bộ Đào Tạo", roles={Role.TRAINER})

    def trainer(moment):
        set_clock(moment)
        db.session.commit()
        return sign_in(person)

    return trainer


def a_class_of(title, day, *, venues=(), capacity=None, **rule):
    agency = an_agency(now=office_instant(day - timedelta(days=60)))
    db.session.flush()
    planned = {"actor": None, "now": office_instant(day - timedelta(days=30))}
    course = plan.add_course(CourseFacts(title, day.year, agency.id, **rule), **planned)
    return plan.add_class(course, ClassFacts("Lớp 1", "Hội trường lớn", capacity), venues=venues, **planned)


def sessions_of(one):
    query = sa.select(ClassSession).where(ClassSession.class_id == one.id).order_by(ClassSession.starts_at)
    return list(db.session.scalars(query))


def look_at_everything(client, one, held):
    """Each page and paper of a class answers, within the budget of statements that the client counts."""
    base = f"/trainings/classes/{one.id}"
    for page in ("", "/roster", "/invitations", "/roll", "/certificates", "/report", "/report.pdf", "/report.xlsx"):
        assert client.get(base + page).status_code == 200, page
    for page in ("", "/state", "/sheet.pdf", "/paper", "/screen", "/door"):
        assert client.get(f"/trainings/sessions/{held.id}{page}").status_code == 200, page


def test_kien_giang_one_morning_for_212_people_on_paper(trainer):
    day = date(2024, 8, 8)
    one = a_class_of("Tập huấn kỹ năng phát ngôn năm 2024", day)
    held = a_session("Kỹ năng tiếp xúc báo chí", of=one, day=day, now=one.created_at)
    people = demo_workshop().roster
    a_roster(one, *(Entry(who.full_name, who.title, who.agency) for who in people), now=one.created_at)
    client = trainer(office_instant(day, time(12)))
    sheet = client.get(f"/trainings/sessions/{held.id}/sheet.pdf").data
    text = words(sheet)
    assert all(code in text for code in ("A01", "A99", "B01", "B99", "C01", "C14"))
    assert row_code(212) == "C14"
    said = {who.full_name: who.mark for who in people if who.mark != "present"}
    rows = {row.full_name: row for row in roll_of(held)}
    typed = [f"{row_code(rows[name].number)} {'p' if mark == 'excused' else 'v'}" for name, mark in said.items()]
    typed.append(f"{row_code(rows[people[0].full_name].number)} m: tắc phà Xẻo Rô")
    looked = client.post(f"/trainings/sessions/{held.id}/paper", data={"lines": "\n".join(typed), "act": "look"})
    assert looked.status_code == 200
    seen = looked.text.split('name="seen"')[1].split('value="')[1].split('"')[0]
    data = {"lines": "\n".join(typed), "act": "save", "seen": seen}
    assert client.post(f"/trainings/sessions/{held.id}/paper", data=data).status_code == 303
    counts = counts_of(held)
    kinds = [who.mark for who in people]
    absent = {"excused": kinds.count("excused"), "absent": kinds.count("absent")}
    assert {name: counts[name] for name in ("late", "excused", "absent", "unmarked")} == {
        "late": 1, **absent, "unmarked": 0,
    }  # fmt: skip
    assert counts["present"] == 212 - 1 - sum(absent.values())
    roll.close_session(held, version=held.version, actor=None, now=held.ends_at)
    given = certificates_of(one, day=day, now=held.ends_at + timedelta(hours=1))
    assert [each.number for each in given] == list(range(1, 212 - sum(absent.values()) + 1))
    look_at_everything(trainer(office_instant(day, time(16))), one, held)


def test_ho_chi_minh_city_126_people_in_two_classes_of_three_sessions(trainer):
    """18, 20, 25 and 19, 21, 26 November 2025, six topics; two of three sessions are not enough."""
    first_day = date(2025, 11, 18)
    one = a_class_of(
        "Bồi dưỡng người phát ngôn năm 2025",
        first_day,
        capacity=63,
        topics="\n".join(TOPICS),
        hours=24,
        valid_months=24,
    )
    for at, day in enumerate((18, 20, 25)):
        a_session("; ".join(TOPICS[2 * at : 2 * at + 2]), of=one, day=date(2025, 11, day), now=one.created_at)
    client = trainer(office_instant(date(2025, 11, 3), time(9)))
    facts = {"course_id": one.course_id, "name": "Lớp 2", "first_day": "19/11/2025", "place": "Hội trường B"}
    copied = client.post(f"/trainings/classes/{one.id}/copy", data={**facts, "capacity": "63", "act": "save"})
    assert copied.status_code == 303
    other = db.session.scalars(sa.select(TrainingClass).where(TrainingClass.name == "Lớp 2")).one()
    assert [office_day(each.starts_at).day for each in sessions_of(other)] == [19, 21, 26]
    one = db.session.get(TrainingClass, one.id)
    for number, each in enumerate((one, other)):
        people = a_roster(each, *invented(64, Random(number)), now=each.created_at)
        assert [who.waiting_at is None for who in people].count(True) == 63  # the 64th waits
        check_in_and_call(each)
        assert sum(who.standing.qualifies for who in candidates_of(each)) == 60
    given = [
        certificates_of(each, day=date(2025, 11, 27), now=office_instant(date(2025, 11, 27))) for each in (one, other)
    ]
    assert [each.number for group in given for each in group] == list(range(1, 121))  # one row of numbers for the year
    client = trainer(office_instant(date(2025, 11, 28), time(9)))
    for each in (one, other):
        look_at_everything(client, each, sessions_of(each)[0])
    assert client.get("/trainings/year?year=2025").status_code == 200


def check_in_and_call(one):
    """The first session by phone, the others called; three people miss one session of three."""
    first, *later = sessions_of(one)
    query = sa.select(Participant).where(Participant.class_id == one.id, Participant.seated()).order_by(Participant.id)
    people = list(db.session.scalars(query))
    for number, who in enumerate(people):
        late = number % 9 == 0
        at = first.starts_at + timedelta(minutes=25 if late else -5)
        came = arrival.check_in(first, who, Source.SELF, actor=None, now=at)
        assert came.mark is (Mark.LATE if late else Mark.PRESENT)
    for session in later:
        missing = set(people[:3]) if session is later[-1] else set()
        marks = {who.id: (Mark.EXCUSED if who in missing else Mark.PRESENT, "", 0) for who in people}
        roll.mark_many(session, marks, actor=None, now=session.starts_at + timedelta(minutes=20))
    for session in (first, *later):
        db.session.flush()
        roll.close_session(session, version=session.version, actor=None, now=session.ends_at)


def test_an_giang_online_at_eleven_venues(trainer):
    day = date(2019, 5, 8)
    names = [f"Điểm cầu huyện số {number}" for number in range(1, 12)]
    venues = [VenueFacts(name, "Hội trường Ủy ban nhân dân") for name in names]
    one = a_class_of("Hội nghị trực tuyến về phát ngôn", day, venues=venues)
    held = a_session("Phát ngôn và cung cấp thông tin", of=one, day=day, now=one.created_at)
    people = a_roster(one, *invented(11 * 12, RANDOM), now=one.created_at)
    places = venues_of(one.id)
    assert sorted(place.name for place in places) == sorted(names)
    seats = {who.id: places[number % 11].id for number, who in enumerate(people)}
    assert plan_class.seat_people(one, seats, actor=None, now=one.created_at) == 132
    client = trainer(office_instant(day, time(8, 30)))
    for place in places:
        own = [who for who in people if seats[who.id] == place.id]
        page = client.get(f"/trainings/sessions/{held.id}?venue={place.id}").text
        assert all(who.full_name in page for who in own)
        paper = words(client.get(f"/trainings/sessions/{held.id}/sheet.pdf?venue={place.id}").data)
        assert place.name in paper
        assert "Danh sách có 12 người" in paper
        rest = {"rest": "present", "venue": str(place.id)}
        assert client.post(f"/trainings/sessions/{held.id}", data=rest).status_code == 303
    assert counts_of(held)["present"] == 132
    look_at_everything(client, one, held)


def test_an_giang_five_days_with_a_trip_and_a_final_test(trainer):
    """21 to 25 October 2025: five topics, a field trip, a final test that decides about the certificate."""
    day = date(2025, 10, 21)
    one = a_class_of("Bồi dưỡng cán bộ truyền thông", day, least_mark=5, hours=40)
    for at, topic in enumerate((*TOPICS[:4], "Đi thực tế; kiểm tra cuối khóa")):
        a_session(topic, of=one, day=day + timedelta(days=at), now=one.created_at)
    people = a_roster(one, *invented(30, RANDOM), now=one.created_at)
    for session in sessions_of(one):
        marks = {who.id: (Mark.PRESENT, "", 0) for who in people}
        roll.mark_many(session, marks, actor=None, now=session.starts_at)
        db.session.flush()
        roll.close_session(session, version=session.version, actor=None, now=session.ends_at)
    assert not any(who.standing.qualifies for who in candidates_of(one)), "nobody without the test"
    marks = {who.id: (Decimal(4 + number % 3), "", 0) for number, who in enumerate(people)}
    enter_marks(one, marks, MarkSource.TYPED, actor=None, now=sessions_of(one)[-1].ends_at)
    assert sum(who.standing.qualifies for who in candidates_of(one)) == 20  # marks 5 and 6, not 4
    look_at_everything(trainer(office_instant(day + timedelta(days=5), time(9))), one, sessions_of(one)[-1])

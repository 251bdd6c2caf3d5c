"""Arrival: a clear yes or no to whoever checks in, recorded once; the desk by the door; walk-ins."""

import re
from datetime import date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from pr_tracker import clock
from pr_tracker.accounts.limits import limiter
from pr_tracker.audit.models import AuditEntry
from pr_tracker.db import db
from pr_tracker.office_time import office_instant
from pr_tracker.permissions import Role
from pr_tracker.trainings.actions import roll as rolls
from pr_tracker.trainings.actions.replying import send_substitute
from pr_tracker.trainings.actions.roster import remove_participant
from pr_tracker.trainings.models_roll import AttendanceMark
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.rules_arrival import WRONG_CODES, screen_code, window_of
from pr_tracker.trainings.rules_roll import Mark, Source
from pr_tracker.trainings.rules_roster import Entry
from pr_tracker.trainings.views import door
from pr_tracker.trainings.views.arrival import screen_key
from tests.factories.accounts import NOW, a_person
from tests.factories.trainings import a_class, a_course, a_roster, a_session

DAY = date(2026, 11, 25)  # a Wednesday; the session of the factory is from 08:00 to 11:00
START = office_instant(DAY, time(8))


@pytest.fixture
def at(monkeypatch):
    """at(moment): it is then."""

    def at(moment: datetime) -> datetime:
        monkeypatch.setattr(clock, "now", lambda: moment)
        return moment

    at(START - timedelta(minutes=5))
    limiter.reset()
    return at


@pytest.fixture
def hall(session, at):
    """A session that starts in five minutes, its class with three people."""
    held = a_session(of=a_class("Lớp 2"), day=DAY)
    rows = a_roster(held.training_class, "Lê Văn An", "Nguyễn Thị Bình", "Trần Văn Cảnh")
    db.session.commit()
    return held, rows


@pytest.fixture
def trainer(session):
    one = a_person("Lê Thị Đào", roles={Role.TRAINER})
    db.session.commit()
    return one


def code(held):
    """What is on the screen now."""
    return screen_code(screen_key(), held.id, window_of(clock.now()))


def scan(client, held):
    return client.get(f"/arrive/{code(held).scanned}")


def marks():
    db.session.rollback()
    return db.session.scalars(sa.select(AttendanceMark).order_by(AttendanceMark.participant_id)).all()


def test_who_scans_and_types_the_personal_code_is_told_yes_and_is_on_record(hall, client, at):
    held, (an, *_) = hall
    assert "Lê Văn An" not in scan(client, held).text, "nobody is named before the personal code"
    answer = client.post("/arrive", data={"code": f" {an.personal_code[:3].lower()} {an.personal_code[3:]} "})
    assert answer.status_code == 200
    assert "Đã điểm danh" in answer.text
    assert "Lê Văn An" in answer.text
    (mark,) = marks()
    assert (mark.mark, mark.source, mark.participant_id, mark.marked_by_id) == (Mark.PRESENT, Source.SELF, an.id, None)
    assert mark.arrived_at == clock.now()
    entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert (entry.event, entry.data["code"], entry.data["by"]) == ("attendance:arrive", "A01", "self")


def test_the_six_letters_beside_the_code_do_the_same(hall, client):
    held, (an, *_) = hall
    typed = code(held).typed
    assert client.get(f"/arrive?code={typed[:3]}+{typed[3:].lower()}").status_code == 200
    assert client.post("/arrive", data={"code": an.personal_code}).status_code == 200
    assert len(marks()) == 1


def test_a_second_time_is_a_yes_too_and_changes_nothing(hall, client, at):
    held, (an, *_) = hall
    scan(client, held)
    client.post("/arrive", data={"code": an.personal_code})
    at(START + timedelta(minutes=40))
    scan(client, held)
    answer = client.post("/arrive", data={"code": an.personal_code})
    assert answer.status_code == 200
    assert "Đã điểm danh trước đó" in answer.text
    assert "07:55" in answer.text
    (mark,) = marks()
    assert (mark.mark, mark.version) == (Mark.PRESENT, 1)


def test_this_phone_knows_who_checked_in_and_asks_for_one_touch_the_next_time(hall, client, at):
    held, (an, *_) = hall
    scan(client, held)
    client.post("/arrive", data={"code": an.personal_code})
    second = a_session("Buổi chiều", of=held.training_class, day=DAY, start=time(14), end=time(17))
    db.session.commit()
    at(START + timedelta(hours=6))
    assert "Lê Văn An" in scan(client, second).text
    assert "Lê Văn An" in client.post("/arrive", data={"who": "remembered"}).text
    assert [mark.session_id for mark in marks()] == [held.id, second.id]


def test_who_has_opened_the_own_page_is_known_to_this_phone(hall, client):
    held, (an, *_) = hall
    page = client.get(f"/my-class/{an.token}").text
    assert "/arrive" in page, "the page says how to check in while the session is on"
    assert "Lê Văn An" in scan(client, held).text


def test_what_another_browser_remembers_of_another_class_means_nobody(hall, client):
    held, _ = hall
    stranger = a_roster(a_class("Lớp 3"), "Người Lớp Khác")[0]
    db.session.commit()
    scan(client, held)
    for token in (stranger.token, '"\\000"'):
        client.set_cookie(f"my-class-{held.class_id}", token, path="/arrive")
        assert client.post("/arrive", data={"who": "remembered"}).status_code == 422
    assert not marks()


def test_who_comes_after_the_grace_is_recorded_as_late(hall, client, at):
    held, (an, binh, _) = hall
    at(START + timedelta(minutes=15))
    scan(client, held)
    client.post("/arrive", data={"code": an.personal_code})
    at(START + timedelta(minutes=15, seconds=1))
    scan(client, held)
    assert "đi muộn" in client.post("/arrive", data={"code": binh.personal_code}).text
    assert [mark.mark for mark in marks()] == [Mark.PRESENT, Mark.LATE]


def test_an_expired_code_is_refused_with_the_time_it_was_on_the_screen(hall, client, at):
    held, _ = hall
    old = code(held)
    at(clock.now() + timedelta(seconds=41))
    for answer in (client.get(f"/arrive/{old.scanned}"), client.get(f"/arrive?code={old.typed}")):
        assert answer.status_code == 410
        assert "Mã này đã hết hiệu lực: mã chiếu trên màn hình lúc 07:55:00" in answer.text


def test_a_copied_code_is_of_no_use_after_forty_seconds_even_to_who_knows_a_personal_code(hall, client, at):
    held, (an, *_) = hall
    copied = code(held).scanned
    at(clock.now() + timedelta(minutes=2))
    client.get(f"/arrive/{copied}")
    answer = client.post("/arrive", data={"code": an.personal_code})
    assert answer.status_code == 410
    assert not marks()


def test_three_minutes_are_left_to_type_the_personal_code(hall, client, at):
    held, (an, *_) = hall
    scanned, before = code(held).scanned, clock.now()
    client.get(f"/arrive/{scanned}")
    at(before + timedelta(minutes=2, seconds=50))
    assert client.get(f"/arrive/{scanned}").status_code == 200, "who loads the page anew loses nothing"
    at(before + timedelta(minutes=3))
    answer = client.post("/arrive", data={"code": an.personal_code})
    assert answer.status_code == 410
    assert "quá ba phút" in answer.text
    assert not marks()


@pytest.mark.parametrize("foreign", ["1-0-CCCCCCCC", "https:evil", "K7M4QX", "0-0-0", "%00", "1-ffffffff-CCCCCCCC"])
def test_a_foreign_code_is_refused(hall, client, foreign):
    answer = client.get(f"/arrive/{foreign}")
    assert answer.status_code == 404
    assert "không phải mã điểm danh" in answer.text


def test_the_code_of_one_session_does_not_open_another(hall, client):
    held, _ = hall
    other = a_session(day=DAY)
    db.session.commit()
    _, window, seal = code(held).scanned.split("-")
    assert client.get(f"/arrive/{other.id}-{window}-{seal}").status_code == 404


def test_a_personal_code_of_another_class_is_refused_by_the_name_of_that_class(hall, client):
    held, _ = hall
    other = a_class("Lớp 1", course=held.training_class.course)
    stranger = a_roster(other, "Người Lớp Khác")[0]
    db.session.commit()
    scan(client, held)
    answer = client.post("/arrive", data={"code": stranger.personal_code})
    assert answer.status_code == 409
    assert "thuộc lớp khác: Lớp 1" in answer.text
    assert not marks()


def test_an_unknown_code_is_said_next_to_the_field_and_kept(hall, client):
    held, _ = hall
    scan(client, held)
    answer = client.post("/arrive", data={"code": "KKKKKK"})
    assert answer.status_code == 422
    assert "Không có ai trong lớp này mang mã" in answer.text
    assert 'value="KKKKKK"' in answer.text


def test_wrong_codes_are_limited_for_the_session_not_for_the_address_of_the_hall(hall, client):
    held, (an, binh, _) = hall
    client.get(f"/my-class/{binh.token}")
    scan(client, held)
    for _ in range(int(WRONG_CODES.split()[0])):
        assert client.post("/arrive", data={"code": "KKKKKK"}).status_code == 422
    assert client.post("/arrive", data={"code": "KKKKKK"}).status_code == 429
    assert client.post("/arrive", data={"code": an.personal_code}).status_code == 429
    assert client.post("/arrive", data={"who": "remembered"}).status_code == 200, "who is known need not type"
    other = a_session(day=DAY)
    (one,) = a_roster(other.training_class, "Người Lớp Khác")
    db.session.commit()
    scan(client, other)
    assert client.post("/arrive", data={"code": one.personal_code}).status_code == 200


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (START - timedelta(minutes=61), "Chưa đến giờ điểm danh. Điểm danh mở từ 07:00 25/11/2026"),
        (START + timedelta(hours=3, seconds=1), "Buổi học đã kết thúc lúc 11:00 25/11/2026"),
    ],
)
def test_nobody_checks_in_before_it_opens_or_after_the_end(hall, client, at, moment, said):
    held, _ = hall
    at(moment)
    answer = scan(client, held)
    assert answer.status_code == 409
    assert said in answer.text


def test_nobody_checks_in_to_a_session_that_was_closed_or_cancelled_meanwhile(hall, client):
    held, (an, *_) = hall
    scan(client, held)
    held.closed_at = NOW
    db.session.commit()
    answer = client.post("/arrive", data={"code": an.personal_code})
    assert "đã chốt điểm danh" in answer.text
    held.closed_at, held.cancelled_at, held.cancelled_because = None, NOW, "Bão"
    db.session.commit()
    answer = client.post("/arrive", data={"code": an.personal_code})
    assert "Buổi này đã hủy" in answer.text
    assert not marks()


def test_who_waits_or_was_taken_off_is_told_so(hall, client):
    held, (an, binh, _) = hall
    remove_participant(binh, "Đi công tác", actor=None, now=NOW)
    an.waiting_at = NOW
    db.session.commit()
    scan(client, held)
    assert "đang trong danh sách chờ" in client.post("/arrive", data={"code": an.personal_code}).text
    answer = client.post("/arrive", data={"code": binh.personal_code})
    assert "không còn trong danh sách" in answer.text
    assert "Đi công tác" not in answer.text
    assert not marks()


def test_who_has_sent_somebody_else_leaves_the_check_in_to_them(hall, client):
    held, (an, *_) = hall
    instead = send_substitute(an, Entry("Lê Văn Thay", "Phó Chánh Văn phòng"), actor=None, now=NOW)
    db.session.commit()
    scan(client, held)
    assert "đã cử người đi thay" in client.post("/arrive", data={"code": an.personal_code}).text
    assert "Lê Văn Thay" in client.post("/arrive", data={"code": instead.personal_code}).text
    assert [mark.participant_id for mark in marks()] == [instead.id]


def test_a_trainers_mark_is_not_overwritten_by_a_phone(hall, client, trainer):
    held, (an, *_) = hall
    rolls.mark(held, an, Mark.EXCUSED, "Giấy số 31", version=0, actor=trainer, now=NOW)
    db.session.commit()
    scan(client, held)
    answer = client.post("/arrive", data={"code": an.personal_code})
    assert answer.status_code == 409
    assert "vắng có phép" in answer.text
    assert marks()[0].mark is Mark.EXCUSED


def test_who_was_marked_present_by_a_trainer_is_told_that_it_is_on_record(hall, client, trainer):
    held, (an, *_) = hall
    rolls.mark(held, an, Mark.PRESENT, version=0, actor=trainer, now=START)
    db.session.commit()
    scan(client, held)
    answer = client.post("/arrive", data={"code": an.personal_code})
    assert "Đã điểm danh trước đó" in answer.text
    assert marks()[0].source is Source.ROLL


def test_the_projector_shows_a_code_that_lets_people_in(hall, client, sign_in, trainer):
    held, _ = hall
    page = sign_in(trainer).get(f"/trainings/sessions/{held.id}/screen")
    assert page.status_code == 200
    typed = re.search(r"data-typed>([A-Z0-9]{3}) ([A-Z0-9]{3})<", page.text)
    assert client.get(f"/arrive?code={typed[1]}{typed[2]}").status_code == 200


def test_the_projector_knows_the_codes_of_the_next_two_minutes_and_asks_only_for_new_ones(hall, sign_in, trainer):
    held, _ = hall
    client = sign_in(trainer)
    state = client.get(f"/trainings/sessions/{held.id}/screen/state").json
    windows = [one["window"] for one in state["codes"]]
    assert windows == list(range(window_of(clock.now()), window_of(clock.now()) + 6))
    assert (state["arrived"], state["expected"], state["closed"]) == (0, 3, "")
    assert client.get(f"/trainings/sessions/{held.id}/screen/state?after={windows[-1]}").json["codes"] == []
    assert client.get(f"/trainings/sessions/{held.id}/screen/state?after=garbage").json["codes"]


def test_the_projector_shows_no_code_while_nobody_may_check_in(hall, sign_in, trainer, at):
    held, _ = hall
    at(START - timedelta(hours=3))
    client = sign_in(trainer)
    assert client.get(f"/trainings/sessions/{held.id}/screen/state").json["codes"] == []
    assert "Điểm danh mở từ 07:00 25/11/2026" in client.get(f"/trainings/sessions/{held.id}/screen").text


def test_at_the_door_a_personal_code_a_row_code_and_a_scanned_link_all_mean_the_person(hall, sign_in, trainer):
    held, (an, binh, canh) = hall
    client = sign_in(trainer)
    door = f"/trainings/sessions/{held.id}/door"
    for typed in (an.personal_code.lower(), "a02", f"https://press.example.gov.vn/my-class/{canh.token}"):
        assert client.post(door, data={"code": typed}).status_code == 303
    assert [(mark.source, mark.marked_by_id) for mark in marks()] == [(Source.SCAN, trainer.id)] * 3
    page = client.get(door).text
    assert all(one.full_name in page for one in (an, binh, canh))


def test_the_door_answers_a_script_with_what_was_written_down(hall, sign_in, trainer):
    held, (an, *_) = hall
    client, asks = sign_in(trainer), {"Accept": "application/json"}
    door = f"/trainings/sessions/{held.id}/door"
    said = client.post(door, data={"code": an.personal_code}, headers=asks)
    assert (said.status_code, said.json["words"]) == (200, "A01 Lê Văn An: có mặt, lúc 07:55.")
    assert (said.json["new"], said.json["arrived"], said.json["expected"]) == (True, 1, 3)
    again = client.post(door, data={"code": an.personal_code}, headers=asks)
    assert (again.status_code, again.json["new"]) == (200, False)
    wrong = client.post(door, data={"code": "KKKKKK"}, headers=asks)
    assert (wrong.status_code, wrong.json["offer"]) == (409, None)
    assert len(marks()) == 1


def test_a_trainer_at_the_door_may_put_right_a_mark_that_stands_in_the_way(hall, sign_in, trainer):
    held, (an, *_) = hall
    rolls.mark(held, an, Mark.ABSENT, version=0, actor=trainer, now=NOW)
    db.session.commit()
    client, asks = sign_in(trainer), {"Accept": "application/json"}
    door = f"/trainings/sessions/{held.id}/door"
    refused = client.post(door, data={"code": "A01"}, headers=asks)
    assert refused.status_code == 409
    assert refused.json["offer"]["field"] == "over"
    assert "over" in client.post(door, data={"code": "A01"}).text, "the same without scripts"
    sent = {"code": "A01", "over": refused.json["offer"]["value"]}
    assert client.post(door, data={**sent, "over": "7"}, headers=asks).status_code == 409
    assert client.post(door, data=sent, headers=asks).status_code == 200
    assert marks()[0].mark is Mark.PRESENT


def test_who_waits_gets_a_place_at_the_door_when_a_trainer_says_so(hall, sign_in, trainer):
    held, (an, binh, _) = hall
    remove_participant(binh, "Không đến được", actor=None, now=NOW)
    an.waiting_at = NOW
    db.session.commit()
    client, asks = sign_in(trainer), {"Accept": "application/json"}
    door = f"/trainings/sessions/{held.id}/door"
    for typed in ("A01", "A02"):
        assert client.post(door, data={"code": typed}, headers=asks).json["offer"]["field"] == "admit"
        assert not marks()[1:]
        assert client.post(door, data={"code": typed, "admit": "yes"}, headers=asks).status_code == 200
    db.session.expire_all()
    assert (an.waiting_at, binh.active) == (None, True)
    assert len(marks()) == 2


def test_the_personal_qr_of_another_class_is_named_at_the_door(hall, sign_in, trainer):
    held, _ = hall
    stranger = a_roster(a_class("Lớp 7", course=a_course()), "Người Lớp Khác")[0]
    db.session.commit()
    link = f"http://localhost/my-class/{stranger.token}"
    answer = sign_in(trainer).post(f"/trainings/sessions/{held.id}/door", data={"code": link})
    assert answer.status_code == 409
    assert "Lớp 7" in answer.text
    assert not marks()


def test_a_walk_in_is_put_on_the_roster_and_recorded(hall, sign_in, trainer):
    held, _ = hall
    typed = {"full_name": "Phạm Văn Đến", "title": "Chánh Văn phòng", "agency_name": "Sở Xây dựng"}
    client = sign_in(trainer)
    url = f"/trainings/sessions/{held.id}/door/walk-in"
    assert client.post(url, data={}).status_code == 422
    assert client.post(url, data=typed).status_code == 303
    (mark,) = marks()
    one = db.session.get(Participant, mark.participant_id)
    assert (one.full_name, one.walk_in, one.number, mark.source) == ("Phạm Văn Đến", True, 4, Source.WALK_IN)
    assert client.get(f"/trainings/sessions/{held.id}/screen/state").json["expected"] == 4


def test_a_walk_in_who_may_be_on_the_roster_is_asked_about_first(hall, sign_in, trainer):
    held, _ = hall
    client = sign_in(trainer)
    url = f"/trainings/sessions/{held.id}/door/walk-in"
    answer = client.post(url, data={"full_name": "le van an"})
    assert answer.status_code == 409
    assert 'value="A01"' in answer.text
    assert not marks()
    assert client.post(url, data={"full_name": "Lê Văn An", "despite": "yes"}).status_code == 303
    assert len(marks()) == 1


def test_two_desks_that_add_the_same_walk_in_look_one_after_the_other(hall, sign_in, trainer, monkeypatch):
    held, _ = hall
    done = []
    monkeypatch.setattr(door, "take_turn", lambda: done.append("turn"))
    monkeypatch.setattr(door, "doubt_about", lambda _entry, _known: done.append("look"))
    sign_in(trainer).post(f"/trainings/sessions/{held.id}/door/walk-in", data={"full_name": "Phạm Văn Đến"})
    assert done == ["turn", "look"]


def test_nobody_walks_in_to_a_closed_session(hall, sign_in, trainer):
    held, _ = hall
    held.closed_at = NOW
    db.session.commit()
    url = f"/trainings/sessions/{held.id}/door/walk-in"
    assert sign_in(trainer).post(url, data={"full_name": "Phạm Văn Đến"}).status_code == 409
    assert db.session.scalar(sa.select(sa.func.count(Participant.id))) == 3


def test_a_trainers_phone_that_opens_a_personal_qr_records_the_arrival_with_one_touch(hall, sign_in, trainer):
    held, (an, *_) = hall
    client = sign_in(trainer)
    assert f"/trainings/arrivals/{an.token}" in client.get(f"/my-class/{an.token}").text
    page = client.get(f"/trainings/arrivals/{an.token}").text
    assert f"/trainings/sessions/{held.id}/door" in page
    assert client.post(f"/trainings/sessions/{held.id}/door", data={"code": "A01"}).status_code == 303
    assert "07:55" in client.get(f"/trainings/arrivals/{an.token}").text


def test_only_trainers_see_the_code_and_the_desk(hall, client, sign_in):
    held, (an, *_) = hall
    pages = [f"/trainings/sessions/{held.id}/{page}" for page in ("screen", "screen/state", "door", "door/walk-in")]
    pages.append(f"/trainings/arrivals/{an.token}")
    watcher = a_person(roles={Role.SUPERVISOR})
    db.session.commit()
    assert all(client.get(page).status_code == 302 for page in pages)
    assert all(sign_in(watcher).get(page).status_code == 403 for page in pages)

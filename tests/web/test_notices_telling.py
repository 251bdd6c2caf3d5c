"""The outbox: each is told once, in person or through today's substitute; words are made when they are read."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask_babel import force_locale

from pr_tracker.accounts.models import Absence, Person
from pr_tracker.db import db
from pr_tracker.notices import labels
from pr_tracker.notices.models import Notice
from pr_tracker.notices.rules import DigestPart, MailState, NoticeKind
from pr_tracker.office_time import office_day
from tests.factories.accounts import NOW, a_person, an_agency
from tests.factories.notices import DATA, told

TODAY = office_day(NOW)


def away(absent, substitute):
    db.session.flush()
    row = {"person_id": absent.id, "substitute_id": substitute.id, "from_on": TODAY, "to_on": TODAY, "note": ""}
    db.session.add(Absence(**row, created_at=NOW, created_by_id=absent.id))


def whom(notices):
    return [(notice.person_id, notice.instead_of_id) for notice in notices]


@pytest.fixture
def office(session):
    agency = an_agency()
    people = [a_person(name, agency=agency) for name in ("Lê Thị Một", "Trần Văn Hai", "Phạm Thị Ba")]
    session.flush()
    return people


def test_each_of_the_people_is_told_and_the_mail_waits_to_be_sent_at_once(office):
    one, two, _ = office
    notices = told(one, two, key="k")
    assert whom(notices) == [(one.id, None), (two.id, None)]
    first = notices[0]
    assert (first.mail_state, first.mail_next_at, first.read_at) == (MailState.WAITING, NOW, None)
    assert (first.about_kind, first.about_id, first.data) == ("people", one.id, DATA)


def test_telling_twice_is_telling_once(office, session):
    one, two, _ = office
    assert len(told(one, key="k")) == 1
    assert whom(told(one, two, key="k")) == [(two.id, None)]
    assert told(one, two, key="k") == []
    assert session.scalar(sa.select(sa.func.count(Notice.id))) == 2


def test_who_is_away_is_told_through_the_substitute_and_not_again_when_back(office, session):
    one, two, _ = office
    away(one, two)
    assert whom(told(one, key="k")) == [(two.id, one.id)]
    absence = session.scalars(sa.select(Absence)).one()
    absence.ended_at, absence.ended_by_id = NOW, one.id
    assert told(one, key="k") == []


def test_a_substitute_who_is_told_anyway_is_told_once_in_person(office):
    one, two, _ = office
    away(one, two)
    assert whom(told(one, two, key="k")) == [(two.id, None)]


def test_both_are_told_when_the_substitute_is_away_too(office):
    one, two, three = office
    away(one, two)
    away(two, three)
    assert whom(told(one, key="k")) == [(one.id, None), (two.id, one.id)]


def test_nobody_inactive_is_told(office):
    one, two, _ = office
    one.active = False
    assert whom(told(one, two)) == [(two.id, None)]


def test_mail_waits_for_the_office_hours_that_the_caller_knows_unless_it_is_urgent(office):
    morning = NOW + timedelta(days=3)
    assert told(office[0], mail_after=morning)[0].mail_next_at == morning
    assert told(office[0], mail_after=morning, urgent=True)[0].mail_next_at == NOW
    silent = told(office[0], mail=False)[0]
    assert (silent.mail_state, silent.mail_next_at) == (MailState.OFF, None)


def test_two_who_tell_the_same_at_the_same_moment_tell_it_once(app):
    with app.app_context():
        people = [a_person() for _ in range(3)]
        db.session.commit()
        ids = [person.id for person in people]
    together, made, failed = threading.Barrier(2), [], []

    def tell(order):
        try:
            with app.app_context():
                together.wait(60)
                about = db.session.get(Person, ids[0])
                made.extend(told(*order, about=about, key="k"))
                db.session.commit()
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=tell, args=(order,)) for order in (ids, ids[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not failed
    assert len(made) == 3
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Notice.id))) == 3


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("kind", NoticeKind)
def test_every_kind_has_a_line_and_a_sentence_without_gaps_in_both_languages(app, kind, language):
    data = {**DATA, "actor": "Lê Thị Một", "agency": "Sở Xây dựng", "reason": "đủ hồ sơ", "old_on": "2026-11-27"}
    data |= {"until_on": "2026-12-01", "since_at": "2026-11-20T09:30:00+00:00"}
    data |= {"outlet": "Báo Tây Đô", "letter": "phản hồi", "incident": "VV-2026-0001", "newer": "PN-2026-0002"}
    data |= {"giver": "Trần Văn Hai", "name": "Phạm Thị Ba", "number": "12/GUQ-SXD"}
    data |= {"note": "gọi cơ sở", "topic": "Buổi 1"}
    data["parts"] = {part.value: [{"code": "ĐN-1", "path": "/"}] for part in DigestPart}
    with app.test_request_context(), force_locale(language):
        said = f"{labels.line(kind, data)} {labels.sentence(kind, data)}"
    assert "…" not in said
    assert "%" not in said
    assert kind is NoticeKind.DIGEST or "ĐN-2026-0412, Kè biển Rạch Giá" in said


def test_a_term_in_days_lasts_to_the_end_of_the_day_and_a_term_in_hours_to_the_minute(app):
    hours = {"code": "ĐN-2026-0413", "hours": 4, "due_at": "2026-11-21T09:30:00+00:00"}
    with app.test_request_context(), force_locale("vi"):
        assert labels.line(NoticeKind.BEFORE, DATA) == "Còn 1 ngày làm việc: ĐN-2026-0412, Kè biển Rạch Giá"
        assert labels.sentence(NoticeKind.BEFORE, DATA) == "Hạn: hết thứ Hai 30/11/2026."
        assert labels.line(NoticeKind.LATE_2, hours) == "Quá hạn 4 giờ: ĐN-2026-0413"
        assert "16:30 thứ Bảy 21/11/2026" in labels.sentence(NoticeKind.LATE_2, hours)


def test_a_code_of_another_feature_is_told_in_its_words(app):
    labels.name_codes(reason={"waiting_for_press": "chờ báo chí"}, code={"a_duty": "Họp báo định kỳ"})
    with app.test_request_context(), force_locale("vi"):
        assert ("Lý do", "chờ báo chí") in labels.details({"reason": "waiting_for_press"})
        assert labels.line(NoticeKind.DUTY_DONE, {"code": "a_duty"}).endswith(": Họp báo định kỳ")
        assert ("Lý do", "như đã nói") in labels.details({"reason": "như đã nói"})

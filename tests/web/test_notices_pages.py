"""The bell and its pages: one's own notices, what one wants by mail, the private calendar, what was sent to whom."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from icalendar import Calendar

from pr_tracker.accounts.models import Person
from pr_tracker.audit.models import AuditEntry
from pr_tracker.db import db
from pr_tracker.notices import actions, queries
from pr_tracker.notices.models import Notice, SenderPulse
from pr_tracker.notices.rules import Choices, DigestPart, FeedEntry, MailState, NoticeEvent, NoticeKind
from pr_tracker.office_time import OFFICE_ZONE
from pr_tracker.permissions import Role
from tests.factories.accounts import NOW, somebody
from tests.factories.notices import DATA, told

CODE = "ĐN-2026-0412"


@pytest.fixture
def reader(app):
    return somebody(app, "Trần Thị Đọc")


@pytest.fixture
def tell(app):
    """tell(somebody, …): committed notices, their ids."""

    def tell(reader, count=1, **facts):
        with app.app_context():
            person = db.session.get(Person, reader.id)
            ids = [told(person, **facts)[0].id for _ in range(count)]
            db.session.commit()
            return ids

    return tell


def notice(app, notice_id):
    with app.app_context():
        return db.session.get(Notice, notice_id)


def bell(page):
    """What the bell says, as a screen reader hears it."""
    link = re.search(r'<a class="bell".*?</a>', page, re.DOTALL)[0]
    return " ".join(re.sub(r'<span class="count[^>]*aria-hidden="true">[^<]*</span>|<[^>]+>', "", link).split())


def test_every_page_says_how_much_is_unread(sign_in, reader, tell):
    client = sign_in(reader)
    assert bell(client.get("/account").text) == "Thông báo"
    tell(reader, 3)
    assert bell(client.get("/account").text) == "Thông báo 3 chưa đọc"
    tell(reader, 97)
    page = client.get("/account").text
    assert bell(page) == "Thông báo trên 99 thông báo chưa đọc"
    assert "99+" in page


def test_opening_a_notice_leads_to_its_page_and_marks_it_as_read(app, sign_in, reader, tell):
    client, (notice_id,) = sign_in(reader), tell(reader)
    assert "Còn 1 ngày làm việc: ĐN-2026-0412, Kè biển Rạch Giá" in client.get("/notices").text
    answer = client.post(f"/notices/{notice_id}/open")
    assert (answer.status_code, answer.location) == (303, "/inquiries/412")
    first = notice(app, notice_id).read_at
    assert first is not None
    client.post(f"/notices/{notice_id}/open")
    assert notice(app, notice_id).read_at == first


def test_looking_at_the_list_reads_nothing(app, sign_in, reader, tell):
    (notice_id,) = tell(reader)
    sign_in(reader).get("/notices")
    assert notice(app, notice_id).read_at is None


def test_one_notice_is_marked_as_read_where_one_stands(app, sign_in, reader, tell):
    client, (notice_id,) = sign_in(reader), tell(reader)
    answer = client.post(f"/notices/{notice_id}/read", data={"next": "/notices?show=unread"})
    assert answer.location == "/notices?show=unread"
    assert notice(app, notice_id).read_at is not None
    page = client.get("/notices?show=unread").text
    assert "Không có thông báo chưa đọc" in page
    assert CODE not in page


def test_nobody_reads_what_others_were_told(app, sign_in, reader, tell):
    (other,) = tell(somebody(app))
    client = sign_in(reader)
    assert client.post(f"/notices/{other}/open").status_code == 404
    assert client.post(f"/notices/{other}/read").status_code == 404
    assert CODE not in client.get("/notices").text
    assert notice(app, other).read_at is None


def test_marking_all_leaves_what_came_while_one_read(app, sign_in, reader, tell):
    client, seen, others = sign_in(reader), tell(reader, 2), tell(somebody(app))
    newest = re.search(r'name="newest" value="(\d+)"', client.get("/notices").text)[1]
    (later,) = tell(reader)
    assert client.post("/notices/read", data={"newest": newest}).location == "/notices"
    states = [notice(app, one).read_at is not None for one in (*seen, later, *others)]
    assert states == [True, True, False, False]
    assert client.post("/notices/read", data={"newest": "9" * 30}).status_code == 303
    assert client.post("/notices/read", data={"newest": "-" + "9" * 30}).status_code == 303


def test_the_list_goes_on_page_by_page(sign_in, reader, tell):
    client, ids = sign_in(reader), tell(reader, queries.PAGE + 5)
    first = client.get("/notices").text
    assert f"/notices/{ids[-1]}/open" in first
    older = re.search(r'href="(/notices\?before=\d+)"', first)[1]
    second = client.get(older).text
    assert f"/notices/{ids[0]}/open" in second
    newer = re.search(r'href="(/notices\?after=\d+)"', second)[1]
    assert f"/notices/{ids[-1]}/open" in client.get(newer).text


def test_who_reads_in_place_of_somebody_sees_of_whom(app, sign_in, reader, tell):
    absent = somebody(app, "Lê Văn Vắng")
    (notice_id,) = tell(reader)
    with app.app_context():
        db.session.get(Notice, notice_id).instead_of_id = absent.id
        db.session.commit()
    assert "thay Lê Văn Vắng" in sign_in(reader).get("/notices").text


def test_a_person_chooses_what_comes_by_mail(app, sign_in, reader):
    client = sign_in(reader)
    boxes = re.findall(r'<input[^>]* name="(?:digest|reminders_by_mail)"[^>]*>', client.get("/notices/settings").text)
    assert [" checked" in box for box in boxes] == [True, True]
    assert client.post("/notices/settings", data={"digest": "y"}).location == "/notices/settings"
    with app.app_context():
        assert queries.choices_of(reader.id) == Choices(reminders_by_mail=False, digest=True)
        assert NoticeEvent.CHOICES in set(db.session.scalars(sa.select(AuditEntry.event)))


def test_a_digest_is_told_once_a_day_to_who_wants_it_and_has_something(session):
    one, two, three = (told()[0].person for _ in range(3))
    session.flush()
    actions.choose(two, Choices(digest=False), now=NOW)
    parts = {DigestPart.LATE: [{"code": CODE, "path": "/"}]}
    assert queries.digest_readers([one.id, two.id, three.id], date(2026, 11, 20)) == [one.id, three.id]
    assert actions.tell_digest(one, {}, now=NOW, path="/") is None
    assert actions.tell_digest(two, parts, now=NOW, path="/") is None
    assert actions.tell_digest(one, parts, now=NOW, path="/").kind is NoticeKind.DIGEST
    assert actions.tell_digest(one, parts, now=NOW, path="/") is None
    assert queries.digest_readers([one.id, three.id], date(2026, 11, 20)) == [three.id]
    assert actions.tell_digest(one, parts, now=NOW + timedelta(days=3), path="/") is not None


# The private calendar

DAY = FeedEntry(
    "inquiry-1", "ĐN-1: hạn trả lời; gấp, rất gấp", "/inquiries/1", NOW, due_on=date(2026, 11, 30), note="Sở Xây dựng"
)
MOMENT = FeedEntry("inquiry-2", "Sự cố", "/inquiries/2", NOW, due_at=NOW + timedelta(hours=4))


@pytest.fixture
def entries(app, monkeypatch):
    """What features put into everybody's calendar."""
    entries = [DAY, MOMENT]
    monkeypatch.setitem(app.extensions, "calendar_feeds", (lambda person, now: entries,))
    return entries


def link_on(client):
    found = re.search(r'value="http://localhost(/calendar/[^"]+\.ics)"', client.get("/notices/settings").text)
    return found[1] if found else None


@pytest.mark.usefixtures("entries")
def test_a_calendar_program_reads_every_due_time_by_the_link_alone(app, sign_in, reader):
    client = sign_in(reader)
    assert link_on(client) is None
    client.post("/notices/calendar")
    answer = app.test_client().get(link_on(client))
    assert answer.mimetype == "text/calendar"
    calendar = Calendar.from_ical(answer.data)
    day, moment = calendar.walk("VEVENT")
    assert str(calendar["X-WR-CALNAME"]) == "Hạn xử lý, Trần Thị Đọc"
    assert (day["SUMMARY"], day["UID"]) == (DAY.title, "inquiry-1@localhost")
    assert (day.decoded("DTSTART"), day.decoded("DTEND")) == (date(2026, 11, 30), date(2026, 12, 1))
    assert "Sở Xây dựng\nhttp://localhost/inquiries/1" in day["DESCRIPTION"]
    assert moment.decoded("DTSTART") == datetime(2026, 11, 20, 20, 30, tzinfo=OFFICE_ZONE)
    assert moment["DTSTART"].params["TZID"] == "Asia/Ho_Chi_Minh"
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Asia/Ho_Chi_Minh"]
    assert day.decoded("LAST-MODIFIED") == NOW


def test_an_entry_keeps_its_uid_when_its_time_moves_and_rings_at_its_hour(app, sign_in, reader, entries):
    client = sign_in(reader)
    client.post("/notices/calendar")
    link, ring = link_on(client), datetime(2099, 1, 2, 1, tzinfo=UTC)
    entries[:] = [FeedEntry(DAY.uid, DAY.title, DAY.path, NOW, due_on=date(2099, 1, 2), alarm_at=ring)]
    (event,) = Calendar.from_ical(app.test_client().get(link).data).walk("VEVENT")
    assert event["UID"] == "inquiry-1@localhost"
    assert event.walk("VALARM")[0].decoded("TRIGGER") == ring


@pytest.mark.usefixtures("entries")
def test_a_new_link_ends_the_old_one_and_a_revoked_link_opens_nothing(app, sign_in, reader):
    client, visitor = sign_in(reader), app.test_client()
    client.post("/notices/calendar")
    old = link_on(client)
    client.post("/notices/calendar")
    new = link_on(client)
    assert [visitor.get(link).status_code for link in (old, new)] == [404, 200]
    client.post("/notices/calendar/revoke")
    assert link_on(client) is None
    assert visitor.get(new).status_code == 404
    with app.app_context():
        events = list(db.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.number)))
    assert events[-3:] == [NoticeEvent.FEED_MADE, NoticeEvent.FEED_MADE, NoticeEvent.FEED_REVOKED]


@pytest.mark.usefixtures("entries")
def test_the_database_alone_does_not_open_a_calendar(app, sign_in, reader):
    client = sign_in(reader)
    client.post("/notices/calendar")
    with app.app_context():
        nonce = queries.find_feed(reader.id).nonce
    visitor = app.test_client()
    for token in (nonce, nonce + "0" * 32, nonce + "ế" * 32, "nothing"):
        assert visitor.get(f"/calendar/{token}.ics").status_code == 404


@pytest.mark.usefixtures("entries")
def test_the_calendar_of_who_left_is_closed(app, sign_in, reader):
    client = sign_in(reader)
    client.post("/notices/calendar")
    link = link_on(client)
    with app.app_context():
        db.session.get(Person, reader.id).active = False
        db.session.commit()
    assert app.test_client().get(link).status_code == 404


# What was sent


@pytest.fixture
def admin(app):
    return somebody(app, "Quản Trị", roles={Role.ADMIN})


def test_administrators_see_who_was_told_when_but_not_what_a_case_is_about(sign_in, reader, admin, tell):
    tell(reader)
    page = sign_in(admin).get("/notices/sent").text
    assert "Trần Thị Đọc" in page
    assert CODE in page
    assert "16:30 20/11/2026" in page
    assert DATA["subject"] not in page


def test_nobody_else_sees_what_was_sent(sign_in, reader):
    assert sign_in(reader).get("/notices/sent").status_code == 403


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("person=doc", True), ("person=khac", False), ("kind=late:1", False), ("kind=reminder:before", True)],
)
def test_what_was_sent_is_narrowed_by_person_and_kind(sign_in, reader, admin, tell, asked, shown):
    tell(reader)
    assert (CODE in sign_in(admin).get(f"/notices/sent?{asked}").text) is shown


def test_a_failed_mail_is_shown_with_its_error_and_sent_again(app, sign_in, reader, admin, tell):
    (notice_id,) = tell(reader)
    client = sign_in(admin)
    assert client.post(f"/notices/{notice_id}/send-again").status_code == 409
    with app.app_context():
        actions.mark_failed(db.session.get(Notice, notice_id), "550 nobody here", NOW, for_ever=True)
        db.session.commit()
    page = client.get("/notices/sent?state=failed").text
    assert "550 nobody here" in page
    assert "Có 1 thư không gửi được." in page
    assert client.post(f"/notices/{notice_id}/send-again").location == "/notices/sent?state=failed"
    again = notice(app, notice_id)
    assert (again.mail_state, again.mail_attempts) == (MailState.WAITING, 0)
    assert client.post("/notices/999999/send-again").status_code == 404


def test_administrators_see_when_nobody_sends(app, sign_in, admin):
    client = sign_in(admin)
    assert "Chương trình gửi thông báo chưa chạy lần nào" in client.get("/health").text
    assert "Chương trình gửi thông báo chưa chạy lần nào" in client.get("/notices/sent").text
    with app.app_context():
        db.session.add(SenderPulse(id=1, last_pass_at=NOW - timedelta(days=900), fault="inquiries.remind"))
        db.session.commit()
    page = client.get("/notices/sent").text
    assert "chạy lần gần nhất cách đây" in page
    assert "inquiries.remind" in page


def test_what_was_told_about_one_thing_is_found_newest_first(session):
    first, second = told(key="a")[0], told(key="b")[0]
    third = told(about=first.person, key="c")[0]
    rows = queries.sent_about("people", first.person_id)
    assert [row.id for row in rows] == [third.id, first.id]
    assert second.id not in {row.id for row in rows}
    assert rows[0].person

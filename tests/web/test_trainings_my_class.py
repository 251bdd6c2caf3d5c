"""The page of one participant: theirs by the link alone, light, and open to what other features offer."""

from datetime import timedelta

from pr_tracker.db import db
from pr_tracker.trainings.rules_invitations import Offer
from tests.factories.accounts import NOW
from tests.factories.trainings import a_class, a_roster, a_session


def a_participant(name="Nguyễn Văn An", **of):
    one = of.pop("of", None) or a_class()
    row = a_roster(one, name)[0]
    db.session.commit()
    return row


def page_of(client, row):
    return client.get(f"/my-class/{row.token}")


def test_whoever_has_the_link_sees_the_class_the_sessions_and_the_code(session, client):
    one = a_class()
    a_session("Kỹ năng phát ngôn", of=one)
    row = a_participant(of=one)
    page = page_of(client, row)
    assert page.status_code == 200
    for said in ("Nguyễn Văn An", one.course.title, "Kỹ năng phát ngôn", row.personal_code, "25/11/2026"):
        assert said in page.text


def test_the_page_is_light_and_kept_out_of_indexes(session, client):
    page = page_of(client, a_participant())
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in page.headers["Cache-Control"]
    assert "<script" not in page.text
    assert "bootstrap" not in page.text


def test_a_wrong_link_opens_nothing(session, client):
    a_participant()
    assert client.get("/my-class/nothing").status_code == 404
    assert client.get("/my-class/nothing/qr.svg").status_code == 404


def test_a_link_with_what_no_text_may_hold_is_a_wrong_one(session, client):
    a_participant()
    for path in ("", "/qr.svg", "/calendar.ics", "/test", "/paper", "/certificate.pdf"):
        assert client.get(f"/my-class/%00abc{path}").status_code == 404


def test_the_qr_is_a_picture(session, client):
    row = a_participant()
    picture = client.get(f"/my-class/{row.token}/qr.svg")
    assert picture.mimetype == "image/svg+xml"
    assert picture.data.startswith(b"<svg")


def test_what_other_features_offer_stands_on_the_page_the_first_thing_to_do_on_top(session, client, app, monkeypatch):
    asked = []

    def part(one, now):
        asked.append((one.id, now))
        return [Offer("Phản hồi", "Cho ý kiến", "/x"), Offer("Làm bài", "Mở đến 17:00", "/y", primary=True)]

    monkeypatch.setitem(app.extensions, "my_class_parts", (part,))
    row = a_participant()
    text = page_of(client, row).text
    assert asked[0][0] == row.id
    assert text.index("Làm bài") < text.index("Phản hồi")


def test_who_was_taken_off_or_waits_is_told_so(session, client):
    row = a_participant()
    row.active, row.removed_because = False, "Trùng tên"
    db.session.commit()
    assert "Trùng tên" in page_of(client, row).text
    row.active, row.waiting_at = True, NOW
    db.session.commit()
    assert "danh sách chờ" in page_of(client, row).text


def test_a_code_for_the_hall_is_shown_only_until_the_class_is_over(session, client):
    one = a_class()
    a_session(of=one, day=NOW.date() - timedelta(days=3))
    row = a_participant(of=one)
    page = page_of(client, row)
    assert page.status_code == 200
    assert row.personal_code not in page.text

"""A forgotten password: a link by mail, used once, for a day; the answer never tells whether there is an account."""

import re
import threading

import pytest
import sqlalchemy as sa

from pr_tracker.accounts import limits
from pr_tracker.accounts.models import Person
from pr_tracker.accounts.rules import AccountEvent
from pr_tracker.audit.models import AuditEntry
from pr_tracker.db import db
from tests.factories.accounts import somebody
from tests.letterbox import Letterbox

PASSWORD = "nước sông Hậu trong"
NEW_PASSWORD = "lúa chín trên đồng"


@pytest.fixture(autouse=True)
def fresh_counters(app):
    limits.limiter.reset()


@pytest.fixture
def letterbox(app, monkeypatch):
    with Letterbox() as letterbox:
        monkeypatch.setitem(app.config, "MAIL_SERVER", "127.0.0.1")
        monkeypatch.setitem(app.config, "MAIL_PORT", letterbox.port)
        yield letterbox


@pytest.fixture
def person(app):
    return somebody(app, "Trần Thị Quên", email="quen@angiang.example", password=PASSWORD)


def ask(client, email):
    answer = client.post("/forgot-password", data={"email": email})
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and "_deliver" in thread.name:
            thread.join(60)
    return answer


def link_in(letter):
    return re.search(r"http://[^\s]+(/new-password/\S+)", letter.get_body(("plain",)).get_content())[1]


def set_password(client, link, password=NEW_PASSWORD):
    return client.post(link, data={"password": password, "password_confirm": password})


def sign_in(client, person, password):
    return client.post("/sign-in", data={"email": person.email, "password": password}).status_code


def test_a_link_by_mail_sets_a_new_password_once_and_ends_all_sessions(app, client, person, letterbox):
    elsewhere = app.test_client()
    sign_in(elsewhere, person, PASSWORD)
    assert ask(client, "QUEN@angiang.example").status_code == 200
    link = link_in(letterbox.letters[0])
    assert client.get(link).status_code == 200
    assert set_password(client, link, "ngắn").status_code == 422
    assert set_password(client, link).location == "/sign-in"
    assert elsewhere.get("/shortcuts").status_code == 302
    assert sign_in(client, person, PASSWORD) == 422
    assert sign_in(client, person, NEW_PASSWORD) == 302
    client.post("/sign-out")
    assert client.get(link).location == "/forgot-password"
    assert set_password(client, link, "một mật khẩu khác").location == "/forgot-password"
    with app.app_context():
        events = list(db.session.scalars(sa.select(AuditEntry.event)))
    assert AccountEvent.PASSWORD_RESET in events


def test_whoever_came_in_with_a_list_and_has_no_password_sets_the_first_one_the_same_way(app, client, letterbox):
    newcomer = somebody(app, "Lê Thị Mới", email="moi@angiang.example")
    assert ask(client, newcomer.email).status_code == 200
    assert set_password(client, link_in(letterbox.letters[0])).location == "/sign-in"
    assert sign_in(client, newcomer, NEW_PASSWORD) == 302


def test_the_mail_is_text_and_html_in_the_language_of_its_reader(app, client, person, letterbox):
    ask(client, person.email)
    letter = letterbox.letters[0]
    text, html = (letter.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert letter["Subject"] == "Đặt mật khẩu mới tại Bàn báo chí"
    assert "Trần Thị Quên" in str(letter["To"])
    assert "Kính gửi Trần Thị Quên" in text
    assert link_in(letter) in html
    with app.app_context():
        db.session.get(Person, person.id).language = "en"
        db.session.commit()
    ask(client, person.email)
    assert "Open this link within 24 hours" in letterbox.letters[1].get_body(("plain",)).get_content()


def test_a_person_is_told_by_mail_that_the_password_was_set(client, person, letterbox):
    ask(client, person.email)
    set_password(client, link_in(letterbox.letters[0]))
    for thread in threading.enumerate():
        if "_deliver" in thread.name:
            thread.join(60)
    assert letterbox.letters[-1]["Subject"] == "Mật khẩu tại Bàn báo chí đã được đặt lại"


def words_of(answer):
    return re.sub(r"<[^>]+>", " ", answer.text)


def test_the_answer_is_the_same_for_everybody_and_only_accounts_get_mail(app, client, person, letterbox):
    gone = somebody(app, email="gone@angiang.example", password=PASSWORD)
    with app.app_context():
        db.session.get(Person, gone.id).active = False
        db.session.commit()
    answers = {
        words_of(ask(client, email)).replace(email, "…")
        for email in (person.email, "nobody@angiang.example", gone.email)
    }
    assert len(answers) == 1
    assert "liên kết đã được gửi" in answers.pop()
    assert len(letterbox.letters) == 1


@pytest.mark.parametrize("typed", ["", "khong-phai-thu", "a@b", "a b@c.vn", "x" * 300])
def test_what_cannot_be_an_address_is_told_so(client, typed):
    answer = ask(client, typed)
    assert answer.status_code == 422
    assert "Nhập địa chỉ thư điện tử" in answer.text


def test_the_link_leads_to_the_sites_own_name_whatever_the_request_claims(app, person, letterbox, monkeypatch):
    monkeypatch.setitem(app.config, "PR_TRACKER_PUBLIC_URL", "https://bao-chi.angiang.example")
    stranger, site = app.test_client(), "http://evil.example"
    token = re.search(r'name="csrf_token" value="([^"]+)"', stranger.get("/forgot-password", base_url=site).text)[1]
    stranger.post("/forgot-password", base_url=site, data={"email": person.email, "csrf_token": token})
    for thread in threading.enumerate():
        if "_deliver" in thread.name:
            thread.join(60)
    text = letterbox.letters[0].get_body(("plain",)).get_content()
    assert "https://bao-chi.angiang.example/new-password/" in text
    assert "evil" not in text


def test_a_mail_server_that_does_not_answer_breaks_nothing(app, client, person, monkeypatch, caplog):
    monkeypatch.setitem(app.config, "MAIL_SERVER", "127.0.0.1")
    monkeypatch.setitem(app.config, "MAIL_PORT", 9)
    assert ask(client, person.email).status_code == 200
    assert "could not be sent" in caplog.text


def test_without_a_mail_server_the_mail_stands_in_the_log(client, person, caplog):
    ask(client, person.email)
    assert "/new-password/" in caplog.text


def test_an_old_or_broken_link_says_what_to_do(app, client, person, caplog):
    ask(client, person.email)
    link = re.search(r"http://[^\s]+(/new-password/\S+)", caplog.text)[1]
    page = client.get("/new-password/rubbish", follow_redirects=True)
    assert "Yêu cầu liên kết mới" in page.text
    from datetime import timedelta

    app.config["SECURITY_RESET_PASSWORD_WITHIN"] = timedelta(seconds=-1)
    try:
        assert "quá 24 giờ" in client.get(link, follow_redirects=True).text
    finally:
        app.config["SECURITY_RESET_PASSWORD_WITHIN"] = timedelta(days=1)


def test_asking_for_mail_again_and_again_is_stopped(client, person):
    for _ in range(5):
        assert ask(client, person.email).status_code == 200
    stopped = ask(client, person.email)
    assert stopped.status_code == 429
    assert person.email in stopped.text
    assert ask(client, "nobody@angiang.example").status_code == 200


def test_a_reset_opens_a_closed_address(client, person, caplog):
    for _ in range(10):
        sign_in(client, person, "sai")
    assert sign_in(client, person, PASSWORD) == 422
    ask(client, person.email)
    set_password(client, re.search(r"http://[^\s]+(/new-password/\S+)", caplog.text)[1])
    assert sign_in(client, person, NEW_PASSWORD) == 302

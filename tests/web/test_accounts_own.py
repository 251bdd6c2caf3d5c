"""One's own account: password, authenticator app, recovery codes, language; what is sensitive asks again who one is."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from passlib.totp import TOTP

from pr_tracker import clock
from pr_tracker.accounts import limits
from pr_tracker.accounts.models import Person
from pr_tracker.accounts.rules import DEMO_PASSWORD, AccountEvent
from pr_tracker.audit.models import AuditEntry
from pr_tracker.db import db
from tests.factories.accounts import somebody

PASSWORD = "nước sông Hậu trong"
NEW_PASSWORD = "lúa chín trên đồng"


@pytest.fixture(autouse=True)
def fresh_counters(app):
    limits.limiter.reset()


@pytest.fixture
def person(app):
    return somebody(app, "Trần Thị Kiểm Thử", password=PASSWORD)


@pytest.fixture
def own(client, person):
    """A client that signed in with the password just now."""
    sign_in(client, person)
    return client


def sign_in(client, person, password=PASSWORD):
    return client.post("/sign-in", data={"email": person.email, "password": password})


def is_signed_in(client):
    return client.get("/shortcuts").status_code == 200


def events(app):
    with app.app_context():
        return list(db.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.number)))


def change_password(client, old=PASSWORD, new=NEW_PASSWORD, again=None):
    data = {"password": old, "new_password": new, "new_password_confirm": again or new}
    return client.post("/account/password", data=data)


def test_a_new_password_ends_all_other_sessions_and_is_audited(app, own, person):
    elsewhere = app.test_client()
    sign_in(elsewhere, person)
    assert is_signed_in(elsewhere)
    assert change_password(own).status_code == 302
    assert is_signed_in(own)
    assert not is_signed_in(elsewhere)
    assert events(app)[-1] == AccountEvent.PASSWORD_CHANGE
    assert sign_in(elsewhere, person).status_code == 422
    assert sign_in(elsewhere, person, NEW_PASSWORD).status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "again", "says"),
    [
        ("sai", NEW_PASSWORD, None, "Đây không phải mật khẩu hiện tại"),
        (PASSWORD, "ngắn", None, "ít nhất 12 ký tự"),
        (PASSWORD, NEW_PASSWORD, "khác hẳn đi nhé", "không giống nhau"),
        (PASSWORD, PASSWORD, None, "phải khác mật khẩu hiện tại"),
        ("", NEW_PASSWORD, None, "Nhập mật khẩu"),
        (PASSWORD, "x" * 300, None, ""),
    ],
)
def test_a_password_that_may_not_be_set_is_refused_in_words(app, own, person, old, new, again, says):
    answer = change_password(own, old, new, again)
    assert answer.status_code == 422
    assert says in answer.text
    own.post("/sign-out")
    assert sign_in(own, person).status_code == 302


def test_production_refuses_to_set_the_demo_password(app, own, monkeypatch):
    assert change_password(own, new=DEMO_PASSWORD).status_code == 302
    monkeypatch.setitem(app.config, "PR_TRACKER_ENV", "production")
    answer = change_password(own, DEMO_PASSWORD, DEMO_PASSWORD)
    assert answer.status_code == 422


def test_guessing_the_present_password_closes_the_address_too(own, app, person):
    for _ in range(10):
        assert change_password(own, old="sai").status_code == 422
    assert "tạm dừng đến" in change_password(own).text
    own.post("/sign-out")
    assert sign_in(own, person).status_code == 422


def test_signing_out_elsewhere_keeps_this_device(app, own, person):
    elsewhere = app.test_client()
    sign_in(elsewhere, person)
    assert own.post("/account/end-sessions").status_code == 303
    assert is_signed_in(own)
    assert not is_signed_in(elsewhere)
    assert events(app)[-1] == AccountEvent.SESSIONS_END


def test_language_and_shortcuts_are_kept_with_the_person(app, own, person):
    assert 'lang="vi"' in own.get("/account").text
    assert own.post("/account", data={"language": "en"}).status_code == 303
    page = own.get("/account").text
    assert '<html lang="en">' in page
    assert 'data-shortcuts="off"' in page
    with app.app_context():
        kept = db.session.get(Person, person.id)
        assert (kept.language, kept.shortcuts_off) == ("en", True)
    assert own.post("/account", data={"language": "fr"}).status_code == 422


def set_up_app(client):
    """Turn the authenticator app on; returns passlib's reading of the key shown on the page."""
    page = client.post("/account/authenticator", data={"setup": "authenticator"}).text
    key = re.search(r'class="mono">([^<]+)<', page)[1]
    totp = TOTP(key=key.replace("-", ""), format="base32")
    action = re.search(r'action="(/account/authenticator/[^"]+)"', page)[1]
    answer = client.post(action, data={"code": totp.generate(clock.now()).token})
    assert answer.status_code == 302, answer.text
    assert answer.location == "/account/recovery-codes"
    return totp


def test_the_key_is_shown_as_a_picture_within_the_page(own):
    page = own.post("/account/authenticator", data={"setup": "authenticator"}).text
    assert "<svg" in page[page.index("qr-frame") :]
    assert "data:" not in page[page.index("<main") : page.index("</main")]


def test_with_the_app_a_code_is_asked_after_the_password_and_none_is_taken_twice(app, own, person):
    totp = set_up_app(own)
    assert events(app)[-1] == AccountEvent.AUTHENTICATOR_ON
    own.post("/sign-out")
    answer = sign_in(own, person)
    assert answer.location.startswith("/sign-in/code")
    assert not is_signed_in(own)
    used = own.post("/sign-in/code", data={"code": totp.generate(clock.now()).token})
    assert used.status_code == 422, "the code of the set-up was used already"
    assert "đã dùng" in used.text
    later = totp.generate(clock.now() + timedelta(seconds=30)).token
    assert own.post("/sign-in/code", data={"code": f" {later[:3]} {later[3:]} "}).status_code == 302
    assert is_signed_in(own)
    assert events(app)[-2:] == [AccountEvent.SIGN_IN_FAILED, AccountEvent.SIGN_IN]


def test_wrong_codes_close_the_address(app, own, person):
    set_up_app(own)
    own.post("/sign-out")
    sign_in(own, person)
    for _ in range(10):
        own.post("/sign-in/code", data={"code": "000000"})
    assert "tạm dừng đến" in own.post("/sign-in/code", data={"code": "000000"}).text
    assert sign_in(own, person).status_code == 422


def test_a_recovery_code_stands_for_the_phone_once(app, own, person):
    set_up_app(own)
    page = own.post("/account/recovery-codes", data={"generate_new_codes": "yes"}).text
    codes = re.findall(r"<li>([0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4})</li>", page)
    assert len(codes) == 8
    assert events(app)[-1] == AccountEvent.RECOVERY_CODES
    with app.app_context():
        assert codes[0] not in str(db.session.get(Person, person.id).mf_recovery_codes)
    own.post("/sign-out")
    sign_in(own, person)
    assert own.get("/sign-in/lost-phone").status_code == 200
    assert own.post("/sign-in/recovery-code", data={"code": codes[0].upper()}).status_code == 302
    assert is_signed_in(own)
    own.post("/sign-out")
    sign_in(own, person)
    refused = own.post("/sign-in/recovery-code", data={"code": codes[0]})
    assert refused.status_code == 422
    assert "đã dùng" in refused.text


def test_the_app_is_turned_off_again(app, own, person):
    set_up_app(own)
    assert own.post("/account/authenticator", data={"setup": "disable"}).status_code == 302
    assert events(app)[-1] == AccountEvent.AUTHENTICATOR_OFF
    own.post("/sign-out")
    assert sign_in(own, person).location == "/"


def test_the_second_step_cannot_be_reached_without_the_first(client):
    for url in ("/sign-in/code", "/sign-in/recovery-code"):
        assert client.get(url).location == "/sign-in"
        assert client.post(url, data={"code": "123456"}).location == "/sign-in"


SENSITIVE = ["/account/authenticator", "/account/recovery-codes", "/account/passkeys"]


@pytest.mark.parametrize("url", SENSITIVE)
def test_after_half_an_hour_a_sensitive_page_asks_for_the_password_again(own, person, url):
    assert own.get(url).status_code == 200
    with own.session_transaction() as session:
        session["fs_paa"] -= 31 * 60
        session.pop("fs_gexp", None)
    asked = own.get(url)
    assert asked.location.startswith("/account/verify")
    page = own.get(asked.location)
    assert "Xác nhận chủ tài khoản" in page.text
    assert own.post(asked.location, data={"password": "sai"}).status_code == 422
    confirmed = own.post(asked.location, data={"password": PASSWORD, "next": url})
    assert confirmed.location == url
    assert own.get(url).status_code == 200


def test_a_passkey_gets_a_name_and_the_device_is_asked_for_one_that_signs_in_alone(own):
    assert own.post("/account/passkeys", data={"name": ""}).status_code == 422
    assert own.post("/account/passkeys", data={"name": "<b>"}).status_code == 422
    assert own.post("/account/passkeys", data={"name": "x" * 65}).status_code == 422
    page = own.post("/account/passkeys", data={"name": "Máy tính cơ quan"}).text
    options = re.search(r'data-options="([^"]+)"', page)[1].replace("&#34;", '"')
    assert '"residentKey": "required"' in options
    assert '"userVerification": "required"' in options
    assert "Bàn báo chí" in options.encode().decode("unicode_escape")


@pytest.mark.parametrize("rubbish", ["", "{}", "[]", "null", '{"id": 1}', "\x00", "x" * 10_000])
def test_a_device_that_answers_rubbish_is_refused_in_words(own, rubbish):
    page = own.post("/account/passkeys", data={"name": "Máy"}).text
    action = re.search(r'action="(/account/passkeys/[^"]+)" method="post" data-passkey', page)[1]
    assert own.post(action, data={"credential": rubbish}).status_code == 302
    own.post("/sign-out")
    page = own.post("/sign-in/passkey").text
    action = re.search(r'action="(/sign-in/passkey/[^"]+)"', page)[1]
    assert own.post(action, data={"credential": rubbish}).location == "/sign-in/passkey"
    assert own.post("/sign-in/passkey/rubbish", data={"credential": rubbish}).status_code == 302

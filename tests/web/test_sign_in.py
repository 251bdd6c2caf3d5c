"""Sign-in with a password: right, wrong, closed after failures; nobody learns which accounts exist."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from pr_tracker import clock
from pr_tracker.accounts import limits
from pr_tracker.accounts.models import Person, SignInTally
from pr_tracker.accounts.rules import DEMO_PASSWORD, AccountEvent
from pr_tracker.audit.models import AuditEntry
from pr_tracker.db import db
from tests.factories.accounts import somebody

PASSWORD = "nước sông Hậu trong"


@pytest.fixture(autouse=True)
def fresh_counters(app):
    limits.limiter.reset()


@pytest.fixture
def person(app):
    return somebody(app, "Trần Thị Kiểm Thử", email="kiem.thu@angiang.example", password=PASSWORD)


def sign_in_with(client, email, password, **more):
    return client.post("/sign-in", data={"email": email, "password": password, **more})


def events(app):
    with app.app_context():
        return list(db.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.number)))


def is_signed_in(client):
    return client.get("/shortcuts").status_code == 200


def words_of(answer):
    return re.sub(r"<[^>]+>", " ", answer.text)


def test_the_right_password_signs_in_and_is_audited(app, client, person):
    answer = sign_in_with(client, person.email, PASSWORD)
    assert answer.status_code == 302
    assert is_signed_in(client)
    assert events(app)[-1] == AccountEvent.SIGN_IN


def test_the_form_works_with_the_token_it_carries_itself(client, person):
    form = client.get("/sign-in").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', form)[1]
    data = {"email": person.email, "password": PASSWORD, "csrf_token": token}
    assert client.post("/sign-in", data=data, headers={"X-CSRFToken": ""}).status_code == 302


def test_the_address_may_be_typed_in_capitals_and_the_password_with_composed_or_separate_marks(client, person):
    import unicodedata

    typed = unicodedata.normalize("NFD", PASSWORD)
    assert typed != PASSWORD
    assert sign_in_with(client, "KIEM.THU@angiang.example", typed).status_code == 302


def test_sign_in_leads_on_to_the_page_asked_for_but_never_to_another_site(client, person):
    answer = client.post("/sign-in?next=/shortcuts", data={"email": person.email, "password": PASSWORD})
    assert answer.location == "/shortcuts"
    client.post("/sign-out")
    for elsewhere in ("https://evil.example/", "//evil.example/", "/\\evil.example", "https:evil.example"):
        answer = sign_in_with(client, person.email, PASSWORD, next=elsewhere)
        assert answer.location is None or re.match(r"/(?![/\\\\])", answer.location)
        client.post("/sign-out")


def test_a_wrong_password_and_an_unknown_address_get_the_same_page(app, client, person):
    wrong = sign_in_with(client, person.email, "không phải mật khẩu")
    unknown = sign_in_with(client, "khong.co@angiang.example", "không phải mật khẩu")
    assert wrong.status_code == unknown.status_code == 422
    assert "Thư điện tử hoặc mật khẩu không đúng" in words_of(wrong)
    assert words_of(wrong) == words_of(unknown)
    assert not is_signed_in(client)
    assert events(app)[-2:] == [AccountEvent.SIGN_IN_FAILED] * 2


def test_what_was_typed_stays_except_the_password(client, person):
    page = sign_in_with(client, person.email, "không phải mật khẩu").text
    assert person.email in page
    assert "không phải mật khẩu" not in page


@pytest.mark.parametrize("whose", ["known", "unknown"])
def test_ten_failures_close_the_address_for_a_quarter_of_an_hour_whether_it_exists_or_not(app, client, person, whose):
    email = person.email if whose == "known" else "khong.co@angiang.example"
    for _ in range(10):
        assert sign_in_with(client, email, "sai mật khẩu rồi").status_code == 422
    closed = sign_in_with(client, email, PASSWORD)
    assert closed.status_code == 422
    assert "tạm dừng đến" in words_of(closed)
    assert not is_signed_in(client)
    assert events(app)[-2:] == [AccountEvent.SIGN_IN_FAILED, AccountEvent.LOCKED_OUT]
    with app.app_context():
        db.session.execute(sa.update(SignInTally).values(locked_until=clock.now() - timedelta(hours=1)))
        db.session.commit()
    assert sign_in_with(client, email, PASSWORD).status_code == (302 if whose == "known" else 422)


def test_a_sign_in_forgets_the_failures_before_it(client, person):
    for _ in range(9):
        sign_in_with(client, person.email, "sai mật khẩu rồi")
    assert sign_in_with(client, person.email, PASSWORD).status_code == 302
    client.post("/sign-out")
    assert sign_in_with(client, person.email, "sai mật khẩu rồi").status_code == 422
    assert sign_in_with(client, person.email, PASSWORD).status_code == 302


def test_what_was_typed_as_an_address_is_not_kept(app, client, person):
    sign_in_with(client, "mat-khau-go-nham", "x")
    with app.app_context():
        assert all("nham" not in row.address_digest for row in db.session.scalars(sa.select(SignInTally)))
        assert all("nham" not in str(entry) for entry in db.session.scalars(sa.select(AuditEntry.data)))


def test_an_inactive_person_cannot_sign_in_and_loses_the_session(app, client, person):
    sign_in_with(client, person.email, PASSWORD)
    assert is_signed_in(client)
    with app.app_context():
        db.session.execute(sa.update(Person).where(Person.id == person.id).values(active=False))
        db.session.commit()
    assert not is_signed_in(client)
    answer = sign_in_with(client, person.email, PASSWORD)
    assert answer.status_code == 422
    assert "đã khóa" in words_of(answer)


def test_many_failures_from_one_network_address_are_stopped_and_lose_only_the_password(client, person):
    for number in range(30):
        sign_in_with(client, f"nguoi{number}@angiang.example", "thử một mật khẩu")
    stopped = sign_in_with(client, person.email, PASSWORD)
    assert stopped.status_code == 429
    assert "Thử quá nhiều lần" in words_of(stopped)
    assert person.email in stopped.text
    assert PASSWORD not in stopped.text
    assert int(stopped.headers["Retry-After"]) > 0
    english = client.post("/language", data={"language": "en"}) and sign_in_with(client, person.email, PASSWORD)
    assert "Too many attempts" in words_of(english)


def test_successful_sign_ins_are_not_counted(client, person):
    for _ in range(35):
        assert sign_in_with(client, person.email, PASSWORD).status_code == 302
        client.post("/sign-out")


def test_sign_out_is_a_post_and_ends_the_session(client, person):
    sign_in_with(client, person.email, PASSWORD)
    assert client.get("/sign-out").status_code == 405
    assert is_signed_in(client)
    assert client.post("/sign-out").status_code == 302
    assert not is_signed_in(client)


def test_production_refuses_the_demo_password_at_sign_in(client, app, monkeypatch):
    person = somebody(app, password=DEMO_PASSWORD)
    assert sign_in_with(client, person.email, DEMO_PASSWORD).status_code == 302
    client.post("/sign-out")
    monkeypatch.setitem(app.config, "PR_TRACKER_ENV", "production")
    refused = sign_in_with(client, person.email, DEMO_PASSWORD)
    assert refused.status_code == 422
    assert "trình diễn" in words_of(refused)
    assert not is_signed_in(client)


def test_a_sign_in_sent_as_json_is_refused(client, person):
    assert client.post("/sign-in", json={"email": person.email, "password": PASSWORD}).status_code == 415
    assert client.post("/sign-in", data="[1]", content_type="application/json").status_code == 415


def test_the_session_cookie_is_closed_to_scripts_and_other_sites_and_secure_in_production(client, app, person):
    cookie = sign_in_with(client, person.email, PASSWORD).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    from pr_tracker import config

    values = config.read(
        {
            "PR_TRACKER_ENV": "production",
            "PR_TRACKER_SECRET_KEY": "x" * 40,
            "PR_TRACKER_PUBLIC_URL": "https://bao-chi.angiang.example",
        }
    )
    assert config.flask_settings(values)["SESSION_COOKIE_SECURE"] is True


def test_a_form_token_from_before_sign_in_is_void_after_it(client, person):
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").text)[1]
    data = {"email": person.email, "password": PASSWORD, "csrf_token": token}
    client.post("/sign-in", data=data, headers={"X-CSRFToken": ""})
    assert client.post("/sign-out", data={"csrf_token": token}, headers={"X-CSRFToken": ""}).status_code == 400


def test_sign_in_speaks_english_when_asked(client, person):
    client.post("/language", data={"language": "en"})
    assert "Official e-mail" in client.get("/sign-in").text
    assert "is not right" in words_of(sign_in_with(client, person.email, "sai"))


def test_starting_with_a_passkey_leaves_no_error_in_the_log(client, caplog):
    assert client.post("/sign-in/passkey").status_code == 200
    assert client.post("/sign-in", data={}).status_code == 422
    assert "Skipping limit" not in caplog.text

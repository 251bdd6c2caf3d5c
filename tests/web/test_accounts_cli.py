"""flask accounts: the first administrator of an empty database, and a link for somebody who cannot sign in."""

import pytest

from pr_tracker.accounts import queries
from pr_tracker.accounts.rules import DEMO_PASSWORD
from pr_tracker.db import db
from pr_tracker.permissions import Role
from tests.factories.accounts import somebody


@pytest.fixture
def run(app):
    runner = app.test_cli_runner()

    def run(*arguments, stdin=None):
        return runner.invoke(args=["accounts", *arguments], input=stdin)

    return run


ADD = ("add", "--email", "Dau.Tien@angiang.example", "--name", "Nguyễn Đầu Tiên", "--role", "admin")


def test_the_first_administrator_comes_with_the_first_agency_and_a_link(app, client, run):
    outcome = run(*ADD)
    assert outcome.exit_code == 0
    link = outcome.stdout.strip()
    assert link.startswith("http://localhost:5000/new-password/")
    with app.app_context():
        person = queries.find_person_by_email("dau.tien@angiang.example")
        assert (person.full_name, person.roles) == ("Nguyễn Đầu Tiên", {Role.ADMIN})
        assert (person.agency.code, person.agency.name) == ("UBND", "Ủy ban nhân dân tỉnh An Giang")
    data = {"password": "một mật khẩu dài", "password_confirm": "một mật khẩu dài"}
    assert client.post(link.removeprefix("http://localhost:5000"), data=data).location == "/sign-in"


def test_a_password_on_standard_input_makes_the_link_needless(client, run):
    outcome = run(*ADD, "--password-stdin", stdin="mật khẩu của tôi\nđừng đọc dòng này\n")
    assert outcome.exit_code == 0
    assert "new-password" not in outcome.stdout
    data = {"email": "dau.tien@angiang.example", "password": "mật khẩu của tôi"}
    assert client.post("/sign-in", data=data).status_code == 302


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--email", "khong-phai"), "is not an e-mail address"),
        (("--role", "boss"), "is not a role"),
        (("--name", "  "), "1 to 120 characters"),
        (("--agency", "KHONGCO"), "There is no agency with the code “KHONGCO”"),
        (("--agency", ""), "--agency is needed"),
        (("--email", "co.roi@angiang.example"), "belongs to Trần Có Rồi"),
    ],
)
def test_bad_input_is_one_line_and_status_2(app, run, arguments, says):
    somebody(app, "Trần Có Rồi", email="co.roi@angiang.example")
    with app.app_context():
        code = queries.find_person_by_email("co.roi@angiang.example").agency.code
    outcome = run(*ADD, "--agency", code, *arguments)
    assert outcome.exit_code == 2
    assert says in outcome.stderr
    assert outcome.stderr.count("\n") == 1
    with app.app_context():
        assert queries.find_person_by_email("dau.tien@angiang.example") is None


def test_a_short_password_is_refused_and_the_demo_password_in_production(app, run, monkeypatch):
    assert "at least 12 characters" in run(*ADD, "--password-stdin", stdin="ngắn\n").stderr
    monkeypatch.setitem(app.config, "PR_TRACKER_ENV", "production")
    outcome = run(*ADD, "--password-stdin", stdin=f"{DEMO_PASSWORD}\n")
    assert outcome.exit_code == 2
    assert "demonstration" in outcome.stderr


def test_a_link_is_printed_only_for_somebody_who_may_sign_in(app, run):
    person = somebody(app)
    assert "/new-password/" in run("link", "--email", person.email.upper()).stdout
    assert run("link", "--email", "khong.co@angiang.example").exit_code == 2
    with app.app_context():
        queries.get_person(person.id).active = False
        db.session.commit()
    assert run("link", "--email", person.email).exit_code == 2

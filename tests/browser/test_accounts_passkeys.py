"""A passkey is made on one's own page and then signs in alone; Chromium plays the device with finger, face or PIN."""

from types import SimpleNamespace

import pytest

from tests.browser.conftest import Site
from tests.databases import dispose, make_app, make_schema
from tests.factories.accounts import somebody

PASSWORD = "nước sông Hậu trong"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site with nobody in it, under the one name where browsers allow passkeys without https."""
    folder = tmp_path_factory.mktemp("passkeys")
    app = make_app(f"sqlite:///{folder / 'desk.sqlite3'}", folder / "uploads")
    make_schema(app)
    site = Site(SimpleNamespace(app=app))
    site.address = site.address.replace("127.0.0.1", "localhost")
    yield site
    site.stop()
    dispose(app)


@pytest.fixture
def page(chromium):
    context = chromium.new_context()
    yield context.new_page()
    context.close()


def plug_in_device(page, **other):
    protocol = page.context.new_cdp_session(page)
    protocol.send("WebAuthn.enable")
    device = protocol.send("WebAuthn.addVirtualAuthenticator", {"options": {**DEVICE, **other}})["authenticatorId"]
    return lambda verified: protocol.send(
        "WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": verified}
    )


def sign_in(page, site, person):
    page.goto(f"{site.address}/sign-in")
    page.fill("[name=email]", person.email)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()


def make_passkey(page, site, name):
    page.goto(f"{site.address}/account/passkeys")
    page.get_by_label("Tên khóa truy cập").fill(name)
    page.get_by_role("button", name="Tạo khóa truy cập").click()
    page.wait_for_url("**/account")


def test_a_passkey_signs_in_without_a_password(site, page):
    person = somebody(site.app, "Trần Thị Khóa", password=PASSWORD)
    verified = plug_in_device(page)
    sign_in(page, site, person)
    make_passkey(page, site, "Máy tính cơ quan")
    assert page.get_by_text("Khóa truy cập Máy tính cơ quan đã sẵn sàng.").is_visible()
    page.context.clear_cookies()

    page.goto(f"{site.address}/sign-in?next=/account")
    page.get_by_role("button", name="Dùng khóa trên thiết bị này").click()
    page.wait_for_url("**/account")
    assert page.get_by_role("heading", level=1).inner_text() == "Trần Thị Khóa"

    page.context.clear_cookies()
    verified(False)
    page.goto(f"{site.address}/sign-in")
    page.get_by_role("button", name="Dùng khóa trên thiết bị này").click()
    assert "Thiết bị không đưa ra khóa truy cập" in page.get_by_role("alert").inner_text()
    page.goto(f"{site.address}/account")
    assert "/sign-in" in page.url, "who is not verified by the device stays outside"


def test_a_passkey_that_was_removed_no_longer_signs_in(site, page):
    person = somebody(site.app, "Lê Văn Gỡ", password=PASSWORD)
    plug_in_device(page)
    sign_in(page, site, person)
    make_passkey(page, site, "Điện thoại")
    page.goto(f"{site.address}/account/passkeys")
    page.get_by_role("button", name="Gỡ Điện thoại").click()
    assert page.get_by_text("Đã gỡ khóa truy cập Điện thoại.").is_visible()
    page.context.clear_cookies()
    page.goto(f"{site.address}/sign-in")
    page.get_by_role("button", name="Dùng khóa trên thiết bị này").click()
    page.wait_for_selector("text=không thuộc tài khoản nào")
    page.goto(f"{site.address}/account")
    assert "/sign-in" in page.url

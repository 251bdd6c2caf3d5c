"""The clock of the server is set back, or its secret key changes: work goes on, by number, and it is said."""

from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa

from pr_tracker.audit.queries import faults_in_chain
from pr_tracker.errors import BadInput
from pr_tracker.inquiries.actions import stops
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.rules import Status
from pr_tracker.permissions import Role
from tests.factories import inquiries
from tests.factories.accounts import NOW, a_person
from tests.factories.inquiries import Province, an_inquiry
from tests.factories.outlets import an_outlet
from tests.factories.stops import pause
from tests.many.test_many import PAPER, typed

BACK = NOW - timedelta(hours=3)
SAID = "Đồng hồ máy chủ đã bị lùi lại"


@pytest.fixture
def province(session):
    province = Province()
    an_outlet("Báo Tuổi Trẻ")
    session.commit()
    return province


@pytest.mark.parametrize("status", [Status.WITHDRAWN, Status.REFUSED, Status.ARCHIVED])
def test_a_case_goes_to_its_end_on_a_clock_that_was_set_back(session, province, status):
    inquiry = an_inquiry(province, received_at=NOW - timedelta(hours=6), now=NOW)
    ends_at = inquiry.ends_at
    session.commit()
    inquiries._bring_to(inquiry, status, province, BACK)
    session.commit()
    assert inquiry.status is status
    assert inquiry.ends_at == ends_at
    later = an_inquiry(province, subject="Sau khi lùi giờ", now=BACK)
    session.commit()
    assert later.number == inquiry.number + 1
    assert list(faults_in_chain()) == []


def test_what_would_lie_before_its_beginning_is_refused_in_words_and_taken_when_the_clock_is_right(session, province):
    inquiry = an_inquiry(province, status=Status.DRAFTING, now=NOW - timedelta(hours=1))
    pause(inquiry, province.drafter, now=NOW)
    session.commit()
    with pytest.raises(BadInput, match="The clock is not stopped"):
        stops.resume(inquiry, actor=province.drafter, now=BACK)
    session.rollback()
    stops.resume(inquiry, actor=province.drafter, now=NOW + timedelta(hours=1))
    session.commit()
    assert inquiry.paused_at is None
    assert list(faults_in_chain()) == []


def test_pages_and_acts_go_on_and_the_health_page_says_it(session, province, sign_in, set_clock):
    administrator = a_person("Quản Trị", agency=province.office, roles=(Role.ADMIN,))
    case = an_inquiry(province, now=NOW)
    session.commit()
    path = f"/inquiries/{case.id}"
    set_clock(BACK)
    clerk = sign_in(province.clerk)
    for page in ("/queue", "/inquiries", path, "/deadlines", "/reports", "/notices"):
        assert clerk.get(page).status_code == 200, page
    received = f"{BACK + timedelta(hours=7):%Y-%m-%dT%H:%M}"
    assert clerk.post("/inquiries/new", data=typed(received_at=received)).status_code == 303
    assert clerk.post(f"{path}/comments", data={"text": "Đã gọi lại phóng viên"}).status_code == 303
    assert clerk.post(f"{path}/files", data={"files": (BytesIO(PAPER), "a.pdf")}).status_code == 303
    numbers = session.scalars(sa.select(Inquiry.number).order_by(Inquiry.id)).all()
    assert numbers == sorted(numbers)
    set_clock(BACK - timedelta(hours=3))
    told = sign_in(administrator).get("/health").text
    assert SAID in told
    set_clock(NOW + timedelta(hours=1))
    assert SAID not in sign_in(administrator).get("/health").text
    assert list(faults_in_chain()) == []


def test_with_another_secret_key_one_signs_in_again(app, session, province, sign_in, monkeypatch):
    clerk = sign_in(province.clerk)
    assert clerk.get("/queue").status_code == 200
    monkeypatch.setattr(app, "secret_key", "another-secret-of-thirty-two-characters")
    answer = clerk.get("/queue")
    assert answer.status_code == 302
    assert "/sign-in" in answer.location
    assert clerk.get("/sign-in").status_code == 200
    sent = clerk.post("/inquiries/new", data=typed(subject="Gõ trước khi đổi khoá"))
    assert sent.status_code in {401, 400}

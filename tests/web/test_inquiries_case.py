"""The page of one inquiry and the acts of handling, as people of each role meet them."""

from datetime import timedelta

import pytest

from pr_tracker import clock
from pr_tracker.inquiries.rules import Status
from tests.factories.accounts import NOW
from tests.factories.inquiries import Province, an_inquiry

HOUR = timedelta(hours=1)


@pytest.fixture
def province(session, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return Province()


def path(inquiry, act=""):
    return f"/inquiries/{inquiry.id}" + (f"/{act}" if act else "")


def send(client, inquiry, act, *, seen=None, **fields):
    return client.post(path(inquiry, act), data={"seen": inquiry.version if seen is None else seen, **fields})


@pytest.mark.parametrize("status", list(Status))
def test_a_case_in_any_status_is_one_page(province, session, sign_in, status):
    inquiry = an_inquiry(province, status=status)
    session.commit()
    for person in (province.clerk, province.drafter, province.head, province.supervisor):
        if status in (Status.RECEIVED, Status.WITHDRAWN) and person.agency is province.department:
            continue
        page = sign_in(person).get(path(inquiry))
        assert page.status_code == 200
        assert inquiry.code in page.text
        assert "Bao giờ khơi thông" in page.text

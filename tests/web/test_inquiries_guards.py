"""What a stranger, an unlucky moment or odd input must not be able to do to a case."""

import pytest

from pr_tracker import clock
from pr_tracker.errors import NotAllowed, NotFound
from pr_tracker.inquiries.actions import answer, handling
from pr_tracker.inquiries.queries.visibility import get_visible
from pr_tracker.inquiries.rules import RefusalGround, Status
from tests.factories.accounts import NOW
from tests.factories.inquiries import Province, an_inquiry
from tests.pdf.reading import pages


@pytest.fixture
def province(session, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return Province()


@pytest.fixture
def related(province, session):
    """A case of one department, and its follow-up that is another's."""
    parent = an_inquiry(province, status=Status.ASSIGNED, subject="Đường ngập ở khu cũ")
    child = an_inquiry(province, parent=parent, subject="Khoản chi chống ngập")
    handling.assign(child, province.other, actor=province.clerk, now=NOW)
    session.commit()
    return parent, child


@pytest.mark.parametrize("paper", ["", "/sheet.pdf"])
def test_a_related_case_is_named_only_to_who_may_see_it(province, related, sign_in, paper):
    parent, child = related

    def seen(person, inquiry):
        page = sign_in(person).get(f"/inquiries/{inquiry.id}{paper}")
        assert page.status_code == 200
        return " ".join(" ".join(pages(page.data)).split()) if paper else page.text

    assert "Khoản chi chống ngập" not in seen(province.drafter, parent)
    assert "Đường ngập ở khu cũ" not in seen(province.stranger, child)
    assert "Khoản chi chống ngập" in seen(province.clerk, parent)
    assert "Đường ngập ở khu cũ" in seen(province.supervisor, child)


def _asked_another(province):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    handling.ask_take_over(inquiry, province.other, "Đúng lĩnh vực", actor=province.drafter, now=NOW)
    return inquiry


@pytest.mark.parametrize(
    "ends",
    [
        lambda case, p: answer.withdraw(case, "Báo gọi điện rút", actor=p.drafter, now=NOW),
        lambda case, p: answer.refuse(case, RefusalGround.INVESTIGATION, "Đang điều tra", actor=p.head, now=NOW),
        lambda case, p: handling.assign(case, p.department, actor=p.clerk, now=NOW),
        lambda case, p: handling.take_over(case, actor=p.clerk, now=NOW),
    ],
    ids=["withdrawn", "refused", "assigned anew", "taken over"],
)
def test_a_request_to_take_over_does_not_outlive_its_purpose(province, session, ends):
    province.office.head = province.clerk
    inquiry = _asked_another(province)
    assert get_visible(inquiry.id, province.stranger) is inquiry
    ends(inquiry, province)
    session.flush()
    with pytest.raises(NotFound):
        get_visible(inquiry.id, province.stranger)


def test_nobody_approves_their_own_words_that_a_colleague_saved_again(province):
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    answer.save_and_submit(inquiry, "Sở đã khơi thông cống.", actor=province.deputy, now=NOW)
    answer.save_and_submit(inquiry, "Sở đã khơi thông cống.", actor=province.drafter, now=NOW)
    with pytest.raises(NotAllowed):
        answer.approve(inquiry, actor=province.deputy, now=NOW)
    answer.approve(inquiry, actor=province.head, now=NOW)

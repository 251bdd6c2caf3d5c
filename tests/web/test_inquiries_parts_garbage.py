"""Whatever stands in the forms of coordination, the answer is a page: never a failure. Seen red by a long question."""

import pytest

from pr_tracker import clock
from pr_tracker.inquiries.rules import Status
from tests.factories.accounts import NOW
from tests.factories.inquiries import Province, an_inquiry
from tests.factories.parts import a_part, a_sent_part
from tests.whole_app.test_garbage import GARBAGE

NAMES = (
    "agency_ids",
    "questions",
    "due_at",
    "note",
    "seen",
    "back",
    "text",
    "kept",
    "files",
    "then",
    "digest",
    "reason",
)


@pytest.mark.parametrize("also", [{}, {"show": "1"}])
def test_garbage_in_a_form_of_coordination_is_answered(session, sign_in, monkeypatch, also):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    province = Province()
    case = an_inquiry(province, status=Status.DRAFTING)
    box = a_part(case, province.other, actor=province.drafter)
    sent = a_sent_part(case, "120 hộ", actor=province.other_head)
    session.commit()
    lead = ("coordination", f"parts/{box.id}/ask", f"merge/{sent.id}", "sources/1/drop")
    own = (f"parts/{box.id}/write", f"parts/{box.id}/approve", f"parts/{box.id}/return")
    for person, pages in ((province.drafter, lead), (province.other_head, own)):
        client = sign_in(person)
        for page in pages:
            for value in GARBAGE:
                data = dict.fromkeys((*NAMES, f"due_{province.office.id}"), value) | also
                assert client.post(f"/inquiries/{case.id}/{page}", data=data).status_code < 500

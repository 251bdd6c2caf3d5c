"""No page of incidents walks through all inquiries, all history, or all incidents of another room.

Seen red: without the index on incident_inquiries, and with the members ordered by the database before they were found.
"""

import pytest

from pr_tracker import clock
from pr_tracker.db import db
from pr_tracker.inquiries.rules import Status
from tests.factories.incidents import NOW, Province, an_incident, submitted
from tests.factories.inquiries import an_inquiry
from tests.web.test_inquiries_plans import plan_of

LARGE = ("inquiries", "inquiry_history", "incident_entries", "incident_inquiries", "inquiry_participations", "people")


@pytest.mark.only_on("sqlite", why="PostgreSQL rightly walks small tables; the indexes are the same")
@pytest.mark.parametrize("page", ["/incidents", "/incidents?before=1", "/incidents/{room}", "/inquiries/{case}"])
@pytest.mark.parametrize("reader", ["drafter", "clerk"])
def test_no_page_walks_through_a_large_table(session, sign_in, monkeypatch, page, reader):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    province = Province()
    inquiry = an_inquiry(province, status=Status.ASSIGNED)
    incident = submitted(an_incident(province, inquiries=[inquiry]), province)
    db.session.commit()
    path = page.format(room=incident.id, case=inquiry.id)
    walked = [
        (step, statement)
        for step, statement in plan_of(sign_in(getattr(province, reader)), path)
        if step.startswith("SCAN") and any(f"SCAN {table}" == step.split(" USING")[0] for table in LARGE)
    ]
    assert not walked, walked

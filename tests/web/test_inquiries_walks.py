"""However a list is read, whatever is asked for: each reader finds what the conditions say, in order, page by page."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from pr_tracker.db import db
from pr_tracker.inquiries.actions.beats import give_part
from pr_tracker.inquiries.models import Inquiry, Participation
from pr_tracker.inquiries.queries import lists, walks
from pr_tracker.inquiries.queries.filters import Filters, conditions
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_kinds import Kind, Part
from pr_tracker.inquiries.rules_timing import Result, Timing
from pr_tracker.office_time import office_day
from tests.factories.accounts import NOW
from tests.factories.inquiries import Province, an_inquiry
from tests.factories.parts import a_part

STATUSES = (Status.RECEIVED, Status.DRAFTING, Status.ANSWERED, Status.WITHDRAWN, Status.DRAFTING, Status.ARCHIVED)


def a_desk():
    """Cases of which other agencies have parts, some two at once, logged in another order than they came in."""
    province, made = Province(), []
    for number, status in enumerate(STATUSES * 2):
        came = NOW - timedelta(hours=(number * 5) % 7 // 2)
        kind = Kind.INCIDENT if number % 3 else Kind.QUESTION
        made.append(an_inquiry(province, status=status, kind=kind, received_at=came, now=NOW))
    for each in (made[1], made[7]):
        a_part(each, province.other, actor=province.drafter)
    for each in (made[1], made[2], made[3]):
        give_part(each, province.other, Part.WATCHING, actor=province.clerk, now=NOW)
    for each, days in ((made[5], 100), (made[2], 58)):  # one took long, one shorter than that
        of, came = Participation.inquiry_id == each.id, {"received_at": NOW - timedelta(days=days)}
        db.session.flush()
        db.session.execute(sa.update(Inquiry).where(Inquiry.id == each.id).values(**came))
        db.session.execute(sa.update(Participation).where(of).values(**came))
    db.session.flush()
    return province, made


def asked_for(made):
    """Filters that are walked by an index of their own, by the agency's, or put in order."""
    one, today = made[1], office_day(NOW)
    yield Filters()
    yield Filters(late=True)
    yield Filters(kind=Kind.INCIDENT)
    yield Filters(status=Status.ARCHIVED, since=today - timedelta(days=1))
    yield Filters(until=today, result=Result.WITHDRAWN)
    yield Filters(timing=Timing.RUNNING)
    yield Filters(timing=Timing.ON_TIME, outlet_id=made[2].outlet_id)
    yield Filters(only_open=True, my_turn=True)
    yield Filters(kind=one.kind, my_turn=True)
    yield Filters(status=Status.DRAFTING, my_turn=True)
    yield Filters(carried=today + timedelta(days=1))
    yield Filters(carried=today - timedelta(days=2))
    yield Filters(carried=today - timedelta(days=70), kind=made[5].kind)
    yield Filters(kind=Kind.INCIDENT, status=Status.ARCHIVED, outlet_id=one.outlet_id)
    yield Filters(person_id=one.responsible_id, unassigned=True)
    yield Filters(person_name="nguyen", outlet_name="bao")
    yield Filters(journalist_id=one.journalists[0].id, person_name="le")


@pytest.mark.parametrize("many", [0, 3, 4000])
def test_pages_hold_what_the_conditions_say_in_order(session, monkeypatch, many):
    province, made = a_desk()
    monkeypatch.setattr(walks, "MANY", many)
    monkeypatch.setattr(lists, "PAGE_SIZE", 2)
    now = NOW + timedelta(days=30)
    for filters in asked_for(made):
        for reader in (province.clerk, province.drafter, province.stranger):
            query = sa.select(Inquiry.id).where(*conditions(filters, reader, now))
            expected = session.scalars(query.order_by(Inquiry.received_at.desc(), Inquiry.id.desc())).all()
            assert ids_by_pages(reader, filters, now) == list(expected), (filters, reader.full_name)


def ids_by_pages(reader, filters, now):
    found, page = [], lists.page(reader, filters, now)
    while page.rows:
        found += [row.id for row in page.rows]
        if page.newer is not None:
            back = lists.page(reader, filters, now, page.newer)
            assert [row.id for row in back.rows] == found[-len(page.rows) - 2 : -len(page.rows)]
        if page.older is None:
            break
        page = lists.page(reader, filters, now, page.older)
    return found

"""How a list without words is read: walked along an index and no further than its page, or few cases put in order.

An index alone is in the order of the list where it ends with the receipt. What a person, a press agency's name or a
journalist has to do with is not; and whoever sees only what their agency has part in would walk past everybody else's.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from pr_tracker.db import db
from pr_tracker.inquiries.models import LONG_DAYS, TOOK_LONG, Inquiry, InquiryJournalist, Participation

# So many cases are fetched and put in order in some milliseconds; of more, a walk soon comes to enough for a page.
MANY = 4_000
_NONE: sa.ColumnElement[int] = sa.literal_column("0")  # a sum is no index: the walk is along the agency's own

Named = Sequence[tuple[tuple[Any, ...], Sequence[int]]]  # columns of Inquiry, and the ids of which one has one
Ids = sa.Select[Any] | sa.CompoundSelect[Any]
Way = tuple[sa.Select, tuple[Any, Any]]  # (id, received_at) of a list, and what it is ordered by


def ids_of(named: Named, journalist_id: int | None) -> list[Ids]:
    """What is found by people, press agencies and a journalist: sets of ids in no order."""
    found: list[Ids] = [
        sa.union_all(*(sa.select(Inquiry.id).where(column.in_(ids)) for column in columns)) for columns, ids in named
    ]
    if journalist_id is not None:
        asks = InquiryJournalist.journalist_id == journalist_id
        found.append(sa.select(InquiryJournalist.inquiry_id).where(asks))
    return found


def ids_of_agency(agency_id: int) -> Ids:
    """What an agency has part in now."""
    return sa.select(Participation.inquiry_id).where(*_current(agency_id))


def ids_carried(began: datetime) -> Ids:
    """What came before a moment and was open then: what took long, what came shortly before, what is open still."""
    shortly, received = began - timedelta(days=LONG_DAYS + 1), Inquiry.received_at
    finished, came = (sa.func.coalesce(column, None) for column in (Inquiry.finished_at, received))  # of no index
    took_long = sa.text(TOOK_LONG[db.engine.dialect.name])  # just as the index of these says it
    return sa.union_all(
        sa.select(Inquiry.id).where(took_long, finished >= began, came < shortly),
        sa.select(Inquiry.id).where(received >= shortly, received < began, finished >= began),
        sa.select(Inquiry.id).where(Inquiry.finished_at.is_(None), received < began),
    )


def fewest(sets: Sequence[Ids]) -> Ids | None:
    """The smallest of these sets; None where each of them has many."""
    if not sets:
        return None
    counts = (sa.select(sa.func.count()).select_from(ids.limit(MANY + 1).subquery()) for ids in sets)
    found = list(db.session.execute(sa.select(*(count.scalar_subquery() for count in counts))).one())
    least = min(found)
    return sets[found.index(least)] if least <= MANY else None


def put_in_order(ids: Ids, conditions: Iterable[sa.ColumnElement[bool]]) -> Way:
    """The list of what is in a small set, by no index."""
    received = sa.func.coalesce(Inquiry.received_at, None, type_=Inquiry.received_at.type)
    query: sa.Select = sa.select(Inquiry.id, Inquiry.received_at).where(Inquiry.id.in_(ids), *conditions)
    return query, (received, Inquiry.id)


def walked_along(condition: sa.ColumnElement[bool], conditions: Iterable[sa.ColumnElement[bool]]) -> Way:
    """The list walked by the index that has what one condition asks for in the list's order, whatever else is asked."""
    query: sa.Select = sa.select(Inquiry.id, Inquiry.received_at).where(condition, *conditions)
    return query, (Inquiry.received_at, Inquiry.id)


def walked_by_agency(agency_id: int, conditions: Iterable[sa.ColumnElement[bool]]) -> Way:
    """The list of what an agency has part in, walked in its order; an agency may have two parts in one inquiry."""
    part = Participation
    query: sa.Select = sa.select(part.inquiry_id.label("id"), part.received_at).join(
        Inquiry, Inquiry.id == part.inquiry_id + _NONE
    )
    query = query.where(*_current(agency_id), *conditions).group_by(part.received_at, part.inquiry_id)
    return query, (part.received_at, part.inquiry_id)


def _current(agency_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    return Participation.agency_id == agency_id, Participation.ended_at.is_(None)

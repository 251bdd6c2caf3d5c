"""Among which cases a search looks: its days, and the narrowest of a list's filters whose cases an index tells.

A frequent word and a rare filter would else be looked for together through all that has the word.
"""

from collections.abc import Iterable
from datetime import date, timedelta

import sqlalchemy as sa

from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.queries.filters import Filters
from pr_tracker.inquiries.queries.search import Among
from pr_tracker.inquiries.queries.visibility import agency_of
from pr_tracker.inquiries.queries.walks import Ids, Named, ids_of, ids_of_agency
from pr_tracker.inquiries.rules_number import place_on
from pr_tracker.inquiries.rules_timing import Result

# Of fewer the texts are read, of more a page is soon found: there are so many of them among what has the words.
FEW = {"sqlite": 2_000, "postgresql": 7_000}
MANY = 20_000
_NONE: sa.ColumnElement[int] = sa.literal_column("0")  # written out, as the index of those above it says


def among(filters: Filters, named: Named, actor: Person | None) -> Among:
    """Where to look for what a list of these filters has of its text."""
    ends = [day for day in (filters.until and filters.until + timedelta(days=1), filters.carried) if day]
    days = Among(_place(filters.since), _place(min(ends, default=None)))
    sets: list[Ids] = [*ids_of_filters(filters), *ids_of(named, filters.journalist_id), *_of_reader(actor)]
    if not sets:
        return days
    most = (sa.select(sa.func.count()).select_from(ids.limit(MANY + 1).subquery()) for ids in sets)
    counts = list(db.session.execute(sa.select(*(count.scalar_subquery() for count in most))).one())
    least = min(counts)
    ids = sets[counts.index(least)] if least <= MANY else None
    return Among(days.first, days.before, ids, is_few=least <= FEW[db.engine.dialect.name])


def _place(day: date | None) -> int | None:
    return None if day is None else place_on(day.toordinal(), 0)


def ids_of_filters(filters: Filters) -> Iterable[Ids]:
    """What each of the filters asks for that an index tells by itself: sets of ids."""
    told = [*_in_order(filters), *([Inquiry.refusal_ground.is_not(None)] if filters.result is Result.REFUSED else [])]
    return (sa.select(Inquiry.id).where(condition) for condition in told)


def rarest_condition(filters: Filters) -> sa.ColumnElement[bool] | None:
    """Of several filters that an index has in the list's order, the one that least is of; None for a single one.

    Statistics know how much there is of a value on average only: an engine may walk what nearly everything is.
    Where there is much of each, it is the first of _in_order.
    """
    asked = list(_in_order(filters))
    if len(asked) < 2:
        return None
    sets = (sa.select(Inquiry.id).where(condition).limit(MANY + 1).subquery() for condition in asked)
    counts = (sa.select(sa.func.count()).select_from(ids).scalar_subquery() for ids in sets)
    found = list(db.session.execute(sa.select(*counts)).one())
    return asked[found.index(min(found))]


def _in_order(filters: Filters) -> Iterable[sa.ColumnElement[bool]]:
    """What is asked for that an index has in the order of the list; of what comes last there is most as a rule."""
    asked = (
        (filters.outlet_id is not None, Inquiry.outlet_id == filters.outlet_id),
        (filters.agency_id is not None, Inquiry.lead_agency_id == filters.agency_id),
        (filters.unassigned, Inquiry.lead_agency_id.is_(None)),
        (filters.kind is not None, Inquiry.kind == filters.kind),
        (filters.status is not None, Inquiry.status == filters.status),
        (filters.is_open, Inquiry.finished_at.is_(None)),
        (filters.paused, Inquiry.paused_at.is_not(None)),
        (filters.stopped, Inquiry.stopped_days > _NONE),
        (filters.extended, Inquiry.extended_days > _NONE),
        (filters.ground is not None, Inquiry.refusal_ground == filters.ground),
    )
    return (condition for is_asked, condition in asked if is_asked)


def _of_reader(actor: Person | None) -> Iterable[Ids]:
    agency_id = None if actor is None else agency_of(actor)
    return () if agency_id is None else (ids_of_agency(agency_id),)

"""A person's saved filters of the list."""

from datetime import datetime
from urllib.parse import parse_qsl, urlencode

import sqlalchemy as sa

from pr_tracker.accounts.models import Person
from pr_tracker.audit.actions import record, take_turn
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput, NotFound
from pr_tracker.inquiries.models import SavedView
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.inquiries.rules_kinds import require_text
from pr_tracker.text import nfc

LONGEST_NAME = 60
MOST_VIEWS = 30
FILTERS = frozenset(
    [
        "q",
        "agency",
        "status",
        "kind",
        "outlet",
        "outlet_name",
        "person",
        "person_name",
        "journalist",
        "from",
        "to",
        "late",
        "open",
        "mine",
        "paused",
        "stopped",
        "extended",
        "timing",
        "result",
        "ground",
        "unassigned",
        "carried",
    ]
)


def only_filters(query: str) -> str:
    """A query string with nothing but filters in it."""
    return urlencode([(name, value[:200]) for name, value in parse_qsl(query)[:40] if name in FILTERS])


def save_view(person: Person, name: str, query: str, *, now: datetime) -> SavedView:
    """Keep filters under a name; the same name is overwritten. Raises BadInput without a name or filter."""
    take_turn()  # a form sent twice at once keeps one view
    name = nfc(require_text(name, "name"))[:LONGEST_NAME]
    query = only_filters(query)
    if not query:
        raise BadInput(N_("Choose a filter first, then save the view."), field="name")
    mine = sa.select(SavedView).where(SavedView.person_id == person.id)
    view = db.session.scalar(mine.where(SavedView.name == name))
    if view is None:
        if len(db.session.scalars(mine).all()) >= MOST_VIEWS:
            full = N_("There are %(most)s saved views already: remove one first.")
            raise BadInput(full, field="name", most=MOST_VIEWS)
        view = SavedView(person_id=person.id, name=name, query=query)
        db.session.add(view)
    view.query = query
    record(InquiryEvent.SAVE_VIEW, view, actor=person, now=now, name=name, query=query)
    return view


def remove_view(person: Person, view_id: int, *, now: datetime) -> None:
    """Forget a view of one's own; a view is no record. Raises NotFound."""
    view = db.session.get(SavedView, view_id)
    if view is None or view.person_id != person.id:
        raise NotFound(N_("There is no such view."))
    record(InquiryEvent.REMOVE_VIEW, view, actor=person, now=now, name=view.name)
    db.session.delete(view)

"""What the bench asks for: addresses of pages and who reads them, found in the filled database."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from urllib.parse import urlencode

import sqlalchemy as sa

from pr_tracker import clock
from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.demo.people import DOMAIN
from pr_tracker.inquiries.models import HistoryEntry, Inquiry
from pr_tracker.inquiries.models_search import SearchText
from pr_tracker.inquiries.queries.lists import PAGE_SIZE
from pr_tracker.inquiries.queries.search import matching
from pr_tracker.keyset import Cursor
from pr_tracker.office_time import office_day
from pr_tracker.text import fold
from pr_tracker.web.parameters import address_of

FAR_PAGE = 10_000
SAMPLE = 4_000
RARE_MOST = 5  # hits of a rare phrase, at the most
CLERK, OFFICER, HEAD = "vanthu", "chuyenvien", "lanhdao"  # the province's office sees all, a department its own


@dataclass(frozen=True)
class Asked:
    """One page of the bench: `name` stays the same over sizes and engines, `note` is of this database."""

    name: str
    path: str
    reader: str = CLERK
    note: str = ""


def pages() -> list[Asked]:
    """Every page the bench measures. Wants an application context."""
    today = office_day(clock.now())
    return [
        Asked("first screen", "/queue"),
        Asked("first screen of a department", "/queue", OFFICER),
        *_queues(today),
        *_lists(),
        *_searches(),
        _long_case(),
        Asked("report page of a year", f"/reports/register?from={today.year}-01-01&to={today.year}-12-31"),
        Asked("figures of a month over twelve", "/reports/figures"),
        Asked("annual report", "/reports/annual"),
    ]


def person(name: str) -> Person:
    """A demo sign-in."""
    return db.session.scalars(sa.select(Person).where(Person.email == f"{name}@{DOMAIN}")).one()


def _queues(today: date) -> list[Asked]:
    agency, since = person(OFFICER).agency_id, (today - timedelta(days=30)).isoformat()
    return [
        Asked("queue, my turn", "/queue?pick=mine"),
        Asked("queue, incidents", "/queue?pick=incidents"),
        Asked("queue, late and open", "/inquiries?late=1&open=1"),
        Asked("queue, an agency's closed", f"/inquiries?agency={agency}&status=closed"),
        Asked("queue, a kind in a month", f"/inquiries?kind=incident&from={since}"),
        Asked("queue of a department, late", "/inquiries?late=1", OFFICER),
    ]


def _lists() -> list[Asked]:
    count = db.session.scalar(sa.select(sa.func.count()).select_from(Inquiry)) or 0
    place = max(0, min((FAR_PAGE - 1) * PAGE_SIZE, (count - 1) // PAGE_SIZE * PAGE_SIZE) - 1)
    order = (Inquiry.received_at.desc(), Inquiry.id.desc())
    row = db.session.execute(sa.select(Inquiry.received_at, Inquiry.id).order_by(*order).offset(place).limit(1)).one()
    far = "/inquiries?" + urlencode(address_of(Cursor(0, row.received_at, row.id)))
    return [
        Asked("list, page 1", "/inquiries"),
        Asked("list, page 10,000", far, note=f"page {(place + 1) // PAGE_SIZE + 1:,}"),
    ]


def _searches() -> list[Asked]:
    asked = []
    for name, words in zip(("frequent", "rare"), _phrases(), strict=True):
        for marks, typed in (("with marks", words), ("without marks", fold(words))):
            path = "/inquiries?" + urlencode({"q": typed})
            asked.append(Asked(f"search, {name} phrase {marks}", path, note=f"{_hits(words):,} found"))
    return asked


def _phrases() -> tuple[str, str]:
    """A frequent and a rare phrase of two words, both with marks, among the newest cases."""
    newest = sa.select(SearchText.exact).order_by(SearchText.inquiry_id.desc()).limit(SAMPLE)
    pairs: Counter[str] = Counter()
    words: Counter[str] = Counter()
    for text in db.session.scalars(newest):
        said = re.findall(r"[^\W\d_]+", text)
        words.update(set(said))
        pairs.update({f"{one} {two}" for one, two in pairwise(said) if _fit(one, two)})
    rare_first = sorted(pairs, key=lambda pair: (sum(words[word] for word in pair.split()), pair))
    rare = next((pair for pair in rare_first[:400] if 0 < _hits(pair) <= RARE_MOST), rare_first[0])
    return pairs.most_common(1)[0][0], rare


def _fit(*words: str) -> bool:
    return all(len(word) > 2 and fold(word) != word for word in words)


def _hits(words: str) -> int:
    query = matching(words).restrict(sa.select(sa.func.count()).select_from(Inquiry))
    return db.session.scalar(query) or 0


def _long_case() -> Asked:
    events = sa.func.count()
    query = sa.select(HistoryEntry.inquiry_id, events).group_by(HistoryEntry.inquiry_id).order_by(events.desc())
    inquiry_id, count = db.session.execute(query.limit(1)).one()
    return Asked("case with 200 events", f"/inquiries/{inquiry_id}", note=f"{count} events")

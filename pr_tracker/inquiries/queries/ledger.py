"""Find what was taken over from ledgers, and the cases that a ledger's lines are compared with."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Person
from pr_tracker.db import db
from pr_tracker.inquiries.models import Inquiry, Question
from pr_tracker.inquiries.models_ledger import LedgerEntry
from pr_tracker.inquiries.queries.visibility import visible_to
from pr_tracker.outlets.models import Journalist, Outlet
from pr_tracker.text import lower_nfc

AT_ONCE = 400


def find_ledger_entry(inquiry_id: int) -> LedgerEntry | None:
    """The line of a ledger from which a case was taken over."""
    return db.session.get(LedgerEntry, inquiry_id)


def numbered_here(numbers: Collection[tuple[int, int]], actor: Person) -> dict[tuple[int, int], int]:
    """(year, number) → id of those cases that the actor may see."""
    found: dict[tuple[int, int], int] = {}
    one, place = Inquiry, sa.tuple_(Inquiry.year, Inquiry.number)
    for some in _portions(numbers):
        query = sa.select(one.id, one.year, one.number).where(place.in_(some), visible_to(actor))
        found |= {(row.year, row.number): row.id for row in db.session.execute(query)}
    return found


def taken_numbers(numbers: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    """Those (year, number) that a case has already, whoever may see it."""
    place = sa.tuple_(Inquiry.year, Inquiry.number)
    rows = (db.session.execute(sa.select(Inquiry.year, Inquiry.number).where(place.in_(p))) for p in _portions(numbers))
    return {(row.year, row.number) for some in rows for row in some}


def ledger_lines_numbered(agency_id: int, keys: Collection[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """(year, number_key) → case, of the lines of an agency's ledger."""
    found: dict[tuple[int, str], int] = {}
    one, place = LedgerEntry, sa.tuple_(LedgerEntry.year, LedgerEntry.number_key)
    for some in _portions(keys):
        query = sa.select(one.inquiry_id, one.year, one.number_key).where(one.agency_id == agency_id, place.in_(some))
        found |= {(row.year, row.number_key): row.inquiry_id for row in db.session.execute(query)}
    return found


def ledger_lines_like(agency_id: int, likenesses: Collection[str]) -> dict[str, list[int]]:
    """likeness → the cases of the lines of an agency's ledger that have it, in the order of the file."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    one = LedgerEntry
    for some in _portions(likenesses):
        query = sa.select(one.inquiry_id, one.likeness).where(one.agency_id == agency_id, one.likeness.in_(some))
        for row in db.session.execute(query.order_by(one.inquiry_id)):
            found[row.likeness].append(row.inquiry_id)
    return found


def received_within(first: datetime, last: datetime, outlet_ids: Collection[int], actor: Person) -> Sequence[sa.Row]:
    """Cases logged here, not from a ledger, of these agencies and moments: id, year, number, received_at, subject."""
    one = Inquiry
    query = sa.select(one.id, one.year, one.number, one.received_at, one.subject, one.outlet_id)
    query = query.outerjoin(LedgerEntry, LedgerEntry.inquiry_id == one.id).where(LedgerEntry.inquiry_id.is_(None))
    between = one.received_at.between(first, last)
    return db.session.execute(query.where(between, one.outlet_id.in_(set(outlet_ids)), visible_to(actor))).all()


def cases_to_compare(ids: Collection[int]) -> dict[int, sa.Row]:
    """What a line is compared with: columns of the case, and of its ledger's line where it has one."""
    found: dict[int, sa.Row] = {}
    one, line = Inquiry, LedgerEntry
    columns = (
        one.id,
        one.year,
        one.number,
        one.version,
        one.subject,
        one.kind,
        one.channel,
        one.urgency,
        one.outlet_id,
    )
    more = (one.received_at, one.lead_agency_id, one.status, one.finished_at, one.released_at, one.answer_form)
    last = (one.refusal_ground, one.refusal_reason, one.evidence, one.journalist_names, one.speaker_id)
    entry = (line.version.label("line_version"), line.speaker, line.note, line.number.label("line_number"))
    for some in _portions(ids):
        query = sa.select(*columns, *more, *last, *entry, Outlet.name.label("outlet"))
        query = query.join(Outlet, Outlet.id == one.outlet_id).outerjoin(line, line.inquiry_id == one.id)
        found |= {row.id: row for row in db.session.execute(query.where(one.id.in_(some)))}
    return found


def questions_of(ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """The questions of cases, in their order."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    for some in _portions(ids):
        query = sa.select(Question.inquiry_id, Question.text).where(Question.inquiry_id.in_(some))
        for row in db.session.execute(query.order_by(Question.inquiry_id, Question.position)):
            found[row.inquiry_id].append(row.text)
    return {case_id: tuple(texts) for case_id, texts in found.items()}


def journalists_called(outlet_ids: Collection[int]) -> dict[tuple[int, str], int]:
    """(outlet_id, name in lower case) → id of the journalists of these press agencies, the one in use first."""
    found: dict[tuple[int, str], int] = {}
    for some in _portions(outlet_ids):
        query = sa.select(Journalist.id, Journalist.outlet_id, Journalist.full_name).where(
            Journalist.outlet_id.in_(some)
        )
        for row in db.session.execute(query.order_by(Journalist.active.desc(), Journalist.id)):
            found.setdefault((row.outlet_id, lower_nfc(row.full_name)), row.id)
    return found


def _portions(values: Iterable[Any]) -> Iterable[list[Any]]:
    """A few hundred at a time: what both databases take in one statement."""
    every = list(values)
    return (every[at : at + AT_ONCE] for at in range(0, len(every), AT_ONCE))

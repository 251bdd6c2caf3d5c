"""The case page in few statements: the case with its newest text, what belongs to it, what happened to it last.

Statements are built once: building one of these takes longer than asking it.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.accounts.queries import AWAY, away_rows
from pr_tracker.certificates.queries.held import is_untrained
from pr_tracker.db import UTCDateTime, db
from pr_tracker.errors import N_, NotFound
from pr_tracker.inquiries.models import (
    Attachment,
    Draft,
    DraftFile,
    HistoryEntry,
    Inquiry,
    InquiryExtension,
    InquiryJournalist,
    Question,
    Review,
)
from pr_tracker.inquiries.models_articles import Article, PressLetter
from pr_tracker.inquiries.models_parts import DraftSource
from pr_tracker.inquiries.queries.plan import HANDED_OVER
from pr_tracker.inquiries.queries.reminding import REMINDERS
from pr_tracker.inquiries.queries.stops import waiting_extension
from pr_tracker.inquiries.queries.visibility import takes_part
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.notices.models import Notice
from pr_tracker.office_time import office_day
from pr_tracker.outlets.models import Journalist
from pr_tracker.permissions import Permission
from pr_tracker.spokespersons.models import Authorisation

HISTORY_SHOWN = 20
HISTORY_PAGE = 100
HIDDEN = (InquiryEvent.DOWNLOAD, InquiryEvent.EXPORT)  # these stand in the audit log only
AFTER_A_DRAFT = (InquiryEvent.SUBMIT, InquiryEvent.ENDORSE, InquiryEvent.APPROVE)


@dataclass(frozen=True)
class Text:
    """The newest version of the answer."""

    id: int
    number: int
    text: str
    ground: Any
    digest: str
    saved_at: datetime
    full_name: str


@dataclass(frozen=True)
class Whole:
    """A case as its page begins: what is not there needs no statement of its own."""

    inquiry: Inquiry
    draft: Text | None
    wrote_text: bool  # the reader did: also where a colleague saved the same words again
    waiting: sa.Row | None
    has_reviews: bool
    has_sources: bool
    has_papers: bool
    has_articles: bool
    has_letters: bool
    was_reminded: bool
    untrained: set[int]


def get_whole(inquiry_id: int, actor: Person, now: datetime) -> Whole:
    """The case for its page. Raises NotFound: none, or not this person's to see."""
    sees = actor.may(Permission.INQUIRY_VIEW)
    given = {"inquiry": inquiry_id, "reader": actor.id, "agency": actor.agency_id, "day": office_day(now)}
    row = db.session.execute(_whole(actor.sees_all), given).one_or_none() if sees else None
    if row is None:
        raise NotFound(N_("There is no such inquiry, or it belongs to another agency."))
    inquiry = row.Inquiry
    lacking = {inquiry.officer_id: row.officer_lacks, inquiry.responsible_id: row.head_lacks}
    return Whole(
        inquiry,
        Text(row.id, row.number, row.text, row.ground, row.digest, row.saved_at, row.author) if row.id else None,
        wrote_text=row.wrote_text,
        waiting=waiting_extension(inquiry) if row.waits else None,
        has_reviews=row.has_reviews,
        has_sources=row.has_sources,
        has_papers=row.has_papers,
        has_articles=row.has_articles,
        has_letters=row.has_letters,
        was_reminded=row.was_reminded,
        untrained={person for person, lacks in lacking.items() if person and lacks and inquiry.finished_at is None},
    )


@cache
def _whole(sees_all: bool) -> sa.Select[Any]:
    newest, author, same = sa.orm.aliased(Draft), sa.orm.aliased(Person), sa.orm.aliased(Draft)
    newest_id = sa.select(Draft.id).where(Draft.inquiry_id == Inquiry.id).order_by(Draft.number.desc()).limit(1)
    own = (same.inquiry_id == Inquiry.id, same.author_id == sa.bindparam("reader"))
    day = sa.bindparam("day", type_=sa.Date())
    query = (
        sa.select(Inquiry, newest.id, newest.number, newest.text, newest.ground, newest.digest, newest.saved_at)
        .add_columns(author.full_name.label("author"))
        .add_columns(sa.exists().where(*own, same.text_digest == newest.text_digest).label("wrote_text"))
        .add_columns(*(condition.label(name) for name, condition in _has().items()))
        .add_columns(is_untrained(Inquiry.officer_id, day).label("officer_lacks"))
        .add_columns(is_untrained(Inquiry.responsible_id, day).label("head_lacks"))
        .select_from(Inquiry)
        .outerjoin(newest, newest.id == newest_id.correlate(Inquiry).scalar_subquery())
        .outerjoin(author, author.id == newest.author_id)
        .options(*_named())
        .where(Inquiry.id == sa.bindparam("inquiry"))
    )
    return query if sees_all else query.where(takes_part(sa.bindparam("agency")))


def _has() -> dict[str, sa.ColumnElement[bool]]:
    """What a case may have, and mostly has not."""
    of_version = Draft.inquiry_id == Inquiry.id
    matter = sa.or_(Authorisation.inquiry_id == Inquiry.id, Authorisation.incident_id == Inquiry.incident_id)
    about = sa.and_(Notice.about_kind == Inquiry.__tablename__, Notice.about_id == Inquiry.id)
    waits = (InquiryExtension.inquiry_id == Inquiry.id, InquiryExtension.decided_at.is_(None))
    return {
        "waits": sa.exists().where(*waits).correlate(Inquiry),
        "has_reviews": sa.exists().where(of_version, Review.draft_id == Draft.id).correlate(Inquiry),
        "has_sources": sa.exists().where(of_version, DraftSource.draft_id == Draft.id).correlate(Inquiry),
        "has_papers": sa.exists().where(matter).correlate(Inquiry),
        "has_articles": sa.exists().where(Article.inquiry_id == Inquiry.id).correlate(Inquiry),
        "has_letters": sa.exists().where(PressLetter.inquiry_id == Inquiry.id).correlate(Inquiry),
        "was_reminded": sa.exists().where(about, Notice.kind.in_(sorted(REMINDERS))).correlate(Inquiry),
    }


def _named() -> list[Any]:
    """Everybody and everything the page names, in the same statement, and of people no more than their names."""
    one, agency = sa.orm.joinedload, (Agency.name, Agency.short_name, Agency.kind, Agency.head_id)
    people = (Inquiry.logged_by, Inquiry.responsible, Inquiry.officer, Inquiry.speaker)
    names = (Person.full_name, Person.title, Person.agency_id)
    alone = (sa.orm.lazyload(Person.role_rows), sa.orm.lazyload(Person.agency))
    return [
        one(Inquiry.outlet),
        one(Inquiry.lead_agency).load_only(*agency, Agency.second_approval),
        one(Inquiry.intake_agency).load_only(*agency, Agency.second_approval),
        *(one(person).options(sa.orm.load_only(*names), *alone) for person in people),
    ]


class File(NamedTuple):
    """A file of a case; `goes_with` the newest version of the answer."""

    id: int
    file_name: str
    size: int
    digest: str
    uploaded_by: str
    uploaded_at: datetime
    goes_with: bool


class Asker(NamedTuple):
    """A journalist who asks."""

    id: int
    full_name: str
    press_card: str
    letter_number: str


@dataclass(frozen=True)
class Belonging:
    """What belongs to a case: its questions, who asks, its files, cases before and after, who of its people is away."""

    questions: list[sa.Row]
    journalists: list[Asker]
    attachments: list[File]
    parent: sa.Row | None
    follow_ups: list[sa.Row]
    away: dict[int, sa.Row]


def belonging_to(whole: Whole, actor: Person, now: datetime) -> Belonging:
    """What belongs to a case, in one statement; of related cases only what the actor may see."""
    inquiry = whole.inquiry
    given = {"inquiry": inquiry.id, "parent": inquiry.parent_id, "agency": actor.agency_id, "day": office_day(now)}
    given |= {"draft": whole.draft.id if whole.draft else None}
    given |= {"officer": inquiry.officer_id, "head": inquiry.responsible_id}
    open_case = inquiry.finished_at is None
    found: dict[str, list[sa.Row]] = defaultdict(list)
    for row in db.session.execute(_belonging(actor.sees_all, open_case), given):
        found[row.what].append(row)
    related = sorted(found["case"], key=lambda row: row.id)
    return Belonging(
        questions=sorted(found["question"], key=lambda row: row.number),
        journalists=[
            Asker(row.id, row.text, row.more, row.also) for row in sorted(found["journalist"], key=lambda row: row.by)
        ],
        attachments=[
            File(row.id, row.text, row.number, row.more, row.by, row.at, row.is_so)
            for row in sorted(found["file"], key=lambda row: row.id)
        ],
        parent=next((row for row in related if row.id == inquiry.parent_id), None),
        follow_ups=[row for row in related if row.id != inquiry.parent_id],
        away={row.id: row for row in found["away"]},
    )


_COLUMNS: dict[str, Any] = {
    "id": sa.Integer(),
    "number": sa.Integer(),
    "year": sa.Integer(),
    "text": sa.Text(),
    "more": sa.Text(),
    "also": sa.Text(),
    "by": sa.Text(),
    "at": UTCDateTime(),
    "on": sa.Date(),
    "is_so": sa.Boolean(),
}


def _columns(what: str, **columns: Any) -> list[Any]:
    """One kind of thing, in the columns that all kinds share."""
    return [
        sa.literal(what, sa.Text()).label("what"),
        *(
            (sa.type_coerce(columns[name], type_) if name in columns else sa.cast(sa.null(), type_)).label(name)
            for name, type_ in _COLUMNS.items()
        ),
    ]


def _piece(what: str, **columns: Any) -> sa.Select[Any]:
    return sa.select(*_columns(what, **columns))


@cache
def _belonging(sees_all: bool, open_case: bool) -> sa.CompoundSelect[Any]:
    case: Any = sa.bindparam("inquiry")
    goes_with = sa.exists().where(DraftFile.attachment_id == Attachment.id, DraftFile.draft_id == sa.bindparam("draft"))
    related = sa.or_(Inquiry.parent_id == case, Inquiry.id == sa.bindparam("parent", type_=sa.Integer()))
    pieces = [
        _piece("question", id=Question.id, number=Question.position, text=Question.text).where(
            Question.inquiry_id == case
        ),
        _piece(
            "journalist",
            id=Journalist.id,
            text=Journalist.full_name,
            more=Journalist.press_card,
            also=Journalist.letter_number,
            by=Journalist.sort_key,
        )
        .join(InquiryJournalist, InquiryJournalist.journalist_id == Journalist.id)
        .where(InquiryJournalist.inquiry_id == case),
        _piece(
            "file",
            id=Attachment.id,
            number=Attachment.size,
            text=Attachment.file_name,
            more=Attachment.digest,
            by=Person.full_name,
            at=Attachment.uploaded_at,
            is_so=goes_with,
        )
        .join(Person, Person.id == Attachment.uploaded_by_id)
        .where(Attachment.inquiry_id == case),
        _piece(
            "case", id=Inquiry.id, number=Inquiry.number, year=Inquiry.year, text=Inquiry.subject, more=Inquiry.status
        ).where(related, sa.true() if sees_all else takes_part(sa.bindparam("agency"))),
    ]
    if open_case:
        people: Any = (sa.bindparam("officer"), sa.bindparam("head"))
        day, (person, until, substitute) = sa.bindparam("day", type_=sa.Date()), AWAY
        away = away_rows(day, *_columns("away", id=person, on=until, text=substitute))
        pieces.append(away.where(person.in_(people)))
    return sa.union_all(*pieces)


@dataclass(frozen=True)
class Happened:
    """The newest lines of a case's history, how many stand before them, and the steps that its plan is told by."""

    shown: list[sa.Row]
    earlier: int
    steps: list[sa.Row]


def happened_to(inquiry: Inquiry) -> Happened:
    """What happened to a case last, and each step its plan speaks of; all newest first, in one statement."""
    rows = list(db.session.execute(_happened(), {"inquiry": inquiry.id}))
    lines = [row for row in rows if row.event not in HIDDEN]
    shown = lines[:HISTORY_SHOWN]
    return Happened(shown, rows[0].lines - len(shown) if rows else 0, rows)


@cache
def _happened() -> sa.Select[Any]:
    case: Any = sa.bindparam("inquiry")
    entry, other = HistoryEntry, sa.orm.aliased(HistoryEntry)
    line = (other.inquiry_id == case, other.event.not_in(HIDDEN))
    first = sa.select(other.id).where(*line).order_by(other.id.desc()).limit(1).offset(HISTORY_SHOWN)
    last_draft = sa.select(sa.func.max(other.id)).where(other.inquiry_id == case, other.event == InquiryEvent.DRAFT)
    lines = sa.select(sa.func.count()).where(*line)
    wanted = sa.or_(
        sa.and_(entry.id > sa.func.coalesce(first.scalar_subquery(), 0), entry.event.not_in(HIDDEN)),
        entry.event.in_(HANDED_OVER),
        sa.and_(entry.event.in_(AFTER_A_DRAFT), entry.id > sa.func.coalesce(last_draft.scalar_subquery(), 0)),
    )
    return _lines().add_columns(lines.scalar_subquery().label("lines")).where(entry.inquiry_id == case, wanted)


def history_page(inquiry: Inquiry, before: int | None) -> list[sa.Row]:
    """Lines of a case's history behind one, the newest first; one more than fits on a page."""
    query = _lines().where(HistoryEntry.inquiry_id == inquiry.id, HistoryEntry.event.not_in(HIDDEN))
    if before is not None:
        query = query.where(HistoryEntry.id < before)
    return list(db.session.execute(query.limit(HISTORY_PAGE + 1)))


def _lines() -> sa.Select[Any]:
    entry = HistoryEntry
    return (
        sa.select(entry.id, entry.at, entry.event, entry.data, entry.version, Person.full_name.label("actor"))
        .add_columns(sa.func.coalesce(entry.actor_title, Person.title).label("title"))
        .add_columns(sa.func.coalesce(entry.actor_agency, Agency.name).label("agency"))
        .outerjoin(Person, Person.id == entry.actor_id)
        .outerjoin(Agency, Agency.id == Person.agency_id)
        .order_by(entry.id.desc())
    )

"""What is done with cleared statements: clear, record, set the end, replace, withdraw, use again."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Person
from pr_tracker.audit.actions import record, take_turn
from pr_tracker.db import db
from pr_tracker.deadlines.queries_desks import desks
from pr_tracker.errors import N_, BadInput, ChangedMeanwhile, NotAllowed
from pr_tracker.notices import actions as notices
from pr_tracker.notices.rules import NoticeKind
from pr_tracker.office_time import in_office
from pr_tracker.statements.models import Statement, StatementTerm, StatementUse
from pr_tracker.statements.queries import chain_above, lock_statements, may_keep
from pr_tracker.statements.rules import (
    LONGEST_TOPIC,
    AnswerForm,
    StatementEvent,
    require_lasting,
    require_may_supersede,
    require_words,
)
from pr_tracker.statements.rules_likeness import Matter, terms_of
from pr_tracker.text import fold, lower_nfc, nfc


@dataclass(frozen=True)
class Said:
    """Something said: on what, word for word, how, when, by whom and by what right, until when it counts."""

    topic: str
    text: str
    agency_id: int
    form: AnswerForm
    said_at: datetime
    said_by: str
    right: Mapping[str, Any] | None = None
    link: str = ""
    valid_until: date | None = None
    inquiry_id: int | None = None
    draft_id: int | None = None
    incident_id: int | None = None


def speaker_words(speaker: Person) -> str:
    """Name, title and agency of whoever speaks, as they are now."""
    return ", ".join(filter(None, (speaker.full_name, speaker.title, speaker.agency.name)))


def clear(said: Said, *, actor: Person | None, now: datetime, replaces: Collection[int] = ()) -> Statement:
    """An approved answer that was given becomes a statement; `replaces` are the ids of those whose place it takes.

    Whoever releases an answer may: it is the release that is decided upon. Raises BadInput.
    """
    return _enter(said, StatementEvent.CLEAR, replaces, actor=actor, now=now)


def record_published(said: Said, *, actor: Person, now: datetime, replaces: Collection[int] = ()) -> Statement:
    """What an agency published by itself becomes a statement. Raises NotAllowed, BadInput."""
    _require_keeper(actor, said.agency_id)
    if said.said_at > now:
        raise BadInput(N_("This moment is still to come."), field="said_at")
    return _enter(said, StatementEvent.RECORD, replaces, actor=actor, now=now)


def _enter(
    said: Said, event: StatementEvent, replaces: Collection[int], *, actor: Person | None, now: datetime
) -> Statement:
    require_lasting(said.valid_until, said_at=said.said_at)
    older = lock_statements(replaces)
    take_turn()  # before the year's counter, as everywhere: two locks, one order
    statement = _stored(said, actor=actor, now=now)
    db.session.add(statement)
    db.session.flush()
    index_matter(statement)
    ending = {"valid_until_on": said.valid_until.isoformat()} if said.valid_until else {}
    record(event, statement, actor=actor, now=now, code=statement.code, topic=statement.topic, **ending)
    for one in older:
        _replace(one, statement, actor=actor, now=now)
    return statement


def _stored(said: Said, *, actor: Person | None, now: datetime) -> Statement:
    year = in_office(said.said_at).year
    statement = Statement(
        year=year,
        number=_next_number(year),
        topic=require_words(said.topic, "topic")[:LONGEST_TOPIC],
        text=nfc(require_words(said.text, "text")),
        agency_id=said.agency_id,
        inquiry_id=said.inquiry_id,
        draft_id=said.draft_id,
        incident_id=said.incident_id,
        form=said.form,
        said_at=said.said_at,
        said_by=require_words(said.said_by, "said_by"),
        right=dict(said.right) if said.right else None,
        link=said.link.strip(),
        cleared_at=now,
        cleared_by=actor,
        valid_until=said.valid_until,
    )
    statement.digest = hashlib.sha256(statement.text.encode()).hexdigest()
    whole = f"{statement.code} \n {statement.topic} \n {statement.text}"
    statement.folded, statement.exact = fold(whole), lower_nfc(whole)
    return statement


def _next_number(year: int) -> int:
    statement = sa.text(
        "INSERT INTO statement_numbers (year, last) VALUES (:year, 1) "
        "ON CONFLICT (year) DO UPDATE SET last = statement_numbers.last + 1 RETURNING last"
    )
    number: int = db.session.execute(statement, {"year": year}).scalar_one()
    return number


def index_matter(statement: Statement) -> None:
    """Keep the terms by which the statement is found as like a matter."""
    terms = terms_of(Matter(statement.topic, statement.text))
    rows = [{"term": term[:80], "statement_id": statement.id, "weight": weight} for term, weight in terms.items()]
    if rows:
        db.session.execute(sa.insert(StatementTerm), rows)


def set_validity(
    statement: Statement, valid_until: date | None, *, actor: Person, now: datetime, seen: int | None = None
) -> None:
    """Say until the end of which day it counts, None for no end. Raises BadInput, NotAllowed, ChangedMeanwhile."""
    _begin(statement, actor=actor, seen=seen)
    _require_standing(statement)
    require_lasting(valid_until, said_at=statement.said_at)
    if valid_until == statement.valid_until:
        raise BadInput(N_("This is the day it has already."), field="valid_until")
    before = statement.valid_until.isoformat() if statement.valid_until else None
    statement.valid_until, statement.told_ending_at = valid_until, None
    statement.version += 1
    after = valid_until.isoformat() if valid_until else None
    record(StatementEvent.VALIDITY, statement, actor=actor, now=now, before_on=before, after_on=after)


def supersede(older: Statement, newer: Statement, *, actor: Person, now: datetime, seen: int | None = None) -> None:
    """Another statement takes its place from now on. Both rows are locked. Raises BadInput, NotAllowed."""
    _begin(older, actor=actor, seen=seen)
    take_turn()  # nobody lengthens the chain while it is looked at
    _replace(older, newer, actor=actor, now=now)


def _replace(older: Statement, newer: Statement, *, actor: Person | None, now: datetime) -> None:
    require_may_supersede(newer.link_in_chain, older.link_in_chain, chain_above(newer))
    older.superseded_by, older.superseded_at = newer, now
    older.version += 1
    record(StatementEvent.SUPERSEDE, older, actor=actor, now=now, code=older.code, by=newer.code)
    if actor is None or actor.agency_id != older.agency_id:
        _tell_of_replacement(older, newer, actor=actor, now=now)


def _tell_of_replacement(older: Statement, newer: Statement, *, actor: Person | None, now: datetime) -> None:
    """The agency that spoke hears that somebody else's statement took the place of its own."""
    desk = desks().of(older.agency_id)
    name = actor.full_name if actor else ""
    facts = {"code": older.code, "subject": older.topic, "newer": newer.code, "actor": name}
    key, path = f"statement:{older.id}:replaced", f"/statements/{older.id}"
    told: dict[str, Any] = {"key": key, "about": older, "data": facts, "now": now, "path": path}
    notices.tell(desk.workers | desk.chiefs, NoticeKind.STATEMENT_REPLACED, **told)


def withdraw(statement: Statement, reason: str, *, actor: Person, now: datetime, seen: int | None = None) -> None:
    """The province no longer stands by it. Raises BadInput without a reason, NotAllowed, ChangedMeanwhile."""
    _begin(statement, actor=actor, seen=seen)
    if statement.withdrawn_at is not None:
        raise BadInput(N_("It is withdrawn already."))
    statement.withdrawn_reason = require_words(reason, "reason")
    statement.withdrawn_at, statement.withdrawn_by_id = now, actor.id
    statement.version += 1
    record(StatementEvent.WITHDRAW, statement, actor=actor, now=now, code=statement.code, reason=reason.strip())


def note_use(
    statement: Statement, *, inquiry_id: int, draft_id: int, actor: Person, now: datetime, **about: Any
) -> None:
    """It was put into a version of an answer; `about` says in words which."""
    use = {"inquiry_id": inquiry_id, "draft_id": draft_id, "used_at": now, "used_by_id": actor.id}
    db.session.add(StatementUse(statement_id=statement.id, **use))
    record(StatementEvent.REUSE, statement, actor=actor, now=now, code=statement.code, **about)


def _begin(statement: Statement, *, actor: Person, seen: int | None) -> None:
    if seen is not None and seen != statement.version:
        raise ChangedMeanwhile(N_("Somebody else changed this statement while you had it open."))
    _require_keeper(actor, statement.agency_id)


def _require_keeper(actor: Person, agency_id: int) -> None:
    if not may_keep(actor, agency_id):
        raise NotAllowed(N_("Only people of the agency that spoke, or of the province's office, may do this."))


def _require_standing(statement: Statement) -> None:
    if statement.withdrawn_at is not None or statement.superseded_at is not None:
        raise BadInput(N_("This statement no longer counts; nothing about it can be changed."))

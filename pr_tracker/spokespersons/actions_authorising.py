"""Authorise somebody to speak, take it back, let it end: in writing, by the head alone, in one matter, for a term.

The caller has locked the matter's row and says whether it is open; here the authorisation's row follows, then the
audit log. History of the matter is the caller's to write.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.audit.actions import record
from pr_tracker.db import db
from pr_tracker.deadlines.queries import working_calendar
from pr_tracker.deadlines.queries_plan import office_hours
from pr_tracker.errors import N_, BadInput, NotAllowed, StepNotAllowed
from pr_tracker.files import KeptFile
from pr_tracker.notices import actions as notices
from pr_tracker.notices.rules import NoticeKind
from pr_tracker.spokespersons import queries_rights as rights
from pr_tracker.spokespersons.models import Authorisation
from pr_tracker.spokespersons.rules_authority import (
    HEAD_NEEDS_NONE,
    IN_FORCE_ALREADY,
    NOT_ELIGIBLE,
    NOT_THE_HEAD,
    AuthorityEvent,
    AuthorityState,
    Matter,
    Term,
    reminder_at,
    require_no_overlap,
    require_paper,
    require_revocable,
    require_term,
    state_of,
)

LEFT = N_("The authorised person no longer works at the agency.")


@dataclass(frozen=True)
class Subject:
    """What an authorisation is about: the matter, how it is called, which agency leads it."""

    matter: Matter
    code: str
    title: str
    lead_agency_id: int | None


@dataclass(frozen=True)
class Grant:
    """What the paper says; without number and date it is only prepared."""

    person_id: int
    words: str
    from_at: datetime
    until_at: datetime
    number: str = ""
    signed_on: date | None = None
    shown_publicly: bool = False


def authorise(
    about: Subject, grant: Grant, *, agency: Agency, actor: Person, now: datetime, scan: KeptFile | None = None
) -> Authorisation:
    """Prepare an authorisation, or give it when the paper has its number and date.

    Raises NotAllowed (only the head), BadInput (term, overlap, person, paper).
    """
    made = Authorisation(
        agency=agency,
        giver=actor,
        **vars(about.matter),
        matter_code=about.code,
        matter_title=about.title,
        prepared_at=now,
        prepared_by_id=actor.id,
    )
    with db.session.no_autoflush:
        _fill(made, about, grant, actor=actor, now=now, scan=scan)
        db.session.add(made)
    db.session.flush()
    _record(AuthorityEvent.GRANT if made.granted_at else AuthorityEvent.PREPARE, made, actor=actor, now=now)
    return made


def complete(
    made: Authorisation, about: Subject, grant: Grant, *, actor: Person, now: datetime, scan: KeptFile | None = None
) -> None:
    """Change what is prepared; with the number and date of the paper it is given. Raises as authorise()."""
    if made.granted_at is not None or made.revoked_at is not None:
        raise StepNotAllowed(IN_FORCE_ALREADY)
    with db.session.no_autoflush:
        made.giver = actor  # whoever heads the agency now signs
        _fill(made, about, grant, actor=actor, now=now, scan=scan)
    made.version += 1
    _record(AuthorityEvent.GRANT if made.granted_at else AuthorityEvent.CHANGE, made, actor=actor, now=now)


def _fill(
    made: Authorisation, about: Subject, grant: Grant, *, actor: Person, now: datetime, scan: KeptFile | None
) -> None:
    require_head(made, actor)
    person, term = _person(made.agency, grant.person_id, about), Term(grant.from_at, grant.until_at)
    paper = require_paper(grant.number.strip(), grant.signed_on, now=now)
    require_term(term, now=now, signed_on=grant.signed_on)
    others = rights.terms_of(person.id, about.matter, made.agency.id, but=made.id)
    require_no_overlap(person.full_name, term, others)
    if not grant.words.strip():
        raise BadInput(N_("Please fill this in."), field="words")
    made.person_id, made.person_agency_id = person.id, person.agency_id
    made.matter_words, made.shown_publicly = grant.words.strip(), grant.shown_publicly
    made.from_at, made.until_at = grant.from_at, grant.until_at
    made.number, made.signed_on = grant.number.strip(), grant.signed_on
    made.scan = scan or made.scan
    if paper is None:
        return
    made.granted_at, made.granted_by_id = now, actor.id
    made.remind_at = reminder_at(term, calendar=working_calendar(), morning=office_hours().morning_from, now=now)


def _person(agency: Agency, person_id: int, about: Subject) -> Person:
    if person_id == agency.head_id:
        raise BadInput(HEAD_NEEDS_NONE, field="person_id")
    if person_id not in {row.id for row in rights.may_be_authorised(agency, about.lead_agency_id)}:
        raise BadInput(NOT_ELIGIBLE, field="person_id")
    return db.session.get_one(Person, person_id)


def tell_given(made: Authorisation, *, now: datetime) -> None:
    """Whoever may speak from now on is told."""
    _tell(made, NoticeKind.AUTHORITY_GIVEN, {made.person_id}, now=now)


def revoke(made: Authorisation, reason: str, *, actor: Person, now: datetime) -> bool:
    """Take an authorisation back, with the reason; a prepared one is thrown away. Returns whether it had been given.

    Raises NotAllowed (only the agency's head), StepNotAllowed (it is over), BadInput (no reason).
    """
    require_head(made, actor)
    require_revocable(state_of(made.term, made.granted_at, now))
    if not reason.strip():
        raise BadInput(N_("Please fill this in."), field="reason")
    _close(made, now, by=actor.id, reason=reason.strip())
    _record(AuthorityEvent.REVOKE, made, actor=actor, now=now, reason=made.revoke_reason)
    if made.granted_at is not None:
        _tell(made, NoticeKind.AUTHORITY_REVOKED, _both(made) - {actor.id}, now=now, reason=made.revoke_reason)
    return made.granted_at is not None


def end(made: Authorisation, *, now: datetime) -> None:
    """The term is over, or the person has left the agency: both are told, once."""
    if state_of(made.term, made.granted_at, now) is not AuthorityState.ENDED:
        _close(made, now, by=None, reason=LEFT)
    made.told_at, made.remind_at = now, None
    made.version += 1
    _record(AuthorityEvent.END, made, actor=None, now=now)
    _tell(made, NoticeKind.AUTHORITY_ENDED, _both(made), now=now)


def remind(made: Authorisation, *, now: datetime) -> None:
    """Both are told a working day before the end, once."""
    made.remind_at = None
    _tell(made, NoticeKind.AUTHORITY_ENDING, _both(made), now=now)


def add_scan(made: Authorisation, scan: KeptFile, *, actor: Person, now: datetime) -> None:
    """The scan of the signed paper; a former one stays in the store. Raises NotAllowed."""
    require_head(made, actor)
    made.scan = scan
    made.version += 1
    _record(AuthorityEvent.ADD_SCAN, made, actor=actor, now=now, file=scan.file_name, digest=scan.digest)


def require_head(made: Authorisation, actor: Person) -> None:
    """Raises NotAllowed unless this is the head of the agency, in person."""
    if made.agency.head_id != actor.id:
        raise NotAllowed(NOT_THE_HEAD)


def note_reading(made: Authorisation, event: AuthorityEvent, *, actor: Person, now: datetime) -> None:
    """Who printed the paper or read the scan is in the audit log."""
    record(event, made, actor=actor, now=now)


def _close(made: Authorisation, now: datetime, *, by: int | None, reason: str) -> None:
    made.revoked_at, made.revoked_by_id, made.revoke_reason = now, by, reason
    made.told_at, made.remind_at = now, None
    made.version += 1


def _both(made: Authorisation) -> set[int]:
    """Whoever may no longer speak, and the head, to whom the matter goes back."""
    return {made.person_id, made.agency.head_id or made.giver_id}


def facts_of(made: Authorisation) -> dict[str, Any]:
    """An authorisation as history and audit log keep it."""
    facts = {"id": made.id, "name": made.person.full_name, "giver": made.giver.full_name, "number": made.number}
    return facts | {"signed_on": made.signed_on.isoformat() if made.signed_on else None}


def _record(event: AuthorityEvent, made: Authorisation, *, actor: Person | None, now: datetime, **more: Any) -> None:
    db.session.flush()
    term = {"from": made.from_at.isoformat(), "until": made.until_at.isoformat()}
    record(event, made, actor=actor, now=now, **facts_of(made), **term, matter=made.matter_code, **more)


def _tell(made: Authorisation, kind: NoticeKind, people: set[int], *, now: datetime, **more: Any) -> None:
    notices.tell(
        people,
        kind,
        key=f"authorisation:{made.id}:{kind}",
        about=made,
        data={
            "code": made.matter_code,
            "subject": made.matter_title,
            "name": made.person.full_name,
            "giver": made.giver.full_name,
            "number": made.number,
            "since_at": made.from_at.isoformat(),
            "until_at": made.term.ends_at.isoformat(),
            **more,
        },
        now=now,
        path=made.matter_path,
        urgent=True,
    )

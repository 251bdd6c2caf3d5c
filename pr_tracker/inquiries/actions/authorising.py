"""Authorise somebody to speak in one inquiry, revoke it, note its end: the history of the inquiry says who and why."""

from datetime import datetime
from typing import Any

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.audit.actions import record
from pr_tracker.db import db
from pr_tracker.files import KeptFile
from pr_tracker.inquiries.actions.beats import begin, note
from pr_tracker.inquiries.models import HistoryEntry, Inquiry
from pr_tracker.inquiries.queries.speaking import matter_of
from pr_tracker.inquiries.rules import Step
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.spokespersons import actions_authorising as spokespersons
from pr_tracker.spokespersons.actions_authorising import Grant, Subject
from pr_tracker.spokespersons.models import Authorisation


def authorise(
    inquiry: Inquiry,
    grant: Grant,
    *,
    actor: Person,
    now: datetime,
    scan: KeptFile | None = None,
    made: Authorisation | None = None,
) -> Authorisation:
    """Prepare or give an authority to speak in this inquiry; `made` is a prepared one that is gone on with.

    The version of the inquiry stays: nobody's work is disturbed. Raises NotAllowed, StepNotAllowed, BadInput, each
    with its article.
    """
    begin(inquiry, Step.AUTHORISE, actor=actor, seen=None, now=now)
    subject = subject_of(inquiry)
    if made is None:
        agency = agency_for(inquiry, actor)
        made = spokespersons.authorise(subject, grant, agency=agency, actor=actor, now=now, scan=scan)
    else:
        spokespersons.complete(made, subject, grant, actor=actor, now=now, scan=scan)
    if made.granted_at is not None:
        note(inquiry, InquiryEvent.AUTHORISE, actor=actor, now=now, **_facts(made))
        spokespersons.tell_given(made, now=now)
    return made


def revoke(inquiry: Inquiry, made: Authorisation, reason: str, *, actor: Person, now: datetime) -> None:
    """Take the authority back, whatever became of the inquiry. Raises NotAllowed, StepNotAllowed, BadInput."""
    if spokespersons.revoke(made, reason, actor=actor, now=now):
        note(inquiry, InquiryEvent.REVOKE_AUTHORITY, actor=actor, now=now, reason=made.revoke_reason, **_facts(made))


def note_end(made: Authorisation, now: datetime) -> None:
    """The inquiry's history says that an authority has ended by itself."""
    if made.inquiry_id is None:
        return
    inquiry, data = db.session.get_one(Inquiry, made.inquiry_id), _facts(made)
    event = InquiryEvent.END_AUTHORITY
    db.session.add(
        HistoryEntry(inquiry_id=inquiry.id, version=inquiry.version, at=now, actor_id=None, event=event, data=data)
    )
    record(event, inquiry, actor=None, now=now, **data)


def subject_of(inquiry: Inquiry) -> Subject:
    """What an authorisation in this inquiry is about."""
    return Subject(matter_of(inquiry), inquiry.code, inquiry.subject, inquiry.lead_agency_id)


def agency_for(inquiry: Inquiry, actor: Person) -> Agency:
    """For which agency a head authorises: the lead agency, else their own, which is UBND tỉnh."""
    lead = inquiry.lead_agency
    return lead if lead is not None and lead.head_id == actor.id else actor.agency


def _facts(made: Authorisation) -> dict[str, Any]:
    term = {"since": made.from_at.isoformat(), "until": made.term.ends_at.isoformat()}
    return {**spokespersons.facts_of(made), **term}

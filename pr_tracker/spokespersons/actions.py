"""Keep the register: record a decision, end it, correct what is published, link a person, add the scan.

Every act takes the audit log's turn before it looks anything up, so that two at once come one after the other.
"""

from datetime import datetime
from pathlib import Path
from typing import Any

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.audit.actions import record, take_turn
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput, ChangedMeanwhile, NotAllowed, StepNotAllowed
from pr_tracker.files import PAPERS, keep_file
from pr_tracker.spokespersons import queries
from pr_tracker.spokespersons.models import SpokespersonDecision
from pr_tracker.spokespersons.rules import (
    PUBLISHED,
    SpokespersonEvent,
    SpokespersonFacts,
    changed,
    require_end,
    require_words,
)

CHANGED = N_("Somebody else changed this while you had it open.")


def require_keeper(agency: Agency, actor: Person) -> None:
    """Raises NotAllowed unless the person keeps the register of this agency."""
    if not queries.may_keep(actor, agency):
        raise NotAllowed(N_("The agency keeps its own part of the register, the provincial office everybody's."))


def record_decision(
    agency: Agency,
    facts: SpokespersonFacts,
    *,
    person_id: int,
    replaces_id: int | None = None,
    actor: Person,
    now: datetime,
) -> SpokespersonDecision:
    """A decision that assigns a permanent spokesperson (Decree 244/2026/NĐ-CP Art 3(3)), in force from its moment on.

    With `replaces_id` a former decision of the agency ends at the same moment. Raises NotAllowed, or BadInput naming
    the field: a moment to come, a decision on record already, a person of another agency or with a standing decision.
    """
    former = queries.get_decision(replaces_id, to_change=True) if replaces_id else None  # the row before the log's turn
    take_turn()
    require_keeper(agency, actor)
    if facts.decided_at > now:
        raise BadInput(N_("This moment is still to come."), field="decided_at")
    if queries.has_decision(agency.id, facts.decision_number, facts.full_name):
        raise BadInput(N_("This decision is on record already."), field="decision_number")
    if person_id not in {row.id for row in queries.people_to_name(agency)}:
        raise BadInput(N_("Choose an officer or a leader of this agency."), field="person_id")
    standing = {row.id: row for row in queries.standing_decisions(agency.id)}
    _require_place(standing, person_id, replaces_id)
    if former is not None:
        require_end(facts.decided_at, decided_at=former.decided_at, now=now, field="decided_at")
    made = SpokespersonDecision(agency=agency, person_id=person_id, **vars(facts), version=1)
    made.recorded_at = made.changed_at = now
    made.recorded_by_id = actor.id
    db.session.add(made)
    db.session.flush()
    record(SpokespersonEvent.RECORD, made, actor=actor, now=now, **_named(made), person_id=person_id)
    if former is not None:
        former.replaced_by_id = made.id
        _end(former, facts.decided_at, facts.decision_number, "", actor=actor, now=now, by=made.full_name)
    return made


def _require_place(standing: dict[int, Any], person_id: int, replaces_id: int | None) -> None:
    if replaces_id is not None and replaces_id not in standing:
        raise BadInput(N_("This decision has been ended already."), field="replaces_id")
    for row in standing.values():
        if row.person_id == person_id and row.id != replaces_id:
            message = N_("%(name)s is spokesperson by decision %(number)s already: say that this one takes its place.")
            raise BadInput(message, field="replaces_id", name=row.full_name, number=row.decision_number)


def _named(decision: SpokespersonDecision) -> dict[str, str]:
    return {"name": decision.full_name, "number": decision.decision_number, "agency": decision.agency.name}


def _begin(decision: SpokespersonDecision, *, actor: Person, seen: int | None) -> None:
    require_keeper(decision.agency, actor)
    if seen is not None and seen != decision.version:
        raise ChangedMeanwhile(CHANGED)


def end_decision(
    decision: SpokespersonDecision,
    ended_at: datetime,
    number: str,
    reason: str,
    *,
    actor: Person,
    now: datetime,
    seen: int | None = None,
) -> None:
    """The spokesperson is one no longer, by a paper with this number and for this reason. Raises BadInput."""
    _begin(decision, actor=actor, seen=seen)
    take_turn()
    if decision.ended_at is not None:
        raise StepNotAllowed(N_("This decision has been ended already."))
    require_end(ended_at, decided_at=decision.decided_at, now=now)
    number, reason = require_words(number, "end_number"), require_words(reason, "end_reason")
    _end(decision, ended_at, number, reason, actor=actor, now=now)


def _end(
    decision: SpokespersonDecision,
    ended_at: datetime,
    number: str,
    reason: str,
    *,
    actor: Person,
    now: datetime,
    by: str = "",
) -> None:
    decision.ended_at, decision.ended_by_id = ended_at, actor.id
    decision.end_number, decision.end_reason = number, reason
    decision.version += 1
    decision.changed_at = now
    ending = {"at": ended_at.isoformat(), "end_number": number, "reason": reason, "replaced_by": by}
    record(SpokespersonEvent.END, decision, actor=actor, now=now, **_named(decision), **ending)


def correct(
    decision: SpokespersonDecision,
    facts: dict[str, str],
    reason: str,
    *,
    actor: Person,
    now: datetime,
    seen: int | None = None,
) -> None:
    """What the portal shows was mistyped or is no longer so; the former words and the reason stay on record.

    `facts` has the names of rules.PUBLISHED. Raises BadInput when nothing changes or a reason is missing.
    """
    _begin(decision, actor=actor, seen=seen)
    take_turn()
    reason = require_words(reason, "reason")
    after = {name: require_words(facts[name], name) for name in PUBLISHED}
    differing = changed({name: getattr(decision, name) for name in PUBLISHED}, after)
    if not differing:
        raise BadInput(N_("Nothing differs from what is on record."))
    for name, value in after.items():
        setattr(decision, name, value)
    decision.version += 1
    decision.changed_at = now
    about = {**_named(decision), "changed": differing, "reason": reason}
    record(SpokespersonEvent.CORRECT, decision, actor=actor, now=now, **about)


def link_person(
    decision: SpokespersonDecision, person_id: int, *, actor: Person, now: datetime, seen: int | None = None
) -> None:
    """Say whose decision an old typed one is: from then on that person may speak. Raises BadInput, StepNotAllowed."""
    _begin(decision, actor=actor, seen=seen)
    take_turn()
    if decision.person_id is not None:
        raise StepNotAllowed(N_("This decision names its person already."))
    named = {row.id: row for row in queries.people_to_name(decision.agency)}
    if person_id not in named:
        raise BadInput(N_("Choose an officer or a leader of this agency."), field="person_id")
    decision.person_id = person_id
    decision.version += 1
    person = {"person_id": person_id, "person": named[person_id].full_name}
    record(SpokespersonEvent.LINK, decision, actor=actor, now=now, **_named(decision), **person)


def add_scan(
    decision: SpokespersonDecision,
    file_name: str,
    content: bytes,
    *,
    folder: Path,
    largest: int,
    actor: Person,
    now: datetime,
    seen: int | None = None,
) -> None:
    """Keep the scan of the paper, a PDF or picture; a former one stays in the store. Raises BadInput beside "scan"."""
    _begin(decision, actor=actor, seen=seen)
    where: dict[str, Any] = {"folder": folder, "largest": largest, "types": PAPERS, "field": "scan"}
    kept = keep_file(file_name, content, by=actor.id, now=now, **where)
    decision.scan_id = kept.id
    decision.version += 1
    about = {**_named(decision), "file": file_name, "digest": kept.digest}
    record(SpokespersonEvent.SCAN, decision, actor=actor, now=now, **about)


def note_reading(decision: SpokespersonDecision, *, actor: Person, now: datetime) -> None:
    """Somebody took the scan."""
    record(SpokespersonEvent.SCAN_READ, decision, actor=actor, now=now, **_named(decision))

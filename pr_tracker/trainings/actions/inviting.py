"""Send the invitations: to each person with an account or an address, and to their agencies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pr_tracker.audit.actions import Actor, record, take_turn
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput, ChangedMeanwhile, StepNotAllowed
from pr_tracker.notices.rules import NoticeKind
from pr_tracker.trainings.actions.telling import class_facts, tell_agencies, tell_participants
from pr_tracker.trainings.models import TrainingClass
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.queries.invitations import agency_names, invitation_of, invited_of, is_over
from pr_tracker.trainings.rules_invitations import InvitationEvent, LetterFacts
from pr_tracker.trainings.rules_roll import row_code

Event = InvitationEvent


@dataclass(frozen=True)
class Sent:
    """What came of it: how many people are told by us, and how many have neither account nor address."""

    told: int
    by_hand: int


def write_letter(one: TrainingClass, facts: LetterFacts, *, version: int, actor: Actor | None, now: datetime) -> None:
    """What the letters say; with a number and its day they are no drafts any more.

    Raises ChangedMeanwhile, or BadInput for a number without its day.
    """
    take_turn()
    row = invitation_of(one.id)
    if row.version != version:
        raise ChangedMeanwhile(N_("Somebody else changed this while it was being edited."))
    if facts.number and facts.signed_on is None:
        raise BadInput(N_("A numbered letter has the day on which it was signed."), field="signed_on")
    for name, value in vars(facts).items():
        setattr(row, name, value)
    row.version = version + 1
    db.session.add(row)
    record(Event.LETTER, one, actor=actor, now=now, number=facts.number)


def invite(one: TrainingClass, people: Sequence[Participant], *, actor: Actor | None, now: datetime) -> Sent:
    """Send these people, all of the class, their invitations, and tell their agencies.

    Raises StepNotAllowed when there is nobody to invite, or the class is over or cancelled.
    """
    take_turn()
    if is_over(one, now):
        raise StepNotAllowed(N_("This class is over or was cancelled; nobody is invited any more."))
    if not people:
        raise StepNotAllowed(N_("Everybody with a place is invited already."))
    facts = class_facts(one)
    for row in people:
        row.invited_at = now
    told = tell_participants(people, NoticeKind.CLASS_INVITED, facts, now=now)
    names: dict[int, list[str]] = {}
    for row in people:
        if row.agency_id is not None:
            names.setdefault(row.agency_id, []).append(row.full_name)
    known = agency_names(names)
    agencies = {agency: facts | {"agency": known[agency], "name": ", ".join(who)} for agency, who in names.items()}
    tell_agencies(one, NoticeKind.CLASS_AGENCY_INVITED, agencies, now=now)
    record(Event.INVITE, one, actor=actor, now=now, codes=[row_code(row.number) for row in people])
    return Sent(told, len(people) - told)


def invite_new(one: TrainingClass, *, actor: Actor | None, now: datetime) -> Sent:
    """Invite everybody who has a place and was not invited yet."""
    take_turn()
    return invite(one, invited_of(one.id, new=True), actor=actor, now=now)


def invite_again(participant: Participant, *, actor: Actor | None, now: datetime) -> Sent:
    """Send one person the invitation once more. Raises StepNotAllowed without a place."""
    take_turn()
    db.session.refresh(participant)
    if not participant.active or participant.waiting_at is not None:
        raise StepNotAllowed(N_("Only who has a place is invited."))
    return invite(participant.training_class, [participant], actor=actor, now=now)

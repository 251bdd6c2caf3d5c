"""Answers to an invitation, by the person, the agency or a trainer: confirm, apologise, send somebody else."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from pr_tracker.audit.actions import Actor, record, take_turn
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput, StepNotAllowed
from pr_tracker.notices.actions import redirect_mails
from pr_tracker.notices.rules import NoticeKind
from pr_tracker.trainings.actions.roster import enrol
from pr_tracker.trainings.actions.telling import class_facts, tell_agencies, tell_participants
from pr_tracker.trainings.actions.waiting import has_place_for, move_up
from pr_tracker.trainings.models_roster import Participant, SessionApology
from pr_tracker.trainings.queries.invitations import is_over, sessions_ahead
from pr_tracker.trainings.rules_invitations import InvitationEvent, Reply, Seating
from pr_tracker.trainings.rules_roll import row_code
from pr_tracker.trainings.rules_roster import Entry

Event = InvitationEvent


def confirm(one: Participant, *, actor: Actor | None, now: datetime) -> None:
    """The person comes. Who had apologised gets a place again where one is free, else waits for one."""
    _begin(one, now)
    if one.reply is Reply.CONFIRMED and not _apologies(one):
        return
    if one.reply is Reply.APOLOGISED and one.waiting_at is None and not has_place_for(one):
        one.waiting_at = now
    for apology in _apologies(one):
        apology.active = False
    _reply(one, Reply.CONFIRMED, "", actor=actor, now=now)
    move_up(one.training_class, now=now)


def apologise(
    one: Participant, reason: str, session_ids: Collection[int] = (), *, actor: Actor | None, now: datetime
) -> None:
    """The person cannot come, to some of the sessions ahead or, when these are all or none is named, to the class.

    From the whole class the place frees and the waiting list moves up. Raises BadInput without a reason.
    """
    if not reason:
        raise BadInput(N_("Say why: the reason stays on record."), field="reason")
    _begin(one, now)
    ahead = {row.id for row in sessions_ahead(one.class_id, now)}
    chosen = ahead & set(session_ids)
    if session_ids and not chosen:
        raise BadInput(N_("Choose a session that is still to come."), field="sessions")
    if chosen and chosen != ahead:
        _apologise_from(one, reason, chosen, actor=actor, now=now)
        return
    had_place = one.waiting_at is None
    _reply(one, Reply.APOLOGISED, reason, actor=actor, now=now)
    if one.agency_id is not None and had_place:
        facts = class_facts(one.training_class) | {"name": one.full_name, "reason": reason}
        kind = NoticeKind.CLASS_APOLOGISED
        tell_agencies(one.training_class, kind, {one.agency_id: facts}, about=one, now=now)
    move_up(one.training_class, now=now)


def send_substitute(one: Participant, entry: Entry, *, actor: Actor | None, now: datetime) -> Participant:
    """Somebody else of the same agency comes instead and takes over the place, or the turn on the waiting list.

    The former row stays and says so. Who had apologised has given the place away: the substitute is seated by quota.
    """
    _begin(one, now)
    same = replace(entry, agency_id=one.agency_id, agency_name=one.agency_name)
    gave_up = one.reply is Reply.APOLOGISED
    waiting_at, venue_id = one.waiting_at, one.venue_id
    _reply(one, Reply.SUBSTITUTED, "", actor=actor, now=now, told=False)
    seating = Seating.BY_QUOTA if gave_up else Seating.ALWAYS
    (made,) = enrol(one.training_class, [same], actor=actor, now=now, seating=seating)
    made.substitute_of_id, made.venue_id, made.named_by_id = one.id, venue_id, one.named_by_id
    if not gave_up:
        made.waiting_at = waiting_at
    codes = {"code": row_code(one.number), "name": one.full_name, "instead": made.full_name}
    record(Event.SUBSTITUTE, one, actor=actor, now=now, **codes)
    redirect_mails(one, "")
    if one.invited_at is not None and made.waiting_at is None:
        made.invited_at = now
        tell_participants([made], NoticeKind.CLASS_INVITED, class_facts(one.training_class), now=now)
    return made


def _begin(one: Participant, now: datetime) -> None:
    """Nobody else writes from here on. Raises StepNotAllowed when there is nothing to answer any more."""
    take_turn()
    db.session.refresh(one)
    if is_over(one.training_class, now):
        raise StepNotAllowed(N_("This class is over or was cancelled; there is nothing to answer any more."))
    if not one.active:
        raise StepNotAllowed(N_("This name is no longer on the list of the class."))
    if one.reply is Reply.SUBSTITUTED:
        raise StepNotAllowed(N_("Somebody else was sent instead already."))


def _reply(
    one: Participant, reply: Reply, reason: str, *, actor: Actor | None, now: datetime, told: bool = True
) -> None:
    one.reply, one.replied_at, one.reply_reason = reply, now, reason
    one.version += 1
    if told:
        words = {"reply": reply.value, "code": row_code(one.number)} | ({"reason": reason} if reason else {})
        record(Event.REPLY, one, actor=actor, now=now, **words)


def _apologies(one: Participant) -> list[SessionApology]:
    query = sa.select(SessionApology).where(SessionApology.participant_id == one.id, SessionApology.active)
    return list(db.session.scalars(query))


def _apologise_from(
    one: Participant, reason: str, session_ids: Collection[int], *, actor: Actor | None, now: datetime
) -> None:
    query = sa.select(SessionApology).where(
        SessionApology.participant_id == one.id, SessionApology.session_id.in_(session_ids)
    )
    known = {row.session_id: row for row in db.session.scalars(query)}
    for session_id in sorted(session_ids):
        row = known.get(session_id) or SessionApology(session_id=session_id, participant_id=one.id)
        row.reason, row.active, row.apologised_at = reason, True, now
        db.session.add(row)
    if one.reply is Reply.OPEN:
        one.reply, one.replied_at = Reply.CONFIRMED, now  # comes to the others
    one.version += 1
    facts = {"sessions": sorted(session_ids), "code": row_code(one.number), "reason": reason}
    record(Event.SESSION_APOLOGY, one, actor=actor, now=now, **facts)

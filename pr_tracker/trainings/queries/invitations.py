"""Find quotas and places, who waits, what agencies may name people for, who answered what."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.db import db
from pr_tracker.errors import N_, NotFound
from pr_tracker.notices.models import Notice
from pr_tracker.notices.rules import NoticeKind
from pr_tracker.trainings.models import ClassSession, ClassVenue, Course, TrainingClass
from pr_tracker.trainings.models_roster import ClassInvitation, ClassQuota, Participant, SessionApology
from pr_tracker.trainings.queries.plan import got
from pr_tracker.trainings.rules_invitations import Naming, Places, Reply, Waiting

CLASSES_LISTED = 50


def places_of(one: TrainingClass) -> Places:
    """The places of a class as they stand on record: its capacity, quotas, and who takes a place."""
    who = Participant
    capacity = db.session.scalar(sa.select(TrainingClass.capacity).where(TrainingClass.id == one.id))
    query = sa.select(who.agency_id, sa.func.count()).where(who.class_id == one.id, who.takes_seat())
    taken_by: dict[int | None, int] = {row[0]: row[1] for row in db.session.execute(query.group_by(who.agency_id))}
    return Places(capacity, quotas_of(one.id), sum(taken_by.values()), taken_by)


def quotas_of(class_id: int) -> dict[int, int]:
    """How many people each agency may name for a class, by agency."""
    query = sa.select(ClassQuota.agency_id, ClassQuota.seats).where(ClassQuota.class_id == class_id)
    return {row.agency_id: row.seats for row in db.session.execute(query)}


def waiting_of(class_id: int) -> list[Waiting]:
    """The waiting list of a class, who is longest on it first."""
    who = Participant
    query = sa.select(who.id, who.agency_id).where(who.class_id == class_id, who.active, who.waiting_at.is_not(None))
    query = query.where(who.reply.in_((Reply.OPEN, Reply.CONFIRMED))).order_by(who.waiting_at, who.id)
    return [Waiting(row.id, row.agency_id) for row in db.session.execute(query)]


def quotas_to_fill(class_id: int) -> Sequence[sa.Row]:
    """The quotas of a class that are open: (quota, name of the agency), in alphabetical order."""
    query = sa.select(ClassQuota, Agency.name)
    query = query.join(Agency, Agency.id == ClassQuota.agency_id)
    query = query.where(ClassQuota.class_id == class_id, ClassQuota.seats > 0).order_by(Agency.sort_key)
    return db.session.execute(query).all()


def invitation_of(class_id: int) -> ClassInvitation:
    """What the letters of a class say besides its plan; nothing, and not on record, where nobody wrote it."""
    found = db.session.get(ClassInvitation, class_id)
    return found or ClassInvitation(class_id=class_id, number="", signed_on=None, note="", contact="", version=0)


def invited_of(class_id: int, agency_id: int | None = None, *, new: bool = False) -> Sequence[Participant]:
    """Who of a class, or of an agency in it, is to be invited, those who wait last; `new`: who has a place and was not.

    Whoever apologised or sent somebody else is not among them.
    """
    who = Participant
    query = sa.select(who).where(who.class_id == class_id, who.active)
    query = query.where(who.reply.not_in((Reply.SUBSTITUTED, Reply.APOLOGISED)))
    if agency_id is not None:
        query = query.where(who.agency_id == agency_id)
    if new:
        query = query.where(who.waiting_at.is_(None), who.invited_at.is_(None))
    return db.session.scalars(query.order_by(who.waiting_at.is_not(None), who.sort_key, who.id)).all()


def venue_names(class_id: int) -> dict[int | None, str]:
    """The remote venues of a class with their places, by id."""
    query = sa.select(ClassVenue.id, ClassVenue.name, ClassVenue.place).where(ClassVenue.class_id == class_id)
    return {row.id: ", ".join(part for part in (row.name, row.place) if part) for row in db.session.execute(query)}


def agency_names(agency_ids: Iterable[int]) -> dict[int, str]:
    """The names of agencies, by id."""
    query = sa.select(Agency.id, Agency.name).where(Agency.id.in_(list(agency_ids)))
    return {row.id: row.name for row in db.session.execute(query)}


def mails_of(class_id: int) -> dict[int, sa.Row]:
    """By participant: the mail of the last invitation (mail_state, mail_error, mail_sent_at)."""
    own = sa.select(Participant.id).where(Participant.class_id == class_id)
    kinds = (NoticeKind.CLASS_INVITED, NoticeKind.CLASS_MOVED_UP)
    query = sa.select(Notice.about_id, Notice.mail_state, Notice.mail_error, Notice.mail_sent_at)
    about = sa.and_(Notice.about_kind == Participant.__tablename__, Notice.about_id.in_(own))
    query = query.where(about, Notice.kind.in_(kinds))
    return {row.about_id: row for row in db.session.execute(query.order_by(Notice.id))}


def agencies_with_quotas(class_id: int) -> Sequence[sa.Row]:
    """Every active agency, and every other with people or a quota: name, kind, seats, and how its people stand."""
    who, quota = Participant, ClassQuota
    counts = {
        "seated": who.takes_seat(),
        "waiting": sa.and_(who.active, who.waiting_at.is_not(None)),
        "confirmed": sa.and_(who.takes_seat(), who.reply == Reply.CONFIRMED),
        "apologised": sa.and_(who.active, who.reply == Reply.APOLOGISED),
        "people": who.active,
        "invited": sa.and_(who.takes_seat(), who.invited_at.is_not(None)),
    }
    columns = [sa.func.count(sa.case((condition, 1))).label(name) for name, condition in counts.items()]
    query = (
        sa.select(Agency.id, Agency.name, Agency.kind, Agency.active, quota.seats, quota.asked_at, *columns)
        .outerjoin(quota, sa.and_(quota.agency_id == Agency.id, quota.class_id == class_id))
        .outerjoin(who, sa.and_(who.agency_id == Agency.id, who.class_id == class_id))
        .group_by(Agency.id, quota.seats, quota.asked_at)
        .having(sa.or_(Agency.active, quota.seats.is_not(None), sa.func.count(who.id) > 0))
        .order_by(Agency.sort_key, Agency.id)
    )
    return db.session.execute(query).all()


def first_session_of(class_id: int) -> sa.Row | None:
    """(starts_at, place) of the first session that is held."""
    one = ClassSession
    query = sa.select(one.starts_at, one.place).where(one.class_id == class_id, one.counts())
    return db.session.execute(query.order_by(one.starts_at, one.id).limit(1)).first()


def sessions_ahead(class_id: int, now: datetime) -> Sequence[sa.Row]:
    """(id, starts_at, ends_at, topic) of the sessions that are held and have not begun, in order."""
    one = ClassSession
    query = sa.select(one.id, one.starts_at, one.ends_at, one.topic)
    query = query.where(one.class_id == class_id, one.counts(), one.starts_at > now)
    return db.session.execute(query.order_by(one.starts_at, one.id)).all()


_any = aliased(ClassQuota)


def is_over(one: TrainingClass, now: datetime) -> bool:
    """Whether there is nothing more to answer: the class is cancelled or its last session has ended."""
    return naming_of(one, None).is_over(now)


def naming_of(one: TrainingClass, agency_id: int | None) -> Naming:
    """Whether this agency may name people for the class."""
    return _namings(sa.select(TrainingClass.id).where(TrainingClass.id == one.id), agency_id)[one.id]


def _namings(class_ids: sa.Select[Any], agency_id: int | None) -> dict[int, Naming]:
    one, quota, session = TrainingClass, ClassQuota, ClassSession
    span = (
        sa.select(
            session.class_id, sa.func.min(session.starts_at).label("first"), sa.func.max(session.ends_at).label("last")
        )
        .where(session.counts())
        .group_by(session.class_id)
        .subquery()
    )
    any_quota = sa.exists().where(_any.class_id == one.id, _any.seats > 0)
    query = (
        sa.select(one.id, one.registration_until, one.cancelled_at, span.c.first, span.c.last, quota.seats, any_quota)
        .outerjoin(span, span.c.class_id == one.id)
        .outerjoin(quota, sa.and_(quota.class_id == one.id, quota.agency_id == agency_id))
        .where(one.id.in_(class_ids))
    )
    return {
        class_id: Naming(has_quotas, seats, until, cancelled is not None, first, last)
        for class_id, until, cancelled, first, last, seats, has_quotas in db.session.execute(query)
    }


def classes_for(agency_id: int, now: datetime) -> list[tuple[sa.Row, Naming]]:
    """Classes an agency may name people for or has people in, newest first, with the number of its people."""
    one, who, quota = TrainingClass, Participant, ClassQuota
    own = sa.and_(who.class_id == one.id, who.agency_id == agency_id, who.active)
    people = {"seated": who.takes_seat(), "waiting": who.waiting_at.is_not(None)}
    counted = [
        sa.select(sa.func.count()).where(own, condition).scalar_subquery().label(name)
        for name, condition in people.items()
    ]
    with_quota = sa.exists().where(_any.class_id == one.id, _any.seats > 0)
    query = (
        sa.select(one.id, one.name, one.place, Course.title, *counted)
        .join(one.course)
        .where(
            sa.or_(
                sa.exists().where(quota.class_id == one.id, quota.agency_id == agency_id, quota.seats > 0),
                sa.and_(~with_quota, one.registration_until >= now),
                sa.exists().where(own),
            )
        )
        .order_by(one.id.desc())
        .limit(CLASSES_LISTED)
    )
    rows = db.session.execute(query).all()
    namings = _namings(sa.select(one.id).where(one.id.in_([row.id for row in rows])), agency_id)
    return [(row, namings[row.id]) for row in rows]


def get_class_for(class_id: int, agency_id: int) -> tuple[TrainingClass, Naming]:
    """A class the agency has places or people in. Raises NotFound for every other."""
    one = db.session.get(TrainingClass, class_id)
    if one is not None:
        naming = naming_of(one, agency_id)
        own = sa.exists().where(Participant.class_id == class_id, Participant.agency_id == agency_id)
        if naming.invites or db.session.scalar(sa.select(own)):
            return one, naming
    raise NotFound(N_("There is no such class."))


def get_own_participant(participant_id: int, actor: Person, *, sees_all: bool) -> Participant:
    """A row of a roster that the actor may answer for: of the own agency, or any for trainers. Raises NotFound."""
    message = N_("There is no such person on a roster.")
    one: Participant = got(Participant, participant_id, message)
    if not sees_all and one.agency_id != actor.agency_id:
        raise NotFound(message)
    return one


_sent, _former = aliased(Participant), aliased(Participant)


def people_of_agency(class_id: int, agency_id: int | None = None) -> Sequence[sa.Row]:
    """The people of a class, or of one agency in it, by given name, with their answers and who came instead of whom."""
    one = Participant
    query = (
        sa.select(
            one.id,
            one.number,
            one.full_name,
            one.title,
            one.agency_name,
            one.agency_id,
            one.email,
            one.phone,
            one.token,
            one.active,
            one.removed_because,
            one.waiting_at,
            one.invited_at,
            one.reply,
            one.reply_reason,
            one.replied_at,
            _sent.full_name.label("instead_name"),
            _former.full_name.label("former_name"),
        )
        .outerjoin(_sent, sa.and_(_sent.substitute_of_id == one.id, _sent.active))
        .outerjoin(_former, _former.id == one.substitute_of_id)
        .where(one.class_id == class_id)
        .order_by(one.sort_key, one.id)
    )
    if agency_id is not None:
        query = query.where(one.agency_id == agency_id)
    return db.session.execute(query).all()


def apologies_of(participant_ids: Iterable[int]) -> dict[int, list[sa.Row]]:
    """By participant: the sessions apologised from one by one (session_id, starts_at, topic, reason), in order."""
    gone = SessionApology
    query = (
        sa.select(gone.participant_id, gone.session_id, gone.reason, ClassSession.starts_at, ClassSession.topic)
        .join(ClassSession, ClassSession.id == gone.session_id)
        .where(gone.participant_id.in_(list(participant_ids)), gone.active)
        .order_by(ClassSession.starts_at, ClassSession.id)
    )
    found: dict[int, list[sa.Row]] = {}
    for row in db.session.execute(query):
        found.setdefault(row.participant_id, []).append(row)
    return found


def substitute_of(one: Participant) -> str:
    """The name of whoever was sent instead of somebody, "" when nobody was."""
    query = sa.select(Participant.full_name).where(Participant.substitute_of_id == one.id).limit(1)
    return db.session.scalar(query) or ""


def apologies_for(session: ClassSession) -> dict[int, str]:
    """Who apologised from this session in advance, of it alone or of the whole class, with the reason, by row."""
    who, gone = Participant, SessionApology
    whole = sa.select(who.id, who.reply_reason).where(
        who.class_id == session.class_id, who.seated(), who.reply == Reply.APOLOGISED
    )
    alone = sa.select(gone.participant_id, gone.reason).where(gone.session_id == session.id, gone.active)
    return {row[0]: row[1] for row in db.session.execute(alone.union_all(whole))}


def staff_of(agency_id: int | None = None) -> Sequence[sa.Row]:
    """Active people, of one agency or of all: whom a typed name may mean."""
    columns = (Person.id, Person.full_name, Person.title, Person.phone, Person.email, Person.agency_id)
    query = sa.select(*columns).where(Person.active)
    return db.session.execute(query if agency_id is None else query.where(Person.agency_id == agency_id)).all()

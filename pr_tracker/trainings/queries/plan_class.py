"""Find what belongs to a class: its remote venues, its team, its materials."""

from collections.abc import Sequence

import sqlalchemy as sa

from pr_tracker.accounts.models import Agency, Person, PersonRole
from pr_tracker.db import db
from pr_tracker.errors import N_, NotFound
from pr_tracker.files import KeptFile
from pr_tracker.permissions import Role
from pr_tracker.trainings.models import ClassSession, ClassTrainer, ClassVenue, SessionMaterial, TrainingClass
from pr_tracker.trainings.models_roster import Participant


def venues_of(class_id: int) -> Sequence[sa.Row]:
    """A class's remote venues (id, name, place, people seated there), in the order in which they were added."""
    one = ClassVenue
    people = sa.select(sa.func.count(Participant.id)).where(Participant.venue_id == one.id, Participant.seated())
    query = (
        sa.select(one.id, one.name, one.place, people.scalar_subquery().label("people"))
        .where(one.class_id == class_id, one.active)
        .order_by(one.id)
    )
    return db.session.execute(query).all()


def seats_of(class_id: int) -> Sequence[sa.Row]:
    """Everybody with a place in a class (id, number, full_name, agency_name, venue_id), by agency and given name."""
    one = Participant
    query = (
        sa.select(one.id, one.number, one.full_name, one.agency_name, one.venue_id)
        .where(one.class_id == class_id, one.seated())
        .order_by(one.agency_name, one.sort_key, one.id)
    )
    return db.session.execute(query).all()


def team_of(class_id: int) -> Sequence[sa.Row]:
    """Who runs a class (id, full_name), by given name."""
    query = (
        sa.select(Person.id, Person.full_name)
        .join(ClassTrainer, ClassTrainer.person_id == Person.id)
        .where(ClassTrainer.class_id == class_id, ClassTrainer.active)
        .order_by(Person.sort_key, Person.id)
    )
    return db.session.execute(query).all()


def trainers_to_choose() -> Sequence[sa.Row]:
    """Everybody who may run a class (id, full_name, agency), by given name."""
    query = (
        sa.select(Person.id, Person.full_name, Agency.short_name.label("agency"))
        .join(PersonRole, PersonRole.person_id == Person.id)
        .join(Agency, Agency.id == Person.agency_id)
        .where(PersonRole.role == Role.TRAINER, Person.active)
        .order_by(Person.sort_key, Person.id)
    )
    return db.session.execute(query).all()


def materials_of(class_id: int) -> dict[int, list[sa.Row]]:
    """By session: what its trainees may download (id, file_name, size), in the order in which it was added."""
    query = (
        sa.select(SessionMaterial.session_id, SessionMaterial.id, KeptFile.file_name, KeptFile.size)
        .join(SessionMaterial.file)
        .join(ClassSession, ClassSession.id == SessionMaterial.session_id)
        .where(ClassSession.class_id == class_id, SessionMaterial.withdrawn_at.is_(None))
        .order_by(SessionMaterial.id)
    )
    found: dict[int, list[sa.Row]] = {}
    for row in db.session.execute(query):
        found.setdefault(row.session_id, []).append(row)
    return found


def materials_on_record(session_id: int) -> Sequence[SessionMaterial]:
    """All of a session's materials, also those withdrawn, each with its file."""
    query = sa.select(SessionMaterial).where(SessionMaterial.session_id == session_id).order_by(SessionMaterial.id)
    return db.session.scalars(query.options(sa.orm.joinedload(SessionMaterial.file))).all()


def get_material(material_id: int, *, class_id: int | None = None) -> SessionMaterial:
    """A material; with a class, one that its trainees may download. Raises NotFound."""
    query = sa.select(SessionMaterial).where(SessionMaterial.id == material_id)
    if class_id is not None:
        own = sa.select(ClassSession.id).where(ClassSession.class_id == class_id)
        query = query.where(SessionMaterial.session_id.in_(own), SessionMaterial.withdrawn_at.is_(None))
    found = db.session.scalar(query)
    if found is None:
        raise NotFound(N_("There is no such material."))
    return found


def sessions_to_copy(class_id: int) -> Sequence[ClassSession]:
    """The sessions of a class that are held, in order of time; of a cancelled class those cancelled with it."""
    one = ClassSession
    with_class = sa.and_(
        one.cancelled_at == TrainingClass.cancelled_at, one.cancelled_because == TrainingClass.cancelled_because
    )
    query = sa.select(one).join(one.training_class).where(one.class_id == class_id, sa.or_(one.counts(), with_class))
    return db.session.scalars(query.order_by(one.starts_at, one.id)).all()


def places_known(class_id: int) -> list[str]:
    """Where sessions of a class may be: its own place, and those of its remote venues, each once."""
    venues = sa.select(ClassVenue.place).where(ClassVenue.class_id == class_id, ClassVenue.active)
    used = sa.select(ClassSession.place).where(ClassSession.class_id == class_id)
    return [place for place in dict.fromkeys([*db.session.scalars(venues), *db.session.scalars(used)]) if place]


def lecturers_known() -> list[str]:
    """Lecturers of the latest sessions, each once: offered when a session is added."""
    query = sa.select(ClassSession.lecturer).where(ClassSession.lecturer != "").order_by(ClassSession.id.desc())
    return list(dict.fromkeys(db.session.scalars(query.limit(100))))

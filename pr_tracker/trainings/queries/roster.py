"""Find the rows of rosters, and who may be put on them."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.db import db
from pr_tracker.errors import N_, NotFound
from pr_tracker.text import fold
from pr_tracker.trainings.models import TrainingClass
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.queries.plan import got
from pr_tracker.trainings.rules_roll import row_code
from pr_tracker.trainings.rules_roster import Known

MOST_STAFF = 100


def get_participant(participant_id: int) -> Participant:
    """The row of a roster. Raises NotFound."""
    return got(Participant, participant_id, N_("There is no such person on a roster."))


def get_by_token(token: str) -> Participant:
    """Whose page this is: the row of a roster with this token, its class and course with it. Raises NotFound."""
    query = sa.select(Participant).where(Participant.token == token)
    with_class = joinedload(Participant.training_class).joinedload(TrainingClass.course)
    found = db.session.scalar(query.options(with_class))
    if found is None:
        raise NotFound(N_("There is no such page. Look at the link in the invitation again."))
    return found


def roster_of(class_id: int, *, active: bool = True) -> Sequence[sa.Row]:
    """A class's roster by given name; with active=False those who were taken off it."""
    one = Participant
    query = (
        sa.select(one.id, one.number, one.full_name, one.title, one.agency_name, one.person_id, one.removed_because)
        .add_columns(one.email, one.phone)
        .where(one.class_id == class_id, one.seated() if active else ~one.active)
        .order_by(one.sort_key, one.id)
    )
    return db.session.execute(query).all()


def people_in(class_id: int) -> set[int | None]:
    """The ids of people with an account who have a row in the class, also those taken off."""
    return set(db.session.scalars(sa.select(Participant.person_id).where(Participant.class_id == class_id)))


def known_on_roster(class_id: int, agency_id: int | None = None) -> list[Known]:
    """Everybody of a class, or of an agency in it, also those taken off, for finding doubtful entries."""
    query = sa.select(Participant.number, Participant.full_name, Participant.agency_name).where(
        Participant.class_id == class_id
    )
    if agency_id is not None:
        query = query.where(Participant.agency_id == agency_id)
    return [Known(row_code(row.number), row.full_name, row.agency_name) for row in db.session.execute(query)]


def last_number(class_id: int) -> int:
    """The highest row number ever given in the class, 0 before the first."""
    return db.session.scalar(sa.select(sa.func.max(Participant.number)).where(Participant.class_id == class_id)) or 0


def agencies_by_name() -> dict[str, sa.Row]:
    """Active agencies (id, name) by each folded name, short name and code."""
    query = sa.select(Agency.id, Agency.name, Agency.short_name, Agency.code).where(Agency.active)
    rows = db.session.execute(query).all()
    return {fold(name): row for row in rows for name in (row.code, row.short_name, row.name)}


def staff_for(
    class_id: int, typed: str = "", agency_id: int | None = None, among: Sequence[int] | None = None
) -> Sequence[sa.Row]:
    """Active people not yet in the class, by agency and given name: a page of those sought, or all of some ids."""
    taken = sa.select(Participant.person_id).where(Participant.class_id == class_id, Participant.person_id.is_not(None))
    columns = (Person.id, Person.full_name, Person.title, Person.phone, Person.email, Person.agency_id)
    query = (
        sa.select(*columns, Agency.name.label("agency_name"))
        .join(Agency, Agency.id == Person.agency_id)
        .where(Person.active, Person.id.not_in(taken))
        .where(*(Person.search_text.contains(word, autoescape=True) for word in fold(typed).split()))
        .order_by(Agency.sort_key, Person.sort_key, Person.id)
    )
    if agency_id is not None:
        query = query.where(Person.agency_id == agency_id)
    query = query.limit(MOST_STAFF) if among is None else query.where(Person.id.in_(among))
    return db.session.execute(query).all()


def people_named(agency_ids: Collection[int], class_id: int) -> dict[tuple[int, str], sa.Row]:
    """By agency and folded name: active people without a row in the class; nobody whose name two share."""
    taken = sa.select(Participant.person_id).where(Participant.class_id == class_id, Participant.person_id.is_not(None))
    query = sa.select(Person.id, Person.full_name, Person.title, Person.phone, Person.email, Person.agency_id)
    query = query.where(Person.agency_id.in_(agency_ids), Person.active, Person.id.not_in(taken))
    found: dict[tuple[int, str], list[sa.Row]] = {}
    for row in db.session.execute(query):
        found.setdefault((row.agency_id, fold(row.full_name)), []).append(row)
    return {key: rows[0] for key, rows in found.items() if len(rows) == 1}
